"""The lines of a simulated account: what is advertised where, to whom, in which form."""

from dataclasses import dataclass

PLATFORMS = ("google_ads", "meta_ads")
"""The platforms in the order in which arrays number them."""


@dataclass(frozen=True)
class SimulatedLine:
    """A budget line and what the exports tell of it.

    `group_ids` are its ad groups or ad sets; `budget_level` is `campaign` or `ad_set`. `first_day` and `last_day` are
    places on the time axis of the history; a line with `last_day` before the history's end has ended. `pauses` are
    spells (first and last day) without delivery. `message` is what its ads speak of. `role` is what the line is for
    (`models.roles`); exports tell it only by names, keywords and audiences.
    """

    id: str
    platform: str
    campaign_id: str
    campaign_name: str
    group_ids: tuple[str, ...]
    group_names: tuple[str, ...]
    group_shares: tuple[float, ...]
    budget_id: str
    budget_level: str
    ad_type: str
    bidding: str
    message: str
    countries: tuple[str, ...]
    age_min: int
    age_max: int
    genders: tuple[str, ...]
    interests: tuple[str, ...]
    keywords: tuple[str, ...]
    first_day: int
    last_day: int
    pauses: tuple[tuple[int, int], ...]
    has_curve: bool
    role: str
