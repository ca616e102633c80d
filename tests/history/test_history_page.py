"""The history's page: one file that needs nothing else, whatever campaigns are called."""

import sys
from pathlib import Path
from typing import Any

import pytest
from history_exports import Row, actions, days, google_row, meta_row, take

from marketmover.history import describe_history
from marketmover.history.page import render_page
from marketmover.store import Lake

sys.path.append(str(Path(__file__).parents[1] / "charts"))
from html_page import HtmlPage  # pyright: ignore[reportMissingImports] - it stands beside the charts' tests

NASTY = (
    '</style></title><script>alert("x")</script><img src=x onerror=alert(1)> & \u202eRTL \x07 {{ 7*7 }} ]]> --> '
    '" onclick="x' + "W" * 160
)
ARABIC = "حملة الصيف 🏃‍♀️"


def read(lake: Lake) -> Any:
    return HtmlPage(render_page(describe_history(lake)))


def eventful(name: str) -> list[Row]:
    """Forty days of a Google campaign with a gap, an outlier, an odd status, an action and a fault, all so called."""
    span = days(40, "2025-11-01")
    rows = [google_row(day, campaign={"name": name, "status": name}) for day in span]
    rows[20] = google_row(span[20], campaign={"name": name, "status": name}, metrics={"costMicros": "999000000"})
    del rows[30:33]
    segments = {"date": span[0], "conversionActionName": name}
    rows.append({**google_row(span[0]), "segments": segments})
    return [*rows, google_row("2025-12-30", metrics={"clicks": "many"}), {name: 1}]


@pytest.mark.parametrize("name", [NASTY, ARABIC], ids=["hostile", "Arabic"])
def test_no_name_can_break_the_page_or_run_in_it(name: str, lake: Lake, folder: Path) -> None:
    meta = [meta_row(day, campaign_name=name, adset_name=name, actions=actions(**{name: 3})) for day in days(9)]
    take(lake, folder, {"google_ads/x.json": eventful(name), "meta_ads/x.json": meta})
    page = read(lake)
    assert page.faults == []
    assert page.reaches_out == []
    shown = name.replace("\u202e", "\ufffd").replace("\x07", "\ufffd")
    assert page.words.count(shown[:150]) >= 5  # the chart's marks, the calendar, both tables, actions, oddities
    assert "\u202e" not in page.source


def test_the_page_shows_charts_and_tables_of_all_that_the_history_holds(lake: Lake, folder: Path) -> None:
    files = {
        "google_ads/x.json": eventful("Search brand"),
        "meta_ads/x.json": [meta_row(day) for day in days(40, "2025-11-01")],
        "crm/x.json": [
            {
                "lead_id": "1",
                "created_at": "2025-11-02",
                "platform": "google_ads",
                "campaign_id": "55",
                "qualified": True,
            }
        ],
    }
    take(lake, folder, files)
    page = read(lake)
    titles = (
        *("Spend a day", "Conversions a day", "Days with figures", "Weekly figures within lines"),
        *("What counts as what", "Set aside", "Far above their own weeks"),
    )
    for title in titles:
        assert title in page.words
    assert len(page.all("svg")) >= 4
    assert "on 2 lines in 40 days" in page.words
    assert "CRM leads1, 1 qualified" in page.words
    assert "wrong type" in page.words
    assert "Missing days3" in page.words
    assert page.source == render_page(describe_history(lake))


def test_a_history_of_one_day_is_told_in_the_singular(lake: Lake, folder: Path) -> None:
    take(lake, folder, {"google_ads/x.json": [google_row("2025-12-01", metrics={"conversions": None})]})
    page = read(lake)
    assert page.faults == []
    assert "$12.34 on 1 line in 1 day" in page.words
    assert "Cost per conversion$" not in page.words


def test_a_history_of_many_lines_draws_those_that_spent_most_and_says_so(lake: Lake, folder: Path) -> None:
    rows = [
        google_row(day, campaign={"id": str(at), "name": f"Campaign {at}"}, metrics={"costMicros": f"{62 - at}000000"})
        for at in range(61)
        for day in days(2)
    ]
    take(lake, folder, {"google_ads/x.json": rows})
    page = read(lake)
    assert "1 smaller line is left out." in page.words
    assert page.words.count("Campaign 59") > page.words.count("Campaign 60") == 1


def test_a_simulated_history_says_so_on_its_page(lake: Lake, folder: Path) -> None:
    take(lake, folder, {"google_ads/x.json": [google_row("2025-12-01")], "simulated.json": {"simulated": True}})
    assert "simulated" in read(lake).words.lower()
