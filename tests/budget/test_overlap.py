"""Lines that court the same people: found where they take from each other, nothing where they do not."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from made_up import response, todays
from numpy.typing import NDArray
from synthetic import market

from marketmover.budget import Response, allocate, fit_response
from marketmover.budget.audiences import shared_audience
from marketmover.budget.models.overlap import Rivals
from marketmover.history import Line, Panel

Floats = NDArray[np.float64]
START, END = date(2026, 4, 1), date(2026, 4, 28)


def line(name: str, **aimed: object) -> Line:
    known = {"countries": ("US",), "age_min": 25, "age_max": 44, **aimed}
    return Line(name, "meta_ads", "1", "1", name, name, "IMAGE", **known)  # pyright: ignore[reportArgumentType]


def rivalling(panel: Panel) -> Panel:
    """The lines of each platform in groups of two and three that court the same people."""
    lines = tuple(
        replace(one, countries=("DE",), interests=(f"group {row // 2}",)) for row, one in enumerate(panel.lines)
    )
    return replace(panel, lines=lines)


def crowded_market(seed: int, effect: float) -> Panel:
    """A market in which kin take from each other's clicks, and managers raise kin and others together."""
    panel, _ = market(seed, lines=12, days=500)
    panel = rivalling(panel)
    rivals = Rivals.of(shared_audience(panel.lines), panel.cost.mean(axis=1))
    assert rivals is not None
    kept = np.exp(-effect * rivals.pressure(panel.cost))
    rng = np.random.default_rng(seed)
    counted = {name: rng.binomial(getattr(panel, name).astype(int), kept).astype(float) for name in ("clicks", "leads")}
    qualified = rng.binomial(panel.crm_qualified.astype(int), kept).astype(float)
    known = dict.fromkeys(("conversions", "crm_leads", "crm_decided"), counted["leads"])
    return replace(panel, **counted, **known, crm_qualified=qualified)


def fitted(panel: Panel) -> Response:
    return fit_response(panel, START, END, seed=1, draws=200)


def effects(found: Response, stage: str) -> Floats:
    effect = found.stages[stage].overlap
    return np.zeros(len(found.line_ids)) if effect is None else effect.mean(axis=0)


@pytest.fixture(scope="module")
def crowded() -> tuple[Panel, Response]:
    panel = crowded_market(1, 0.6)
    return panel, fitted(panel)


def test_what_kin_take_from_each_other_is_found_where_they_do(crowded: tuple[Panel, Response]) -> None:
    _, found = crowded

    assert 0.35 < effects(found, "clicks").mean() < 0.75
    assert (effects(found, "leads") == 0).all()


def test_where_kin_take_nothing_the_response_is_as_without_kin() -> None:
    panel = crowded_market(2, 0.0)
    budgets = panel.cost[:, -28:].sum(axis=1)
    found, nobody = fitted(panel), fitted(replace(panel, lines=market(2, lines=12, days=500)[0].lines))

    assert found.rivals is None
    assert (found.expected(budgets, "leads") == nobody.expected(budgets, "leads")).all()


def test_a_line_loses_as_its_kin_get_more_and_others_do_not(crowded: tuple[Panel, Response]) -> None:
    panel, found = crowded
    now = panel.cost[:, -28:].sum(axis=1)
    more = now.copy()
    more[0] *= 3.0
    change = found.expected(more, "clicks").mean(axis=0) / found.expected(now, "clicks").mean(axis=0)

    assert change[1] < 0.95
    assert change[2:] == pytest.approx(np.ones(10))
    alone = found.alone(more, "clicks").mean(axis=0) / found.alone(now, "clicks").mean(axis=0)
    assert alone[1:] == pytest.approx(np.ones(11))


def test_whom_lines_court_together_follows_from_their_targeting() -> None:
    lines = [
        line("a", interests=("Running", "Yoga")),
        line("b", interests=("running",)),
        line("c", interests=("Chess",)),
        line("d"),
        line("e", age_min=35, age_max=54, interests=("Running",)),
        line("f", countries=("FR",)),
        replace(line("g"), platform="google_ads"),
        Line("h", "meta_ads", "1", "1", "h", "h", "IMAGE"),
    ]
    shared = shared_audience(lines)

    assert shared[0, 1] == 0.5
    assert shared[1, 0] == 1.0
    assert shared[0, 3] == 1.0
    assert shared[1, 4] == 0.5
    assert (shared[2, [0, 1, 4]] == 0).all()
    assert (shared[5:] == 0).all()
    assert (shared[:, 5:] == 0).all()
    assert (np.diag(shared) == 0).all()


def with_overlap(made: Response, effect: float) -> Response:
    """Lines of one platform court the same people in pairs; `effect` on leads."""
    lines = len(made.line_ids)
    kin = np.arange(lines) % 2 + 2 * (np.arange(lines) // 4)
    shared = (kin[:, None] == kin).astype(float) - np.eye(lines)
    leads = replace(made.stages["leads"], overlap=np.full((made.draws, lines), effect))
    return replace(made, rivals=Rivals.of(shared, made.reference), stages={**made.stages, "leads": leads})


def best_by_search(made: Response, total: float) -> float:
    """The best expected leads of any split, by exchanges that get finer."""
    lines = len(made.line_ids)
    budgets = np.full(lines, total / lines)

    def value(split: Floats) -> float:
        return float(made.expected(split, "leads").sum(axis=1).mean())

    best = value(budgets)
    for step in (0.1, 0.03, 0.01, 0.003, 0.001):
        gained = True
        while gained:
            gained = False
            for giver in range(lines):
                for taker in range(lines):
                    trial = budgets.copy()
                    moved = min(step * total, trial[giver])
                    trial[giver] -= moved
                    trial[taker] += moved
                    if (reached := value(trial)) > best * (1 + 1e-9):
                        budgets, best, gained = trial, reached, True
    return best


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_split_is_the_best_although_lines_take_from_each_other(seed: int) -> None:
    made = with_overlap(response(8, draws=40, seed=seed), 0.6)
    total = sum(todays(made).values())
    split = allocate(made, round(total, 2), objective="leads").budgets
    reached = float(made.expected(np.array([split[one] for one in made.line_ids]), "leads").sum(axis=1).mean())

    assert reached > best_by_search(made, total) * 0.9995


def test_a_total_counts_what_lines_take_from_each_other_once(crowded: tuple[Panel, Response]) -> None:
    panel, found = crowded
    budgets = panel.cost[:, -28:].sum(axis=1) * np.linspace(0.5, 2.0, 12)
    rows = np.arange(12)

    assert found.totals(rows, budgets, "leads") == pytest.approx(found.expected(budgets, "leads").sum(axis=1))
    assert found.totals(rows[:1], budgets[:1], "leads").mean() > found.expected(budgets, "leads")[:, 0].mean()


def test_shared_budgets_and_mixed_objectives_keep_to_the_cent(crowded: tuple[Panel, Response]) -> None:
    panel, found = crowded
    today = dict(zip(panel.line_ids, panel.cost[:, -28:].sum(axis=1).tolist(), strict=True))
    pools = dict.fromkeys(panel.line_ids[:2], "pool")
    split = allocate(found, 12_345.67, objective={"leads": 1, "qualified_leads": 3}, current=today, pools=pools)

    assert sum(split.cents.values()) == 1_234_567
    assert all(value > 0 for value in split.marginal.values())
