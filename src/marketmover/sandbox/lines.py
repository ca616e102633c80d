"""The lines of a simulated account: what is advertised where, to whom, in which form."""

from dataclasses import dataclass
from typing import NamedTuple

PLATFORMS = ("google_ads", "meta_ads")
"""The platforms in the order in which arrays number them."""


class Ad(NamedTuple):
    """An ad of every group of a line: the days that it ran (both included), and what it speaks of."""

    first: int
    last: int
    message: str


class Run(NamedTuple):
    """A spell from `first` on in which a line asked for the same people and bid in the same way.

    `target` is one that was set in a live window; it binds. `None` where exports show one near what the line pays.
    """

    first: int
    age_min: int
    age_max: int
    genders: tuple[str, ...]
    bidding: str
    target: float | None = None


@dataclass(frozen=True)
class SimulatedLine:
    """A budget line and what the exports tell of it.

    `group_ids` are its ad groups or ad sets; `budget_level` is `campaign` or `ad_set`. `first_day` and `last_day` are
    places on the time axis of the history; a line with `last_day` before the history's end has ended. `pauses` are
    spells (first and last day) without delivery. `messages` are what its ads speak of
    at the end, `ads` and `runs` what was before; all other parameters are those of the end. `role` is what the line is
    for (`models.roles`); exports tell it only by names, keywords and audiences.
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
    messages: tuple[str, ...]
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
    ads: tuple[Ad, ...] = ()
    runs: tuple[Run, ...] = ()
