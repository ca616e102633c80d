"""Online control of false discoveries: few of all alerts are false, in quiet months and in troubled ones."""

import numpy as np
import pytest

from marketmover.monitoring.lines.discoveries import FALSE_SHARE, MEMORY, discovered, level_of_day, tail

TESTS = 64


def lived(days: int, trouble_every: int | None, seed: int) -> tuple[list[int], list[int]]:
    """Discoveries and false ones a day, of uniform p-values with one plain trouble now and then."""
    rng, found, false = np.random.default_rng(seed), list[int](), list[int]()
    for day in range(days):
        tails = rng.uniform(size=TESTS)
        troubled = trouble_every is not None and day % trouble_every == 0
        if troubled:
            tails[0] = 1e-12
        believed = discovered(tails, level_of_day(found))
        found.append(int(believed.sum()))
        false.append(int(believed[1:].sum() if troubled else believed.sum()))
    return found, false


@pytest.mark.parametrize("trouble_every", [None, 20, 7, 2])
def test_false_ones_keep_within_their_share_however_many_troubles_there_are(trouble_every: int | None) -> None:
    runs = [lived(120, trouble_every, seed) for seed in range(60)]
    weights = MEMORY ** np.arange(119, -1, -1)
    found, false = (float(np.mean([weights @ run[place] for run in runs])) for place in (0, 1))
    assert false <= FALSE_SHARE * (1.0 + found) * 1.25  # chance of 60 runs
    assert trouble_every is None or found > 0


def test_the_bound_holds_to_the_letter_for_any_past() -> None:
    rng = np.random.default_rng(5)
    past = list(rng.poisson(0.3, 200))
    levels = [level_of_day(past[:day]) for day in range(200)]
    weights = MEMORY ** np.arange(199, -1, -1)
    assert weights @ np.array(levels) <= FALSE_SHARE * (1.0 + weights @ np.array(past))


def test_long_quiet_does_not_make_it_deaf_and_a_discovery_makes_it_bolder() -> None:
    quiet, bolder = level_of_day([0] * 500), level_of_day([0] * 499 + [1])
    assert quiet == pytest.approx(level_of_day([]))
    assert bolder > 1.5 * quiet


def test_a_tail_falls_with_the_deviation_whatever_its_sign() -> None:
    assert tail(4.0) == tail(-4.0) < tail(3.0) < tail(0.0) == 1.0
