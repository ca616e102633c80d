"""What the judge found of alerts and of tuning, on a terminal."""

from collections.abc import Sequence

from marketmover.console import Table, print_table, print_text
from marketmover.kit import counted
from marketmover.sandbox.judge.alerts import AlertScore
from marketmover.sandbox.judge.figures import Figure
from marketmover.sandbox.judge.tuning import TuneScore
from marketmover.sandbox.judge.views import HEADS, row_of

_DASH = "–"


def print_alerts(score: AlertScore) -> None:
    """One window: the verdict in words, every trouble, and every alert that was wrong."""
    print_text("SIMULATED window: its troubles are known.")
    print_text(alerts_in_words(score))
    if score.truth.troubles:
        table = Table("Troubles", ("trouble", "lines", "first", "last", "told after"), right=frozenset({"told after"}))
        table.rows += [
            (one.kind.replace("_", " "), _lines(one.lines), str(one.first), str(one.last), _days(score, one.name))
            for one in score.truth.troubles
        ]
        print_text()
        print_table(table)
    wrong = [one for one in score.judged if one.verdict != "right"]
    if wrong:
        table = Table("Alerts that are wrong", ("day", "kind", "line", "why"))
        for one in wrong:
            why = one.verdict if one.beside is None else f"{one.verdict}, beside: {one.beside.words}"
            group = one.alert.get("ad_group_id") or "-"
            name = f"{one.alert.get('platform')}:{one.alert.get('campaign_id')}:{group}"
            table.rows.append((str(one.alert["detected_on"]), str(one.alert.get("kind")), name, why))
        print_text()
        print_table(table)


def alerts_in_words(score: AlertScore) -> str:
    """The verdict in a sentence or two."""
    alerts, troubles = len(score.judged), len(score.truth.troubles)
    if not troubles:
        return f"Nothing was wrong; {counted(alerts, 'alert')}, {score.per_line_month:.2f} a line and month."
    said = f"{len(score.delays)} of {counted(troubles, 'trouble')} told"
    late = "" if score.median_delay is None else f", after {score.median_delay:g} days in the median"
    right = "no alert" if not alerts else f"{score.right} of {counted(alerts, 'alert')} right"
    return f"{said}{late}; {right}."


def print_tuning(score: TuneScore) -> None:
    """One window: what the changes were worth."""
    what = score.metric.replace("_", " ")
    print_text("SIMULATED window: what was earned is known.")
    print_text(
        f"Tuned ({counted(score.changes, 'change')}): {score.tuned:,.1f} {what} for {score.tuned_cost:,.2f}; "
        f"left alone: {score.left:,.1f} for {score.left_cost:,.2f}; the plan had {score.planned:,.2f}."
    )
    print_text(f"That is {score.gain:+.1%}, and {score.gain_for_the_money:+.1%} for the same money.")


def print_figures(title: str, figures: Sequence[Figure]) -> None:
    """Figures over many windows."""
    right = frozenset((*HEADS[1:3], *HEADS[4:]))
    print_table(Table(title, HEADS, [row_of(figure) for figure in figures], right=right))


def _lines(lines: Sequence[str]) -> str:
    return lines[0] if len(lines) == 1 else f"{counted(len(lines), 'line')} of {lines[0].partition(':')[0]}"


def _days(score: AlertScore, name: str) -> str:
    delay = score.delays.get(name)
    return _DASH if delay is None else counted(delay, "day")
