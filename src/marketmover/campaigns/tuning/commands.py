"""`marketmover tune`, and the life of changes: `plan apply`, `undo`, `rollback`, `log` and `effects`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from marketmover.console import progress, say

if TYPE_CHECKING:
    from marketmover.plans import Mode
    from marketmover.store import StoreOpener

_PLAN = typer.Argument(metavar="DIR", help="The plan's folder, as `compose --out` wrote it.")
_JSON = typer.Option("--json", help="Print JSON.")
_DRY = typer.Option("--dry-run", help="Say what would be in force, and change nothing.")
_WHO = typer.Option(metavar="NAME", help="Who does it, for the log; by default the user of this machine.")
_WHY = typer.Option(metavar="TEXT", help="Why, for the log.")
_HISTORY = typer.Option(metavar="DIR", help="Exports that the plan was made from; by default the home's pulls.")
_LIVE = typer.Option(
    metavar="DIR", help="Exports of the plan's own days, or pulls named by day; by default the home's pulls."
)
_UNTIL = typer.Option(help="The last day on which it was in force; by default today.")


def tune(
    ctx: typer.Context,
    plan: Annotated[Path, typer.Option(help="The plan's folder (plan.json, and state.json where changes were made).")],
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
    from marketmover.campaigns.tuning.delivery import asked_mode, deliver
    from marketmover.history import asked_day
    from marketmover.history.pulls import asked_exports

    chosen: Mode = asked_mode(mode, yes=yes)
    day, opener, start = asked_day("--as-of", as_of), cast("StoreOpener", ctx.obj), load_plan(plan).start_date
    with progress("tune") as report, asked_exports(opener, history, live, start) as told:
        exports, day = (told.history, told.live), day or told.last_day
        delivered = deliver(opener, plan, exports, out, as_of=day, limits=limits, progress=report)
    delivered.present(as_json=as_json)
    delivered.put_into_force(chosen, yes=yes, who=who, why=why)


def apply(
    plan: Annotated[Path, _PLAN],
    changes: Annotated[Path, typer.Option(metavar="FILE", help="The changes that `tune --out` wrote.")],
    dry_run: Annotated[bool, _DRY] = False,
    who: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Put changes into force: state.json and the log of changes. Nothing is sent to the platforms."""
    from marketmover.campaigns.tuning.delivery import author, show_state, warn_of
    from marketmover.campaigns.tuning.in_force import InForce, apply_changes
    from marketmover.plans import Changes

    before, made = InForce.read(plan), Changes.read(changes)
    state = apply_changes(plan, made, author(who, why), dry_run=dry_run)
    show_state(before, state, as_json=as_json, dry_run=dry_run)
    warn_of(made, state)


def undo(
    plan: Annotated[Path, _PLAN],
    dry_run: Annotated[bool, _DRY] = False,
    who: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_of: Annotated[str | None, _UNTIL] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Take back the last changes that stand."""
    from marketmover.campaigns.tuning.delivery import author, show_state
    from marketmover.campaigns.tuning.in_force import InForce
    from marketmover.campaigns.tuning.in_force import undo as take_back
    from marketmover.history import asked_day

    before = InForce.read(plan)
    state = take_back(plan, author(who, why), as_of=asked_day("--as-of", as_of), dry_run=dry_run)
    show_state(before, state, as_json=as_json, dry_run=dry_run)


def rollback(
    plan: Annotated[Path, _PLAN],
    to: Annotated[str, typer.Option(metavar="ID", help="An entry of the log, or `plan` for the plan as composed.")],
    dry_run: Annotated[bool, _DRY] = False,
    who: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_of: Annotated[str | None, _UNTIL] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Go back to any earlier state, also to one that was undone."""
    from marketmover.campaigns.tuning.delivery import author, show_state
    from marketmover.campaigns.tuning.in_force import InForce, roll_back
    from marketmover.history import asked_day

    before = InForce.read(plan)
    state = roll_back(plan, to, author(who, why), as_of=asked_day("--as-of", as_of), dry_run=dry_run)
    show_state(before, state, as_json=as_json, dry_run=dry_run)


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
