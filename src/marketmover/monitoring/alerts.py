"""Alerts as `alerts.json` holds them (contract: plan), made of what the watcher found."""

import math
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel

from marketmover.history import Line
from marketmover.monitoring.evidence import Evidence, evidence_of
from marketmover.monitoring.lines.advice import Recommendation, advise, advise_behind
from marketmover.monitoring.lines.causes import Cause, causes_of
from marketmover.monitoring.lines.discoveries import tail
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.finding import Finding, Reading
from marketmover.monitoring.lines.goals import Shortfall
from marketmover.monitoring.lines.money import at_risk, daily_loss, days_left, lost, usual_spend
from marketmover.monitoring.lines.outages import shown_for_budget
from marketmover.monitoring.lines.split import changes_since, cost_shares, outcome_shares
from marketmover.monitoring.wording import sentence, who
from marketmover.plans import Range

Kind = Literal["underperforming", "anomaly", "pacing", "delivery", "tracking"]
Severity = Literal["info", "warning", "critical"]

_KINDS: dict[str, Kind] = {"pace": "pacing", "delivery": "delivery", "tracking": "tracking"}
_METRICS = {"pace": "cost", "delivery": "impressions", "tracking": "conversions"}
_READ = {"delivery": "pace", "tracking": "conversion_rate"}
_SCALE = {"cpm": 1000.0}
_PRIOR = 0.05  # share of figures that are in trouble on the day that one of them stands out
_P10 = 1.2816
_USUAL_DAYS = 14
_CRITICAL_SHARE = 0.25  # of the line's money


class AlertCause(BaseModel):
    """Why: the factor that moved most, exact shares of the change, and what fits.

    Attributes:
        factor: `spend`, `cpm`, `ctr`, `conversion_rate` or `value`.
        share: Shares of the change of `split_of`, adding to 1.
        split_of: `cost_per_conversion`, or `cost_per_revenue` where conversions have a value; `conversions` or
            `revenue` where the trouble is in what is spent; the figure itself where these have not changed, since
            something else made up for it.
        found: What was looked for and fits, likeliest first.
    """

    factor: str
    share: dict[str, float]
    split_of: str
    found: list[dict[str, str]] = []


class Alert(BaseModel):
    """One trouble, from the day that it was found to the day that it was over.

    `line_ids` are all lines that share it, `who` names them; `ad_group_id` and `campaign_id` are null where it is not
    one line's. Money is in the account's currency: `money_at_risk` over the rest of the plan as known on `detected_on`,
    `money_lost` from `since` to `updated_on`.
    """

    detected_on: str
    platform: str
    campaign_id: str | None
    ad_group_id: str | None
    line_ids: list[str]
    kind: Kind
    metric: str
    direction: Literal["up", "down"]
    observed: float
    expected: Range
    severity: Severity
    probability: float
    money_at_risk: float
    money_lost: float
    since: str
    updated_on: str
    resolved_on: str | None = None
    cause: AlertCause
    recommendations: list[Recommendation]
    who: str = ""
    words: str = ""
    evidence: list[Evidence] = []


def alert_of(finding: Finding, figures: Figures) -> Alert:
    """A finding as an alert, as it stands at the end of the replay."""
    then = figures.on(finding.opened)
    rows = sorted(finding.onsets, key=lambda row: -usual_spend(figures, row, finding.onsets[row]))
    lines = [figures.panel.lines[row] for row in rows]
    column = finding.closed if finding.closed is not None else figures.days - 1
    risk = sum(at_risk(finding, then, row, finding.opened) for row in rows)
    causes = causes_of(finding, figures, column)
    single = lines[0] if len(lines) == 1 else None
    campaigns = {line.campaign_id for line in lines}
    observed, expected = _figures(finding, then, rows[0])
    alert = Alert(
        detected_on=figures.day(finding.opened).isoformat(),
        platform=finding.platform,
        campaign_id=campaigns.pop() if len(campaigns) == 1 else None,
        ad_group_id=single.group_id if single else None,
        line_ids=[line.id for line in lines],
        kind="tracking" if any(one.kind == "tracking" for one in causes) else _KINDS.get(finding.what, "anomaly"),
        metric=_METRICS.get(finding.what, finding.what),
        direction="up" if finding.direction > 0 else "down",
        observed=observed,
        expected=expected,
        severity=_severity(finding, figures, rows),
        probability=probability_of(finding.deviation),
        money_at_risk=round(risk, 2),
        money_lost=round(sum(lost(finding, figures, row, column) for row in rows), 2),
        since=figures.day(finding.began).isoformat(),
        updated_on=figures.day(column).isoformat(),
        resolved_on=figures.day(finding.closed).isoformat() if finding.closed is not None else None,
        cause=_cause(finding, rows, causes),
        recommendations=advise(finding, figures, rows, causes),
        evidence=[_evidence(finding, figures, row, column) for row in rows],
    )
    return _in_words(alert, lines, figures.panel.currency)


def alert_of_shortfall(short: Shortfall, figures: Figures) -> Alert:
    """Somebody behind for good, as an alert of the kind `underperforming`."""
    lines = [figures.panel.lines[row] for row in short.rows]
    column = short.closed if short.closed is not None else figures.days - 1
    single = lines[0] if len(lines) == 1 else None
    campaigns = {line.campaign_id for line in lines}
    left = days_left(figures, short.opened)
    then = figures.on(short.opened)
    risk = sum(usual_spend(then, row, short.opened + 1) for row in short.rows) * left * short.missing
    changes = changes_since(then, short.rows, short.opened)
    share = cost_shares(changes)
    factor = max(share, key=lambda name: share[name]) if share else "conversion_rate"
    alert = Alert(
        detected_on=figures.day(short.opened).isoformat(),
        platform=lines[0].platform,
        campaign_id=campaigns.pop() if len(campaigns) == 1 else None,
        ad_group_id=single.group_id if single else None,
        line_ids=[line.id for line in lines],
        kind="underperforming",
        metric=short.metric,
        direction="up" if short.metric.startswith("cost_per") else "down",
        observed=short.observed,
        expected=short.expected,
        severity="critical" if short.missing >= _CRITICAL_SHARE else "warning",
        probability=round(1.0 - short.chance, 4),
        money_at_risk=round(risk, 2),
        money_lost=0.0,
        since=figures.day(figures.first).isoformat(),
        updated_on=figures.day(column).isoformat(),
        resolved_on=figures.day(short.closed).isoformat() if short.closed is not None else None,
        cause=AlertCause(factor=factor, share=share or {factor: 1.0}, split_of=_cost_of("value" in share)),
        recommendations=advise_behind(short.of_plan, [line.id for line in lines], factor),
        evidence=[evidence_of(figures, row, short.metric, None, figures.first, column) for row in short.rows],
    )
    return _in_words(alert, lines, figures.panel.currency)


def _in_words(alert: Alert, lines: Sequence[Line], currency: str) -> Alert:
    return alert.model_copy(update={"who": who(alert, lines), "words": sentence(alert, lines, currency)})


def ranked(alerts: Sequence[Alert]) -> list[Alert]:
    """Those that are open first, and of these the dearest."""
    return sorted(
        alerts, key=lambda one: (one.resolved_on is not None, -one.money_at_risk, one.detected_on, one.line_ids)
    )


def probability_of(deviation: float) -> float:
    """The least probability that a deviation is no chance.

    The Bayes factor of chance is at least `-e p log p` for a p-value p (Sellke, Bayarri and Berger 2001, "Calibration
    of p values for testing precise null hypotheses"); one figure in twenty of those that stand out is taken to be in
    trouble beforehand.
    """
    p = tail(deviation)
    if p >= 1.0 / math.e:
        return _PRIOR
    factor = -math.e * p * math.log(p) if p > 0 else 0.0
    return round(min(1.0 / (1.0 + factor * (1.0 - _PRIOR) / _PRIOR), 0.9999), 4)


def _figures(finding: Finding, figures: Figures, row: int) -> tuple[float, Range]:
    """What was seen of the alert's metric a day and what was due, for its largest line."""
    if finding.what == "delivery":
        before = shown_for_budget(figures, row, finding.onsets[row])[:-1][-_USUAL_DAYS:]
        usual = float(before.mean()) if before.size else 0.0
        return float(figures.panel.impressions[row, finding.onsets[row]]), _range(usual, 0.15, 1.0)
    reading = finding.readings.get(row, {}).get(_READ.get(finding.what, finding.what))
    if reading is None:
        return 0.0, _range(0.0, 0.1, 1.0)
    scale = _SCALE.get(finding.what, 1.0) * _exposure(finding, figures, row, reading)
    return round(reading.observed * scale, 6), _range(reading.expected * scale, reading.spread, 1.0)


def _evidence(finding: Finding, figures: Figures, row: int, column: int) -> Evidence:
    _, due = _figures(finding, figures.on(finding.opened), row)
    metric = _METRICS.get(finding.what, finding.what)
    return evidence_of(figures, row, metric, due if due.mid > 0 else None, finding.onsets[row], column)


def _exposure(finding: Finding, figures: Figures, row: int, reading: Reading) -> float:
    """What makes a day's figure of a ratio: the budget for what is spent, clicks for what is counted."""
    days = slice(finding.onsets[row], reading.column + 1)
    if finding.what == "pace":
        budget = figures.budgets[row, reading.column]
        return float(budget) if math.isfinite(budget) else 1.0
    return float(figures.panel.clicks[row, days].mean()) if finding.what == "tracking" else 1.0


def _range(mid: float, spread: float, scale: float) -> Range:
    low, high = mid * math.exp(-_P10 * spread), mid * math.exp(_P10 * spread)
    return Range(low=round(low * scale, 6), mid=round(mid * scale, 6), high=round(high * scale, 6))


def _severity(finding: Finding, figures: Figures, rows: Sequence[int]) -> Severity:
    spent = sum(usual_spend(figures, row, finding.onsets[row]) for row in rows)
    wasted = sum(at_risk(finding, figures, row, finding.opened) > 0 for row in rows)
    if not wasted:
        return "info" if finding.direction == _good(finding) else "warning"
    share = sum(daily_loss(finding, figures, row) for row in rows) / max(spent, 1e-9)
    return "critical" if share >= _CRITICAL_SHARE else "warning"


def _cost_of(valued: bool) -> str:
    """What the split of a cost is of: of an amount of revenue, where conversions have a value."""
    return "cost_per_revenue" if valued else "cost_per_conversion"


def _good(finding: Finding) -> int:
    return {"cpm": -1, "ctr": 1, "conversion_rate": 1, "value": 1}.get(finding.what, 0)


def _cause(finding: Finding, rows: Sequence[int], causes: Sequence[Cause]) -> AlertCause:
    """The exact split of the largest line's change, over the days of the trouble."""
    changes = {name: one.change for name, one in finding.readings.get(rows[0], {}).items()}
    of_spend = finding.what in {"pace", "delivery"}
    valued = "value" in changes
    split_of = ("revenue" if valued else "conversions") if of_spend else _cost_of(valued)
    if finding.what == "delivery":
        changes, split_of = {"pace": finding.changes[rows[0]]}, "conversions"
    share = outcome_shares(changes) if of_spend else cost_shares(changes)
    share = {("spend" if name == "pace" else name): part for name, part in share.items()}
    own = {"pace": "spend", "delivery": "spend", "tracking": "conversion_rate"}.get(finding.what, finding.what)
    if not share:  # what changed was made up for by something else: the split is of the figure itself
        share, split_of = {own: 1.0}, "cost" if of_spend else own
    return AlertCause(
        factor=own,
        share=share,
        split_of=split_of,
        found=[{"kind": one.kind, "words": one.words} for one in causes],
    )
