"""`/v1/keys`: keys for programs."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Response, status
from pydantic import BaseModel, Field

from marketmover.access.api_keys.service import ApiKey, create_key, keys_of, revoke_key
from marketmover.access.browsers import asker_of, not_kept, require_person
from marketmover.access.forms import Form, text_place
from marketmover.kit import utc_now
from marketmover.web import Desk, Identifier, Listing, Name, Page, listed, needs, room_router

router = room_router("/keys", "Keys")


class CreateKey(Form):
    """A key to make."""

    name: Name = Field(examples=["nightly"])
    scopes: Annotated[list[Name], Field(min_length=1, max_length=100, examples=[["read", "plans:write"]])] = Field(
        description="Permissions, names of roles, or `read`."
    )
    expires_days: int | None = Field(default=None, ge=1, le=3_650, description="Days after which it ends.")


class KeyAnswer(BaseModel):
    """A key, without its secret."""

    id: str
    name: str
    permissions: list[str]
    made_by: str
    made_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


class KeyCreated(KeyAnswer):
    """A key with its secret, told this once."""

    key: str = Field(examples=["mm_0123456789abcdef_..."])


@router.get("", summary="List keys", operation_id="list_keys", response_model=Page[KeyAnswer])
def list_keys(desk: Annotated[Desk, needs("keys:write")], listing: Annotated[Listing, listed()]) -> Any:
    """The workspace's keys, those that ended too."""
    with desk.session(read_only=True) as session:
        found = keys_of(session, desk.workspace, after=text_place(listing), most=listing.most)
    return listing.answer([_shown(key) for key in found], lambda key: key.id, "keys")


@router.post("", status_code=status.HTTP_201_CREATED, summary="Make a key", operation_id="create_key")
def make_key(response: Response, asked: CreateKey, desk: Annotated[Desk, needs("keys:write")]) -> KeyCreated:
    """The answer holds the key, this once. It can never do more than you may, and ends when you leave the workspace."""
    by = asker_of(require_person(desk.caller))
    with desk.session() as session:
        key, text = create_key(
            session, desk.workspace, asked.name, asked.scopes, by=by, now=utc_now(), expires_days=asked.expires_days
        )
    not_kept(response)
    return KeyCreated(**_shown(key).model_dump(), key=text)


@router.delete("/{key_id}", summary="Revoke a key", operation_id="revoke_key")
def delete_key(key_id: Identifier, desk: Annotated[Desk, needs("keys:write")]) -> KeyAnswer:
    """At once and for good."""
    with desk.session() as session:
        return _shown(revoke_key(session, desk.workspace, key_id, by=asker_of(desk.caller), now=utc_now()))


def _shown(key: ApiKey) -> KeyAnswer:
    return KeyAnswer(
        id=key.id,
        name=key.name,
        permissions=sorted(key.permissions),
        made_by=key.made_by,
        made_at=key.made_at,
        expires_at=key.expires_at,
        used_at=key.used_at,
        revoked_at=key.revoked_at,
    )
