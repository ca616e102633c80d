"""Trying again: how long to wait, and what is worth it."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from marketmover.errors import MarketmoverError, PlatformError, StoreError

T = TypeVar("T")


@dataclass(frozen=True)
class Waits:
    """How long to wait between tries: twice as long each time, half of it by chance.

    By chance, so that many that failed together do not come back together (Brooker, 2015, Exponential Backoff and
    Jitter).

    Attributes:
        first_s: Seconds before the second try, at most.
        most_s: Seconds before any try, at most, unless the other side asks for more.
        tries: How often to try in all.
        longest_asked_s: Where the other side asks for more than this, it is not waited for.
    """

    first_s: float = 1.0
    most_s: float = 60.0
    tries: int = 5
    longest_asked_s: float = 900.0

    def wait(self, attempt: int, asked_s: float | None = None, chance: random.Random | None = None) -> float:
        """Seconds to wait after a number of failed tries; never less than the other side asked for."""
        limit = min(self.most_s, self.first_s * 2.0 ** min(attempt - 1, 60))
        drawn = limit * (0.5 + 0.5 * (chance or _CHANCE).random())
        return max(drawn, asked_s or 0.0)


_CHANCE = random.Random()  # noqa: S311 - spreads load; nothing is kept secret by it


def transient(error: Exception) -> bool:
    """Whether the same call may go well later: the other side was busy or away, and surely did nothing."""
    if isinstance(error, PlatformError):
        return error.kind in {"throttled", "unavailable"}
    return isinstance(error, StoreError)


def with_retries(
    call: Callable[[], T],
    *,
    waits: Waits | None = None,
    passing: Callable[[Exception], bool] = transient,
    pause: Callable[[float], object] = time.sleep,
) -> T:
    """Call until it goes well. Only for what may be done twice: reads, never the making of something.

    Args:
        call: What to do.
        waits: How often, and how long between.
        passing: Whether an error is worth another try.
        pause: Waits; a stop event's `wait` lets a process end meanwhile.

    Raises:
        MarketmoverError: The last error, where tries are used up or it is not worth another.
    """
    waits = waits or Waits()
    attempt = 1
    while True:
        try:
            return call()
        except MarketmoverError as error:
            asked = getattr(error, "wait_s", None)
            if attempt >= waits.tries or not passing(error) or (asked or 0) > waits.longest_asked_s:
                raise
            pause(waits.wait(attempt, asked))
        attempt += 1
