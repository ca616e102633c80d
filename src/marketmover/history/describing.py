"""Describing a history: coverage, gaps, outliers, correlations, and what to know before trusting it."""

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from marketmover.history.import_report import ImportReport
from marketmover.history.loading.daily import Cut, daily_figures
from marketmover.history.loading.lines import LineKey, line_keys, owners_of
from marketmover.history.loading.panels import load_known, panel_with_actions
from marketmover.history.models.checks import gaps, spikes, weekly, within_line_correlation
from marketmover.history.panel import Floats, Panel
from marketmover.history.report import Correlation, CrmSummary, Gap, HistoryReport, LineCoverage, Outlier
from marketmover.history.tables import (
    ACCOUNTS,
    FLAGS,
    IMPORTS,
    LEADS,
    QUARANTINE,
    IbisTable,
    count_rows,
    current,
    current_rows,
    ensure_tables,
)
from marketmover.kit import counted, plural

if TYPE_CHECKING:
    from marketmover.store import Lake

_WATCHED = ("cost", "impressions", "clicks", "conversions")


def describe_history(lake: "Lake", *, as_of: date | None = None, currency: str | None = None) -> HistoryReport:
    """What the lake holds, up to `as_of`, in one currency (by default that of most spend).

    Raises:
        InputError: No account is in `currency`.
    """
    ensure_tables(lake)
    cut = Cut(as_of)
    panel, actions = panel_with_actions(lake, cut, currency)
    imports = [ImportReport.from_json(row["report"]) for row in current_rows(lake, IMPORTS)]
    imports.sort(key=lambda report: report.import_id)
    rows = {kind: count_rows(cut.facts(lake, kind)) for kind in ("daily", "action", "breakdown", "ad")}
    spent = _spend_by_currency(lake, cut)
    crm = _crm(lake, cut)
    return HistoryReport(
        simulated=panel.simulated,
        currency=panel.currency,
        first_date=_day(panel, 0) if panel.dates.size else None,
        last_date=_day(panel, -1) if panel.dates.size else None,
        rows={kind: count for kind, count in rows.items() if count},
        spend_by_currency=spent,
        lines=sorted(line_coverages(panel), key=lambda line: (-line.spend, line.id)),
        correlations=correlations(panel),
        actions=list(actions),
        quarantine=_counted(current(lake, QUARANTINE), "reason"),
        flags={f"{row['field']}={row['value']}": row["rows"] for row in current_rows(lake, FLAGS)},
        unknown=_unknown(imports),
        crm=crm,
        imports=imports,
        notes=_notes(lake, cut, panel, rows, spent, crm),
        panel=panel,
    )


def _day(panel: Panel, index: int) -> date:
    day: date = panel.dates[index].astype(object)
    return day


def line_coverages(panel: Panel) -> list[LineCoverage]:
    """Each line's days, gaps and outliers, in the order of the panel."""
    return [_coverage(panel, row) for row in range(len(panel.lines))]


def _coverage(panel: Panel, row: int) -> LineCoverage:
    line, observed = panel.lines[row], panel.observed[row]
    days = np.flatnonzero(observed)
    holes = gaps(observed)
    outliers = [
        Outlier(_day(panel, spike.day), metric, spike.value, spike.usual)
        for metric in _WATCHED
        for spike in spikes(getattr(panel, metric)[row], observed)
    ]
    return LineCoverage(
        id=line.id,
        name=line.name,
        platform=line.platform,
        ad_type=line.ad_type,
        status=line.status,
        first_date=_day(panel, int(days[0])),
        last_date=_day(panel, int(days[-1])),
        days=int(days.size),
        missing_days=sum(last - first + 1 for first, last in holes),
        spend=float(panel.cost[row].sum()),
        conversions=float(panel.conversions[row].sum()),
        leads=float(panel.leads[row].sum()),
        sales=float(panel.sales[row].sum()),
        revenue=float(panel.revenue[row].sum()),
        gaps=[Gap(_day(panel, first), _day(panel, last)) for first, last in holes],
        outliers=sorted(outliers, key=lambda outlier: (outlier.date, outlier.metric)),
    )


def correlations(panel: Panel) -> list[Correlation]:
    """Features against outcomes, both as logarithms of weekly figures, within lines."""
    features, outcomes = _features(panel), _outcomes(panel)
    return [
        Correlation(feature, outcome, within_line_correlation(x, y))
        for feature, x in features.items()
        for outcome, y in outcomes.items()
    ]


def _ratio(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom > 0)


def _logged(values: Floats) -> Floats:
    return np.log(values, out=np.full(values.shape, np.nan), where=values > 0)


def _features(panel: Panel) -> dict[str, Floats]:
    cost, impressions, clicks = (weekly(values) for values in (panel.cost, panel.impressions, panel.clicks))
    share = np.where(np.isfinite(panel.search_impression_share), panel.search_impression_share, 0.0)
    seen = np.where(np.isfinite(panel.search_impression_share), panel.impressions, 0.0)
    return {
        "spend": _logged(cost),
        "impressions": _logged(impressions),
        "clicks": _logged(clicks),
        "click rate": _logged(_ratio(clicks, impressions)),
        "cost per click": _logged(_ratio(cost, clicks)),
        "cost per 1,000": _logged(_ratio(cost, impressions)),
        "impression share": _logged(_ratio(weekly(share * seen), weekly(seen))),
        "reach": _logged(weekly(np.nan_to_num(panel.reach))),
    }


def _outcomes(panel: Panel) -> dict[str, Floats]:
    conversions, clicks = weekly(panel.conversions), weekly(panel.clicks)
    found = {
        "conversions": conversions,
        "leads": weekly(panel.leads),
        "sales": weekly(panel.sales),
        "revenue": weekly(panel.revenue),
        "CRM leads": weekly(panel.crm_leads),
        "qualified leads": weekly(panel.crm_qualified),
    }
    rates = {
        "conversion rate": _ratio(conversions, clicks),
        "cost per conversion": _ratio(weekly(panel.cost), conversions),
    }
    there = {name: values for name, values in found.items() if values.any()}
    return {name: _logged(values) for name, values in (there | rates).items()}


def _counted(table: IbisTable, column: str) -> dict[str, int]:
    rows = table.group_by(column).aggregate(rows=table.count()).to_pyarrow().to_pylist()
    return {row[column]: row["rows"] for row in sorted(rows, key=lambda row: str(row[column]))}


def _unknown(imports: list[ImportReport]) -> dict[str, int]:
    latest: dict[str, dict[str, int]] = {report.folder: report.unknown for report in imports}
    counts: Counter[str] = Counter()
    for unknown in latest.values():
        counts.update(unknown)
    return dict(sorted(counts.items()))


def _spend_by_currency(lake: "Lake", cut: Cut) -> dict[str, float]:
    """Spend by currency, each day once: a campaign's own figure, else the sum of its groups."""
    codes = {(row["platform"], row["account_id"]): row["currency"] for row in current_rows(lake, ACCOUNTS)}
    table = daily_figures(lake, cut)
    levels: dict[tuple[Any, ...], list[int]] = {}
    columns = ("platform", "account_id", "campaign_id", "date", "group_id", "cost_micros")
    for *key, group, cost in zip(*(table[name].to_pylist() for name in columns), strict=True):
        levels.setdefault(tuple(key), [0, 0])[group != ""] += cost
    spent: Counter[str] = Counter()
    for key, (whole, parts) in levels.items():
        spent[codes.get((key[0], key[1])) or "?"] += whole or parts
    return {code: micros / 1_000_000 for code, micros in sorted(spent.items())}


def _crm(lake: "Lake", cut: Cut) -> CrmSummary | None:
    leads = current(lake, LEADS)
    if cut.as_of is not None:
        leads = leads.filter(leads.date <= cut.as_of)
    facts = cut.facts(lake, "daily").select("platform", "campaign_id").distinct()
    strays = count_rows(leads.anti_join(facts, ["platform", "campaign_id"]))
    row = (
        leads.aggregate(
            leads=leads.count(),
            decided=leads.qualified.count(),
            qualified=leads.qualified.sum(),
            won=leads.won.sum(),
            revenue=leads.revenue.sum(),
        )
        .to_pyarrow()
        .to_pylist()[0]
    )
    if not row["leads"]:
        return None
    qualified, won, revenue = (row[name] or 0 for name in ("qualified", "won", "revenue"))
    return CrmSummary(row["leads"], strays, row["decided"], int(qualified), int(won), float(revenue))


def _notes(
    lake: "Lake",
    cut: Cut,
    panel: Panel,
    rows: dict[str, int],
    spent: dict[str, float],
    crm: CrmSummary | None,
) -> list[str]:
    notes: list[str] = []
    others = [f"{code} {amount:,.2f}" for code, amount in spent.items() if code not in (panel.currency, "?")]
    if others:
        notes.append(f"Accounts in other currencies are not in these figures: {', '.join(others)}.")
    if rows["breakdown"] and not rows["daily"]:
        notes.append(
            "Only breakdowns (age, gender, place) were exported, and they never make a total. Export daily totals."
        )
    if crm and crm.of_unknown_campaigns:
        strays = crm.of_unknown_campaigns
        leads = f"{counted(strays, 'CRM lead')} {plural(strays, 'is', 'are')}"
        notes.append(f"{leads} of campaigns that no export of a platform has.")
    unplaced = _unplaced_spend(lake, cut)
    if unplaced:
        notes.append(
            f"{unplaced:,.2f} was exported for whole Meta campaigns on days without their ad sets, so no line has it."
        )
    if not panel.leads.any() and not panel.sales.any() and not panel.installs.any() and panel.dates.size:
        notes.append(
            "No conversion action is taken for a lead, sale or install; `marketmover history map` changes that."
        )
    return notes


def _unplaced_spend(lake: "Lake", cut: Cut) -> float:
    """Spend of Meta campaigns whose ad sets hold the budget, on days that only the campaign was exported for."""
    table = daily_figures(lake, cut)
    keys: list[LineKey] = line_keys(owners_of(table), load_known(lake, None))
    sets = Counter(key.campaign_id for key in keys if key.by_group)
    columns = ("campaign_id", "group_id", "date", "cost_micros")
    rows = list(zip(*(table[name].to_pylist() for name in columns), strict=True))
    placed = {(campaign, day) for campaign, group, day, _ in rows if group}
    micros = sum(
        cost
        for campaign, group, day, cost in rows
        if not group and sets[campaign] > 1 and (campaign, day) not in placed
    )
    return micros / 1_000_000
