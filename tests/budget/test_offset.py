import numpy as np
import pytest
from numpy.typing import NDArray

from marketmover.budget.models.offset import Offsets, follow_offsets

Floats = NDArray[np.float64]


def _follow(counts: Floats, foretold: Floats, known: Floats | None = None) -> Offsets:
    lines = len(counts)
    return follow_offsets(
        counts, foretold, np.ones(counts.shape) if known is None else known, foretold > 0,
        np.full(lines, 0.01), np.full(lines, 1e-4), np.full(lines, 0.15),
    )  # fmt: skip


def _counted(mean: Floats, seed: int = 1) -> Floats:
    return np.random.default_rng(seed).poisson(mean).astype(float)


def test_a_break_is_believed_within_days() -> None:
    foretold = np.full((1, 14), 30.0)
    factor = np.where(np.arange(14) < 7, 1.0, 0.3)
    found = _follow(_counted(foretold * factor), foretold)
    assert abs(found.path[0, 6]) < 0.15
    assert found.path[0, 9] == pytest.approx(np.log(0.3), abs=0.2)
    assert found.below(np.log(0.6))[0] > 0.99


def test_chance_is_taken_for_chance() -> None:
    foretold = np.full((200, 14), 4.0)
    found = _follow(_counted(foretold, 3), foretold)
    assert np.abs(found.mean).mean() < 0.12
    assert (found.below(np.log(0.6)) > 0.9).mean() <= 0.01


def test_few_counts_say_little() -> None:
    found = _follow(np.zeros((1, 5)), np.full((1, 5), 0.1))
    assert abs(found.mean[0]) < 0.15


def test_late_counts_are_no_break() -> None:
    foretold, known = np.full((1, 14), 40.0), np.ones((1, 14))
    known[0, -4:] = [0.9, 0.8, 0.6, 0.4]
    found = _follow(_counted(foretold * known, 5), foretold, known)
    assert abs(found.mean[0]) < 0.2


def test_what_recovers_is_believed_again() -> None:
    foretold = np.full((1, 24), 30.0)
    factor = np.where((np.arange(24) >= 6) & (np.arange(24) < 14), 0.3, 1.0)
    found = _follow(_counted(foretold * factor), foretold)
    assert found.mean[0] == pytest.approx(0.0, abs=0.15)


def test_draws_follow_the_posterior() -> None:
    foretold = np.full((1, 10), 50.0)
    found = _follow(_counted(foretold * 0.5), foretold)
    drawn = found.draws(400, np.random.default_rng(2))
    assert drawn.mean() == pytest.approx(found.mean[0], abs=0.05)
