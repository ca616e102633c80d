"""`/v1/people`, `/v1/invitations`, `/v1/roles`: who belongs to the workspace, and as what."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Request, Response, status
from pydantic import BaseModel, Field

from marketmover.access.browsers import House, asker_of, base_url_of, not_kept, require_person
from marketmover.access.forms import Email, Form, Permissions, text_place
from marketmover.access.links.service import Link, address, invitations, invite, reset_link, withdraw
from marketmover.access.people.roles import Role, keep_role, remove_role, roles_of
from marketmover.access.people.service import (
    Member,
    find_member,
    give_role,
    members,
    remove_member,
    require_answerable,
)
from marketmover.access.permissions import CATALOGUE
from marketmover.access.records import PersonRow
from marketmover.kit import utc_now
from marketmover.web import Desk, Identifier, Listing, Page, listed, needs, room_router

router = room_router("", "People")


class PersonAnswer(BaseModel):
    """A person in this workspace."""

    id: str
    email: str
    name: str
    role: str
    since: datetime
    disabled: bool
    second_factor: bool


class GiveRole(Form):
    """A role to give."""

    role: Identifier = Field(examples=["analyst"])


class Invite(Form):
    """Whom to invite, and as what."""

    email: Email
    role: Identifier = Field(examples=["analyst"])


class MakeLink(Form):
    """What the link is to do."""

    second_factor_off: bool = Field(default=False, description="Turn the second factor off too, where the app is lost.")


class InvitationAnswer(BaseModel):
    """An invitation that is open."""

    id: str
    email: str
    role: str
    made_by: str
    expires_at: datetime


class LinkMade(BaseModel):
    """A one-time link to hand on; told this once."""

    link: str = Field(examples=["https://mm.example.com/v1/links/page#..."])
    expires_at: datetime


class InvitationMade(InvitationAnswer, LinkMade):
    """An invitation with its link, told this once."""


class RoleAnswer(BaseModel):
    """A role, and what it permits."""

    name: str
    permissions: list[str]
    own: bool = Field(description="Whether the workspace made it.")


class KeepRole(Form):
    """What the role is to permit."""

    permissions: Permissions


class PermissionAnswer(BaseModel):
    """Something that may be permitted."""

    name: str
    about: str


@router.get("/people", summary="List people", operation_id="list_people", response_model=Page[PersonAnswer])
def list_people(desk: Annotated[Desk, needs("people:read")], listing: Annotated[Listing, listed()]) -> Any:
    """Who belongs to this workspace, by e-mail."""
    with desk.session(read_only=True) as session:
        found = members(session, desk.workspace, after=text_place(listing), most=listing.most)
    return listing.answer([_person(member) for member in found], lambda person: person.email, "people")


@router.get("/people/{person_id}", summary="Read a person", operation_id="read_person")
def read_person(person_id: Identifier, desk: Annotated[Desk, needs("people:read")]) -> PersonAnswer:
    """One of those who belong to this workspace, by id or e-mail."""
    with desk.session(read_only=True) as session:
        return _person(find_member(session, desk.workspace, person_id))


@router.patch("/people/{person_id}", summary="Give a person another role", operation_id="give_role")
def change_role(person_id: Identifier, asked: GiveRole, desk: Annotated[Desk, needs("people:write")]) -> PersonAnswer:
    """Neither the former nor the new role may permit more than you may do; the last owner stays one."""
    with desk.session() as session:
        by = asker_of(desk.caller)
        return _person(give_role(session, desk.workspace, person_id, asked.role, by=by, now=utc_now()))


@router.delete(
    "/people/{person_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Take a person out of the workspace",
    operation_id="remove_person",
)
def remove_person(person_id: Identifier, desk: Annotated[Desk, needs("people:write")]) -> None:
    """Keys that they made here are revoked; in other workspaces they stay as they are."""
    with desk.session() as session:
        remove_member(session, desk.workspace, person_id, by=asker_of(desk.caller), now=utc_now())


@router.post(
    "/people/{person_id}/link",
    status_code=status.HTTP_201_CREATED,
    summary="Make a link for a new password",
    operation_id="make_password_link",
)
def make_password_link(
    person_id: Identifier,
    request: Request,
    response: Response,
    asked: MakeLink,
    desk: Annotated[Desk, needs("people:write")],
) -> LinkMade:
    """For somebody who is locked out, whom you manage in every workspace that they belong to."""
    house: House = desk.app
    caller = require_person(desk.caller)
    with desk.session() as session:
        member = find_member(session, desk.workspace, person_id)
        require_answerable(session, caller, member.id)
        person = session.get_one(PersonRow, member.id)
        link, token = reset_link(
            session, desk.workspace, person, forgets_totp=asked.second_factor_off, who=caller.who, now=utc_now()
        )
    not_kept(response)
    return LinkMade(link=address(base_url_of(request, house.rules), token), expires_at=link.expires_at)


@router.get("/invitations", summary="List open invitations", operation_id="list_invitations")
def list_invitations(desk: Annotated[Desk, needs("people:read")]) -> Page[InvitationAnswer]:
    """Who is invited, and did not come yet."""
    with desk.session(read_only=True) as session:
        found = invitations(session, desk.workspace, utc_now())
    return Page[InvitationAnswer](items=[_invitation(link) for link in found], next=None)


@router.post(
    "/invitations", status_code=status.HTTP_201_CREATED, summary="Invite somebody", operation_id="invite_person"
)
def invite_person(
    request: Request, response: Response, asked: Invite, desk: Annotated[Desk, needs("people:write")]
) -> InvitationMade:
    """Gives a link to hand on, told this once. An earlier invitation of the same e-mail holds no more."""
    house: House = desk.app
    with desk.session() as session:
        by = asker_of(desk.caller)
        link, token = invite(session, desk.workspace, asked.email, asked.role, by=by, now=utc_now())
    not_kept(response)
    return InvitationMade(**_invitation(link).model_dump(), link=address(base_url_of(request, house.rules), token))


@router.delete(
    "/invitations/{invitation_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Withdraw an invitation",
    operation_id="withdraw_invitation",
)
def withdraw_invitation(invitation_id: Identifier, desk: Annotated[Desk, needs("people:write")]) -> None:
    """Its link opens nothing any more."""
    with desk.session() as session:
        withdraw(session, desk.workspace, invitation_id, by=asker_of(desk.caller), now=utc_now())


@router.get("/roles", summary="List roles", operation_id="list_roles")
def list_roles(desk: Annotated[Desk, needs("people:read")]) -> Page[RoleAnswer]:
    """The roles that come with marketmover, and this workspace's own."""
    with desk.session(read_only=True) as session:
        return Page[RoleAnswer](items=[_role(role) for role in roles_of(session, desk.workspace)], next=None)


@router.put("/roles/{role}", summary="Make or change a role", operation_id="keep_role")
def put_role(role: Identifier, asked: KeepRole, desk: Annotated[Desk, needs("people:write")]) -> RoleAnswer:
    """A role of the workspace's own; it may not permit more than you may do."""
    with desk.session() as session:
        by = asker_of(desk.caller)
        return _role(keep_role(session, desk.workspace, role, asked.permissions, by=by, now=utc_now()))


@router.delete(
    "/roles/{role}", status_code=status.HTTP_204_NO_CONTENT, summary="Remove a role", operation_id="remove_role"
)
def delete_role(role: Identifier, desk: Annotated[Desk, needs("people:write")]) -> None:
    """One of the workspace's own that nobody has."""
    with desk.session() as session:
        remove_role(session, desk.workspace, role, by=asker_of(desk.caller), now=utc_now())


@router.get("/permissions", summary="List permissions", operation_id="list_permissions")
def list_permissions(desk: Annotated[Desk, needs(None)]) -> Page[PermissionAnswer]:
    """What roles and keys may permit."""
    del desk
    return Page[PermissionAnswer](
        items=[PermissionAnswer(name=name, about=about) for name, about in CATALOGUE.items()], next=None
    )


def _person(member: Member) -> PersonAnswer:
    return PersonAnswer(
        id=member.id,
        email=member.email,
        name=member.name,
        role=member.role,
        since=member.since,
        disabled=member.disabled,
        second_factor=member.totp,
    )


def _invitation(link: Link) -> InvitationAnswer:
    return InvitationAnswer(
        id=link.id, email=link.email, role=link.role, made_by=link.made_by, expires_at=link.expires_at
    )


def _role(role: Role) -> RoleAnswer:
    return RoleAnswer(name=role.name, permissions=sorted(role.permissions), own=role.own)
