"""A goal that is made up for and missed again: told again, and one shortfall is one alert."""

from dataclasses import replace

from running_lines import HISTORY, LIVE, figures_from, panel_of

from marketmover.monitoring.lines.goals import Shortfall, behind_goals
from marketmover.monitoring.lines.plan_file import Goal


def shortfalls(strong: tuple[int, int], share: float, *, days: int = LIVE, after: float = 0.3) -> list[Shortfall]:
    """Few conversions, but for some strong days that make up for those before; seen after some live days."""
    factors = panel_of().conversions * 0.0 + 1.0
    factors[:, HISTORY:] = 0.3
    factors[:, HISTORY + strong[0] : HISTORY + strong[1]] = 3.5
    factors[:, HISTORY + strong[1] :] = after
    figures = figures_from(panel_of(factors={"conversion_rate": factors}))
    due = float(figures.panel.conversions[:, HISTORY - 60 : HISTORY].sum(axis=0).mean()) * LIVE
    seen = replace(figures, panel=replace(figures.panel, dates=figures.panel.dates[: HISTORY + days]))
    return behind_goals(seen, None, {"leads": Goal(at_least=share * due)})


def test_a_goal_that_is_missed_again_after_a_week_is_told_again() -> None:
    first, second = shortfalls((8, 13), 1.2)
    assert first.closed is not None
    assert second.opened > first.closed + 7
    assert second.closed is None


def test_a_goal_that_is_missed_again_within_a_week_is_the_same_alert_opened_again() -> None:
    (then,) = shortfalls((9, 12), 0.95, days=13, after=0.0)
    (now,) = shortfalls((9, 12), 0.95, after=0.0)
    assert then.closed is not None
    assert (now.opened, now.closed) == (then.opened, None)


def test_a_goal_that_is_made_up_for_is_over() -> None:
    (only,) = shortfalls((8, 16), 0.9)
    assert only.closed is not None
