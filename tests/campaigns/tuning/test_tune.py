from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from tests.campaigns.tuning.conftest import START, PanelMaker, PlanMaker, in_force, known

from marketmover.campaigns.tuning import effects_of, tune
from marketmover.campaigns.tuning.changing import changed
from marketmover.campaigns.tuning.in_force import InForce
from marketmover.campaigns.tuning.known import until
from marketmover.campaigns.tuning.worth import learning_cost, step_loss
from marketmover.kit import utc_now
from marketmover.plans import Changes, Limits, LineLimit, LogEntry, Plan

HIT = {"google_ads:0:1", "meta_ads:1:1"}


@pytest.fixture(scope="module")
def dropped(make_panel: PanelMaker, make_plan: PlanMaker) -> tuple[Plan, Changes]:
    """A plan of which two lines convert at a fifth since the third day, tuned after ten days."""
    plan = make_plan()
    return plan, tune(in_force(plan), known(make_panel(10, leads=0.2)))


def _after(plan: Plan, changes: Changes) -> dict[str, float]:
    state = changed(plan, in_force(plan).state, changes)
    return {line.id: 0.0 if line.id in state.paused else state.daily_budgets[line.id] for line in plan.lines}


def _keeps_the_sum(plan: Plan, changes: Changes) -> bool:
    assert changes.money is not None
    gap = sum(_after(plan, changes).values()) * changes.money.days_left + changes.money.unplaced - changes.money.left
    return abs(gap) <= 0.01 * changes.money.days_left * len(plan.lines)


def test_money_leaves_lines_whose_results_broke_away(dropped: tuple[Plan, Changes]) -> None:
    plan, changes = dropped
    after = _after(plan, changes)
    assert sum(after[line] for line in HIT) < 0.9 * 400.0
    assert _keeps_the_sum(plan, changes)
    assert changes.expected_gain is not None
    assert changes.expected_gain.mid > 0
    assert (changes.confidence or 0) > 0.8


def test_every_change_says_why_and_what_it_earns(dropped: tuple[Plan, Changes]) -> None:
    _, changes = dropped
    lost = next(one for one in changes.changes if one.line_id in HIT)
    assert "lower than planned" in lost.reason or "times what the plan expects" in lost.reason
    assert lost.expected_gain is not None
    assert lost.expected_gain.low <= lost.expected_gain.mid <= lost.expected_gain.high
    assert {"line_id", "action", "from", "to", "reason", "expected_gain", "confidence"} <= set(
        lost.model_dump(by_alias=True)
    )


def test_no_running_line_moves_by_more_than_a_step(dropped: tuple[Plan, Changes]) -> None:
    _, changes = dropped
    moved = [one for one in changes.changes if one.action == "set_daily_budget"]
    assert moved
    for one in moved:
        assert 0.7 * one.before - 0.02 <= one.to <= 1.3 * one.before + 0.02


@pytest.mark.parametrize("leads", [0.03, 0.1])
def test_a_pause_is_made_only_where_it_is_expected_to_earn_more_than_a_step(
    make_panel: PanelMaker, make_plan: PlanMaker, leads: float
) -> None:
    plan, told = make_plan(), known(make_panel(12, leads=leads))
    kept_on = Limits(lines={line: LineLimit(min=1.0) for line in HIT})
    free, stepping = (tune(in_force(plan), told, limits=limits) for limits in (Limits(), kept_on))
    assert "pause" not in {one.action for one in stepping.changes}
    assert free.expected_gain is not None
    assert stepping.expected_gain is not None
    assert free.expected_gain.mid >= stepping.expected_gain.mid - 1.0


def test_learning_costs_more_the_further_a_budget_moves() -> None:
    losses = [step_loss(step) for step in (0.0, 0.3, 0.6, 1.0, 3.0)]
    assert losses == sorted(losses)
    assert (losses[0], losses[-1]) == (0.0, pytest.approx(0.2))
    outcome = np.array([100.0])
    by_step = [float(learning_cost(100.0, to, outcome, 14)[0]) for to in (119.0, 130.0, 200.0, 0.0)]
    assert by_step[0] == by_step[3] == 0.0
    assert 0.0 < by_step[1] < by_step[2] == pytest.approx(10.0)
    assert float(learning_cost(0.0, 50.0, outcome, 14)[0]) == pytest.approx(10.0)


def test_a_calm_plan_is_left_alone_but_for_the_sum(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    changes = tune(in_force(plan), known(make_panel(10)))
    assert _keeps_the_sum(plan, changes)
    assert len(changes.changes) <= 2
    assert len(changes.held) + len({one.line_id for one in changes.changes}) == len(plan.lines)


def test_ads_that_are_clicked_less_are_renewed(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    changes = tune(in_force(plan), known(make_panel(10, clicks=0.3)))
    renewed = {one.line_id for one in changes.changes if one.action == "rotate_creative"}
    assert renewed == HIT
    assert _keeps_the_sum(plan, changes)


def test_results_that_vanish_while_clicks_go_on_hold_the_line(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    changes = tune(in_force(plan), known(make_panel(10, leads=0.0)))
    held = {one.line_id: one.reason for one in changes.held}
    assert set(held) >= HIT
    assert all("tracking" in held[line] for line in HIT)
    assert _keeps_the_sum(plan, changes)


def test_a_line_in_its_learning_phase_is_held(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    day = START + timedelta(6)
    before = in_force(plan).state
    after = before.model_copy(update={"daily_budgets": before.daily_budgets | {"google_ads:2:1": 260.0}})
    entry = LogEntry(
        id="c1", kind="apply", at=utc_now(), who="a", mode="approve", why="", as_of=day, follows=None,
        before=before, after=after,
    )  # fmt: skip
    now = InForce(in_force(plan).folder, plan, after, (entry,))
    changes = tune(now, known(make_panel(10, leads=0.2)))
    held = {one.line_id: one.reason for one in changes.held}
    assert held["google_ads:2:1"] == "in its learning phase until 18 January 2026"


def test_locked_lines_stay_and_other_limits_hold(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    limits = Limits(
        weekly_change=0.1, lines={"google_ads:0:1": LineLimit(locked=5600.0), "google_ads:4:1": LineLimit(max=5650.0)}
    )
    changes = tune(in_force(plan), known(make_panel(10, leads=0.2)), limits=limits)
    after = _after(plan, changes)
    assert after["google_ads:0:1"] == 200.0
    assert all(179.9 <= budget <= 220.1 for line, budget in after.items() if line != "meta_ads:1:1" and budget > 0)
    assert _keeps_the_sum(plan, changes)


def test_a_line_that_costs_far_more_than_planned_is_never_raised(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    """It alone is free: two are locked, the others are learning, and money is left that others did not spend."""
    plan = make_plan(total_budget=200.0 * 28 * 6 * 1.06)
    dear, learning = "google_ads:0:1", ("google_ads:2:1", "meta_ads:3:1", "google_ads:4:1", "meta_ads:5:1")
    before = in_force(plan).state
    after = before.model_copy(update={"daily_budgets": before.daily_budgets | dict.fromkeys(learning, 260.0)})
    entry = LogEntry(
        id="c1", kind="apply", at=utc_now(), who="a", mode="approve", why="", as_of=START + timedelta(6), follows=None,
        before=before, after=after,
    )  # fmt: skip
    now = InForce(in_force(plan).folder, plan, before, (entry,))
    limits = Limits(lines={"meta_ads:1:1": LineLimit(locked=5600.0)})
    changes = tune(now, known(make_panel(10, leads=0.3)), limits=limits)
    raised = {one.line_id for one in changes.changes if one.action == "set_daily_budget" and one.to > one.before}
    assert raised
    assert raised <= set(learning)
    assert all(one.to <= 1.2 * one.before + 0.01 for one in changes.changes if one.line_id in learning)
    said = {one.line_id: one.reason for one in [*changes.held, *changes.changes]}
    assert "times what the plan expects" in said[dear]
    assert _keeps_the_sum(plan, changes)


def test_the_sum_goes_before_the_usual_step_and_all_lines_move_alike(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    plan = make_plan(total_budget=200.0 * 28 * 6 * 2)
    changes = tune(in_force(plan), known(make_panel(10)))
    assert changes.money is not None
    assert changes.money.unplaced == 0
    assert _keeps_the_sum(plan, changes)
    after = _after(plan, changes)
    assert all(200.0 * 1.3 < budget < 200.0 * 5.0 for budget in after.values())
    assert any("move further for it" in note and "weekly_change" in note for note in changes.notes)


def test_money_that_no_step_of_a_person_can_place_stays_unspent_and_a_note_says_so(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    plan = make_plan(total_budget=200.0 * 28 * 6 * 2)
    changes = tune(in_force(plan), known(make_panel(10)), limits=Limits(weekly_change=0.3))
    assert all(after <= 1.3 * 200.0 for after in _after(plan, changes).values())
    assert changes.money is not None
    assert changes.money.unplaced > 0.3 * changes.money.left
    assert any("finds no place" in note and "largest step of 30% a week" in note for note in changes.notes)
    assert _keeps_the_sum(plan, changes)


def test_a_railed_line_whose_pause_was_not_kept_does_not_break_the_largest_step(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    """Paused on the platform a fortnight ago, while `state.json` was lost: its money goes round within the steps."""
    plan, panel = make_plan(), make_panel(24)
    stopped = {name: getattr(panel, name).copy() for name in ("cost", "impressions", "clicks", "conversions", "leads")}
    for values in stopped.values():
        values[:3, 305:] = 0.0  # half of all the money
    changes = tune(in_force(plan), known(replace(panel, **stopped)), limits=Limits(weekly_change=0.3))
    moved = [one for one in changes.changes if one.action == "set_daily_budget"]
    assert moved
    assert all(0.7 * one.before - 0.01 <= one.to <= 1.3 * one.before + 0.01 for one in moved)
    assert changes.money is not None
    assert changes.money.unplaced > 0
    assert _keeps_the_sum(plan, changes)


def test_where_too_little_is_left_a_line_is_paused_rather_than_all_cut_beyond_the_step(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    plan = make_plan(total_budget=200.0 * 6 * 20)
    changes = tune(in_force(plan), known(make_panel(10)))
    after = _after(plan, changes)
    assert all(budget == 0 or budget >= 140.0 for budget in after.values())
    paused = [one for one in changes.changes if one.action == "pause"]
    assert paused
    assert all("brings least for its money" in one.reason for one in paused)
    assert _keeps_the_sum(plan, changes)


def test_one_step_a_week_counts_from_the_plans_own_budget_in_its_first_week(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    plan = make_plan(total_budget=200.0 * 28 * 6 * 2)
    before = in_force(plan).state
    after = before.model_copy(update={"daily_budgets": dict.fromkeys(before.daily_budgets, 240.0)})
    entry = LogEntry(id="c1", kind="apply", at=utc_now(), who="a", mode="approve", why="", as_of=START + timedelta(2),
                     follows=None, before=before, after=after)  # fmt: skip
    now = InForce(in_force(plan).folder, plan, after, (entry,))
    changes = tune(now, known(make_panel(5)), limits=Limits(weekly_change=0.3))
    raised = [one for one in changes.changes if one.action == "set_daily_budget"]
    assert raised
    assert all(one.to <= 260.0 for one in raised)


def test_a_line_that_the_exports_do_not_know_gets_no_more_until_it_delivers(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    plan = make_plan(total_budget=200.0 * 28 * 7 * 1.5)
    new = plan.lines[0].model_copy(update={"id": "google_ads:new:1", "is_new": True, "campaign_id": None})
    plan = plan.model_copy(update={"lines": [*plan.lines, new]})
    changes = tune(in_force(plan), known(make_panel(9)))
    held = {one.line_id: one.reason for one in changes.held}
    assert "the exports do not know it yet" in held[new.id]
    assert "until it is seen to deliver" in held[new.id]
    later = tune(in_force(plan), known(make_panel(16)))
    (cut,) = [one for one in later.changes if one.line_id == new.id]
    assert cut.to < cut.before
    assert "have not seen it deliver" in cut.reason


def test_budgets_that_are_set_otherwise_on_the_platform_are_told(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    """As where `state.json` was not kept."""
    panel = make_panel(10)
    lines = tuple(replace(line, daily_budget=260.0 if line.id in HIT else 200.0) for line in panel.lines)
    notes = tune(in_force(make_plan()), known(replace(panel, lines=lines))).notes
    (told,) = [note for note in notes if "other daily budgets" in note]
    assert told.count("$260 there, $200 here") == len(HIT)


def test_reasons_for_more_money_name_what_argues_against_it(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    """Two lines are clicked half as often, and money is left over, so that they are raised all the same."""
    changes = tune(in_force(make_plan(total_budget=200.0 * 28 * 6 * 1.3)), known(make_panel(10, clicks=0.6)))
    raised = [one for one in changes.changes if one.action == "set_daily_budget" and one.to > one.before]
    seen = [one for one in raised if "click rate" in one.reason]
    assert seen
    for one in seen:
        assert "lower than planned for (" in one.reason.split("Against it: ")[1]
        assert not one.reason.startswith("The click rate")


def test_reasons_say_by_how_much_with_their_range(dropped: tuple[Plan, Changes]) -> None:
    plan, changes = dropped
    told = [one for one in changes.changes if one.action == "set_daily_budget" and "expected to bring" in one.reason]
    assert told
    for one in told:
        assert one.expected_gain is not None
        assert "sure of a gain)" in one.reason
        assert "one more lead costs about $" in one.reason
    assert plan.currency == "USD"


def test_money_that_a_line_cannot_spend_goes_elsewhere(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    changes = tune(in_force(plan), known(make_panel(10, spend=0.5)))
    after = _after(plan, changes)
    assert all(after[line] < 0.75 * 200.0 for line in HIT)
    assert _keeps_the_sum(plan, changes)


def test_a_line_that_stopped_delivering_keeps_its_budget_and_gets_no_more(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    plan = make_plan()
    stopped = tune(in_force(plan), known(make_panel(10, spend=0.02, broken=6)))
    held = {one.line_id: one.reason for one in stopped.held}
    assert all("hardly delivered for 4 days" in held[line] for line in HIT)
    assert _keeps_the_sum(plan, stopped)
    back = make_panel(10, spend=0.02, broken=4)
    cost = back.cost.copy()
    cost[:2, -2:] = 200.0  # it delivers again since yesterday
    again = tune(in_force(plan), known(replace(back, cost=cost)))
    assert not [one for one in again.changes if "spends only" in one.reason]


def test_leads_that_the_crm_has_and_the_platform_does_not_count_hold_the_line(
    make_panel: PanelMaker, make_plan: PlanMaker
) -> None:
    plan = make_plan()
    true, panel = make_panel(10), make_panel(10, leads=0.2)  # a tag that still counts one lead in five
    tracked = replace(panel, has_crm=True, crm_leads=true.leads)
    held = {one.line_id: one.reason for one in tune(in_force(plan), known(tracked)).held}
    assert all("tracking" in held[line] for line in HIT)
    lost = replace(panel, has_crm=True, crm_leads=panel.leads)  # the CRM has no more either: the leads are gone
    held = {one.line_id: one.reason for one in tune(in_force(plan), known(lost)).held}
    assert not any("tracking" in reason for reason in held.values())


def test_how_often_new_ads_help_is_learned_from_the_accounts_past(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan, panel = make_plan(), make_panel(10, clicks=0.3)
    clicks, fresh = panel.clicks.copy(), np.zeros(panel.cost.shape)
    for day in (80, 160, 240):
        clicks[2:, day - 10 : day] = np.round(0.5 * clicks[2:, day - 10 : day])
        fresh[2:, day] = 1.0
    said = [
        one.reason
        for one in tune(in_force(plan), known(replace(panel, clicks=clicks, refreshed=fresh))).changes
        if one.action == "rotate_creative"
    ]
    assert said
    assert all("93% of cases (as in 12 cases of this account)" in reason for reason in said)


def test_spend_over_its_pace_is_brought_back_by_the_rail(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    changes = tune(in_force(plan), known(make_panel(10, spend=1.6)))
    railed = {one.line_id for one in changes.changes if one.rail == "pace"}
    assert railed == HIT
    assert _keeps_the_sum(plan, changes)


def test_a_plan_whose_money_is_spent_is_paused(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan(total_budget=5000.0)
    changes = tune(in_force(plan), known(make_panel(10)))
    assert [one.action for one in changes.changes] == ["pause"] * 6
    assert _keeps_the_sum(plan, changes)


def test_a_plan_that_is_over_is_left_alone(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    changes = tune(in_force(make_plan()), known(make_panel(28)))
    assert changes.changes == []
    assert {one.reason for one in changes.held} == {"the plan is over"}


def test_nothing_after_the_day_is_used(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan, day = make_plan(), START + timedelta(9)
    late = make_panel(14, leads=0.2)
    early = until(late, day)
    assert tune(in_force(plan), known(late), as_of=day) == tune(in_force(plan), known(early))


def test_where_every_line_is_paused_nothing_is_changed(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    changes = tune(in_force(plan, paused=[line.id for line in plan.lines]), known(make_panel(10)))
    assert changes.changes == []
    assert all("the log does not say why" in one.reason for one in changes.held)
    assert any("Every line is paused" in note for note in changes.notes)


def test_paused_lines_count_nothing(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    changes = tune(in_force(plan, paused=["meta_ads:5:1"]), known(make_panel(10)))
    held = {one.line_id: one.reason for one in changes.held}
    assert "it is paused" in held["meta_ads:5:1"]
    state = changed(plan, in_force(plan, paused=["meta_ads:5:1"]).state, changes)
    running = sum(budget for line, budget in state.daily_budgets.items() if line not in state.paused)
    assert changes.money is not None
    assert running * changes.money.days_left == pytest.approx(changes.money.left, abs=0.01 * 18 * 6)


def test_too_few_days_are_not_enough_data(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    (effect,) = effects_of(_pausing(plan, START + timedelta(8)), known(make_panel(10)))
    assert (effect.verdict, effect.measured) == ("not enough data", None)


def test_new_ads_that_heal_are_found_to_have_earned(make_panel: PanelMaker, make_plan: PlanMaker) -> None:
    plan = make_plan()
    panel = make_panel(24, leads=0.25)
    healed = panel.leads.copy()
    healed[:2, 310:] = make_panel(24).leads[:2, 310:]
    now = _renewing(plan, START + timedelta(9))
    (effect,) = effects_of(now, known(replace(panel, leads=healed, conversions=healed)))
    assert effect.verdict == "earned"
    assert effect.measured is not None
    brought = healed[:2, 310:].sum() - panel.leads[:2, 310:].sum()
    assert effect.measured.low < brought < effect.measured.high


def _entry(plan: Plan, day: date, changes: Changes) -> InForce:
    before = in_force(plan).state
    after = changed(plan, before, changes)
    entry = LogEntry(
        id="c1", kind="apply", at=utc_now(), who="a", mode="approve", why="", as_of=day, follows=None,
        changes=changes.changes, before=before, after=after,
    )  # fmt: skip
    return InForce(in_force(plan).folder, plan, after.model_copy(update={"change_id": "c1"}), (entry,))


def _pausing(plan: Plan, day: date) -> InForce:
    changes = [{"line_id": "google_ads:0:1", "action": "pause", "reason": ""}]
    return _entry(plan, day, Changes.model_validate({"as_of": day, "changes": changes}))


def _renewing(plan: Plan, day: date) -> InForce:
    changes = [{"line_id": line, "action": "rotate_creative", "reason": ""} for line in sorted(HIT)]
    return _entry(plan, day, Changes.model_validate({"as_of": day, "changes": changes}))
