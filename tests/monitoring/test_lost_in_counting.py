"""Conversions that one line loses in counting while the CRM has its leads: tracking, not a worse page."""

from dataclasses import replace

import pytest
from running_lines import HISTORY, LIVE, figures_from, panel_of, planted

from marketmover.monitoring.alerts import Alert, alert_of
from marketmover.monitoring.lines.watcher import Watcher


def alerts(factor: float, *, leads_fall: bool) -> list[Alert]:
    """Alerts where the platform counts less on one line of an account with a CRM."""
    fallen = panel_of(factors=planted("conversion_rate", [1], 6, LIVE, factor))
    leads = fallen.conversions.copy()
    if not leads_fall:
        leads[1, HISTORY:] = panel_of().conversions[1, HISTORY - LIVE : HISTORY]
    figures = figures_from(replace(fallen, crm_leads=leads, has_crm=True))
    return [alert_of(one, figures) for one in Watcher(figures).replay()]


@pytest.mark.parametrize("factor", [0.4, 0.0])
def test_fewer_conversions_with_as_many_leads_in_the_crm_are_tracking(factor: float) -> None:
    (alert,) = alerts(factor, leads_fall=False)
    assert (alert.kind, alert.line_ids) == ("tracking", ["google_ads:1:11"])
    assert alert.cause.found[0]["kind"] == "tracking"
    assert alert.recommendations[0].action == "check"
    assert "tag" in alert.recommendations[0].reason


def test_fewer_conversions_with_fewer_leads_in_the_crm_are_a_worse_conversion_rate() -> None:
    (alert,) = alerts(0.4, leads_fall=True)
    assert alert.kind == "anomaly"
    assert alert.metric == "conversion_rate"
    assert all(one["kind"] != "tracking" for one in alert.cause.found)
