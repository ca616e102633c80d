"""The life of a plan: `plan approve`, `publish`, `apply`, `undo`, `rollback`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from marketmover.console import progress, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketmover.campaigns.publishing.opening import ConnectedApp
    from marketmover.campaigns.tuning.in_force import Carry
    from marketmover.plans import State

_PLAN = typer.Argument(metavar="DIR", help="The plan's folder, as `compose --out` wrote it.")
_JSON = typer.Option("--json", help="Print JSON.")
_DRY = typer.Option("--dry-run", help="Say what would be in force, and what the platforms say to it; change nothing.")
_WHO = typer.Option("--who", "--by", metavar="NAME", help="Who does it; by default the user of this machine.")
_WHY = typer.Option(metavar="TEXT", help="Why, for the log.")
_UNTIL = typer.Option(help="The last day on which it was in force; by default today.")


def approve(
    ctx: typer.Context,
    plan: Annotated[Path, _PLAN],
    by: Annotated[str, typer.Option(metavar="NAME", help="Who approves: a person's name.")] = "",
    why: Annotated[str, _WHY] = "",
    start: Annotated[
        bool, typer.Option("--start", help="What is new may be switched on, too, once it is there as asked.")
    ] = False,
) -> None:
    """Approve a plan and what would be sent for it; only then it can be published."""
    from marketmover.campaigns.plan_file import load_plan
    from marketmover.campaigns.publishing.approving import approve as approve_plan
    from marketmover.campaigns.publishing.opening import open_publisher
    from marketmover.campaigns.tuning.in_force import Author

    entry = approve_plan(plan, Author(by, "approve", why), may_start=start)
    with open_publisher(cast("ConnectedApp", ctx.obj)) as publisher:
        publisher.note_approval(load_plan(plan), entry)
    say(f"Approved by {entry.who} as {entry.id}. Next: `marketmover plan publish {plan} --dry-run`.")


def publish(
    ctx: typer.Context,
    plan: Annotated[Path, _PLAN],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Let the platforms check it; nothing is done.")] = False,
    start: Annotated[
        bool, typer.Option("--start", help="Switch on what is new, if all is there as asked; needs --by.")
    ] = False,
    only: Annotated[
        str | None, typer.Option(metavar="PLATFORM", help="`google_ads` or `meta_ads`; by default both.")
    ] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Where a step is refused, leave what was made before it (paused).")
    ] = False,
    by: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Send an approved plan to the connected accounts: what is new stays paused. Nothing is ever made twice."""
    from marketmover.campaigns.publishing.opening import open_publisher
    from marketmover.campaigns.publishing.service import check_asked
    from marketmover.campaigns.publishing.show import show_published
    from marketmover.campaigns.tuning.delivery import author

    check_asked(only, start=start, by=by)
    with open_publisher(cast("ConnectedApp", ctx.obj)) as publisher, progress("publish"):
        done = publisher.publish(plan, author(by, why), only=only, dry_run=dry_run, keep=keep, start=start)
    show_published(done, plan, dry_run=dry_run, as_json=as_json)
    if done.refusals:
        raise typer.Exit(1)


def apply(
    ctx: typer.Context,
    plan: Annotated[Path, _PLAN],
    changes: Annotated[Path, typer.Option(metavar="FILE", help="The changes that `tune --out` wrote.")],
    dry_run: Annotated[bool, _DRY] = False,
    who: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Put changes into force, all or none; of a published plan on the platforms first."""
    from marketmover.campaigns.tuning.delivery import author, warn_of
    from marketmover.campaigns.tuning.in_force import apply_changes
    from marketmover.plans import Changes

    made = Changes.read(changes)
    state = _carried(
        ctx, plan, lambda carry: apply_changes(plan, made, author(who, why), dry_run=dry_run, carry=carry),
        dry_run=dry_run, as_json=as_json,
    )  # fmt: skip
    warn_of(made, state)


def undo(
    ctx: typer.Context,
    plan: Annotated[Path, _PLAN],
    dry_run: Annotated[bool, _DRY] = False,
    who: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_of: Annotated[str | None, _UNTIL] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Take back the last changes that stand; of a published plan on the platforms first."""
    from marketmover.campaigns.tuning.delivery import author
    from marketmover.campaigns.tuning.in_force import undo as take_back
    from marketmover.history import asked_day

    day = asked_day("--as-of", as_of)
    _carried(
        ctx, plan, lambda carry: take_back(plan, author(who, why), as_of=day, dry_run=dry_run, carry=carry),
        dry_run=dry_run, as_json=as_json,
    )  # fmt: skip


def rollback(
    ctx: typer.Context,
    plan: Annotated[Path, _PLAN],
    to: Annotated[str, typer.Option(metavar="ID", help="An entry of the log, or `plan` for the plan as composed.")],
    dry_run: Annotated[bool, _DRY] = False,
    who: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_of: Annotated[str | None, _UNTIL] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Go back to any earlier state, also to one that was undone; of a published plan on the platforms first."""
    from marketmover.campaigns.tuning.delivery import author
    from marketmover.campaigns.tuning.in_force import roll_back
    from marketmover.history import asked_day

    day = asked_day("--as-of", as_of)
    _carried(
        ctx, plan, lambda carry: roll_back(plan, to, author(who, why), as_of=day, dry_run=dry_run, carry=carry),
        dry_run=dry_run, as_json=as_json,
    )  # fmt: skip


def _carried(
    ctx: typer.Context, plan: Path, change: "Callable[[Carry], State]", *, dry_run: bool, as_json: bool
) -> "State":
    from marketmover.campaigns.publishing.carrying import carrying
    from marketmover.campaigns.publishing.show import show_refusals
    from marketmover.campaigns.tuning.delivery import show_state
    from marketmover.campaigns.tuning.in_force import InForce

    before = InForce.read(plan)
    with carrying(cast("ConnectedApp", ctx.obj), plan) as carrier:
        state = change(carrier)
        refusals = carrier.preview(before, state) if dry_run else []
    show_state(before, state, as_json=as_json, dry_run=dry_run, sent=carrier.words)
    for note in carrier.notes:
        say(f"Mind: {note}")
    show_refusals(refusals)
    return state
