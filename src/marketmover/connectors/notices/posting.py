"""One POST to a webhook: to a vetted address, no redirect followed, at most so long, its answer in plain words."""

import asyncio
import email.utils
import math
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from marketmover.connectors.notices.addresses import Target
from marketmover.errors import PlatformError
from marketmover.kit import wait_for
from marketmover.monitoring.notices import one_line

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 20.0
_MOST_BYTES = 16_384
_REDIRECTS = range(300, 400)
_SHOWN = 160


@dataclass(frozen=True)
class Answer:
    """What the other side said.

    Attributes:
        status: HTTP status.
        text: The first 16 KiB of the body.
        wait_s: `Retry-After` in seconds, where it is given.
    """

    status: int
    text: str
    wait_s: float | None

    @property
    def taken(self) -> bool:
        """Whether it took the message."""
        return self.status in range(200, 300)

    @property
    def said(self) -> str:
        """The status and the beginning of the body, on one line."""
        return one_line(f"HTTP {self.status} {self.text}", _SHOWN)


def post(target: Target, body: bytes, headers: Mapping[str, str], *, timeout_s: float, ca_file: str = "") -> Answer:
    """Post `body` once.

    Args:
        target: Where to.
        body: UTF-8 JSON.
        headers: Beside those of JSON.
        timeout_s: For the whole exchange.
        ca_file: PEM file of a further certificate authority; empty for the system's alone.

    Raises:
        PlatformError: `unavailable`: nobody could be reached, and nothing was sent; `unknown`: no answer came;
            `refused`: the host leads where it must not.
    """
    address = target.address()
    try:
        return wait_for(_bounded(target, address, body, headers, timeout_s, ca_file))
    except TimeoutError as error:
        raise PlatformError(
            f"{target.shown} did not answer within {timeout_s:g} seconds; whether it took the notice is not known.",
            kind="unknown",
        ) from error


async def _bounded(
    target: Target, address: str, body: bytes, headers: Mapping[str, str], timeout_s: float, ca_file: str
) -> Answer:
    async with asyncio.timeout(timeout_s):
        return await _exchange(target, address, body, headers, ca_file)


async def _exchange(target: Target, address: str, body: bytes, headers: Mapping[str, str], ca_file: str) -> Answer:
    import httpx

    parts = urlsplit(target.url)
    literal = f"[{address}]" if ":" in address else address
    where = urlunsplit((parts.scheme, f"{literal}:{target.port}", parts.path or "/", parts.query, ""))
    sent = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "Accept-Encoding": "identity",
        "User-Agent": "marketmover",
        **headers,
    }
    context = ssl.create_default_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    # The name is checked against the certificate, though it is the vetted address that is connected to. The whole
    # exchange has the caller's deadline, so none for its parts.
    extensions = {"sni_hostname": target.host}
    try:
        async with (
            httpx.AsyncClient(verify=context, timeout=None, follow_redirects=False, trust_env=False) as client,  # noqa: S113
            client.stream("POST", where, content=body, headers=sent, extensions=extensions) as response,
        ):
            return await _read(response)
    except httpx.ConnectError as error:
        raise PlatformError(
            f"{target.shown} cannot be reached: {one_line(str(error), _SHOWN)}.", kind="unavailable"
        ) from error
    except httpx.HTTPError as error:
        raise PlatformError(
            f"{target.shown} cut the connection; whether it took the notice is not known.", kind="unknown"
        ) from error


async def _read(response: "httpx.Response") -> Answer:
    content = b""
    async for part in response.aiter_raw():
        content += part
        if len(content) >= _MOST_BYTES:
            break
    text = content[:_MOST_BYTES].decode("utf-8", errors="replace")
    return Answer(response.status_code, text, _retry_after(response.headers.get("Retry-After", "")))


def failure(who: str, answer: Answer, remedies: Mapping[int, str], *, lasting: frozenset[int]) -> PlatformError:
    """What an answer that is no success means.

    Args:
        who: The receiver, for people.
        answer: What it said.
        remedies: What to do, by status.
        lasting: Statuses that no further try will change.
    """
    remedy = remedies.get(answer.status, "")
    if answer.status in _REDIRECTS:
        message = f"{who} redirects to another address, which is not followed ({answer.said})."
        return PlatformError(message, "Write the final address into notices.toml.", kind="refused")
    if answer.status in lasting:
        return PlatformError(f"{who} refused the notice: {answer.said}.", remedy, kind="refused")
    message = f"{who} did not take the notice: {answer.said}."
    kind = "throttled" if answer.status == 429 else "unavailable"
    return PlatformError(message, remedy, kind=kind, wait_s=answer.wait_s, codes=(str(answer.status),))


def _retry_after(said: str) -> float | None:
    """Seconds, or a date, as RFC 9110 has it; `None` where it is neither."""
    try:
        seconds = float(said)
        return seconds if math.isfinite(seconds) and seconds >= 0 else None
    except ValueError:
        pass
    try:
        moment = email.utils.parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max((aware - datetime.now(UTC)).total_seconds(), 0.0)
