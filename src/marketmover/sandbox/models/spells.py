"""What was changed about lines in the two years: new messages with new ads, other people asked for, other bidding."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Bools, Floats
from marketmover.sandbox.lines import Ad, Run, SimulatedLine
from marketmover.sandbox.models.parameters import STRATEGIES, Effects, Meaning, Parameters, meaning_of, parameters_of
from marketmover.sandbox.words import MESSAGES

_OTHER_MESSAGE, _TWO_MESSAGES = 0.4, 0.3
_REBIDS_A_YEAR = 0.4
_YOUNGEST, _OLDEST = (18, 25, 35, 45), (34, 44, 54, 65)


class Paths(NamedTuple):
    """What parameters did over time, over what they do at the end of the history, shape (lines, all days) each.

    `appeal` multiplies yields, `room` scale and inventory, `merit` the rate of qualification.
    """

    appeal: Floats
    room: Floats
    merit: Floats


def with_spells(
    lines: Sequence[SimulatedLine], refresh: Bools, retargeted: Bools, days: int, rng: np.random.Generator
) -> tuple[SimulatedLine, ...]:
    """Lines with their ads and the spells of their audience and bidding; `refresh` and `retargeted` say when."""
    return tuple(
        _with_spells(line, np.flatnonzero(refresh[place, :days]), np.flatnonzero(retargeted[place, :days]), days, rng)
        for place, line in enumerate(lines)
    )


def _with_spells(
    line: SimulatedLine, refreshed: np.ndarray, retargeted: np.ndarray, days: int, rng: np.random.Generator
) -> SimulatedLine:
    last = min(line.last_day, days - 1)
    ads = tuple(reversed([*_ads(line, [int(day) for day in refreshed if line.first_day < day <= last], last, rng)]))
    rebids = np.flatnonzero(rng.random(days) < _REBIDS_A_YEAR / 365.0)
    changes = sorted(
        (int(day), what)
        for what, when in (("audience", retargeted), ("bidding", rebids))
        for day in when
        if line.first_day + 7 < day <= last - 7 and (what, line.ad_type) != ("audience", "PERFORMANCE_MAX")
    )
    messages = tuple(ad.message for ad in ads if ad.last == last)
    return replace(line, ads=ads, messages=messages, runs=_runs(line, changes, rng))


def _ads(line: SimulatedLine, fresh: list[int], last: int, rng: np.random.Generator) -> Iterator[Ad]:
    """One or two ads from each new creative to the next, the newest first; before, some said something else.

    The last of a spell is the one that leads.
    """
    main = line.messages[0]
    for first, after in reversed([*zip([line.first_day, *fresh], [*fresh, last + 1], strict=True)]):
        if rng.random() < _TWO_MESSAGES:
            yield Ad(first, after - 1, str(rng.choice([message for message in MESSAGES if message != main])))
        yield Ad(first, after - 1, main)
        if rng.random() < _OTHER_MESSAGE:
            main = str(rng.choice([message for message in MESSAGES if message != main]))


def _runs(line: SimulatedLine, changes: list[tuple[int, str]], rng: np.random.Generator) -> tuple[Run, ...]:
    """Spells of one audience and one bidding; drawn backwards from those at the end of the history."""
    run = Run(line.first_day, line.age_min, line.age_max, line.genders, line.bidding)
    found = list[Run]()
    for day, what in reversed(changes):
        found.append(run._replace(first=day))
        run = _before(run, what, line, rng)
    return (run._replace(first=line.first_day), *reversed(found))


def _before(run: Run, what: str, line: SimulatedLine, rng: np.random.Generator) -> Run:
    """How a line was set before: another age or gender, or another strategy of the same kind."""
    if what == "bidding":
        values = [
            way for way in STRATEGIES[line.platform] if ("VALUE" in way or "ROAS" in way) == _by_value(run.bidding)
        ]
        others = [way for way in values if way != run.bidding]
        return run._replace(bidding=str(rng.choice(others))) if others else run
    if rng.random() < 0.8:
        return _moved(run, rng)
    both = ("FEMALE", "MALE")
    return run._replace(genders=both if len(run.genders) == 1 else (both[int(rng.integers(2))],))


def _moved(run: Run, rng: np.random.Generator) -> Run:
    """Another youngest or oldest age, an age group away."""
    oldest = rng.random() < 0.5
    bounds, now = (_OLDEST, run.age_max) if oldest else (_YOUNGEST, run.age_min)
    near = [bound for bound in bounds if 0 < abs(bound - now) <= 11]
    moved = [run._replace(**{"age_max" if oldest else "age_min": bound}) for bound in near]
    wide = [one for one in moved if one.age_max - one.age_min > 9]
    return wide[int(rng.integers(len(wide)))] if wide else run


def _by_value(strategy: str) -> bool:
    return "VALUE" in strategy or "ROAS" in strategy


def spell_parameters(line: SimulatedLine) -> Iterator[tuple[int, Parameters]]:
    """From which day a line had which parameters, oldest first."""
    for day in sorted({ad.first for ad in line.ads} | {run.first for run in line.runs}):
        yield day, parameters_on(line, day)


def parameters_on(line: SimulatedLine, day: int) -> Parameters:
    """A line's parameters on a day; before its first day, and where no ad runs, those that it begins or ends with."""
    day = max(day, line.runs[0].first)
    run = next(run for run in reversed(line.runs) if run.first <= day)
    messages = tuple(ad.message for ad in line.ads if ad.first <= day <= ad.last)
    return parameters_of(line)._replace(
        bidding=run.bidding,
        messages=messages or line.messages,
        age_min=run.age_min,
        age_max=run.age_max,
        genders=run.genders,
    )


def paths_of(
    lines: Sequence[SimulatedLine], effects: Effects, conversions: Floats, rate: Floats, all_days: int
) -> Paths:
    """What parameters did over time; `conversions` as `meaning_of` asks, `rate` of qualification at the end."""
    paths = Paths(*(np.ones((len(lines), all_days)) for _ in range(3)))
    for place, line in enumerate(lines):
        now = meaning_of(parameters_of(line), effects, float(conversions[place]))
        for day, then in spell_parameters(line):
            meant = meaning_of(then, effects, float(conversions[place]))
            for path, factor in zip(paths, factors(now, meant, float(rate[place])), strict=True):
                path[place, day:] = factor
    return paths


def factors(now: Meaning, then: Meaning, rate: float) -> tuple[float, float, float]:
    """Yield, room and rate of qualification under other parameters, over those under the ones of now."""
    odds = rate / (1.0 - rate) * np.exp(then.quality - now.quality)
    return float(np.exp(then.log_yield - now.log_yield)), then.people / now.people, float(odds / (1.0 + odds) / rate)
