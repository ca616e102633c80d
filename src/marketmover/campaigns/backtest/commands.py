"""`marketmover backtest`: advice scored on the past."""

from pathlib import Path
from typing import Annotated

import typer

from marketmover.console import print_json, progress, say


def backtest(
    ctx: typer.Context,
    history: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Exports to replay; without it the home's data.")
    ] = None,
    weeks: Annotated[
        int, typer.Option(help="Weeks in a stretch: advice is given before each and judged after it.")
    ] = 4,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for backtest.json and backtest.html; by default none.")
    ] = None,
    objective: Annotated[
        str | None,
        typer.Option(metavar="METRIC", help="What is maximised and counted; by default leads, else conversions."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Take this day for today; nothing after it is used.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and history give the same bytes.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print backtest.json.")] = False,
) -> None:
    """Replay the past: advise on what was known then, and judge by the weeks after."""
    from marketmover.campaigns.backtest.service import check_weeks, replay
    from marketmover.campaigns.backtest.show import show
    from marketmover.campaigns.backtest.writing import as_data, write
    from marketmover.history import asked_day, opened_history
    from marketmover.store import check_folder

    check_weeks(weeks)
    if out:
        check_folder(out)
    today = asked_day("--as-of", as_of)
    with (
        progress("backtest") as report,
        opened_history(ctx.obj, history, as_of=today, progress=lambda share, step: report(0.2 * share, step)) as lake,
    ):
        found = replay(
            lake,
            as_of=today,
            weeks=weeks,
            objective=objective,
            seed=seed,
            progress=lambda share, step: report(0.2 + 0.8 * share, step),
        )
    page = write(out, found) if out else None
    if as_json:
        print_json(as_data(found))
    else:
        show(found)
    if page:
        say(f"To read and keep: {page}")
    elif found.windows:
        say("Add --out DIR for a page to read and keep.")
