"""What a plan carries beside its split: who is reached, what types return, and the limits that it was made under."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketmover.campaigns.compose import Materials, compose
from marketmover.campaigns.page import render_page
from marketmover.campaigns.parameters import Details
from marketmover.campaigns.show import outline
from marketmover.history import Panel, Part
from marketmover.plans import Audience, Brief, BriefBudget, Limits, Plan

BRIEF = Brief(
    objective="leads",
    budget=BriefBudget(amount=20_000, currency="USD"),
    audience=Audience(genders=["FEMALE", "MALE"]),
    start_date=date(2026, 1, 5),
    duration_days=28,
)


def parts(panel: Panel) -> tuple[Part, ...]:
    """Starved lines reach women, fed ones men, and a fifth of all is unknown."""
    found: list[Part] = []
    days = slice(-90, None)
    for row, line in enumerate(panel.lines):
        for gender, share in (("FEMALE" if row % 2 == 0 else "MALE", 0.8), ("UNKNOWN", 0.2)):
            counts = {
                name: np.asarray(getattr(panel, name)[row][days]) * share
                for name in ("impressions", "clicks", "cost", "conversions", "leads", "sales", "installs")
            }
            first, last = (panel.dates[days][place].astype(object) for place in (0, -1))
            value = np.zeros(90)
            found.append(Part(line.id, ("gender",), (gender,), first, last, panel.dates[days], **counts, value=value))
    return tuple(found)


@pytest.fixture(scope="module")
def plan(make_panel: Callable[..., Panel], make_materials: Callable[..., Materials]) -> Plan:
    panel = make_panel()
    materials = replace(make_materials(panel), details=Details(parts=parts(panel)))
    return compose(BRIEF, materials, limits=Limits(margin=0.4, agency_fee=0.15), seed=3)


def test_a_plan_says_who_is_reached_and_what_it_shifts(plan: Plan) -> None:
    (report,) = plan.fairness.groups
    women = next(group for group in report.groups if group.value == "FEMALE")
    assert report.by == "gender"
    assert women.planned > women.today
    assert women.asked is True
    assert report.unknown == pytest.approx(0.2, abs=0.01)
    assert plan.fairness.platforms is not None


def test_a_plan_says_what_each_type_returns_at_present_and_planned_budgets(plan: Plan) -> None:
    assert plan.returns is not None
    assert sum(kind.planned or 0.0 for kind in plan.returns.types) == pytest.approx(plan.total_budget)
    assert {one.budgets for kind in plan.returns.types for one in kind.estimates} == {"present", "planned"}
    assert plan.returns.cost["agency_fee"] == pytest.approx(0.15 * plan.total_budget)


def test_a_plan_carries_the_limits_and_seed_that_it_was_made_with(plan: Plan) -> None:
    assert plan.limits == Limits(margin=0.4, agency_fee=0.15)
    assert plan.seed == 3


def test_fee_and_tax_do_not_move_the_split(
    plan: Plan, make_panel: Callable[..., Panel], make_materials: Callable[..., Materials]
) -> None:
    bare = compose(BRIEF, make_materials(make_panel()), limits=Limits(margin=0.4), seed=3)
    assert {line.id: line.budget for line in bare.lines} == {line.id: line.budget for line in plan.lines}
    assert bare.fairness.groups == []
    assert "do not break the plan's lines down by age or gender" in bare.fairness.remarks[0]


def test_the_page_and_the_terminal_show_both(plan: Plan) -> None:
    page = render_page(plan)
    assert ">Who is reached</h2>" in page
    assert ">What each campaign type returns</h2>" in page
    said = [part for part in outline(plan) if isinstance(part, str)]
    assert "Who is reached:" in said
    assert "What each campaign type returns:" in said


def test_a_first_campaign_has_neither(make_materials: Callable[..., Materials]) -> None:
    first = compose(BRIEF, make_materials(Panel.empty("USD"), today=date(2026, 1, 1)))
    assert (first.returns, first.fairness.groups, first.fairness.remarks) == (None, [], [])
    assert "What each campaign type returns" not in render_page(first)


def test_lines_that_would_be_stopped_first_have_the_day_on_which_to_decide(plan: Plan) -> None:
    assert len(plan.stop_days) == len(plan.stop_first) > 0
    for day, words in zip(plan.stop_days, plan.stop_first, strict=True):
        wait = (day - plan.start_date).days
        assert 7 <= wait <= 28
        assert f"if after {wait} days" in words
