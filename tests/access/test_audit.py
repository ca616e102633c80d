"""The log of who did what, on SQLite and on PostgreSQL: it grows, it hides secrets, and nobody rewrites it."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from marketmover.access import audit
from marketmover.store import Records

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


def append(records: Records, number: int = 1, workspace: str = "default") -> None:
    with records.session() as session:
        audit.append(
            session,
            workspace,
            who="ana",
            what="plan.approved",
            about=f"plan {number}",
            before={"state": "draft"},
            after={"state": "approved", "access_token": "EAAB-secret"},
            at=NOW,
        )


def entries(records: Records, **chosen: str) -> list[audit.Entry]:
    with records.session(read_only=True) as session:
        return audit.entries(session, "default", **chosen)  # pyright: ignore[reportArgumentType] - str or None alone


def test_an_entry_says_who_when_what_before_and_after_without_secrets(records: Records) -> None:
    append(records)
    [entry] = entries(records)
    assert (entry.who, entry.at, entry.what, entry.about) == ("ana", NOW, "plan.approved", "plan 1")
    assert entry.before == {"state": "draft"}
    assert entry.after == {"state": "approved", "access_token": "hidden"}
    with records.engine.connect() as connection:
        assert "EAAB" not in str(connection.execute(sa.text("SELECT * FROM audit_log")).all())


def test_the_newest_entry_comes_first_and_one_thing_can_be_followed(records: Records) -> None:
    for number in (1, 2, 1):
        append(records, number)
    assert [entry.about for entry in entries(records)] == ["plan 1", "plan 2", "plan 1"]
    assert [entry.about for entry in entries(records, about="plan 2")] == ["plan 2"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_log SET who = 'nobody'", "DELETE FROM audit_log", "DELETE FROM audit_log WHERE who = 'ana'"],
)
def test_nobody_rewrites_it_not_even_past_this_program(records: Records, statement: str) -> None:
    append(records)
    with pytest.raises(DBAPIError, match="append-only"), records.engine.begin() as connection:
        connection.execute(sa.text(statement))
    assert len(entries(records)) == 1


def test_on_postgresql_it_cannot_be_emptied_at_once(postgres_url: str) -> None:
    records = Records.open(sa.make_url(postgres_url))
    append(records)
    with pytest.raises(DBAPIError, match="append-only"), records.engine.begin() as connection:
        connection.execute(sa.text("TRUNCATE audit_log"))
    records.close()


def test_an_entry_shares_the_fate_of_what_it_tells_of(records: Records) -> None:
    def append_and_fail() -> None:
        with records.session() as session:
            audit.append(session, "default", who="ana", what="plan.approved", about="plan 1")
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        append_and_fail()
    assert entries(records) == []


def test_another_workspace_does_not_see_it(records: Records, records_url: str) -> None:
    Records.open(sa.make_url(records_url), workspace="acme").close()
    append(records, workspace="acme")
    assert entries(records) == []


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"refresh_token": "1//0"}, {"refresh_token": "hidden"}),
        ({"nested": [{"appSecret": "x", "name": "y"}]}, {"nested": [{"appSecret": "hidden", "name": "y"}]}),
        ({"key": "new:1", "api_key": "k"}, {"key": "new:1", "api_key": "hidden"}),
        ({"monkey": "business", "keywords": ["a"]}, {"monkey": "business", "keywords": ["a"]}),
        ({"password": ""}, {"password": ""}),
        ({"tokens_used": 5.0}, {"tokens_used": "hidden"}),
        ({"url": "postgresql://ana:pw@db/x"}, {"url": "postgresql://ana:hidden@db/x"}),
        ({"header": "Authorization: Bearer abc.def"}, {"header": "Authorization: Bearer hidden"}),
        ({"json": '{"client_secret": "GOCSPX-1", "a": 1}'}, {"json": '{"client_secret": "hidden", "a": 1}'}),
        (
            {"day": NOW.date(), "n": 1.5, "ok": True, "none": None},
            {"day": "2026-01-05", "n": 1.5, "ok": True, "none": None},
        ),
    ],
)
def test_what_looks_secret_is_hidden_and_the_rest_is_kept(value: dict[str, object], shown: dict[str, object]) -> None:
    assert audit.masked(value) == shown
