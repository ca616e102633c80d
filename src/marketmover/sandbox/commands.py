"""`marketmover sandbox`: simulated markets on disk."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="Simulated markets with known truth, to try things on.")


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


@app.command("judge")
def judge_(
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
    from marketmover import console
    from marketmover.sandbox.judge.cases import choose_cases, read_seeds
    from marketmover.sandbox.judge.delivery import check_places, deliver, judged

    cases = choose_cases(read_seeds(seeds), manager, family, lines, days)
    check_places(html, out)
    with console.progress("Judging") as report:
        found = judged(cases, objective, cache, jobs, report)
    deliver(found, html=html, out=out, as_json=json)
