"""Idempotency keys on both databases: once done, never again, whatever dies in between."""

from collections.abc import Generator
from datetime import UTC, datetime, timedelta

import pytest

from marketmover.errors import ConflictError, UsageError
from marketmover.store import Records
from marketmover.store.database import database_url
from marketmover.web.idempotency import Answer, begin, end, fingerprint, forget, mark_applied

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ASKED = fingerprint("POST", "/v1/plans", "", b'{"brief": "x"}')
GIVEN = Answer(202, {"location": "/v1/jobs/1"}, b'{"id": "1"}')


@pytest.fixture
def records(records_url: str, tmp_path: object) -> Generator[Records]:
    from pathlib import Path

    opened = Records.open(database_url(records_url, Path(str(tmp_path))))
    yield opened
    opened.close()


def test_a_request_that_was_answered_is_answered_again_with_the_same(records: Records) -> None:
    with records.session() as session:
        ticket, known = begin(session, "default", "key:1", "k", ASKED, NOW)
    assert known is None
    with records.session() as session:
        mark_applied(session, ticket)
    with records.session() as session:
        end(session, ticket, GIVEN)
    with records.session() as session:
        assert begin(session, "default", "key:1", "k", ASKED, NOW + timedelta(hours=23))[1] == GIVEN


def test_a_key_stands_for_one_request_of_one_caller_alone(records: Records) -> None:
    with records.session() as session:
        begin(session, "default", "key:1", "k", ASKED, NOW)
    with records.session() as session, pytest.raises(UsageError, match="another request"):
        begin(session, "default", "key:1", "k", fingerprint("POST", "/v1/plans", "", b"{}"), NOW)
    with records.session() as session:
        assert begin(session, "default", "key:2", "k", ASKED, NOW)[1] is None


def test_a_request_under_way_is_not_begun_again(records: Records) -> None:
    with records.session() as session:
        begin(session, "default", "key:1", "k", ASKED, NOW)
    with records.session() as session, pytest.raises(ConflictError, match="under way"):
        begin(session, "default", "key:1", "k", ASKED, NOW + timedelta(seconds=30))


def test_what_a_dead_process_left_undone_may_be_done_and_what_it_kept_may_not(records: Records) -> None:
    later = NOW + timedelta(minutes=3)
    with records.session() as session:
        undone, _ = begin(session, "default", "key:1", "undone", ASKED, NOW)
        kept, _ = begin(session, "default", "key:1", "kept", ASKED, NOW)
        mark_applied(session, kept)
    with records.session() as session:
        assert begin(session, "default", "key:1", "undone", ASKED, later)[1] is None
    with records.session() as session, pytest.raises(ConflictError, match="was done"):
        begin(session, "default", "key:1", "kept", ASKED, later)
    with records.session() as session, pytest.raises(ConflictError, match="taken over"):
        mark_applied(session, undone)  # who was only slow must not do it as well


def test_a_request_that_failed_before_it_kept_anything_frees_its_key(records: Records) -> None:
    with records.session() as session:
        ticket, _ = begin(session, "default", "key:1", "k", ASKED, NOW)
    with records.session() as session:
        end(session, ticket, None)
    with records.session() as session:
        assert begin(session, "default", "key:1", "k", ASKED, NOW)[1] is None


def test_keys_are_forgotten_after_a_day(records: Records) -> None:
    with records.session() as session:
        begin(session, "default", "key:1", "k", ASKED, NOW)
    with records.session() as session:
        assert forget(session, NOW + timedelta(hours=25)) == 1
    with records.session() as session:
        assert begin(session, "default", "key:1", "k", fingerprint("POST", "/", "", b""), NOW)[1] is None
