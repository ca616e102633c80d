"""Exports of a Google Ads account, chunk by chunk, in the form in which the import reads them."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

from marketmover.connectors.google_ads.account import read_account
from marketmover.connectors.google_ads.queries import (
    CHANGE_DAYS,
    CHANGES_AT_ONCE,
    DAILY,
    DETAIL_DAYS,
    DETAILS,
    STRATEGIES,
    STRUCTURE,
    changes_query,
    spans,
)
from marketmover.connectors.google_ads.session import GoogleSession, Json
from marketmover.errors import InputError, PlatformError
from marketmover.history.pulls.source import Document, ExportChunk, SourceAccount

_CHUNK_DAYS = 30
_CHANGES = "changes"
_WORDS = {
    "daily": "daily figures",
    "actions": "conversions by action",
    "ads_daily": "daily figures by ad",
    "genders": "figures by gender",
    "ages": "figures by age",
    "places": "figures by place",
    "campaigns": "campaigns",
    "groups": "ad groups",
    "targeting": "targeting",
    "ads": "ads",
    "simulations": "simulations",
    _CHANGES: "changes",
}


class GoogleExports:
    """A connected Google Ads account that exports can be pulled from (`history.pulls.source.AdExports`)."""

    platform = "google_ads"

    def __init__(self, session: GoogleSession, clock: str | None = None) -> None:
        self._session = session
        self._clock = clock

    def account(self) -> SourceAccount:
        """The account, asked for anew."""
        return read_account(self._session, self._clock)

    def chunks(self, since: date, until: date) -> Sequence[ExportChunk]:
        """What makes up the exports of these days, both included: figures, oldest first, then what stands today."""
        detailed = max(since, until - timedelta(DETAIL_DAYS - 1))
        return [
            *(ExportChunk(kind, *days) for days in spans(since, until, _CHUNK_DAYS) for kind in DAILY),
            *(ExportChunk(kind, *days) for days in spans(detailed, until, _CHUNK_DAYS) for kind in DETAILS),
            *(ExportChunk(kind) for kind in STRUCTURE),
            ExportChunk(_CHANGES),
        ]

    def fetch(
        self,
        chunk: ExportChunk,
        resume: str | None,  # noqa: ARG002 - Google answers at once, so there is nothing to go on with
        keep: Callable[[str], None],  # noqa: ARG002
    ) -> Iterator[Document]:
        """The batches of a chunk; none is given before all of an answer came, so that a cut one never leaves a part."""
        if chunk.kind == _CHANGES:
            yield from self._changes()
            return
        queries = (DAILY | DETAILS | STRUCTURE).get(chunk.kind)
        if queries is None:
            raise InputError(f"Google Ads has no exports of kind {chunk.kind!r}.", "Pull the account anew.")
        what = _WORDS[chunk.kind] + (f" of {chunk.first} to {chunk.last}" if chunk.first else "")
        answers = [self._session.batches(query.text(chunk.first, chunk.last), what) for query in queries]
        for answer in answers:
            yield from map(_with_strategies, answer)

    def close(self) -> None:
        """End the connection."""
        self._session.close()

    def _changes(self) -> Iterator[Json]:
        """Changes of the last weeks; where one answer cannot hold them all, the next goes on from its last moment."""
        today = self.account().today
        since, until = f"{today - timedelta(CHANGE_DAYS - 1)} 00:00:00", f"{today} 23:59:59"
        known: set[str] = set()
        while True:
            batches = list(self._session.batches(changes_query(since, until), _WORDS[_CHANGES]))
            rows = [row for batch in batches for row in batch.get("results", ())]
            fresh = [row for row in rows if row["changeEvent"]["resourceName"] not in known]
            if fresh:
                yield {"results": fresh, **{key: batches[0][key] for key in ("fieldMask",) if key in batches[0]}}
            if len(rows) < CHANGES_AT_ONCE:
                return
            last = str(rows[-1]["changeEvent"]["changeDateTime"])
            if last == since:
                account = self._session.customer_id
                raise PlatformError(
                    f"Google Ads account {account} has more than {CHANGES_AT_ONCE} changes at {last}.",
                    "Nothing is lost but the log of that moment.",
                    kind="refused",
                )
            known, since = {row["changeEvent"]["resourceName"] for row in rows}, last


def _with_strategies(batch: Json) -> Json:
    """The batch, with the field of each campaign's strategy in it even where the strategy has no target.

    The target was asked for, so that it is not there says that there is none: the import must not go on with an older.
    """
    for row in batch.get("results", ()):
        campaign = row.get("campaign", {})
        field = STRATEGIES.get(campaign.get("biddingStrategyType"))
        if field is not None:
            campaign.setdefault(field, {})
    return batch
