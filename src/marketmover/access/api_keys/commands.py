"""`marketmover keys`: keys for programs."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from marketmover import console

if TYPE_CHECKING:
    from marketmover.access.api_keys.service import ApiKey
    from marketmover.store import StoreOpener

app = typer.Typer(no_args_is_help=True, help="Keys for programs.")
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it, for the log; by default you.")]
In = Annotated[str | None, typer.Option("--workspace", metavar="W", help="By default MARKETMOVER_WORKSPACE.")]


@app.callback()
def keys() -> None:
    """Keys by which programs use the API of `marketmover serve`."""


@app.command()
def create(
    ctx: typer.Context,
    name: Annotated[str, typer.Option("--name", metavar="N", help="What it is for, as logs have it.")],
    scope: Annotated[
        list[str],
        typer.Option(
            "--scope", metavar="S", help="A permission, a role's name, or `read`. May be given several times."
        ),
    ],
    expires: Annotated[int | None, typer.Option("--expires", metavar="DAYS", help="Days after which it ends.")] = None,
    workspace: In = None,
    by: By = None,
) -> None:
    """Make a key, and print it alone. It is shown this once; the database keeps its hash."""
    from marketmover.access import audit
    from marketmover.access.api_keys.service import create_key
    from marketmover.access.permissions import Asker
    from marketmover.access.workspaces.service import find_open
    from marketmover.kit import utc_now

    opener: StoreOpener = ctx.obj
    with opener.home() as stores, stores.records.session() as session:
        where = find_open(session, workspace or opener.workspace).id
        asker = Asker(by or audit.this_person())
        key, text = create_key(session, where, name, scope, by=asker, now=utc_now(), expires_days=expires)
    console.print_text(text)
    ends = "has no end" if key.expires_at is None else f"ends on {key.expires_at:%Y-%m-%d}"
    console.say(f"The key opens workspace {where} and {ends}. It is not shown again.")


@app.command("list")
def list_(
    ctx: typer.Context,
    workspace: In = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """List keys, those that ended too; never the keys themselves."""
    from marketmover.access.api_keys.service import keys_of
    from marketmover.access.workspaces.service import find_workspace
    from marketmover.kit import utc_now

    opener: StoreOpener = ctx.obj
    with opener.home() as stores, stores.records.session(read_only=True) as session:
        found = keys_of(session, find_workspace(session, workspace or opener.workspace).id)
    now = utc_now()
    if as_json:
        console.print_json([_shown(key, now) for key in found])
        return
    if not found:
        console.say("There is no key. Make one: marketmover keys create --name N --scope read")
        return
    columns = ["id", "name", "may", "made by", "made", "ends", "last used", ""]
    console.print_table(console.Table("", columns, [_row(key, now) for key in found]))


@app.command()
def revoke(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(help="The key's id or name, as `keys list` shows it.")],
    workspace: In = None,
    by: By = None,
) -> None:
    """Revoke a key, at once and for good."""
    from marketmover.access import audit
    from marketmover.access.api_keys.service import revoke_key
    from marketmover.access.permissions import Asker
    from marketmover.kit import utc_now

    opener: StoreOpener = ctx.obj
    with opener.home() as stores, stores.records.session() as session:
        asker = Asker(by or audit.this_person())
        found = revoke_key(session, workspace or opener.workspace, key, by=asker, now=utc_now())
    console.print_text(f"Revoked: {found.name} ({found.id})")


def _state(key: "ApiKey", now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    return "ended" if key.expires_at is not None and key.expires_at <= now else ""


def _row(key: "ApiKey", now: datetime) -> list[str]:
    days = [f"{day:%Y-%m-%d}" if day is not None else "never" for day in (key.made_at, key.expires_at, key.used_at)]
    return [key.id, key.name, _may(key), key.made_by, *days, _state(key, now)]


def _may(key: "ApiKey") -> str:
    """What a key may do, as few scopes as say it."""
    from marketmover.access.permissions import READ, ROLES

    ways = [sorted(key.permissions)]
    for name, permissions in {"read": READ, **ROLES}.items():
        if permissions <= key.permissions:
            ways.append([name, *sorted(key.permissions - permissions)])
    return ", ".join(min(ways, key=len))


def _shown(key: "ApiKey", now: datetime) -> dict[str, object]:
    return {
        "id": key.id,
        "name": key.name,
        "permissions": sorted(key.permissions),
        "made_by": key.made_by,
        "made_at": key.made_at.isoformat(),
        "expires_at": key.expires_at and key.expires_at.isoformat(),
        "used_at": key.used_at and key.used_at.isoformat(),
        "revoked_at": key.revoked_at and key.revoked_at.isoformat(),
        "state": _state(key, now) or "ok",
    }
