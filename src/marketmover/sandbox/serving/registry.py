"""What is known of a served account beside its market: created objects, and states that were set through the APIs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from marketmover.sandbox.exports.account import Account
from marketmover.sandbox.lines import SimulatedLine
from marketmover.sandbox.serving.dialect import STATES, budget_of, day_in, parent
from marketmover.sandbox.serving.places import Places
from marketmover.sandbox.serving.things import GONE, ON, Key, Start, Thing, merged, tail


@dataclass(frozen=True)
class Registry:
    """Created objects and what was set; changing gives another registry.

    Attributes:
        account: The accounts.
        things: What was created, by its key, oldest first.
        overlays: Fields set on the market's own objects which its exports do not show by themselves.
        starts: Lines that were made of created objects, by their ids.
        touched: The market's own lines whose state was set.
        rotated: By line, the days (on the history's time axis) on which created ads took the place of the old ones,
            and these ads' ids.
        count: How many objects were created so far.
    """

    account: Account
    things: Mapping[Key, Thing] = field(default_factory=dict[Key, Thing])
    overlays: Mapping[Key, Mapping[str, Any]] = field(default_factory=dict[Key, Mapping[str, Any]])
    starts: Mapping[str, Start] = field(default_factory=dict[str, Start])
    touched: frozenset[str] = frozenset()
    rotated: Mapping[str, Mapping[int, tuple[str, ...]]] = field(
        default_factory=dict[str, Mapping[int, tuple[str, ...]]]
    )
    count: int = 0

    def with_thing(self, thing: Thing) -> "Registry":
        """With an object made or changed."""
        more = 0 if thing.key in self.things else 1
        return replace(self, things={**self.things, thing.key: thing}, count=self.count + more)

    def with_overlay(self, key: Key, fields: Mapping[str, Any], lines: Iterable[str] = ()) -> "Registry":
        """With fields set on an object of the market; `lines` are those whose state they may change."""
        told = merged(self.overlays.get(key, {}), fields)
        return replace(self, overlays={**self.overlays, key: told}, touched=self.touched.union(lines))

    def with_start(self, start: Start) -> "Registry":
        """With a line that begins; its objects belong to it from now on."""
        mine = [Key(start.platform, "campaign", start.campaign)]
        mine += [Key(start.platform, "group", group) for group in start.groups]
        things = dict(self.things)
        for key in mine:
            if key in things:
                things[key] = replace(things[key], line_id=start.line_id)
        return replace(self, things=things, starts={**self.starts, start.line_id: start})

    def of(self, platform: str, what: str, *, gone: bool = False) -> list[Thing]:
        """Created objects of a kind; removed ones only if asked for."""
        found = [thing for key, thing in self.things.items() if (key.platform, key.what) == (platform, what)]
        return [thing for thing in found if gone or not thing.gone]

    def below(self, platform: str, what: str, field_name: str, owner: str) -> list[Thing]:
        """Created objects of a kind that hang on `owner`."""
        return [thing for thing in self.of(platform, what) if parent(platform, what, field_name, thing.fields) == owner]

    def is_on(self, key: Key, usual: str) -> bool:
        """Whether an object of the market, or a created one, is on."""
        thing = self.things.get(key)
        status = thing.status if thing else str(self.overlays.get(key, {}).get("status", usual))
        return status in ON

    def is_gone(self, key: Key) -> bool:
        """Whether it was removed."""
        thing = self.things.get(key)
        return thing.gone if thing else self.overlays.get(key, {}).get("status") in GONE

    def groups_ready(self, platform: str, campaign: str) -> list[Thing]:
        """Created groups of a campaign that are on and have an ad that is on."""
        name, owner = ("campaign", "adGroup") if platform == "google_ads" else ("campaign_id", "adset_id")
        return [
            group
            for group in self.below(platform, "group", name, campaign)
            if group.on and any(ad.on for ad in self.below(platform, "ad", owner, group.key.id))
        ]

    def amount_of(self, start: Start) -> float:
        """The daily budget that a line made of created objects has now."""
        key = Key(start.platform, "campaign", start.campaign)
        if start.platform == "google_ads":
            key = Key(
                "google_ads", "budget", parent("google_ads", "campaign", "campaignBudget", self.things[key].fields)
            )
        elif start.served["budget_level"] == "ad_set":
            key = Key("meta_ads", "group", start.groups[0])
        return budget_of(start.platform, self.things[key].fields, self.account) or 0.0

    def runs(self, start: Start, day: date) -> bool:
        """Whether a line made of created objects is to run on a day."""
        campaign = Key(start.platform, "campaign", start.campaign)
        if not self.is_on(campaign, STATES[start.platform][0]):
            return False
        ready = {group.key.id for group in self.groups_ready(start.platform, start.campaign)}
        return any(group in ready for group in start.groups) and _within(self._dates(start), day)

    def _dates(self, start: Start) -> Iterator[tuple[date | None, date | None]]:
        keys = [Key(start.platform, "campaign", start.campaign)]
        keys += [Key(start.platform, "group", group) for group in start.groups]
        for fields in (self.things[key].fields for key in keys if key in self.things):
            first = fields.get("startDateTime") or fields.get("startDate") or fields.get("start_time")
            last = (
                fields.get("endDateTime") or fields.get("endDate") or fields.get("end_time") or fields.get("stop_time")
            )
            yield day_in(first, "start"), day_in(last, "end", end=True)

    def market_line_runs(self, line: SimulatedLine, places: Places) -> bool:
        """Whether a line of the market whose state was set is to run."""
        on = STATES[line.platform][0]
        if not self.is_on(Key(line.platform, "campaign", line.campaign_id), on):
            return False
        groups = [self.is_on(Key(line.platform, "group", group), on) for group in line.group_ids]
        if groups and not any(groups):
            return False
        ads = [self.is_on(Key(line.platform, "ad", name), on) for name in places.ads(line)]
        field_name = "adGroup" if line.platform == "google_ads" else "adset_id"
        own = [ad.on for group in line.group_ids for ad in self.below(line.platform, "ad", field_name, group)]
        return not ads or any(ads) or any(own)

    def other_budget(self, line: SimulatedLine) -> float | None:
        """The amount of a created budget that a campaign of the market was given; `None` where it kept its own."""
        named = self.overlays.get(Key(line.platform, "campaign", line.campaign_id), {}).get("campaignBudget")
        thing = self.things.get(Key("google_ads", "budget", tail(named)))
        return budget_of("google_ads", thing.fields, self.account) if thing else None

    def told(self, platform: str, what: str) -> list[dict[str, Any]]:
        """Created objects for the servers: id, fields as sent, when, and the line once it runs."""
        named = {"adset": "group"}.get(what, what)
        return [
            {
                "id": thing.key.id,
                **thing.fields,
                "status": thing.status,
                "created_time": thing.created,
                **({"line_id": thing.line_id} if thing.line_id else {}),
            }
            for thing in self.of(platform, named, gone=True)
        ]


def _within(dates: Iterable[tuple[date | None, date | None]], day: date) -> bool:
    return all((first is None or first <= day) and (last is None or day <= last) for first, last in dates)
