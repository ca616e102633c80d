"""Lift tests reach what learns the response, and the plan says that they did."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from marketmover.budget import Response, fit_response
from marketmover.campaigns.compose import Materials, compose
from marketmover.history import LiftTest
from marketmover.plans import Brief, BriefBudget

BRIEF = Brief(
    objective="leads",
    budget=BriefBudget(amount=9000, currency="USD"),
    start_date=date(2026, 1, 5),
    end_date=date(2026, 2, 1),
)
TEST = LiftTest("google_ads:0:01", date(2025, 9, 1), date(2025, 9, 28), 500.0, "leads", 12.0, 4.0)


def test_lift_tests_are_learned_from_and_told(make_materials: Callable[..., Materials]) -> None:
    handed: list[Any] = []

    def learn(*arguments: Any, **named: Any) -> Response:
        handed.append(named.pop("lift_tests", None))
        return fit_response(*arguments, **named)

    materials = make_materials()
    with_tests = compose(BRIEF, replace(materials, lift_tests=(TEST, TEST)), learn=learn)
    without = compose(BRIEF, materials, learn=learn)
    assert handed == [(TEST, TEST), None]
    said = [sentence for sentence in with_tests.assumptions if "2 lift tests of 1 line" in sentence]
    assert len(said) == 1
    assert not any("lift test" in sentence for sentence in without.assumptions)
