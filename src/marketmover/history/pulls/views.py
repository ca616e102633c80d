"""What `pull` and `history freshness` print for people."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from marketmover.console import Table, print_table, print_text, say, warn
from marketmover.history.pulls.lag import Freshness
from marketmover.history.pulls.landing import Landed
from marketmover.history.pulls.rounds import Round, said_of
from marketmover.kit import counted

if TYPE_CHECKING:
    from marketmover.access import Account

_MINUTE_S, _HOUR_S = 60, 3600


def print_round(found: Round) -> None:
    """What was pulled, what landed, and what is new."""
    for report in found.pulls:
        simulated = " (SIMULATED)" if report.account.simulated else ""
        print_text(f"{report.account.platform} {report.account.name}{simulated}: {said_of(report)}.")
        for kind, why in report.refused:
            say(f"{report.account.name} does not offer {kind.replace('_', ' ')}: {why}")
        for kind, why in report.missed:
            warn(f"{report.account.name} lacks {kind.replace('_', ' ')}: {why} The next pull asks for them again.")
    for one in found.landed:
        print_landed(one)
    if found.waits:
        say(found.waits)


def print_landed(one: Landed) -> None:
    """What the lake learned from a pull."""
    if one.waits:
        warn(f"Pull {one.pull.number} of {one.pull.name} waits to land: {one.problem}")
    elif one.problem:
        warn(f"Pull {one.pull.number} of {one.pull.name} could not land: {one.problem} The next one fetches it anew.")
    elif one.report is None:
        print_text(f"Pull {one.pull.number} of {one.pull.name} holds no row.")
    else:
        new, known = one.report.added, one.report.known
        print_text(
            f"Landed pull {one.pull.number} of {one.pull.name}: {new:,} new or changed, {known:,} known already."
        )
        for reason, count in one.report.quarantine.items():
            say(f"quarantined: {counted(count, 'row')} ({reason})")


def print_freshness(found: Sequence[Freshness], accounts: "Sequence[Account]") -> None:
    """How fresh each account's data are, and which of the connected accounts were never pulled."""
    pulled = {(one.platform, one.account_id) for one in found}
    for account in accounts:
        if (account.platform, account.account_id) not in pulled:
            say(f"{account.name} is connected and was never pulled: marketmover pull --account {account.name}")
    if not found:
        print_text("No account has been pulled yet. Connect one (marketmover accounts add) and run: marketmover pull")
        return
    columns = ("platform", "account", "known to", "days behind", "last pull", "landed after", "waits", "problem")
    rows = [
        (
            one.platform,
            one.name + (" (simulated)" if one.simulated else ""),
            str(one.last_day or "-"),
            "-" if one.days_behind is None else str(one.days_behind),
            f"{one.pulled_at:%Y-%m-%d %H:%M} UTC" if one.pulled_at else "-",
            "-" if one.lag_s is None else _span(one.lag_s) + (" so far" if one.waiting else ""),
            _waits(one),
            _problem(one),
        )
        for one in found
    ]
    print_table(Table("", columns, list(rows), frozenset({"days behind"})))


def _span(seconds: float) -> str:
    if seconds < _MINUTE_S:
        return f"{seconds:.0f} s"
    return f"{seconds / _MINUTE_S:.0f} min" if seconds < _HOUR_S else f"{seconds / _HOUR_S:.1f} h"


def _waits(one: Freshness) -> str:
    under_way = [f"{one.under_way[0]} of {one.under_way[1]} files fetched"] if one.under_way else []
    waiting = [f"{counted(one.waiting, 'pull')} to land"] if one.waiting else []
    return ", ".join(under_way + waiting)


def _problem(one: Freshness) -> str:
    spoilt = [f"{counted(one.spoilt, 'pull')} in a row could not be read:"] if one.spoilt else []
    missing = [f"no {kind.replace('_', ' ')}: {why}" for kind, why in one.missing]
    return " ".join([*spoilt, *([one.problem] if one.problem else []), *missing])
