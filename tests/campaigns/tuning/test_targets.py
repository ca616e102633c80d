"""Bidding targets and cost caps: let out where they are in the way, drawn in towards what the client asked for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.campaigns.tuning.conftest import START, PanelMaker, PlanMaker, in_force, known

from marketmover.campaigns.tuning import InForce, tune
from marketmover.campaigns.tuning.standing import starts_learning
from marketmover.history import Panel
from marketmover.kit import utc_now
from marketmover.plans import Bidding, Brief, BriefTarget, Change, Changes, LogEntry, Plan, PlanLine

LINE = "google_ads:0:1"


def _bidding(panel: Panel, strategy: str, target: float) -> Panel:
    first, *rest = panel.lines
    return replace(panel, lines=(replace(first, bidding_strategy=strategy, bidding_target=target), *rest))


def _costs(panel: Panel, line: str) -> float:
    row = panel.line_ids.index(line)
    return float(panel.cost[row, -30:-3].sum() / panel.conversions[row, -30:-3].sum())


def _targets(changes: Changes) -> list[Change]:
    return [one for one in changes.changes if one.action == "set_bidding"]


def _calm(plan: Plan) -> Plan:
    """The plan with costs that its lines really have, so that no rail and no ceiling speaks."""

    def own(line: PlanLine) -> PlanLine:
        cost = line.expected["cost_per_lead"]
        return line.model_copy(update={"expected": {"cost_per_lead": cost.model_copy(update={"mid": 14.0})}})

    return plan.model_copy(update={"lines": [own(line) for line in plan.lines]})


def _short(make_panel: PanelMaker, strategy: str, times: float) -> Panel:
    """A line that spends 60% of its budget from the first day on, with a target of so many times what results cost."""
    panel = make_panel(12, spend=0.6, broken=0)
    return _bidding(panel, strategy, round(times * _costs(panel, LINE), 2))


@pytest.mark.parametrize("strategy", ["TARGET_CPA", "MAXIMIZE_CONVERSIONS", "COST_CAP"])
def test_a_target_that_keeps_a_line_from_spending_is_let_out_by_a_step(
    make_panel: PanelMaker, make_plan: PlanMaker, strategy: str
) -> None:
    panel = _short(make_panel, strategy, 1.0)
    changes = tune(in_force(_calm(make_plan())), known(panel))
    made = _targets(changes)
    assert made
    assert not [one for one in changes.changes if one.line_id == LINE and one.action != "set_bidding" and one.to < 200]
    assert made[0].line_id == LINE
    assert made[0].to["strategy"] == strategy
    assert made[0].to["target"] == pytest.approx(1.15 * made[0].before["target"], abs=0.01)
    assert made[0].expected_gain is not None
    assert not starts_learning(made[0])


@pytest.mark.parametrize("times", [3.0, 0.0])
def test_a_target_that_is_not_in_the_way_stays(make_panel: PanelMaker, make_plan: PlanMaker, times: float) -> None:
    panel = _short(make_panel, "TARGET_CPA", times)
    assert not _targets(tune(in_force(_calm(make_plan())), known(panel)))


def test_a_target_past_the_clients_is_drawn_in_step_by_step(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    panel = make_panel(12)
    cost = _costs(panel, LINE)
    asked = BriefTarget(metric="cost_per_lead", value=round(0.7 * cost, 2), comparison="at_most")
    plan = _calm(make_plan(brief=Brief(targets=[asked])))
    panel = _bidding(panel, "TARGET_CPA", round(1.2 * cost, 2))
    (made,) = _targets(tune(in_force(plan), known(panel)))
    assert made.to["target"] == pytest.approx(0.85 * made.before["target"], abs=0.01)
    assert "asked for" in made.reason

    entry = LogEntry(id="c1", kind="apply", at=utc_now(), who="a", mode="approve", why="", as_of=START + timedelta(4),
                     follows=None, changes=[made], before=in_force(plan).state, after=in_force(plan).state)  # fmt: skip
    again = InForce(in_force(plan).folder, plan, in_force(plan).state, (entry,))
    assert not _targets(tune(again, known(panel)))  # a second step waits for a fortnight


def test_another_strategy_or_a_large_step_starts_a_learning_phase() -> None:
    def change(before: Bidding, to: Bidding) -> Change:
        first, then = before.model_dump(mode="json"), to.model_dump(mode="json")
        return Change(line_id=LINE, action="set_bidding", before=first, to=then, reason="")

    now = Bidding(strategy="TARGET_CPA", target=40.0)
    assert not starts_learning(change(now, now.model_copy(update={"target": 46.0})))
    assert not starts_learning(change(now, now.model_copy(update={"target": 34.0})))
    assert starts_learning(change(now, now.model_copy(update={"target": 50.0})))
    assert starts_learning(change(now, Bidding(strategy="MAXIMIZE_CONVERSIONS")))
