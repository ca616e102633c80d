"""Keys for programs: what they open, and what ends them."""

import re

import pytest
import sqlalchemy as sa
from installation import SERVER, Installation

from marketmover.access import audit, note_entry
from marketmover.access.api_keys.service import create_key, find_key, keys_of, revoke_key
from marketmover.access.people.service import give_role, remove_member
from marketmover.access.permissions import ALL, READ, ROLES, Asker
from marketmover.access.records import PersonRow
from marketmover.access.workspaces.service import archive_workspace
from marketmover.errors import ConflictError, ForbiddenError, NotFoundError, UsageError

ANA = "ana@example.com"


def make(
    there: Installation,
    *scopes: str,
    name: str = "nightly",
    by: Asker = SERVER,
    days: int | None = None,
    workspace: str = "default",
) -> str:
    with there.records.session() as session:
        return create_key(session, workspace, name, scopes, by=by, now=there.now, expires_days=days)[1]


def may(there: Installation, key: str) -> frozenset[str] | None:
    entry = there.by_key(key)
    return None if entry is None else entry.caller.permissions


def test_a_key_opens_its_workspace_for_what_it_was_given(everywhere: Installation) -> None:
    there = everywhere
    key = make(there, "plans:write", "read")
    assert re.fullmatch(r"mm_[0-9a-f]{16}_[\w-]{43}", key)
    assert may(there, key) == READ | {"plans:write"}
    entry = there.by_key(key)
    assert entry is not None
    assert (entry.caller.kind, entry.caller.name, entry.caller.workspace) == ("key", "nightly", "default")
    with there.records.engine.connect() as connection:
        told = [str(connection.execute(sa.text(f"SELECT * FROM {name}")).all()) for name in ("api_keys", "audit_log")]  # noqa: S608 - names of ours
    assert key[20:] not in "".join(told)


@pytest.mark.parametrize(
    "change", [lambda key: key[:-1] + ("A" if key[-1] != "A" else "B"), lambda key: key[:-1], lambda key: key + "A",
               lambda key: key.upper(), lambda key: "mm_" + "0" * 16 + key[19:], lambda _: "", lambda _: "mm_\udc80"]
)  # fmt: skip
def test_what_is_not_quite_a_key_opens_nothing(there: Installation, change: "type[str]") -> None:
    assert there.by_key(change(make(there, "read"))) is None


def test_a_key_comes_as_bearer_alone(there: Installation) -> None:
    key = make(there, "read")
    for header in (key, f"Basic {key}", f"Bearer {key} x", "Bearer", ""):
        assert there.asking(authorization=header) is None
    assert there.asking(authorization=f"bearer {key}") is not None


def test_a_header_that_does_not_hold_is_not_made_up_for_by_the_cookie(there: Installation) -> None:
    there.person(ANA, "owner")
    assert there.asking(authorization="Bearer mm_x", cookie=there.sign_in(ANA)) is None


def test_a_key_needs_no_csrf_token_and_names_no_other_workspace(there: Installation) -> None:
    key = make(there, "read")
    assert there.asking(authorization=f"Bearer {key}", method="DELETE") is not None
    assert there.by_key(key, "default") is not None
    there.workspace("acme")
    for workspace in ("acme", "nowhere"):
        with pytest.raises(NotFoundError):
            there.by_key(key, workspace)


def test_a_key_ends_on_its_day_or_when_it_is_revoked_or_its_workspace_archived(there: Installation) -> None:
    short, long = make(there, "read", name="short", days=30), make(there, "read", name="long")
    there.later(days=30)
    assert may(there, short) is None
    assert may(there, long) == READ
    with there.records.session() as session:
        archive_workspace(session, "default", archived=True, who="x", now=there.now)
    assert may(there, long) is None
    with there.records.session() as session:
        archive_workspace(session, "default", archived=False, who="x", now=there.now)
        revoke_key(session, "default", "long", by=SERVER, now=there.now)
    assert may(there, long) is None


def test_a_key_can_do_no_more_than_who_made_it_can_do_now(there: Installation) -> None:
    there.person("own@example.com", "owner")
    ana = there.person(ANA, "owner")
    by = Asker(ANA, ALL, ana.id)
    key = make(there, "owner", by=by)
    assert may(there, key) == ALL
    with there.records.session() as session:
        give_role(session, "default", ana.id, "viewer", by=SERVER, now=there.now)
    assert may(there, key) == ROLES["viewer"]
    with there.records.session() as session:
        session.get_one(PersonRow, ana.id).disabled_at = there.now
    assert may(there, key) is None
    with there.records.session() as session:
        session.get_one(PersonRow, ana.id).disabled_at = None
        remove_member(session, "default", ana.id, by=SERVER, now=there.now)
    assert may(there, key) is None


def test_a_key_does_not_come_back_with_who_made_it(there: Installation) -> None:
    there.person("own@example.com", "owner")
    ana = there.person(ANA, "owner")
    key, of_server = make(there, "read", by=Asker(ANA, ALL, ana.id)), make(there, "read", name="of the server")
    with there.records.session() as session:
        remove_member(session, "default", ana.id, by=SERVER, now=there.now)
    there.person(ANA, "owner")
    assert may(there, key) is None
    assert may(there, of_server) == READ
    with there.records.session() as session:
        [entry] = audit.entries(session, "default", what="key.revoked")
    assert (entry.about, entry.before) == (f"key {key[3:19]}", {"name": "nightly"})


def test_nobody_makes_or_revokes_a_key_that_can_do_more_than_they_can(there: Installation) -> None:
    little = Asker("bo", frozenset({"keys:write", "plans:read"}))
    with pytest.raises(ForbiddenError, match="plans:write"):
        make(there, "plans:write", by=little)
    with pytest.raises(ForbiddenError):
        make(there, "read", by=little)
    make(there, "plans:read", by=little)
    make(there, "plans:publish", name="strong")
    with pytest.raises(ForbiddenError), there.records.session() as session:
        revoke_key(session, "default", "strong", by=little, now=there.now)


def test_a_name_is_one_keys_until_that_is_revoked(there: Installation) -> None:
    make(there, "read")
    with pytest.raises(ConflictError, match="nightly"):
        make(there, "read")
    with there.records.session() as session:
        revoke_key(session, "default", "nightly", by=SERVER, now=there.now)
    second = make(there, "read", days=1)
    with there.records.session() as session:
        assert find_key(session, "default", "nightly").id == second[3:19]
    make(there.later(days=1), "read")


@pytest.mark.parametrize(("name", "days"), [("", None), ("a\nb", None), ("x" * 101, None), ("ok", 0), ("ok", 10**9)])
def test_names_and_days_that_cannot_be_are_refused(there: Installation, name: str, days: int | None) -> None:
    with pytest.raises(UsageError):
        make(there, "read", name=name, days=days)


def test_keys_of_another_workspace_are_not_there(there: Installation) -> None:
    make(there, "read", name="theirs", workspace=there.workspace("acme"))
    with there.records.session() as session:
        assert keys_of(session, "default") == []
        [theirs] = keys_of(session, "acme")
        for ask in ("theirs", theirs.id):
            with pytest.raises(NotFoundError):
                revoke_key(session, "default", ask, by=SERVER, now=there.now)


def test_the_last_use_is_written_down_once_a_minute(there: Installation) -> None:
    key = make(there, "read")
    entry = there.by_key(key)
    assert entry is not None
    assert entry.unseen
    with there.records.session() as session:
        note_entry(session, entry, there.now)
    again = there.later(seconds=30).by_key(key)
    assert again is not None
    assert not again.unseen
    later = there.later(seconds=31).by_key(key)
    assert later is not None
    assert later.unseen


def test_making_and_revoking_is_in_the_log(there: Installation) -> None:
    make(there, "plans:read")
    with there.records.session() as session:
        revoke_key(session, "default", "nightly", by=Asker(ANA), now=there.now)
        revoked, created = audit.entries(session, "default")
    assert (created.what, created.who) == ("key.created", "the server")
    assert created.after == {"name": "nightly", "permissions": ["plans:read"], "expires_at": None}
    assert (revoked.what, revoked.who) == ("key.revoked", ANA)
