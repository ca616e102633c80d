"""The ledger's table: what was spent on the language model, a row a day."""

from datetime import date

from sqlalchemy import BigInteger, Date, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketmover.store import RecordsBase
from marketmover.store.records import workspace_key


class ChatSpending(RecordsBase):
    """Money spent on the language model, or set aside for questions under way, on a day (UTC)."""

    __tablename__ = "chat_spending"

    workspace_id: Mapped[str] = workspace_key()
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    micros: Mapped[int] = mapped_column(BigInteger)


def add_within(session: Session, workspace: str, day: date, micros: int, limit: int | None = None) -> bool:
    """Add to a day's sum, unless it would go beyond `limit`; both in millionths of the operator's currency.

    One conditional update, so two processes cannot both take the last of it.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"workspace_id": workspace, "day": day, "micros": 0}
    session.execute(insert(ChatSpending).values(row).on_conflict_do_nothing())
    change = (
        update(ChatSpending)
        .where(ChatSpending.workspace_id == workspace, ChatSpending.day == day)
        .values(micros=ChatSpending.micros + micros)
        .returning(ChatSpending.micros)
        .execution_options(synchronize_session=False)
    )
    if limit is not None:
        change = change.where(ChatSpending.micros + micros <= limit)
    return session.execute(change).first() is not None
