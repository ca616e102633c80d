"""Days and moments. Days are `datetime.date`; moments are aware and in UTC."""

from datetime import UTC, date, datetime


def utc_now() -> datetime:
    """The present moment, aware, in UTC. Pass `now` down from the edge rather than calling this inside a room."""
    return datetime.now(UTC)


def parse_date(text: str) -> date:
    """An ISO 8601 day.

    Raises:
        ValueError: The text is not `YYYY-MM-DD`.
    """
    return date.fromisoformat(text)


def days_between(start: date, end: date) -> int:
    """How many days `start` to `end` are, both included."""
    return (end - start).days + 1
