"""Knowing alerts again: which one of those that are known a newly found one goes on, and which are found no more."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeVar

from marketmover.kit import stable_hash

if TYPE_CHECKING:
    from marketmover.monitoring.alerts import Alert
    from marketmover.monitoring.kept.records import AlertRow
    from marketmover.monitoring.notices.alerts_file import AlertsFile
    from marketmover.monitoring.notices.records import NoticeThread

SAME_AGAIN = timedelta(days=7)
"""An alert that comes back within so long is the same one, as in `monitor`; one that is over for longer is not told."""


K = TypeVar("K", "AlertRow", "NoticeThread")
"""What alerts are remembered as."""


def key_of(alert: "Alert") -> str:
    """What an alert is remembered by when it is first found."""
    of = (alert.platform, alert.metric, alert.direction, alert.detected_on, *sorted(alert.line_ids))
    return stable_hash(*of)


def known_as(alert: "Alert", known: Sequence[K], seen: set[str], as_of: date) -> K | None:
    """Which one an alert goes on: the one found on the same day, else one that is open or was of late.

    Args:
        alert: As it was found now.
        known: Those that are remembered.
        seen: Keys of those that other alerts of now go on already.
        as_of: The last day that was watched.
    """
    lines = set(alert.line_ids)
    kin = [
        one
        for one in known
        if one.key not in seen
        and (one.platform, one.metric, one.direction) == (alert.platform, alert.metric, alert.direction)
        and (lines & set(one.line_ids) or lines == set(one.line_ids))
    ]
    same_day = [one for one in kin if one.detected_on == alert.detected_on]
    begun = date.fromisoformat(alert.detected_on)
    recent = [
        one
        for one in kin
        if one.resolved_on is None or begun - date.fromisoformat(one.resolved_on) <= SAME_AGAIN
        if date.fromisoformat(one.detected_on) <= max(begun, as_of)
    ]
    return max(same_day or recent, key=lambda one: (len(lines & set(one.line_ids)), one.detected_on), default=None)


def vanished(known: Sequence[K], seen: set[str], found: "AlertsFile") -> Iterator[K]:
    """Open ones of the same source that a file which watched their days does not hold any more."""
    for one in known:
        of_source = one.key not in seen and one.resolved_on is None and one.source == found.source[-255:]
        if not of_source or found.first is None:
            continue
        if found.first <= date.fromisoformat(one.detected_on) and one.updated_on <= found.as_of.isoformat():
            yield one
