import pytest

from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.objective import resolve_objective
from marketmover.plans import Brief

ALL = ("clicks", "impressions", "leads", "qualified_leads", "conversions", "revenue")


def test_what_the_user_asks_for_wins_over_the_brief() -> None:
    assert resolve_objective(Brief(outcome="leads"), "clicks", ALL, None, Notes()) == "clicks"


@pytest.mark.parametrize(
    ("objective", "metric"), [("leads", "leads"), ("traffic", "clicks"), ("engagement", "clicks"), ("sales", "revenue")]
)
def test_an_objective_stands_for_its_metric(objective: str, metric: str) -> None:
    brief = Brief.model_validate({"objective": objective})
    assert resolve_objective(brief, None, ALL, None, Notes()) == metric


def test_sales_without_revenue_in_the_history_are_conversions() -> None:
    assert resolve_objective(Brief(objective="sales"), None, ("clicks", "conversions"), None, Notes()) == "conversions"


def test_what_the_history_cannot_speak_of_is_replaced_with_a_warning() -> None:
    notes = Notes()
    assert resolve_objective(Brief(outcome="qualified_leads"), None, ("clicks",), None, notes) == "clicks"
    assert "qualified leads" in notes.warnings[0]


def test_profit_needs_a_margin() -> None:
    notes = Notes()
    assert resolve_objective(Brief(outcome="profit"), None, ALL, None, notes) == "revenue"
    assert "margin" in notes.warnings[0]
    assert resolve_objective(Brief(outcome="profit"), None, ALL, 0.3, Notes()) == "profit"


def test_no_objective_at_all_is_an_assumption() -> None:
    notes = Notes()
    assert resolve_objective(Brief(), None, ALL, None, notes) == "leads"
    assert notes.assumptions
