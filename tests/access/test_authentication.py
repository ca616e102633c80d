"""Who asks by a cookie: CSRF tokens, and which workspace is meant."""

import pytest
from installation import SERVER, Installation

from marketmover.access.people.service import remove_member
from marketmover.access.permissions import ALL, ROLES
from marketmover.access.records import SessionRow
from marketmover.access.rules import Rules, local_path
from marketmover.access.sessions.service import choose_workspace, session_of
from marketmover.access.tokens import csrf_of
from marketmover.access.workspaces.service import archive_workspace
from marketmover.errors import ForbiddenError, NotFoundError

ANA = "ana@example.com"


@pytest.fixture
def cookie(there: Installation) -> str:
    there.person("own@example.com", "owner")
    there.person(ANA, "manager")
    return there.sign_in(ANA)


def row(there: Installation, cookie: str) -> SessionRow:
    with there.records.session() as session:
        found = session_of(session, cookie, there.rules, there.now)
    assert found is not None
    return found


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "post", "BREW"])
def test_what_may_change_something_needs_the_csrf_token(there: Installation, cookie: str, method: str) -> None:
    other = there.sign_in(ANA)
    for csrf in (None, "", "x", cookie, csrf_of(other), csrf_of(cookie)[:-1], "\udc80ü"):
        with pytest.raises(ForbiddenError, match="CSRF"):
            there.asking(cookie=cookie, csrf=csrf, method=method)
    assert there.asking(cookie=cookie, csrf=csrf_of(cookie), method=method) is not None


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_reading_needs_none(there: Installation, cookie: str, method: str) -> None:
    assert there.asking(cookie=cookie, method=method) is not None


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 10_000, "\udc80", "\x00"])
def test_what_is_no_session_opens_nothing(there: Installation, cookie: str) -> None:
    assert there.asking(cookie=cookie) is None
    assert there.asking(cookie=cookie, method="POST") is None


def test_nobody_asks_where_nothing_is_shown(there: Installation) -> None:
    assert there.asking() is None


def test_a_person_works_where_the_request_says_else_where_the_session_is(there: Installation, cookie: str) -> None:
    there.workspace("acme")
    there.workspace("zoo")
    there.person(ANA, "owner", "acme")

    def at(workspace: str | None = None) -> tuple[str, frozenset[str]]:
        entry = there.by_cookie(cookie, workspace=workspace)
        assert entry is not None
        return entry.caller.workspace, entry.caller.permissions

    assert at() == ("default", ROLES["manager"])
    assert at("acme") == ("acme", ALL)
    with there.records.session() as session:
        choose_workspace(session, session.merge(row(there, cookie)), "acme")
    assert at() == ("acme", ALL)
    for other in ("zoo", "nowhere", "", "\x00"):
        with pytest.raises(NotFoundError):
            there.by_cookie(cookie, workspace=other)
        with pytest.raises(NotFoundError), there.records.session() as session:
            choose_workspace(session, session.merge(row(there, cookie)), other)
    with there.records.session() as session:
        archive_workspace(session, "acme", archived=True, who="x", now=there.now)
    assert at() == ("default", ROLES["manager"])
    with pytest.raises(NotFoundError):
        there.by_cookie(cookie, workspace="acme")


def test_one_works_on_where_one_left_off(there: Installation, cookie: str) -> None:
    there.workspace("acme")
    there.person(ANA, "owner", "acme")
    with there.records.session() as session:
        choose_workspace(session, session.merge(row(there, cookie)), "default")
    entry = there.by_cookie(there.later(minutes=1).sign_in(ANA))
    assert entry is not None
    assert entry.caller.workspace == "default"


def test_who_belongs_nowhere_is_told_so(there: Installation, cookie: str) -> None:
    with there.records.session() as session:
        remove_member(session, "default", ANA, by=SERVER, now=there.now)
    with pytest.raises(ForbiddenError, match="no workspace"):
        there.by_cookie(cookie)


def test_cookies_are_bound_to_https_where_browsers_come_by_it() -> None:
    assert Rules().session_cookie == "marketmover"
    assert not Rules(public_url="http://127.0.0.1:8000").secure
    secure = Rules(public_url="https://mm.example.com")
    assert secure.secure
    assert secure.session_cookie == "__Host-marketmover"


@pytest.mark.parametrize(
    "path",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil", "javascript:alert(1)", "/\n/evil", "/ü",
     "", None, "evil", "/" + "x" * 2_000, "/\t/evil.example"],
)  # fmt: skip
def test_nobody_is_sent_on_to_another_host(path: str | None) -> None:
    assert local_path(path) == "/"
    assert local_path("/plans?a=b#c") == "/plans?a=b#c"
