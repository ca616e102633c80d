"""CRM leads beside an account's exports, where a connection names a place that tells them."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from marketmover.errors import PlatformError
from marketmover.history.pulls import AdExports, Document, ExportChunk, SourceAccount

if TYPE_CHECKING:
    import httpx

LEADS = "leads"
_TIMEOUT_S = 60.0
_TRIES = 3


class WithLeads:
    """An account's exports, and the leads that its campaigns brought (contract: history, CRM) as one more chunk.

    Args:
        exports: The account's own.
        address: Answers `GET ?since=DATE&platform=NAME` with an array of leads of which something became known on that
            day or later.
    """

    def __init__(self, exports: AdExports, address: str) -> None:
        self._exports = exports
        self._address = address
        self.platform = exports.platform

    def account(self) -> SourceAccount:
        """The account, asked for anew."""
        return self._exports.account()

    def chunks(self, since: date, until: date) -> Sequence[ExportChunk]:
        """The account's chunks, then the leads, without which the account's own figures land."""
        return [*self._exports.chunks(since, until), ExportChunk(LEADS, since, until, optional=True)]

    def fetch(self, chunk: ExportChunk, resume: str | None, keep: Callable[[str], None]) -> Iterator[Document]:
        """The documents of a chunk; a lead is a document of its own."""
        if chunk.kind != LEADS:
            return self._exports.fetch(chunk, resume, keep)
        return iter(self._leads(chunk.first))

    def close(self) -> None:
        """Let go of connections."""
        self._exports.close()

    def _leads(self, since: date | None) -> list[Document]:
        asked = {"platform": self.platform} | ({"since": since.isoformat()} if since else {})
        for left in reversed(range(_TRIES)):
            try:
                told = self._ask(asked)
            except PlatformError as error:
                if not left or error.kind not in {"unavailable", "throttled"}:
                    raise
            else:
                return [lead for lead in told if lead.get("platform", self.platform) == self.platform]
        raise AssertionError("the last try returns or raises")

    def _ask(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        import httpx

        try:
            answer = httpx.get(self._address, params=asked, timeout=_TIMEOUT_S, trust_env=False)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unavailable(type(error).__name__) from error
        return self._read(answer)

    def _read(self, answer: "httpx.Response") -> list[dict[str, Any]]:
        if answer.status_code in {429, 500, 502, 503, 504}:
            raise self._unavailable(f"status {answer.status_code}")
        if answer.status_code != 200:
            raise PlatformError(
                f"The CRM at {_host(self._address)} refused to tell leads (status {answer.status_code}).",
                "Check its address in the connection.",
                kind="expired" if answer.status_code in {401, 403} else "refused",
            )
        try:
            told = json.loads(answer.text)
        except (ValueError, RecursionError) as error:
            raise self._unavailable("its answer is cut off, or is no JSON") from error
        if not isinstance(told, list):
            raise self._unavailable("its answer is no array of leads")
        return [cast("dict[str, Any]", lead) for lead in told if isinstance(lead, dict)]

    def _unavailable(self, why: str) -> PlatformError:
        return PlatformError(
            f"The CRM at {_host(self._address)} does not tell leads: {why}.",
            "Look whether it runs, and pull again.",
            kind="unavailable",
        )


def _host(address: str) -> str:
    """Where an address leads, without what it may hold of names and keys."""
    try:
        parts = urlsplit(address)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)
    except ValueError:  # no address at all, or a port that is none
        return "the address in the connection"
