"""One question over HTTP, within a deadline that holds however slowly the other side drips: tries, waits, limits."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, cast

import httpx

from marketmover.kit import utc_now
from marketmover.language.chat.endpoint import Endpoint
from marketmover.language.chat.failures import ChatError, NotSentError

Pause = Callable[[float], Awaitable[None]]
MOST_BYTES = 2_000_000
_TRIES = 3
_BACKOFF_S = 0.5
_AGAIN = frozenset((408, 429, 500, 502, 503, 504, 529))
_SPENT = re.compile(r"insufficient_quota|billing|credit balance", re.IGNORECASE)


@dataclass(frozen=True)
class Reply:
    """What the endpoint sent back: its status, what it said, and what it calls that."""

    status: int
    content: bytes
    content_type: str = ""
    retry_after_s: float | None = None
    location: str = ""

    @property
    def fields(self) -> dict[str, Any]:
        """The answer as a JSON object; empty where it is none."""
        try:
            found: Any = json.loads(self.content)
        except (ValueError, RecursionError):
            return {}
        return cast("dict[str, Any]", found) if isinstance(found, dict) else {}

    @property
    def detail(self) -> str:
        """What the endpoint says is wrong, in its own words."""
        error: Any = self.fields.get("error", self.fields.get("message", self.fields.get("detail")))
        if isinstance(error, dict):
            parts = cast("dict[str, Any]", error)
            error = " ".join(str(parts[name]) for name in ("message", "code", "param") if parts.get(name))
        said = error if isinstance(error, str) else self.content.decode("utf-8", "replace")
        return " ".join(said.split())


@dataclass(frozen=True)
class Attempt:
    """Called around each try: `before` may refuse it, `after` learns the reply, and whether a question was sent."""

    before: Callable[[], None]
    after: Callable[[Reply | None, bool], None]


async def post(endpoint: Endpoint, body: dict[str, Any], attempt: Attempt, deadline: float, pause: Pause) -> Reply:
    """Post a question and return the reply with status 200, or with a status that a new question may mend (4xx).

    Overload, server errors and broken connections are tried again, after the time that the endpoint asks for.

    Args:
        endpoint: Whom to ask.
        body: The question.
        attempt: The ledger's part in each try.
        deadline: The event loop's time at which all of it must be over.
        pause: Waits; a clock of a test's own, where it has one.

    Raises:
        ChatError: No try succeeded within the deadline.
    """
    for tried in range(1, _TRIES + 1):
        attempt.before()
        reply: Reply | None = None
        failure: ChatError | None = None
        try:
            reply = await _within(endpoint, deadline, _exchange(endpoint, "POST", endpoint.completions_url, body))
        except ChatError as error:
            failure = error
        finally:
            attempt.after(reply, not isinstance(failure, NotSentError))
        if failure is None and reply is not None:
            if reply.status not in _AGAIN:
                return reply
            failure = failure_of(endpoint, reply)
        assert failure is not None  # noqa: S101 - one of the two it is
        wait = (reply.retry_after_s if reply else None) or _BACKOFF_S * 2 ** (tried - 1)
        if failure.lasting or tried == _TRIES or asyncio.get_running_loop().time() + wait >= deadline:
            raise failure
        await pause(wait)
    raise AssertionError("the last try returns or raises")


async def get(endpoint: Endpoint, url: str) -> Reply:
    """Fetch an address of the endpoint, once.

    Raises:
        ChatError: It could not be fetched.
    """
    deadline = asyncio.get_running_loop().time() + endpoint.timeout_s
    return await _within(endpoint, deadline, _exchange(endpoint, "GET", url, None))


async def _within(endpoint: Endpoint, deadline: float, exchange: Awaitable[Reply]) -> Reply:
    """The reply, or the error in words. The time is that of the whole exchange: a server that drips gains nothing."""
    left = min(deadline - asyncio.get_running_loop().time(), endpoint.timeout_s)
    try:
        async with asyncio.timeout(left):
            return await exchange
    except TimeoutError as error:
        remedy = "Ask a faster model, or set MARKETMOVER_LLM_TIMEOUT and MARKETMOVER_LLM_BRIEF_TIMEOUT higher."
        raise ChatError(
            f"The language model {endpoint.name} gave no whole answer within {left:.3g} s.", remedy
        ) from error
    except httpx.ConnectError as error:
        raise NotSentError(
            f"The language model {endpoint.name} cannot be reached: {_words(error)}.",
            "Check that it runs, and MARKETMOVER_LLM_URL.",
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ChatError(f"The language model {endpoint.name} broke off its answer: {_words(error)}.") from error


async def _exchange(endpoint: Endpoint, method: str, url: str, body: dict[str, Any] | None) -> Reply:
    await asyncio.to_thread(endpoint.refuse_unsafe)
    # A proxy of the environment is for the world outside: to this machine and private networks the way is direct.
    async with (
        httpx.AsyncClient(timeout=None, follow_redirects=False, trust_env=endpoint.may_use_proxy) as client,  # noqa: S113 - the caller's deadline is for the whole exchange
        client.stream(method, url, headers=endpoint.headers, json=body) as response,
    ):
        content = bytearray()
        async for part in response.aiter_bytes():
            content += part
            if len(content) > MOST_BYTES:
                raise ChatError(f"The language model {endpoint.name} answers with more than {MOST_BYTES:,} bytes.")
        return Reply(
            response.status_code,
            bytes(content),
            response.headers.get("content-type", ""),
            _retry_after(response.headers),
            response.headers.get("location", ""),
        )


def _retry_after(headers: httpx.Headers) -> float | None:
    """Seconds to wait before the next try, as `Retry-After` says them: a number, or a date (RFC 9110)."""
    if (exact := headers.get("retry-after-ms", "")).isdigit():
        return int(exact) / 1000
    said = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,7}(?:\.\d+)?", said):
        return float(said)
    try:
        return max((parsedate_to_datetime(said) - utc_now()).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def failure_of(endpoint: Endpoint, reply: Reply) -> ChatError:
    """A reply that is no answer, in words."""
    name, told = endpoint.name, _without_key(endpoint, reply.detail)[:200]
    said = f" It says: {told}" if told else ""
    if reply.status in (401, 403):
        return ChatError(
            f"The language model {name} refuses the key ({reply.status}).", "Check MARKETMOVER_LLM_KEY.", lasting=True
        )
    if reply.status == 404:
        remedy = "Check MARKETMOVER_LLM_URL and MARKETMOVER_LLM_MODEL."
        return ChatError(f"The language model {name} is not found (404).{said}", remedy, lasting=True)
    if reply.status == 429:
        spent = _SPENT.search(told) is not None
        return ChatError(f"The language model {name} takes no more for now (429).{said}", lasting=spent)
    if 300 <= reply.status < 400:
        remedy = "Redirects are not followed: set MARKETMOVER_LLM_URL to the address that answers."
        return ChatError(f"The language model {name} sends elsewhere ({reply.status}).", remedy, lasting=True)
    return ChatError(f"The language model {name} failed with status {reply.status}.{said}")


def _without_key(endpoint: Endpoint, told: str) -> str:
    return told.replace(endpoint.key, "***") if endpoint.key else told


def _words(error: Exception) -> str:
    return (str(error) or type(error).__name__).rstrip(".")
