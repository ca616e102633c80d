import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from marketmover.budget.allocation.bounds import bounds, within_caps
from marketmover.budget.allocation.demand import DemandCurves
from marketmover.budget.allocation.solver import Tree, solve
from marketmover.budget.allocation.units import Members
from marketmover.errors import InputError
from marketmover.plans import CampaignLimit, Limits, LineLimit, PlatformLimit

Floats = NDArray[np.float64]
MEMBERS = Members(
    ("a", "b", "c", "d"), ("one", "one", "two", "three"), ("google_ads", "google_ads", "google_ads", "meta_ads")
)


def gains(strength: Floats, half: Floats, budgets: Floats) -> Floats:
    return strength * budgets / (budgets + half)


def curves(strength: Floats, half: Floats, top: float) -> DemandCurves:
    grid = np.concatenate([[0.0], np.geomspace(top * 1e-5, top, 400)])
    table = np.stack([gains(s, h, grid) for s, h in zip(strength, half, strict=True)])
    return DemandCurves.from_gains(np.tile(grid, (len(strength), 1)), table)


def tree(limits: Limits, total: float) -> Tree:
    return bounds(MEMBERS, limits, total, current={})


def brute_force(strength: Floats, half: Floats, total: int, allowed: Tree) -> float:
    """The best gain over all splits of whole hundredths of the total that keep to the bounds."""
    best, unit = -1.0, total / 50
    for parts in itertools.product(range(51), repeat=3):
        last = 50 - sum(parts)
        budgets = np.array([*parts, last]) * unit
        if last >= 0 and keeps(budgets, allowed):
            best = max(best, float(gains(strength, half, budgets).sum()))
    return best


def keeps(budgets: Floats, allowed: Tree) -> bool:
    by_campaign = np.bincount(allowed.campaign, budgets)
    by_platform = np.bincount(allowed.platform, by_campaign)
    return bool(
        (budgets >= allowed.line_low - 1e-6).all()
        and (budgets <= allowed.line_high + 1e-6).all()
        and (by_campaign >= allowed.campaign_low - 1e-6).all()
        and (by_campaign <= allowed.campaign_high + 1e-6).all()
        and (by_platform >= allowed.platform_low - 1e-6).all()
        and (by_platform <= allowed.platform_high + 1e-6).all()
    )


CASES = {
    "free": Limits(),
    "a line at most": Limits(lines={"a": LineLimit(max=10)}),
    "a line locked": Limits(lines={"d": LineLimit(locked=40)}),
    "a campaign at most": Limits(campaigns={"one": CampaignLimit(max=30)}),
    "a campaign at least": Limits(campaigns={"two": CampaignLimit(min=50)}),
    "platforms": Limits(platforms={"meta_ads": PlatformLimit(min_share=0.5)}),
    "all at once": Limits(
        lines={"a": LineLimit(min=10), "c": LineLimit(max=20)},
        campaigns={"one": CampaignLimit(max=40)},
        platforms={"meta_ads": PlatformLimit(max_share=0.6)},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_no_split_of_a_fine_grid_beats_the_solver(name: str) -> None:
    strength, half = np.array([50.0, 80.0, 20.0, 100.0]), np.array([30.0, 100.0, 10.0, 300.0])
    allowed = tree(CASES[name], 100.0)

    budgets = solve(curves(strength, half, 100.0), allowed, 100.0)

    assert budgets.sum() == pytest.approx(100.0, abs=1e-6)
    assert keeps(budgets, allowed)
    assert gains(strength, half, budgets).sum() >= brute_force(strength, half, 100, allowed) - 1e-3


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 100), st.floats(1, 1000)), min_size=4, max_size=4), st.floats(1, 1e6))
def test_free_money_goes_where_the_next_unit_earns_the_same(lines: list[tuple[float, float]], total: float) -> None:
    strength, half = (np.array(values) for values in zip(*lines, strict=True))
    found = curves(strength, half, total)

    budgets = solve(found, tree(Limits(), total), total)

    assert budgets.sum() == pytest.approx(total, rel=1e-9)
    slopes = strength * half / (budgets + half) ** 2
    funded = budgets > total * 1e-4
    assert slopes[funded] == pytest.approx(np.full(funded.sum(), slopes[funded].mean()), rel=0.05)


def test_a_table_that_is_not_concave_is_read_by_its_envelope() -> None:
    grid = np.array([[0.0, 1.0, 2.0, 3.0]])
    slopes = DemandCurves.from_gains(grid, np.array([[0.0, 1.0, 3.0, 3.5]])).slopes

    assert (np.diff(slopes) < 0).all()


CONTRADICTIONS = {
    r'platforms.google_ads.max_share 0.5 \(50 EUR\) is less than lines."a".min \(60 EUR\)': Limits(
        lines={"a": LineLimit(min=60)}, platforms={"google_ads": PlatformLimit(max_share=0.5)}
    ),
    r'campaigns."one".max \(30 EUR\) is less than lines."a".locked \(40 EUR\)': Limits(
        lines={"a": LineLimit(locked=40)}, campaigns={"one": CampaignLimit(max=30)}
    ),
    r'campaigns."two".min \(50 EUR\) is more than lines."c".max \(20 EUR\)': Limits(
        lines={"c": LineLimit(max=20)}, campaigns={"two": CampaignLimit(min=50)}
    ),
    r'lines."a".min \(70 EUR\) and lines."d".min \(70 EUR\), together 140 EUR, are more than the budget': Limits(
        lines={"a": LineLimit(min=70), "d": LineLimit(min=70)}
    ),
    r'lines."a".min \(400 EUR\) is more than the budget of 100 EUR': Limits(lines={"a": LineLimit(min=400)}),
    r"together 80.40 EUR, are less than the budget": Limits(lines={line: LineLimit(max=20.1) for line in "abcd"}),
    r"platforms.meta_ads.min_share 0.7 \(70 EUR\) and platforms.google_ads.min_share 0.6": Limits(
        platforms={"meta_ads": PlatformLimit(min_share=0.7), "google_ads": PlatformLimit(min_share=0.6)}
    ),
    "'x'": Limits(lines={"x": LineLimit(max=20)}),
}


@pytest.mark.parametrize("named", CONTRADICTIONS)
def test_limits_that_contradict_are_named_as_in_their_file_with_their_sums(named: str) -> None:
    with pytest.raises(InputError, match=named):
        bounds(MEMBERS, CONTRADICTIONS[named], 100.0, current={}, currency="EUR")


def test_a_least_share_of_a_platform_that_takes_no_part_is_refused() -> None:
    google = Members(("a",), ("one",), ("google_ads",))
    with pytest.raises(InputError, match="no line of meta_ads takes part"):
        bounds(google, Limits(platforms={"meta_ads": PlatformLimit(min_share=0.3)}), 100.0, current={})


def test_a_weekly_change_that_fights_a_line_limit_is_named() -> None:
    limits = Limits(lines={"a": LineLimit(min=90)}, weekly_change=0.2)

    with pytest.raises(InputError, match="weekly_change"):
        bounds(MEMBERS, limits, 100.0, current={"a": 25, "b": 25, "c": 25, "d": 25})


def test_evidence_caps_give_way_where_the_total_needs_them() -> None:
    allowed = within_caps(tree(Limits(), 100.0), [np.full(4, 20.0), np.full(4, 40.0)], 100.0)

    assert allowed.line_high.sum() == 160.0
