"""What the judge found as a page of its own: charts and tables, no script and no network."""

from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from marketmover.kit import counted
from marketmover.sandbox.judge.breakdowns import Slice
from marketmover.sandbox.judge.figures import Figure
from marketmover.sandbox.judge.views import HEADS, aims, chances, row_of, split, verdict

if TYPE_CHECKING:
    from markupsafe import Markup

    from marketmover.sandbox.judge.report import Report
    from marketmover.sandbox.judge.scores import Score

_MINOR_HEADS = HEADS[4:]
_SLICE_HEADS = (
    "Markets",
    "Gain",
    "Of the best",
    "Same, qualified leads",
    "Over the rule",
    "Forecast missed by",
    "Ranges held",
    "Width",
)
_MINOR_SLICES = _SLICE_HEADS[3:]


def render_page(report: "Report") -> str:
    """The page's text; the same report gives the same text."""
    from marketmover.charts import page, tag

    styles = files("marketmover.sandbox.judge").joinpath("page.css").read_text(encoding="utf-8")
    sections = [tag("section", tag("h2", title), *parts) for title, parts in _sections(report) if parts]
    head = [
        tag("p", f"Advice judged by the truth of {counted(report.markets, 'simulated market')}", class_="kicker"),
        tag("h1", verdict(report)),
        tag("p", aims(report.figures), class_="lead"),
    ]
    return page(
        "Advice judged",
        tag("main", *head, *sections, class_="judge"),
        simulated=True,
        description="What advice earned in simulated markets, beside what was possible.",
        styles=styles,
    )


def _sections(report: "Report") -> list[tuple[str, list["Markup"]]]:
    main = [score for score in report.scores if score.main]
    return [
        ("What advice is held to", _figures(report.figures)),
        ("What the advice earns of what is possible", [_earned(main)] if main else []),
        ("Whether stated chances hold", [_calibration(report)] if report.calibration else []),
        ("By manager", [_slices("Manager", report.managers)] if report.managers else []),
        ("By kind of response curve", [_slices("Curve", report.families)] if report.families else []),
        ("By season of the plan", [_slices("Begins in", report.seasons)] if report.seasons else []),
        ("How often ranges held (80% is meant), by kind of response curve", [_covers(report)] if report.covers else []),
        ("Markets worth a look", [_suspects(report)] if report.suspects else []),
    ]


def _figures(figures: Sequence[Figure]) -> list["Markup"]:
    from marketmover.charts import tag

    held, further = split(figures)
    parts = [_figure_table(held)] if held else []
    if further:
        parts.append(tag("details", tag("summary", counted(len(further), "further figure")), _figure_table(further)))
    return parts


def _figure_table(figures: Sequence[Figure]) -> "Markup":
    from marketmover.charts import Column, table, tag

    heads = [
        Column(head.capitalize(), figures=head not in ("figure", "verdict"), minor=head in _MINOR_HEADS)
        for head in HEADS
    ]
    rows: list[list[str]] = []
    for figure in figures:
        cells = list(row_of(figure))
        cells[0] = cells[0][:1].upper() + cells[0][1:]
        cells[3] = tag("span", figure.verdict, class_=f"verdict {figure.verdict.replace(' ', '-')}")
        rows.append(cells)
    return table(heads, rows)


def _earned(main: Sequence["Score"]) -> "Markup":
    from marketmover.charts import Formats, MoveRow, dumbbells

    ordered = sorted(main, key=lambda one: (one.case.manager, one.today / max(one.best, 1e-9)), reverse=True)
    rows = [
        MoveRow(
            f"{one.case.manager} {one.case.seed}, {one.case.family}",
            one.today / max(one.best, 1e-9),
            one.advised / max(one.best, 1e-9),
        )
        for one in ordered
    ]
    return dumbbells(
        "Share of the best outcome that each market's split earns",
        rows,
        Formats().share_measure("Share of the best outcome"),
        note="Hollow: today's split. Full: the advice. At 100% nothing could be gained.",
    )


def _calibration(report: "Report") -> "Markup":
    from marketmover.charts import Column, range_strip, table

    heads = ["Chance as said", *(Column(head, figures=True) for head in ("Markets", "Said", "Came true")), ""]
    rows = [
        [*chances(one), range_strip((one.least, one.came, one.most), (one.low, one.said, one.high), 1.0)]
        for one in report.calibration
    ]
    caption = "Bar: how often the advice did better, as far as so many markets tell. Thin line: what was said."
    return table(heads, rows, caption=caption)


def _slices(kind: str, slices: Sequence[Slice]) -> "Markup":
    from marketmover.charts import Column, or_dash, table

    heads = [kind, *(Column(head, figures=True, minor=head in _MINOR_SLICES) for head in _SLICE_HEADS)]
    rows = [
        [
            one.kind,
            str(one.markets),
            or_dash(one.gain, "{:+z.1%}".format),
            *(or_dash(value, "{:.0%}".format) for value in (one.share, one.share_qualified)),
            or_dash(one.above_rule, "{:+z.1%}".format),
            *(or_dash(value, "{:.1%}".format) for value in (one.forecast_error, one.cover, one.width)),
        ]
        for one in slices
    ]
    return table(heads, rows, caption="Medians over markets.")


def _covers(report: "Report") -> "Markup":
    from marketmover.charts import Column, table

    heads = ["Curve", Column("Share of money", figures=True), Column("Held", figures=True)]
    return table(heads, [[one.family, f"{one.money:.0%}", f"{one.cover:.1%}"] for one in report.covers])


def _suspects(report: "Report") -> "Markup":
    from marketmover.charts import Column, table

    heads = ["What is wrong", Column("Figure", figures=True), "Judge it again"]
    rows = [[one.reason, f"{one.value:z.1%}", _command(one.score.case.command)] for one in report.suspects]
    return table(heads, rows)


def _command(text: str) -> "Markup":
    """A command that breaks before an option and never within one."""
    from marketmover.charts import tag

    name, *options = text.split(" --")
    return tag("code", tag("span", name), *(part for one in options for part in (" ", tag("span", f"--{one}"))))
