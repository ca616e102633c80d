"""One-time links: the first owner, invitations, new passwords; and what whoever sees a link cannot do with it."""

import threading

import pytest
import sqlalchemy as sa
from installation import HERE, PASSWORD, SERVER, Installation
from pyotp.totp import TOTP

from marketmover.access import first_link, permissions_now
from marketmover.access.api_keys.service import create_key, revoke_key
from marketmover.access.links.service import Redeemed, invitations, look, redeem, reset_link, withdraw
from marketmover.access.people.roles import keep_role
from marketmover.access.people.service import (
    disable_person,
    find_member,
    give_role,
    members,
    person_by_email,
    remove_member,
)
from marketmover.access.permissions import ROLES, Asker
from marketmover.access.records import PersonRow
from marketmover.access.sessions.signing_in import Shown
from marketmover.access.sessions.totp import begin_totp, confirm_totp, totp_state
from marketmover.access.workspaces.service import archive_workspace
from marketmover.errors import (
    ConflictError,
    ForbiddenError,
    MarketmoverError,
    NotFoundError,
    SecondFactorError,
    UnauthenticatedError,
    UsageError,
)

ANA, BO = "ana@example.com", "bo@example.com"
OTHER = "another wall and a blue roof"


def first_token(there: Installation) -> str:
    with there.records.session() as session:
        address = first_link(session, "default", "https://mm.example.com/", there.now)
    assert address is not None
    assert address.startswith("https://mm.example.com/v1/links/page#")  # what follows `#` no browser sends
    return address.partition("#")[2]


def reset_token(there: Installation, person: PersonRow, *, forgets_totp: bool = False) -> str:
    with there.records.session() as session:
        return reset_link(session, "default", person, forgets_totp=forgets_totp, who="x", now=there.now)[1]


def test_the_first_link_makes_one_owner_and_then_there_is_none(everywhere: Installation) -> None:
    there = everywhere
    token = first_token(there)
    there.redeem(token, ANA)
    with there.records.session() as session:
        assert [(one.email, one.role) for one in members(session, "default")] == [(ANA, "owner")]
        assert first_link(session, "default", "", there.now) is None
    with pytest.raises(NotFoundError, match="used"):
        there.redeem(token, BO)
    with there.records.engine.connect() as connection:
        assert token not in str(connection.execute(sa.text("SELECT * FROM one_time_links")).all())


def test_the_latest_first_link_alone_holds_and_for_a_day(there: Installation) -> None:
    earlier, later = first_token(there), first_token(there)
    with pytest.raises(NotFoundError):
        there.redeem(earlier, ANA)
    there.later(hours=24)
    with pytest.raises(NotFoundError):
        there.redeem(later, ANA)


def test_of_several_who_open_the_first_link_at_once_one_is_the_owner(everywhere: Installation) -> None:
    there, token, said = everywhere, first_token(everywhere), list[str]()

    def come(email: str) -> None:
        try:
            said.append(there.redeem(token, email).email)
        except MarketmoverError:
            said.append("")

    threads = [threading.Thread(target=come, args=(f"p{number}@example.com",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with there.records.session() as session:
        assert len(members(session, "default")) == 1
        assert person_by_email(session, next(email for email in said if email)) is not None
    assert len([email for email in said if email]) == 1


def test_where_an_owner_came_meanwhile_the_first_link_makes_none(there: Installation) -> None:
    token = first_token(there)
    there.person(ANA, "owner")
    with pytest.raises(ConflictError, match="owner already"):
        there.redeem(token, "eve@example.com")
    with there.records.session() as session:
        assert person_by_email(session, "eve@example.com") is None


def test_who_is_invited_sets_a_password_and_joins_under_the_invited_email(there: Installation) -> None:
    token = there.invited(BO, "analyst")
    there.redeem(token, "eve@example.com")  # what else they say is not asked
    with there.records.session() as session:
        assert find_member(session, "default", BO).role == "analyst"
        assert person_by_email(session, "eve@example.com") is None
    assert there.by_cookie(there.sign_in(BO)) is not None


def test_an_invitation_to_somebody_known_takes_their_password_and_leaves_it(there: Installation) -> None:
    """Whoever invites sees the link: it must not open the account of somebody who works elsewhere too."""
    there.person(ANA, "owner")
    there.workspace("acme")
    token = there.invited(ANA, "viewer", "acme")
    with there.records.session() as session:
        assert look(session, token, there.now).known
    with pytest.raises(UnauthenticatedError):
        there.redeem(token, password=OTHER)
    there.redeem(token, password=PASSWORD)
    with there.records.session() as session:
        assert find_member(session, "acme", ANA).role == "viewer"
    there.sign_in(ANA)


def test_an_invitation_does_not_open_an_account_that_has_no_password(there: Installation) -> None:
    """Somebody who comes by a provider: whoever sees the link must not be the first to set a password."""
    person = there.person(ANA, "owner")
    with there.records.session() as session:
        session.get_one(PersonRow, person.id).password = None
    there.workspace("acme")
    token = there.invited(ANA, "viewer", "acme")
    for password in (PASSWORD, "", OTHER):
        with pytest.raises(UnauthenticatedError):
            there.redeem(token, password=password)
    there.redeem(token, signed_in=person.id)
    with there.records.session() as session:
        assert find_member(session, "acme", ANA).role == "viewer"
        assert session.get_one(PersonRow, person.id).password is None


def test_an_invitation_asks_the_second_factor_of_who_has_one(there: Installation) -> None:
    person = there.person(ANA, "owner")
    with there.records.session() as session:
        seed, _ = begin_totp(session, there.keys, "default", person, there.now)
        confirm_totp(session, there.keys, person, TOTP(seed).at(there.now), there.now)
    there.workspace("acme")
    token = there.later(minutes=1).invited(ANA, "viewer", "acme")
    with pytest.raises(SecondFactorError):
        there.redeem(token)
    there.redeem(token, code=TOTP(seed).at(there.now))


def test_nobody_invites_to_more_than_they_have(there: Installation) -> None:
    little = Asker("bo", ROLES["viewer"] | {"people:write"})
    with pytest.raises(ForbiddenError):
        there.invited("x@example.com", "manager", by=little)
    with pytest.raises(NotFoundError):
        there.invited("x@example.com", "nothing")
    there.person(ANA, "owner")
    with pytest.raises(ConflictError, match="already"):
        there.invited(ANA, "viewer")
    with there.records.session() as session:
        keep_role(session, "default", "planner", ["plans:write"], by=SERVER, now=there.now)
    there.workspace("acme")
    with pytest.raises(NotFoundError):
        there.invited("x@example.com", "planner", "acme")


def test_a_later_invitation_takes_the_place_of_the_former_and_can_be_withdrawn(there: Installation) -> None:
    former, token = there.invited(BO, "viewer"), there.invited(BO, "analyst")
    with pytest.raises(NotFoundError):
        there.redeem(former)
    with there.records.session() as session:
        [link] = invitations(session, "default", there.now)
        assert (link.email, link.role) == (BO, "analyst")
        with pytest.raises(NotFoundError):
            withdraw(session, "acme", link.id, by=SERVER, now=there.now)
        withdraw(session, "default", link.id, by=SERVER, now=there.now)
    with pytest.raises(NotFoundError):
        there.redeem(token)


def test_a_link_for_a_new_password_ends_all_sessions_and_the_links_before_it(there: Installation) -> None:
    person = there.person(ANA, "owner")
    cookie = there.sign_in(ANA)
    former, token = reset_token(there, person), reset_token(there, person)
    with pytest.raises(NotFoundError):
        there.redeem(former, password=OTHER)
    assert there.by_cookie(cookie) is not None
    there.redeem(token, password=OTHER)
    assert there.by_cookie(cookie) is None
    there.sign_in(ANA, OTHER)
    with pytest.raises(UnauthenticatedError):
        there.sign_in(ANA)


@pytest.mark.parametrize("forgets", [False, True])
def test_a_new_password_leaves_the_second_factor_unless_the_link_says_otherwise(
    there: Installation, forgets: bool
) -> None:
    person = there.person(ANA, "owner")
    with there.records.session() as session:
        seed, _ = begin_totp(session, there.keys, "default", person, there.now)
        confirm_totp(session, there.keys, person, TOTP(seed).at(there.now), there.now)
    token = reset_token(there, person, forgets_totp=forgets)
    given = Redeemed("", "", Shown("", OTHER))
    _, at_once = redeem(there.records, there.keys, token, given, HERE, there.now)
    assert at_once == forgets
    with there.records.session() as session:
        assert totp_state(session, person.id)[0] != forgets


def test_a_link_with_a_password_that_cannot_be_one_stays_good(there: Installation) -> None:
    token = there.invited(BO, "viewer")
    with pytest.raises(UsageError):
        there.redeem(token, password="short")  # noqa: S106 - of nobody
    there.redeem(token)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "\udc80", "\x00"])
def test_what_is_no_link_opens_nothing(there: Installation, token: str) -> None:
    with pytest.raises(NotFoundError):
        there.redeem(token, ANA)


def test_a_link_into_an_archived_workspace_or_for_a_disabled_person_opens_nothing(there: Installation) -> None:
    person = there.person(ANA, "owner")
    token = reset_token(there, person)
    with there.records.session() as session:
        session.get_one(PersonRow, person.id).disabled_at = there.now
    with pytest.raises(ForbiddenError):
        there.redeem(token, password=OTHER)
    invitation = there.invited(BO, "viewer", there.workspace("acme"))
    with there.records.session() as session:
        archive_workspace(session, "acme", archived=True, who="x", now=there.now)
    with pytest.raises(NotFoundError):
        there.redeem(invitation)


def asker(there: Installation, person: PersonRow, workspace: str = "default") -> Asker:
    with there.records.session() as session:
        return Asker(person.email, permissions_now(session, workspace, person.id), person.id)


@pytest.mark.parametrize("how", ["role", "removed", "disabled"])
def test_an_invitation_ends_with_the_right_of_who_made_it(there: Installation, how: str) -> None:
    """Else who is taken out comes back by a link that they made for themselves before."""
    there.person(ANA, "owner")
    eve = there.person("eve@example.com", "owner")
    token = there.invited("eves-other@example.com", "owner", by=asker(there, eve))
    with there.records.session() as session:
        assert look(session, token, there.now).role == "owner"
        if how == "role":
            give_role(session, "default", eve.id, "manager", by=SERVER, now=there.now)
        elif how == "removed":
            remove_member(session, "default", eve.id, by=SERVER, now=there.now)
        else:
            disable_person(session, session.get_one(PersonRow, eve.id), disabled=True, who="x", now=there.now)
    with pytest.raises(NotFoundError):
        there.redeem(token)
    with there.records.session() as session:
        assert person_by_email(session, "eves-other@example.com") is None


def test_an_invitation_made_by_a_key_ends_with_the_key(there: Installation) -> None:
    scopes = ["people:write", *ROLES["viewer"]]
    with there.records.session() as session:
        key, _ = create_key(session, "default", "nightly", scopes, by=SERVER, now=there.now)
    by_key = Asker("key nightly", key.permissions)
    there.redeem(there.invited(BO, "viewer", by=by_key))
    token = there.invited("eve@example.com", "viewer", by=by_key)
    with there.records.session() as session:
        revoke_key(session, "default", key.id, by=SERVER, now=there.now)
    with pytest.raises(NotFoundError):
        there.redeem(token)


def test_a_link_for_a_new_password_ends_where_who_made_it_does_not_manage_the_person_any_more(
    there: Installation,
) -> None:
    """A password opens all workspaces of a person, also one that they join before the link is used."""
    eve, bo = there.person("eve@example.com", "owner"), there.person(BO, "viewer")
    with there.records.session() as session:
        _, token = reset_link(session, "default", bo, forgets_totp=True, who=eve.email, now=there.now)
        assert look(session, token, there.now).email == BO
    there.workspace("acme")
    there.person(BO, "owner", "acme")
    with pytest.raises(NotFoundError):
        there.redeem(token, password=OTHER)
    there.sign_in(BO)
    with there.records.session() as session:
        _, by_server = reset_link(session, "default", bo, forgets_totp=False, who="root", now=there.now)
    there.redeem(by_server, password=OTHER)


def test_nobody_withdraws_or_replaces_an_invitation_to_more_than_they_have(there: Installation) -> None:
    little = Asker("bo", ROLES["viewer"] | {"people:write"})
    token = there.invited("cy@example.com", "owner")
    with there.records.session() as session:
        [link] = invitations(session, "default", there.now)
        with pytest.raises(ForbiddenError):
            withdraw(session, "default", link.id, by=little, now=there.now)
    with pytest.raises(ForbiddenError):
        there.invited("cy@example.com", "viewer", by=little)
    there.redeem(token)
