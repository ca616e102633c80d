"""A test as a page of its own: the decision, the figures, and how the interval narrowed day by day."""

from collections.abc import Sequence

from markupsafe import Markup

from marketmover.charts import Column, DaySeries, Formats, Measure, join, name_of, page, table, tag, time_series
from marketmover.experiments.decision import likelihood
from marketmover.experiments.findings import Finding, Interval
from marketmover.experiments.service import Report
from marketmover.experiments.show import judged, span, value

_STYLES = """
.test { max-width: 900px; margin: 40px auto 80px; padding: 0 24px; }
.test section { margin-top: 40px; }
.test section > h2 { margin-bottom: 14px; padding-top: 14px; border-top: 1px solid var(--line); }
.test .kicker { color: var(--muted); font-size: 13px; border-top: 3px solid var(--ink); padding-top: 10px; }
.test h1 { margin-top: 10px; }
.test ul { padding-left: 20px; }
@media (max-width: 640px) { .test { margin-top: 20px; padding: 0 16px; } .test h1 { font-size: 23px; } }
"""


def render_page(report: Report, currency: str | None, *, simulated: bool = False) -> str:
    """The page's text; the same report gives the same text."""
    formats = Formats(currency or "USD")
    best = report.findings[report.best]
    decision, _, rest = report.decisions[report.best].words.partition(". ")
    parts = [
        tag("p", _kicker(report, formats), class_="kicker"),
        tag("h1", decision.removesuffix("."), "."),
        *([tag("p", rest, class_="lead")] if rest else []),
        _section("What was counted", _arms(report, formats)),
        _section("What else moved" if report.others else "The effect", _effects(report, formats)),
        *(
            [_section("How it became clear", _days(best, formats))]
            if len(best.looks) > 1 and best.scale == "ratio"
            else []
        ),
        _section("How it was judged", tag("p", judged(report)), _notes(report.notes)),
    ]
    body = tag("main", *parts, class_="test")
    return page("A/B test", body, simulated=simulated, description=decision, styles=_STYLES)


def _kicker(report: Report, formats: Formats) -> Markup:
    dates = report.results.dates
    when = formats.dates(dates[0], dates[-1]) if dates else ""
    arms = [name_of(arm) for arm in report.results.arms]
    against = Markup(" against ").join([*arms[1:], arms[0]])
    return join("A/B test, ", against, f", {when}" if when else "")


def _section(title: str, *parts: Markup) -> Markup:
    return tag("section", tag("h2", title), *parts)


def _arms(report: Report, formats: Formats) -> Markup:
    first = report.findings[0]
    heads = [Column("Arm"), Column(f"{first.metric.numerator_words} counted", figures=True)]
    heads.append(Column(first.metric.rate_words(of_units=first.method == "units"), figures=True))
    rows = [[name_of(first.control), formats.count(first.counted[0]), value(first, first.control_value, formats)]]
    rows += [
        [name_of(one.arm), formats.count(one.counted[1]), value(one, one.arm_value, formats)] for one in report.findings
    ]
    return table(heads, rows)


def _effects(report: Report, formats: Formats) -> Markup:
    planned = report.terms.planned_days is not None
    names = ["To the planned end", "At any time", "Read once", "Likely better"]
    heads = [Column("Compared"), *(Column(name, figures=True) for name in names[0 if planned else 1 :])]
    rows = [
        [
            join(name_of(one.arm), ": ", one.metric.words),
            *(span(one, interval, formats) for interval in _intervals(one, planned=planned)),
            likelihood(one.probability).removesuffix(" likely"),
        ]
        for one in [*report.findings, *report.others]
    ]
    return table(heads, rows)


def _intervals(finding: Finding, *, planned: bool) -> list[Interval]:
    return [*([finding.deciding] if planned else []), finding.anytime, finding.once]


def _days(finding: Finding, formats: Formats) -> Markup:
    known = [look for look in finding.looks if look.day is not None and look.interval.high < 10.0]
    if not known:
        return Markup("")
    series = DaySeries(
        days=[look.day for look in known if look.day is not None],
        values=[look.interval.mid for look in known],
        low=[look.interval.low for look in known],
        high=[look.interval.high for look in known],
        marked=[(finding.clear_on, "clear from here on")] if finding.clear_on else [],
    )
    measure = Measure(f"Effect on {finding.metric.words}", formats.change, formats.change)
    return time_series(
        f"Effect on {finding.metric.words} by day",
        series,
        measure,
        formats,
        note="The band is the interval that decides: it holds at every look.",
    )


def _notes(notes: Sequence[str]) -> Markup:
    return tag("ul", *(tag("li", note) for note in notes)) if notes else Markup("")
