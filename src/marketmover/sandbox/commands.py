"""`marketmover sandbox`: simulated markets on disk."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from marketmover.sandbox.judge.commands import app as judge_app

app = typer.Typer(no_args_is_help=True, help="Simulated markets with known truth, to try things on.")
app.add_typer(judge_app, name="judge")


@app.callback()
def sandbox() -> None:
    """Simulated markets with known truth, to try things on."""


@app.command()
def create(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the history goes; made if missing.")],
    lines: Annotated[int, typer.Option(min=1, help="Budget lines.")] = 16,
    days: Annotated[int, typer.Option(min=1, help="Days of history.")] = 730,
    seed: Annotated[int, typer.Option(help="The same seed and options give the same bytes.")] = 1,
    family: Annotated[str, typer.Option(help="Response family of all lines, or `mixed`.")] = "mixed",
    manager: Annotated[str, typer.Option(help="`ordinary` wastes 15 to 30%, `good` hardly any.")] = "ordinary",
    end: Annotated[
        str | None, typer.Option(metavar="DATE", help="Last day of the history; by default yesterday.")
    ] = None,
    sells: Annotated[str | None, typer.Option(help="`leads`, `ecommerce` or `both`; by default drawn.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217; by default the first country's.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="ISO 3166-1 alpha-2; may be repeated.")] = None,
    dirty: Annotated[bool, typer.Option("--dirty", help="Plant defects, listed in truth/defects.json.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace a sandbox that is there already.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was made as JSON.")] = False,
) -> None:
    """Make DIR a simulated history of Google Ads, Meta Ads and a CRM, with its truth beside it."""
    from marketmover import console
    from marketmover.sandbox.folder import clear_folder
    from marketmover.sandbox.history import write_history
    from marketmover.sandbox.service import create_market, last_day
    from marketmover.sandbox.summary import describe, in_words

    last = last_day(end)
    clear_folder(folder, force=force)
    with console.progress("Simulating") as report:
        report(0.0, "the market and its manager")
        market = create_market(
            lines, days, seed, family, manager, last, sells=sells, currency=currency, countries=tuple(country or ())
        )
        rows = write_history(market, folder, dirty=dirty, report=report)
    made = describe(market, folder, rows)
    if json:
        console.print_json(made)
    else:
        for line in in_words(made):
            console.print_text(line)


@app.command()
def live(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A simulated history with its truth.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the window goes; made if missing.")],
    plan: Annotated[
        Path | None, typer.Option(metavar="DIR", help="What runs: plan.json, and state.json; else the status quo.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=1, help="Days to write; by default all of the plan's, else 28.")
    ] = None,
    troubles: Annotated[
        str | None, typer.Option(metavar="N", help="How many troubles, or `none`; by default 3 to 5 for 14 lines.")
    ] = None,
    shock: Annotated[
        bool, typer.Option("--shock", help="One large trouble that lasts, instead of the usual ones.")
    ] = False,
    changes: Annotated[
        list[Path] | None, typer.Option(metavar="FILE", help="A changes.json to apply on its day; may be repeated.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the window; the same seed and options give the same bytes.")] = 1,
    force: Annotated[bool, typer.Option("--force", help="Replace a window that is there already.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was made as JSON.")] = False,
) -> None:
    """Simulate the weeks after the history in DIR, day by day, with troubles whose truth is kept."""
    from marketmover import console
    from marketmover.sandbox.live.asking import ask_for
    from marketmover.sandbox.live.writing import free_folder, in_words, read_changes, write_window

    made_on = [read_changes(path) for path in changes or ()]
    window, length = ask_for(folder, plan, days, troubles, seed, shock=shock)
    free_folder(out, force=force)
    with console.progress("Simulating") as report:
        made = write_window(window, out, length, made_on, report)
    if json:
        console.print_json(made)
    else:
        for line in in_words(made):
            console.print_text(line)


@app.command()
def serve(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A simulated history; made if there is none yet.")],
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65534, help="HTTP listens here, gRPC on the next; 0 takes free ones. By default the last time's."
        ),
    ] = None,
    speed: Annotated[float, typer.Option(metavar="X", help="Simulated days a minute; 0 waits to be stepped.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Of what is made anew: the history, and what happens after it.")] = 1,
    lines: Annotated[int | None, typer.Option(min=1, help="Budget lines of a history that is made; 16.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days of a history that is made; 730.")] = None,
    troubles: Annotated[
        str | None, typer.Option(metavar="N", help="How many troubles to come, or `none`; by default as in `live`.")
    ] = None,
) -> None:
    """Answer as Google Ads (gRPC) and Meta (Graph API) over the simulated market in DIR, until stopped."""
    from marketmover import console
    from marketmover.sandbox.live.asking import read_count
    from marketmover.sandbox.serving.making import make_missing
    from marketmover.sandbox.serving.serving import Serving, serve_until_stopped

    count = read_count(troubles)
    make_missing(folder, seed=seed, lines=lines, days=days)

    def tell(running: Serving) -> None:
        console.print_json(running.told(), indent=None)
        sys.stdout.flush()

    serve_until_stopped(
        folder,
        tell,
        port=port, speed=speed, seed=seed, troubles=count,
    )  # fmt: skip
