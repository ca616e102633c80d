"""A/B tests on simulated data: false alarms under daily peeking, power against promised, coverage, sample ratios, speed.

`python -m benchmarks.experiments`. Every figure is of the whole analysis as `marketmover experiment read` runs it, on
tests whose truth is known. `MARKETMOVER_PEER_PYTHON` names a Python with `gbstats` and `statsmodels` (an environment of
its own: they pin older packages); without it the peers' rows are left out.
"""

import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, print_figures
from marketmover.experiments import Baseline, Finding, Results, Rules, Terms, size, smallest_effect
from marketmover.experiments.analysis import analyse, check_sample
from marketmover.experiments.design import daily_power, fixed_power
from marketmover.experiments.metrics import resolve_metric
from marketmover.experiments.models.clusters import Units, by_units

Floats = NDArray[np.float64]
_DAYS = 28
_TESTS = int(os.environ.get("EXP_TESTS", "2000"))
_START = date(2026, 1, 5)
_ALPHA = 0.05
_TOLERATED = _ALPHA + 3 * np.sqrt(_ALPHA * (1 - _ALPHA) / _TESTS)  # a limit of 5% within what 2,000 tests can show


@dataclass(frozen=True)
class Market:
    """A kind of test: how its days come about, and the metric that is read. `draw` is given the effect."""

    name: str
    metric: str
    draw: Callable[[np.random.Generator, float, int], dict[str, Floats]]


def run() -> list[Figure]:
    """Measure all."""
    figures = [figure for market in MARKETS for figure in _alarms(market)]
    figures += _powers() + _sample_ratios() + _adjusted() + _speed() + _peers()
    return figures


def _season(rng: np.random.Generator, days: int) -> Floats:
    week = 1.0 + 0.2 * np.sin(2 * np.pi * np.arange(days) / 7)
    return week * np.exp(rng.normal(0, 0.15, days))


def _orders(rng: np.random.Generator, effect: float, days: int) -> dict[str, Floats]:
    visitors = rng.poisson(400 * _season(rng, days), (2, days)).astype(np.float64)
    rates = np.array([0.05, 0.05 * (1 + effect)])[:, None]
    return {"visitors": visitors, "orders": rng.binomial(visitors.astype(np.int64), rates).astype(np.float64)}


def _negative_binomial(rng: np.random.Generator, mean: Floats, dispersion: float) -> Floats:
    return rng.poisson(rng.gamma(mean / (dispersion - 1.0), dispersion - 1.0)).astype(np.float64)


def _leads(rng: np.random.Generator, effect: float, days: int) -> dict[str, Floats]:
    mean = 15 * _season(rng, days) * np.array([1.0, 1.0 + effect])[:, None]
    return {"leads": _negative_binomial(rng, mean, 2.0)}


def _dependent(rng: np.random.Generator, effect: float, days: int) -> dict[str, Floats]:
    luck = np.zeros((2, days))
    shock = rng.normal(0, 0.15, (2, days))
    luck[:, 0] = shock[:, 0] / np.sqrt(1 - 0.3**2)
    for day in range(1, days):
        luck[:, day] = 0.3 * luck[:, day - 1] + shock[:, day]
    mean = 60 * _season(rng, days) * np.exp(luck) * np.array([1.0, 1.0 + effect])[:, None]
    return {"leads": rng.poisson(mean).astype(np.float64)}


def _cost_per_lead(rng: np.random.Generator, effect: float, days: int) -> dict[str, Floats]:
    season = _season(rng, days)
    leads = _negative_binomial(rng, 20 * season / np.array([1.0, 1.0 + effect])[:, None], 1.5)
    return {"cost": 800 * season * np.exp(rng.normal(0, 0.05, (2, days))), "leads": leads}


def _revenue(rng: np.random.Generator, effect: float, days: int) -> dict[str, Floats]:
    visitors = rng.poisson(300 * _season(rng, days), (2, days))
    revenue, squares = np.zeros((2, days)), np.zeros((2, days))
    for arm, level in enumerate((1.0, 1.0 + effect)):
        for day in range(days):
            buyers = rng.binomial(visitors[arm, day], 0.05)
            values = rng.lognormal(np.log(60 * level) - 0.32, 0.8, buyers)
            revenue[arm, day], squares[arm, day] = values.sum(), (values**2).sum()
    return {"visitors": visitors.astype(np.float64), "revenue": revenue, "revenue_squared": squares}


MARKETS = (
    Market("orders per visitor", "orders", _orders),
    Market("leads, dispersion 2, shared season", "leads", _leads),
    Market("leads, days alike (rho 0.3)", "leads", _dependent),
    Market("cost per lead", "cost_per_lead", _cost_per_lead),
    Market("revenue per visitor", "revenue", _revenue),
)


def results_of(columns: dict[str, Floats]) -> Results:
    """Counts by arm and day as the analysis takes them."""
    days = next(iter(columns.values())).shape[1]
    dates = tuple(_START + timedelta(days=day) for day in range(days))
    return Results(("usual", "advised"), dates, columns, np.ones((2, days), dtype=np.bool_))


def _read(market: Market, rng: np.random.Generator, effect: float, days: int, terms: Terms) -> Finding:
    results = results_of(market.draw(rng, effect, days))
    return analyse(results, resolve_metric(market.metric, list(results.columns)), terms)[0]


def _alarms(market: Market) -> list[Figure]:
    """Without any effect: how often each way is wrong once, read daily; and how often the last interval covers."""
    rng = np.random.default_rng([7, *market.name.encode()])
    planned, anytime, once, naive = 0, 0, 0, 0
    for _ in range(_TESTS):
        columns = market.draw(rng, 0.0, _DAYS)
        results = results_of(columns)
        metric = resolve_metric(market.metric, list(columns))
        found = analyse(results, metric, Terms(planned_days=_DAYS))[0]
        planned += found.was_clear
        anytime += found.p_value <= _ALPHA
        once += not found.once.low <= 0 <= found.once.high
        naive += _peeked(results, metric, found)
    rates = [count / _TESTS for count in (planned, anytime, once, naive)]
    return [
        Figure(
            f"{market.name}: false alarms, read daily to the planned end",
            f"{rates[0]:.1%}",
            "<= 5% (+ chance)",
            rates[0] <= _TOLERATED,
        ),
        Figure(
            f"{market.name}: false alarms, always valid", f"{rates[1]:.1%}", "<= 5% (+ chance)", rates[1] <= _TOLERATED
        ),
        Figure(f"{market.name}: misses of the truth, read once", f"{rates[2]:.1%}", "5%"),
        Figure(f"{market.name}: false alarms if that is read daily", f"{rates[3]:.1%}", "a warning"),
    ]


def _peeked(results: Results, metric: "object", found: Finding) -> bool:
    """Whether the interval for one look ever left out no effect on a day from the seventh on."""
    from marketmover.experiments.models.planned import planned_bounds
    from marketmover.experiments.pair import quantile

    del results, metric
    for look in found.looks:
        dof = look.days - 1.0 if found.method == "days" else 1e6
        bound = float(planned_bounds(np.array([float(look.days)]), _DAYS, _ALPHA, dof, found.first_day)[0])
        if not -1 < look.interval.low < look.interval.high < 1e6:
            continue
        low, high = np.log1p(look.interval.low), np.log1p(look.interval.high)
        if abs(low + high) / 2 > (high - low) / 2 / bound * quantile(_ALPHA, dof):
            return True
    return False


def _powers() -> list[Figure]:
    """Tests of the promised length with the effect that they were sized for: how often it is seen."""
    cases = {
        "orders per visitor": (MARKETS[0], Baseline.proportion(0.05, 800), 0.12),
        "leads, dispersion 2": (MARKETS[1], Baseline.count(30, 2.0), 0.25),
    }
    figures: list[Figure] = []
    for name, (market, baseline, effect) in cases.items():
        design = size(baseline, effect)
        days = int(design.sequential.days)
        terms = Terms(planned_days=days)
        rng = np.random.default_rng([11, *name.encode()])
        found = [_read(market, rng, effect, days, terms) for _ in range(_TESTS // 2)]
        seen = float(np.mean([one.was_clear and one.deciding.mid > 0 for one in found]))
        stops = [
            next((look.days for look in one.looks if not look.interval.low <= 0 <= look.interval.high), days)
            for one in found
        ]
        promised = daily_power(baseline, effect, days, Rules(), "planned")
        figures += [
            Figure(
                f"{name}: power in {days} days, read daily",
                f"{seen:.1%}",
                f"promised {promised:.1%}",
                abs(seen - promised) < 0.04,
            ),
            Figure(
                f"{name}: days until it was clear, mean",
                f"{np.mean(stops):.1f}",
                f"promised {design.sequential.expected_days:.1f}; read once {design.fixed.days:.0f}",
            ),
        ]
        once_days = int(design.fixed.days)
        once = [_read(market, rng, effect, once_days, Terms(planned_days=once_days)) for _ in range(_TESTS // 2)]
        seen = float(np.mean([one.once.low > 0 for one in once]))
        promised = fixed_power(baseline, effect, once_days, Rules())
        figures.append(
            Figure(
                f"{name}: power in {once_days} days, read once",
                f"{seen:.1%}",
                f"promised {promised:.1%}",
                abs(seen - promised) < 0.04,
            )
        )
    return figures


def _sample_ratios() -> list[Figure]:
    """False alarms of the sample-ratio check over 60 daily looks, and when it finds a mismatch."""
    rng = np.random.default_rng(3)
    false = 0
    for _ in range(_TESTS):
        visitors = rng.poisson(500 * _season(rng, 60), (2, 60)).astype(np.float64)
        found = check_sample(results_of({"visitors": visitors, "orders": visitors}), Terms())
        false += found is not None and found.first_look is not None
    figures = [
        Figure(
            "sample ratio: false alarms over 60 looks",
            f"{false / _TESTS:.2%}",
            "<= 1%",
            false / _TESTS <= 0.01 + 0.0067,
        )
    ]
    for loss in (0.03, 0.1):
        days: list[int] = []
        for _ in range(200):
            visitors = rng.poisson(500 * _season(rng, 60) * np.array([1.0, 1.0 - loss])[:, None]).astype(np.float64)
            found = check_sample(results_of({"visitors": visitors, "orders": visitors}), Terms())
            if found is not None and found.first_look is not None:
                days.append(found.first_look + 1)
        figures.append(
            Figure(
                f"sample ratio: an arm loses {loss:.0%} of 500 a day",
                f"found in {len(days) / 2:.0f}%, after {np.median(days):.0f} days",
            )
        )
    return figures


def _adjusted() -> list[Figure]:
    """Units with a covariate that explains half: coverage, and how much narrower."""
    rng = np.random.default_rng(5)
    wrong, reductions = 0, []
    for _ in range(_TESTS):
        arms: list[Units] = []
        for _ in range(2):
            before = rng.gamma(2.0, 5.0, 60)
            visits = rng.poisson(40, 60) + 1.0
            arms.append(Units(visits * (before + rng.normal(20, 7, 60)), visits, before))
        found = by_units(*arms)
        from marketmover.experiments.pair import quantile

        wrong += abs(found.estimate.log_ratio) > quantile(_ALPHA, found.estimate.dof) * np.sqrt(
            found.estimate.log_variance
        )
        reductions.append(found.reduction)
    rate = wrong / _TESTS
    return [
        Figure(
            "60 + 60 units with a covariate: misses of the truth, read once",
            f"{rate:.1%}",
            "5% (+ chance)",
            rate <= _TOLERATED + 0.005,
        ),
        Figure("variance taken away by the covariate", f"{np.mean(reductions):.0%}", "about 50% possible"),
    ]


def _speed() -> list[Figure]:
    rng = np.random.default_rng(1)
    started = time.process_time()
    for _ in range(50):
        _read(MARKETS[1], rng, 0.1, 90, Terms(planned_days=90))
    analysis = (time.process_time() - started) / 50
    started = time.process_time()
    size(Baseline.proportion(0.031, 2100), 0.09)
    design = time.process_time() - started
    return [
        Figure("analysis of 90 days, every daily look", f"{1000 * analysis:.1f} ms", "<= 50 ms", analysis <= 0.05),
        Figure("a design, all three ways", f"{1000 * design:.0f} ms", "<= 2,000 ms", design <= 2.0),
    ]


def _peers() -> list[Figure]:
    """The same sums through GrowthBook's gbstats, and sizes through statsmodels."""
    python = os.environ.get("MARKETMOVER_PEER_PYTHON")
    if not python:
        return []
    rng = np.random.default_rng(9)
    tests = [_orders(rng, 0.1, _DAYS) for _ in range(200)]
    sums = [{name: values.sum(axis=1).tolist() for name, values in one.items()} for one in tests]
    asked = {"sums": sums, "sizes": [[0.03, 0.1], [0.05, 0.2], [0.2, 0.05]]}
    script = Path(__file__).with_name("experiments_peer.py")
    done = subprocess.run([python, str(script)], input=json.dumps(asked), capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)
    metric = resolve_metric("orders", ["visitors", "orders"])
    started = time.process_time()
    ours = [
        analyse(results_of({name: values.sum(axis=1, keepdims=True) for name, values in one.items()}), metric, Terms())[
            0
        ]
        for one in tests
    ]
    spent = time.process_time() - started
    gaps = [
        abs((one.arm_value - one.control_value) - peer["difference"])
        for one, peer in zip(ours, theirs["tests"], strict=True)
    ]
    errors = [
        abs(_difference_error(one) / peer["error"] - 1.0) for one, peer in zip(tests, theirs["tests"], strict=True)
    ]
    sizes = [size(Baseline.proportion(rate, 1000), effect).fixed for rate, effect in asked["sizes"]]
    figures = [
        Figure("difference beside gbstats, 200 tests: largest gap", f"{max(gaps):.1e}", "<= 1e-9", max(gaps) <= 1e-9),
        Figure(
            "its standard error beside gbstats: largest relative gap",
            f"{max(errors):.1e}",
            "<= 1e-3",
            max(errors) <= 1e-3,
        ),
        Figure("time for 200 tests of sums", f"{1000 * spent:.0f} ms", f"gbstats {1000 * theirs['seconds']:.0f} ms"),
    ]
    for (rate, effect), one, peer in zip(asked["sizes"], sizes, theirs["sizes"], strict=True):
        figures.append(
            Figure(
                f"people an arm, {rate:.0%} {effect:+.0%}, read once",
                f"{one.arm:,.0f} (whole days)",
                f"statsmodels {peer:,.0f}",
                abs(one.arm / peer - 1) < 0.05,
            )
        )
    seen = smallest_effect(Baseline.proportion(0.03, 2000), 28)
    figures.append(
        Figure(
            "smallest effect in 28 days of 2,000 people at 3%, read daily",
            f"{seen:+.1%}",
            f"gbstats sequential power {theirs['sequential']:+.1%}" if theirs.get("sequential") else "",
        )
    )
    return figures


def _difference_error(columns: dict[str, Floats]) -> float:
    from marketmover.experiments.models.people import Sums, by_people

    people, orders = columns["visitors"].sum(axis=1), columns["orders"].sum(axis=1)
    return float(
        np.sqrt(
            by_people(
                *(Sums(float(n), float(x), float(x)) for n, x in zip(people, orders, strict=True))
            ).difference_variance
        )
    )


if __name__ == "__main__":
    print_figures("Experiments", run())
