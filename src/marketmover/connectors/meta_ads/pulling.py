"""A Meta ad account as a source of exports: pages in the platform's own form, as the import reads them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, cast

from marketmover.connectors.clock import today_of
from marketmover.connectors.meta_ads.edges import (
    ACCOUNT_FIELDS,
    CHANGE_FIELDS,
    COMMENT_FIELDS,
    ESTIMATE_FIELDS,
    INSIGHTS,
    OBJECTS,
)
from marketmover.connectors.meta_ads.insights import Figures, figures_of
from marketmover.connectors.meta_ads.session import MetaSession
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
            return self._estimates() if chunk.kind == "delivery_estimate" else self._comments()
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

    def _estimates(self) -> Iterator[Document]:
        """Meta's own curves of the ad sets that run on a budget of their own; each row says of which it is.

        Meta has none for some kinds of ad sets, and says so by a refusal: these have no row.
        """
        running = {"fields": "id,daily_budget,campaign_id", "effective_status": ["ACTIVE"]}
        for ad_set in self._session.rows((self._session.act, "adsets"), running, "reading ad sets"):
            if ad_set.get("daily_budget"):
                rows = [{"adset_id": ad_set["id"], **row} for row in self._estimate(str(ad_set["id"]))]
                if rows:
                    yield {"data": rows}

    def _comments(self) -> Iterator[Document]:
        """What people wrote beneath the ads that run, without who they are; each row says of which ad it is.

        Where the token may not read what stands beneath a page's posts, Meta refuses: these ads have no row.
        """
        asked = {
            "fields": "id,campaign_id,adset_id,creative{effective_object_story_id}",
            "effective_status": ["ACTIVE"],
        }
        for ad in self._session.rows((self._session.act, "ads"), asked, "reading ads"):
            post = str(cast("Json", ad.get("creative") or {}).get("effective_object_story_id") or "")
            rows = (
                self._rows_if_any(post, "comments", COMMENT_FIELDS, f"the comments beneath ad {ad['id']}")
                if post
                else []
            )
            if rows:
                home = {"ad_id": ad["id"], "adset_id": ad["adset_id"], "campaign_id": ad["campaign_id"]}
                yield {
                    "data": [{**home, **{name: row[name] for name in COMMENT_FIELDS if name in row}} for row in rows]
                }

    def _estimate(self, ad_set: str) -> list[Json]:
        found = self._rows_if_any(ad_set, "delivery_estimate", ESTIMATE_FIELDS, f"the estimate of ad set {ad_set}")
        return [row for row in found if row.get("daily_outcomes_curve")]

    def _rows_if_any(self, name: str, edge: str, fields: Sequence[str], what: str) -> list[Json]:
        """Rows of an object's edge; none where Meta refuses it for this one object."""
        try:
            return self._session.rows((name, edge), {"fields": ",".join(fields)}, f"reading {what}")
        except PlatformError as error:
            if error.kind != "refused":
                raise
            return []
