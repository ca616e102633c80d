"""`marketmover import` and `marketmover history`."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import typer

from marketmover.console import print_json, progress, say
from marketmover.history.opening import asked_day, opened_history
from marketmover.history.pulls.commands import freshness, lay_out
from marketmover.kit import utc_now

if TYPE_CHECKING:
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
    from marketmover.history.views import print_import

    opener = cast("StoreOpener", context.obj)
    with opener.home() as stores, progress("Importing") as report:
        done = import_history(stores.lake, folder, now=utc_now(), as_of=asked_day("--as-of", as_of), progress=report)
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

    with cast("StoreOpener", context.obj).home() as stores:
        map_action(stores.lake, platform, action, kind)
    say(f"{action} of {platform} counts as {kind} from now on.")


app.command()(freshness)
app.command("lay-out")(lay_out)
