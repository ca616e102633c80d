"""Reading a lake once: several loads of one history share what they read."""

from collections.abc import Callable, Generator, Hashable
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from marketmover.store import Lake


Read = TypeVar("Read")


@dataclass(frozen=True)
class _Reading:
    """What was read of a lake: for each name the arguments it was last read with, and what came of it."""

    lake: "Lake"
    kept: dict[str, tuple[Hashable, Any]] = field(default_factory=dict[str, tuple[Hashable, Any]])


_READING: ContextVar[_Reading | None] = ContextVar("reading", default=None)


@contextmanager
def reading(lake: "Lake") -> Generator[None]:
    """A block in which nobody writes to the lake's history, so that what was read may be handed out again."""
    token = _READING.set(_Reading(lake))
    try:
        yield
    finally:
        _READING.reset(token)


def once(lake: "Lake", name: str, asked: Hashable, read: Callable[[], Read]) -> Read:
    """What `read` gives; within `reading` of the lake, what it gave the last time, where `asked` is the same.

    One answer is kept a name, so that many different questions do not fill the memory. Who gets it does not change it.
    """
    now = _READING.get()
    if now is None or now.lake is not lake:
        return read()
    if name not in now.kept or now.kept[name][0] != asked:
        now.kept[name] = asked, read()
    return cast("Read", now.kept[name][1])
