"""`marketmover workspaces`: the clients of an agency."""

from typing import TYPE_CHECKING, Annotated

import typer

from marketmover import console

if TYPE_CHECKING:
    from marketmover.access.workspaces.service import Place
    from marketmover.store import StoreOpener

app = typer.Typer(no_args_is_help=True, help="Workspaces: clients who never see each other.")
Id = Annotated[str, typer.Argument(metavar="ID", help="Lower case letters, digits, - and _.")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it, for the log; by default you.")]


@app.callback()
def workspaces() -> None:
    """Workspaces. Commands work in MARKETMOVER_WORKSPACE, which is `default` where it is not set."""


@app.command("list")
def list_(
    ctx: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False
) -> None:
    """List workspaces, archived ones too."""
    from marketmover.access.people.service import members
    from marketmover.access.workspaces.service import workspaces

    opener: StoreOpener = ctx.obj
    with opener.home() as stores, stores.records.session(read_only=True) as session:
        found = workspaces(session, archived=True)
        people = {place.id: len(members(session, place.id)) for place in found}
    if as_json:
        console.print_json([_shown(place) | {"people": people[place.id]} for place in found])
        return
    table = console.Table("", ["id", "title", "people", "made", ""], right=frozenset({"people"}))
    table.rows += [
        [
            place.id,
            place.title,
            str(people[place.id]),
            f"{place.created_at:%Y-%m-%d}",
            "" if place.archived_at is None else f"archived {place.archived_at:%Y-%m-%d}",
        ]
        for place in found
    ]
    console.print_table(table)


@app.command()
def create(
    ctx: typer.Context,
    workspace: Id,
    title: Annotated[str, typer.Option(help="What people call it; by default its id.")] = "",
    owner: Annotated[
        list[str] | None,
        typer.Option("--owner", metavar="E-MAIL", help="Who owns it; by default who owns the present workspace."),
    ] = None,
    by: By = None,
) -> None:
    """Make a workspace, with its owners."""
    from marketmover.access import audit
    from marketmover.access.people.service import copy_owners
    from marketmover.access.workspaces.service import create_workspace
    from marketmover.kit import utc_now

    opener: StoreOpener = ctx.obj
    who, now = by or audit.this_person(), utc_now()
    with opener.home() as stores, stores.records.session() as session:
        create_workspace(session, workspace, title, who=who, now=now)
        owners = copy_owners(session, opener.workspace, workspace, owner, who=who, now=now)
    console.print_text(f"Made: {workspace}; {'owned by ' + ', '.join(owners) if owners else 'nobody owns it yet'}")
    console.say(f"Commands work in it by MARKETMOVER_WORKSPACE={workspace}")


@app.command()
def archive(ctx: typer.Context, workspace: Id, by: By = None) -> None:
    """Archive a workspace: nobody sees it and no key opens it. Nothing in it is deleted."""
    _archive(ctx.obj, workspace, by, archived=True)


@app.command()
def restore(ctx: typer.Context, workspace: Id, by: By = None) -> None:
    """Bring an archived workspace back."""
    _archive(ctx.obj, workspace, by, archived=False)


def _archive(opener: "StoreOpener", workspace: str, by: str | None, *, archived: bool) -> None:
    from marketmover.access import audit
    from marketmover.access.workspaces.service import archive_workspace
    from marketmover.kit import utc_now

    with opener.home() as stores, stores.records.session() as session:
        archive_workspace(session, workspace, archived=archived, who=by or audit.this_person(), now=utc_now())
    console.print_text(f"{'Archived' if archived else 'Back again'}: {workspace}")


def _shown(place: "Place") -> dict[str, object]:
    return {
        "id": place.id,
        "title": place.title,
        "created_at": place.created_at.isoformat(),
        "archived_at": place.archived_at and place.archived_at.isoformat(),
    }
