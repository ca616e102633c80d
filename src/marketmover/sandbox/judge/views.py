"""What the judge found, on a terminal."""

from collections.abc import Sequence

from marketmover.console import Table, print_table, print_text
from marketmover.kit import counted
from marketmover.sandbox.judge.breakdowns import Bin
from marketmover.sandbox.judge.figures import Figure
from marketmover.sandbox.judge.report import Report
from marketmover.sandbox.judge.scores import Score

HEADS = ("figure", "measured", "aim", "verdict", "half of markets", "worst market", "markets", "excellent")
"""What is shown of a figure."""
_RIGHT = frozenset((*HEADS[1:3], *HEADS[4:]))
_DASH = "–"
_NOTHING = 0.0005  # below this a loss would be written as nought


def print_report(report: Report) -> None:
    """The verdict in a line, the figures, how stated chances hold, and the markets worth a look."""
    print_text(verdict(report))
    print_text(f"{aims(report.figures)} Judged by the truth of {counted(report.markets, 'simulated market')}.")
    held, further = split(report.figures)
    for title, figures in (("What advice is held to", held), ("Further figures", further)):
        if figures:
            print_text()
            print_table(Table(title, HEADS, [row_of(figure) for figure in figures], right=_RIGHT))
    if report.calibration:
        print_text()
        heads = ("chance of doing better", "markets", "said", "came true")
        print_table(
            Table(
                "Whether stated chances hold",
                heads,
                [chances(one) for one in report.calibration],
                right=frozenset(heads[1:]),
            )
        )
    if report.suspects:
        print_text()
        table = Table(
            "Markets worth a look", ("what is wrong", "figure", "judge it again"), right=frozenset({"figure"})
        )
        table.rows += [(one.reason, f"{one.value:z.1%}", one.score.case.command) for one in report.suspects]
        print_table(table)


def verdict(report: Report) -> str:
    """What the advice is worth, in one sentence that needs no statistics."""
    known = {figure.key: figure for figure in report.figures}
    what = next((one.objective.replace("_", " ") for one in report.scores if one.main), "leads")
    gain, share, loss = (known[key].measured if key in known else None for key in ("gain", "share_ordinary", "loss"))
    good = "" if loss is None else _where_good(loss, what)
    if gain is None:
        return f"{good[:1].upper()}{good[1:]}." if good else "There is nothing to judge."
    best = "" if share is None else f", {share:.0%} of what the best split would add"
    said = (
        f"Where a manager is an ordinary one, the advice brings {abs(gain):.1%} {_more(gain, what)} for the same money"
    )
    return f"{said}{best}{'; ' + good if good else ''}."


def aims(figures: Sequence[Figure]) -> str:
    """How many of the figures that have an aim are kept, and which are not."""
    held = [figure for figure in figures if figure.due is not None and figure.measured is not None]
    missed = [figure.name for figure in held if figure.verdict == "missed"]
    if not held:
        return "Nothing was measured that has an aim."
    said = f"{len(held) - len(missed)} of {len(held)} aims are met"
    return f"{said}." if not missed else f"{said}; missed: {'; '.join(missed)}."


def split(figures: Sequence[Figure]) -> tuple[list[Figure], list[Figure]]:
    """Figures that have an aim, and those that only help to read them."""
    held = [figure for figure in figures if figure.due is not None]
    return held, [figure for figure in figures if figure.due is None]


def chances(one: Bin) -> tuple[str, str, str, str]:
    """A bin of stated chances as cells: between which, markets, what was said, how often it came true."""
    return f"{one.low:.0%} to {one.high:.0%}", str(one.markets), f"{one.said:.0%}", f"{one.came:.0%}"


def row_of(figure: Figure) -> Sequence[str]:
    """A figure as the cells of `HEADS`."""
    quartiles = figure.quartiles
    spread = f"{written(figure, quartiles[0])} to {written(figure, quartiles[1])}" if quartiles else _DASH
    return (
        figure.name,
        written(figure, figure.measured),
        bounds(figure, figure.due),
        figure.verdict,
        spread,
        written(figure, figure.worst),
        str(len(figure.values)),
        bounds(figure, figure.excellent),
    )


def _where_good(worst: float, what: str) -> str:
    if worst < -_NOTHING:
        return f"where the manager is good already, it costs at most {-worst:.1%} of the {what}"
    return f"where the manager is good already, it costs no {what}"


def _more(gain: float, what: str) -> str:
    less = "less" if what == "revenue" else "fewer"
    return f"{'more' if gain >= 0 else less} {what}"


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
