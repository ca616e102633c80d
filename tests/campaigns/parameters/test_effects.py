"""The mixed model against known truth."""

import numpy as np

from marketmover.campaigns.parameters.models.effects import Cells, Effects, fit_effects

AGES, LINES = 6, 15


def fitted(seed: int, spread: float, due: float = 30.0) -> tuple[np.ndarray, Effects]:
    rng = np.random.default_rng(seed)
    truth, level = rng.normal(0, spread, AGES), rng.normal(0, 0.5, LINES)
    design = np.zeros((LINES * AGES, LINES + AGES))
    counts, expected = np.zeros(len(design)), rng.uniform(0.3, 2.0, len(design)) * due
    for at in range(len(design)):
        line, age = divmod(at, AGES)
        design[at, [line, LINES + age]] = 1.0
        counts[at] = rng.poisson(expected[at] * np.exp(level[line] + truth[age] + rng.normal(0, 0.1)))
    cells = Cells(
        counts,
        expected,
        design,
        factor=np.r_[np.zeros(LINES, int), np.ones(AGES, int)],
        spreads=np.array([1.5, 0.15]),
        source=np.zeros(len(design), int),
        source_spreads=np.array([0.12]),
        learned=np.array([False, True]),
    )
    return truth, fit_effects(cells)


def contrasts() -> np.ndarray:
    """Each age against the mean of all."""
    weights = np.zeros((AGES, LINES + AGES))
    weights[:, LINES:] = np.eye(AGES) - 1.0 / AGES
    return weights


def test_effects_are_found_and_their_ranges_hold_them_as_often_as_they_claim() -> None:
    held: list[float] = []
    for seed in range(15):
        truth, effects = fitted(seed, 0.3)
        drawn = effects.draws(contrasts(), np.random.default_rng(seed).standard_normal((400, LINES + AGES)))
        low, high = np.percentile(drawn, [10, 90], axis=0)
        told = truth - truth.mean()
        held.append(float(((low <= told) & (told <= high)).mean()))
        assert np.corrcoef(contrasts() @ effects.mean, told)[0, 1] > 0.9
    assert 0.72 <= np.mean(held) <= 0.9


def test_the_spread_of_effects_is_learned() -> None:
    none = np.median([fitted(seed, 0.0)[1].spreads[1] for seed in range(8)])
    wide = np.median([fitted(seed, 0.5)[1].spreads[1] for seed in range(8)])
    assert none < 0.13
    assert wide > 0.25


def test_contexts_take_up_what_lines_differ_by_on_the_whole() -> None:
    truth, effects = fitted(3, 0.3, due=300.0)
    assert np.abs(contrasts() @ effects.mean - (truth - truth.mean())).max() < 0.1


def test_cells_without_any_count_leave_effects_near_nothing() -> None:
    design = np.eye(4)
    cells = Cells(
        np.zeros(4), np.full(4, 1e-9), design, np.zeros(4, int), np.array([0.15]), np.zeros(4, int), np.array([0.1]),
        np.array([True]),
    )  # fmt: skip
    assert np.abs(fit_effects(cells).mean).max() < 0.15
