"""Signing in: what opens a session, what ends it, and what guessing costs."""

import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from installation import HERE, PASSWORD, Installation
from pyotp.totp import TOTP
from sqlalchemy import event

from marketmover.access import audit
from marketmover.access.people.service import disable_person
from marketmover.access.records import PersonRow, SessionRow
from marketmover.access.sessions.passwords import check_password, hashed, verify
from marketmover.access.sessions.service import From, end_session, forget_expired
from marketmover.access.sessions.signing_in import Shown, change_password, turn_totp_off
from marketmover.access.sessions.totp import begin_totp, confirm_totp, forget_totp, totp_state
from marketmover.errors import (
    ConflictError,
    MarketmoverError,
    RateLimitError,
    SecondFactorError,
    UnauthenticatedError,
    UsageError,
)

ANA = "ana@example.com"
WRONG = "not the right password"


def failed(there: Installation, email: str = ANA, origin: From = HERE) -> str:
    try:
        there.sign_in(email, WRONG, origin=origin)
    except MarketmoverError as error:
        return type(error).__name__
    return "signed in"


def with_totp(there: Installation) -> tuple[TOTP, list[str]]:
    person = there.person(ANA, "owner")
    with there.records.session() as session:
        seed, uri = begin_totp(session, there.keys, "default", person, there.now)
        assert seed in uri
        codes = confirm_totp(session, there.keys, person, TOTP(seed).at(there.now), there.now)
    there.later(seconds=30)
    return TOTP(seed), codes


def test_the_right_password_opens_a_session_and_the_database_holds_no_token(everywhere: Installation) -> None:
    there = everywhere
    there.person(ANA, "owner")
    token = there.sign_in(" Ana@Example.com ")
    entry = there.by_cookie(token)
    assert entry is not None
    assert (entry.caller.name, entry.caller.workspace) == (ANA, "default")
    with there.records.engine.connect() as connection:
        tables = [str(connection.execute(sa.text(f"SELECT * FROM {name}")).all()) for name in ("sessions", "people")]  # noqa: S608 - names of ours
    assert token not in "".join(tables)
    assert PASSWORD not in "".join(tables)


def test_unknown_wrong_disabled_and_passwordless_are_told_apart_by_nothing(there: Installation) -> None:
    there.person(ANA, "owner")
    there.person("own@example.com", "owner")
    disabled, empty = there.person("bo@example.com", "viewer"), there.person("cy@example.com", "viewer")
    with there.records.session() as session:
        disable_person(session, session.get_one(PersonRow, disabled.id), disabled=True, who="x", now=there.now)
        session.get_one(PersonRow, empty.id).password = None
    said: set[str] = set()
    for email in (ANA, disabled.email, empty.email, "nobody@example.com", "no e-mail", ""):
        with pytest.raises(UnauthenticatedError) as caught:
            there.sign_in(email, PASSWORD if email != ANA else WRONG)
        said.add(str(caught.value))
    assert len(said) == 1


def refusals(there: Installation, workspace: str = "default") -> list[tuple[str, str, object, object]]:
    with there.records.session(read_only=True) as session:
        found = reversed(audit.entries(session, workspace, what="session.refused"))
        return [(one.who, one.about, *(one.after or {}).values()) for one in found]


def test_the_log_tells_who_failed_to_sign_in_and_is_not_filled_by_guessing(there: Installation) -> None:
    there.workspace("acme")
    there.person(ANA, "owner")
    there.person(ANA, "viewer", "acme")
    for number in range(23):
        assert failed(there, origin=From(f"203.0.113.{number}", "")) == "UnauthenticatedError"
        failed(there, "nobody@example.com", origin=From(f"203.0.113.{number}", ""))
    told = [("somebody", f"person {ANA}", "password", tries) for tries in (1, 2, 5, 10, 20)]
    assert refusals(there) == told
    assert refusals(there, "acme") == told
    there.sign_in(ANA)
    failed(there)
    assert refusals(there)[5:] == [("somebody", f"person {ANA}", "password", 1)]


def test_the_log_tells_of_a_wrong_code_and_of_a_disabled_account_and_not_of_a_missing_code(there: Installation) -> None:
    _, codes = with_totp(there)
    with pytest.raises(SecondFactorError):
        there.sign_in(ANA)
    assert refusals(there) == []
    with pytest.raises(UnauthenticatedError):
        there.sign_in(ANA, code="000000")
    assert refusals(there) == [("somebody", f"person {ANA}", "code", 2)]
    there.sign_in(ANA, code=codes[0])
    bo = there.person("bo@example.com", "viewer")
    with there.records.session() as session:
        disable_person(session, session.get_one(PersonRow, bo.id), disabled=True, who="x", now=there.now)
    with pytest.raises(UnauthenticatedError):
        there.sign_in(bo.email)
    assert refusals(there)[1:] == [("somebody", f"person {bo.email}", "account disabled", 1)]


def test_as_much_is_written_for_who_is_unknown_as_for_who_is_known(there: Installation) -> None:
    """A write to the disk takes time that could be measured from afar."""
    there.person(ANA, "owner")
    written: dict[str, list[bool]] = {}

    def note(_: object, __: object, statement: str, *rest: object) -> None:
        del rest
        if statement.startswith("BEGIN"):
            written[email].append(False)
        elif statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written[email][-1] = True

    for email in (ANA, "nobody@example.com"):
        written[email] = []
        event.listen(there.records.engine, "before_cursor_execute", note)
        failed(there, email)
        event.remove(there.records.engine, "before_cursor_execute", note)
    assert written[ANA] == written["nobody@example.com"] == [True, False, True]


def test_a_password_is_hashed_for_who_is_unknown_as_for_who_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time is the hash's: so the same hash must be reckoned in each case."""
    from argon2 import PasswordHasher, extract_parameters

    costs: list[object] = []
    right = PasswordHasher.verify

    def counted(self: PasswordHasher, kept: str, password: str) -> bool:
        costs.append(extract_parameters(kept))
        return right(self, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    assert verify(PASSWORD, hashed(PASSWORD))
    assert not verify(PASSWORD, None)
    assert not verify("nobody has this password", None)
    assert len(set(map(str, costs))) == 1
    assert len(costs) == 3


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "a" * 40,
        "x" * 257,
        "password1234",
        "123456123456",
        "ana@example.com1",
        "abababababab",
        "Qwerty123456",
    ],
)
def test_a_password_that_is_soon_guessed_is_refused_and_not_repeated(password: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_password(password, ANA)
    assert not password or password not in str(caught.value)


def test_a_password_is_the_same_however_a_keyboard_composes_it() -> None:
    assert verify("caf\u0065\u0301 am grossen See", hashed("caf\u00e9 am grossen See"))


def test_signing_in_makes_a_new_token_each_time_and_ends_the_browsers_former_session(there: Installation) -> None:
    there.person(ANA, "owner")
    planted = there.sign_in(ANA)
    mine = there.sign_in(ANA, former=planted)
    assert mine != planted
    assert there.by_cookie(planted) is None
    assert there.by_cookie(mine) is not None
    made_up = "A" * 43
    assert there.sign_in(ANA, former=made_up) != made_up
    assert there.by_cookie(made_up) is None


def test_a_session_ends_when_nobody_uses_it_and_at_its_end_in_any_case(there: Installation) -> None:
    from marketmover.access import note_entry

    there.person(ANA, "owner")
    token = there.sign_in(ANA)
    assert there.later(hours=11).by_cookie(token) is not None
    assert there.later(hours=2).by_cookie(token) is None
    token, began = there.sign_in(ANA), there.now
    while there.now - began < timedelta(days=7) - timedelta(hours=6):
        entry = there.later(hours=6).by_cookie(token)
        assert entry is not None
        assert entry.unseen
        with there.records.session() as session:
            note_entry(session, entry, there.now)
    assert there.later(hours=6).by_cookie(token) is None
    with there.records.session() as session:
        forget_expired(session, there.rules, there.now)
        assert session.scalar(sa.select(sa.func.count()).select_from(SessionRow)) == 0


def test_what_was_just_seen_is_not_written_down_again(there: Installation) -> None:
    there.person(ANA, "owner")
    entry = there.later(minutes=0).by_cookie(there.sign_in(ANA))
    assert entry is not None
    assert not entry.unseen


def test_signing_out_ends_the_session_and_a_new_password_ends_all(there: Installation) -> None:
    person = there.person(ANA, "owner")
    one, two = there.sign_in(ANA), there.sign_in(ANA)
    with there.records.session() as session:
        end_session(session, one)
    assert there.by_cookie(one) is None
    assert there.by_cookie(two) is not None
    new = "another wall and a blue roof"
    change_password(there.records, there.keys, person, Shown(ANA, PASSWORD), new, HERE, there.now)
    assert there.by_cookie(two) is None
    assert there.by_cookie(there.sign_in(ANA, new)) is not None
    with pytest.raises(UnauthenticatedError):
        there.sign_in(ANA)


def test_who_is_disabled_is_out_at_once(there: Installation) -> None:
    there.person("own@example.com", "owner")
    bo = there.person("bo@example.com", "viewer")
    token = there.sign_in("bo@example.com")
    with there.records.session() as session:
        session.get_one(PersonRow, bo.id).disabled_at = there.now
    assert there.by_cookie(token) is None


def test_after_some_wrong_passwords_even_the_right_one_waits(everywhere: Installation) -> None:
    there = everywhere
    there.person(ANA, "owner")
    assert [failed(there) for _ in range(6)] == ["UnauthenticatedError"] * 5 + ["RateLimitError"]
    with pytest.raises(RateLimitError) as caught:
        there.sign_in(ANA)
    assert 0 < caught.value.wait_s <= 30
    there.later(seconds=31).sign_in(ANA)
    assert failed(there) == "UnauthenticatedError"  # what was right forgives


def test_waits_double_up_to_an_hour(there: Installation) -> None:
    there.person(ANA, "owner")
    for _ in range(5):
        failed(there)
    waits: list[float] = []
    for _ in range(9):
        with pytest.raises(RateLimitError) as caught:
            there.sign_in(ANA, WRONG)
        waits.append(round(caught.value.wait_s))
        there.later(seconds=caught.value.wait_s)
        assert failed(there) == "UnauthenticatedError"
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    there.later(hours=25)
    assert failed(there) == "UnauthenticatedError"
    assert failed(there) == "UnauthenticatedError"


def test_guessing_from_many_addresses_makes_the_owner_wait_for_minutes_at_most(there: Installation) -> None:
    there.person(ANA, "owner")
    kinds = [failed(there, origin=From(f"203.0.113.{number}", "")) for number in range(32)]
    assert kinds[:30] == ["UnauthenticatedError"] * 30
    assert kinds[30:] == ["RateLimitError"] * 2
    there.later(minutes=15, seconds=1).sign_in(ANA)


def test_one_address_cannot_try_many_people(there: Installation) -> None:
    there.person(ANA, "owner")
    kinds = [failed(there, f"nobody{number}@example.com") for number in range(52)]
    assert kinds[49:] == ["UnauthenticatedError", "RateLimitError", "RateLimitError"]
    there.sign_in(ANA, origin=From("192.0.2.1", ""))


def test_signing_in_oneself_does_not_free_an_address_for_guessing(there: Installation) -> None:
    there.person(ANA, "owner")
    for number in range(49):
        failed(there, f"nobody{number}@example.com")
    there.sign_in(ANA)
    failed(there, "x@example.com")
    assert failed(there, "y@example.com") == "RateLimitError"


def test_many_guesses_at_once_are_all_counted(everywhere: Installation) -> None:
    there = everywhere
    there.person(ANA, "owner")
    kinds: list[str] = []
    threads = [threading.Thread(target=lambda: kinds.append(failed(there))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kinds.count("UnauthenticatedError") <= 5
    assert kinds.count("signed in") == 0


def test_with_a_second_factor_the_password_alone_opens_nothing(there: Installation) -> None:
    totp, _ = with_totp(there)
    with pytest.raises(SecondFactorError):
        there.sign_in(ANA)
    with pytest.raises(UnauthenticatedError, match="wrong"):
        there.sign_in(ANA, code="000000" if totp.at(there.now) != "000000" else "111111")
    with pytest.raises(UnauthenticatedError, match="password"):
        there.sign_in(ANA, WRONG, totp.at(there.now))
    assert there.by_cookie(there.sign_in(ANA, code=totp.at(there.now))) is not None


def test_a_code_is_taken_once_and_no_earlier_one_after_it(there: Installation) -> None:
    totp, _ = with_totp(there)
    early, now = totp.at(there.now), totp.at(there.now + timedelta(seconds=30))
    there.later(seconds=30).sign_in(ANA, code=now)
    for used in (now, early):
        with pytest.raises(UnauthenticatedError):
            there.sign_in(ANA, code=used)
    there.later(seconds=30).sign_in(ANA, code=totp.at(there.now))


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_off_by_a_step(there: Installation, steps: int) -> None:
    totp, _ = with_totp(there)
    there.later(minutes=5)
    there.sign_in(ANA, code=totp.at(there.now + timedelta(seconds=30 * steps)))


@pytest.mark.parametrize("code", ["٠٠٠٠٠٠", "12345", "1234567", "abcdef", "-00001", "\x00" * 6, "x" * 64])
def test_what_is_no_code_is_refused(there: Installation, code: str) -> None:
    with_totp(there)
    with pytest.raises(UnauthenticatedError):
        there.sign_in(ANA, code=code)


def test_of_two_who_show_the_same_code_at_once_one_comes_in(everywhere: Installation) -> None:
    there = everywhere
    totp, _ = with_totp(there)
    code, came = totp.at(there.now), list[str]()

    def come() -> None:
        try:
            came.append(there.sign_in(ANA, code=code))
        except UnauthenticatedError:
            came.append("")

    threads = [threading.Thread(target=come) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([token for token in came if token]) == 1


def test_a_recovery_code_stands_in_once(everywhere: Installation) -> None:
    there = everywhere
    _, codes = with_totp(there)
    assert len(set(codes)) == 10
    there.sign_in(ANA, code=codes[0].upper().replace("-", " "))
    with pytest.raises(UnauthenticatedError):
        there.sign_in(ANA, code=codes[0])
    with there.records.session(read_only=True) as session:
        assert totp_state(session, there.person(ANA).id) == (True, 9)
    with there.records.engine.connect() as connection:
        kept = str(connection.execute(sa.text("SELECT * FROM recovery_codes")).all())
    assert not any(code.replace("-", "") in kept for code in codes)


def test_guessing_codes_is_slowed_down_like_guessing_passwords(there: Installation) -> None:
    totp, _ = with_totp(there)
    wrong = "000000" if totp.at(there.now) != "000000" else "111111"
    kinds: list[str] = []
    for _ in range(7):
        try:
            there.sign_in(ANA, code=wrong)
        except MarketmoverError as error:
            kinds.append(type(error).__name__)
    assert kinds == ["UnauthenticatedError"] * 5 + ["RateLimitError"] * 2


def test_the_seed_lies_sealed_and_is_asked_for_only_once_confirmed(there: Installation) -> None:
    person = there.person(ANA, "owner")
    with there.records.session() as session:
        seed, _ = begin_totp(session, there.keys, "default", person, there.now)
    with there.records.engine.connect() as connection:
        assert seed not in str(connection.execute(sa.text("SELECT * FROM secrets")).all())
    there.sign_in(ANA)
    with pytest.raises(UsageError, match="not the one"), there.records.session() as session:
        confirm_totp(session, there.keys, person, "000000", there.now)
    with there.records.session() as session:
        confirm_totp(session, there.keys, person, TOTP(seed).at(there.now), there.now)
    with pytest.raises(ConflictError), there.records.session() as session:
        begin_totp(session, there.keys, "default", person, there.now)


def test_turning_it_off_takes_the_password_and_a_code(there: Installation) -> None:
    totp, _ = with_totp(there)
    person = there.person(ANA)
    with pytest.raises(SecondFactorError):
        turn_totp_off(there.records, there.keys, person, Shown(ANA, PASSWORD), HERE, there.now)
    with pytest.raises(UnauthenticatedError):
        turn_totp_off(there.records, there.keys, person, Shown(ANA, WRONG, totp.at(there.now)), HERE, there.now)
    turn_totp_off(there.records, there.keys, person, Shown(ANA, PASSWORD, totp.at(there.now)), HERE, there.now)
    there.sign_in(ANA)
    with there.records.session() as session:
        assert not forget_totp(session, there.keys, person.id)
