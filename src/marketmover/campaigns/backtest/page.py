"""A replay as one self-contained page, of the plan page's family: the answer, windows, forecasts, how it was done."""

from importlib.resources import files
from typing import TYPE_CHECKING

from markupsafe import Markup

from marketmover.campaigns.backtest.report import Backtest, ForecastScore, WindowResult
from marketmover.campaigns.backtest.words import (
    answer,
    change,
    changes,
    likely,
    outcome,
    window_name,
    written,
)
from marketmover.campaigns.page.words import is_money, metric_name
from marketmover.charts import (
    Column,
    Formats,
    Measure,
    RangeRow,
    name_of,
    or_dash,
    page,
    range_bars,
    range_strip,
    table,
    tag,
)
from marketmover.plans import Range

if TYPE_CHECKING:
    from collections.abc import Callable

_TITLE = "Advice, replayed on the past"


def render_page(found: Backtest) -> str:
    """The page's text: no script, no network, light and dark; the same replay gives the same text."""
    formats = Formats(found.currency)
    said = answer(found)
    sections = _sections(found, formats) if found.forecast else []
    body = tag("main", _sheet(found, formats), *sections, class_="backtest")
    styles = files("marketmover.campaigns.backtest").joinpath("page.css").read_text(encoding="utf-8")
    return page(_TITLE, body, simulated=found.simulated, description=said.headline, styles=styles)


def _sheet(found: Backtest, formats: Formats) -> Markup:
    said = answer(found)
    span = formats.dates(found.first_date, found.last_date) if found.first_date and found.last_date else "no history"
    parts = [
        tag("p", tag("span", _TITLE), tag("span", span), class_="kicker"),
        tag("h1", said.headline),
        *(tag("p", sentence, class_="lead" if place == 0 else None) for place, sentence in enumerate(said.sentences)),
    ]
    return tag("header", *parts, *([_facts(found, found.forecast, formats)] if found.forecast else []))


def _facts(found: Backtest, score: ForecastScore, formats: Formats) -> Markup:
    what = outcome(found, formats)
    shown = [
        (f"More {what}, all stretches", _signed(found, found.extra, formats), _between(found, found.extra, formats)),
        ("Ahead in", f"{found.better} of {len(found.windows)}", "stretches"),
        (
            "Promised by the advice",
            or_dash(found.promised, lambda value: change(formats, value)),
            "on the evening before",
        ),
        ("Forecast of the total", formats.share(score.total_error), "missed by, on average"),
        ("Money near what was tried", or_dash(found.overlap, formats.share), "the rest follows curves"),
    ]
    rows = (tag("div", tag("dt", name), tag("dd", value, tag("small", small))) for name, value, small in shown)
    return tag("dl", *rows, class_="facts")


def _signed(found: Backtest, value: Range | None, formats: Formats) -> str:
    if value is None:
        return or_dash(None, str)
    sign = "+" if value.mid > 0 else "\N{MINUS SIGN}" if value.mid < 0 else ""
    return f"{sign}{written(found, abs(value.mid), formats)}"


def _between(found: Backtest, value: Range | None, formats: Formats) -> str:
    if value is None:
        return ""
    return formats.between(
        value.low, value.high, lambda one: written(found, one, formats).replace("-", "\N{MINUS SIGN}")
    )


def _sections(found: Backtest, formats: Formats) -> list[Markup]:
    sections = [
        ("The advice against what was done", [_earned(found, formats), _windows(found, formats)]),
        ("The forecast for what was done", [_foretold(found, formats), _errors(found, formats)]),
        ("Where the money would have gone", [_details(found, one, formats) for one in reversed(found.windows)]),
        ("How to read this", [tag("ul", *(tag("li", note) for note in found.notes))]),
    ]
    return [tag("section", tag("h2", title), *parts) for title, parts in sections]


def _measure(found: Backtest, formats: Formats) -> Measure:
    make: Callable[[str], Measure] = formats.money_measure if is_money(found.metric) else formats.count_measure
    return make("Stretch")


def _earned(found: Backtest, formats: Formats) -> Markup:
    rows = [
        RangeRow(window_name(one, formats), _span(one.earned), (one.counted, one.counted, one.counted))
        for one in found.windows
    ]
    what = metric_name(found.metric, formats)
    return range_bars(
        f"{what} with the advice (bar), and as counted (grey mark)",
        rows,
        _measure(found, formats),
        note="A bar holds what the advised split of the same money would have brought, four times in five.",
        names=("With the advice", "Counted"),
    )


def _foretold(found: Backtest, formats: Formats) -> Markup:
    rows = [
        RangeRow(window_name(one, formats), _span(one.forecast), (one.counted, one.counted, one.counted))
        for one in found.windows
    ]
    what = metric_name(found.metric, formats)
    return range_bars(
        f"{what} foretold for the money that was spent (bar), and as counted (grey mark)",
        rows,
        _measure(found, formats),
        note="Told on the evening before each stretch, for the spend that was then made. Four marks in five should lie "
        "in their bar.",
        names=("Foretold", "Counted"),
    )


def _windows(found: Backtest, formats: Formats) -> Markup:
    low = min(0.0, *(one.gain.low for one in found.windows))
    high = max(0.0, *(one.gain.high for one in found.windows))
    heads = [
        Column("Stretch"),
        Column("Spend", figures=True, minor=True),
        Column("Moved", figures=True, minor=True),
        Column("Difference", figures=True),
        Column("", minor=True),
        Column("Promised", figures=True, minor=True),
        Column("Likely better", figures=True),
        Column("Tried", figures=True, minor=True),
    ]
    rows = [
        [
            window_name(one, formats),
            formats.money(one.spend),
            formats.share(one.moved),
            changes(formats, one.gain),
            range_strip(_span(one.gain), (0.0, 0.0, 0.0), high, low),
            change(formats, one.promised.mid),
            likely(one.probability_better),
            tag("span", formats.share(one.overlap), *([] if one.enough_overlap else [tag("small", "too little")])),
        ]
        for one in found.windows
    ]
    note = "Tried: the share of the advised money on lines that really spent near the advised sum at some time after."
    return tag("div", table(heads, rows), tag("p", note, class_="note minor"), class_="windows")


def _errors(found: Backtest, formats: Formats) -> Markup:
    score = found.forecast
    if score is None:
        return Markup("")
    weeks = [(f"Week {place} of a stretch, total", [error, None]) for place, error in enumerate(score.by_week, start=1)]
    rows: list[tuple[str, list[float | None]]] = [
        ("Total of a stretch", [score.total_error, score.total_error_by_last_weeks]),
        ("Line by line", [score.line_error, score.line_error_by_last_weeks]),
        *(weeks if len(weeks) > 1 else []),
    ]
    if score.total_error_by_last_year is not None:
        beside = [score.total_error_beside_last_year, score.total_error_by_last_year]
        rows.append(("Total, beside the same weeks of last year", beside))
    heads = [Column("Missed by, on average"), Column("Forecast", figures=True), Column("Simple rule", figures=True)]
    cells = [[name, *(or_dash(error, formats.share) for error in errors)] for name, errors in rows]
    note = (
        "The simple rule goes on at the prices of the last 28 days, or, in the last row, repeats last year's; it is "
        "told the real spend as well."
    )
    return tag("div", table(heads, cells), tag("p", note, class_="note"), class_="errors")


def _details(found: Backtest, one: WindowResult, formats: Formats) -> Markup:
    heads = [
        Column("Line"),
        *(Column(head, figures=True) for head in ("Spent", "Advised")),
        Column("Change", figures=True, minor=True),
        Column(metric_name(found.metric, formats), figures=True, minor=True),
        Column("With the advice", figures=True),
        Column("Weeks near it", figures=True, minor=True),
    ]
    rows = [
        [
            name_of(line.name),
            formats.money(line.made),
            formats.money(line.advised),
            formats.change(line.advised / line.made - 1.0),
            written(found, line.counted, formats),
            tag("span", written(found, line.earned.mid, formats), tag("small", _between(found, line.earned, formats))),
            formats.count(round(line.effective_weeks)),
        ]
        for line in sorted(one.lines, key=lambda line: -line.made)
    ]
    known = "by the imports of that time" if one.known_from == "imports" else "with final figures"
    summary = tag(
        "summary",
        tag("strong", window_name(one, formats)),
        f" {changes(formats, one.gain)}; {formats.count(one.days_known)} days known, {known}",
    )
    return tag("details", summary, table(heads, rows), class_="fold")


def _span(value: Range) -> tuple[float, float, float]:
    return value.low, value.mid, value.high
