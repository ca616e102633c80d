"""`marketmover sandbox judge`: advice, alerts and tuning scored by the truth of simulated markets."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    invoke_without_command=True, help="Score advice, alerts and tuning by the truth of simulated markets."
)


@app.callback()
def judge(
    context: typer.Context,
    seeds: Annotated[str, typer.Option(metavar="A-B", help="Seeds of the markets, both included.")] = "1-30",
    manager: Annotated[str, typer.Option(help="`ordinary`, `good` or `both`.")] = "both",
    family: Annotated[
        str | None, typer.Option(help="Response family of every market; by default each in turn, and `mixed`.")
    ] = None,
    lines: Annotated[int, typer.Option(min=1, help="Budget lines of a market.")] = 16,
    days: Annotated[int, typer.Option(min=1, help="Days of history.")] = 730,
    objective: Annotated[
        str | None, typer.Option(metavar="METRIC", help="Ask for this alone; by default leads, then qualified leads.")
    ] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Processes at once.")] = 2,
    cache: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep markets here between runs.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with charts.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write judge.html and judge.json here.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Score the product's advice by the truth of simulated markets: earned, possible, and said."""
    if context.invoked_subcommand is not None:
        return
    from marketmover import console
    from marketmover.sandbox.judge.cases import choose_cases, read_seeds
    from marketmover.sandbox.judge.delivery import check_places, deliver, judged

    cases = choose_cases(read_seeds(seeds), manager, family, lines, days)
    check_places(html, out)
    with console.progress("Judging") as report:
        found = judged(cases, objective, cache, jobs, report)
    deliver(found, html=html, out=out, as_json=json)


_SEEDS = typer.Option(metavar="A-B", help="Judge whole markets instead, each made, lived and watched here.")
_MANAGER = typer.Option(help="With --seeds: `ordinary`, `good` or `both`.")
_FAMILY = typer.Option(help="With --seeds: response family of every market, or `mixed`.")
_LINES = typer.Option(min=1, help="With --seeds: budget lines of a market.")
_DAYS = typer.Option(min=1, help="With --seeds: days of history.")
_JOBS = typer.Option(min=1, help="With --seeds: processes at once.")
_CACHE = typer.Option(metavar="DIR", help="With --seeds: keep what is found here; a run that was stopped goes on.")
_JSON = typer.Option("--json", help="Print what was found as JSON.")


@app.command()
def alerts(
    window: Annotated[Path | None, typer.Argument(metavar="DIR", help="A window that `sandbox live` wrote.")] = None,
    file: Annotated[Path | None, typer.Argument(metavar="ALERTS", help="What `monitor` told of it.")] = None,
    seeds: Annotated[str | None, _SEEDS] = None,
    manager: Annotated[str, _MANAGER] = "ordinary",
    family: Annotated[str, _FAMILY] = "mixed",
    lines: Annotated[int, _LINES] = 16,
    days: Annotated[int, _DAYS] = 730,
    composed: Annotated[
        bool, typer.Option("--composed", help="With --seeds: run plans of `compose`; else the status quo goes on.")
    ] = False,
    daily: Annotated[
        bool, typer.Option("--daily", help="With --seeds: watch a pull a day; else one export of the whole window.")
    ] = False,
    jobs: Annotated[int, _JOBS] = 2,
    cache: Annotated[Path | None, _CACHE] = None,
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Score alerts by the troubles of simulated windows: of one window, or `monitor` itself on many markets."""
    if seeds is not None:
        from marketmover.sandbox.judge.watching_delivery import alerts_on_markets, markets_asked

        cases = markets_asked(seeds, manager, family, lines, days, instead_of=(window, file))
        alerts_on_markets(cases, composed=composed, daily=daily, cache=cache, jobs=jobs, as_json=json)
        return
    from marketmover.sandbox.judge.watching_delivery import alerts_of_window

    alerts_of_window(window, file, as_json=json)


@app.command()
def tuning(
    folder: Annotated[Path | None, typer.Argument(metavar="DIR", help="A simulated history with its truth.")] = None,
    changes: Annotated[
        list[Path] | None, typer.Argument(metavar="CHANGES...", help="The changes.json of each week.")
    ] = None,
    plan: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The plan that was tuned; else the status quo.")
    ] = None,
    troubles: Annotated[str | None, typer.Option(metavar="N", help="As for `sandbox live`.")] = None,
    shock: Annotated[bool, typer.Option("--shock", help="As for `sandbox live`.")] = False,
    seed: Annotated[int, typer.Option(help="As for `sandbox live`.")] = 1,
    seeds: Annotated[str | None, _SEEDS] = None,
    manager: Annotated[str, _MANAGER] = "ordinary",
    family: Annotated[str, _FAMILY] = "mixed",
    lines: Annotated[int, _LINES] = 16,
    days: Annotated[int, _DAYS] = 730,
    jobs: Annotated[int, _JOBS] = 2,
    cache: Annotated[Path | None, _CACHE] = None,
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Score tuned plans against the same plans left alone: in one window, or `tune` itself on many markets."""
    if seeds is not None:
        from marketmover.sandbox.judge.watching_delivery import markets_asked, tuning_on_markets

        given = (folder, *(changes or ()), plan, troubles, shock or None)
        cases = markets_asked(seeds, manager, family, lines, days, instead_of=given)
        tuning_on_markets(cases, cache=cache, jobs=jobs, as_json=json)
        return
    from marketmover.sandbox.judge.watching_delivery import tuning_of_window

    tuning_of_window(folder, changes or (), plan, troubles, seed, shock=shock, as_json=json)
