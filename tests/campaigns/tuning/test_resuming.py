"""Paused lines come back when the reason of their pause is gone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.campaigns.tuning.conftest import START, PanelMaker, PlanMaker, in_force, known

from marketmover.campaigns.tuning import InForce, tune
from marketmover.campaigns.tuning.changing import changed
from marketmover.history import MoneyChange, Panel
from marketmover.kit import utc_now
from marketmover.plans import Change, Changes, LogEntry, Plan

LINE = "meta_ads:1:1"


def _paused(plan: Plan, day: date, *, rail: str | None = None, who: str = "anne", why: str = "") -> InForce:
    change = Change.model_validate({"line_id": LINE, "action": "pause", "reason": "", "rail": rail})
    before = in_force(plan).state
    after = changed(plan, before, Changes(as_of=day, changes=[change])).model_copy(update={"change_id": "c1"})
    entry = LogEntry(id="c1", kind="apply", at=utc_now(), who=who, mode="approve", why=why, as_of=day, follows=None,
                     changes=[change], before=before, after=after)  # fmt: skip
    return InForce(in_force(plan).folder, plan, after, (entry,))


def _still(panel: Panel, lived: int) -> Panel:
    """The panel in which the line shows nothing after so many days of the plan."""
    row, since = panel.line_ids.index(LINE), 300 + lived
    stopped = {}
    for name in ("cost", "impressions", "clicks", "conversions", "leads"):
        stopped[name] = getattr(panel, name).copy()
        stopped[name][row, since:] = 0.0
    return replace(panel, **stopped)


def _budgets(now: InForce, changes: Changes) -> dict[str, float]:
    state = changed(now.plan, now.state, changes)
    return {line: budget for line, budget in state.daily_budgets.items() if line not in state.paused}


def _keeps_the_sum(now: InForce, changes: Changes) -> bool:
    money = changes.money
    assert money is not None
    return (
        abs(sum(_budgets(now, changes).values()) * money.days_left + money.unplaced - money.left)
        <= 0.01 * money.days_left * 6
    )


def test_a_line_paused_for_lost_results_comes_back_once_tracking_is_mended(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    now = _paused(make_plan(), START + timedelta(6), rail="cost")
    silent = make_panel(12)
    for name in ("leads", "conversions"):
        getattr(silent, name)[[1, 3, 5], 302:308] = 0.0  # the platform's tag counts nothing for six days
    changes = tune(now, known(_still(silent, 7)))
    (back,) = [one for one in changes.changes if one.action == "resume"]
    assert back.line_id == LINE
    assert "tracking" in back.reason
    assert back.expected_gain is not None
    assert _budgets(now, changes)[LINE] == pytest.approx(200.0, rel=0.15)
    assert _keeps_the_sum(now, changes)


def test_it_stays_paused_while_the_platform_still_counts_nothing(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    now = _paused(make_plan(), START + timedelta(6), rail="cost")
    silent = make_panel(12)
    for name in ("leads", "conversions"):
        getattr(silent, name)[[1, 3, 5], 302:] = 0.0
    changes = tune(now, known(_still(silent, 7)))
    assert not [one for one in changes.changes if one.action == "resume"]
    assert "tracking is mended" in {one.line_id: one.reason for one in changes.held}[LINE]


def test_a_line_that_did_not_deliver_is_tried_again(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    now = _paused(make_plan(), START + timedelta(6))
    changes = tune(now, known(_still(make_panel(12), 3)))
    (back,) = [one for one in changes.changes if one.action == "resume"]
    assert "costs nothing until it delivers" in back.reason
    assert _keeps_the_sum(now, changes)


def test_late_results_that_clear_a_line_bring_it_back(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    now = _paused(make_plan(), START + timedelta(6), rail="cost")
    changes = tune(now, known(_still(make_panel(12), 7)))
    (back,) = [one for one in changes.changes if one.action == "resume"]
    assert "no longer likely" in back.reason


def test_a_line_that_really_cost_too_much_waits_for_a_trial(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan(end_date=START + timedelta(89), total_budget=200.0 * 6 * 90)
    now = _paused(plan, START + timedelta(9), rail="cost")
    early = tune(now, known(_still(make_panel(14, leads=0.1), 10)))
    assert "cost twice what was planned" in {one.line_id: one.reason for one in early.held}[LINE]
    later = tune(now, known(_still(make_panel(40, leads=0.1), 10)))
    (back,) = [one for one in later.changes if one.action == "resume"]
    assert "trial at 30%" in back.reason
    assert back.trial
    assert _budgets(now, later)[LINE] == 60.0
    assert _keeps_the_sum(now, later)


def test_what_a_person_paused_a_person_resumes(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    now = _paused(make_plan(), START + timedelta(6), who="ben", why="stock is out")
    changes = tune(now, known(_still(make_panel(12), 7)))
    held = {one.line_id: one.reason for one in changes.held}
    assert held[LINE].startswith("ben paused it")
    assert "stock is out" in held[LINE]


def test_a_paused_line_that_goes_on_spending_is_told(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    now = _paused(make_plan(), START + timedelta(6), rail="cost")
    changes = tune(now, known(make_panel(12)))
    assert "pause it on the platform" in {one.line_id: one.reason for one in changes.held}[LINE]


def _log(plan: Plan, *steps: tuple[int, str, bool]) -> InForce:
    """Pauses and resumes of the line after so many days, each of ours as a rail or a trial, or by hand."""
    state, entries = in_force(plan).state, list[LogEntry]()
    for number, (lived, action, ours) in enumerate(steps, start=1):
        day = START + timedelta(lived)
        mark = {"rail": "cost"} if ours and action == "pause" else {"trial": ours and action == "resume"}
        change = Change.model_validate({"line_id": LINE, "action": action, "reason": "", **mark})
        after = changed(plan, state, Changes(as_of=day, changes=[change])).model_copy(
            update={"change_id": f"c{number}"}
        )
        entries.append(
            LogEntry(id=f"c{number}", kind="apply", at=utc_now(), who="anne", mode="approve", why="", as_of=day,
                     follows=state.change_id, changes=[change], before=state, after=after)
        )  # fmt: skip
        state = after
    return InForce(in_force(plan).folder, plan, state, tuple(entries))


def test_a_line_that_a_person_resumed_counts_as_no_trial_of_ours(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan(end_date=START + timedelta(89), total_budget=200.0 * 6 * 90)
    panel = _still(make_panel(34, leads=0.1), 18)
    by_hand = tune(_log(plan, (9, "pause", True), (12, "resume", False), (17, "pause", True)), known(panel))
    assert [one.line_id for one in by_hand.changes if one.trial] == [LINE]
    ours = tune(_log(plan, (9, "pause", True), (12, "resume", True), (17, "pause", True)), known(panel))
    assert not [one for one in ours.changes if one.action == "resume"]  # a trial that failed: the next waits longer


def test_a_line_resumed_on_the_platform_is_told_by_the_platforms_own_log(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    now = _paused(make_plan(), START + timedelta(6), rail="cost")
    there = [
        MoneyChange(LINE, START + timedelta(days), "status", 1.0 - on, float(on)) for days, on in ((7, 0), (10, 1))
    ]
    changes = tune(now, replace(known(make_panel(12)), money=tuple(there)))
    held = {one.line_id: one.reason for one in changes.held}
    assert "switched on again on the platform on 15 January 2026" in held[LINE]
    assert not [one for one in changes.changes if one.action == "resume"]


def test_days_before_a_line_was_resumed_in_the_state_by_hand_are_no_stop(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    plan, panel = make_plan(), make_panel(16)
    now = _paused(plan, START + timedelta(6), rail="cost")
    now = replace(now, state=now.state.model_copy(update={"paused": []}))
    still = {name: getattr(panel, name).copy() for name in ("cost", "impressions", "clicks", "conversions", "leads")}
    for values in still.values():
        values[panel.line_ids.index(LINE), 307:315] = 0.0
    changes = tune(now, known(replace(panel, **still)))
    said = [one.reason for one in [*changes.changes, *changes.held] if one.line_id == LINE]
    assert not [one for one in said if "spends only" in one or "hardly delivered" in one]
