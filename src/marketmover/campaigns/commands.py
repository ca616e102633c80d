"""`marketmover plan`: what becomes of a plan once it is composed."""

from pathlib import Path
from typing import Annotated

import typer

from marketmover.campaigns.kept import commands as kept
from marketmover.campaigns.publishing import commands as publishing
from marketmover.campaigns.tuning import commands as tuning
from marketmover.console import print_json, say

app = typer.Typer(
    help="Show plans, compare them, export a split; approve, publish, change and undo.", no_args_is_help=True
)
for command in (
    publishing.approve,
    publishing.publish,
    publishing.abandon,
    publishing.apply,
    publishing.undo,
    publishing.rollback,
    tuning.log,
    tuning.effects,
):
    app.command()(command)
app.command("list")(kept.list_)

_PLAN = typer.Argument(
    metavar="DIR|FILE|ID",
    help="A folder that `compose --out` wrote, or its plan.json; or the id of a plan of the home.",
    callback=kept.by_id,
)
_JSON = typer.Option("--json", help="Print JSON.")


@app.command()
def show(plan: Annotated[Path, _PLAN], as_json: Annotated[bool, _JSON] = False) -> None:
    """Show a plan: the answer first, then the split, then what to mind."""
    from marketmover.campaigns.plan_file import load_plan, page_beside
    from marketmover.campaigns.show import show_plan, show_waiting

    found = load_plan(plan)
    if as_json:
        print_json(found)
    else:
        show_plan(found, page_beside(plan))
        show_waiting(plan)


@app.command()
def diff(
    old: Annotated[
        Path,
        typer.Argument(metavar="OLD", help="The earlier plan: its folder, plan.json or id.", callback=kept.by_id),
    ],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later plan.", callback=kept.by_id)],
    as_json: Annotated[bool, _JSON] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page to read and keep.")] = None,
) -> None:
    """Say what changed between two plans, and why."""
    from marketmover.campaigns.changes import compare_plans, render_page
    from marketmover.campaigns.changes.show import show_diff
    from marketmover.campaigns.plan_file import load_plan
    from marketmover.charts import save_page

    found = compare_plans(load_plan(old), load_plan(new), (str(old), str(new)))
    if out is not None:
        save_page(render_page(found), out)
    if as_json:
        print_json(found)
    else:
        show_diff(found)
    if out is not None:
        say(f"The page is {out}")


@app.command()
def export(
    plan: Annotated[Path, _PLAN],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for split.csv and split.xlsx; by default the plan's own.")
    ] = None,
) -> None:
    """Write a plan's split as CSV and XLSX."""
    from marketmover.campaigns.plan_file import load_plan
    from marketmover.campaigns.sheet import write_split

    for path in write_split(load_plan(plan), out or (plan if plan.is_dir() else plan.parent)):
        say(f"The split is {path}")
