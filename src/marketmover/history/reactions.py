"""What people wrote beneath ads, with the line that each ad runs in."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from marketmover.history.tables import REACTIONS, current_rows, ensure_tables

if TYPE_CHECKING:
    from marketmover.store import Lake


@dataclass(frozen=True)
class Reaction:
    """A comment beneath an ad. Ads that share a post have the same comments, each under its one id.

    Attributes:
        platform: `meta_ads`.
        ad_id: The ad.
        day: When it was written.
        text: Its words, personal data masked.
        id: The platform's id of the comment; empty where it is of this ad alone.
    """

    platform: str
    ad_id: str
    day: date
    text: str
    id: str = ""


def load_reactions(lake: "Lake", *, as_of: date | None = None) -> tuple[Reaction, ...]:
    """Every comment up to a day, by ad, then day.

    Args:
        lake: Holds imported histories.
        as_of: The last day that counts; all by default.
    """
    ensure_tables(lake)
    rows = [row for row in current_rows(lake, REACTIONS) if as_of is None or row["created_on"] <= as_of]
    ordered = sorted(rows, key=lambda row: (row["platform"], row["ad_id"], row["created_on"], row["reaction_id"]))
    return tuple(
        Reaction(row["platform"], row["ad_id"], row["created_on"], row["text"], row["reaction_id"]) for row in ordered
    )
