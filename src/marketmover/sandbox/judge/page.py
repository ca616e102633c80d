"""What the judge found as a page of its own: charts and tables, no script and no network."""

from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

from marketmover.sandbox.judge.breakdowns import Slice
from marketmover.sandbox.judge.figures import Figure
from marketmover.sandbox.judge.views import row_of

if TYPE_CHECKING:
    from markupsafe import Markup

    from marketmover.sandbox.judge.report import Report
    from marketmover.sandbox.judge.scores import Score

_FIGURE_HEADS = ("Measured", "Quartiles", "Worst", "Markets", "Due", "Excellent")
_SLICE_HEADS = (
    "Markets",
    "Gain",
    "Share of the optimum's gain",
    "Same for qualified leads",
    "Above the rule",
    "Forecast off by",
    "Cover",
    "Width",
)


def render_page(report: "Report") -> str:
    """The page's text; the same report gives the same text."""
    from marketmover.charts import page, tag

    styles = files("marketmover.sandbox.judge").joinpath("page.css").read_text(encoding="utf-8")
    sections = [tag("section", tag("h2", title), *parts) for title, parts in _sections(report) if parts]
    head = [
        tag("p", f"Advice judged by the truth of {report.markets} simulated markets", class_="kicker"),
        tag("h1", _verdict(report)),
        tag("p", _in_words(report), class_="lead"),
    ]
    return page(
        "Advice judged",
        tag("main", *head, *sections, class_="judge"),
        simulated=True,
        description="What advice earned in simulated markets, beside what was possible.",
        styles=styles,
    )


def _verdict(report: "Report") -> str:
    due = [figure for figure in report.figures if figure.due is not None and figure.measured is not None]
    kept = [figure for figure in due if figure.verdict != "missed"]
    return f"{len(kept)} of {len(due)} figures are kept" if due else "There is nothing to judge"


def _in_words(report: "Report") -> str:
    measured = {figure.key: figure.measured for figure in report.figures}
    gain, share = measured.get("gain"), measured.get("share")
    words = [] if gain is None else [f"Where managers are ordinary, the advice changes what is earned by {gain:+z.1%}."]
    words += [] if share is None else [f"It reaches {share:.0%} of what the best split would gain (medians)."]
    return " ".join(words)


def _sections(report: "Report") -> list[tuple[str, list["Markup"]]]:
    main = [score for score in report.scores if score.main]
    return [
        ("What advice is held to", [_figures(report.figures)]),
        ("What the advice earns of what is possible", [_earned(main)] if main else []),
        ("How often the advice is better, by what was said", [_calibration(report)] if report.calibration else []),
        ("By manager", [_slices("Manager", report.managers)] if report.managers else []),
        ("By response family", [_slices("Family", report.families)] if report.families else []),
        ("By season of the plan", [_slices("Begins in", report.seasons)] if report.seasons else []),
        ("Cover of 80% ranges, by the response family of lines", [_covers(report)] if report.covers else []),
        ("Markets worth a look", [_suspects(report)] if report.suspects else []),
    ]


def _figures(figures: Sequence[Figure]) -> "Markup":
    from marketmover.charts import Column, table, tag

    heads = ["Figure", *(Column(head, figures=True) for head in _FIGURE_HEADS), "Verdict"]
    rows: list[list[str]] = []
    for figure in figures:
        *cells, verdict = row_of(figure)
        rows.append([*cells, tag("span", verdict, class_=f"verdict {verdict.replace(' ', '-')}")])
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
        note="Hollow: the status quo. Full: the advice. At 100% nothing could be gained. Expected truth.",
    )


def _calibration(report: "Report") -> "Markup":
    from marketmover.charts import Column, range_strip, table

    heads = ["P(better) as said", *(Column(head, figures=True) for head in ("Markets", "Said", "Came true")), ""]
    rows = [
        [
            f"{one.low:.2f} to {one.high:.2f}",
            str(one.markets),
            f"{one.said:.2f}",
            f"{one.came:.2f}",
            range_strip((one.least, one.came, one.most), (one.low, one.said, one.high), 1.0),
        ]
        for one in report.calibration
    ]
    caption = "Bar: how often the advice was better, with its 80% interval. Thin line: what was said."
    return table(heads, rows, caption=caption)


def _slices(kind: str, slices: Sequence[Slice]) -> "Markup":
    from marketmover.charts import Column, or_dash, table

    heads = [kind, *(Column(head, figures=True) for head in _SLICE_HEADS)]
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

    heads = ["Family", Column("Share of money", figures=True), Column("Cover", figures=True)]
    return table(heads, [[one.family, f"{one.money:.0%}", f"{one.cover:.1%}"] for one in report.covers])


def _suspects(report: "Report") -> "Markup":
    from marketmover.charts import Column, table, tag

    heads = ["What is wrong", Column("Figure", figures=True), "Judge it again"]
    rows = [[one.reason, f"{one.value:z.1%}", tag("code", one.score.case.command)] for one in report.suspects]
    return table(heads, rows)
