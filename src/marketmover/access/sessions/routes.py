"""`/v1/session`: sign in and out, who am I, which workspace, and the second factor."""

from datetime import datetime
from typing import Annotated

from fastapi import Query, Request, Response, status
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from marketmover.access.browsers import (
    House,
    caller_of,
    drop_session,
    keep_session,
    not_kept,
    origin_of,
    person_signed_in,
    require_own_page,
    require_person,
)
from marketmover.access.forms import Code, Email, Form, OptionalPassword, Password, WorkspaceName
from marketmover.access.people.service import end_sessions, rename_person
from marketmover.access.records import PersonRow, SessionRow
from marketmover.access.sessions.service import (
    choose_workspace,
    end_session,
    end_session_of,
    open_session,
    session_of,
    sessions_of,
)
from marketmover.access.sessions.signing_in import (
    Shown,
    audit_person,
    change_password,
    prove_again,
    sign_in,
    turn_totp_off,
)
from marketmover.access.sessions.throttle import forgive
from marketmover.access.sessions.totp import begin_totp, confirm_totp, qr_code, totp_state
from marketmover.access.tokens import csrf_of
from marketmover.access.workspaces.service import workspaces_of
from marketmover.errors import NoWorkspaceError, UnauthenticatedError
from marketmover.kit import utc_now
from marketmover.web import Desk, Identifier, Name, Page, needs, open_to_all, room_router

router = room_router("/session", "Session")


class SignIn(Form):
    """What somebody shows to sign in."""

    email: Email
    password: Password
    code: Code = Field(default="", description="Of the app, or a recovery code, where the second factor is on.")


class ChooseWorkspace(Form):
    """Where to work from now on."""

    workspace: WorkspaceName


class ChangePassword(Form):
    """The present password, and the new one."""

    password: Password
    new_password: Password
    code: Code = ""


class BeginTotp(Form):
    """The password; who has none, leaves it empty."""

    password: OptionalPassword = ""


class ConfirmTotp(Form):
    """A code of the app."""

    code: Code


class TurnTotpOff(Form):
    """The password, and a code of the app or a recovery code."""

    password: OptionalPassword = ""
    code: Code


class OwnPerson(BaseModel):
    """The person who asks."""

    id: str
    email: str
    name: str
    has_password: bool = Field(description="Not where a provider signs them in.")


class ChangeOwnPerson(Form):
    """How others are to see me."""

    name: Name = Field(examples=["Ana"])


class WorkspaceChoice(BaseModel):
    """A workspace that can be chosen."""

    id: str
    title: str


class SessionAnswer(BaseModel):
    """Who asks, and what they may do where they are."""

    signed_in: bool
    kind: str | None = Field(default=None, description="`person` or `key`.")
    id: str | None = None
    name: str | None = Field(default=None, description="A person's e-mail, a key's name.")
    workspace: str | None = None
    permissions: list[str] = Field(default_factory=list)
    workspaces: list[WorkspaceChoice] = Field(default_factory=list)
    csrf: str | None = Field(default=None, description="What changes anything sends it as `X-CSRF-Token`.")
    oidc: bool = Field(default=False, description="Whether one can sign in at a provider: GET /v1/session/oidc.")


class OpenSession(BaseModel):
    """A place where a person is signed in."""

    id: str
    way: str
    opened_at: datetime
    seen_at: datetime
    address: str
    agent: str
    this: bool = Field(description="Whether it is the one that asks.")


class TotpAnswer(BaseModel):
    """Whether the second factor is on, and how many recovery codes are left."""

    on: bool
    recovery_codes_left: int


class TotpBegun(BaseModel):
    """What the app is to know; told this once."""

    seed: str
    uri: str = Field(description="The same as an `otpauth:` address.")
    qr: str = Field(description="The address as a QR code: an SVG picture, as a `data:` address.")


class RecoveryCodes(BaseModel):
    """Codes that stand in for the app, each once; told this once."""

    recovery_codes: list[str]


@router.get("", summary="Who am I, and what may I do", operation_id="read_session")
def read_session(request: Request, response: Response, hall: Annotated[House, open_to_all()]) -> SessionAnswer:
    """Who asks, their permissions, their workspaces, and the CSRF token of a session.

    Somebody who signed in and belongs to no workspace is told so: `workspace` is null.
    """
    not_kept(response)
    try:
        caller = caller_of(request)
    except NoWorkspaceError:
        return _of_nowhere(request, hall)
    if caller is None:
        return SessionAnswer(signed_in=False, oidc=bool(hall.rules.oidc.issuer))
    found = SessionAnswer(
        signed_in=True,
        kind=caller.kind,
        id=caller.id,
        name=caller.name,
        workspace=caller.workspace,
        permissions=sorted(caller.permissions),
        oidc=bool(hall.rules.oidc.issuer),
    )
    cookie = request.cookies.get(hall.rules.session_cookie)
    if caller.kind == "person" and cookie is not None:
        with hall.records.session(read_only=True) as session:
            mine = workspaces_of(session, caller.id)
        found.workspaces = [WorkspaceChoice(id=place.id, title=place.title) for place in mine]
        found.csrf = csrf_of(cookie)
    return found


@router.post("", summary="Sign in by password", operation_id="sign_in")
def sign_in_by_password(
    request: Request, response: Response, asked: SignIn, hall: Annotated[House, open_to_all()]
) -> SessionAnswer:
    """Open a session. Where a code is asked for, the problem's type ends with `second-factor`."""
    require_own_page(request, hall.rules)
    now, former = utc_now(), request.cookies.get(hall.rules.session_cookie)
    shown = Shown(asked.email, asked.password, asked.code)
    token = sign_in(hall.records, hall.keys, hall.rules, shown, origin_of(request), now, former=former)
    keep_session(response, hall.rules, token)
    return SessionAnswer(signed_in=True, kind="person", csrf=csrf_of(token))


@router.delete("", status_code=status.HTTP_204_NO_CONTENT, summary="Sign out", operation_id="sign_out")
def sign_out(
    request: Request,
    hall: Annotated[House, open_to_all()],
    everywhere: Annotated[bool, Query(description="On all devices.")] = False,
) -> Response:
    """End this session, or all of this person's; also where they belong to no workspace any more."""
    person, now = person_signed_in(request, hall), utc_now()
    with hall.records.session() as session:
        if everywhere:
            end_sessions(session, person.id)
            audit_person(session, person, "session.all_ended", who=person.email, now=now)
        end_session(session, request.cookies.get(hall.rules.session_cookie))
    response = Response(status_code=status.HTTP_204_NO_CONTENT)
    drop_session(response, hall.rules)
    return response


@router.patch("", summary="Choose the workspace to work in", operation_id="choose_workspace")
def choose(request: Request, asked: ChooseWorkspace, desk: Annotated[Desk, needs(None)]) -> WorkspaceChoice:
    """Work in another workspace from now on, on this device."""
    caller = require_person(desk.caller)
    with desk.session() as session:
        choose_workspace(session, _session_row(session, request, desk), asked.workspace)
        mine = workspaces_of(session, caller.id)
    return next(WorkspaceChoice(id=place.id, title=place.title) for place in mine if place.id == asked.workspace)


@router.get("/all", summary="List where I am signed in", operation_id="list_sessions")
def list_sessions(request: Request, desk: Annotated[Desk, needs(None)]) -> Page[OpenSession]:
    """All devices on which this person is signed in."""
    house: House = desk.app
    caller = require_person(desk.caller)
    with desk.session(read_only=True) as session:
        this = _session_row(session, request, desk).id
        rows = sessions_of(session, caller.id, house.rules, utc_now())
    return Page[OpenSession](items=[_shown(row, this) for row in rows], next=None)


@router.post("/password", summary="Change my password", operation_id="change_password")
def change_own_password(
    request: Request, response: Response, asked: ChangePassword, desk: Annotated[Desk, needs(None)]
) -> SessionAnswer:
    """Change the password by the present one. All sessions end; this device gets a new one."""
    house: House = desk.app
    now, origin, person = utc_now(), origin_of(request), _person(desk)
    shown = Shown(person.email, asked.password, asked.code)
    change_password(house.records, house.keys, person, shown, asked.new_password, origin, now)
    with desk.session() as session:
        token = open_session(session, person, "password", origin, house.rules, now)
    keep_session(response, house.rules, token)
    return SessionAnswer(signed_in=True, kind="person", csrf=csrf_of(token))


@router.get("/totp", summary="See whether my second factor is on", operation_id="read_totp")
def read_totp(desk: Annotated[Desk, needs(None)]) -> TotpAnswer:
    """The second factor of whoever asks."""
    caller = require_person(desk.caller)
    with desk.session(read_only=True) as session:
        on, left = totp_state(session, caller.id)
    return TotpAnswer(on=on, recovery_codes_left=left)


@router.post("/totp", summary="Begin a second factor", operation_id="begin_totp")
def begin(request: Request, response: Response, asked: BeginTotp, desk: Annotated[Desk, needs(None)]) -> TotpBegun:
    """Make a seed for an app. It counts once a code of the app was sent to /v1/session/totp/confirm."""
    house: House = desk.app
    now, origin, person = utc_now(), origin_of(request), _person(desk)
    prove_again(house.records, person, asked.password, origin, now)
    with desk.session() as session:
        forgive(session, person.email, origin.address)
        seed, uri = begin_totp(session, house.keys, desk.workspace, person, now)
    not_kept(response)
    return TotpBegun(seed=seed, uri=uri, qr=qr_code(uri))


@router.post("/totp/confirm", summary="Turn my second factor on", operation_id="confirm_totp")
def confirm(response: Response, asked: ConfirmTotp, desk: Annotated[Desk, needs(None)]) -> RecoveryCodes:
    """Show a code of the app: from now on one is asked for."""
    house: House = desk.app
    now, person = utc_now(), _person(desk)
    with desk.session() as session:
        codes = confirm_totp(session, house.keys, person, asked.code, now)
        audit_person(session, person, "person.totp_on", who=person.email, now=now)
    not_kept(response)
    return RecoveryCodes(recovery_codes=codes)


@router.post(
    "/totp/off",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Turn my second factor off",
    operation_id="turn_totp_off",
)
def turn_off(request: Request, asked: TurnTotpOff, desk: Annotated[Desk, needs(None)]) -> None:
    """Turn it off, by the password and a code."""
    house: House = desk.app
    person = _person(desk)
    shown = Shown(person.email, asked.password, asked.code)
    turn_totp_off(house.records, house.keys, person, shown, origin_of(request), utc_now())


@router.delete(
    "/all/{session_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Sign out one device",
    operation_id="end_one_session",
)
def end_one(session_id: Identifier, desk: Annotated[Desk, needs(None)]) -> None:
    """End one of one's own sessions, as `GET /v1/session/all` names them."""
    caller = require_person(desk.caller)
    with desk.session() as session:
        end_session_of(session, caller.id, session_id)
        desk.audit(session, "session.ended", f"person {caller.name}")


@router.get("/person", summary="Read my account", operation_id="read_own_person")
def read_own_person(desk: Annotated[Desk, needs(None)]) -> OwnPerson:
    """The person who asks."""
    return _own(_person(desk))


@router.patch("/person", summary="Change my name", operation_id="change_own_person")
def change_own_person(asked: ChangeOwnPerson, desk: Annotated[Desk, needs(None)]) -> OwnPerson:
    """How others see me, in all workspaces that I belong to."""
    caller, now = require_person(desk.caller), utc_now()
    with desk.session() as session:
        person = session.get_one(PersonRow, caller.id)
        rename_person(session, person, asked.name, now)
        return _own(person)


def _own(person: PersonRow) -> OwnPerson:
    return OwnPerson(id=person.id, email=person.email, name=person.name, has_password=person.password is not None)


def _of_nowhere(request: Request, hall: House) -> SessionAnswer:
    """Who signed in and belongs to no workspace: they may do nothing but sign out."""
    person = person_signed_in(request, hall)
    return SessionAnswer(
        signed_in=True,
        kind="person",
        id=person.id,
        name=person.email,
        csrf=csrf_of(request.cookies[hall.rules.session_cookie]),
        oidc=bool(hall.rules.oidc.issuer),
    )


def _person(desk: Desk) -> PersonRow:
    caller = require_person(desk.caller)
    with desk.session(read_only=True) as session:
        return session.get_one(PersonRow, caller.id)


def _session_row(session: Session, request: Request, desk: Desk) -> SessionRow:
    house: House = desk.app
    row = session_of(session, request.cookies.get(house.rules.session_cookie), house.rules, utc_now())
    if row is None:
        raise UnauthenticatedError("The session has ended.", "Sign in again.")
    return row


def _shown(row: SessionRow, this: str) -> OpenSession:
    return OpenSession(
        id=row.id,
        way=row.way,
        opened_at=row.opened_at,
        seen_at=row.seen_at,
        address=row.address,
        agent=row.agent,
        this=row.id == this,
    )
