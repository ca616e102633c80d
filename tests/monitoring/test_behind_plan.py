"""Lines behind their plan for good, and days judged by their own pulls."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from running_lines import FIRST, HISTORY, LIVE, panel_of, plan_of, planted, write_exports
from typer.testing import CliRunner

from marketmover.cli.commands import build
from marketmover.monitoring.lines.reaching import Course
from marketmover.store import StoreOpener

DAYS, LAG = 28, 0.8  # share of a day's leads that is known the day after grows to all within some days


def known(days: int) -> np.ndarray:
    return 1.0 - LAG ** np.arange(days, 0, -1)


@pytest.mark.parametrize("day", [7, 14, 21])
def test_the_chance_to_reach_a_total_comes_true_as_often_as_it_says(day: int) -> None:
    rng, doubt, rate = np.random.default_rng(day), 0.3, 6.0
    said, came = list[float](), list[bool]()
    for _ in range(3000):
        real = rate * rng.lognormal(-(doubt**2) / 2, doubt)
        counts = rng.poisson(real * rng.gamma(1 / 0.08, 0.08, DAYS))
        seen = rng.binomial(counts[:day], known(day)).sum()
        course = Course(float(seen), float(known(day).sum()), day, DAYS - day, rate, doubt)
        said.append(course.chance_of(0.7 * rate * DAYS))
        came.append(bool(counts.sum() >= 0.7 * rate * DAYS))
    told, true = np.array(said), np.array(came)
    assert abs(told.mean() - true.mean()) < 0.05
    hopeless = told < 0.1
    assert hopeless.sum() >= 10
    assert true[hopeless].mean() < 0.1


def test_late_leads_alone_put_nobody_behind() -> None:
    on_plan = Course(6.0 * float(known(10).sum()), float(known(10).sum()), 10, 18, 6.0, 0.2)
    as_if_all_known = Course(6.0 * float(known(10).sum()), 10.0, 10, 18, 6.0, 0.2)
    assert on_plan.chance_of(0.8 * 6.0 * DAYS) > 0.9
    assert on_plan.really_behind() < 0.1 < as_if_all_known.really_behind()


@pytest.mark.parametrize(("times", "told"), [(1.0, False), (2.5, True)])
def test_a_line_that_cannot_come_up_to_its_plan_is_told_and_one_on_plan_is_not(
    opener: StoreOpener, tmp_path: Path, times: float, told: bool
) -> None:
    panel = panel_of(lines=4)
    write_exports(panel, tmp_path / "history", HISTORY - 90, HISTORY)
    write_exports(panel, tmp_path / "live", HISTORY, HISTORY + 20)
    usual = float(panel.conversions[0, HISTORY - 60 : HISTORY].mean())
    plan = plan_of(usual * times, LIVE, tmp_path / "plan")
    alerts = monitored(opener, tmp_path, "--plan", str(plan))
    behind = [alert for alert in alerts if alert["kind"] == "underperforming"]
    assert bool(behind) is told
    assert all(alert["line_ids"] == ["google_ads:0:01"] and "instead of" in alert["words"] for alert in behind)


def test_each_day_is_judged_by_its_own_pull_though_later_ones_say_otherwise(
    opener: StoreOpener, tmp_path: Path
) -> None:
    right = panel_of(lines=4)
    broken = panel_of(lines=4, factors=planted("conversion_rate", [0, 1], 4, 9, 0.0, lines=4))
    write_exports(right, tmp_path / "history", HISTORY - 90, HISTORY)
    for day in range(12):
        stamp = str(date.fromordinal(FIRST.toordinal() + HISTORY + day))
        then = broken if day < 9 else right  # restated after the ninth day
        write_exports(then, tmp_path / "live" / stamp, HISTORY, HISTORY + day + 1)
    alerts = monitored(opener, tmp_path)
    assert [alert["kind"] for alert in alerts] == ["tracking"]
    assert str(FIRST + timedelta(HISTORY + 4)) <= alerts[0]["detected_on"] <= str(FIRST + timedelta(HISTORY + 8))


def monitored(opener: StoreOpener, folder: Path, *more: str) -> list[dict[str, Any]]:
    out = folder / "alerts.json"
    done = CliRunner().invoke(
        build({"monitor"}),
        ["monitor", "--history", str(folder / "history"), "--live", str(folder / "live"), "--out", str(out), *more],
        obj=opener,
    )
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads(out.read_text())["alerts"]
