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


@app.command()
def alerts(
    window: Annotated[Path, typer.Argument(metavar="DIR", help="A live window that `sandbox live` wrote.")],
    file: Annotated[Path, typer.Argument(metavar="ALERTS", help="The alerts.json of `marketmover monitor`.")],
    json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Score alerts by the troubles of a simulated window: right, wrong, missed, and how late."""
    from marketmover import console
    from marketmover.sandbox.judge.alerts import read_alerts, score_alerts
    from marketmover.sandbox.judge.watching_views import print_alerts
    from marketmover.sandbox.live.record import read_truth

    score = score_alerts(read_alerts(file), read_truth(window))
    if json:
        console.print_json(score.to_json())
    else:
        print_alerts(score)


@app.command()
def tuning(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A simulated history with its truth.")],
    changes: Annotated[list[Path], typer.Argument(metavar="CHANGES...", help="The changes.json of each week.")],
    plan: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The plan that was tuned; else the status quo.")
    ] = None,
    troubles: Annotated[str | None, typer.Option(metavar="N", help="As for `sandbox live`.")] = None,
    shock: Annotated[bool, typer.Option("--shock", help="As for `sandbox live`.")] = False,
    seed: Annotated[int, typer.Option(help="As for `sandbox live`.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Score a tuned plan against the same plan left alone, in the same simulated window."""
    from marketmover import console
    from marketmover.sandbox.judge.tuning import score_changes
    from marketmover.sandbox.judge.watching_views import print_tuning
    from marketmover.sandbox.live.asking import asking_for
    from marketmover.sandbox.live.writing import read_changes

    begin = asking_for(folder, plan, troubles, seed, shock=shock)
    score = score_changes(begin, [read_changes(path) for path in changes])
    if json:
        console.print_json(score.to_json())
    else:
        print_tuning(score)
