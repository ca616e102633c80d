"""What the judge found of alerts and of tuning, on a terminal."""

from collections.abc import Sequence

from marketmover.console import Table, print_table, print_text
from marketmover.kit import counted
from marketmover.sandbox.judge.alerts import Alert, AlertScore, Judged
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
            (
                one.kind.replace("_", " "),
                lines_in_words(one.lines),
                str(one.first),
                str(one.last),
                _days(score, one.name),
            )
            for one in score.truth.troubles
        ]
        print_text()
        print_table(table)
    wrong = [one for one in score.judged if one.verdict != "right"]
    if wrong:
        table = Table("Alerts that are wrong", ("day", "kind", "line", "why"))
        for one in wrong:
            day, kind = str(one.alert["detected_on"]), str(one.alert.get("kind"))
            table.rows.append((day, kind, place_of(one.alert), why_wrong(one)))
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
    heads = HEADS[:-1]  # nothing here has a bound of excellence
    rows = [row_of(figure)[:-1] for figure in figures]
    print_table(Table(title, heads, rows, right=frozenset((*heads[1:3], *heads[4:]))))


def why_wrong(one: Judged) -> str:
    """Why an alert is wrong, and what may have misled."""
    return one.verdict if one.beside is None else f"{one.verdict}, beside: {one.beside.words}"


def place_of(alert: Alert) -> str:
    """The line that an alert names, or how many of a platform."""
    lines = [str(line) for line in alert.get("line_ids") or ()]
    if lines:
        return lines_in_words(lines)
    return f"{alert.get('platform')}:{alert.get('campaign_id')}:{alert.get('ad_group_id') or '-'}"


def lines_in_words(lines: Sequence[str]) -> str:
    """A line by its id, several by their number and platform."""
    return lines[0] if len(lines) == 1 else f"{counted(len(lines), 'line')} of {lines[0].partition(':')[0]}"


def _days(score: AlertScore, name: str) -> str:
    delay = score.delays.get(name)
    return _DASH if delay is None else counted(delay, "day")
