"""The watcher on lines whose truth is known: each kind of trouble once, and nothing where nothing is wrong."""

from dataclasses import replace

import numpy as np
import pytest
from running_lines import HISTORY, LIVE, figures_from, panel_of, planted

from marketmover.monitoring.alerts import alert_of, ranked
from marketmover.monitoring.lines.causes import causes_of
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.finding import Finding
from marketmover.monitoring.lines.watcher import Watcher


def findings(factors: dict[str, np.ndarray] | None = None, seed: int = 1) -> tuple[list[Finding], Figures]:
    figures = figures_from(panel_of(seed=seed, factors=factors))
    return Watcher(figures).replay(), figures


@pytest.mark.parametrize("seed", [1, 2])
def test_lines_without_trouble_alarm_nobody(seed: int) -> None:
    assert findings(seed=seed)[0] == []


@pytest.mark.parametrize(
    ("name", "factor", "what", "kind"),
    [
        ("cpm", 1.8, "cpm", "anomaly"),
        ("ctr", 0.45, "ctr", "anomaly"),
        ("conversion_rate", 0.35, "conversion_rate", "anomaly"),
        ("conversion_rate", 0.0, "tracking", "tracking"),
        ("cost", 1.6, "pace", "pacing"),
        ("cost", 0.0, "delivery", "delivery"),
    ],
)
def test_a_trouble_gives_one_alert_within_days_and_is_resolved(name: str, factor: float, what: str, kind: str) -> None:
    found, figures = findings(planted(name, [1], 8, 18, factor))
    assert [one.what for one in found] == [what]
    assert list(found[0].onsets) == [1]
    assert HISTORY + 8 <= found[0].opened <= HISTORY + 14
    assert found[0].closed is not None
    assert HISTORY + 18 <= found[0].closed <= HISTORY + 23
    alert = alert_of(found[0], figures)
    assert alert.kind == kind
    assert alert.line_ids == ["google_ads:1:11"]
    assert (alert.campaign_id, alert.ad_group_id) == ("1", "11")
    assert sum(alert.cause.share.values()) == pytest.approx(1.0)
    assert alert.money_at_risk > 0
    assert alert.probability > 0.8
    assert alert.recommendations[0].line_id == "google_ads:1:11"


def test_tracking_that_breaks_on_a_platform_is_one_alert_on_its_lines() -> None:
    found, figures = findings(planted("conversion_rate", [0, 1, 2, 3], 10, 16, 0.0))
    assert len(found) == 1
    alert = alert_of(found[0], figures)
    assert (alert.kind, alert.platform, alert.campaign_id) == ("tracking", "google_ads", None)
    assert len(alert.line_ids) == 4


def test_a_platform_that_stops_is_one_alert() -> None:
    found, _ = findings(planted("cost", [4, 5, 6, 7], 10, 14, 0.0))
    assert [(one.what, sorted(one.onsets)) for one in found] == [("delivery", [4, 5, 6, 7])]


def test_a_rival_on_several_lines_is_one_alert_that_says_so() -> None:
    found, figures = findings(planted("cpm", [4, 5, 6], 10, 28, 1.7))
    assert len(found) == 1
    alert = alert_of(found[0], figures)
    assert alert.cause.factor == "cpm"
    assert alert.cause.found[0]["kind"] == "rival"
    assert alert.resolved_on is None


def test_a_season_that_all_lines_share_is_no_trouble() -> None:
    season = {"conversion_rate": np.repeat(np.linspace(1.0, 0.78, HISTORY + LIVE)[None, :], 8, axis=0)}
    season["conversion_rate"][:, :HISTORY] = 1.0
    assert findings(season)[0] == []


def test_a_figure_follows_spend_without_being_in_trouble() -> None:
    panel = panel_of()
    step = np.ones_like(panel.cost)
    step[2, HISTORY + 9 :] = 1.8
    figures = figures_from(panel_of(factors={"cost": step, "conversion_rate": step**-0.35}))
    budgets = np.repeat(np.array([[line.daily_budget] for line in panel.lines]), panel.dates.size, axis=1) * step
    assert Watcher(replace(figures, budgets=budgets)).replay() == []


def test_what_was_found_by_a_day_does_not_depend_on_later_days() -> None:
    factors = planted("ctr", [1], 6, 20, 0.4) | planted("cpm", [5], 12, 28, 1.8)
    whole = figures_from(panel_of(factors=factors))
    until = HISTORY + 16
    cut = {name: getattr(whole.panel, name)[:, :until] for name in ("observed", "cost", "impressions", "clicks",
           "conversions", "leads", "crm_leads")}  # fmt: skip
    part = replace(
        whole,
        panel=replace(whole.panel, dates=whole.panel.dates[:until], **cut),
        known=whole.known[: until - HISTORY],
        **{name: getattr(whole, name)[:, :until] for name in ("budgets", "runs", "odd", "learning", "refreshed")},
    )
    early = [(one.what, one.opened, one.onsets) for one in Watcher(whole).replay() if one.opened < until]
    assert early == [(one.what, one.opened, one.onsets) for one in Watcher(part).replay()]
    assert len(early) == 2


def test_open_alerts_stand_before_those_that_are_over_and_dear_before_cheap() -> None:
    factors = planted("ctr", [1], 4, 12, 0.4) | planted("cpm", [5], 10, 28, 1.9) | planted("cost", [6], 10, 28, 1.6)
    found, figures = findings(factors)
    alerts = ranked([alert_of(one, figures) for one in found])
    assert [one.resolved_on is None for one in alerts] == [True, True, False]
    assert alerts[0].money_at_risk >= alerts[1].money_at_risk


def test_many_changes_before_a_trouble_are_counted_not_read_out() -> None:
    figures = figures_from(panel_of(factors=planted("ctr", [1], 4, LIVE, 0.3)))
    line = figures.panel.lines[1].id
    edits = tuple((line, figures.day(HISTORY + 3), f"daily budget from {money} to {money + 1}") for money in range(9))
    (finding,) = Watcher(figures).replay()
    few = causes_of(finding, replace(figures, changes=edits[:2]), figures.days - 1)[0]
    many = causes_of(finding, replace(figures, changes=edits), figures.days - 1)[0]
    assert (few.kind, few.words.count("daily budget")) == ("change_log", 2)
    assert many.words.startswith("9 changes of these lines just before")
