"""What the judge found of alerts and of tuning on many markets, for people and for machines."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from marketmover.console import Table, print_json, print_table, print_text
from marketmover.kit import counted
from marketmover.sandbox.judge.figures import Figure
from marketmover.sandbox.judge.many import TunedMarket
from marketmover.sandbox.judge.report import figure_json, tidy
from marketmover.sandbox.judge.tuning import TuneScore, tune_figures
from marketmover.sandbox.judge.views import aims, split
from marketmover.sandbox.judge.watching import WatchScore, watch_figures
from marketmover.sandbox.judge.watching_views import lines_in_words, place_of, print_figures, why_wrong

_DASH = "–"


def show_watched(scores: Sequence[WatchScore], *, as_json: bool) -> None:
    """Alerts on many markets: the figures with their limits, each market, and all that was wrong or missed."""
    figures = watch_figures(scores)
    if as_json:
        windows = [
            {
                "seed": one.case.seed,
                "manager": one.case.manager,
                "family": one.case.family,
                "first": one.score.truth.first.isoformat(),
                "lines": len(one.score.truth.groups),
                "benign": one.case.benign,
                **one.score.to_json(),
            }
            for one in scores
        ]
        print_json(tidy({"simulated": True, "figures": [figure_json(one) for one in figures], "windows": windows}))
        return
    _print_figures(figures, len(scores) // 2, "What alerts are held to")
    heads = (
        "market",
        "lines",
        "troubles",
        "told",
        "alerts",
        "right",
        "days until told",
        "alerts where nothing is wrong",
    )
    table = Table("Markets", heads, [*_watched_rows(scores)], right=frozenset(heads[1:]))
    _print(table)
    _print(Table("What was wrong or missed", ("market", "what", "why", "line", "days"), [*_wrong_rows(scores)]))


def show_tuned(markets: Sequence[TunedMarket], *, as_json: bool) -> None:
    """Tuning on many markets: the figures with their limits, and each market."""
    figures = tune_figures([score for one in markets for score in (one.shocked, one.calm)])
    if as_json:
        found = [
            {
                "seed": one.case.seed,
                "manager": one.case.manager,
                "shock": one.shocked.to_json(),
                "calm": one.calm.to_json(),
            }
            for one in markets
        ]
        print_json(tidy({"simulated": True, "figures": [figure_json(one) for one in figures], "markets": found}))
        return
    _print_figures(figures, len(markets), "What tuning is held to")
    heads = ("market", "shock", "gain", "possible", "same money", "changes",
             "calm: gain", "possible ", "same money ", "changes ")  # fmt: skip
    rows: list[Sequence[str]] = [
        (one.case.name, _kinds(one.shocked), *_gains(one.shocked), *_gains(one.calm)) for one in markets
    ]
    _print(Table("Markets", heads, rows, right=frozenset(heads[2:])))


def _print_figures(figures: Sequence[Figure], markets: int, title: str) -> None:
    print_text(f"SIMULATED. {aims(figures)} Judged by the truth of {counted(markets, 'simulated market')}.")
    held, further = split(figures)
    for name, some in ((title, held), ("Further figures", [one for one in further if one.measured is not None])):
        if some:
            print_text()
            print_figures(name, some)


def _print(table: Table) -> None:
    if table.rows:
        print_text()
        print_table(table)


def _watched_rows(scores: Sequence[WatchScore]) -> Iterator[Sequence[str]]:
    for name, windows in groupby(scores, key=_name):
        troubled, calm = (one.score for one in windows)
        delay = _DASH if troubled.median_delay is None else f"{troubled.median_delay:g}"
        counts = (len(troubled.truth.groups), len(troubled.truth.troubles), len(troubled.delays), len(troubled.judged))
        yield name, *map(str, counts), str(troubled.right), delay, str(len(calm.judged))


def _wrong_rows(scores: Sequence[WatchScore]) -> Iterator[Sequence[str]]:
    for one in scores:
        window = "" if not one.case.benign else ", calm"
        for bad in one.score.judged:
            if bad.verdict != "right":
                what = f"alert: {bad.alert.get('kind')} {bad.alert.get('metric', '')}".strip()
                yield _name(one) + window, what, why_wrong(bad), place_of(bad.alert), str(bad.alert["detected_on"])
        for trouble in one.score.missed:
            what, days = f"missed: {trouble.kind.replace('_', ' ')}", f"{trouble.first} to {trouble.last}"
            size = f"{min(trouble.sizes):.2f} times, signal {trouble.signal:.1f}"
            yield _name(one), what, size, lines_in_words(trouble.lines), days


def _name(one: WatchScore) -> str:
    return f"{one.case.manager} {one.case.seed} {one.case.family}"


def _gains(score: TuneScore) -> tuple[str, str, str, str]:
    possible = _DASH if score.possible is None else f"{score.possible:+z.1%}"
    return f"{score.gain:+z.1%}", possible, f"{score.gain_for_the_money:+z.1%}", str(score.changes)


def _kinds(score: TuneScore) -> str:
    return ", ".join(score.kinds).replace("_", " ")
