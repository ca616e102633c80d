"""What changed between two plans as one self-contained page, of the plan page's family."""

from importlib.resources import files

from markupsafe import Markup

from marketmover.campaigns.changes.report import LineChange, PlanDiff, ResultChange, Side
from marketmover.campaigns.changes.show import STATUS, money_change
from marketmover.campaigns.changes.words import between, step_words
from marketmover.campaigns.page.words import metric_name, metric_value
from marketmover.charts import Column, Formats, join, move_strip, name_of, or_dash, page, range_strip, table, tag
from marketmover.plans import PLATFORM_NAMES, Range

_TITLE = "What changed between two plans"
_MOST_LINES = 20


def render_page(diff: PlanDiff) -> str:
    """The page's text: no script, no network, light and dark; the same plans give the same text."""
    formats = Formats(diff.currency)
    sections = [] if diff.same else _sections(diff, formats)
    body = tag("main", _head(diff, formats), *sections, class_="changes")
    styles = files("marketmover.campaigns.changes").joinpath("page.css").read_text(encoding="utf-8")
    return page(_TITLE, body, simulated=diff.simulated, description=diff.summary[0], styles=styles)


def _head(diff: PlanDiff, formats: Formats) -> Markup:
    sides = tag(
        "dl", *(_side(side, what, formats) for side, what in ((diff.old, "Old"), (diff.new, "New"))), class_="sides"
    )
    rest = [tag("p", sentence, class_="lead") for sentence in diff.summary[1:]]
    return tag("header", tag("p", tag("span", _TITLE), class_="kicker"), tag("h1", diff.summary[0]), *rest, sides)


def _side(side: Side, what: str, formats: Formats) -> Markup:
    known = f"results known to {formats.day(side.known_to)}" if side.known_to else "no history"
    facts = f"{formats.money(side.total_budget)}, {formats.dates(side.start_date, side.end_date)}; {known}"
    return tag("div", tag("dt", what), tag("dd", name_of(side.name), tag("small", facts)))


def _sections(diff: PlanDiff, formats: Formats) -> list[Markup]:
    made = [tag("li", cause.words) for cause in diff.causes] + [tag("li", note, class_="quiet") for note in diff.notes]
    titled: list[tuple[str, list[Markup]]] = [
        ("What the plans were made from", [tag("ul", *made)] if made else []),
        ("What to expect", [_results(diff, formats), *_steps(diff, formats)] if diff.results else []),
        ("Where the money goes", [_lines(diff.lines[:_MOST_LINES], diff, formats), *_rest(diff, formats)]),
        ("Why", _reasons(diff)),
        ("Settings that differ", _settings(diff)),
    ]
    return [tag("section", tag("h2", title), *parts) for title, parts in titled if parts]


def _results(diff: PlanDiff, formats: Formats) -> Markup:
    heads = ["", Column("Old", figures=True), Column("New", figures=True), Column("", minor=True)]
    rows = [
        [
            tag("strong" if one.metric == diff.metric else "span", metric_name(one.metric, formats)),
            _figure(one.metric, one.old, formats),
            _figure(one.metric, one.new, formats),
            _strip(one),
        ]
        for one in diff.results
    ]
    return table(heads, rows)


def _figure(metric: str, span: Range | None, formats: Formats) -> Markup:
    if span is None:
        return join(or_dash(None, str))
    return join(metric_value(metric, span.mid, formats), tag("small", between(metric, span, formats)))


def _strip(one: ResultChange) -> Markup:
    """The new range above the old one, on their own stretch."""
    spans = [(span.low, span.mid, span.high) if span else None for span in (one.new, one.old)]
    ends = [end for span in spans if span for end in (span[0], span[2])]
    room = (max(ends) - min(ends)) * 0.1 or 1.0
    return range_strip(spans[0], spans[1], max(ends) + room, min(ends) - room)


def _steps(diff: PlanDiff, formats: Formats) -> list[Markup]:
    if not diff.steps:
        return []
    heads = ["Where the change comes from", Column(metric_name(diff.metric or "", formats), figures=True)]
    return [table(heads, [list(step_words(step, diff, formats)) for step in diff.steps])]


def _lines(lines: list[LineChange], diff: PlanDiff, formats: Formats) -> Markup:
    widest = max((budget for line in diff.lines for budget in (line.old, line.new) if budget), default=1.0)
    heads = [
        "Line",
        Column("Old", figures=True),
        Column("New", figures=True),
        Column("Change", figures=True),
        Column("", minor=True),
        Column("of it by the total", figures=True, minor=True),
        Column("by the split", figures=True, minor=True),
    ]
    rows = [
        [
            join(name_of(line.name), tag("small", _kind(line))),
            or_dash(line.old, formats.money),
            or_dash(line.new, formats.money),
            money_change(line.change, formats),
            move_strip(line.old, line.new, widest),
            money_change(line.by_total, formats),
            money_change(line.by_split, formats),
        ]
        for line in lines
    ]
    return table(heads, rows)


def _kind(line: LineChange) -> str:
    status = STATUS.get(line.status)
    return f"{PLATFORM_NAMES[line.platform]}, {status}" if status else PLATFORM_NAMES[line.platform]


def _rest(diff: PlanDiff, formats: Formats) -> list[Markup]:
    rest = diff.lines[_MOST_LINES:]
    if not rest:
        return []
    return [tag("details", tag("summary", f"{len(rest)} more lines"), _lines(rest, diff, formats), class_="screen")]


def _reasons(diff: PlanDiff) -> list[Markup]:
    told = [line for line in diff.lines if line.reasons and line.status != "same"]
    shown = [_reason(line) for line in told[:_MOST_LINES]]
    return [tag("dl", *shown, class_="why")] if shown else []


def _reason(line: LineChange) -> Markup:
    said = tag("ul", *(tag("li", reason) for reason in line.reasons))
    return tag("div", tag("dt", name_of(line.name)), tag("dd", said))


def _settings(diff: PlanDiff) -> list[Markup]:
    items = [tag("li", name_of(line.name), f": {one}.") for line in diff.lines for one in line.settings]
    return [tag("ul", *items)] if items else []
