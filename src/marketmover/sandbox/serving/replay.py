"""Begins a served account, and plays its journal: the same entries give the same account, to the last count."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple, Self
from zoneinfo import ZoneInfo

from marketmover.errors import InputError, UsageError
from marketmover.sandbox.exports.account import Account, account_of, budget_at, runs_at
from marketmover.sandbox.live.changing import read_change
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.plans import InForce
from marketmover.sandbox.live.start import start_live
from marketmover.sandbox.live.troubles import Trouble, trouble_of
from marketmover.sandbox.market import Market
from marketmover.sandbox.serving.doing import Doing
from marketmover.sandbox.serving.places import Places
from marketmover.sandbox.serving.refusal import ServingRefusal
from marketmover.sandbox.serving.registry import Registry
from marketmover.sandbox.serving.starting import starting
from marketmover.sandbox.serving.things import Start
from marketmover.sandbox.world import FUTURE_DAYS

VERSION = 1
"""Raised whenever an old journal would not play as it did."""

FIRST_DAYS = 200
"""Days whose troubles are drawn when an account begins; those of the later ones when it gets there."""

Entry = Mapping[str, Any]
_REMEDY = "Serve the folder that it was written in, or take its folder `serving` away to begin anew."


def begin(market: Market, seed: int, troubles: int | None) -> dict[str, Any]:
    """The first entry of a new account's journal: what is set at the end of the history goes on."""
    last = market.setting.days - 1
    budgets = {
        market.lines[place].id: budget_at(market, int(place), last)
        for place in market.enabled
        if runs_at(market.lines[place], last)
    }
    first = start_live(market, InForce(budgets), days=FIRST_DAYS, seed=seed, troubles=troubles, shifts=False)
    return {"kind": "begin", "simulated": True, "version": VERSION, "market_seed": market.setting.seed,
            "history_ends": market.last_date.isoformat(), "seed": seed, "days": FUTURE_DAYS, "asked_troubles": troubles,
            "troubles": [trouble.to_json() for trouble in first.troubles], "daily_budgets": budgets}  # fmt: skip


def go_on(market: Market, begun: "Begun") -> dict[str, Any]:
    """The entry of what goes wrong after the first days: drawn when they are lived, as it takes a second or more."""
    later = start_live(
        market,
        InForce(begun.budgets),
        market.last_date + timedelta(1 + FIRST_DAYS),
        begun.days - FIRST_DAYS,
        begun.seed + 1,
        troubles=begun.asked_troubles,
        shifts=False,
    )
    before = len(begun.troubles)
    named = [replace(one, name=f"T{before + number}") for number, one in enumerate(later.troubles, start=1)]
    return {"kind": "go_on", "troubles": [trouble.to_json() for trouble in named]}


@dataclass(frozen=True)
class Begun:
    """How an account began: what runs, over how many days, and what will go wrong in them."""

    account: Account
    budgets: dict[str, float]
    days: int
    seed: int
    troubles: tuple[Trouble, ...]
    asked_troubles: int | None = None

    @classmethod
    def of(cls, entry: Entry, market: Market) -> Self:
        """As the first entry of a journal says.

        Raises:
            InputError: The journal is another market's, or of another version of marketmover.
        """
        known = (entry.get("version"), entry.get("market_seed"), entry.get("history_ends"))
        if known != (VERSION, market.setting.seed, market.last_date.isoformat()):
            raise InputError(
                "The journal does not belong to this simulated history, or is of another version.", _REMEDY
            )
        try:
            budgets = {str(line): float(amount) for line, amount in entry["daily_budgets"].items()}
            troubles = tuple(trouble_of(one) for one in entry["troubles"])
            days, seed, asked = int(entry["days"]), int(entry["seed"]), entry.get("asked_troubles")
            return cls(account_of(market), budgets, days, seed, troubles, asked)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"The journal's first entry cannot be used: {error!r}.", _REMEDY) from error


@dataclass
class Played:
    """An account as far as it was played."""

    begun: Begun
    live: Live
    registry: Registry

    def advance(self, days: int) -> None:
        """Live so many days more; lines begin and end on their dates."""
        for _ in range(days):
            self._settle()
            self.live.live_until(self.live.first_date + timedelta(self.live.lived))
        self._settle()

    def planned(self, changes: Sequence[Entry], again: Callable[[Entry], "Played"]) -> "Planned":
        """What `changes` come to, worked out and not done.

        Args:
            changes: Of one call.
            again: Plays all that happened anew, with one entry more: what a new line needs.

        Raises:
            ServingRefusal: One is wrong, or the simulated time is over.
        """
        if self.live.lived >= self.live.world.days:
            raise ServingRefusal("unsupported", "", f"the simulated time ended on {self.live.last_date}.")
        doing = self._doing()
        doing.do_all(changes)
        try:
            starts = list(starting(doing.registry, doing.places, doing.today))
            entry: dict[str, Any] = {"kind": "change", "changes": list(changes), "ids": doing.ids}
            if starts:
                entry["starts"] = [asdict(start) for start in starts]
                played = again(json.loads(json.dumps(entry)))
                return Planned(entry, doing.ids, lambda: played)
            self._check(doing)
        except UsageError as error:
            raise ServingRefusal("unsupported", "", str(error)) from error
        return Planned(entry, doing.ids, lambda: self._done(doing))

    def replay(self, entry: Entry) -> None:
        """Do an entry of the journal."""
        if entry["kind"] == "advance":
            self.advance(int(entry["days"]))
        if entry["kind"] in {"advance", "go_on"}:
            return
        doing = self._doing()
        doing.do_all(entry["changes"])
        if doing.ids != entry["ids"]:
            raise ValueError("its ids come out otherwise")
        for told in entry.get("starts", ()):
            start = start_of(told)
            doing.registry = doing.registry.with_start(start)
            doing.asked.append({"line_id": start.line_id, "action": "resume", "to": None})
            doing.asked.append({"line_id": start.line_id, "action": "rotate_creative", "to": None})
            if start.target is not None:
                bid = {**start.line["bidding"], "target": start.target}
                doing.asked.append({"line_id": start.line_id, "action": "set_bidding", "to": bid})
        self._done(doing)

    def _doing(self) -> Doing:
        live = self.live
        today = live.first_date + timedelta(live.lived)
        zone = ZoneInfo(self.begun.account.time_zone)
        moment = datetime.combine(today, time(12), zone) + timedelta(seconds=self.registry.count % 3_600)
        off = {line.id for line, paused in zip(live.market.lines, live.settings.paused, strict=True) if paused}
        hidden = frozenset(name for key, name in live.planned.items() if key != name)
        return Doing(
            self.registry, Places.of(live, hidden), frozenset(off), today, moment.isoformat(),
            live.world.at + live.lived, live.market.setting.seed,
        )  # fmt: skip

    def _check(self, doing: Doing) -> None:
        """Refuse what the market would refuse; nothing is changed."""
        live = self.live
        asked = [read_change(change, live.line_ids) for change in doing.asked]
        live.settings.changed(asked, live.world, live.market, live.world.at + live.lived)

    def _done(self, doing: Doing) -> "Played":
        self.registry = doing.registry
        self.live.apply(doing.asked)
        self._settle()
        return self

    def _settle(self) -> None:
        """Lines run, and get the money, that the state of their objects says."""
        live = self.live
        if live.lived >= live.world.days:
            return
        day = live.first_date + timedelta(live.lived)
        places = Places.of(live)
        changes: list[dict[str, Any]] = []
        for place, line in enumerate(live.settings.lines):
            start = self.registry.starts.get(line.id)
            if start is not None:
                on, amount = self.registry.runs(start, day), self.registry.amount_of(start)
            elif line.id in self.registry.touched:
                on, amount = self.registry.market_line_runs(line, places), self.registry.other_budget(line)
            else:
                continue
            if on == bool(live.settings.paused[place]):
                changes.append({"line_id": line.id, "action": "resume" if on else "pause"})
            if amount and amount != float(live.settings.budgets[place]):
                changes.append({"line_id": line.id, "action": "set_daily_budget", "to": amount})
        if changes:
            live.apply(changes)


class Planned(NamedTuple):
    """Changes that were worked out: what goes into the journal, the new ids, and how it is done once it is there."""

    entry: dict[str, Any]
    ids: dict[str, str]
    done: Callable[[], Played]


def play(market: Market, begun: Begun, entries: Iterable[Entry]) -> Played:
    """An account that lived through all of `entries`.

    Lines that were created later are in the market from the start, paused: they change nothing until they begin.

    Raises:
        InputError: An entry cannot be played.
        UsageError: The market cannot have a line that an entry begins.
    """
    entries = list(entries)
    starts = [start_of(told) for entry in entries for told in entry.get("starts", ())]
    runs = InForce(
        begun.budgets | {start.key: start.budget for start in starts},
        frozenset(start.key for start in starts),
        tuple(start.line for start in starts),
        served={start.key: {name: tuple(value) if isinstance(value, list) else value
                            for name, value in start.served.items()} for start in starts},
    )  # fmt: skip
    later = [trouble_of(one) for entry in entries if entry["kind"] == "go_on" for one in entry["troubles"]]
    troubles = [*begun.troubles, *later]
    live = start_live(market, runs, days=begun.days, seed=begun.seed, troubles=troubles, shifts=False)
    played = Played(begun, live, Registry(begun.account))
    for number, entry in enumerate(entries, start=2):
        try:
            played.replay(entry)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"The journal cannot be played: entry {number}: {error}.", _REMEDY) from error
    return played


def start_of(told: Entry) -> Start:
    """A line that begins, as the journal has it."""
    fields: dict[str, Any] = {**told, "groups": tuple(told["groups"])}
    return Start(**fields)
