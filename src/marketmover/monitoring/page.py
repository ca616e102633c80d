"""Alerts as one self-contained page, of the plan page's family: no script, no network, light and dark."""

from collections.abc import Mapping
from datetime import date
from importlib.resources import files

from markupsafe import Markup

from marketmover.charts import Column, DaySeries, Formats, Measure, join, name_of, page, table, tag, time_series
from marketmover.monitoring.alerts import Alert
from marketmover.monitoring.evidence import metric_on
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.show import summary
from marketmover.monitoring.watching import WatchReport
from marketmover.monitoring.wording import FACTORS, is_of_all, who

_BEFORE = 42  # days of the chart before the trouble
_MOST_CHARTS = 30
_SURE = 0.995
_COUNTS = {"impressions", "clicks", "conversions", "leads", "sales", "installs"}


def render_page(found: WatchReport) -> str:
    """The page's text: what is wrong now, then what is over; the same findings give the same text."""
    formats = Formats(found.figures.panel.currency)
    now = [alert for alert in found.alerts if alert.resolved_on is None]
    over = [alert for alert in found.alerts if alert.resolved_on is not None]
    parts = [
        tag(
            "section", tag("h2", title), *(_alert(one, found, formats) for one in alerts[:_MOST_CHARTS]), *_rest(alerts)
        )
        for title, alerts in (("What is wrong now", now), ("What is over", over))
        if alerts
    ]
    said = summary(found)
    kicker = tag("p", tag("span", "Watching a running plan"), class_="kicker")
    head = tag("header", kicker, tag("h1", said), *(tag("p", note, class_="quiet") for note in found.notes))
    styles = files("marketmover.monitoring").joinpath("page.css").read_text(encoding="utf-8")
    body = tag("main", head, *parts, class_="alerts")
    return page("Alerts", body, simulated=found.figures.panel.simulated, description=said, styles=styles)


def _rest(alerts: list[Alert]) -> list[Markup]:
    return [tag("p", one.words, class_="quiet") for one in alerts[_MOST_CHARTS:]]


def _alert(alert: Alert, found: WatchReport, formats: Formats) -> Markup:
    lines = {line.id: line for line in found.figures.panel.lines}
    mine = [lines[line] for line in alert.line_ids]
    facts = [
        ("Found", formats.day(date.fromisoformat(alert.detected_on))),
        ("Since", formats.day(date.fromisoformat(alert.since))),
        ("At risk" if alert.resolved_on is None else "It cost", formats.money(_money(alert))),
        ("Sure", formats.share(alert.probability) if alert.probability < _SURE else "over 99%"),
    ]
    return tag(
        "article",
        tag("h3", tag("span", alert.severity, class_=f"mark {alert.severity}"), " ", name_of(who(alert, mine))),
        tag("p", alert.words),
        tag("dl", *(tag("div", tag("dt", name), tag("dd", value)) for name, value in facts)),
        _chart(alert, found.figures, formats),
        _shares(alert, formats),
        _rows(alert, {line.id: line.name for line in mine}, formats),
        *(
            [tag("p", f"Lines: {', '.join(line.name or line.id for line in mine)}", class_="quiet")]
            if len(mine) > 1
            else []
        ),
    )


def _money(alert: Alert) -> float:
    return alert.money_at_risk if alert.resolved_on is None else alert.money_lost


def _shares(alert: Alert, formats: Formats) -> Markup:
    """What the change is made of; the shares add to the whole."""
    rows = [[FACTORS.get(name, name), formats.share(part)] for name, part in alert.cause.share.items()]
    what = alert.cause.split_of.replace("_", " ")
    return table(["Factor", Column("Share", figures=True)], rows, caption=f"What the change of {what} is made of")


def _chart(alert: Alert, figures: Figures, formats: Formats) -> Markup:
    """The alert's figure some weeks before and since, with what was due: of its largest line, of all for a goal."""
    panel, all_of_it = figures.panel, is_of_all(alert)
    row = next(place for place, line in enumerate(panel.lines) if line.id == alert.line_ids[0])
    rows = range(len(panel.lines)) if all_of_it else [row]
    begun = (date.fromisoformat(alert.since) - figures.day(0)).days
    until = (date.fromisoformat(alert.updated_on) - figures.day(0)).days
    days = range(max(0, begun - _BEFORE), figures.days)
    values = [metric_on(panel, rows, day, alert.metric) for day in days]
    due = alert.evidence[0].expected
    during = [due is not None and begun <= day <= until for day in days]
    low, high = ([bound if inside else None for inside in during] for bound in (due.low, due.high)) if due else ((), ())
    marked = [(date.fromisoformat(alert.since), "it begins"), (date.fromisoformat(alert.detected_on), "found")]
    series = DaySeries([figures.day(day) for day in days], values, low=low, high=high, marked=marked)
    measure = _measure(alert, formats)
    whose = "all lines" if all_of_it else panel.lines[row].name
    note = "The band is the 80% range that was due." if due else ""
    return join(time_series(f"{measure.name}: {whose}", series, measure, formats, note=note))


def _rows(alert: Alert, names: Mapping[str, str], formats: Formats) -> Markup:
    """Where the rows that the alert rests on stand in the exports."""
    begin, end = (date.fromisoformat(alert.evidence[0].days[place].day) for place in (0, -1))
    rows = [
        [names[one.line_id] or one.line_id, one.campaign_id, one.ad_group_id or "all", f"{one.exports}/"]
        for one in alert.evidence
    ]
    heads = ["Line", "Campaign", "Group", "Exports"]
    said = f"Rows of {formats.dates(begin, end)} with these ids, in the live exports and the history."
    return tag("details", tag("summary", "Where the rows stand"), tag("p", said), table(heads, rows))


def _measure(alert: Alert, formats: Formats) -> Measure:
    """What the chart shows."""
    if alert.metric in _COUNTS:
        return formats.count_measure(f"{alert.metric.capitalize()} a day")
    if alert.metric in {"ctr", "conversion_rate"}:
        return formats.share_measure(FACTORS[alert.metric])
    money = {"cpm": "Cost per thousand impressions", "value": "Value of a conversion", "cost": "Spend a day"}
    return formats.money_measure(money.get(alert.metric, alert.metric.replace("_", " ").capitalize()))
