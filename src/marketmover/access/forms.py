"""Texts of this room as requests bring them."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from marketmover.errors import UsageError
from marketmover.web import Identifier, Listing, LongText, Name
from marketmover.web.texts import Clean

Email = Annotated[Name, StringConstraints(max_length=254), Field(examples=["ana@example.com"])]
Password = Annotated[
    LongText,
    StringConstraints(max_length=256),
    Field(examples=["four walls and a red roof"], json_schema_extra={"format": "password", "writeOnly": True}),
]
OptionalPassword = Annotated[Clean, StringConstraints(max_length=256)]
Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z -]{0,32}$"), Field(examples=["123456"])]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$")]
WorkspaceName = Annotated[Identifier, StringConstraints(max_length=64), Field(examples=["shop-north"])]
Permissions = Annotated[list[Name], Field(min_length=1, max_length=100, examples=[["plans:read", "plans:write"]])]


def text_place(listing: Listing) -> str:
    """Where a list goes on that is ordered by a text.

    Raises:
        UsageError: The cursor is one of another list, or was made up.
    """
    after = listing.after
    if after is None:
        return ""
    if not isinstance(after, str) or not after.isprintable() or len(after) > 1_000:
        raise UsageError("The cursor is none of this list's.", "Begin without one.")
    return after


def number_place(listing: Listing) -> int | None:
    """Where a list goes on that is ordered by a number.

    Raises:
        UsageError: The cursor is one of another list, or was made up.
    """
    after = listing.after
    if after is None:
        return None
    if not isinstance(after, int) or not 0 <= after < 2**53:
        raise UsageError("The cursor is none of this list's.", "Begin without one.")
    return after


class Form(BaseModel):
    """A request's body: what it does not know it refuses, so that nobody slips a field in."""

    model_config = ConfigDict(extra="forbid")
