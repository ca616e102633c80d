"""What the live days showed of a line where it is plainly off its plan: what speaks for its money, and what against."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.standing import Running

_STAGES = (
    ("clicks", "the click rate"),
    ("impressions", ""),
    ("leads", "the share of clicks that become leads"),
    ("conversions", "the share of clicks that convert"),
    ("sales", "the share of clicks that become sales"),
    ("qualified_leads", "the share of leads that qualify"),
)
_TELLING = 0.12
_SURE = 0.8


@dataclass(frozen=True)
class Sign:
    """A rate that is off its plan: in words with its range, and whether it speaks for the line's money."""

    words: str
    better: bool


def signs_of(line: Running, lesson: Lesson) -> list[Sign]:
    """The rates of a line that are at least a tenth off their plan, four times in five."""
    found: list[Sign] = []
    for words, off in _offsets(line, lesson):
        low, mid, high = (float(one) for one in np.percentile(off, [10, 50, 90]))
        sure = float((off < -_TELLING).mean() if mid < 0 else (off > _TELLING).mean())
        if abs(mid) > _TELLING and sure >= _SURE:
            off_plan = f"{words} is {_change(mid)} than planned for" if words else _views(mid)
            found.append(Sign(f"{off_plan} ({_range(low, high)})", mid > 0))
    return found


def _offsets(line: Running, lesson: Lesson) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Draws of how far each rate stands off its forecast (log)."""
    stages, row, response = lesson.followed.stages, lesson.response.row(line.id), lesson.response
    generator = np.random.default_rng([response.seed, *line.id.encode(), 23])
    for name, words in _STAGES:
        if name not in stages or (name == "conversions" and "leads" in stages):
            continue
        off = stages[name].offsets.draws(response.draws, generator)[:, row]
        if name == "clicks" and "impressions" in stages:
            off = off - stages["impressions"].offsets.draws(response.draws, generator)[:, row]
        yield words, off


def _views(log: float) -> str:
    return f"money buys {abs(math.expm1(log)):.0%} {'fewer' if log < 0 else 'more'} views than planned for"


def _change(log: float) -> str:
    change = math.expm1(log)
    return f"{abs(change):.0%} {'lower' if change < 0 else 'higher'}"


def _range(low: float, high: float) -> str:
    """The range of a change, the side of its middle left out where both ends share it."""
    ends = sorted((math.expm1(low), math.expm1(high)), key=abs)
    if low * high > 0:
        return f"{abs(ends[0]):.0%} to {abs(ends[1]):.0%}"
    return f"{_change(low)} to {_change(high)}"


def for_and_against(signs: Sequence[Sign], *, more: bool) -> str:
    """Sentences that say what speaks for a change of a line's money, and what against; may be empty."""
    sides = [(label, [one.words for one in signs if one.better is better])
             for label, better in (("What speaks for it", more), ("Against it", not more))]  # fmt: skip
    return "".join(f" {label}: {' and '.join(said)}." for label, said in sides if said)


def in_words(signs: Sequence[Sign]) -> str:
    """What was seen, as a sentence; may be empty."""
    said = " and ".join(one.words for one in signs)
    return f"{said[:1].upper()}{said[1:]}." if said else ""
