"""What the judge found, on a terminal."""

from collections.abc import Sequence

from marketmover.console import Table, print_table, print_text
from marketmover.sandbox.judge.figures import Figure
from marketmover.sandbox.judge.report import Report
from marketmover.sandbox.judge.scores import Score

_DASH = "–"


def print_report(report: Report) -> None:
    """The figures, how P(better) holds, and the markets worth a look."""
    print_text(f"Advice judged by the truth of {report.markets} simulated markets")
    figures = [row_of(figure) for figure in report.figures]
    heads = ("figure", "measured", "quartiles", "worst", "markets", "due", "excellent", "")
    print_table(Table("", heads, [list(row) for row in figures], right=frozenset(heads[1:7])))
    if report.calibration:
        print_text()
        rows = [
            [f"{one.low:.2f} to {one.high:.2f}", f"{one.markets}", f"{one.said:.2f}", f"{one.came:.2f}"]
            for one in report.calibration
        ]
        heads = ("P(better)", "markets", "said", "came true")
        print_table(Table("", heads, [list(row) for row in rows], right=frozenset(heads[1:])))
    if report.suspects:
        print_text()
        rows = [[one.reason, f"{one.value:z.1%}", one.score.case.command] for one in report.suspects]
        print_table(Table("", ("worth a look", "", "judge it again"), [list(row) for row in rows]))


def row_of(figure: Figure) -> Sequence[str]:
    """A figure as cells: name, measured, quartiles, worst, markets, due, excellent, verdict."""
    quartiles = figure.quartiles
    spread = f"{written(figure, quartiles[0])} to {written(figure, quartiles[1])}" if quartiles else _DASH
    return (
        figure.name,
        written(figure, figure.measured),
        spread,
        written(figure, figure.worst),
        str(len(figure.values)),
        bounds(figure, figure.due),
        bounds(figure, figure.excellent),
        figure.verdict,
    )


def written(figure: Figure, value: float | None) -> str:
    """A value as its figure writes it; a dash for none."""
    if value is None:
        return _DASH
    return {"change": f"{value:+z.1%}", "share": f"{value:z.1%}", "number": f"{value:.3f}"}[figure.form]


def bounds(figure: Figure, limits: tuple[float, float] | None) -> str:
    """What a figure is held to, in words; nothing for none."""
    if limits is None:
        return ""
    plain = {"change": "{:+.3g}%", "share": "{:.3g}%", "number": "{:.2f}"}[figure.form]
    scale = 1.0 if figure.form == "number" else 100.0
    ends = [plain.format(end * scale) for end in limits if abs(end) != float("inf")]
    return " to ".join(ends) if len(ends) == 2 else ("≥ " if limits[1] == float("inf") else "≤ ") + ends[0]


def line_of(scores: Sequence[Score]) -> str:
    """One market in a line, as it is told when it is done."""
    if not scores:
        return "nothing to score"
    case = scores[0].case
    return f"{case.manager} {case.seed} {case.family}: " + "; ".join(_told(one) for one in scores)


def _told(score: Score) -> str:
    share, boldest = (_DASH if one is None else f"{one:.0%}" for one in (score.share, score.boldest_share))
    text = (
        f"{score.objective} {score.gain:+.1%} of {score.possible:+.1%}, share {share}, whole way {boldest}, "
        f"rule {score.gain - score.above_rule:+.1%}, spent {score.spent:.1%}"
    )
    told = score.told
    if told is None:
        return text
    sure = "" if told.probability is None else f", P {told.probability:.2f}"
    return f"{text}{sure}, forecast {told.forecast:+.1%}, cover {told.cover:.0%}, width {told.width:.0%}"
