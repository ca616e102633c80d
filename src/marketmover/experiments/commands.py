"""`marketmover experiment`: design an A/B test, or read what it showed."""

from pathlib import Path
from typing import Annotated

import typer

from marketmover.console import print_json, say

app = typer.Typer(help="Design an A/B test, or read what it showed.", no_args_is_help=True)


@app.command()
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="One row an arm and day: arm,date,leads,cost,...")],
    plan: Annotated[
        Path | None, typer.Option(metavar="DIR", help="The plan whose test this is; it sets the rest.")
    ] = None,
    metric: Annotated[
        str | None, typer.Option(help="What decides: leads, orders/visitors, cost_per_lead, roas, ...")
    ] = None,
    control: Annotated[str | None, typer.Option(help="The usual arm; by default usual, control or a.")] = None,
    shares: Annotated[str | None, typer.Option(help="Planned shares, the usual arm's first: 50,50.")] = None,
    days: Annotated[int | None, typer.Option(min=2, help="How long the test was to run.")] = None,
    effect: Annotated[float | None, typer.Option(help="The relative effect it was sized for: 0.1 is 10%.")] = None,
    alpha: Annotated[
        float | None, typer.Option(help="Chance of a false verdict over all looks; 0.05 if not said.")
    ] = None,
    value: Annotated[float | None, typer.Option(min=0, help="What one of the metric is worth, in money.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217 of all money: EUR.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page as well.")] = None,
) -> None:
    """Read a test's results and decide, in words. It may be read every day."""
    from marketmover.experiments.asking import Asked, examine

    examined = examine(file, Asked(plan, metric, control, shares, days, effect, alpha, value, currency))
    if out is not None:
        from marketmover.charts import save_page
        from marketmover.experiments.page import render_page

        save_page(render_page(examined.report, examined.currency, simulated=examined.simulated), out)
        say(f"page: {out}")
    if as_json:
        print_json(examined.report.as_json())
        return
    from marketmover.experiments.show import show_report

    show_report(examined.report, examined.currency)


@app.command()
def design(
    per_day: Annotated[float, typer.Option(help="People a day over all arms; with --count, outcomes a day.")],
    rate: Annotated[float | None, typer.Option(help="Share that does it today: 0.03 is 3%.")] = None,
    mean: Annotated[float | None, typer.Option(help="What one person brings today; needs --sd.")] = None,
    sd: Annotated[float | None, typer.Option(help="How much that varies from person to person.")] = None,
    count: Annotated[bool, typer.Option("--count", help="Counts by day, such as leads of campaigns.")] = False,
    dispersion: Annotated[float, typer.Option(help="With --count: variance of a day over its mean.")] = 1.0,
    effect: Annotated[float, typer.Option(help="Relative effect to be seen: 0.1 is 10% more.")] = 0.1,
    days: Annotated[float | None, typer.Option(help="Days there are: says the smallest effect seen in them.")] = None,
    share: Annotated[float, typer.Option(help="Share of the traffic for the new arm.")] = 0.5,
    power: Annotated[float, typer.Option(help="Chance to see the effect if it is there.")] = 0.8,
    alpha: Annotated[float, typer.Option(help="Chance to see one that is not.")] = 0.05,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """Say how large and how long a test must be, read daily or once, and the smallest effect that it sees."""
    from marketmover.experiments.asking import asked_baseline, designed
    from marketmover.experiments.design import Rules

    baseline = asked_baseline(per_day, rate=rate, mean=mean, sd=sd, count=count, dispersion=dispersion)
    sized = designed(baseline, effect, Rules(alpha, power, share), days)
    if as_json:
        print_json(sized.as_json())
        return
    from marketmover.experiments.show import show_design

    show_design(sized.design, sized.smallest, sized.by_share)
