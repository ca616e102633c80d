"""A test on a terminal or in a plain pipe: the decision first, then the figures."""

import math

from marketmover.charts import Formats, clean
from marketmover.console import Table, print_table, print_text
from marketmover.experiments.decision import likelihood
from marketmover.experiments.design import Design
from marketmover.experiments.findings import Finding, Interval
from marketmover.experiments.service import Report
from marketmover.kit import counted

_METHODS = {
    "people": "people vary",
    "days": "days vary, each with both arms",
    "units": "units vary",
}


def show_report(report: Report, currency: str | None) -> None:
    """Print what a test showed."""
    formats = Formats(currency or "USD")
    print_text(clean(report.decisions[report.best].words))
    print_text()
    print_table(_arms(report, formats))
    print_text()
    print_table(_effects(report, formats))
    print_text()
    best = report.findings[report.best]
    print_text(judged(report))
    if report.mismatch is not None and report.decisions[report.best].verdict != "sample_mismatch":
        print_text(f"Sample ratio: as planned (always valid p = {report.mismatch.p_value:.2g}).")
    if best.reduction > 0:
        print_text(f"What the units did before the test explained {best.reduction:.0%} of the variance.")
    for note in report.notes:
        print_text(clean(f"- {note}"))


def judged(report: Report) -> str:
    """How the decision was reached, in a sentence."""
    finding = report.findings[report.best]
    level = 1.0 - report.terms.alpha / len(report.findings)
    planned = report.terms.planned_days
    hold = "at any look" if planned is None else f"at every daily look up to day {planned}"
    return (
        f"Judged by how {_METHODS[finding.method]}; {100 * level:.4g}% intervals that hold {hold}; always valid "
        f"p = {finding.p_value:.2g}."
    )


def _arms(report: Report, formats: Formats) -> Table:
    first = report.findings[0]
    table = Table(
        "",
        ["Arm", f"{first.metric.numerator_words} counted", first.metric.rate_words(of_units=first.method == "units")],
    )
    table.right = frozenset(table.columns[1:])
    rows = [(first.control, first.counted[0], first.control_value)]
    rows += [(one.arm, one.counted[1], one.arm_value) for one in report.findings]
    table.rows += [[clean(arm), formats.count(total), value(first, rate, formats)] for arm, total, rate in rows]
    return table


def _effects(report: Report, formats: Formats) -> Table:
    planned = report.terms.planned_days is not None
    columns = ["Compared", "Effect", *(["To the planned end"] if planned else []), "At any time", "Read once", "Better"]
    table = Table("", columns, right=frozenset(columns[1:]))
    for finding in [*report.findings, *report.others]:
        table.rows.append(
            [
                clean(f"{finding.arm}: {finding.metric.words}"),
                _end(finding, finding.deciding.mid, formats),
                *([span(finding, finding.deciding, formats)] if planned else []),
                span(finding, finding.anytime, formats),
                span(finding, finding.once, formats),
                likelihood(finding.probability).removesuffix(" likely"),
            ]
        )
    return table


def value(finding: Finding, amount: float, formats: Formats) -> str:
    """An arm's metric as a person reads it."""
    if finding.metric.in_money:
        return formats.money(amount)
    return formats.share(amount) if finding.metric.denominator and 0 < amount < 1 else f"{amount:,.4g}"


def span(finding: Finding, interval: Interval, formats: Formats) -> str:
    """An interval of the effect as a person reads it."""
    low, high = (_end(finding, end, formats) for end in (interval.low, interval.high))
    return f"{low} to {high}"


def _end(finding: Finding, amount: float, formats: Formats) -> str:
    if not math.isfinite(amount) or abs(amount) > 100 or not any(finding.counted):
        return "unknown"
    if finding.scale == "ratio":
        return f"{amount:+.1%}".replace("-0.0%", "+0.0%")
    return formats.money(amount) if finding.metric.in_money else f"{amount:+.3g}"


def show_design(design: Design, smallest: tuple[float, float] | None, table: list[tuple[float, float, float]]) -> None:
    """Print a test's size both ways, and what other shares of the traffic would take."""
    for line in design_words(design):
        print_text(line)
    print_text()
    columns = ["Way", "Days at most", "Days on average", "In the usual arm", "In the new arm"]
    shown = Table("", columns, right=frozenset(columns[1:]))
    ways = {
        "read daily to a planned end, stopped when clear": design.sequential,
        "read once, at the end": design.fixed,
        "read and stopped at any time": design.always,
    }
    for name, one in ways.items():
        cells = [_days(one.days), _days(one.expected_days), _pieces(one.control), _pieces(one.arm)]
        shown.rows.append([name, *cells])
    print_table(shown)
    print_text()
    columns = ["Share of the new arm", "Days, read daily", "Days, read once"]
    by_share = Table("", columns, right=frozenset(columns))
    by_share.rows += [[f"{share:.0%}", _days(daily), _days(once)] for share, once, daily in table]
    print_table(by_share)
    if smallest is not None:
        daily, once = (f"{one:+.1%}" if math.isfinite(one) else "nothing" for one in smallest)
        print_text(f"In the days given it sees {daily} or more if read daily, {once} or more if read once.")


def design_words(design: Design) -> list[str]:
    """A design in sentences."""
    longest, once = design.sequential.days, design.fixed.days
    if not math.isfinite(longest):
        return ["This effect is too small to be seen in ten years: look for a larger one, or for more traffic."]
    rules, mean = design.rules, counted(round(design.sequential.expected_days), "day")
    daily = (
        f"To see {design.effect:+.1%} ({rules.power:.0%} of the time, false alarms in {rules.alpha:.0%} of tests), run "
        f"{counted(int(longest), 'day')} at most, and stop when it is clear: after {mean} on average."
    )
    single = (
        f"Read once, it takes {counted(int(once), 'day')}; whoever reads that one daily cries wolf in "
        f"{design.naive_alarms:.0%} of tests without any difference."
    )
    return [daily, single]


def _days(days: float) -> str:
    return f"{days:,.0f}" if math.isfinite(days) else "over 3,650"


def _pieces(count: float) -> str:
    return f"{count:,.0f}" if math.isfinite(count) else "-"
