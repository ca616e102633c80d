"""`marketmover people`: who may sign in, where, and as what."""

from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from marketmover import console

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from marketmover.access import Rules
    from marketmover.access.permissions import Asker
    from marketmover.access.records import PersonRow
    from marketmover.store import Stores

app = typer.Typer(no_args_is_help=True, help="Who may sign in, where, and as what.")
Email = Annotated[str, typer.Argument(metavar="E-MAIL", help="Whose account.")]
By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who does it, for the log; by default you.")]
In = Annotated[str | None, typer.Option("--workspace", metavar="W", help="By default MARKETMOVER_WORKSPACE.")]


class HasPeople(Protocol):
    """What these commands need of an installation."""

    @property
    def workspace(self) -> str:
        """The workspace that is worked in."""
        ...

    @property
    def rules(self) -> "Rules":
        """How people sign in."""
        ...

    def home(self) -> "AbstractContextManager[Stores]":
        """Its stores."""
        ...


@app.callback()
def people() -> None:
    """People of a workspace. On the server nothing is asked: whoever runs this owns the database."""


@app.command("list")
def list_(
    ctx: typer.Context,
    workspace: In = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")] = False,
) -> None:
    """List who belongs to the workspace, and who is invited."""
    from marketmover.access.links.service import invitations
    from marketmover.access.people.service import members
    from marketmover.access.workspaces.service import find_workspace
    from marketmover.kit import utc_now

    has: HasPeople = ctx.obj
    with has.home() as stores, stores.records.session(read_only=True) as session:
        where = find_workspace(session, workspace or has.workspace).id
        found, invited = members(session, where), invitations(session, where, utc_now())
    if as_json:
        shown = [
            {
                "email": one.email,
                "name": one.name,
                "role": one.role,
                "disabled": one.disabled,
                "second_factor": one.totp,
            }
            for one in found
        ]
        waiting = [{"email": link.email, "role": link.role, "until": link.expires_at.isoformat()} for link in invited]
        console.print_json({"people": shown, "invited": waiting})
        return
    if not found and not invited:
        console.say("Nobody yet: marketmover serve prints a one-time link for the first owner.")
        return
    table = console.Table("", ["e-mail", "name", "role", "second factor", ""])
    table.rows += [
        [one.email, one.name, one.role, "on" if one.totp else "off", "disabled" if one.disabled else ""]
        for one in found
    ]
    table.rows += [[link.email, "", link.role, "", f"invited until {link.expires_at:%Y-%m-%d}"] for link in invited]
    console.print_table(table)


@app.command()
def invite(
    ctx: typer.Context,
    email: Email,
    role: Annotated[str, typer.Option(help="`owner`, `manager`, `analyst`, `viewer`, or one of the workspace's own.")],
    workspace: In = None,
    by: By = None,
) -> None:
    """Invite somebody, and print a one-time link to hand on to them. It is shown this once."""
    from marketmover.access.links.service import address
    from marketmover.access.links.service import invite as make
    from marketmover.access.workspaces.service import find_open
    from marketmover.kit import utc_now

    has: HasPeople = ctx.obj
    with has.home() as stores, stores.records.session() as session:
        where = find_open(session, workspace or has.workspace).id
        link, token = make(session, where, email, role, by=_asker(by), now=utc_now())
    console.print_text(address(has.rules.base_url, token))
    console.say(f"It lets {link.email} into workspace {where} as {role}, once, until {link.expires_at:%Y-%m-%d}.")
    _hint(has)


@app.command()
def role(
    ctx: typer.Context,
    email: Email,
    role: Annotated[str, typer.Argument(help="The new role.")],
    workspace: In = None,
    by: By = None,
) -> None:
    """Give a person another role."""
    from marketmover.access.people.service import give_role
    from marketmover.kit import utc_now

    has: HasPeople = ctx.obj
    with has.home() as stores, stores.records.session() as session:
        done = give_role(session, workspace or has.workspace, email, role, by=_asker(by), now=utc_now())
    console.print_text(f"{done.email} is {done.role} now.")


@app.command()
def remove(ctx: typer.Context, email: Email, workspace: In = None, by: By = None) -> None:
    """Take a person out of the workspace, with the keys that they made in it; or withdraw an invitation."""
    from marketmover.access.links.service import invitations, withdraw
    from marketmover.access.people.service import normal_email, remove_member
    from marketmover.kit import utc_now

    has: HasPeople = ctx.obj
    now, asker = utc_now(), _asker(by)
    with has.home() as stores, stores.records.session() as session:
        where = workspace or has.workspace
        invited = [link for link in invitations(session, where, now) if link.email == normal_email(email)]
        for link in invited:
            withdraw(session, where, link.id, by=asker, now=now)
        if not invited:
            remove_member(session, where, email, by=asker, now=now)
    console.print_text(f"{'Not invited any more' if invited else 'Removed'}: {normal_email(email)}")


@app.command()
def link(
    ctx: typer.Context,
    email: Email,
    second_factor_off: Annotated[
        bool, typer.Option("--second-factor-off", help="Turn the second factor off too, where the app is lost.")
    ] = False,
    by: By = None,
) -> None:
    """Print a one-time link by which somebody who is locked out sets a new password. It ends all their sessions."""
    from marketmover.access.links.service import address, reset_link
    from marketmover.kit import utc_now

    has: HasPeople = ctx.obj
    with has.home() as stores, stores.records.session() as session:
        person, asker = _person(session, email), _asker(by)
        made, token = reset_link(
            session, has.workspace, person, forgets_totp=second_factor_off, who=asker.who, now=utc_now()
        )
    console.print_text(address(has.rules.base_url, token))
    console.say(f"It lets {person.email} set a password, once, until {made.expires_at:%Y-%m-%d %H:%M} UTC.")
    _hint(has)


@app.command()
def disable(ctx: typer.Context, email: Email, by: By = None) -> None:
    """Keep a person out of all workspaces: sessions end, and keys that they made stop."""
    _set_disabled(ctx.obj, email, by, disabled=True)


@app.command()
def enable(ctx: typer.Context, email: Email, by: By = None) -> None:
    """Let a disabled person in again."""
    _set_disabled(ctx.obj, email, by, disabled=False)


def _set_disabled(has: HasPeople, email: str, by: str | None, *, disabled: bool) -> None:
    from marketmover.access.people.service import disable_person
    from marketmover.kit import utc_now

    with has.home() as stores, stores.records.session() as session:
        person = _person(session, email)
        disable_person(session, person, disabled=disabled, who=_asker(by).who, now=utc_now())
    console.print_text(f"{'Disabled' if disabled else 'Enabled'}: {person.email}")


def _person(session: "Session", email: str) -> "PersonRow":
    from marketmover.access.people.service import normal_email, person_by_email
    from marketmover.errors import NotFoundError

    person = person_by_email(session, email)
    if person is None:
        raise NotFoundError(f"Nobody has the e-mail {normal_email(email)}.", "See: marketmover people list")
    return person


def _asker(by: str | None) -> "Asker":
    from marketmover.access import audit
    from marketmover.access.permissions import Asker

    return Asker(by or audit.this_person())


def _hint(has: HasPeople) -> None:
    if not has.rules.public_url:
        console.say("It leads to this machine; where browsers come from elsewhere, set MARKETMOVER_PUBLIC_URL.")
