"""Connections that are opened and say nothing: they are closed after a while, so that nobody holds them all."""

import asyncio
from typing import cast

from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

HEAD_S = 20.0


class PatientProtocol(H11Protocol):
    """Uvicorn's, which waits for the head of a request for as long as it takes; this one for `head_s` seconds.

    A head that comes drop by drop gains nothing: the time runs from its first byte, or from when the connection was
    made.
    """

    head_s = HEAD_S
    _head_ends: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        """A connection: its first request is waited for from now."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Bytes: a request's head is complete once a cycle is under way."""
        super().data_received(data)
        if self._answering:
            self._head_came()
        elif self._head_ends is None:
            self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end."""
        self._head_came()
        super().connection_lost(exc)

    @property
    def _answering(self) -> bool:
        cycle = cast("RequestResponseCycle | None", self.cycle)  # None until the first request, whatever its type says
        return cycle is not None and not cycle.response_complete

    def _wait_for_head(self) -> None:
        self._head_ends = self.loop.call_later(self.head_s, self._give_up)

    def _head_came(self) -> None:
        if self._head_ends is not None:
            self._head_ends.cancel()
            self._head_ends = None

    def _give_up(self) -> None:
        self._head_ends = None
        if not self._answering:
            self.transport.close()
