"""Scores alerts by the troubles of a live window.

An alert is right if it names a line that is in trouble, from the trouble's first day to two days after its last; a
second one for the same trouble is wrong, as is every other. An alert that names several lines is right if at least half
of them are in that trouble; where it fits several troubles that nobody told yet, it tells of the one whose lines are
most like its own, and of these of the youngest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

import numpy as np

from marketmover.errors import InputError
from marketmover.sandbox.live.record import WindowTruth
from marketmover.sandbox.live.told import objects_in, read_object
from marketmover.sandbox.live.troubles import Benign, Trouble

Alert = Mapping[str, Any]
"""An alert in the form of `alerts.json` (contract: plan); one for many lines may name them in `line_ids`."""

AFTER_DAYS = 2
"""How many days after a trouble an alert is still right."""

_LATE_DAYS = 7  # how long an alert on a trouble that is over is called late, not unfounded
_UNSURE = timedelta(3)  # how near a benign event must be to a wrong alert to be shown beside it
_PLAINLY = ("holiday", "budget_change", "creative_refresh")


@dataclass(frozen=True)
class Judged:
    """One alert and what became of it.

    Attributes:
        alert: The alert.
        verdict: `right`; `second` for one on a trouble that was told already; `late` for one that comes within a week
            after it was over; `early` for one on a line that gets into trouble within three days; `unfounded` for all
            others.
        trouble: The trouble that it is about, if any.
        beside: For a wrong one, what was going on that is no trouble.
    """

    alert: Alert
    verdict: Literal["right", "second", "late", "early", "unfounded"]
    trouble: Trouble | None = None
    beside: Benign | None = None


@dataclass(frozen=True)
class AlertScore:
    """What alerts of one window are worth.

    Attributes:
        judged: Every alert, by the day that it was given.
        delays: Days from a trouble's first day to its alert, by the trouble's name, of those that were told.
        truth: What was true.
    """

    judged: tuple[Judged, ...]
    delays: dict[str, int]
    truth: WindowTruth

    @property
    def right(self) -> int:
        """How many alerts are right."""
        return sum(one.verdict == "right" for one in self.judged)

    @property
    def missed(self) -> tuple[Trouble, ...]:
        """Troubles that no alert told of."""
        return tuple(one for one in self.truth.troubles if one.name not in self.delays)

    @property
    def precision(self) -> float | None:
        """Share of the alerts that are right; `None` without alerts."""
        return self.right / len(self.judged) if self.judged else None

    @property
    def recall(self) -> float | None:
        """Share of the troubles that were told; `None` without troubles."""
        return len(self.delays) / len(self.truth.troubles) if self.truth.troubles else None

    @property
    def median_delay(self) -> float | None:
        """Median days until a trouble was told; `None` where none was."""
        return float(np.median(list(self.delays.values()))) if self.delays else None

    @property
    def per_line_month(self) -> float:
        """Alerts for each line and 30 days."""
        return len(self.judged) / max(self.truth.line_months, 1e-9)

    @property
    def well_named(self) -> int:
        """How many right alerts are of a kind that calls the trouble by its name."""
        found = [one for one in self.judged if one.verdict == "right" and one.trouble is not None]
        return sum(str(one.alert.get("kind")) in one.trouble.alert_kinds for one in found if one.trouble)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        verdicts = [one.verdict for one in self.judged]
        return {
            "simulated": True,
            "alerts": len(self.judged),
            "troubles": len(self.truth.troubles),
            "precision": self.precision,
            "recall": self.recall,
            "median_delay": self.median_delay,
            "alerts_per_line_month": round(self.per_line_month, 4),
            "verdicts": {name: verdicts.count(name) for name in ("right", "second", "late", "early", "unfounded")},
            "well_named": self.well_named,
            "told": [_told(one, self.delays.get(one.name)) for one in self.truth.troubles],
            "wrong": [_wrong(one) for one in self.judged if one.verdict != "right"],
        }


def score_alerts(alerts: Sequence[Alert], truth: WindowTruth) -> AlertScore:
    """Score the alerts of a window by its truth.

    Raises:
        InputError: An alert names no day, or a line that is not in the window.
    """
    dated = sorted(((_day_of(alert), alert) for alert in alerts), key=lambda pair: pair[0])
    judged: list[Judged] = []
    delays: dict[str, int] = {}
    for day, alert in dated:
        found = _judged(day, alert, named_by(alert, truth), truth, delays)
        if found.verdict == "right" and found.trouble is not None:
            delays[found.trouble.name] = (day - found.trouble.first).days
        judged.append(found)
    return AlertScore(tuple(judged), delays, truth)


def named_by(alert: Alert, truth: WindowTruth) -> frozenset[str]:
    """The lines that an alert names: those in `line_ids`, else its group's, its campaign's, or its platform's.

    A campaign or platform stands for those of its lines that ran, or where none did for the others.

    Raises:
        InputError: The exports have no such line.
    """
    given = alert.get("line_ids")
    if given:
        found = frozenset(str(line) for line in given)
        unknown = found - truth.groups.keys() - truth.idle.keys()
        if unknown:
            raise InputError(f"An alert names the line '{min(unknown)}', which the window has not.")
        return found
    platform, campaign, group = (alert.get(name) for name in ("platform", "campaign_id", "ad_group_id"))
    for lines in (truth.groups, truth.idle):
        found = frozenset(line for line, groups in lines.items() if _is_in(line, groups, platform, campaign, group))
        if found:
            return found
    raise InputError(f"An alert names {platform}:{campaign}:{group}, which is no line of the window.")


def _is_in(line: str, groups: Sequence[str], platform: Any, campaign: Any, group: Any) -> bool:
    own_platform, own_campaign, _ = line.split(":", 2)
    if own_platform != platform or (campaign is not None and own_campaign != str(campaign)):
        return False
    return group is None or str(group) == "-" or str(group) in groups


def _judged(day: date, alert: Alert, named: frozenset[str], truth: WindowTruth, delays: Mapping[str, int]) -> Judged:
    about = [one for one in truth.troubles if 2 * len(named.intersection(one.lines)) >= len(named)]
    now = [one for one in about if one.first <= day <= one.last + timedelta(AFTER_DAYS)]
    new = [one for one in now if one.name not in delays]
    if new:
        return Judged(alert, "right", max(new, key=lambda one: (_likeness(named, one), one.first)))
    if now:
        return Judged(alert, "second", now[0])
    past = [one for one in about if one.last < day]
    ahead = [one for one in about if day < one.first <= day + _UNSURE]
    beside = _beside(day, named, truth.benign)
    if ahead:
        return Judged(alert, "early", ahead[0], beside)
    over = max(past, key=lambda one: one.last, default=None)
    if over is not None and (day - over.last).days <= _LATE_DAYS:
        return Judged(alert, "late", over, beside)
    return Judged(alert, "unfounded", None, beside)


def _likeness(named: frozenset[str], trouble: Trouble) -> float:
    """Lines that an alert and a trouble share, over all that either has (Jaccard)."""
    return len(named.intersection(trouble.lines)) / len(named.union(trouble.lines))


def _beside(day: date, named: frozenset[str], benign: Sequence[Benign]) -> Benign | None:
    """What may have misled: the nearest event on one of the lines within some days before."""
    near = [
        one for one in benign
        if one.kind in _PLAINLY and named.intersection(one.lines) and one.first <= day <= one.last + _UNSURE
    ]  # fmt: skip
    return max(near, key=lambda one: one.first, default=None)


def _day_of(alert: Alert) -> date:
    try:
        return date.fromisoformat(str(alert["detected_on"]))
    except (KeyError, ValueError) as error:
        raise InputError(f"An alert has no day in `detected_on`: {error}.") from error


def read_alerts(path: Path) -> list[Alert]:
    """The alerts in an `alerts.json`.

    Raises:
        InputError: It cannot be read.
    """
    what, remedy = "alerts.json", "Let `marketmover monitor` write one."
    return list(objects_in(read_object(path, what, remedy), "alerts", path, what, remedy))


def _told(trouble: Trouble, delay: int | None) -> dict[str, Any]:
    return {**trouble.to_json(), "told": delay is not None, "delay_days": delay}


def _wrong(one: Judged) -> dict[str, Any]:
    names = ("detected_on", "platform", "campaign_id", "ad_group_id", "line_ids", "kind", "metric")
    return {
        "verdict": one.verdict,
        **{name: one.alert[name] for name in names if name in one.alert},
        "trouble": one.trouble.name if one.trouble else None,
        "beside": one.beside.to_json() if one.beside else None,
    }
