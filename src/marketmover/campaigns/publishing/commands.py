"""The life of a plan: `plan approve`, `publish`, `abandon`, `apply`, `undo`, `rollback`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from marketmover.campaigns.kept.commands import by_id
from marketmover.console import progress, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketmover.campaigns.publishing.opening import ConnectedApp
    from marketmover.campaigns.tuning.in_force import Carry
    from marketmover.plans import State

_PLAN = typer.Argument(
    metavar="DIR|ID",
    help="The plan's folder, as `compose --out` wrote it, or its id in the home.",
    callback=by_id,
)
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
    now: Annotated[
        bool, typer.Option("--now", help="Change running lines at once, also before the plan's first day.")
    ] = False,
    by: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Send an approved plan: what is new at once, paused; what changes running lines on the plan's first day."""
    from marketmover.campaigns.publishing.opening import open_publisher
    from marketmover.campaigns.publishing.service import check_asked
    from marketmover.campaigns.publishing.show import show_published
    from marketmover.campaigns.tuning.delivery import author

    check_asked(only, start=start, by=by)
    with open_publisher(cast("ConnectedApp", ctx.obj)) as publisher, progress("publish"):
        who = author(by, why, "by_hand")
        done = publisher.publish(plan, who, only=only, dry_run=dry_run, keep=keep, start=start, at_once=now)
    show_published(done, plan, dry_run=dry_run, as_json=as_json)
    if done.refusals:
        raise typer.Exit(1)


def abandon(
    ctx: typer.Context,
    plan: Annotated[Path, _PLAN],
    by: Annotated[str | None, _WHO] = None,
    why: Annotated[str, _WHY] = "",
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Give up a publication that was cut short or waits: take back what can be, name what is left."""
    from marketmover.campaigns.publishing.abandoning import abandon as give_up
    from marketmover.campaigns.publishing.opening import open_publisher
    from marketmover.campaigns.publishing.show import show_abandoned
    from marketmover.campaigns.tuning.delivery import author

    with open_publisher(cast("ConnectedApp", ctx.obj)) as publisher, progress("abandon"):
        done = give_up(publisher, plan, author(by, why, "by_hand"))
    show_abandoned(done, plan, as_json=as_json)


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
    from marketmover.campaigns.tuning.in_force import undo as take_back

    _gone_back(ctx, plan, take_back, who, why, as_of, dry_run=dry_run, as_json=as_json)


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
    from marketmover.campaigns.tuning.in_force import roll_back

    _gone_back(ctx, plan, partial(roll_back, to=to), who, why, as_of, dry_run=dry_run, as_json=as_json)


def _gone_back(
    ctx: typer.Context,
    plan: Path,
    back: "Callable[..., State]",
    who: str | None,
    why: str,
    as_of: str | None,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    from marketmover.campaigns.tuning.delivery import author
    from marketmover.history import asked_day

    told = {"author": author(who, why, "by_hand"), "as_of": asked_day("--as-of", as_of), "dry_run": dry_run}
    _carried(ctx, plan, lambda carry: back(plan, **told, carry=carry), dry_run=dry_run, as_json=as_json)


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
