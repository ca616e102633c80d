"""Troubles of a live window, and what happens in it that is none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats

KINDS = ("click_rate", "conversion_rate", "price", "delivery", "tracking", "pacing", "rival")
"""What goes wrong: the click rate decays, the conversion rate drops, impressions get dearer, delivery stops,
conversions are not counted, a platform spends more or less than its budget, a rival makes several lines dearer."""

BENIGN = ("weekend", "holiday", "season", "budget_change", "creative_refresh")
"""What must not alarm."""

_ALERTS_IN_CONTRACT = {
    "click_rate": ("anomaly", "underperforming"),
    "conversion_rate": ("anomaly", "underperforming"),
    "price": ("anomaly", "underperforming"),
    "rival": ("anomaly", "underperforming"),
    "delivery": ("delivery",),
    "tracking": ("tracking",),
    "pacing": ("pacing",),
}
"""By kind of trouble, the kinds of alert (contract: plan) that call it by its name."""


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong.

    Attributes:
        name: Tells it from the window's other troubles: `T1`, `T2`, ...
        kind: One of `KINDS`.
        lines: Ids of the lines that it hits.
        first, last: Its days, both included.
        sizes: For each line the factor at its worst: on the click rate, on the conversion rate, on the price of
            impressions, on what is spent of the budget (`delivery`, `pacing`), on the share of conversions that is
            counted (`tracking`).
        ramp_days: Days until it is at its worst; 1 for a sudden one.
        signal: How far it stands out of chance at most in one of the line's figures over its first ten days, in
            standard deviations; the plainest of its lines counts. 0 where nobody has reckoned it.
        cured: Lines that a change cured, each with the first day on which it is well again.
    """

    name: str
    kind: str
    lines: tuple[str, ...]
    first: date
    last: date
    sizes: tuple[float, ...]
    ramp_days: int = 1
    signal: float = 0.0
    cured: tuple[tuple[str, date], ...] = ()

    @property
    def alert_kinds(self) -> tuple[str, ...]:
        """The kinds of alert that call it by its name."""
        return _ALERTS_IN_CONTRACT[self.kind]

    def factor(self, line: str, day: date) -> float:
        """The factor on a day, for a line that it hits."""
        well = dict(self.cured).get(line, date.max)
        if not self.first <= day <= self.last or day >= well:
            return 1.0
        size = self.sizes[self.lines.index(line)]
        return 1.0 + (size - 1.0) * min(((day - self.first).days + 1) / self.ramp_days, 1.0)

    def cured_from(self, lines: Iterable[str], day: date) -> "Trouble":
        """The same where some of its lines are well from `day` on; where all are, it is over."""
        before = dict(self.cured)
        cured = {line: day for line in lines if line in self.lines} | before
        last = min(self.last, max(cured.values()) - timedelta(1)) if cured.keys() == set(self.lines) else self.last
        return replace(self, last=last, cured=tuple(sorted(cured.items())))

    def to_json(self) -> dict[str, Any]:
        """As it stands in `truth/troubles.json`."""
        return {
            "name": self.name,
            "kind": self.kind,
            "lines": list(self.lines),
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "sizes": [round(size, 4) for size in self.sizes],
            "ramp_days": self.ramp_days,
            "signal": round(self.signal, 2),
            "cured": {line: day.isoformat() for line, day in self.cured},
        }


def trouble_of(stored: Mapping[str, Any]) -> Trouble:
    """A trouble as `to_json` gave it; keys that are not its own are left alone."""
    return Trouble(
        name=str(stored["name"]),
        kind=str(stored["kind"]),
        lines=tuple(stored["lines"]),
        first=date.fromisoformat(stored["first"]),
        last=date.fromisoformat(stored["last"]),
        sizes=tuple(float(size) for size in stored["sizes"]),
        ramp_days=int(stored["ramp_days"]),
        signal=float(stored["signal"]),
        cured=tuple((line, date.fromisoformat(day)) for line, day in stored["cured"].items()),
    )


@dataclass(frozen=True)
class Benign:
    """Something that happens and is no trouble: one of `BENIGN`, the lines that it touches, its days, and words."""

    kind: str
    lines: tuple[str, ...]
    first: date
    last: date
    words: str

    def to_json(self) -> dict[str, Any]:
        """As it stands in `truth/troubles.json`."""
        days = {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return {"kind": self.kind, "lines": list(self.lines), **days, "words": self.words}


class Effects(NamedTuple):
    """What troubles do to each line on each day: factors of shape (lines, days), 1 where nothing is wrong."""

    clicks: Floats
    conversions: Floats
    price: Floats
    paced: Floats
    counted: Floats


_ACTS_ON = {
    "click_rate": "clicks", "conversion_rate": "conversions", "price": "price", "rival": "price",
    "delivery": "paced", "pacing": "paced", "tracking": "counted",
}  # fmt: skip


def effects_of(troubles: Sequence[Trouble], line_ids: Sequence[str], first: date, days: int) -> Effects:
    """What `troubles` do over `days` from `first` on; where several hit one figure of a line they multiply."""
    effects = Effects(*(np.ones((len(line_ids), days)) for _ in Effects._fields))
    for trouble in troubles:
        path: Floats = getattr(effects, _ACTS_ON[trouble.kind])
        for line in trouble.lines:
            path[line_ids.index(line)] *= [trouble.factor(line, first + timedelta(day)) for day in range(days)]
    return effects
