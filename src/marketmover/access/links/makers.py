"""Who made a link: it opens as long as they may make such a one. What is made on the server stays."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketmover.access.api_keys.service import permissions_of_key
from marketmover.access.people.roles import permissions_now, permissions_of
from marketmover.access.people.service import normal_email, person_by_email, require_answerable
from marketmover.access.records import LinkRow, PersonRow
from marketmover.errors import ForbiddenError, UsageError
from marketmover.web import Caller

_KEY = "key "


def may_still(session: Session, link: LinkRow, now: datetime) -> bool:
    """Whether who made a link may make it still: who was taken out must not come back by one of their own."""
    if link.made_by.startswith(_KEY):
        held = permissions_of_key(session, link.workspace_id, link.made_by.removeprefix(_KEY), now)
    else:
        maker = _person(session, link.made_by)
        if maker is None:
            return True
        held = permissions_now(session, link.workspace_id, maker.id)
        if link.person_id is not None:
            return _manages(session, maker, link, held)
    return permissions_of(session, link.workspace_id, link.role or "") | {"people:write"} <= held


def _manages(session: Session, maker: PersonRow, link: LinkRow, held: frozenset[str]) -> bool:
    caller = Caller("person", maker.id, maker.email, link.workspace_id, held)
    try:
        require_answerable(session, caller, link.person_id or "")
    except ForbiddenError:
        return False
    return maker.disabled_at is None and "people:write" in held


def _person(session: Session, name: str) -> PersonRow | None:
    """The person whom the log calls so; nobody where it is a name on the server."""
    try:
        return person_by_email(session, normal_email(name))
    except UsageError:
        return None
