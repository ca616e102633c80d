"""Draws the troubles of a window: what goes wrong, where, when, and how badly. The table is in docs/sandbox.md."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from marketmover.sandbox.arrays import Floats, Ints
from marketmover.sandbox.live.signals import signals_of
from marketmover.sandbox.live.troubles import KINDS, Trouble
from marketmover.sandbox.live.world import World

USUAL_LINES, USUAL_DAYS = 14, 28
"""Three to five troubles are drawn for so many lines and days, in proportion for others."""

LEAST_SIGNAL = 5.0
"""A trouble is drawn again until it stands so many standard deviations out of chance within ten days."""

SHOCKS = {"conversion_rate": 0.4, "click_rate": 0.4, "rival": 0.2}
"""What a shock may be, and how often it is."""

_SHOCK_SIZES = {"conversion_rate": (0.1, 0.35), "click_rate": (0.1, 0.35), "rival": (2.2, 3.5)}
_TRIES = 40
_LEAST_SHARE = 0.02  # a line with less of the money is hit only together with others
_AT_LEAST_SEEN = 4  # days of the window that a trouble has ahead of it
_QUIET = 5  # days between two troubles of one line
_LENGTHS = {"click_rate": (10, 28), "conversion_rate": (7, 20), "price": (6, 20), "delivery": (2, 9),
            "tracking": (3, 12), "pacing": (5, 14), "rival": (10, 28)}  # fmt: skip
_RAMPS = {"click_rate": (3, 10), "price": (1, 3), "rival": (1, 4)}
_STAYS = {"click_rate": 0.5, "conversion_rate": 0.4, "price": 0.4, "rival": 0.4}
_WHOLE_PLATFORM = {"tracking": 0.5, "delivery": 0.2, "conversion_rate": 0.25}


class Draw:
    """Draws troubles one by one, each where none is yet.

    Args:
        world: The window.
        budgets: What is to be spent without troubles, shape (all lines, days).
        platform: Each line's platform, as its place in `PLATFORMS`.
        rng: Draws.
    """

    def __init__(self, world: World, budgets: Floats, platform: Ints, rng: np.random.Generator) -> None:
        self.world, self.budgets, self.platform, self.rng = world, budgets, platform, rng
        self.plain = world.run(budgets, ())
        self.running = np.flatnonzero(budgets.sum(axis=1) > 0.0)
        spent = self.plain.spend.sum(axis=1)
        self.large = [int(at) for at in self.running if spent[at] >= _LEAST_SHARE * spent.sum()]
        self.drawn: list[Trouble] = []

    def some(self, count: int) -> list[Trouble]:
        """`count` troubles of kinds in turn, or fewer where there is no room for more."""
        kinds: list[str] = []
        while len(self.drawn) < count and len(kinds) < 3 * count:
            kinds += [str(kind) for kind in self.rng.permutation(KINDS)]
            for kind in kinds[-len(KINDS) :]:
                found = self._one(kind) if len(self.drawn) < count else None
                self.drawn += [found] if found else []
        ordered = sorted(self.drawn, key=lambda one: (one.first, one.lines))
        return [replace(one, name=f"T{number}") for number, one in enumerate(ordered, start=1)]

    def shock(self) -> list[Trouble]:
        """One that lasts: from one of the first ten days to the end, on lines with a third to a half of the outcome.

        A rival's lines are of one platform, so that they may have less of it.
        """
        rng, world = self.rng, self.world
        kind = str(rng.choice(list(SHOCKS), p=list(SHOCKS.values())))
        places = self._third_to_half(int(rng.integers(2)) if kind == "rival" else None)
        low, high = _SHOCK_SIZES[kind]
        size, ramp = float(rng.uniform(low, high)), int(rng.integers(1, 4))
        first = world.first + timedelta(min(int(rng.integers(2, 10)), world.days - 1))
        last = world.first + timedelta(world.days - 1)
        lines = tuple(world.line_ids[at] for at in places)
        return [self._told(Trouble("T1", kind, lines, first, last, (size,) * len(places), ramp))] if places else []

    def _third_to_half(self, side: int | None) -> list[int]:
        """Places of lines, of one platform if asked, with about 30 to 50% of all conversions, larger ones first."""
        brought = self.plain.conversions.sum(axis=1) / max(float(self.plain.conversions.sum()), 1e-9)
        wanted, found = self.rng.uniform(0.3, 0.5), list[int]()
        small = [int(at) for at in self.running if int(at) not in self.large]
        for place in [*self.rng.permutation(self.large).tolist(), *self.rng.permutation(small).tolist()]:
            fits = side is None or self.platform[place] == side
            if fits and brought[found].sum() < wanted and brought[found].sum() + brought[place] <= wanted + 0.1:
                found.append(int(place))
        return found

    def _one(self, kind: str) -> Trouble | None:
        for _ in range(_TRIES):
            first, last = self._days(kind)
            begin = self.world.first + timedelta(first)
            free = self._free(first, last)
            places = self._places(kind, free)
            if not places:
                continue
            lines = tuple(self.world.line_ids[at] for at in places)
            sizes = [self._size(kind) for _ in places]
            ramp = int(self.rng.integers(_RAMPS[kind][0], _RAMPS[kind][1] + 1)) if kind in _RAMPS else 1
            end = self.world.first + timedelta(last)
            found = self._told(Trouble("", kind, lines, begin, end, self._alike(kind, sizes), ramp))
            if found.signal >= LEAST_SIGNAL:
                return found
        return None

    def _days(self, kind: str) -> tuple[int, int]:
        """First and last day from 0 on; some stay to the window's end."""
        days, (short, long) = self.world.days, _LENGTHS[kind]
        first = int(self.rng.integers(0, max(days - _AT_LEAST_SEEN, 1)))
        stays = self.rng.random() < _STAYS.get(kind, 0.0)
        length = int(self.rng.integers(short, long + 1))
        return first, days - 1 if stays else min(first + length - 1, days - 1)

    def _free(self, first: int, last: int) -> set[int]:
        """Places of running lines without a trouble on these days and some around them."""
        begin, end = (self.world.first + timedelta(day) for day in (first - _QUIET, last + _QUIET))
        taken = {line for one in self.drawn if one.first <= end and one.last >= begin for line in one.lines}
        return {int(at) for at in self.running if self.world.line_ids[at] not in taken}

    def _places(self, kind: str, free: set[int]) -> list[int]:
        """The lines that one of `kind` hits: none where they are not all free."""
        rng, side = self.rng, int(self.rng.integers(2))
        mine = [int(at) for at in self.running if self.platform[at] == side]
        if rng.random() < _WHOLE_PLATFORM.get(kind, 0.0):
            return mine if mine and free.issuperset(mine) else []
        if kind == "rival":
            open_ones = [at for at in mine if at in free]
            size = int(rng.integers(3, 7))
            return sorted(int(at) for at in rng.permutation(open_ones)[:size]) if len(open_ones) >= 3 else []
        large = [at for at in self.large if at in free]
        return [large[int(rng.integers(len(large)))]] if large else []

    def _size(self, kind: str) -> float:
        rng = self.rng
        if kind in {"delivery", "tracking"}:
            return 0.0 if rng.random() < 2 / 3 else float(rng.uniform(0.01, 0.05 if kind == "delivery" else 0.1))
        if kind == "pacing":
            return float(rng.uniform(1.35, 1.9) if rng.random() < 0.5 else rng.uniform(0.25, 0.6))
        bounds = {"click_rate": (0.35, 0.65), "conversion_rate": (0.2, 0.6), "price": (1.4, 2.4), "rival": (1.25, 1.8)}
        low, high = bounds[kind]
        return float(rng.uniform(low, high))

    @staticmethod
    def _alike(kind: str, sizes: Sequence[float]) -> tuple[float, ...]:
        """Rivals hit each line differently, what breaks for a whole platform breaks alike."""
        return tuple(sizes) if kind == "rival" else (sizes[0],) * len(sizes)

    def _told(self, trouble: Trouble) -> Trouble:
        """The trouble with how far it stands out."""
        found = signals_of(self.world, self.budgets, self.plain, trouble)
        return replace(trouble, signal=float(found.max()))


def usual_count(lines: int, days: int, rng: np.random.Generator) -> int:
    """Three to five for `USUAL_LINES` lines over `USUAL_DAYS`, in proportion for others; fractions by chance."""
    wished = rng.integers(3, 6) * lines / USUAL_LINES * days / USUAL_DAYS
    return int(wished) + int(rng.random() < wished - int(wished))
