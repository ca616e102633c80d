"""Plans of the home on the command line: named by their ids, and listed."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from marketmover.console import Table, print_json, print_table, print_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketmover.store import StoreOpener


def by_id(ctx: typer.Context, plan: Path) -> Path:
    """The folder of a plan of the home where its id was given; any other name as it is."""
    from marketmover.campaigns.kept.folders import Shelf, asked_folder, looks_like_id

    if not looks_like_id(plan) or ctx.obj is None:
        return plan
    opener = cast("StoreOpener", ctx.obj)
    return asked_folder(Shelf(opener.settings.home, opener.workspace), plan)


def list_(
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option(help="Only those that stand there, like `draft` or `running`.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the plans of the home, the newest first."""
    from marketmover.campaigns.kept.folders import Shelf
    from marketmover.campaigns.kept.plans import Filter, list_plans
    from marketmover.campaigns.kept.standing import asked_standing
    from marketmover.charts import clean
    from marketmover.kit import utc_now

    opener, today = cast("StoreOpener", ctx.obj), utc_now().date()
    wanted = Filter(asked_standing(state))
    with opener.home() as stores, stores.records.session(read_only=True) as session:
        shelf = Shelf(opener.settings.home, opener.workspace)
        found = list_plans(session, shelf, wanted, today=today, limit=10_000)
    rows = [
        {
            "id": plan.row.id,
            "title": plan.row.title,
            "state": plan.standing(today),
            "currency": plan.row.currency,
            "total_budget": plan.row.total_budget,
            "start_date": str(plan.row.start_date),
            "end_date": str(plan.row.end_date),
            "who": plan.row.who,
        }
        for plan in found
    ]
    if as_json:
        print_json(rows)
    elif rows:
        heads = ("id", "title", "state", "total_budget", "currency", "start_date", "end_date")
        cells: list[Sequence[str]] = [[clean(_cell(row[head])) for head in heads] for row in rows]
        print_table(Table("", heads, cells, frozenset({"total_budget"})))
    else:
        print_text("The home holds no such plan. Compose one: marketmover compose --brief FILE")


def _cell(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:,.2f}"
