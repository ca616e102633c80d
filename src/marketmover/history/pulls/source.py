"""What a platform's connector must offer so that its exports can be pulled."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

Document = Mapping[str, Any]
"""One document in the platform's own wire form, as the import reads it: a searchStream batch, or a page of Meta's."""


@dataclass(frozen=True)
class SourceAccount:
    """The account behind a connection, as the platform tells of it.

    Attributes:
        platform: `google_ads` or `meta_ads`.
        account_id: The platform's id.
        name: Its name there.
        currency: ISO 4217 code.
        time_zone: IANA name.
        today: The present day in that time zone; on a simulated account the simulation's.
        simulated: Whether it is the sandbox's.
        access_ends: The day on which what opens it runs out, where the platform tells one.
    """

    platform: str
    account_id: str
    name: str
    currency: str
    time_zone: str
    today: date
    simulated: bool = False
    access_ends: date | None = None


@dataclass(frozen=True)
class ExportChunk:
    """One thing to ask for: a kind of rows over some days (30 at most); both days are `None` where it has no dates.

    Where it is `optional`, the rest of a pull goes on without it, and the next pull asks for it again from the first
    day on that has been missed.
    """

    kind: str
    first: date | None = None
    last: date | None = None
    optional: bool = False


class AdExports(Protocol):
    """A connected account that exports can be pulled from.

    Every method raises `marketmover.errors.PlatformError`; transient ones have been tried again before.
    """

    platform: str

    def account(self) -> SourceAccount:
        """The account, asked for anew."""
        ...

    def chunks(self, since: date, until: date) -> Sequence[ExportChunk]:
        """What makes up the exports of these days, both included, in the order in which to fetch it."""
        ...

    def fetch(self, chunk: ExportChunk, resume: str | None, keep: Callable[[str], None]) -> Iterator[Document]:
        """The documents of a chunk. A chunk counts only if all of it came.

        Args:
            chunk: What to fetch.
            resume: What `keep` was told when an earlier try was cut off: an asynchronous report that may be ready.
            keep: Called with what lets a later try go on.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
