"""A/B tests on simulated data: false alarms under daily peeking, power against promised, sample ratios, speed.

`python -m benchmarks.experiments`. Every figure is of the whole analysis as `marketmover experiment read` runs it, on
tests whose truth is known. GrowthBook's gbstats and statsmodels do the same sums in an environment of their own.
"""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, print_figures
from benchmarks.peers import peer_python
from marketmover.experiments import Baseline, Finding, Results, Rules, Terms, size
from marketmover.experiments.analysis import analyse, check_sample
from marketmover.experiments.design import daily_power, fixed_power
from marketmover.experiments.metrics import resolve_metric
from marketmover.experiments.models.clusters import Units, by_units
from marketmover.experiments.models.estimate import Estimate
from marketmover.experiments.models.people import Sums, by_people
from marketmover.experiments.models.planned import FIRST_DAY, planned_bounds
from marketmover.experiments.pair import quantile

Floats = NDArray[np.float64]
_DAYS = 28
_TESTS = 2000
_START = date(2026, 1, 5)
_ALPHA = 0.05
_PINNED = ("gbstats==0.8.0", "statsmodels==0.15.0")
_DEPENDENT = 0.1  # what is stated for days that hang together
_TOLERATED = _ALPHA + 3 * np.sqrt(_ALPHA * (1 - _ALPHA) / _TESTS)  # a limit of 5% within what 2,000 tests can show


@dataclass(frozen=True)
class Market:
    """A kind of test: how its days come about (given the effect and their number), and the metric that is read."""

    name: str
    metric: str
    draw: Callable[[np.random.Generator, float, int], dict[str, Floats]]
    dependent: bool = False


def run() -> list[Figure]:
    """Measure all."""
    figures = [figure for market in MARKETS for figure in _alarms(market)]
    figures += _power("orders per visitor", MARKETS[0], Baseline.proportion(0.05, 800), 0.12)
    figures += _power("leads, dispersion 2", MARKETS[1], Baseline.count(30, 2.0), 0.25)
    return [*figures, *_sample_ratios(), *_adjusted(), *_speed(), *_peers()]


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
    Market("leads, days alike (rho 0.3)", "leads", _dependent, dependent=True),
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
    """Without any effect: how often each way is wrong once, read daily; and how often a single look is."""
    rng = np.random.default_rng([7, *market.name.encode()])
    found = [_read(market, rng, 0.0, _DAYS, Terms(planned_days=_DAYS)) for _ in range(_TESTS)]
    planned = float(np.mean([one.was_clear for one in found]))
    anytime = float(np.mean([one.p_value <= _ALPHA for one in found]))
    once = float(np.mean([not one.once.low <= 0 <= one.once.high for one in found]))
    naive = float(np.mean([_peeked(one) for one in found]))
    most = _DEPENDENT if market.dependent else _TOLERATED
    limit = "<= 10% (stated)" if market.dependent else "<= 5% (+ chance)"
    name = f"{market.name}, no effect"
    return [
        Figure(f"{name}: false alarms, read daily to the planned end", f"{planned:.1%}", limit, planned <= most),
        Figure(f"{name}: false alarms, always valid", f"{anytime:.1%}", "<= 5% (+ chance)", anytime <= _TOLERATED),
        Figure(f"{name}: false alarms, read once", f"{once:.1%}", limit, once <= most),
        Figure(f"{name}: false alarms if the last is read daily", f"{naive:.1%}", "a warning"),
    ]


def _peeked(found: Finding) -> bool:
    """Whether the interval for a single look ever left out no effect, had it been read daily."""
    for look in found.looks:
        dof = look.days - 1.0 if found.method == "days" else 1e6
        bound = float(planned_bounds(np.array([float(look.days)]), _DAYS, _ALPHA, dof, found.first_day)[0])
        if -1 < look.interval.low < look.interval.high < 1e6:
            low, high = np.log1p(look.interval.low), np.log1p(look.interval.high)
            if abs(low + high) > (high - low) / bound * quantile(_ALPHA, dof):
                return True
    return False


def _power(name: str, market: Market, baseline: Baseline, effect: float) -> list[Figure]:
    """Tests of the promised length with the effect that they were sized for: how often it is seen, and how soon."""
    design = size(baseline, effect)
    rng = np.random.default_rng([11, *name.encode()])
    daily, once = int(design.sequential.days), int(design.fixed.days)
    found = [_read(market, rng, effect, daily, Terms(planned_days=daily)) for _ in range(_TESTS // 2)]
    seen = float(np.mean([one.was_clear and one.deciding.mid > 0 for one in found]))
    stops = float(np.mean([_stop(one, daily) for one in found]))
    single = [_read(market, rng, effect, once, Terms(planned_days=once)) for _ in range(_TESTS // 2)]
    shown = float(np.mean([one.once.low > 0 for one in single]))
    promised = daily_power(baseline, effect, daily, Rules(), "planned"), fixed_power(baseline, effect, once, Rules())
    beside = f"{design.sequential.expected_days:.0f} promised; read once {once}"
    return [
        _held(f"{name}: power in {daily} days, read daily", seen, promised[0]),
        Figure(f"{name}: days until it was clear, on average", f"{stops:.0f}", beside),
        _held(f"{name}: power in {once} days, read once", shown, promised[1]),
    ]


def _held(name: str, seen: float, promised: float) -> Figure:
    return Figure(name, f"{seen:.1%}", f"{promised:.1%} promised (within 4)", abs(seen - promised) < 0.04)


def _stop(found: Finding, days: int) -> int:
    return next((look.days for look in found.looks if not look.interval.low <= 0 <= look.interval.high), days)


def _sample_ratios() -> list[Figure]:
    """False alarms of the sample-ratio check over 60 daily looks, and when it finds a mismatch."""
    false = sum(first is not None for first in _first_alarms(0.0, _TESTS))
    rate = false / _TESTS
    figures = [Figure("sample ratio: false alarms over 60 looks", f"{rate:.2%}", "<= 1% (+ chance)", rate <= 0.0167)]
    for lost in (0.03, 0.1):
        alarms = [first for first in _first_alarms(lost, 200) if first is not None]
        said = f"{len(alarms) / 2:.0f}% found, after {np.median(alarms) + 1:.0f} days"
        figures.append(Figure(f"sample ratio: an arm of 500 a day loses {lost:.0%}", said))
    return figures


def _first_alarms(lost: float, tests: int) -> list[int | None]:
    rng = np.random.default_rng(3)
    kept = np.array([1.0, 1.0 - lost])[:, None]
    alarms: list[int | None] = []
    for _ in range(tests):
        visitors = rng.poisson(500 * _season(rng, 60) * kept, (2, 60)).astype(np.float64)
        found = check_sample(results_of({"visitors": visitors}), Terms())
        alarms.append(found.first_look if found else None)
    return alarms


def _adjusted() -> list[Figure]:
    """Units with a covariate that explains half: coverage, and how much narrower."""
    rng = np.random.default_rng(5)
    wrong, reductions = 0, 0.0
    for _ in range(_TESTS):
        found = by_units(_units(rng), _units(rng))
        effect, variance = found.estimate.on("ratio")
        wrong += abs(effect) > quantile(_ALPHA, found.estimate.dof) * np.sqrt(variance)
        reductions += found.reduction / _TESTS
    rate = wrong / _TESTS
    name = "60 + 60 units with a covariate"
    return [
        Figure(f"{name}, no effect: false alarms, read once", f"{rate:.1%}", "<= 5% (+ chance)", rate <= _TOLERATED),
        Figure(f"{name}: variance taken away", f"{reductions:.0%}", "50% can be"),
    ]


def _units(rng: np.random.Generator) -> Units:
    before = rng.gamma(2.0, 5.0, 60)
    visits = (rng.poisson(40, 60) + 1).astype(np.float64)
    return Units(visits * (before + rng.normal(20, 7, 60)), visits, before)


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
        Figure(
            "analysis of 90 days at every daily look, CPU", f"{1000 * analysis:.1f} ms", "<= 50 ms", analysis <= 0.05
        ),
        Figure("a design, all three ways, CPU", f"{1000 * design:.0f} ms", "<= 2,000 ms", design <= 2.0),
    ]


def _peers() -> list[Figure]:
    """The same tests through GrowthBook's gbstats, and sizes through statsmodels."""
    python = peer_python(*_PINNED)
    if python is None:
        return []
    sizes = [(0.03, 0.1), (0.05, 0.2), (0.2, 0.05)]
    design = size(Baseline.proportion(0.05, 800), 0.12)
    days = int(design.sequential.days)
    rng = np.random.default_rng(9)
    drawn = [_orders(rng, 0.12, days) for _ in range(_TESTS // 4)]
    tests = [
        {"people": one["visitors"].cumsum(axis=1).tolist(), "orders": one["orders"].cumsum(axis=1).tolist()}
        for one in drawn
    ]
    asked = {"tests": tests, "alpha": _ALPHA, "first_day": FIRST_DAY, "sizes": sizes}
    script = Path(__file__).with_name("experiments_peer.py")
    done = subprocess.run([python, script], input=json.dumps(asked), capture_output=True, text=True, check=True)
    theirs = json.loads(done.stdout)
    return [*_beside(drawn, theirs), *_lengths(drawn, theirs, days), *_sized(sizes, theirs)]


def _beside(drawn: list[dict[str, Floats]], theirs: dict[str, Any]) -> list[Figure]:
    """Differences and their intervals for a single look, from the same sums."""
    started = time.process_time()
    ours = [_by_sums(one) for one in drawn]
    spent = time.process_time() - started
    gap = max(abs(one.difference - peer["difference"]) for one, peer in zip(ours, theirs["tests"], strict=True))
    widths = [
        2 * quantile(_ALPHA, one.dof) * np.sqrt(one.difference_variance) / (peer["high"] - peer["low"]) - 1.0
        for one, peer in zip(ours, theirs["tests"], strict=True)
    ]
    widest = float(np.max(np.abs(widths)))
    return [
        Figure("differences beside gbstats: largest gap", f"{gap:.1e}", "<= 1e-12", gap <= 1e-12),
        Figure("widths of intervals beside gbstats: largest relative gap", f"{widest:.1e}", "<= 1e-3", widest <= 1e-3),
        Figure(
            f"{len(drawn)} tests from sums, CPU", f"{1000 * spent:.0f} ms", f"gbstats {1000 * theirs['seconds']:.0f} ms"
        ),
    ]


def _by_sums(columns: dict[str, Floats]) -> Estimate:
    people, orders = (columns[name].sum(axis=1) for name in ("visitors", "orders"))
    return by_people(*(Sums(float(n), float(x), float(x)) for n, x in zip(people, orders, strict=True)))


def _lengths(drawn: list[dict[str, Floats]], theirs: dict[str, Any], days: int) -> list[Figure]:
    """How often each way of reading daily sees the effect in the days that ours was sized for."""
    metric = resolve_metric("orders", ["visitors", "orders"])
    ours = float(np.mean([analyse(results_of(one), metric, Terms(planned_days=days))[0].was_clear for one in drawn]))
    peer = float(np.mean(theirs["clear"]))
    name = f"effect of +12% seen in {days} days, read daily"
    return [Figure(name, f"{ours:.1%}", f"gbstats sequential {peer:.1%}", ours >= peer)]


def _sized(sizes: list[tuple[float, float]], theirs: dict[str, Any]) -> list[Figure]:
    figures: list[Figure] = []
    for (rate, effect), peer in zip(sizes, theirs["sizes"], strict=True):
        found = size(Baseline.proportion(rate, 1000), effect).fixed.arm
        name = f"people in an arm to see {effect:+.0%} on {rate:.0%}, read once (whole days)"
        figures.append(
            Figure(name, f"{found:,.0f}", f"statsmodels {peer:,.0f} (within 5%)", abs(found / peer - 1) < 0.05)
        )
    return figures


if __name__ == "__main__":
    print_figures("Experiments", run())
