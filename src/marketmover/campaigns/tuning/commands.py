"""`marketmover tune`, and what became of changes: `plan log` and `plan effects`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from marketmover.console import progress, say

if TYPE_CHECKING:
    from marketmover.campaigns.publishing.opening import ConnectedApp
    from marketmover.plans import Mode
    from marketmover.store import StoreOpener

_PLAN = typer.Argument(metavar="DIR", help="The plan's folder, as `compose --out` wrote it.")
_JSON = typer.Option("--json", help="Print JSON.")
_WHO = typer.Option(metavar="NAME", help="Who does it, for the log; by default the user of this machine.")
_WHY = typer.Option(metavar="TEXT", help="Why, for the log.")


def tune(
    ctx: typer.Context,
    plan: Annotated[Path, typer.Option(help="The plan's folder (plan.json, and state.json where changes were made).")],
    history: Annotated[Path, typer.Option(help="The exports that the plan was made from.")],
    live: Annotated[Path, typer.Option(help="Exports of the plan's own days; or a folder of pulls named by day.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Where to write the changes (JSON).")],
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
    from marketmover.campaigns.publishing.carrying import carrying
    from marketmover.campaigns.tuning.delivery import asked_mode, deliver
    from marketmover.history import asked_day

    chosen: Mode = asked_mode(mode, yes=yes)
    day = asked_day("--as-of", as_of)
    with progress("tune") as report:
        delivered = deliver(
            cast("StoreOpener", ctx.obj), plan, (history, live), out, as_of=day, limits=limits, progress=report
        )
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
    history: Annotated[Path, typer.Option(help="The exports that the plan was made from.")],
    live: Annotated[Path, typer.Option(help="Exports of the plan's own days.")],
    as_of: Annotated[str | None, typer.Option(help="Take this day for today; nothing after it is used.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Say what each change earned, measured afterwards."""
    from marketmover.campaigns.tuning.delivery import measured, show_effects
    from marketmover.history import asked_day

    day = asked_day("--as-of", as_of)
    with progress("effects") as report:
        found = measured(cast("StoreOpener", ctx.obj), plan, (history, live), as_of=day, progress=report)
    show_effects(found, as_json=as_json)
    if not found and not as_json:
        say("Nothing that was changed stands.")
