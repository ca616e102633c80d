"""Several loads of one history share what they read, and only within a block that says so."""

from datetime import date
from typing import Any, cast

from marketmover.history.once import once, reading


class Counting:
    """Stands for a lake, and counts how often it is read."""

    def __init__(self) -> None:
        self.reads = 0

    def ask(self, name: str, asked: Any) -> int:
        def read() -> int:
            self.reads += 1
            return self.reads

        return once(cast("Any", self), name, asked, read)


def test_within_a_reading_the_same_question_is_read_once() -> None:
    lake = Counting()
    with reading(cast("Any", lake)):
        assert [lake.ask("days", date(2026, 1, 1)) for _ in range(3)] == [1, 1, 1]
        assert lake.ask("days", date(2026, 1, 2)) == 2
        assert lake.ask("settings", date(2026, 1, 2)) == 3


def test_outside_of_a_reading_and_of_another_lake_all_is_read_afresh() -> None:
    lake, other = Counting(), Counting()
    with reading(cast("Any", lake)):
        lake.ask("days", None)
        assert [other.ask("days", None), other.ask("days", None)] == [1, 2]
    assert [lake.ask("days", None), lake.ask("days", None)] == [2, 3]
    with reading(cast("Any", lake)):
        assert lake.ask("days", None) == 4
