"""People, roles and workspaces: nobody gives more than they have, and an owner stays."""

import pytest
from installation import SERVER, Installation

from marketmover.access import audit
from marketmover.access.people.roles import keep_role, permissions_of, remove_role
from marketmover.access.people.service import (
    disable_person,
    find_member,
    give_role,
    members,
    normal_email,
    remove_member,
    require_answerable,
)
from marketmover.access.permissions import ALL, ROLES, Asker, permissions_of_scopes
from marketmover.access.records import PersonRow
from marketmover.access.workspaces.service import archive_workspace, create_workspace
from marketmover.errors import ConflictError, ForbiddenError, NotFoundError, UsageError
from marketmover.web import Caller


def test_the_roles_are_those_that_were_agreed_on() -> None:
    assert ROLES["owner"] == ALL
    assert ALL - ROLES["manager"] == {"people:write", "workspaces:write", "keys:write"}
    assert {name for name in ROLES["analyst"] if not name.endswith(":read")} == {
        "history:write",
        "briefs:write",
        "plans:write",
        "jobs:run",
    }
    assert not {"audit:read", "people:read", "plans:approve", "plans:publish"} & ROLES["analyst"]
    assert ROLES["viewer"] < ROLES["analyst"]
    assert all(name.endswith(":read") for name in ROLES["viewer"])


def test_scopes_are_permissions_roles_or_read() -> None:
    assert permissions_of_scopes(["viewer"], {}) == ROLES["viewer"]
    assert "settings:read" in permissions_of_scopes(["read"], {})
    assert permissions_of_scopes(["planner", "jobs:run"], {"planner": frozenset({"plans:write"})}) == {
        "plans:write",
        "jobs:run",
    }
    with pytest.raises(UsageError, match=r"plans:wrte.*plans:write"):
        permissions_of_scopes(["plans:wrte"], {})
    with pytest.raises(UsageError):
        permissions_of_scopes([], {})


@pytest.mark.parametrize(
    "text", ["", "ana", "ana@", "@x", "a b@x.com", "ana@x..com", "a\x00@x.com", "a@b@c", "a" * 300 + "@x.com"]
)
def test_what_is_no_email_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        normal_email(text)


def test_one_email_is_one_person_however_it_is_written(there: Installation) -> None:
    ana = there.person("ana@example.com", "owner")
    assert there.person("Ana@Example.COM ").id == ana.id


def test_roles_are_given_and_taken_within_what_the_giver_has(there: Installation) -> None:
    there.person("ana@example.com", "owner")
    bo = there.person("bo@example.com", "viewer")
    lead = Asker("lead", ROLES["manager"] | {"people:write"})
    with there.records.session() as session:
        assert give_role(session, "default", bo.id, "manager", by=lead, now=there.now).role == "manager"
    for role in ("owner", "nothing"):
        with pytest.raises((ForbiddenError, NotFoundError)), there.records.session() as session:
            give_role(session, "default", bo.id, role, by=lead, now=there.now)
    with pytest.raises(ForbiddenError, match="keys:write"), there.records.session() as session:
        give_role(session, "default", "ana@example.com", "viewer", by=lead, now=there.now)
    with pytest.raises(ForbiddenError), there.records.session() as session:
        remove_member(session, "default", "ana@example.com", by=lead, now=there.now)


def test_the_last_owner_cannot_be_demoted_removed_or_disabled(everywhere: Installation) -> None:
    there = everywhere
    ana = there.person("ana@example.com", "owner")
    with pytest.raises(ConflictError, match="last owner"), there.records.session() as session:
        give_role(session, "default", ana.id, "viewer", by=SERVER, now=there.now)
    with pytest.raises(ConflictError, match="last owner"), there.records.session() as session:
        remove_member(session, "default", ana.id, by=SERVER, now=there.now)
    with pytest.raises(ConflictError, match="last owner"), there.records.session() as session:
        disable_person(session, session.get_one(PersonRow, ana.id), disabled=True, who="x", now=there.now)
    bo = there.person("bo@example.com", "owner")
    with there.records.session() as session:
        disable_person(session, session.get_one(PersonRow, bo.id), disabled=True, who="x", now=there.now)
    with pytest.raises(ConflictError, match="last owner"), there.records.session() as session:
        remove_member(session, "default", ana.id, by=SERVER, now=there.now)


def test_an_own_role_permits_what_it_lists_and_goes_only_when_nobody_has_it(there: Installation) -> None:
    bo = there.person("bo@example.com", "viewer")
    there.person("ana@example.com", "owner")
    with there.records.session() as session:
        keep_role(session, "default", "planner", ["plans:read", "plans:write"], by=SERVER, now=there.now)
        give_role(session, "default", bo.id, "planner", by=SERVER, now=there.now)
        assert permissions_of(session, "default", "planner") == {"plans:read", "plans:write"}
    with pytest.raises(ConflictError, match="1 person"), there.records.session() as session:
        remove_role(session, "default", "planner", by=SERVER, now=there.now)
    with there.records.session() as session:
        give_role(session, "default", bo.id, "viewer", by=SERVER, now=there.now)
        remove_role(session, "default", "planner", by=SERVER, now=there.now)
        assert permissions_of(session, "default", "planner") == frozenset()


def test_an_own_role_cannot_be_made_or_changed_beyond_what_one_has(there: Installation) -> None:
    little = Asker("bo", frozenset({"people:write", "plans:read"}))
    with pytest.raises(ForbiddenError, match="plans:publish"), there.records.session() as session:
        keep_role(session, "default", "mine", ["plans:publish"], by=little, now=there.now)
    with there.records.session() as session:
        keep_role(session, "default", "spender", ["plans:publish"], by=SERVER, now=there.now)
    with pytest.raises(ForbiddenError, match="plans:publish"), there.records.session() as session:
        keep_role(session, "default", "spender", ["plans:read"], by=little, now=there.now)
    for name in ("owner", "viewer", "read", "Own", "", "x" * 65):
        with pytest.raises(UsageError), there.records.session() as session:
            keep_role(session, "default", name, ["plans:read"], by=SERVER, now=there.now)


def test_people_and_roles_of_another_workspace_are_not_there(everywhere: Installation) -> None:
    there = everywhere
    there.person("ana@example.com", "owner")
    there.workspace("acme")
    eve = there.person("eve@example.com", "owner", "acme")
    with there.records.session() as session:
        keep_role(session, "acme", "secret", ["plans:read"], by=SERVER, now=there.now)
        assert [one.email for one in members(session, "default")] == ["ana@example.com"]
        assert permissions_of(session, "default", "secret") == frozenset()
        for ask in (eve.id, eve.email):
            with pytest.raises(NotFoundError):
                find_member(session, "default", ask)
            with pytest.raises(NotFoundError):
                give_role(session, "default", ask, "viewer", by=SERVER, now=there.now)
            with pytest.raises(NotFoundError):
                remove_member(session, "default", ask, by=SERVER, now=there.now)
        assert "secret" not in str(audit.entries(session, "default"))


def test_who_manages_a_person_in_one_workspace_alone_may_not_open_their_account(there: Installation) -> None:
    """Else an owner of one client could set the password of somebody who works for another client too."""
    ana = there.person("ana@example.com", "owner")
    eve = there.person("eve@example.com", "viewer")
    there.workspace("acme")
    there.person("eve@example.com", "viewer", "acme")
    asks = Caller("person", ana.id, ana.email, "default", ALL)
    key = Caller("key", "k", "k", "default", ALL)
    with there.records.session() as session:
        for caller in (asks, key):
            with pytest.raises(ForbiddenError):
                require_answerable(session, caller, eve.id)
    there.person("ana@example.com", "manager", "acme")
    with there.records.session() as session, pytest.raises(ForbiddenError):
        require_answerable(session, asks, eve.id)
    with there.records.session() as session:
        give_role(session, "acme", ana.id, "owner", by=SERVER, now=there.now)
        require_answerable(session, asks, eve.id)
        with pytest.raises(ForbiddenError):
            require_answerable(session, key, eve.id)


def test_an_archived_workspace_keeps_its_name_and_comes_back(there: Installation) -> None:
    there.workspace("acme")
    with there.records.session() as session:
        assert archive_workspace(session, "acme", archived=True, who="x", now=there.now).archived_at == there.now
        with pytest.raises(ConflictError, match="taken"):
            create_workspace(session, "acme", "", who="x", now=there.now)
        assert archive_workspace(session, "acme", archived=False, who="x", now=there.now).archived_at is None
        for name in ("Acme", "../x", "", "a" * 65, "a b"):
            with pytest.raises(UsageError):
                create_workspace(session, name, "", who="x", now=there.now)


def test_every_change_is_in_the_log_with_before_and_after(everywhere: Installation) -> None:
    there = everywhere
    there.person("ana@example.com", "owner")
    bo = there.person("bo@example.com", "viewer")
    with there.records.session() as session:
        give_role(session, "default", bo.id, "analyst", by=Asker("ana@example.com"), now=there.now)
        remove_member(session, "default", bo.id, by=Asker("ana@example.com"), now=there.now)
        log = audit.entries(session, "default", about="person bo@example.com")
    assert [(entry.what, entry.before, entry.after) for entry in log] == [
        ("person.removed", {"role": "analyst"}, None),
        ("person.role_given", {"role": "viewer"}, {"role": "analyst"}),
        ("person.joined", None, {"role": "viewer"}),
    ]
