"""The stream: facts in order, replayable, by topic and consumer group; a table in records (an outbox).

A fact is written in the transaction of the change that caused it. It gets its place in the topic only once that
transaction is committed, when the next reader comes: under a lock, one after the other, without gaps. So a reader can
never pass over a fact whose transaction was slow to commit, and publishers never wait for each other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Identity, Index, Integer, String, and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketmover.errors import StoreError
from marketmover.kit import new_id, utc_now
from marketmover.store.records import InWorkspace, Records, RecordsBase, workspace_key

_PASS = 5_000  # facts put in order in one transaction
_BIG = BigInteger().with_variant(Integer(), "sqlite")


@dataclass(frozen=True)
class Fact:
    """Something that happened: `sequence` counts 1, 2, 3, ... within its topic; `at` is when it was published."""

    topic: str
    key: str
    payload: Mapping[str, Any]
    id: str
    sequence: int
    at: datetime


class StreamFact(InWorkspace, RecordsBase):
    """A published fact; `sequence` is null until it is put in order."""

    __tablename__ = "stream_facts"

    position: Mapped[int] = mapped_column(_BIG, Identity(), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    topic: Mapped[str] = mapped_column(String(128))
    key: Mapped[str] = mapped_column(String(255))
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    sequence: Mapped[int | None] = mapped_column(_BIG)


Index("uq_stream_facts_order", StreamFact.workspace_id, StreamFact.topic, StreamFact.sequence, unique=True)
Index(
    "ix_stream_facts_unordered",
    StreamFact.workspace_id,
    StreamFact.topic,
    StreamFact.position,
    sqlite_where=StreamFact.sequence.is_(None),
    postgresql_where=StreamFact.sequence.is_(None),
)


class StreamTopic(RecordsBase):
    """How far a topic is in order; its row is the lock of those who put facts in order."""

    __tablename__ = "stream_topics"

    workspace_id: Mapped[str] = workspace_key()
    topic: Mapped[str] = mapped_column(String(128), primary_key=True)
    last_sequence: Mapped[int] = mapped_column(_BIG)


class StreamOffset(RecordsBase):
    """The last fact of a topic that a consumer group is done with."""

    __tablename__ = "stream_offsets"

    workspace_id: Mapped[str] = workspace_key()
    consumer_group: Mapped[str] = mapped_column(String(128), primary_key=True)
    topic: Mapped[str] = mapped_column(String(128), primary_key=True)
    sequence: Mapped[int] = mapped_column(_BIG)


class Stream:
    """Facts of one workspace."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._workspace = records.workspace

    def publish(self, session: Session, topic: str, payload: Mapping[str, Any], *, key: str = "") -> str:
        """Write a fact in the caller's transaction; readers see it once that is committed.

        Args:
            session: Of the same records.
            topic: What kind of fact, up to 128 characters.
            payload: JSON: strings, finite numbers, booleans, null, lists and maps of them.
            key: Whom it is about. Facts of one key keep the order of their commits, as all facts of a topic do.

        Returns:
            The fact's id.

        Raises:
            StoreError: The payload is not JSON.
        """
        fact = StreamFact(
            workspace_id=self._workspace, id=new_id(), topic=topic, key=key, payload=_json(topic, payload), at=utc_now()
        )
        session.add(fact)
        return fact.id

    def read(self, topic: str, group: str, limit: int = 100) -> list[Fact]:
        """Facts after the group's offset, in order, at most `limit`; the same again until an offset is committed."""
        return self.replay(topic, self.offset(group, topic), limit)

    def replay(self, topic: str, after: int = 0, limit: int = 100) -> list[Fact]:
        """Facts with a sequence number above `after`, in order, at most `limit`."""
        self._put_in_order(topic)
        with self._records.session(read_only=True) as session:
            rows = session.scalars(
                select(StreamFact)
                .where(self._of(topic), StreamFact.sequence > after)
                .order_by(StreamFact.sequence)
                .limit(limit)
            )
            return [
                Fact(row.topic, row.key, row.payload, row.id, row.sequence, row.at)
                for row in rows
                if row.sequence is not None
            ]

    def last(self, topic: str) -> int:
        """The sequence number of the newest fact of a topic; 0 before the first."""
        self._put_in_order(topic)
        with self._records.session(read_only=True) as session:
            row = session.get(StreamTopic, (self._workspace, topic))
            return row.last_sequence if row else 0

    def offset(self, group: str, topic: str) -> int:
        """The sequence number of the last fact that the group is done with; 0 before the first."""
        with self._records.session(read_only=True) as session:
            row = session.get(StreamOffset, (self._workspace, group, topic))
            return row.sequence if row else 0

    def commit_offset(self, group: str, topic: str, sequence: int, *, session: Session | None = None) -> None:
        """The group is done with all facts up to `sequence`; an offset never goes back by this.

        Args:
            group: The consumer group.
            topic: The topic.
            sequence: Of the last fact dealt with.
            session: To commit the offset in one transaction with what was done about the facts.
        """
        self._move(group, topic, sequence, session, back=False)

    def seek(self, group: str, topic: str, sequence: int, *, session: Session | None = None) -> None:
        """Move the group to any offset, back as well: 0 replays the topic from its first fact."""
        self._move(group, topic, sequence, session, back=True)

    def _move(self, group: str, topic: str, sequence: int, session: Session | None, *, back: bool) -> None:
        if session is None:
            with self._records.session() as own:
                self._move(group, topic, sequence, own, back=back)
            return
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        statement = insert(StreamOffset).values(
            workspace_id=self._workspace, consumer_group=group, topic=topic, sequence=sequence
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["workspace_id", "consumer_group", "topic"],
                set_={"sequence": statement.excluded.sequence},
                where=None if back else StreamOffset.sequence < statement.excluded.sequence,
            )
        )

    def _of(self, topic: str) -> ColumnElement[bool]:
        return and_(StreamFact.workspace_id == self._workspace, StreamFact.topic == topic)

    def _put_in_order(self, topic: str) -> None:
        waiting = select(StreamFact.position).where(self._of(topic), StreamFact.sequence.is_(None)).limit(1)
        while True:
            with self._records.session(read_only=True) as session:
                if session.scalar(waiting) is None:
                    return
            with self._records.session() as session:
                self._number(session, topic)

    def _number(self, session: Session, topic: str) -> None:
        """Number the next facts; the topic's row is locked until the numbers are committed."""
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = insert(StreamTopic).values(workspace_id=self._workspace, topic=topic, last_sequence=0)
        session.execute(row.on_conflict_do_nothing())
        own = and_(StreamTopic.workspace_id == self._workspace, StreamTopic.topic == topic)
        last = session.scalars(select(StreamTopic.last_sequence).where(own).with_for_update()).one()
        place = func.row_number().over(order_by=StreamFact.position)
        waiting = (
            select(StreamFact.position, place.label("place"))
            .where(self._of(topic), StreamFact.sequence.is_(None))
            .order_by(StreamFact.position)
            .limit(_PASS)
            .subquery()
        )
        numbered = session.connection().execute(
            update(StreamFact).where(StreamFact.position == waiting.c.position).values(sequence=last + waiting.c.place)
        )
        session.execute(update(StreamTopic).where(own).values(last_sequence=last + numbered.rowcount))


def _json(topic: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return json.loads(json.dumps(dict(payload), allow_nan=False))
    except (TypeError, ValueError) as error:
        raise StoreError(f"A fact for topic {topic!r} is not JSON: {error}.") from error
