"""`marketmover tune`, and what became of changes: `plan log` and `plan effects`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from marketmover.campaigns.kept.commands import by_id
from marketmover.console import progress, say

if TYPE_CHECKING:
    from marketmover.campaigns.publishing.opening import ConnectedApp
    from marketmover.plans import Mode
    from marketmover.store import StoreOpener

_PLAN = typer.Argument(
    metavar="DIR|ID",
    help="The plan's folder, as `compose --out` wrote it, or its id in the home.",
    callback=by_id,
)
_JSON = typer.Option("--json", help="Print JSON.")
_WHO = typer.Option(metavar="NAME", help="Who does it, for the log; by default the user of this machine.")
_WHY = typer.Option(metavar="TEXT", help="Why, for the log.")
_HISTORY = typer.Option(metavar="DIR", help="Exports that the plan was made from; by default the home's pulls.")
_LIVE = typer.Option(
    metavar="DIR", help="Exports of the plan's own days, or pulls named by day; by default the home's pulls."
)


def tune(
    ctx: typer.Context,
    plan: Annotated[
        Path,
        typer.Option(
            help="The plan's folder (plan.json, and state.json where changes were made), or its id in the home.",
            callback=by_id,
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the changes (JSON).")],
    history: Annotated[Path | None, _HISTORY] = None,
    live: Annotated[Path | None, _LIVE] = None,
    as_of: Annotated[str | None, typer.Option(help="Take this day for today; nothing after it is used.")] = None,
    limits: Annotated[Path | None, typer.Option(help="Limits as JSON (docs/plans.md), instead of the plan's.")] = None,
    mode: Annotated[
        str,
        typer.Option(help="`advise` writes, `approve` asks and applies, `automatic` applies what rails ask for."),
    ] = "advise",
    yes: Annotated[bool, typer.Option("--yes", help="With --mode approve: apply without asking.")] = False,
    who: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Tune a running plan: what to change now, why, and what that is expected to earn."""
    from marketmover.campaigns.plan_file import load_plan
    from marketmover.campaigns.publishing.carrying import carrying
    from marketmover.campaigns.tuning.delivery import asked_mode, deliver
    from marketmover.history import asked_day
    from marketmover.history.pulls import asked_exports

    chosen: Mode = asked_mode(mode, yes=yes)
    day, opener, start = asked_day("--as-of", as_of), cast("StoreOpener", ctx.obj), load_plan(plan).start_date
    with progress("tune") as report, asked_exports(opener, history, live, start) as told:
        exports, day = (told.history, told.live), day or told.last_day
        delivered = deliver(opener, plan, exports, out, as_of=day, limits=limits, progress=report)
    delivered.present(as_json=as_json)
    with carrying(cast("ConnectedApp", ctx.obj), plan) as carrier:
        delivered.put_into_force(chosen, carrier, yes=yes, who=who, why=why)


def log(plan: Annotated[Path, _PLAN], as_json: Annotated[bool, _JSON] = False) -> None:
    """Show what was changed, by whom, when and why."""
    from marketmover.campaigns.tuning.delivery import show_log
    from marketmover.campaigns.tuning.in_force import InForce

    show_log(InForce.read(plan), as_json=as_json)


def effects(
    ctx: typer.Context,
    plan: Annotated[Path, _PLAN],
    history: Annotated[Path | None, _HISTORY] = None,
    live: Annotated[Path | None, _LIVE] = None,
    as_of: Annotated[str | None, typer.Option(help="Take this day for today; nothing after it is used.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Say what each change earned, measured afterwards."""
    from marketmover.campaigns.plan_file import load_plan
    from marketmover.campaigns.tuning.delivery import measured, show_effects
    from marketmover.history import asked_day
    from marketmover.history.pulls import asked_exports

    day, opener, start = asked_day("--as-of", as_of), cast("StoreOpener", ctx.obj), load_plan(plan).start_date
    with progress("effects") as report, asked_exports(opener, history, live, start) as told:
        exports, day = (told.history, told.live), day or told.last_day
        found = measured(opener, plan, exports, as_of=day, progress=report)
    show_effects(found, as_json=as_json)
    if not found and not as_json:
        say("Nothing that was changed stands.")
