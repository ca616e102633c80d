"""Figures of parts of a line by day: by ad, age, gender, place, device, hour, as far as the exports split them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

import numpy as np
from numpy.typing import NDArray

from marketmover.history.panel import Days, Floats

COUNTS = ("impressions", "clicks", "cost", "conversions", "leads", "sales", "installs", "value")


@dataclass(frozen=True)
class Part:
    """What one part of a line did, day by day.

    Parts of one line with the same `by` add up, mostly to the line's own figures; parts with another `by` are the same
    money once more and are never added to them.

    Attributes:
        line_id: The line, as a plan names it.
        by: What it is split by, sorted: `("age",)`, `("age", "gender")`, `("country", "region")`, `("ad",)`, ...
        values: The part, in the order of `by`: `("25-34", "FEMALE")`; an ad by the platform's id.
        first_date, last_date: First and last day on which any part of the line with this `by` has figures.
        dates: Days on which this part has figures, ascending, shape (days,), dtype `datetime64[D]`. The arrays below
            are of that shape.
        impressions, clicks: Counts.
        cost: In account currency.
        conversions: All that count as an outcome.
        leads, sales, installs: Of these. Meta's by the same order of action types as the line's daily figures; Google's
            by the line's own share of each among its conversions over the same days.
        value: Value of conversions, in account currency.
    """

    line_id: str
    by: tuple[str, ...]
    values: tuple[str, ...]
    first_date: date
    last_date: date
    dates: Days
    impressions: Floats
    clicks: Floats
    cost: Floats
    conversions: Floats
    leads: Floats
    sales: Floats
    installs: Floats
    value: Floats

    def total(self, count: str) -> float:
        """The sum of one of the counts over all days."""
        return float(getattr(self, count).sum())

    @classmethod
    def sum_of(cls, parts: Sequence["Part"], by: tuple[str, ...], values: tuple[str, ...]) -> Self:
        """Parts of one line as one, day by day."""
        every = np.concatenate([part.dates for part in parts])
        dates, places = np.unique(every, return_inverse=True)
        sums = {count: np.concatenate([getattr(part, count) for part in parts]) for count in COUNTS}
        return cls(
            line_id=parts[0].line_id,
            by=by,
            values=values,
            first_date=min(part.first_date for part in parts),
            last_date=max(part.last_date for part in parts),
            dates=dates,
            **{count: _by_place(places, each, len(dates)) for count, each in sums.items()},
        )


def parts_by(parts: Iterable[Part], *names: str) -> tuple[Part, ...]:
    """Each line's parts by these names alone, summed over what else they are split by.

    Of several splits of a line that hold the names, the one that covers most impressions is used (the plainest where
    they tie): they are the same money seen twice.
    """
    by = tuple(sorted(names))
    cuts: dict[str, dict[tuple[str, ...], list[Part]]] = defaultdict(lambda: defaultdict(list))
    for part in parts:
        if set(by) <= set(part.by):
            cuts[part.line_id][part.by].append(part)
    return tuple(one for found in cuts.values() for one in _marginal(_fullest(found), by))


def _by_place(places: NDArray[np.intp], values: Floats, many: int) -> Floats:
    return np.bincount(places, values, many).astype(np.float64)


def _fullest(cuts: dict[tuple[str, ...], list[Part]]) -> list[Part]:
    plainest_first = sorted(cuts.items(), key=lambda item: (len(item[0]), item[0]))
    return max(plainest_first, key=lambda item: round(sum(part.total("impressions") for part in item[1])))[1]


def _marginal(parts: list[Part], by: tuple[str, ...]) -> list[Part]:
    grouped: dict[tuple[str, ...], list[Part]] = defaultdict(list)
    for part in parts:
        grouped[tuple(part.values[part.by.index(name)] for name in by)].append(part)
    return [Part.sum_of(found, by, values) for values, found in sorted(grouped.items())]
