"""How reads are tried again: waits that double, with jitter, or as long as Google asks for."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from marketmover.errors import PlatformError

_T = TypeVar("_T")
_PASSING = ("throttled", "unavailable")


@dataclass(frozen=True)
class Retries:
    """When to try a read again, and for how long. Writes are never tried again.

    Attributes:
        tries: Calls in all.
        first_s: Seconds before the second call; each further wait is twice as long.
        most_s: The longest wait. If Google asks for a longer one, the error is raised at once and says for how long.
        seed: Of the jitter, which shortens each wait by up to a half so that processes do not call in step; `None` for
            a new one each time.
        pause: Waits so many seconds.
    """

    tries: int = 5
    first_s: float = 1.0
    most_s: float = 60.0
    seed: int | None = None
    pause: Callable[[float], object] = time.sleep

    def run(self, call: Callable[[], _T]) -> _T:
        """What `call` returns at the first try that does not end in an error that may pass.

        Raises:
            PlatformError: The last one, or one that will not pass.
        """
        jitter = random.Random(self.seed)  # noqa: S311 - spreads calls, keeps no secret
        for number in range(self.tries - 1):
            try:
                return call()
            except PlatformError as error:
                if error.kind not in _PASSING or (error.wait_s or 0.0) > self.most_s:
                    raise
                self.pause(self._wait(number, error.wait_s, jitter))
        return call()

    def _wait(self, number: int, asked_s: float | None, jitter: random.Random) -> float:
        if asked_s is not None:
            return asked_s + jitter.random() * self.first_s
        return min(self.first_s * 2.0**number, self.most_s) * (1.0 - jitter.random() / 2.0)
