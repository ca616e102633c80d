"""`marketmover models`: models compared, registered, and watched."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from marketmover.console import Table, print_json, print_table, print_text, progress, say

if TYPE_CHECKING:
    from marketmover.store import StoreOpener

app = typer.Typer(
    help="Models beside the structural one: compared through time, registered with their versions, and watched.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_History = Annotated[
    Path | None, typer.Option("--history", metavar="DIR", help="Exports to work on; without it the home's data.")
]
_AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Take this day for today; nothing after it is used.")
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def compare(
    ctx: typer.Context,
    history: _History = None,
    weeks: Annotated[int, typer.Option(help="Weeks in a stretch that is foretold.")] = 4,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for models.json, models.csv and models.html.")
    ] = None,
    as_of: _AsOf = None,
    trials: Annotated[int, typer.Option(help="Settings tried each time a model is tuned.")] = 8,
    seed: Annotated[int, typer.Option(help="The same seed and history give the same table.")] = 0,
    as_json: _Json = False,
) -> None:
    """Compare models through time, record every run, and register the winners as new versions."""
    from marketmover.campaigns.modelling.service import check_asked, keep
    from marketmover.campaigns.modelling.service import compare as compare_models
    from marketmover.campaigns.modelling.show import show
    from marketmover.campaigns.modelling.writing import write
    from marketmover.history import asked_day, opened_history
    from marketmover.learning import Tracker
    from marketmover.store import check_folder

    check_asked(weeks, trials)
    if out:
        check_folder(out)
    opener, today = cast("StoreOpener", ctx.obj), asked_day("--as-of", as_of)
    with progress("models") as report:
        reading = opened_history(opener, history, as_of=today, progress=lambda share, step: report(0.1 * share, step))
        with reading as lake:
            found, tried = compare_models(
                lake,
                weeks=weeks,
                as_of=today,
                seed=seed,
                trials=trials,
                progress=lambda share, step: report(0.1 + 0.85 * share, step),
            )
        with opener.home() as stores:
            versions = keep(Tracker(stores.tracking_url, stores.files, stores.workspace), found, tried)
    page = write(out, found) if out else None
    if as_json:
        print_json(found.to_json())
    else:
        show(found)
    for outcome, version in versions.items():
        say(f"Registered: {outcome.replace('_', ' ')}, version {version}.")
    say(f"To read and keep: {page}" if page else "Add --out DIR for a page and a CSV to keep.")


@app.command()
def check(ctx: typer.Context, history: _History = None, as_of: _AsOf = None, as_json: _Json = False) -> None:
    """Hold the registered models against the weeks since. Exit code 1 if one no longer foretells as it did."""
    from marketmover.campaigns.modelling.checking import check as check_models
    from marketmover.campaigns.modelling.words import check_sentence
    from marketmover.history import asked_day, opened_history
    from marketmover.learning import Tracker

    opener, today = cast("StoreOpener", ctx.obj), asked_day("--as-of", as_of)
    with (
        progress("models") as report,
        opened_history(opener, history, as_of=today, progress=report) as lake,
        opener.home() as stores,
    ):
        found = check_models(lake, Tracker(stores.tracking_url, stores.files, stores.workspace), as_of=today)
    if as_json:
        print_json([one.to_json() for one in found])
    else:
        for one in found:
            print_text(check_sentence(one))
    if any(one.check is not None and one.check.standing == "has fallen" for one in found):
        raise typer.Exit(1)


@app.command(name="list")
def list_(ctx: typer.Context, as_json: _Json = False) -> None:
    """List the registered versions of each outcome's model, newest first."""
    from marketmover.campaigns.modelling.listing import registered
    from marketmover.learning import Tracker

    with cast("StoreOpener", ctx.obj).home() as stores:
        rows = registered(Tracker(stores.tracking_url, stores.files, stores.workspace))
    if as_json:
        print_json(rows)
        return
    heads = ("outcome", "version", "kind", "last_date", "error", "fingerprint")
    table = Table("", heads, [[row[head] for head in heads] for row in rows], frozenset({"version", "error"}))
    if rows:
        print_table(table)
    else:
        print_text("No model was registered yet. Run: marketmover models compare")
