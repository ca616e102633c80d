"""The detector on simulated series whose truth is known: false alarms, detection and delay, coverage, speed.

`python -m benchmarks.detector`. Quiet series of many kinds say how often a score exceeds 1 - alpha where nothing is;
planted spikes, shifts and drifts say what share is found, and how late. Sizes are in standard deviations of the noise.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, print_figures
from marketmover.monitoring import Detector, Score, score_many

Array = NDArray[np.floating[Any]]
_DAY_S, _HOUR_S, _FIVE_MINUTES_S = 86400.0, 3600.0, 300.0
_START_S = 1_767_571_200.0  # Monday 5 January 2026
_ALPHAS = (0.05, 0.01, 0.001)
_LENGTHS = ((120, 250, 20), (2000, 40, 300))  # rows, series, rows that only teach
_FEW = 2.5  # times alpha that the mean over kinds is at most
_MANY = (3.0, 3.0, 5.0)  # times alpha that each kind is at most
_FOUND, _ROWS_AFTER = 0.99, 14


@dataclass(frozen=True)
class Kind:
    """A kind of quiet series: seconds between rows, the noise's standard deviation, and how series come about."""

    name: str
    step_s: float
    noise: float
    draw: Callable[[np.random.Generator, int, int], Array]


def run() -> list[Figure]:
    """Measure all."""
    rng = np.random.default_rng(20261122)
    figures = [*_false_alarms(rng), *_other_kinds(np.random.default_rng(20261123))]
    for kind, rows, at in ((KINDS[0], 120, 60), (KINDS[1], 120, 80), (KINDS[12], 120, 80), (KINDS[5], 1000, 700)):
        figures += _planted(rng, kind, rows, at)
    return [*figures, *_speed(rng)]


def _autoregressive(memory: float) -> Callable[[np.random.Generator, int, int], Array]:
    return lambda rng, series, rows: 50.0 + 3.0 * _correlated(rng.normal(size=(series, rows)), memory)


def _correlated(noise: Array, memory: float) -> Array:
    for row in range(1, noise.shape[1]):
        noise[:, row] += memory * noise[:, row - 1]
    return noise


_WEEK = np.array([0.0, 1.0, 2.0, 1.0, 0.0, -6.0, -7.0])
_WEEK_COUNTS = np.array([20.0, 22.0, 21.0, 20.0, 18.0, 8.0, 7.0])


def _wandering_counts(rng: np.random.Generator, series: int, rows: int) -> Array:
    level = np.exp(0.15 * _correlated(rng.normal(size=(series, rows)), 0.8)) * rng.gamma(5.0, 0.2, (series, rows))
    return rng.poisson(level * _WEEK_COUNTS[np.arange(rows) % 7]).astype(np.float64)


KINDS = (
    Kind("Gaussian, daily", _DAY_S, 10.0, lambda rng, n, t: 100 + 10 * rng.normal(size=(n, t))),
    Kind(
        "weekly season, daily",
        _DAY_S,
        6.0,
        lambda rng, n, t: 100 + 5 * _WEEK[np.arange(t) % 7] + 6 * rng.normal(size=(n, t)),
    ),
    Kind("trend, daily", _DAY_S, 8.0, lambda rng, n, t: 100 + 0.2 * np.arange(t) + 8 * rng.normal(size=(n, t))),
    Kind("autocorrelation 0.7, hourly", _HOUR_S, 4.2, _autoregressive(0.7)),
    Kind("autocorrelation 0.95, 5 min", _FIVE_MINUTES_S, 9.6, _autoregressive(0.95)),
    Kind(
        "daily season, hourly",
        _HOUR_S,
        5.0,
        lambda rng, n, t: 100 + 30 * np.sin(np.pi * np.arange(t) / 12) + 5 * rng.normal(size=(n, t)),
    ),
    Kind("Poisson 3, daily", _DAY_S, 1.73, lambda rng, n, t: rng.poisson(3, (n, t)).astype(np.float64)),
    Kind("Poisson 0.2, daily", _DAY_S, 0.45, lambda rng, n, t: rng.poisson(0.2, (n, t)).astype(np.float64)),
    Kind("negative binomial 8, daily", _DAY_S, 6.3, lambda rng, n, t: rng.negative_binomial(2, 0.2, (n, t)) + 0.0),
    Kind(
        "zeros 60%, else Poisson 6",
        _DAY_S,
        3.4,
        lambda rng, n, t: ((rng.random((n, t)) < 0.4) * rng.poisson(6, (n, t))).astype(np.float64),
    ),
    Kind("Student t, 3 degrees", _HOUR_S, 1.73, lambda rng, n, t: 20 + rng.standard_t(3, (n, t))),
    Kind("log-normal", _HOUR_S, 130.0, lambda rng, n, t: 100 * np.exp(0.8 * rng.normal(size=(n, t)))),
    Kind(
        "weekly counts, daily",
        _DAY_S,
        4.1,
        lambda rng, n, t: rng.poisson(_WEEK_COUNTS[np.arange(t) % 7], (n, t)).astype(np.float64),
    ),
)

OTHERS = (
    Kind(
        "steady rise of 0.1 sd a row",
        _DAY_S,
        8.0,
        lambda rng, n, t: 100 + 0.8 * np.arange(t) + 8 * rng.normal(size=(n, t)),
    ),
    Kind(
        "slow rise of 0.003 sd a row",
        _DAY_S,
        8.0,
        lambda rng, n, t: 100 + 0.024 * np.arange(t) + 8 * rng.normal(size=(n, t)),
    ),
    Kind(
        "steady fall of 0.025 sd a row",
        _DAY_S,
        8.0,
        lambda rng, n, t: 1000 - 0.2 * np.arange(t) + 8 * rng.normal(size=(n, t)),
    ),
    Kind(
        "rising counts, 5 to 45",
        _DAY_S,
        5.0,
        lambda rng, n, t: rng.poisson(np.broadcast_to(np.linspace(5, 45, t), (n, t))) + 0.0,
    ),
    Kind(
        "growth by a tenth in 50 rows, noise 10%",
        _DAY_S,
        10.0,
        lambda rng, n, t: 100 * np.exp(np.arange(t) / 500 + 0.1 * rng.normal(size=(n, t))),
    ),
    Kind(
        "week, autocorrelation 0.5, t of 4",
        _DAY_S,
        5.0,
        lambda rng, n, t: 100 + 5 * _WEEK[np.arange(t) % 7] + _correlated(rng.standard_t(4, (n, t)), 0.5),
    ),
    Kind("weekly counts whose level wanders, over-dispersed", _DAY_S, 6.0, _wandering_counts),
    Kind("counts of 0.05 a row", _DAY_S, 0.22, lambda rng, n, t: rng.poisson(0.05, (n, t)) + 0.0),
)
"""Quiet series of kinds that the table of scores (`models/scoring.py`) was not made from."""


def _scored(kind: Kind, values: Array) -> Score:
    times = [_START_S + kind.step_s * row for row in range(values.shape[1])]
    return score_many(times, values.astype(np.float64))


def _false_alarms(rng: np.random.Generator) -> list[Figure]:
    figures: list[Figure] = []
    for rows, series, teaching in _LENGTHS:
        scores: list[list[float]] = []
        tails: list[list[float]] = []
        inside: list[float] = []
        for kind in KINDS:
            values = kind.draw(rng, series, rows)
            scored = _scored(kind, values)
            exceeded = [float((scored.score[:, teaching:] > 1 - alpha).mean()) for alpha in _ALPHAS]
            scores.append(exceeded)
            tails.append([float((scored.tail_probability[:, teaching:] < alpha).mean()) for alpha in _ALPHAS])
            within = (values >= scored.low) & (values <= scored.high)
            inside.append(float(within[:, teaching:].mean()))
            figures.append(_kind_figure(kind, rows, exceeded, tails[-1]))
        figures += _over_kinds(rows, np.array(scores), np.array(tails), inside)
    return figures


def _other_kinds(rng: np.random.Generator) -> list[Figure]:
    """The same on longer series of kinds that the scores were not calibrated on."""
    rows, series, teaching = _LENGTHS[1]
    figures: list[Figure] = []
    for kind in OTHERS:
        scored = _scored(kind, kind.draw(rng, series, rows))
        exceeded = [float((scored.score[:, teaching:] > 1 - alpha).mean()) for alpha in _ALPHAS]
        tails = [float((scored.tail_probability[:, teaching:] < alpha).mean()) for alpha in _ALPHAS]
        figures.append(_kind_figure(kind, rows, exceeded, tails))
    return figures


def _kind_figure(kind: Kind, rows: int, exceeded: list[float], tails: list[float]) -> Figure:
    name = f"{kind.name}, {rows} rows: score > 0.95, 0.99, 0.999; tail < 0.05, 0.01, 0.001"
    kept = all(share <= many * alpha for share, many, alpha in zip(exceeded, _MANY, _ALPHAS, strict=True))
    return Figure(name, f"{_shares(exceeded)}; {_shares(tails)}", "score: at most 0.15, 0.03, 0.005", kept=kept)


def _over_kinds(rows: int, scores: Array, tails: Array, inside: list[float]) -> list[Figure]:
    alphas = np.array(_ALPHAS)
    score = np.asarray(scores.mean(axis=0), dtype=np.float64)
    tail = np.asarray(tails.mean(axis=0), dtype=np.float64)
    return [
        Figure(
            f"mean of kinds, {rows} rows: score > 0.95, 0.99, 0.999",
            _shares(score),
            f"at most {_FEW} times 0.05, 0.01, 0.001",
            kept=bool((score <= _FEW * alphas).all()),
        ),
        Figure(
            f"mean of kinds, {rows} rows: tail probability < 0.05, 0.01, 0.001",
            _shares(tail),
            f"at most {_FEW} times 0.05, 0.01, 0.001",
            kept=bool((tail <= _FEW * alphas).all()),
        ),
        Figure(
            f"{rows} rows: inside low to high",
            f"{np.mean(inside):.0%} ({min(inside):.0%} to {max(inside):.0%})",
            "80%, kinds within 72% to 92%",
            kept=min(inside) >= 0.72 and max(inside) <= 0.92,
        ),
    ]


def _shares(shares: Iterable[float]) -> str:
    return ", ".join(f"{share:.4f}" for share in shares)


def _planted(rng: np.random.Generator, kind: Kind, rows: int, at: int) -> list[Figure]:
    """Spikes, shifts and drifts by size, with the share that is found where it is to be found, and the median delay."""
    figures: list[Figure] = []
    after = np.arange(rows - at)
    plants: tuple[tuple[str, Array, float | None], ...] = (
        ("spike 4", np.where(after == 0, 4.0, 0.0), None),
        ("spike 6", np.where(after == 0, 6.0, 0.0), 0.85),
        ("spike 10", np.where(after == 0, 10.0, 0.0), 0.95),
        ("shift 1", np.full(len(after), 1.0), None),
        ("shift 2", np.full(len(after), 2.0), None),
        ("shift 3", np.full(len(after), 3.0), 0.9),
        ("shift 5", np.full(len(after), 5.0), 0.95),
        ("drift 0.15 a row", 0.15 * after, None),
    )
    for name, plant, least in plants:
        values = kind.draw(rng, 100, rows)
        values[:, at:] += kind.noise * plant
        values = np.round(values) if np.array_equal(values[:, :at], np.round(values[:, :at])) else values
        alarm = _scored(kind, values).score[:, at : at + _ROWS_AFTER + 1] > _FOUND
        found = alarm.any(axis=1)
        delay = f"{np.median(alarm.argmax(axis=1)[found]):.0f}" if found.any() else "-"
        limit = f"at least {least:.0%}" if least else ""
        figures.append(
            Figure(
                f"{kind.name}, {name}: score > 0.99 within {_ROWS_AFTER} rows, median delay",
                f"{found.mean():.0%}, {delay} rows",
                limit,
                kept=None if least is None else bool(found.mean() >= least),
            )
        )
    return figures


def _speed(rng: np.random.Generator) -> list[Figure]:
    values = 100 + rng.normal(size=(1000, 100))
    counts = rng.poisson(5, (1000, 100)).astype(np.float64)
    times = [_START_S + _FIVE_MINUTES_S * row for row in range(100)]
    figures: list[Figure] = []
    for name, matrix in (("measures", values), ("counts", counts)):
        started = time.process_time()
        score_many(times, matrix)
        rate = matrix.size / (time.process_time() - started)
        figures.append(
            Figure(
                f"points a second, 1,000 series of {name} in one call", f"{rate:,.0f}", "at least 100,000", rate >= 1e5
            )
        )
    for name, matrix in (("measures", values), ("counts", counts)):
        detector, row = Detector(), matrix[:50].ravel().tolist()
        started = time.process_time()
        for place, value in enumerate(row):
            detector.update(_START_S + _FIVE_MINUTES_S * place, value)
        rate = len(row) / (time.process_time() - started)
        figures.append(Figure(f"points a second, one series of {name}", f"{rate:,.0f}", "at least 10,000", rate >= 1e4))
    return figures


if __name__ == "__main__":
    print_figures("The detector on simulated series", run())
