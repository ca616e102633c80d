"""`/v1/audit`: who did what."""

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import AwareDatetime, BaseModel, Field

from marketmover.access.audit import Entry, entries
from marketmover.access.forms import number_place
from marketmover.web import Desk, Listing, Name, Page, csv_answer, listed, needs, room_router

router = room_router("/audit", "Audit log")


class EntryAnswer(BaseModel):
    """One thing that was done. Secrets are hidden in it."""

    id: int
    at: datetime
    who: str
    what: str = Field(examples=["plan.approved"])
    about: str = Field(examples=["plan 2026-01-05"])
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@router.get("", summary="Read the audit log", operation_id="list_audit", response_model=Page[EntryAnswer])
def list_audit(
    desk: Annotated[Desk, needs("audit:read")],
    listing: Annotated[Listing, listed()],
    about: Annotated[Name | None, Query(description="One thing alone: `plan 2026-01-05`.")] = None,
    who: Annotated[Name | None, Query(description="One person or key alone.")] = None,
    what: Annotated[Name | None, Query(description="`plan.approved`, or `plan` for all done with plans.")] = None,
    since: Annotated[AwareDatetime | None, Query(description="Not earlier.")] = None,
    until: Annotated[AwareDatetime | None, Query(description="Earlier than this.")] = None,
) -> Any:
    """Who did what, newest first, with before and after. Rows are only ever added."""
    before = number_place(listing)
    with desk.session(read_only=True) as session:
        found = entries(
            session,
            desk.workspace,
            about=about,
            who=who,
            what=what,
            between=(since, until),
            before=before,
            last=listing.most,
        )
    if listing.csv:
        return csv_answer([_row(entry) for entry in found], "audit", ("id", *found[0].shown()) if found else None)
    return listing.answer([_shown(entry) for entry in found], lambda entry: entry.id)


def _shown(entry: Entry) -> EntryAnswer:
    return EntryAnswer(
        id=entry.id,
        at=entry.at,
        who=entry.who,
        what=entry.what,
        about=entry.about,
        before=None if entry.before is None else dict(entry.before),
        after=None if entry.after is None else dict(entry.after),
    )


def _row(entry: Entry) -> dict[str, Any]:
    told = {"id": entry.id, **entry.shown()}
    return told | {name: told[name] and json.dumps(told[name], ensure_ascii=False) for name in ("before", "after")}
