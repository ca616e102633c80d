"""The simulated account behind both sandbox servers: a live market with a clock, a journal and what was done to it."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Any, Self
from zoneinfo import ZoneInfo

from marketmover.errors import UsageError
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.exporting import lead_rows
from marketmover.sandbox.market import Market
from marketmover.sandbox.serving import google_kinds, meta_kinds
from marketmover.sandbox.serving.connection import Connection, Tokens, connection_of
from marketmover.sandbox.serving.faults import Faults
from marketmover.sandbox.serving.journal import Journal
from marketmover.sandbox.serving.registry import Registry
from marketmover.sandbox.serving.replay import FIRST_DAYS, Begun, Played, begin, go_on, play
from marketmover.sandbox.serving.seen import seen_today
from marketmover.sandbox.serving.showing import Showing
from marketmover.sandbox.truth_files import load_market

Row = dict[str, Any]
_KINDS = {
    "google_ads": (google_kinds.FACTS, google_kinds.STRUCTURE, google_kinds.day_of),
    "meta_ads": (meta_kinds.FACTS, meta_kinds.STRUCTURE, meta_kinds.day_of),
}


class ServedAccount:
    """A Google Ads and a Meta Ads account over one simulated market. All methods are safe for threads.

    Everything that is done to it is in the journal, on the disk, before it counts; a restart plays the journal again
    and stands where the last one stood.

    Attributes:
        faults: What goes wrong on demand.
        tokens: Which access tokens are good.
        login_customer_id: The manager account that connects.
        name: What the accounts are called.
    """

    def __init__(self, market: Market, journal: Journal, connection: Connection) -> None:
        """`market` is as `load_market` gives it; a new journal gets its first entry by `begin`."""
        self._lock, self._base, self._journal = RLock(), market, journal
        self._begun = Begun.of(journal.entries[0], market)
        self._played = play(market, self._begun, journal.entries[1:])
        self._cache: dict[tuple[str, str, int], list[tuple[str, str]]] = {}
        self.faults, self.tokens = Faults(), Tokens(connection)
        self.login_customer_id, self.name = connection.login_customer_id, google_kinds.NAME

    @classmethod
    def open(cls, folder: Path, *, seed: int = 1, troubles: int | None = None) -> Self:
        """The account over the simulated history in `folder`, as it stands there; a new one where there is none.

        Args:
            folder: What `marketmover sandbox create` wrote.
            seed: Of a new account's window.
            troubles: How many a new account meets; by default as many as usual.

        Raises:
            NotFoundError, InputError: The folder's truth or the journal cannot be read.
            ConflictError: Another process serves it.
        """
        market = load_market(folder)
        journal = Journal(folder / "serving" / "journal.jsonl")
        try:
            if not journal.entries:
                journal.append(begin(market, seed, troubles))
            return cls(market, journal, connection_of(folder, market))
        except BaseException:
            journal.close()
            raise

    def close(self) -> None:
        """Let another process have it."""
        with self._lock:
            self._journal.close()

    @property
    def market(self) -> Market:
        """The market, lines that were added included."""
        with self._lock:
            return self._live.market

    @property
    def today(self) -> date:
        """The first day that was not lived yet: what is asked for ends on the day before."""
        with self._lock:
            return self._live.first_date + timedelta(self._live.lived)

    @property
    def last_date(self) -> date:
        """The last day that can be lived."""
        return self._live.last_date

    @property
    def now(self) -> datetime:
        """Noon of today, in the account's time zone."""
        day = self.today
        return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(self.time_zone))

    @property
    def google_customer(self) -> str:
        """Ten digits."""
        return self._begun.account.customer_id

    @property
    def meta_account(self) -> str:
        """Digits, without `act_`."""
        return self._begun.account.meta_id

    @property
    def currency(self) -> str:
        """ISO 4217."""
        return self._begun.account.currency

    @property
    def time_zone(self) -> str:
        """IANA name."""
        return self._begun.account.time_zone

    def advance(self, days: int) -> None:
        """Live so many days more.

        Raises:
            UsageError: It is less than one, or more than the simulation has left.
        """
        with self._lock:
            left = (self.last_date - self.today).days + 1
            if not 1 <= days <= left:
                raise UsageError(
                    f"The simulated clock cannot go {days} days on: it stands on {self.today}, and time ends with "
                    f"{self.last_date}.",
                    "Step by a day or more; for more time, make a new sandbox.",
                )
            self._go_on(days)
            self._journal.append({"kind": "advance", "days": days})
            self._played.advance(days)
            self._cache.clear()

    def _go_on(self, days: int) -> None:
        """Before a step leads beyond the first days: draw what goes wrong later. No day that was lived changes."""
        known = any(entry["kind"] == "go_on" for entry in self._journal.entries)
        if known or self._live.lived + days <= FIRST_DAYS or self._begun.days <= FIRST_DAYS:
            return
        entry = go_on(self._base, self._begun)
        self._played = self._again(entry)
        self._journal.append(entry)

    def google_rows(self, kind: str, first: date | None = None, last: date | None = None) -> Iterator[Row]:
        """Rows of a kind (`google_kinds`) as `GoogleAdsRow` in REST form, of `first` to `last`, as known today.

        Raises:
            UsageError: There is no such kind.
        """
        return self._rows("google_ads", "google", kind, first, last)

    def meta_rows(self, kind: str, first: date | None = None, last: date | None = None) -> Iterator[Row]:
        """Rows of a kind (`meta_kinds`) as the Graph edges send them, of `first` to `last`, as known today.

        Raises:
            UsageError: There is no such kind.
        """
        return self._rows("meta_ads", "meta", kind, first, last)

    def crm_rows(self, since: date | None = None) -> Iterator[Row]:
        """Leads as known today; with `since` those of which something became known on that day or later."""
        with self._lock:
            live = self._live
            if live.market.setting.sells == "ecommerce":
                return iter(())
            moment = (since - live.market.setting.first_date).days if since else 0
            texts = lead_rows(live, live.lived - 1, float(moment))
        begin_of = since.isoformat() if since else ""
        return (row for row in map(json.loads, texts) if _last_known(row) >= begin_of)

    def change(self, *changes: Mapping[str, Any]) -> dict[str, str]:
        """Do all of `changes`, or, where one is refused, none; see docs/sandbox.md for their forms.

        Returns:
            The ids of what was created, by `ref`.

        Raises:
            ServingRefusal: One of them is wrong.
        """
        with self._lock:
            planned = self._played.planned(changes, self._again)
            self._journal.append(planned.entry)
            self._played = planned.done()
            self._cache.clear()
            return planned.ids

    def check(self, *changes: Mapping[str, Any]) -> None:
        """Refuse what `change` would refuse, and do nothing.

        Raises:
            ServingRefusal: One of them is wrong.
        """
        with self._lock:
            self._played.planned(changes, self._again)

    def objects(self, platform: str, what: str) -> list[Row]:
        """What was created through the API, oldest first: `id`, fields as sent, `created_time`, `line_id` if it runs.

        Args:
            platform: `google_ads` or `meta_ads`.
            what: As in changes: budget, campaign, group (adset), creative, ad, ad_group_criterion, ...
        """
        with self._lock:
            return self._registry.told(platform, what)

    @property
    def _live(self) -> Live:
        return self._played.live

    @property
    def _registry(self) -> Registry:
        return self._played.registry

    def _again(self, entry: Mapping[str, Any]) -> Played:
        """All that happened, played again with one entry more."""
        return play(self._base, self._begun, [*self._journal.entries[1:], entry])

    def _rows(self, platform: str, where: str, kind: str, first: date | None, last: date | None) -> Iterator[Row]:
        facts, structure, _ = _KINDS[platform]
        if kind not in facts and kind not in structure:
            raise UsageError(f"The simulated {platform} account has no rows '{kind}'.")
        late = self.faults.late_days(where) if kind in facts else 0
        with self._lock:
            rows = self._cached(platform, kind, late)
        begin_of, end = first.isoformat() if first else "", last.isoformat() if last else "9999"
        return (json.loads(text) for day, text in rows if not day or begin_of <= day <= end)

    def _cached(self, platform: str, kind: str, late: int) -> list[tuple[str, str]]:
        """Rows as text with their days; as text they are small, and nobody can change them."""
        key = (platform, kind, late)
        if key not in self._cache:
            facts, structure, day_of = _KINDS[platform]
            seen = seen_today(self._live, late=late)
            showing = Showing(self._registry, seen)
            if kind in facts:
                self._cache[key] = _as_text(showing.facts(platform, facts[kind](seen)), day_of)
            else:
                made = showing.structure(platform, kind, structure[kind](seen))
                self._cache[key] = _as_text(made, lambda _: "")
        return self._cache[key]


def _as_text(rows: Iterable[Row], day_of: Callable[[Row], str]) -> list[tuple[str, str]]:
    return [(day_of(row), json.dumps(row, separators=(",", ":"), ensure_ascii=False)) for row in rows]


def _last_known(lead: Mapping[str, Any]) -> str:
    """The last moment at which something became known of a lead."""
    return max(str(lead.get(name) or "") for name in ("created_at", "qualified_at", "won_at"))
