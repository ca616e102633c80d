"""Days judged by their own pulls: spend, impressions and clicks as they were told then, corrections included."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from running_lines import FIRST, HISTORY, figures_from, panel_of, planted, write_exports
from typer.testing import CliRunner

from marketmover.cli.commands import build
from marketmover.history import Panel
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.pulls import last_days, lay
from marketmover.store import StoreOpener


def day(live: int) -> date:
    return FIRST + timedelta(HISTORY + live)


def until(panel: Panel, live: int) -> Panel:
    """What a panel knew on a live day, that day included."""
    names = ("observed", "cost", "impressions", "clicks", "conversions", "leads", "revenue")
    cut = {name: getattr(panel, name)[:, : HISTORY + live + 1] for name in names}
    return replace(panel, dates=panel.dates[: HISTORY + live + 1], **cut)


def pulled(final: Panel, named: date, seen: Panel) -> Figures:
    """Figures of a last pull, with one pull before it laid over them."""
    windows = {name: last_days(getattr(final, name), HISTORY) for name in ("cost", "clicks")}
    lay(windows, final, HISTORY, named, seen)
    return replace(figures_from(final), pulled=windows)


def test_a_stop_that_pulls_told_is_told_though_later_ones_take_it_back(opener: StoreOpener, tmp_path: Path) -> None:
    right = panel_of(lines=3)
    runs = planted("cost", [1], 2, 4, 0.0, lines=3)["cost"]
    names = ("cost", "impressions", "clicks", "conversions")
    wrong = replace(right, **{name: getattr(right, name) * runs for name in names})
    write_exports(right, tmp_path / "history", HISTORY - 60, HISTORY)
    for live in range(1, 5):
        then = wrong if live < 4 else right
        write_exports(then, tmp_path / "live" / str(day(live)), HISTORY - 3, HISTORY + live + 1)
    out = tmp_path / "alerts.json"
    given = ["--history", str(tmp_path / "history"), "--live", str(tmp_path / "live"), "--out", str(out)]
    done = CliRunner().invoke(build({"monitor"}), ["monitor", *given], obj=opener)
    assert done.exit_code == 0, (done.output, done.exception)
    (alert,) = json.loads(out.read_text())["alerts"]
    assert (alert["kind"], alert["line_ids"]) == ("delivery", ["meta_ads:1:11"])
    assert (alert["detected_on"], alert["resolved_on"]) == (str(day(2)), str(day(4)))
    assert alert["observed"] == 0


def test_clicks_that_a_platform_takes_back_later_are_as_told_before() -> None:
    told = panel_of(lines=3)
    clicks = told.clicks.copy()
    clicks[1, HISTORY + 2 : HISTORY + 6] //= 4
    figures = pulled(replace(told, clicks=clicks), day(6), until(told, 6))
    now, then = (figures.on(HISTORY + live).panel.clicks for live in (7, 6))
    assert np.array_equal(then[:, : HISTORY + 7], told.clicks[:, : HISTORY + 7])
    assert np.array_equal(now, clicks)
    assert np.array_equal(figures.seen("clicks", HISTORY + 6), then[:, : HISTORY + 7])


def test_a_pull_made_in_the_morning_says_nothing_of_its_own_day() -> None:
    final = panel_of(lines=3)
    figures = pulled(final, day(6), until(final, 5))
    assert np.array_equal(figures.on(HISTORY + 6).panel.cost, final.cost)
