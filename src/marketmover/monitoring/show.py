"""Alerts for people on a terminal: a plain sentence each, dearest first."""

from marketmover.console import print_text
from marketmover.kit import counted
from marketmover.monitoring.alerts import Alert
from marketmover.monitoring.lines.days import spoken, spoken_with_year
from marketmover.monitoring.watching import WatchReport

_SIMULATED = "SIMULATED: no advertiser, campaign or person in these exports exists."


def show_alerts(found: WatchReport) -> None:
    """Print what is wrong now, then what is over."""
    if found.figures.panel.simulated:
        print_text(_SIMULATED)
    print_text(summary(found))
    for note in found.notes:
        print_text(f"Note: {note}")
    now = [alert for alert in found.alerts if alert.resolved_on is None]
    over = [alert for alert in found.alerts if alert.resolved_on is not None]
    for title, alerts in (("Now", now), ("Over", over)):
        if alerts:
            print_text()
            print_text(f"{title}:")
            for alert in alerts:
                print_text(f"  {mark(alert)} {alert.words}")


def summary(found: WatchReport) -> str:
    """What was watched and how many alerts there are, in a sentence."""
    figures = found.figures
    first, last = spoken(figures.day(figures.first)), spoken_with_year(figures.day(figures.days - 1))
    lines = int((figures.panel.cost[:, figures.first :].sum(axis=1) > 0).sum())
    open_ones = [alert for alert in found.alerts if alert.resolved_on is None]
    risk = sum(alert.money_at_risk for alert in open_ones)
    watched = f"{counted(lines, 'line')} watched from {first} to {last}"
    if not found.alerts:
        return f"{watched}: nothing is wrong."
    money = f", {risk:,.0f} {figures.panel.currency} at risk" if risk > 0 else ""
    ended = len(found.alerts) - len(open_ones)
    over = f"; {counted(ended, 'trouble')} that came and went" if ended else ""
    return f"{watched}: {_now(len(open_ones))}{money}{over}."


def _now(count: int) -> str:
    return f"{counted(count, 'trouble')} now" if count else "nothing is wrong now"


def mark(alert: Alert) -> str:
    """The severity in brackets."""
    return f"[{alert.severity}]"
