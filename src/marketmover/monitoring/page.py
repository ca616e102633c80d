"""Alerts as one self-contained page, of the plan page's family: no script, no network, light and dark."""

from datetime import date
from importlib.resources import files

from markupsafe import Markup

from marketmover.charts import Column, DaySeries, Formats, Measure, join, name_of, page, table, tag, time_series
from marketmover.monitoring.alerts import Alert
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.show import summary
from marketmover.monitoring.watching import WatchReport
from marketmover.monitoring.wording import FACTORS, who

_BEFORE = 42  # days of the chart before the trouble
_MOST_CHARTS = 30
_SURE = 0.995


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
    """The alert's figure on its largest line, some weeks before and since."""
    row = next(place for place, line in enumerate(figures.panel.lines) if line.id == alert.line_ids[0])
    begun = (date.fromisoformat(alert.since) - figures.day(0)).days
    days = range(max(0, begun - _BEFORE), figures.days)
    panel = figures.panel
    top, base, measure = _parts(alert, formats)
    values = [_ratio(getattr(panel, top)[row, day], getattr(panel, base)[row, day] if base else 1.0) for day in days]
    scale = 1000.0 if alert.metric == "cpm" else 1.0
    shown = [None if value is None else value * scale for value in values]
    marked = [(date.fromisoformat(alert.since), "it begins"), (date.fromisoformat(alert.detected_on), "found")]
    series = DaySeries([figures.day(day) for day in days], shown, marked=marked)
    return join(time_series(f"{measure.name}: {panel.lines[row].name}", series, measure, formats))


def _parts(alert: Alert, formats: Formats) -> tuple[str, str, Measure]:
    """Numerator, denominator and measure of the chart."""
    known = {
        "cpm": ("cost", "impressions", formats.money_measure("Cost per thousand impressions")),
        "ctr": ("clicks", "impressions", formats.share_measure("Click rate")),
        "conversion_rate": ("conversions", "clicks", formats.share_measure("Conversion rate")),
        "value": ("revenue", "conversions", formats.money_measure("Value of a conversion")),
        "impressions": ("impressions", "", formats.count_measure("Impressions a day")),
        "conversions": ("conversions", "", formats.count_measure("Conversions a day")),
    }
    if alert.metric.startswith("cost_per") or alert.metric in {"leads", "sales"}:
        return known["conversions"]
    return known.get(alert.metric, ("cost", "", formats.money_measure("Spend a day")))


def _ratio(top: float, base: float) -> float | None:
    return float(top / base) if base > 0 else None
