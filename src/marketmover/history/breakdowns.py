"""Figures of parts of a line: by age, gender, place, device, hour, as far as the exports break them down."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

_COUNTS = ("impressions", "clicks", "cost", "conversions", "leads", "sales", "installs", "value")


@dataclass(frozen=True)
class Breakdown:
    """What one part of a line did over the days that its breakdown covers.

    Parts of one line with the same `by` add up, mostly to the line's own figures; parts with another `by` are the same
    money once more and are never added to them.

    Attributes:
        line_id: The line, as a plan names it.
        by: What it is broken down by, sorted: `("age",)`, `("age", "gender")`, `("country", "region")`, ...
        values: The part, in the order of `by`: `("25-34", "FEMALE")`.
        first_date, last_date: First and last day on which any part of the line with this `by` has figures.
        impressions, clicks: Counts.
        cost: In account currency.
        conversions: All that count as an outcome.
        leads, sales, installs: Of these. Meta's by the same order of action types as daily figures; Google's by the
            line's own share of each among its conversions over the same days, since views carry no actions.
        value: Value of conversions, in account currency.
    """

    line_id: str
    by: tuple[str, ...]
    values: tuple[str, ...]
    first_date: date
    last_date: date
    impressions: float
    clicks: float
    cost: float
    conversions: float
    leads: float
    sales: float
    installs: float
    value: float


def breakdown_by(parts: Iterable[Breakdown], name: str) -> tuple[Breakdown, ...]:
    """Each line's parts by `name` alone, summed over what else they are broken down by.

    Of several breakdowns of a line that hold the name, the one that covers most impressions is used (the plainest where
    they tie): they are the same money seen twice.
    """
    cuts: dict[tuple[str, tuple[str, ...]], list[Breakdown]] = defaultdict(list)
    for part in parts:
        if name in part.by:
            cuts[part.line_id, part.by].append(part)
    best: dict[str, list[Breakdown]] = {}
    for (line, by), found in sorted(cuts.items(), key=lambda item: (item[0][0], len(item[0][1]), item[0][1])):
        if line not in best or _shown(found) > _shown(best[line]) * (1 + 1e-9):
            best[line] = [_alone(part, by.index(name), name) for part in found]
    return tuple(part for found in best.values() for part in added(found))


def _shown(parts: Iterable[Breakdown]) -> float:
    return sum(part.impressions for part in parts)


def _alone(part: Breakdown, place: int, name: str) -> Breakdown:
    return replace(part, by=(name,), values=(part.values[place],))


def added(parts: Iterable[Breakdown]) -> list[Breakdown]:
    """Parts of one line with the same values as one, in the order of values."""
    sums: dict[tuple[str, ...], Breakdown] = {}
    for part in parts:
        known = sums.get(part.values)
        if known is None:
            sums[part.values] = part
            continue
        counts = {count: getattr(known, count) + getattr(part, count) for count in _COUNTS}
        days = (min(known.first_date, part.first_date), max(known.last_date, part.last_date))
        sums[part.values] = replace(known, first_date=days[0], last_date=days[1], **counts)
    return [sums[values] for values in sorted(sums)]
