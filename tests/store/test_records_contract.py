"""What records do, on SQLite and on PostgreSQL."""

from datetime import UTC, datetime, timedelta, timezone
from threading import Thread

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from marketmover.store import Records
from marketmover.store.records import Workspace
from marketmover.store.stream import StreamTopic
from programs import line_from, running

NOW = datetime(2026, 1, 5, 9, 30, 15, 123456, tzinfo=UTC)

_WRITE_FOR_EVER = """
import sys
from sqlalchemy.engine import make_url
from marketmover.store import Records
from marketmover.store.records import Workspace
from marketmover.kit import utc_now
records = Records.open(make_url(sys.argv[1]))
number = 0
while True:
    with records.session() as session:
        session.add(Workspace(id=f"left-{number}", created_at=utc_now()))
        session.flush()
        session.add(Workspace(id=f"right-{number}", created_at=utc_now()))
    print(number, flush=True)
    number += 1
"""


def names(records: Records) -> set[str]:
    with records.session(read_only=True) as session:
        return set(session.scalars(sa.select(Workspace.id))) - {"default"}


def test_a_session_that_ends_well_is_kept(records: Records) -> None:
    with records.session() as session:
        session.add(Workspace(id="acme", created_at=NOW))
    assert names(records) == {"acme"}


def test_a_session_that_raises_leaves_nothing(records: Records) -> None:
    def add_and_fail() -> None:
        with records.session() as session:
            session.add(Workspace(id="acme", created_at=NOW))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        add_and_fail()
    assert names(records) == set()


def test_a_row_can_still_be_read_after_its_session(records: Records) -> None:
    with records.session() as session:
        workspace = Workspace(id="acme", created_at=NOW)
        session.add(workspace)
    assert workspace.id == "acme"


@pytest.mark.parametrize("offset_hours", [0, -11, 5.5])
def test_a_moment_comes_back_aware_and_in_utc(records: Records, offset_hours: float) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=offset_hours)))
    with records.session() as session:
        session.add(Workspace(id="acme", created_at=local))
    with records.session() as session:
        found = session.get_one(Workspace, "acme").created_at
    assert (found, found.utcoffset()) == (NOW, timedelta(0))


def test_a_moment_without_a_zone_is_refused(records: Records) -> None:
    with records.session() as session:
        session.add(Workspace(id="acme", created_at=NOW.replace(tzinfo=None)))
        with pytest.raises(StatementError, match="time zone"):
            session.flush()
        session.rollback()


def test_a_row_of_a_workspace_that_is_not_there_is_refused(records: Records) -> None:
    insert = sa.insert(StreamTopic).values(workspace_id="nobody", topic="t", last_sequence=0)
    with pytest.raises(IntegrityError), records.session() as session:
        session.execute(insert)


def test_a_reading_session_cannot_write(records: Records) -> None:
    insert = sa.insert(Workspace).values(id="acme", created_at=NOW)
    with pytest.raises(DBAPIError), records.session(read_only=True) as session:
        session.execute(insert)
    with records.session() as session:  # the same connection of the pool may write again
        session.execute(insert)
    assert names(records) == {"acme"}


def test_a_reader_does_not_wait_for_a_writer_and_does_not_see_what_is_unfinished(records: Records) -> None:
    with records.session() as writing:
        writing.add(Workspace(id="acme", created_at=NOW))
        writing.flush()
        assert names(records) == set()
    assert names(records) == {"acme"}


def test_writers_wait_for_each_other_and_no_change_is_lost(records: Records) -> None:
    with records.session() as session:
        session.add(StreamTopic(workspace_id="default", topic="t", last_sequence=0))

    def count_up() -> None:
        for _ in range(20):
            with records.session() as session:
                add_one(session)

    threads = [Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with records.session() as session:
        assert session.scalars(sa.select(StreamTopic.last_sequence)).one() == 80


def add_one(session: Session) -> None:
    read = session.scalars(sa.select(StreamTopic.last_sequence).with_for_update()).one()
    session.execute(sa.update(StreamTopic).values(last_sequence=read + 1))


def test_opening_again_keeps_the_rows_and_adds_the_workspace(records: Records, records_url: str) -> None:
    with records.session() as session:
        session.add(Workspace(id="acme", created_at=NOW))
    other = Records.open(make_url(records_url), workspace="beta")
    assert (names(other), other.workspace) == ({"acme", "beta"}, "beta")
    other.close()


def test_a_writer_killed_at_work_leaves_whole_transactions_and_loses_none_it_finished(records_url: str) -> None:
    with running(_WRITE_FOR_EVER, records_url) as writer:
        finished = [int(line_from(writer)) for _ in range(7)]
        writer.kill()
    records = Records.open(make_url(records_url))
    left = {name.removeprefix("left-") for name in names(records) if name.startswith("left-")}
    right = {name.removeprefix("right-") for name in names(records) if name.startswith("right-")}
    assert left == right
    assert {str(number) for number in finished} <= left
    records.close()
