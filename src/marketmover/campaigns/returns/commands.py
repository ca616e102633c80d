"""`marketmover returns`: what each campaign type returns."""

from pathlib import Path
from typing import Annotated

import typer

from marketmover.console import print_json, progress, say


def returns(
    ctx: typer.Context,
    history: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Exports to look at; without it the home's data.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for returns.json and returns.html; by default none.")
    ] = None,
    objective: Annotated[
        str | None, typer.Option(metavar="METRIC", help="What is counted beside revenue; by default leads.")
    ] = None,
    limits: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON with margin, agency_fee and tax_rate (docs/plans.md).")
    ] = None,
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="Take this day for today; nothing after it is used.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and history give the same bytes.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print returns.json.")] = False,
) -> None:
    """Say what each campaign type returns, by regression and by the response model."""
    from marketmover.campaigns.compose.loading import load_limits
    from marketmover.campaigns.returns import read_returns
    from marketmover.campaigns.returns.show import show_returns
    from marketmover.campaigns.returns.writing import write_returns
    from marketmover.history import asked_day, load_panel, opened_history

    today, wishes = asked_day("--as-of", as_of), load_limits(limits) if limits else None
    with (
        progress("returns") as report,
        opened_history(ctx.obj, history, as_of=today, progress=lambda share, step: report(0.5 * share, step)) as lake,
    ):
        panel = load_panel(lake, as_of=today)
        report(0.5, "learning response curves")
        found = read_returns(panel, metric=objective, limits=wishes, seed=seed)
    page = write_returns(out, found, panel.currency, simulated=panel.simulated) if out else None
    if as_json:
        print_json(found)
    else:
        show_returns(found, panel.currency, simulated=panel.simulated)
    say(f"To read and keep: {page}" if page else "Add --out DIR for a page to read and keep.")
