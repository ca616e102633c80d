"""How far chance takes counts, prices that rest on few impressions, and faint lines that stop."""

from dataclasses import replace

import numpy as np
import pytest
from running_lines import HISTORY, figures_from, panel_of

from marketmover.monitoring.lines.finding import Finding
from marketmover.monitoring.lines.watcher import Watcher
from marketmover.monitoring.lines.windows import count_deviation


@pytest.mark.parametrize(("due", "spread"), [(12.0, 0.0), (40.0, 0.2), (300.0, 0.1)])
def test_deviations_of_counts_stray_as_a_normal_variable_does(due: float, spread: float) -> None:
    rng = np.random.default_rng(5)
    base = 400.0
    shape = 1.0 / (spread**2 + 1.0 / base)
    seen = rng.poisson(due * rng.gamma(shape, 1.0 / shape, 40_000)).astype(np.float64)
    away = count_deviation(seen, due, spread, base)
    assert 0.0228 / 1.6 < np.mean(away < -2.0) < 0.0228 * 1.6  # of a normal variable; counts come in whole steps
    assert 0.00135 / 3.0 < np.mean(away < -3.0) < 0.00135 * 3.0
    assert np.mean(np.abs(away) < 1.0) == pytest.approx(0.683, abs=0.06)


def test_few_counts_where_many_are_due_say_more_than_a_scaled_normal_law_would() -> None:
    assert count_deviation(1.0, 13.1, 0.18, 391.0) < -3.8
    assert (1.0 - 13.1) / np.sqrt(13.1 + (0.18 * 13.1) ** 2) > -3.1


def test_counts_as_due_are_no_deviation() -> None:
    assert float(count_deviation(25.0, 25.0, 0.1, 100.0)) == 0.0


def faint(shown: list[float], per_thousand: float = 30.0) -> list[Finding]:
    """What is found where the second line of an account has few impressions a day, and these on its last days."""
    panel = panel_of()
    rng = np.random.default_rng(3)
    impressions, cost = panel.impressions.copy(), panel.cost.copy()
    impressions[1] = rng.poisson(22.0, panel.dates.size)
    impressions[1, HISTORY + 4 : HISTORY + 4 + len(shown)] = shown
    cost[1] = np.where(impressions[1] > 0, 22.0 * per_thousand / 1000.0, 0.0)
    few = np.zeros_like(cost[1])
    changed = replace(panel, impressions=impressions, cost=cost)
    for name in ("clicks", "conversions", "leads"):
        values = getattr(panel, name).copy()
        values[1] = few
        changed = replace(changed, **{name: values})
    return [one for one in Watcher(figures_from(changed)).replay() if 1 in one.onsets]


def test_a_faint_line_that_is_not_shown_at_all_has_stopped() -> None:
    (found,) = faint([0.0, 0.0, 0.0])
    assert found.what == "delivery"
    assert found.opened == HISTORY + 4


def test_a_price_that_rests_on_a_dozen_impressions_is_no_jump() -> None:
    assert faint([12.0]) == []
