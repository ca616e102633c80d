"""What the stream does, as a table in records on SQLite and on PostgreSQL."""

from threading import Barrier, Thread
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from marketmover.errors import StoreError
from marketmover.store import Fact, Records, Stream
from programs import line_from, running

_PUBLISH_FOR_EVER = """
import sys
from sqlalchemy.engine import make_url
from marketmover.store import Records, Stream
from marketmover.store.records import Workspace
from marketmover.kit import utc_now
records = Records.open(make_url(sys.argv[1]))
stream = Stream(records)
number = 0
while True:
    with records.session() as session:
        session.add(Workspace(id=f"made-{number}", created_at=utc_now()))
        stream.publish(session, "made", {"number": number})
    print(number, flush=True)
    number += 1
"""

_CONSUME_AND_DIE = """
import os, sys
from sqlalchemy.engine import make_url
from marketmover.store import Records, Stream
from marketmover.store.records import Workspace
from marketmover.kit import utc_now
records = Records.open(make_url(sys.argv[1]))
stream = Stream(records)
left = int(sys.argv[2])
while facts := stream.read("made", "workers", limit=3):
    with records.session() as session:
        for fact in facts:
            session.add(Workspace(id=f"done-{fact.payload['number']}", created_at=utc_now()))
            session.flush()
            left -= 1
            if left == 0:
                os.kill(os.getpid(), 9)
        stream.commit_offset("workers", "made", facts[-1].sequence, session=session)
"""


@pytest.fixture
def stream(records: Records) -> Stream:
    return Stream(records)


def publish(records: Records, *payloads: Any, topic: str = "sales") -> None:
    with records.session() as session:
        for payload in payloads:
            Stream(records).publish(session, topic, {"value": payload}, key="k")


def values(facts: list[Fact]) -> list[Any]:
    return [fact.payload["value"] for fact in facts]


def test_facts_come_in_the_order_of_publishing_numbered_from_one(records: Records, stream: Stream) -> None:
    publish(records, "a", "b")
    publish(records, "c")
    facts = stream.read("sales", "reports")
    assert values(facts) == ["a", "b", "c"]
    assert [fact.sequence for fact in facts] == [1, 2, 3]
    assert {(fact.topic, fact.key) for fact in facts} == {("sales", "k")}
    assert facts[0].at.tzinfo is not None


def test_topics_are_numbered_apart(records: Records, stream: Stream) -> None:
    publish(records, 1, topic="sales")
    publish(records, 2, topic="leads")
    assert [(fact.sequence, fact.payload["value"]) for fact in stream.read("leads", "g")] == [(1, 2)]


def test_a_fact_shares_the_fate_of_the_change_that_caused_it(records: Records, stream: Stream) -> None:
    def publish_and_fail() -> None:
        with records.session() as session:
            stream.publish(session, "sales", {"value": "lost"})
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        publish_and_fail()
    publish(records, "kept")
    assert [(fact.sequence, fact.payload["value"]) for fact in stream.read("sales", "g")] == [(1, "kept")]


def test_a_group_goes_on_after_what_it_committed_and_others_do_not_mind(records: Records, stream: Stream) -> None:
    publish(records, 1, 2, 3)
    stream.commit_offset("reports", "sales", 2)
    assert values(stream.read("sales", "reports")) == [3]
    assert values(stream.read("sales", "alerts")) == [1, 2, 3]
    assert (stream.offset("reports", "sales"), stream.offset("alerts", "sales")) == (2, 0)


def test_what_was_not_committed_comes_again(records: Records, stream: Stream) -> None:
    publish(records, 1, 2)
    assert values(stream.read("sales", "g")) == values(stream.read("sales", "g")) == [1, 2]


def test_a_limit_is_kept(records: Records, stream: Stream) -> None:
    publish(records, *range(5))
    assert values(stream.read("sales", "g", limit=2)) == [0, 1]


def test_a_late_commit_of_an_earlier_offset_takes_nothing_back(records: Records, stream: Stream) -> None:
    publish(records, 1, 2, 3)
    stream.commit_offset("g", "sales", 3)
    stream.commit_offset("g", "sales", 1)
    assert stream.offset("g", "sales") == 3


def test_a_group_can_be_moved_back_to_replay(records: Records, stream: Stream) -> None:
    publish(records, 1, 2, 3)
    stream.commit_offset("g", "sales", 3)
    stream.seek("g", "sales", 1)
    assert values(stream.read("sales", "g")) == [2, 3]
    assert values(stream.replay("sales", after=0, limit=2)) == [1, 2]


def test_an_offset_committed_in_a_session_shares_its_fate(records: Records, stream: Stream) -> None:
    publish(records, 1)

    def commit_and_fail() -> None:
        with records.session() as session:
            stream.commit_offset("g", "sales", 1, session=session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        commit_and_fail()
    assert stream.offset("g", "sales") == 0


def test_workspaces_do_not_see_each_others_facts(records: Records, records_url: str, stream: Stream) -> None:
    publish(records, "ours")
    other = Records.open(make_url(records_url), workspace="other")
    assert Stream(other).read("sales", "g") == []
    publish(other, "theirs")
    assert [(fact.sequence, fact.payload["value"]) for fact in Stream(other).read("sales", "g")] == [(1, "theirs")]
    assert values(stream.read("sales", "g")) == ["ours"]
    other.close()


def test_a_topic_without_facts_is_empty(stream: Stream) -> None:
    assert stream.read("nothing", "g") == []
    assert stream.last("nothing") == 0


def test_the_newest_fact_of_a_topic_is_known_before_anybody_read_it(records: Records, stream: Stream) -> None:
    publish(records, "a", "b")
    publish(records, 1, topic="leads")
    assert stream.last("sales") == 2
    assert stream.replay("sales", stream.last("sales")) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, b"bytes"])
def test_what_is_not_json_is_refused_before_it_is_written(records: Records, stream: Stream, value: object) -> None:
    with records.session() as session, pytest.raises(StoreError, match="sales"):
        stream.publish(session, "sales", {"value": value})
    assert stream.read("sales", "g") == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(payload=json_values)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_comes_back_as_it_was(records: Records, stream: Stream, payload: Any) -> None:
    publish(records, payload, topic="json")
    [*_, last] = stream.replay("json", limit=10_000)
    assert last.payload == {"value": payload}


def test_more_facts_than_are_put_in_order_at_once_are_all_there(
    records: Records, stream: Stream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketmover.store.stream._PASS", 7)
    publish(records, *range(30))
    assert values(stream.read("sales", "g", limit=1000)) == list(range(30))


def test_a_writer_killed_at_work_announced_exactly_what_it_did(records_url: str) -> None:
    with running(_PUBLISH_FOR_EVER, records_url) as writer:
        finished = [int(line_from(writer)) for _ in range(5)]
        writer.kill()
    records = Records.open(make_url(records_url))
    facts = Stream(records).replay("made", limit=1_000_000)
    assert [fact.payload["number"] for fact in facts] == list(range(len(facts)))
    assert len(facts) >= len(finished)
    assert len(facts) == count_named(records, "made-")
    records.close()


def test_a_consumer_killed_at_work_has_done_each_fact_once_after_all(records: Records, records_url: str) -> None:
    with records.session() as session:
        for number in range(10):
            Stream(records).publish(session, "made", {"number": number})
    for dies_after in ("5", "1000"):
        with running(_CONSUME_AND_DIE, records_url, dies_after) as consumer:
            consumer.wait()
    assert count_named(records, "done-") == 10
    assert Stream(records).offset("workers", "made") == 10


def count_named(records: Records, beginning: str) -> int:
    from sqlalchemy import func, select

    from marketmover.store.records import Workspace

    with records.session(read_only=True) as session:
        return session.scalar(select(func.count()).where(Workspace.id.startswith(beginning))) or 0


def test_many_publishers_and_readers_at_once_lose_double_and_reorder_nothing(records: Records, stream: Stream) -> None:
    writers, each = 4, 25
    start = Barrier(writers + 2)
    seen: list[list[Fact]] = [[], []]

    def write(writer: int) -> None:
        start.wait()
        for number in range(each):
            publish(records, [writer, number])

    def read(into: list[Fact]) -> None:
        start.wait()
        while len(into) < writers * each:
            into.extend(stream.replay("sales", after=into[-1].sequence if into else 0, limit=10))

    threads = [Thread(target=write, args=(writer,)) for writer in range(writers)]
    threads += [Thread(target=read, args=(into,)) for into in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for facts in seen:
        assert [fact.sequence for fact in facts] == list(range(1, writers * each + 1))
        for writer in range(writers):
            assert [number for by, number in values(facts) if by == writer] == list(range(each))


def test_on_postgresql_a_fact_whose_transaction_commits_late_is_never_passed_over(postgres_url: str) -> None:
    records = Records.open(make_url(postgres_url))
    stream = Stream(records)
    with Session(records.engine) as slow, slow.begin():
        stream.publish(slow, "sales", {"value": "began first"})
        slow.flush()  # it has its position in the table, but is not committed
        publish(records, "ended first")
        facts = stream.read("sales", "g")
        stream.commit_offset("g", "sales", facts[-1].sequence)
        assert values(facts) == ["ended first"]
        assert stream.read("sales", "g") == []
    assert values(stream.read("sales", "g")) == ["began first"]
    records.close()
