"""The split against exact solvers: brute force, linear and mixed-integer programming, and a smooth solver.

`python -m benchmarks.allocation`; responses are made up, so that each problem is stated exactly. A gap is the share of
the exact solver's objective that the split misses; both are scored by the response itself. Limits hold in all.
"""

import importlib
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tests.budget.made_up import DAYS as _DAYS
from tests.budget.made_up import response as response_of
from tests.budget.made_up import with_late_leads

from benchmarks.figures import Figure, print_figures
from marketmover.budget import Response, allocate
from marketmover.plans import CampaignLimit, Limits, LineLimit, PlatformLimit

Floats = NDArray[np.float64]
_STEPS = 150


def run() -> list[Figure]:
    """Measure every gap, then speed."""
    gaps = {
        "brute force, 6 lines, 20 problems": [_beside_brute_force(seed) for seed in range(20)],
        "linear programme (HiGHS), 60 lines with limits, 10 problems": [_beside_linear(seed) for seed in range(10)],
        "SLSQP from 5 starts, 12 lines, 5 problems": [_beside_smooth(seed) for seed in range(5)],
        "mixed-integer programme (HiGHS), 25 lines, minimums, 4 problems": [_beside_integer(seed) for seed in range(4)],
    }
    return [*(_gap(name, found) for name, found in gaps.items()), *(_speed(lines) for lines in (20, 200, 1000))]


def _gap(name: str, found: list[float]) -> Figure:
    measured = f"{max(found):.4%} ({np.mean(found):+.4%})"
    return Figure(f"gap to {name}: worst (mean)", measured, "<= 0.1%", max(found) <= 1e-3)


def _beside_brute_force(seed: int) -> float:
    """All splits of a 150th of the total among six lines, by dynamic programming over lines."""
    response = response_of(6, seed=seed, draws=60)
    total = float(response.reference.sum()) * _DAYS
    table = np.stack([_means(response, np.full(6, total * step / _STEPS)) for step in range(_STEPS + 1)], axis=1)
    best = np.zeros(_STEPS + 1)
    for row in table:
        best = np.array([max(best[have - mine] + row[mine] for mine in range(have + 1)) for have in range(_STEPS + 1)])
    return 1.0 - _reached(response, allocate(response, total, objective="leads").budgets) / float(best[-1])


def _limits(response: Response, total: float) -> Limits:
    """Some of every kind: a lock, a cap, a floor, capped campaigns, a platform's share."""
    ids, campaigns = response.line_ids, list(dict.fromkeys(response.campaigns))
    even = total / len(ids)
    return Limits(
        lines={
            ids[0]: LineLimit(locked=round(even, 2)),
            ids[3]: LineLimit(max=0.4 * even),
            ids[4]: LineLimit(min=1.5 * even),
        },
        campaigns={name: CampaignLimit(max=1.2 * even) for name in campaigns[1:12:3]},
        platforms={"google_ads": PlatformLimit(max_share=0.45)},
    )


def _beside_linear(seed: int) -> float:
    """The concave problem cut into linear pieces, solved by HiGHS's simplex."""
    response = response_of(60, seed=seed, draws=60, together=3)
    total = float(response.reference.sum()) * _DAYS
    limits = _limits(response, total)
    budgets = _programme(response, total, limits)
    found = allocate(response, total, objective="leads", limits=limits).budgets
    return 1.0 - _reached(response, found) / float(_means(response, budgets).sum())


def _beside_integer(seed: int) -> float:
    """With a budget of nothing or a minimum for each line: a binary for each line, solved by branch and cut."""
    response = response_of(25, seed=seed, draws=60, together=3)
    total, smallest = float(response.reference.sum()) * _DAYS * 0.5, 25.0
    budgets = _programme(response, total, Limits(), smallest=smallest * _DAYS)
    limits = Limits(smallest_daily={"google_ads": smallest, "meta_ads": smallest})
    found = allocate(response, total, objective="leads", limits=limits).budgets
    if any(0 < spent < smallest * _DAYS - 0.01 for spent in found.values()):
        return 1.0
    return 1.0 - _reached(response, found) / float(_means(response, budgets).sum())


def _programme(response: Response, total: float, limits: Limits, smallest: float = 0.0) -> Floats:
    """Budgets of the exact optimum of the problem in linear pieces, shape (lines,)."""
    scipy: Any = importlib.import_module("scipy.optimize")  # its hints know no arrays of bounds
    lines, pieces = len(response.line_ids), 160
    low, high = np.zeros(lines), np.minimum(8.0 * response.facts.highest_daily * _DAYS, total)
    for line, limit in limits.lines.items():
        row = response.row(line)
        low[row] = limit.locked if limit.locked is not None else limit.min or 0.0
        high[row] = limit.locked if limit.locked is not None else min(high[row], limit.max or total)
    ratios = np.concatenate([[0.0], np.geomspace(1e-4, 1.0, pieces)])
    table = np.stack([_means(response, high * ratio) for ratio in ratios], axis=1)
    widths = high[:, None] * np.diff(ratios)
    slopes = np.diff(table, axis=1) / np.maximum(widths, 1e-12)
    spent = np.kron(np.eye(lines), np.ones(pieces))
    rows: list[NDArray[Any]] = [np.concatenate([spent.sum(axis=0), np.zeros(lines)])]
    bounds = [(total, total)]
    for row in range(lines):
        switch = np.eye(lines)[row]
        rows += [
            np.concatenate([spent[row], -max(low[row], smallest) * switch]),
            np.concatenate([spent[row], -high[row] * switch]),
        ]
        bounds += [(0.0, np.inf), (-np.inf, 0.0)]
    for name, campaign in limits.campaigns.items():
        inside = np.array([float(one == name) for one in response.campaigns])
        rows.append(np.concatenate([inside @ spent, np.zeros(lines)]))
        bounds.append((0.0, campaign.max or total))
    for name, share in limits.platforms.items():
        inside = np.array([float(one == name) for one in response.platforms])
        rows.append(np.concatenate([inside @ spent, np.zeros(lines)]))
        bounds.append((0.0, total * (share.max_share or 1.0)))
    switches = (np.zeros(lines), np.ones(lines)) if smallest else (np.ones(lines), np.ones(lines))
    solved = scipy.milp(
        np.concatenate([-slopes.ravel(), np.zeros(lines)]),
        constraints=scipy.LinearConstraint(np.stack(rows), *(np.array(side) for side in zip(*bounds, strict=True))),
        bounds=scipy.Bounds(
            np.concatenate([np.zeros(lines * pieces), switches[0]]), np.concatenate([widths.ravel(), switches[1]])
        ),
        integrality=np.concatenate([np.zeros(lines * pieces), np.full(lines, float(smallest > 0))]),
        options={"mip_rel_gap": 1e-6},
    )
    return spent @ solved.x[: lines * pieces]


def _beside_smooth(seed: int) -> float:
    """The smooth problem itself, by sequential quadratic programming in log budgets from several starts."""
    scipy: Any = importlib.import_module("scipy.optimize")
    response = response_of(12, seed=seed, draws=40)
    total = float(response.reference.sum()) * _DAYS
    rng = np.random.default_rng(seed)

    def loss(shares: Floats) -> float:
        return -float(_means(response, total * np.maximum(shares, 0.0)).sum())

    best = 0.0
    for _ in range(5):
        found = scipy.minimize(
            loss,
            rng.dirichlet(np.full(12, 3.0)),
            method="SLSQP",
            bounds=[(1e-5, 1.0)] * 12,
            constraints={"type": "eq", "fun": lambda shares: float(shares.sum() - 1.0)},
            options={"maxiter": 300, "ftol": 1e-10},
        )
        shares = np.maximum(found.x, 0.0)
        best = max(best, -loss(shares / shares.sum()))
    return 1.0 - _reached(response, allocate(response, total, objective="leads").budgets) / best


def _speed(lines: int) -> Figure:
    """CPU time of a whole split from a fitted response: curves, solving, learning phases, how far to go, cents."""
    response = response_of(lines, draws=400, together=3)
    current = dict(zip(response.line_ids, (float(one) * _DAYS for one in response.reference), strict=True))
    limits = Limits(even_platforms=0.01, smallest_daily={"google_ads": 1.0, "meta_ads": 5.0})
    started = time.process_time()
    allocate(response, sum(current.values()), objective="leads", limits=limits, current=current)
    seconds = time.process_time() - started
    slow = with_late_leads(response)
    started = time.process_time()
    allocate(slow, sum(current.values()), objective="leads", limits=limits, current=current)
    carried = time.process_time() - started
    within = lines < 1000 or seconds < 1.0
    return Figure(
        f"split of {lines} lines (s of CPU; where spend is carried over)",
        f"{seconds:.2f} ({carried:.2f})",
        "< 1 s" if lines == 1000 else "",
        within if lines == 1000 else None,
    )


def _means(response: Response, budgets: Floats) -> Floats:
    return response.expected(budgets, "leads").mean(axis=0)


def _reached(response: Response, budgets: dict[str, float]) -> float:
    return float(_means(response, np.array([budgets[line] for line in response.line_ids])).sum())


if __name__ == "__main__":
    print_figures("Allocation against exact solvers (responses made up)", run())
