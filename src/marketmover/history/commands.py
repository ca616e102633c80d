"""`marketmover import` and `marketmover history`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from marketmover.console import print_json, progress, say
from marketmover.history.opening import asked_day, opened_history
from marketmover.history.pulls.commands import freshness, lay_out
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from marketmover.history.pulls.rounds import Installation
    from marketmover.store import StoreOpener

app = typer.Typer(help="Describe the history: coverage, gaps, outliers, and what each conversion action counts as.")

_AS_OF = typer.Option(None, "--as-of", metavar="DATE", help="Taken as today: nothing after it is used.")
_JSON = typer.Option(False, "--json", help="Print JSON.")
_HISTORY = typer.Option(None, "--history", metavar="DIR", help="Describe these exports rather than the home's data.")
_CURRENCY = typer.Option(
    None, "--currency", metavar="CODE", help="Of several accounts' currencies the one to describe."
)


def import_(
    context: typer.Context,
    folder: Path = typer.Argument(metavar="DIR", help="Holds google_ads/, meta_ads/ and crm/."),
    as_of: str | None = _AS_OF,
    as_json: bool = _JSON,
) -> None:
    """Read Google Ads, Meta Ads and CRM exports into the home; importing the same files again adds nothing."""
    from marketmover.history.importing import import_history
    from marketmover.history.overview.building import refresh
    from marketmover.history.views import print_import

    opener = cast("StoreOpener", context.obj)
    with opener.home() as stores, progress("Importing") as report:
        done = import_history(stores.lake, folder, now=utc_now(), as_of=asked_day("--as-of", as_of), progress=report)
        refresh(stores, utc_now())
    if as_json:
        print_json(done.to_json())
    else:
        print_import(done)


@app.callback(invoke_without_command=True)
def describe(
    context: typer.Context,
    history: Path | None = _HISTORY,
    as_of: str | None = _AS_OF,
    currency: str | None = _CURRENCY,
    html: Path | None = typer.Option(None, "--html", metavar="FILE", help="Write a page with charts."),
    as_json: bool = _JSON,
) -> None:
    """Describe the history: coverage, missing days, outliers, what goes with what, what was quarantined."""
    if context.invoked_subcommand is not None:
        return
    from marketmover.charts import save_page
    from marketmover.history.describing import describe_history
    from marketmover.history.page import render_page
    from marketmover.history.views import print_history

    day, opener = asked_day("--as-of", as_of), cast("StoreOpener", context.obj)
    with progress("Reading") as told, opened_history(opener, history, as_of=day, progress=told) as lake:
        report = describe_history(lake, as_of=day, currency=currency)
    if html is not None:
        save_page(render_page(report), html)
        say(f"The page is {html}")
    if as_json:
        print_json(report.to_json())
    else:
        print_history(report)


@app.command("map")
def map_(
    context: typer.Context,
    platform: str = typer.Argument(metavar="PLATFORM", help="google_ads or meta_ads."),
    action: str = typer.Argument(metavar="ACTION", help="Its name as `marketmover history` shows it, or *."),
    kind: str = typer.Argument(metavar="KIND", help="leads, qualified_leads, sales, installs or other."),
) -> None:
    """Say what a conversion action counts as, from now on."""
    from marketmover.history.mapping import map_action
    from marketmover.history.overview.building import refresh

    with cast("StoreOpener", context.obj).home() as stores:
        map_action(stores.lake, platform, action, kind)
        refresh(stores, utc_now())
    say(f"{action} of {platform} counts as {kind} from now on.")


@app.command("delete-account")
def delete_account(
    context: typer.Context,
    platform: str = typer.Argument(metavar="PLATFORM", help="google_ads or meta_ads."),
    account_id: str = typer.Argument(metavar="ACCOUNT_ID", help="The platform's id, as `history freshness` shows it."),
    dry_run: bool = typer.Option(False, "--dry-run", help="Say what would be deleted, and delete nothing."),
    yes: bool = typer.Option(False, "--yes", help="Do not ask."),
    by: str | None = typer.Option(None, "--by", metavar="NAME", help="Who does it, for the log; by default you."),
    as_json: bool = _JSON,
) -> None:
    """Delete all that is known of an account: figures, structure, ads, leads, pulls. It can be imported anew after."""
    from marketmover.access import audit
    from marketmover.history.forgetting import account_data, delete_account_data, plain_id
    from marketmover.history.overview.building import refresh
    from marketmover.history.pulls.rounds import job_name
    from marketmover.history.views import print_account_data

    installation, who = cast("Installation", context.obj), by or audit.this_person()
    connected = [one for one in installation.accounts(platform) if plain_id(one.account_id) == plain_id(account_id)]
    with installation.home() as stores:
        found = account_data(stores, platform, account_id)
        if not (dry_run or yes):
            print_account_data(found, "To be deleted")
            _require_yes()
        if not dry_run:
            jobs = [job_name(account) for account in connected]
            found = delete_account_data(stores, platform, account_id, who=who, now=utc_now, jobs=jobs)
            refresh(stores, utc_now())
    if as_json:
        print_json(found.to_json() | {"deleted": not dry_run})
        return
    print_account_data(found, "Would be deleted" if dry_run else "Deleted")
    for account in connected if not dry_run else ():
        say(
            f"{account.name} is connected still: the next pull brings its history back. See marketmover accounts remove"
        )


def _require_yes() -> None:
    from marketmover.errors import UsageError

    if not sys.stdin.isatty():
        raise UsageError(
            "Nobody is there to say yes.", "Say --yes to delete it, or --dry-run to see what that would be."
        )
    typer.confirm("Delete it?", abort=True)


app.command()(freshness)
app.command("lay-out")(lay_out)
