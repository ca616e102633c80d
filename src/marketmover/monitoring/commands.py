"""`marketmover detect` and `marketmover monitor`: single series, and the lines of a running plan."""

from pathlib import Path
from typing import Annotated

import typer


def detect(
    files: Annotated[list[Path], typer.Argument(metavar="SERIES.csv...", help="One series each: timestamp,value.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the scores; a folder for several series.")],
) -> None:
    """Score each row of a series: 0 is as expected, near 1 is a break. Rows are judged by those before them alone."""
    from marketmover.console import say
    from marketmover.monitoring.service import detect_files

    for path in detect_files(files, out):
        say(f"scores: {path}")


def monitor(
    ctx: typer.Context,
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write alerts.json.")],
    history: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Exports of the time before; by default the home's pulls.")
    ] = None,
    live: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Exports since, or pulls named by day; by default the home's pulls."),
    ] = None,
    plan: Annotated[Path | None, typer.Option(metavar="DIR", help="The plan: plan.json, and state.json.")] = None,
    goals: Annotated[Path | None, typer.Option(metavar="FILE", help="Goals as JSON (docs/monitoring.md).")] = None,
    currency: Annotated[
        str | None, typer.Option(metavar="CODE", help="Of several currencies the one to watch.")
    ] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page to read and keep.")] = None,
    table: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write the daily figures of each alert's lines.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Take this day for today; nothing after it is used.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the alerts as JSON.")] = False,
) -> None:
    """Replay live exports day by day: what is wrong, since when, why, what it costs, what to do."""
    from marketmover.console import print_json, progress, say
    from marketmover.history import asked_day
    from marketmover.history.pulls import asked_exports
    from marketmover.monitoring.delivery import deliver
    from marketmover.monitoring.lines.plan_file import first_day_of
    from marketmover.monitoring.show import show_alerts
    from marketmover.monitoring.watching import watch_exports

    today = asked_day("--as-of", as_of)
    start = first_day_of(plan)
    with progress("monitor") as report, asked_exports(ctx.obj, history, live, start) as told:
        today = today or told.last_day
        found = watch_exports(
            ctx.obj, told.history, told.live, plan=plan, goals=goals, as_of=today, currency=currency, progress=report
        )
    places = deliver(found, out, html, table)
    if as_json:
        print_json(found.to_json())
    else:
        show_alerts(found)
    for place in places:
        say(f"written: {place}")
