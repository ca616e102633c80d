"""An account whose exports lie in a folder that the sandbox wrote: served chunk by chunk, as connectors do."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from marketmover.errors import PlatformError
from marketmover.history.pulls.source import Document, ExportChunk, SourceAccount

_DATED = {
    "google_ads": {"daily": "daily_*", "actions": "conversions_by_action_*"},
    "meta_ads": {"insights": "insights_[!b]*", "insights_by_ad": "insights_by_ad-*"},
}
_UNDATED = {
    "google_ads": ("campaign_criteria", "ads", "campaign_simulations", "change_events"),
    "meta_ads": ("campaigns", "adsets", "ads", "activities"),
}
_PAGE = 50


@dataclass
class FolderExports:
    """A connected account, served from files.

    `on_step` is called with what is about to happen: tests wait, fail, or look there. `resumed` is what `fetch` was
    told to go on with, by kind.
    """

    folder: Path
    platform: str
    today: date
    on_step: Callable[[str], None] = lambda _: None
    fetched: list[ExportChunk] = field(default_factory=list[ExportChunk])
    resumed: dict[str, str] = field(default_factory=dict[str, str])

    def account(self) -> SourceAccount:
        first = next(self._rows("daily_*" if self.platform == "google_ads" else "insights_[!b]*"))
        if self.platform == "google_ads":
            said = first["customer"]
            return self._account(said["id"], said["currencyCode"], said["timeZone"])
        return self._account(f"act_{first['account_id']}", first["account_currency"], "Europe/Amsterdam")

    def _account(self, account_id: str, currency: str, zone: str) -> SourceAccount:
        name = f"{self.platform} of {self.folder.name}"
        return SourceAccount(self.platform, account_id, name, currency, zone, self.today, simulated=True)

    def chunks(self, since: date, until: date) -> Sequence[ExportChunk]:
        days: list[tuple[date, date]] = []
        while since <= until:
            days.append((since, min(since + timedelta(days=29), until)))
            since += timedelta(days=30)
        dated = [ExportChunk(kind, *span) for span in days for kind in _DATED[self.platform]]
        return [*dated, *(ExportChunk(kind) for kind in _UNDATED[self.platform])]

    def fetch(self, chunk: ExportChunk, resume: str | None, keep: Callable[[str], None]) -> Iterator[Document]:
        self.fetched.append(chunk)
        if resume is not None:
            self.resumed[chunk.kind] = resume
        keep(f"report of {chunk.kind}")
        self.on_step(f"begin {chunk.kind}")
        rows = [row for row in self._rows(_DATED[self.platform].get(chunk.kind, f"{chunk.kind}-*")) if _in(row, chunk)]
        for start in range(0, len(rows), _PAGE):
            self.on_step(f"page {chunk.kind}")
            page = rows[start : start + _PAGE]
            yield {"results": page} if self.platform == "google_ads" else {"data": page, "paging": {"cursors": {}}}

    def close(self) -> None:
        """Nothing is held open."""

    def _rows(self, pattern: str) -> Iterator[dict[str, Any]]:
        for path in sorted((self.folder / self.platform).glob(f"{pattern}.json")):
            told = json.loads(path.read_text(encoding="utf-8"))
            for document in told if isinstance(told, list) else [told]:
                yield from document.get("results") or document.get("data") or []


def _in(row: dict[str, Any], chunk: ExportChunk) -> bool:
    if chunk.first is None or chunk.last is None:
        return True
    day = row["segments"]["date"] if "segments" in row else row["date_start"]
    return chunk.first.isoformat() <= day <= chunk.last.isoformat()


def failing(kind: str, at: str, times: int = 1, wait_s: float | None = None) -> Callable[[str], None]:
    """Fails so many times at a step, as a platform does."""
    left = [times]

    def step(name: str) -> None:
        if name == at and left[0] > 0:
            left[0] -= 1
            raise PlatformError(f"It failed at {at}.", "Try again later.", kind=kind, wait_s=wait_s)  # pyright: ignore[reportArgumentType] - tests name the kinds

    return step
