"""`marketmover pull`, `history freshness` and `history lay-out`."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

if TYPE_CHECKING:
    from marketmover.history.pulls.rounds import Installation
    from marketmover.store import StoreOpener

_JSON = typer.Option(False, "--json", help="Print JSON.")


def pull(
    context: typer.Context,
    platform: str | None = typer.Argument(None, help="google_ads or meta_ads; without it every connected account."),
    since: str | None = typer.Option(
        None, metavar="DATE", help="First day to fetch; else what is new, and the last 30 days."
    ),
    account: str | None = typer.Option(None, metavar="NAME", help="This account alone (`marketmover accounts list`)."),
    as_json: bool = _JSON,
) -> None:
    """Pull exports of connected accounts into the home. A pull that was cut off goes on where it was."""
    from marketmover.console import print_json, progress
    from marketmover.history.opening import asked_day
    from marketmover.history.pulls.choosing import chosen_accounts
    from marketmover.history.pulls.rounds import pull_round
    from marketmover.history.pulls.views import print_round
    from marketmover.kit import utc_now

    installation, day = cast("Installation", context.obj), asked_day("--since", since)
    accounts = chosen_accounts(installation, platform, account)
    with progress("Pulling") as report:
        found = pull_round(installation, accounts, since=day, now=utc_now, progress=report)
    if as_json:
        print_json(found.to_json())
    else:
        print_round(found)
    found.raise_for_failures()


def freshness(context: typer.Context, as_json: bool = _JSON) -> None:
    """Tell how fresh each pulled account's data are: days behind, what waits to land, what is under way."""
    from marketmover.console import print_json
    from marketmover.history.pulls.lag import freshness as told
    from marketmover.history.pulls.views import print_freshness
    from marketmover.kit import utc_now

    installation = cast("Installation", context.obj)
    accounts = installation.accounts()
    with installation.home() as stores, stores.records.session(read_only=True) as session:
        found = told(session, stores.workspace, utc_now(), accounts)
    if as_json:
        print_json([one.to_json() for one in found])
    else:
        print_freshness(found, accounts)


def lay_out(
    context: typer.Context,
    folder: Path = typer.Argument(metavar="DIR", help="Where the folders go; it must be empty or not be there."),
    start: str | None = typer.Option(None, metavar="DATE", help="First live day, as a plan's; else 28 days back."),
) -> None:
    """Write pulled exports into DIR: `history/` up to --start, and `live/DATE/` for each day's pull since."""
    from marketmover.console import print_text
    from marketmover.history.opening import asked_day
    from marketmover.history.pulls.folders import lay_out_anew

    day = asked_day("--start", start)
    with cast("StoreOpener", context.obj).home() as stores:
        laid = lay_out_anew(stores, folder, day)
    print_text(f"history: {laid.history}")
    print_text(f"live:    {laid.live}")
