"""Asking a platform while somebody waits for the answer: not longer than a person does."""

import threading
from collections.abc import Callable
from typing import TypeVar

from marketmover.errors import PlatformError, RateLimitError

T = TypeVar("T")
LONGEST_S = 20.0  # connectors try again for minutes, which is right for jobs
_MOST_AT_ONCE = 8
_ASKING = threading.BoundedSemaphore(_MOST_AT_ONCE)


def asked_within(platform: str, ask: Callable[[], T], longest_s: float = LONGEST_S) -> T:
    """What `ask` gives. Where that takes too long it goes on by itself, and its answer is dropped.

    Raises:
        PlatformError: It took too long, or what `ask` raises.
        RateLimitError: Too many ask already.
    """
    if not _ASKING.acquire(blocking=False):
        raise RateLimitError("Too many platforms are being asked just now.", "Try again in a minute.", wait_s=60)
    answers: list[T] = []
    errors: list[Exception] = []

    def work() -> None:
        try:
            answers.append(ask())
        except Exception as error:  # noqa: BLE001 - it is raised again where the answer is waited for
            errors.append(error)
        finally:
            _ASKING.release()

    thread = threading.Thread(target=work, name=f"ask {platform}", daemon=True)
    thread.start()
    thread.join(longest_s)
    if errors:
        raise errors[0]
    if not answers:
        raise PlatformError(
            f"{platform} did not answer within {longest_s:.0f} seconds.", "Try again later.", kind="unavailable"
        )
    return answers[0]
