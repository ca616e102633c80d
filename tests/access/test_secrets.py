"""Secrets at rest, on SQLite and on PostgreSQL: what is kept, what a stranger sees, what a new key does."""

import base64
import os
import stat
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from marketmover.access import Keys, Secrets, rotate
from marketmover.access.keys import Key, new_key
from marketmover.access.records import SecretRow
from marketmover.access.secrets import seal, unseal
from marketmover.errors import NotFoundError, SettingsError
from marketmover.store import Records

VALUES = {"refresh_token": "1//0abc-Grüße", "client_secret": "s3cret"}


def as_setting(*keys: Key) -> str:
    return ",".join(base64.b64encode(key.value).decode() for key in keys)


def keep(records: Records, keys: Keys, name: str = "accounts/google_ads", workspace: str = "default") -> None:
    with records.session() as session:
        Secrets(keys, workspace).keep(session, name, VALUES)


def reveal(records: Records, keys: Keys, name: str = "accounts/google_ads") -> dict[str, str]:
    with records.session(read_only=True) as session:
        return Secrets(keys, "default").reveal(session, name)


def row(records: Records, name: str = "accounts/google_ads") -> SecretRow:
    with records.session(read_only=True) as session:
        return session.get_one(SecretRow, ("default", name))


def test_what_was_kept_comes_back_and_the_table_tells_nothing_of_it(records: Records, tmp_path: Path) -> None:
    keys = Keys("", tmp_path)
    keep(records, keys)
    assert reveal(records, keys) == VALUES
    with records.engine.connect() as connection:
        told = str(connection.execute(sa.text("SELECT * FROM secrets")).all())
    raw = base64.b64decode(row(records).sealed)
    for value in VALUES.values():
        assert value not in told
        assert value.encode() not in raw
    assert base64.b64encode(keys.all()[0].value).decode() not in told


def test_the_same_secret_kept_twice_looks_different_each_time(records: Records, tmp_path: Path) -> None:
    keys = Keys("", tmp_path)
    keep(records, keys)
    first = row(records).sealed
    keep(records, keys)
    assert row(records).sealed != first


def test_the_first_secret_makes_a_key_file_that_only_its_owner_may_read(records: Records, tmp_path: Path) -> None:
    keys = Keys("", tmp_path)
    assert keys.all() == ()
    assert list(tmp_path.glob("*.key")) == []
    keep(records, keys)
    path = tmp_path / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {entry.name for entry in tmp_path.iterdir()} - {
        "records.sqlite",
        "records.sqlite-wal",
        "records.sqlite-shm",
    } == {"secret.key"}


def test_a_key_in_the_setting_leaves_no_file(records: Records, tmp_path: Path) -> None:
    keys = Keys(as_setting(new_key()), tmp_path / "home")
    keep(records, keys)
    assert reveal(records, keys) == VALUES
    assert not (tmp_path / "home").exists()


def test_a_row_copied_to_another_name_or_workspace_does_not_open_there(records: Records, tmp_path: Path) -> None:
    keys = Keys("", tmp_path)
    keep(records, keys)
    keep(records, keys, "accounts/other")
    with records.session() as session:
        copied = session.get_one(SecretRow, ("default", "accounts/google_ads")).sealed
        session.get_one(SecretRow, ("default", "accounts/other")).sealed = copied
    with pytest.raises(SettingsError, match="changed by other hands"):
        reveal(records, keys, "accounts/other")


def test_without_its_key_a_secret_is_an_error_that_says_which_key_and_what_to_do(
    records: Records, tmp_path: Path
) -> None:
    keys = Keys("", tmp_path)
    keep(records, keys)
    sealed_with = keys.all()[0].id
    with pytest.raises(SettingsError, match=rf"{sealed_with}.*MARKETMOVER_SECRET_KEY.*add the account anew"):
        reveal(records, Keys(as_setting(new_key()), tmp_path))


def test_a_name_that_was_never_kept_is_not_found(records: Records, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nothing/here"):
        reveal(records, Keys("", tmp_path), "nothing/here")


def test_a_forgotten_secret_is_gone(records: Records, tmp_path: Path) -> None:
    keys = Keys("", tmp_path)
    keep(records, keys)
    with records.session() as session:
        Secrets(keys, "default").forget(session, "accounts/google_ads")
    with pytest.raises(NotFoundError):
        reveal(records, keys)


def test_rotation_seals_all_workspaces_anew_and_the_former_key_opens_nothing(
    records: Records, records_url: str, tmp_path: Path
) -> None:
    other = Records.open(sa.make_url(records_url), workspace="acme")
    keys = Keys("", tmp_path)
    keep(records, keys)
    keep(records, keys, workspace="acme")
    former = keys.all()[0]
    fresh = keys.begin_rotation()
    with records.session() as session:
        assert [one.workspace for one in rotate(session, keys)] == ["acme", "default"]
    keys.end_rotation()
    assert [key.id for key in keys.all()] == [fresh.id]
    assert reveal(records, keys) == VALUES
    with other.session(read_only=True) as session:
        assert Secrets(keys, "acme").reveal(session, "accounts/google_ads") == VALUES
    with pytest.raises(SettingsError):
        reveal(records, Keys(as_setting(former), tmp_path))
    other.close()


@pytest.mark.parametrize("dies_after", ["begin", "sealing"])
def test_a_rotation_that_is_cut_off_loses_nothing_and_can_be_run_again(
    records: Records, tmp_path: Path, dies_after: str
) -> None:
    keys = Keys("", tmp_path)
    keep(records, keys)
    keys.begin_rotation()
    if dies_after == "sealing":
        with records.session() as session:
            rotate(session, keys)
    assert reveal(records, Keys("", tmp_path)) == VALUES
    keys.begin_rotation()
    with records.session() as session:
        rotate(session, keys)
    keys.end_rotation()
    assert reveal(records, Keys("", tmp_path)) == VALUES
    assert len(keys.all()) == 1


def test_what_is_kept_while_the_key_changes_is_never_sealed_with_one_that_is_forgotten(
    records: Records, tmp_path: Path
) -> None:
    keys, ended, kept = Keys("", tmp_path), threading.Event(), list[str]()

    def keep_on() -> None:
        while not ended.is_set():
            keep(records, Keys("", tmp_path), f"accounts/{len(kept)}")
            kept.append(f"accounts/{len(kept)}")
            going.set()

    going = threading.Event()
    writer = threading.Thread(target=keep_on)
    writer.start()
    for _ in range(4):
        assert going.wait(60)
        going.clear()
        keys.begin_rotation()
        with records.session() as session:
            rotate(session, keys)
        keys.end_rotation()
    ended.set()
    writer.join()
    for name in kept:
        assert reveal(records, keys, name) == VALUES


def test_a_key_in_the_setting_is_rotated_by_putting_the_new_one_before_it(records: Records, tmp_path: Path) -> None:
    old, new = new_key(), new_key()
    keep(records, Keys(as_setting(old), tmp_path))
    with pytest.raises(SettingsError, match="NEW,OLD"):
        Keys(as_setting(old), tmp_path).begin_rotation()
    both = Keys(as_setting(new, old), tmp_path)
    assert both.begin_rotation().id == new.id
    with records.session() as session:
        assert [one.about for one in rotate(session, both)] == ["account google_ads"]
    assert reveal(records, Keys(as_setting(new), tmp_path)) == VALUES


@pytest.mark.parametrize("text", ["", "short", "AAAA", "A" * 43 + "!", "passwort" * 4])
def test_a_file_that_holds_no_key_is_named_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "secret.key").touch(0o600)
    (tmp_path / "secret.key").write_text(text)
    with pytest.raises(SettingsError, match=r"secret\.key holds no key"):
        Keys("", tmp_path).all()


def test_a_key_that_others_may_read_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    keys = Keys("", tmp_path)
    keys.sealing()
    (tmp_path / "secret.key").chmod(0o644)
    with pytest.raises(SettingsError, match=r"read by others.*chmod 600"):
        keys.all()


def test_a_key_is_never_shown_by_its_value() -> None:
    key = new_key()
    assert repr(key.value) not in repr(key)
    assert len(key.id) == 8


@given(text=st.text(), context=st.text(), place=st.integers(min_value=0))
def test_what_is_sealed_opens_for_its_key_and_purpose_alone(text: str, context: str, place: int) -> None:
    key = Key.of(os.urandom(32))
    sealed = seal(key, text, context=context)
    assert unseal(key, sealed, context=context) == text
    changed = bytearray(base64.b64decode(sealed))
    changed[place % len(changed)] ^= 1
    for wrong in (
        lambda: unseal(new_key(), sealed, context=context),
        lambda: unseal(key, sealed, context=context + "x"),
        lambda: unseal(key, base64.b64encode(bytes(changed)).decode(), context=context),
    ):
        with pytest.raises(ValueError, match="not sealed"):
            wrong()
