"""Who is reached: shares that add up, ranges that hold, and warnings only where results do not justify the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketmover.campaigns.fairness import Split, who_is_reached
from marketmover.campaigns.fairness.asked import asks_for, expected_groups
from marketmover.campaigns.fairness.models.rates import group_rates
from marketmover.history import Line, Panel, Part
from marketmover.plans import Audience, Fairness

DAYS = np.arange("2025-10-03", "2026-01-01", dtype="datetime64[D]")
LINES = ("google_ads:1:11", "meta_ads:2:21")


def panel(**changes: object) -> Panel:
    lines = (
        Line(LINES[0], "google_ads", "111", "1", "11", "Search: her", "SEARCH", countries=("US",)),
        Line(LINES[1], "meta_ads", "222", "2", "21", "Social: him", "IMAGE", countries=("US",), budget_level="ad_set"),
    )
    empty = np.zeros((2, DAYS.size))
    arrays = {
        name: empty for name in vars(Panel.empty("USD")) if isinstance(getattr(Panel.empty("USD"), name), np.ndarray)
    }
    cost = np.full((2, DAYS.size), 10.0)
    values: dict[str, object] = {
        **arrays,
        "dates": DAYS,
        "lines": lines,
        "observed": cost > 0,
        "cost": cost,
        "leads": np.full((2, DAYS.size), 1.0),
    }
    return replace(Panel.empty("USD"), **{**values, **changes})


def part(line: str, by: str, value: str, cost: float = 10.0, leads: float = 1.0, impressions: float = 100.0) -> Part:
    """A part with the same figures each day."""
    random = np.random.default_rng([int(cost * 10), int(leads * 100), *value.encode()])
    counted = random.poisson(leads, DAYS.size).astype(np.float64)
    flat = np.ones(DAYS.size)
    return Part(
        line_id=line,
        by=(by,),
        values=(value,),
        first_date=DAYS[0].astype(object),
        last_date=DAYS[-1].astype(object),
        dates=DAYS,
        impressions=flat * impressions,
        clicks=flat * 5,
        cost=flat * cost,
        conversions=counted,
        leads=counted,
        sales=flat * 0,
        installs=flat * 0,
        value=counted * 50,
    )


def seen(
    parts: Sequence[Part],
    planned: Sequence[float],
    *,
    today: Sequence[float] = (500.0, 500.0),
    audience: Audience | None = None,
    metric: str = "leads",
    of: Panel | None = None,
) -> tuple[Fairness, list[str]]:
    names: Mapping[str, str] = dict(zip(LINES, ("Search: her", "Social: him"), strict=True))
    split = Split(dict(zip(LINES, planned, strict=True)), dict(zip(LINES, today, strict=True)), names)
    return who_is_reached(of or panel(), parts, split, audience or Audience(), metric)


HER, HIM = part(LINES[0], "gender", "FEMALE"), part(LINES[1], "gender", "MALE")


def test_shares_of_money_follow_the_lines_budgets() -> None:
    found, _ = seen([HER, HIM], (700, 300))
    (report,) = found.groups
    assert [(group.value, group.today, group.planned) for group in report.groups] == [
        ("FEMALE", 0.5, 0.7),
        ("MALE", 0.5, 0.3),
    ]
    assert sum(group.spend_share for group in report.groups) == pytest.approx(1.0, abs=1e-3)
    assert report.covered == 1.0


def test_a_group_whose_money_falls_although_it_brings_as_much_is_starved() -> None:
    found, warnings = seen([HER, HIM], (200, 800))
    assert found.groups[0].starved == ["FEMALE"]
    assert len(warnings) == 1
    assert warnings[0].startswith("Women would get 20% of the money rather than 50% today")
    assert "set a floor under “Search: her”" in warnings[0]


def test_a_group_that_brings_little_may_lose_money_without_a_warning() -> None:
    poor = part(LINES[0], "gender", "FEMALE", leads=0.1)
    found, warnings = seen([poor, HIM], (200, 800))
    assert (found.groups[0].starved, warnings) == ([], [])


def test_a_small_fall_is_no_warning() -> None:
    assert seen([HER, HIM], (430, 570))[1] == []


def test_whom_the_brief_does_not_ask_for_is_not_starved_but_said() -> None:
    found, warnings = seen([HER, HIM], (200, 800), audience=Audience(genders=["MALE"]))
    assert warnings == []
    assert "would reach people that the brief does not ask for (women); today it is 50%" in found.groups[0].words


def test_who_is_asked_for_and_hardly_seen_is_named() -> None:
    parts = [part(LINES[0], "age", "25-34"), part(LINES[0], "age", "35-44", cost=0.01, impressions=0.2)]
    found, _ = seen(parts, (500, 500), audience=Audience(age_min=25, age_max=54))
    assert found.groups[0].not_reached == ["people aged 35 to 44", "people aged 45 to 54"]
    assert (
        "The brief asks for people aged 35 to 44 and people aged 45 to 54, who are hardly reached."
        in found.groups[0].words
    )


def test_one_gender_alone_tells_that_the_other_is_missing_where_it_is_asked_for() -> None:
    assert seen([HER], (500, 500))[0].groups == []
    found, _ = seen([HER], (500, 500), audience=Audience(genders=["FEMALE", "MALE"]))
    assert found.groups[0].not_reached == ["men"]


def test_unknown_people_are_counted_apart_and_said() -> None:
    unknown = part(LINES[0], "gender", "UNKNOWN", cost=5.0)
    found, _ = seen([HER, HIM, unknown], (200, 800))
    report = found.groups[0]
    assert report.unknown == pytest.approx(0.2)
    assert "Whom 20% of it reaches is not known" in report.words
    assert report.starved == ["FEMALE"]


def test_what_is_not_broken_down_is_said() -> None:
    found, warnings = seen([], (500, 500))
    assert (found.groups, warnings) == ([], [])
    assert "do not break the plan's lines down by age or gender" in found.remarks[0]
    half, _ = seen([HER], (500, 500), audience=Audience(genders=["MALE"]))
    assert half.groups[0].covered == 0.5
    assert "he exports break down 50% of the lines' money" in half.groups[0].words


def test_qualified_leads_count_by_the_rate_of_the_line_they_come_from() -> None:
    decided = np.full((2, DAYS.size), 10.0)
    of = panel(crm_decided=decided, crm_qualified=decided * np.array([[0.6], [0.2]]))
    found, _ = seen([HER, HIM], (500, 500), metric="qualified_leads", of=of)
    women, men = found.groups[0].groups
    assert women.outcome / HER.total("leads") == pytest.approx(0.6, abs=0.01)
    assert men.outcome / HIM.total("leads") == pytest.approx(0.2, abs=0.01)
    assert found.remarks[-1] == "A group's leads count by how many of their line's qualify."


def test_revenue_counts_by_value_where_the_platform_tells_it() -> None:
    found, _ = seen([HER, HIM], (500, 500), metric="revenue", of=panel(revenue_source="platform"))
    assert found.groups[0].groups[0].outcome == pytest.approx(HER.total("value"))


def test_many_small_places_are_pooled() -> None:
    parts = [part(LINES[1], "region", f"Place {number}", cost=10.0 - number * 0.5) for number in range(14)]
    report = seen(parts, (0, 1000))[0].groups[0]
    assert [group.value for group in report.groups][-1] == "other places"
    assert len(report.groups) == 9
    assert sum(group.spend_share for group in report.groups) == pytest.approx(1.0, abs=1e-3)


def test_a_group_with_few_counts_rests_on_the_others_and_one_with_many_on_itself() -> None:
    counts = np.array([[200.0] * 10, [0.2] * 10, [100.0] * 10])
    spend = np.array([[2000.0] * 10, [4.0] * 10, [2000.0] * 10])
    rates = group_rates(counts, spend)
    assert rates.mid[0] == pytest.approx(0.1, rel=0.02)
    assert rates.mid[2] == pytest.approx(0.05, rel=0.02)
    assert 0.05 < rates.mid[1] < 0.1
    assert (rates.high - rates.low)[1] > 4 * (rates.high - rates.low)[0]


@pytest.mark.parametrize("spread", [9.0, 16.0, 100.0])
@pytest.mark.parametrize("dispersion", [1.0, 4.0])
def test_ranges_of_cost_hold_the_truth_about_four_times_in_five(dispersion: float, spread: float) -> None:
    random = np.random.default_rng(5)
    held: list[bool] = []
    for _ in range(60):
        truth = random.gamma(spread, 0.05 / spread, 6)
        spend = random.uniform(20, 300, (6, 1)) * np.ones((6, 13))
        mean = truth[:, None] * spend
        weekly = mean if dispersion == 1 else random.gamma(mean / (dispersion - 1), dispersion - 1)
        rates = group_rates(random.poisson(weekly).astype(float), spend)
        held += list((rates.low <= truth) & (truth <= rates.high))
    assert 0.72 <= float(np.mean(held)) <= 0.9


def test_nothing_counted_gives_no_cost() -> None:
    rates = group_rates(np.zeros((2, 3)), np.ones((2, 3)))
    assert rates.mid.tolist() == [0.0, 0.0]
    nobody = [part(LINES[0], "gender", "FEMALE", leads=0.0), part(LINES[1], "gender", "MALE", leads=0.0)]
    found, warnings = seen(nobody, (200, 800))
    assert [group.cost for group in found.groups[0].groups] == [None, None]
    assert warnings == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [("18-24", True), ("25-34", True), ("55-64", False), ("65+", False), ("13-17", False), ("unknown", None)],
)
def test_ages_are_asked_for_where_they_overlap_with_the_brief(value: str, expected: bool | None) -> None:
    assert asks_for(Audience(age_min=20, age_max=54), "age", value) is expected


def test_a_brief_for_everybody_asks_for_nobody_in_particular() -> None:
    assert asks_for(Audience(), "gender", "MALE") is None
    assert expected_groups(Audience(), "age") == ()
    assert expected_groups(Audience(countries=["DE"]), "country") == ("DE",)


def test_days_outside_the_last_half_year_are_left_aside() -> None:
    old = replace(HER, dates=HER.dates - np.timedelta64(400, "D"))
    found, _ = seen([old, HIM, part(LINES[0], "gender", "MALE")], (500, 500))
    report = found.groups[0]
    assert report.first_date >= date(2025, 7, 5)
    assert next(group.spend for group in report.groups if group.value == "FEMALE") == 0.0
