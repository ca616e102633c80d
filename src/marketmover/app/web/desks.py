"""What requests work with: the installation seen from a caller's workspace."""

from collections.abc import Callable, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fastapi import Request

from marketmover.access import audit
from marketmover.access.rules import Rules
from marketmover.access.tokens import token_hash
from marketmover.app.web.served import ServedApp
from marketmover.errors import MarketmoverError, RateLimitError
from marketmover.kit import utc_now
from marketmover.web import Caller, idempotency
from marketmover.web.limits import RateLimit, neighbourhood

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.access import Entry
    from marketmover.store import Stores
    from marketmover.web.idempotency import Answer, Ticket

_STRANGERS_PER_MINUTE = 120


class WebDesk:
    """A request's desk; see `marketmover.web.Desk`."""

    def __init__(self, app: ServedApp, caller: Caller, ticket: "Ticket | None") -> None:
        self.app = app
        self.caller = caller
        self._ticket = ticket

    @property
    def workspace(self) -> str:
        """The workspace that is worked in."""
        return self.app.workspace

    @contextmanager
    def session(self, *, read_only: bool = False) -> "Generator[Session]":
        """One transaction of records."""
        with self.app.records.session(read_only=read_only) as session:
            if self._ticket is not None and not read_only:
                idempotency.mark_applied(session, self._ticket)
            yield session

    def stores(self) -> "AbstractContextManager[Stores]":
        """The stores, with a connection to the lake of its own."""
        return self.app.home()

    def submit(
        self,
        kind: str,
        arguments: Mapping[str, Any],
        *,
        about: str = "",
        check: "Callable[[Session], None] | None" = None,
    ) -> Mapping[str, Any]:
        """Have long work done."""
        from marketmover.jobs import submit

        with self.session() as session:
            if check is not None:
                check(session)
            task = submit(
                session, self.workspace, kind, arguments, asked_by=self.caller.who, about=about, now=utc_now()
            )
            self.audit(session, "job.asked", f"job {task.id}", after={"kind": kind, "about": about})
        return task.shown()

    def audit(
        self,
        session: "Session",
        what: str,
        about: str,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down who did what."""
        audit.append(session, self.workspace, who=self.caller.who, what=what, about=about, before=before, after=after)


class WebDesks:
    """Opens desks, and keeps idempotency keys; see `marketmover.web.desk.Desks` and `marketmover.web.routing.Keys`."""

    def __init__(self, app: ServedApp, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        self._callers = RateLimit(app.settings.rate_limit)
        self._strangers = RateLimit(min(_STRANGERS_PER_MINUTE, app.settings.rate_limit))

    def caller_of(self, request: Request) -> Caller | None:
        """Who asks; found once a request, and counted against the caller's rate."""
        state = request.state
        if not hasattr(state, "caller"):
            try:
                state.caller = self._authenticated(request)
            except MarketmoverError:  # what was shown holds, and is refused here
                shown = request.headers.get("authorization") or self._cookie(request) or ""
                self._take(self._callers, token_hash(shown.strip().rpartition(" ")[2]))
                raise
            self._count(request, state.caller)
        return state.caller

    def caller_now(self, request: Request) -> Caller | None:
        """Who asks by now, for what lasts; `None` where what was shown opens nothing any more."""
        try:
            entry = self._entry(request, utc_now())
        except MarketmoverError:
            return None
        return None if entry is None else entry.caller

    def desk(self, request: Request, caller: Caller) -> WebDesk:
        """What the request works with."""
        return WebDesk(self._app.of(caller.workspace), caller, getattr(request.state, "ticket", None))

    def hall(self, request: Request) -> ServedApp:
        """What a request without a caller works with."""
        self._count(request, None)
        return self._app

    def begin(self, request: Request, key: str, body: bytes) -> "tuple[Ticket, Answer | None] | None":
        """Begin a request with an idempotency key."""
        caller = self.caller_of(request)
        if caller is None:
            return None
        asked = idempotency.fingerprint(request.method, request.url.path, request.url.query, body)
        with self._app.records.session() as session:
            return idempotency.begin(session, caller.workspace, f"{caller.kind}:{caller.id}", key, asked, utc_now())

    def end(self, ticket: "Ticket", answer: "Answer | None") -> None:
        """Keep the answer to a request with an idempotency key."""
        with self._app.records.session() as session:
            idempotency.end(session, ticket, answer)

    def _authenticated(self, request: Request) -> Caller | None:
        now = utc_now()
        entry = self._entry(request, now)
        if entry is not None and entry.unseen:
            from marketmover.access.authentication import note_entry

            with self._app.records.session() as session:
                note_entry(session, entry, now)
        return None if entry is None else entry.caller

    def _entry(self, request: Request, now: datetime) -> "Entry | None":
        cookie = self._cookie(request)
        authorization = request.headers.get("authorization")
        if cookie is None and authorization is None:
            return None
        from marketmover.access.authentication import authenticate

        wanted = request.headers.get("marketmover-workspace") or request.query_params.get("workspace")
        with self._app.records.session(read_only=True) as session:
            return authenticate(
                session,
                self._rules,
                authorization=authorization,
                cookie=cookie,
                csrf=request.headers.get("x-csrf-token"),
                method=request.method,
                workspace=wanted,
                now=now,
            )

    def _count(self, request: Request, caller: Caller | None) -> None:
        limit, name = self._strangers, neighbourhood(request.client.host) if request.client else ""
        if caller is not None:
            limit, name = self._callers, f"{caller.kind}:{caller.id}"
        self._take(limit, name)

    def _cookie(self, request: Request) -> str | None:
        return request.cookies.get(self._rules.session_cookie)

    def _take(self, limit: RateLimit, name: str) -> None:
        if wait := limit.take(name):
            raise RateLimitError("Too many requests in a minute.", "Wait as Retry-After says.", wait_s=wait)
