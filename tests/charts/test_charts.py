"""Every chart: what it shows, what it says to a screen reader, and that nothing from outside breaks it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from html_page import HtmlPage
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from marketmover import charts
from marketmover.charts import BandPoint, Column, CoverageRow, DaySeries, Formats, MoveRow, RangeRow

FORMATS = Formats("USD")
MONEY, LEADS = FORMATS.money_measure("Budget"), FORMATS.count_measure("Leads")
NASTY = '<script>alert(1)</script> & "quoted" \u202eevil \U0001f600 \x00\ud800'
START = date(2026, 1, 5)
DAYS = [START + timedelta(days=offset) for offset in range(100)]
CURVE = [BandPoint(x, x * 0.8, x, x * 1.3) for x in (0.0, 50.0, 100.0)]


def _curve(title: str) -> Markup:
    return charts.response_curve(title, CURVE, spend=MONEY, outcome=LEADS, today=25, advised=75)


def _coverage(title: str) -> Markup:
    row = CoverageRow(title, [True, True, False, True], flagged=[1])
    return charts.coverage(title, START, [row], FORMATS)


CHARTS: dict[str, Callable[[str], Markup]] = {
    "curve": _curve,
    "ranges": lambda title: charts.range_bars(title, [RangeRow(title, (1, 2, 3), (1, 1.5, 2))], LEADS),
    "moves": lambda title: charts.dumbbells(title, [MoveRow(title, 10, 30), MoveRow("New", None, 5)], MONEY),
    "series": lambda title: charts.time_series(title, DaySeries(DAYS, [1.0] * 100), LEADS, FORMATS),
    "coverage": _coverage,
    "correlations": lambda title: charts.correlation_table(title, [title], [title, "b"], [[0.5, None]]),
    "histogram": lambda title: charts.histogram(title, [0, 10, 20], [3, 4], MONEY, FORMATS),
}


@pytest.fixture(params=CHARTS, name="draw")
def _draw(request: pytest.FixtureRequest) -> Callable[[str], Markup]:
    return CHARTS[request.param]


def test_a_name_from_outside_never_becomes_markup(draw: Callable[[str], Markup]) -> None:
    read = HtmlPage(draw(NASTY))
    assert read.faults == []
    assert read.reaches_out == []
    assert "<script>alert(1)</script>" in read.text


def test_every_chart_has_a_name_for_screen_readers_and_a_table_of_its_figures(draw: Callable[[str], Markup]) -> None:
    read = HtmlPage(draw("Leads by budget"))
    assert read.all("table")
    images = [attributes for _, attributes in read.elements if attributes.get("role") == "img"]
    assert all(image["aria-label"] for image in images)
    assert images or "correlations" in read.elements[0][1]["class"]
    for svg in read.all("svg"):
        assert "role" in svg or svg.get("aria-hidden") == "true" or "preserveaspectratio" in svg


def test_the_same_input_gives_the_same_text(draw: Callable[[str], Markup]) -> None:
    assert draw("Leads") == draw("Leads")


def test_a_page_with_every_chart_can_be_written_as_utf8_and_reaches_nothing_outside() -> None:
    body = charts.join(*(draw(NASTY) for draw in CHARTS.values()))
    text = charts.page(NASTY, body, simulated=True, description=NASTY)
    read = HtmlPage(text.encode("utf-8").decode("utf-8"))
    assert read.faults == []
    assert read.reaches_out == []
    assert "Simulated data" in read.words


def test_a_page_of_real_data_carries_no_ribbon() -> None:
    assert "Simulated" not in charts.page("Plan", Markup("<p>Hello</p>"))


def test_the_advised_mark_stands_on_the_curve_at_the_advised_budget() -> None:
    circles = HtmlPage(_curve("Search")).all("circle")
    today, advised = circles
    assert (today["cx"], advised["cx"]) == ("25%", "75%")
    assert float(advised["cy"]) < float(today["cy"])


def test_an_advised_budget_beyond_the_curve_stretches_its_axis() -> None:
    drawn = charts.response_curve("Search", CURVE, spend=MONEY, outcome=LEADS, advised=200)
    rules = [line for line in HtmlPage(drawn).all("line") if "advised" in line["class"]]
    assert [line["x1"] for line in rules] == ["100%"]


def test_no_outcome_is_claimed_beyond_the_curve() -> None:
    drawn = charts.response_curve("Search", CURVE, spend=MONEY, outcome=LEADS, today=100, advised=200)
    assert [mark["class"] for mark in HtmlPage(drawn).all("circle")] == ["today"]


def test_a_curve_without_budgets_to_mark_has_no_marks() -> None:
    assert HtmlPage(charts.response_curve("Search", CURVE, spend=MONEY, outcome=LEADS)).all("circle") == []


def test_a_curve_of_noughts_and_of_one_point_is_drawn() -> None:
    for points in ([BandPoint(0, 0, 0, 0)], [BandPoint(5, 0, 0, 0), BandPoint(5, 0, 0, 0)]):
        drawn = charts.response_curve("Search", points, spend=MONEY, outcome=LEADS, today=0)
        assert "nan" not in drawn
        assert HtmlPage(drawn).faults == []


def test_a_gap_in_a_series_leaves_its_line_open() -> None:
    values = [1.0, 2.0, None, None, 3.0, 4.0]
    drawn = charts.time_series("Spend", DaySeries(DAYS[:6], values), MONEY, FORMATS)
    assert len(HtmlPage(drawn).all("path")) == 2


def test_a_day_alone_between_gaps_is_still_drawn() -> None:
    drawn = charts.time_series("Spend", DaySeries(DAYS[:3], [None, 2.0, None]), MONEY, FORMATS)
    (path,) = HtmlPage(drawn).all("path")
    assert "L" in path["d"]


def test_a_series_below_nought_keeps_its_line_within_the_plot() -> None:
    drawn = charts.time_series("Profit", DaySeries(DAYS[:3], [-500.0, 200.0, -90.0]), MONEY, FORMATS)
    (path,) = HtmlPage(drawn).all("path")
    heights = [float(step.split()[1]) for step in path["d"].strip("M").split("L")]
    assert 0 < min(heights) < max(heights) <= 178


def test_a_long_series_is_tabled_by_month_and_a_short_one_by_day() -> None:
    long = HtmlPage(charts.time_series("Spend", DaySeries(DAYS, [1.0] * 100), MONEY, FORMATS))
    short = HtmlPage(charts.time_series("Spend", DaySeries(DAYS[:9], [1.0] * 9), MONEY, FORMATS))
    assert len(long.all("tr")) == 1 + 4
    assert len(short.all("tr")) == 1 + 9


def test_coverage_counts_days_that_are_missing_and_flagged() -> None:
    row = CoverageRow("Search", [True] * 6 + [False] * 4, flagged=[2, 3])
    read = HtmlPage(charts.coverage("Days", START, [row], FORMATS))
    assert "60%" in read.words
    assert read.words.endswith("Search61042")


def test_a_strong_correlation_is_shaded_more_than_a_weak_one_and_none_is_a_dash() -> None:
    read = HtmlPage(charts.correlation_table("All", ["a"], ["x", "y", "z", "w"], [[0.95, -0.3, 0.02, None]]))
    shades = [cell["class"] for cell in read.all("td") if "heat" in cell.get("class", "")]
    assert shades == ["n heat p4", "n heat m1", "n heat zero", "n heat"]


def test_a_correlation_of_nought_has_no_sign() -> None:
    said = charts.correlation_table("Weekly", ["A", "B"], ["X", "Y"], [[-0.001, 0.001], [-0.5, 0.5]])
    assert said.count(">0.00<") == 2
    assert "\N{MINUS SIGN}0.50" in said
    assert "+0.50" in said


def test_rows_that_do_not_fit_the_heads_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        charts.table(["a", Column("b")], [["only one"]])


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.response_curve("Search", [], spend=MONEY, outcome=LEADS),
        lambda: charts.time_series("Spend", DaySeries([], []), MONEY, FORMATS),
        lambda: charts.histogram("Cost", [0], [], MONEY, FORMATS),
        lambda: charts.coverage("Days", START, [], FORMATS),
    ],
)
def test_a_chart_without_figures_says_which_chart_it_is(draw: Callable[[], Markup]) -> None:
    with pytest.raises(ValueError, match=r"'(Search|Spend|Cost|Days)'"):
        draw()


@given(st.text())
def test_any_text_is_held_by_a_page(name: str) -> None:
    read = HtmlPage(charts.tag("p", name, title=name).encode("utf-8").decode("utf-8"))
    assert read.faults == []
    assert [tag for tag, _ in read.elements] == ["p"]


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=40))
def test_any_series_stays_within_its_plot(values: list[float]) -> None:
    drawn = charts.time_series("Any", DaySeries(DAYS[: len(values)], values), MONEY, FORMATS)
    for path in HtmlPage(drawn).all("path"):
        for step in path["d"].strip("M").split("L"):
            x, y = (float(part) for part in step.split())
            assert 0 <= x <= 1000
            assert 17 <= y <= 179
