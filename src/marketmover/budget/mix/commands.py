"""`marketmover mix`: what each channel brought, from totals by period."""

from pathlib import Path
from typing import Annotated

import typer

from marketmover.console import print_json, print_table, print_text, say


def mix(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="One row a period, one column a series.")],
    outcome: Annotated[str, typer.Option(metavar="COLUMN", help="Sales, leads or revenue by period.")],
    spend: Annotated[str, typer.Option(metavar="A,B", help="Columns of spend, one a channel.")],
    controls: Annotated[
        str, typer.Option(metavar="C,D", help="Columns of what else moved the outcome: prices, holidays, events.")
    ] = "",
    date: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="First days of the periods; by default the first column of dates."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for mix.json, contributions.csv, curves.csv; by default none."),
    ] = None,
    draws: Annotated[int, typer.Option(help="Posterior draws.")] = 512,
    seed: Annotated[int, typer.Option(help="The same seed and file give the same bytes.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print mix.json.")] = False,
) -> None:
    """Say what each channel brought, where only a total outcome by period is known."""
    from marketmover.budget.mix import delivery
    from marketmover.budget.mix.files import read_mix
    from marketmover.budget.mix.fit import fit_mix

    series = read_mix(file, outcome, _names(spend), _names(controls), date)
    if series.dates is None:
        say("No column holds dates in every row: rows are taken as weeks, in order.")
    found = fit_mix(
        series.outcome,
        series.spend,
        controls=series.controls,
        periods_per_year=series.periods_per_year,
        seed=seed,
        draws=draws,
    )
    folder = delivery.write(out, found, series, seed) if out else None
    if as_json:
        print_json(delivery.as_json(found, series, seed))
    else:
        print_table(delivery.table(found))
        for remark in delivery.remarks(found):
            print_text(remark)
    say(f"To read and chart: {folder}" if folder else "Add --out DIR for files to chart.")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
