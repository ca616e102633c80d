"""A Meta ad account as a source of exports: pages in the platform's own form, as the import reads them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from marketmover.connectors.clock import today_of
from marketmover.connectors.meta_ads.edges import (
    ACCOUNT_FIELDS,
    CHANGE_FIELDS,
    INSIGHTS,
    OBJECTS,
)
from marketmover.connectors.meta_ads.insights import Figures, figures_of
from marketmover.connectors.meta_ads.one_by_one import comments, estimates
from marketmover.connectors.meta_ads.session import MetaSession
from marketmover.connectors.meta_ads.token_life import access_ends
from marketmover.errors import PlatformError, UsageError
from marketmover.history.pulls.source import Document, ExportChunk, SourceAccount

Json = dict[str, Any]
_STEP_DAYS = 30
_ACTIVE = 1
_CLOSED = {2: "is disabled", 101: "is closed"}


class MetaExports:
    """What can be pulled from one ad account.

    Args:
        session: The connection; `close` ends it.
    """

    platform = "meta_ads"

    def __init__(self, session: MetaSession) -> None:
        self._session = session

    def account(self) -> SourceAccount:
        """The account, asked for anew.

        Raises:
            PlatformError: It cannot be read.
        """
        found = self._account()
        zone = str(found.get("timezone_name") or "")
        return SourceAccount(
            platform=self.platform,
            account_id=self._session.account_id,
            name=str(found.get("name") or self._session.account_id),
            currency=str(found.get("currency") or ""),
            time_zone=zone,
            today=today_of(zone, self._session.clock),
            simulated=self._session.simulated,
            access_ends=access_ends(self._session),
        )

    def chunks(self, since: date, until: date) -> Sequence[ExportChunk]:
        """Figures by ad set for all days, details for the last of them; then what there is, and what was changed.

        Days are cut in steps of 30 counted from `since`.
        """
        steps = [
            (first, min(first + timedelta(_STEP_DAYS - 1), until))
            for first in (since + timedelta(days) for days in range(0, (until - since).days + 1, _STEP_DAYS))
        ]
        dated = [
            ExportChunk(name, first, last)
            for name, kind in INSIGHTS.items()
            for first, last in steps
            if kind.days is None or last > until - timedelta(kind.days)
        ]
        changed = [ExportChunk("activities", first, last) for first, last in steps]
        standing = [ExportChunk(name) for name in ("account", *OBJECTS, "delivery_estimate", "comments")]
        return [*dated, *standing, *changed]

    def fetch(self, chunk: ExportChunk, resume: str | None, keep: Callable[[str], None]) -> Iterator[Document]:
        """The pages of a chunk; a report that Meta was asked for earlier is `resume`.

        Raises:
            PlatformError: They cannot be had.
            UsageError: There is no such kind of chunk, or it needs days.
        """
        if chunk.kind in OBJECTS:
            return self._objects(chunk.kind)
        if chunk.kind == "account":
            return iter([{"data": [self._account()]}])
        if chunk.kind in {"delivery_estimate", "comments"}:
            return estimates(self._session) if chunk.kind == "delivery_estimate" else comments(self._session)
        if chunk.first is None or chunk.last is None:
            raise UsageError(f"The chunk '{chunk.kind}' of Meta exports needs a first and a last day.")
        if chunk.kind in INSIGHTS:
            asked = Figures(INSIGHTS[chunk.kind], chunk.first, chunk.last)
            return figures_of(self._session, asked, resume, keep)
        if chunk.kind == "activities":
            return self._changes(chunk.first, chunk.last)
        raise UsageError(f"Meta exports have no chunk '{chunk.kind}'.")

    def close(self) -> None:
        """End the connection; a later call opens it anew."""
        self._session.close()

    def _account(self) -> Json:
        found = self._session.read((self._session.act,), {"fields": ",".join(ACCOUNT_FIELDS)}, "reading the account")
        status = found.get("account_status", _ACTIVE)
        if status in _CLOSED:
            raise PlatformError(
                f"Meta ad account {self._session.account_id} {_CLOSED[status]}.",
                "Put it in order in Meta's Business settings, or connect another account.",
                kind="refused",
            )
        return found

    def _objects(self, edge: str) -> Iterator[Document]:
        asked = OBJECTS[edge]
        params = {"fields": ",".join(asked.fields), "effective_status": list(asked.statuses)}
        return self._session.pages((self._session.act, edge), params, f"reading {edge}")

    def _changes(self, first: date, last: date) -> Iterator[Document]:
        days = {"since": first.isoformat(), "until": last.isoformat()}
        params = {"fields": ",".join(CHANGE_FIELDS), **days}
        return self._session.pages((self._session.act, "activities"), params, "reading what was changed")
