"""What the exports hold of campaign parameters beside daily figures."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketmover.history import AdText, Part, SettingChange


@dataclass(frozen=True)
class Details:
    """What settings are learned from; all of it may be empty.

    Attributes:
        ads: Texts of all ads.
        parts: What parts of lines did: by age and gender, and by ad.
        changes: Changes of bidding and targeting.
    """

    ads: Sequence[AdText] = ()
    parts: Sequence[Part] = ()
    changes: Sequence[SettingChange] = ()

    def __bool__(self) -> bool:
        return bool(self.ads or self.parts or self.changes)


NOTHING_KNOWN = Details()
"""Exports without ads, breakdowns and changes."""
