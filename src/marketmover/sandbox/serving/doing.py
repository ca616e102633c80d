"""Changes of a served account, checked and worked out: what is then known, and what the market is told to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, cast

from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.lines import SimulatedLine
from marketmover.sandbox.models.parameters import TYPES
from marketmover.sandbox.serving.dialect import (
    COLLECTIONS,
    GOOGLE_BIDDING,
    PARENTS,
    STATES,
    Bid,
    bid_fields,
    bid_of,
    budget_fields,
    budget_of,
    day_in,
    meta_audience,
    parent,
    what_of,
)
from marketmover.sandbox.serving.places import Places
from marketmover.sandbox.serving.refusal import ServingRefusal, mapping_in
from marketmover.sandbox.serving.registry import Registry
from marketmover.sandbox.serving.starting import creative_of, past_ad, people_left
from marketmover.sandbox.serving.things import GONE, ON, Key, Thing, merged, tail

Change = Mapping[str, Any]
_REQUIRED = {
    ("google_ads", "budget"): ("amountMicros",),
    ("google_ads", "campaign"): ("name", "advertisingChannelType", "campaignBudget"),
    ("google_ads", "group"): ("name", "campaign"),
    ("google_ads", "ad"): ("adGroup", "ad"),
    ("google_ads", "ad_group_criterion"): ("adGroup",),
    ("google_ads", "campaign_criterion"): ("campaign",),
    ("meta_ads", "campaign"): ("name", "objective"),
    ("meta_ads", "group"): ("name", "campaign_id", "targeting"),
    ("meta_ads", "creative"): (),
    ("meta_ads", "ad"): ("name", "adset_id", "creative"),
}
_NAMED_ONCE = {("google_ads", "campaign"), ("google_ads", "budget")}
_FIXED = {"campaign": {"advertisingChannelType", "objective"}, "group": {"campaign", "campaign_id"},
          "ad": {"adGroup", "adset_id", "ad", "creative"}}  # fmt: skip
_STATE_WORDS = {"ENABLED": 0, "ACTIVE": 0, "PAUSED": 1, "REMOVED": 2, "DELETED": 2, "ARCHIVED": 2}


@dataclass
class Doing:
    """The changes of one call, worked out one after the other.

    Attributes:
        registry: What is known after those done so far.
        places: The market, as it stands before the call.
        paused: Ids of lines that are paused before the call.
        today: The day.
        moment: Now, ISO 8601.
        day: Today's place on the history's time axis.
        seed: The market's.
        asked: What the market is told, in the form of `changes.json`.
        ids: What was created, by `ref`.
    """

    registry: Registry
    places: Places
    paused: frozenset[str]
    today: date
    moment: str
    day: int
    seed: int
    asked: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    ids: dict[str, str] = field(default_factory=dict[str, str])
    _names: dict[str, str] = field(default_factory=dict[str, str])

    def do_all(self, changes: Sequence[Change]) -> None:
        """Work out all of them.

        Raises:
            ServingRefusal: One is wrong; its `place` says which.
        """
        for place, change in enumerate(changes):
            try:
                self._do(change)
            except ServingRefusal as refusal:
                refusal.place = place
                raise

    def _do(self, change: Change) -> None:
        kind, platform = str(change.get("kind")), str(change.get("platform") or _platform_in(change))
        if platform not in PARENTS:
            raise ServingRefusal("required", "platform", "say google_ads or meta_ads.")
        if kind == "create":
            self._create(platform, what_of(platform, change.get("what")), change)
        elif kind == "update":
            key = Key(platform, what_of(platform, change.get("what")), str(change.get("id")))
            self._update(key, self._filled(platform, mapping_in(change, "fields")))
        elif kind == "remove":
            key = Key(platform, what_of(platform, change.get("what")), str(change.get("id")))
            self._update(key, {"status": STATES[platform][2]})
        elif kind in {"set_budget", "set_status", "set_target", "set_bidding", "set_audience"}:
            self._set(kind, platform, change)
        else:
            raise ServingRefusal("unsupported", "kind", f"'{kind}' is nothing that can be done.")

    def _create(self, platform: str, what: str, change: Change) -> None:
        fields = dict(self._filled(platform, mapping_in(change, "fields")))
        for name in _REQUIRED[platform, what]:
            if fields.get(name) in {None, ""} if not isinstance(fields.get(name), dict | list) else not fields[name]:
                raise ServingRefusal("required", name, "is required.")
        self._check_parents(platform, what, fields)
        self._check_name(platform, what, fields.get("name"), None)
        self._check_values(platform, what, fields)
        owner = next((parent(platform, what, name, fields) for name in PARENTS[platform][what]), "")
        number = numeric_id(
            str(self.seed), platform, what, str(self.registry.count), digits=15 if platform == "meta_ads" else 11
        )
        nested = platform == "google_ads" and what in {"ad", "ad_group_criterion", "campaign_criterion"}
        key = Key(platform, what, f"{owner}~{number}" if nested else number)
        fields.pop("resourceName", None)
        thing = Thing(key, fields, self.moment)
        self.registry = self.registry.with_thing(thing)
        ref = str(change.get("ref") or "")
        if ref:
            self.ids[ref] = key.id
            self._names[ref] = self._name(key)
        if what == "ad" and thing.on:
            self._rotate(thing)
        if what.endswith("criterion"):
            self._narrow(platform, what, owner)

    def _update(self, key: Key, fields: Mapping[str, Any]) -> None:
        fields = {name: value for name, value in fields.items() if name not in {"resourceName", "id"}}
        if self.registry.is_gone(key):
            raise ServingRefusal("not_found", "id", f"{key.what} {key.id} was removed.")
        fixed = sorted(_FIXED.get(key.what, set()).intersection(fields))
        if fixed:
            raise ServingRefusal("immutable", fixed[0], "cannot be changed once it was made.")
        status = fields.get("status")
        if status is not None and str(status) not in _STATE_WORDS:
            raise ServingRefusal("invalid", "status", f"'{status}' is no state.")
        self._check_name(key.platform, key.what, fields.get("name"), key.id)
        if key in self.registry.things:
            self._update_thing(self.registry.things[key], fields)
        else:
            self._update_market(key, fields)

    def _update_thing(self, thing: Thing, fields: Mapping[str, Any]) -> None:
        key, kept = thing.key, thing.fields
        if key.platform == "google_ads" and key.what == "campaign" and GOOGLE_BIDDING.intersection(fields):
            named = {name for name, value in fields.items() if name in GOOGLE_BIDDING and value is not None}
            kept = {name: value for name, value in kept.items() if name not in GOOGLE_BIDDING or name in named}
        told = merged(kept, fields)
        if "targeting" in fields:
            told["targeting"] = fields["targeting"]  # Meta takes a targeting as a whole
        self._check_parents(key.platform, key.what, told)
        self._check_values(key.platform, key.what, told)
        after = replace(thing, fields=told)
        self.registry = self.registry.with_thing(after)
        if key.what == "ad" and after.on and not thing.on:
            self._rotate(after)
        if thing.line_id:
            self._tell_line(thing, after, thing.line_id)
        if key.what.endswith("criterion"):
            self._narrow(key.platform, key.what, next(iter(key.id.split("~"))))

    def _tell_line(self, before: Thing, after: Thing, line: str) -> None:
        """Bids and audiences of a line that was made of created objects; money and state follow by themselves."""
        platform, account = after.key.platform, self.registry.account
        bid = bid_of(platform, after.fields, account)
        if bid and bid != bid_of(platform, before.fields, account):
            self._ask(line, "set_bidding", bid.told)
        if after.fields.get("targeting") != before.fields.get("targeting"):
            self._ask(line, "set_audience", meta_audience(mapping_in(after.fields, "targeting")))

    def _update_market(self, key: Key, fields: Mapping[str, Any]) -> None:
        lines = self.places.lines(key.platform, key.what, key.id)
        if not lines:
            raise ServingRefusal("not_found", "id", f"there is no {key.what} {key.id}.")
        for name in fields:
            if name not in _CHANGEABLE[key.platform].get(key.what, ()):
                raise ServingRefusal("unsupported", name, f"the sandbox cannot change it on a {key.what} that runs.")
        if "status" in fields:
            self._set_state(key, str(fields["status"]), lines)
        if fields.get("name"):
            self.registry = self.registry.with_overlay(key, {"name": fields["name"]})
        self._set_money(key, fields, lines)
        self._set_bid(key, fields, lines)
        if "targeting" in fields:
            for line in self._running(lines):
                self._ask(line.id, "set_audience", meta_audience(mapping_in(fields, "targeting")))

    def _set_state(self, key: Key, status: str, lines: list[SimulatedLine]) -> None:
        running = [line for line in lines if line.id in self.places.running]
        if status in ON and not running:
            raise ServingRefusal("unsupported", "status", f"{key.what} {key.id} ended for good in the simulation.")
        for line in lines:
            self._keep_as_it_was(line)
        word = STATES[key.platform][_STATE_WORDS[status]]
        if status in GONE:
            word = status if status != "REMOVED" or key.platform == "google_ads" else "DELETED"
        self.registry = self.registry.with_overlay(key, {"status": word}, [line.id for line in running])
        for line in running if key.what == "group" else []:
            states = {
                self.registry.is_on(Key(key.platform, "group", one), STATES[key.platform][0]) for one in line.group_ids
            }
            if len(states) > 1:
                raise ServingRefusal(
                    "unsupported", "status",
                    f"the simulation lets the groups of {line.id} run together only; set the campaign's state.",
                )  # fmt: skip

    def _keep_as_it_was(self, line: SimulatedLine) -> None:
        """A paused line is paused at the object that holds its budget, before anything is set on it."""
        if line.id in self.registry.touched or line.id not in self.paused:
            return
        on_campaign = line.platform == "google_ads" or line.budget_level == "campaign"
        key = Key(
            line.platform,
            "campaign" if on_campaign else "group",
            line.campaign_id if on_campaign else line.group_ids[0],
        )
        if key not in self.registry.overlays:
            self.registry = self.registry.with_overlay(key, {"status": "PAUSED"})

    def _set_money(self, key: Key, fields: Mapping[str, Any], lines: list[SimulatedLine]) -> None:
        if fields.get("campaignBudget"):
            budget = self.registry.things.get(Key("google_ads", "budget", tail(fields["campaignBudget"])))
            if budget is None:
                if lines[0].budget_id == tail(fields["campaignBudget"]):
                    return
                raise ServingRefusal("not_found", "campaignBudget", "there is no such budget to be had.")
            self.registry = self.registry.with_overlay(key, {"campaignBudget": fields["campaignBudget"]}, [lines[0].id])
            return
        if not {"amountMicros", "daily_budget", "lifetime_budget"}.intersection(fields):
            return
        amount = budget_of(key.platform, fields, self.registry.account)
        name = "amountMicros" if key.platform == "google_ads" else "daily_budget"
        if not amount:
            raise ServingRefusal("invalid", name, "a daily budget is more than 0.")
        level = "campaign" if key.what in {"campaign", "budget"} else "ad_set"
        for line in lines:
            if key.platform == "meta_ads" and line.budget_level != level:
                raise ServingRefusal("invalid", name, f"the budget of {line.id} stands on its {line.budget_level}.")
        for line in self._running(lines):
            self._ask(line.id, "set_daily_budget", amount)

    def _set_bid(self, key: Key, fields: Mapping[str, Any], lines: list[SimulatedLine]) -> None:
        bid = bid_of(key.platform, fields, self.registry.account)
        for line in self._running(lines) if bid else []:
            self._ask(line.id, "set_bidding", bid.told if bid else None)

    def _running(self, lines: list[SimulatedLine]) -> list[SimulatedLine]:
        found = [line for line in lines if line.id in self.places.running]
        if not found:
            raise ServingRefusal("unsupported", "id", f"{lines[0].id} ended for good in the simulation.")
        return found

    def _set(self, kind: str, platform: str, change: Change) -> None:
        """The neutral forms: the same as an update of the object that holds what is set."""
        key, line = self._holder(kind, platform, change)
        if kind == "set_status":
            status = str(change.get("status"))
            if status not in _STATE_WORDS:
                raise ServingRefusal("invalid", "status", f"'{status}' is no state.")
            self._update(key, {"status": STATES[platform][_STATE_WORDS[status]]})
        elif kind == "set_budget":
            amount = change.get("amount")
            if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 < amount < 1e9:
                raise ServingRefusal("invalid", "amount", f"{amount!r} is no daily budget.")
            self._update(key, budget_fields(platform, float(amount), self.registry.account))
        elif kind == "set_audience":
            if line is None:
                raise ServingRefusal("required", "line", "say which line.")
            self._ask(line.id, "set_audience", dict(mapping_in(change, "audience")))
        else:
            told = mapping_in(change, "to") or change
            target = told.get("target")
            bid = Bid(
                str(told.get("strategy") or (line.runs[-1].bidding if line else "")), float(target) if target else None
            )
            try:
                fields = bid_fields(platform, bid, self.registry.account)
            except StopIteration as error:
                raise ServingRefusal("unsupported", "strategy", f"no line can bid by '{bid.strategy}'.") from error
            self._update(key, fields)

    def _holder(self, kind: str, platform: str, change: Change) -> tuple[Key, SimulatedLine | None]:
        """The object that holds what is set, and the line where one is named."""
        named = change.get("line")
        if named is None:
            for what in ("budget", "ad", "group", "adset", "campaign"):
                if change.get(what) is not None:
                    return Key(platform, what_of(platform, what), str(change[what])), None
            raise ServingRefusal("required", "line", "say what is set: a line, campaign, group, ad or budget.")
        line = self.places.line(str(named))
        if line is None:
            raise ServingRefusal("not_found", "line", f"there is no line '{named}'.")
        if platform == "google_ads" and kind == "set_budget":
            return self._google_budget(line), line
        if platform == "google_ads" or line.budget_level == "campaign":
            return Key(platform, "campaign", line.campaign_id), line
        return Key(platform, "group", line.group_ids[0]), line

    def _google_budget(self, line: SimulatedLine) -> Key:
        other = self.registry.overlays.get(Key("google_ads", "campaign", line.campaign_id), {}).get("campaignBudget")
        return Key("google_ads", "budget", tail(other) if other else line.budget_id)

    def _rotate(self, ad: Thing) -> None:
        """An ad that is switched on in a running group takes the place of those before it."""
        platform = ad.key.platform
        owner = parent(platform, "ad", "adGroup" if platform == "google_ads" else "adset_id", ad.fields)
        group = self.registry.things.get(Key(platform, "group", owner))
        lines = [line.id for line in self.places.lines(platform, "group", owner) if line.id in self.places.running]
        for line in [group.line_id] if group and group.line_id else lines:
            days = self.registry.rotated.get(line, {})
            if self.day not in days:
                self._ask(line, "rotate_creative", creative_of(self.registry, self.places, ad))
            rotated = {**days, self.day: (*days.get(self.day, ()), ad.key.id)}
            self.registry = replace(self.registry, rotated={**self.registry.rotated, line: rotated})

    def _narrow(self, platform: str, what: str, owner: str) -> None:
        """Exclusions that all groups of a running line have leave it fewer people."""
        kind, name = ("group", "adGroup") if what == "ad_group_criterion" else ("campaign", "campaign")
        for line in self.places.lines(platform, kind, owner):
            owners = line.group_ids if kind == "group" else (owner,)
            shared: set[str] | None = None
            for one in owners:
                told = {_excluded(criterion.fields) for criterion in self.registry.below(platform, what, name, one)}
                shared = told if shared is None else shared & told
            out = [{"negative": True, **({"ageRange": {"type": one}} if one.startswith("AGE") else {"gender": {"type": one}})}
                   for one in sorted(shared or ()) if one]  # fmt: skip
            if out and line.id in self.places.running:
                first = line.runs[-1]
                low, high, genders = people_left(out, (first.age_min, first.age_max, first.genders))
                self._ask(line.id, "set_audience", {"age_min": low, "age_max": high, "genders": list(genders)})

    def _check_parents(self, platform: str, what: str, fields: Mapping[str, Any]) -> None:
        for name, above in PARENTS[platform][what].items():
            owner = parent(platform, what, name, fields)
            key = Key(platform, above, owner)
            known = key in self.registry.things or self.places.lines(platform, above, owner)
            if not known or self.registry.is_gone(key):
                raise ServingRefusal("not_found", name, f"there is no {above} '{owner}'.")
        creative = fields.get("creative") if (platform, what) == ("meta_ads", "ad") else None
        if isinstance(creative, Mapping) and creative.get("creative_id"):
            name = str(creative["creative_id"])
            if Key(platform, "creative", name) not in self.registry.things and past_ad(self.places, name) is None:
                raise ServingRefusal("not_found", "creative.creative_id", f"there is no creative '{name}'.")

    def _check_name(self, platform: str, what: str, name: Any, mine: str | None) -> None:
        if (platform, what) not in _NAMED_ONCE or not name:
            return
        taken = any(
            thing.fields.get("name") == name and thing.key.id != mine for thing in self.registry.of(platform, what)
        )
        if what == "campaign" and not taken:
            taken = any(
                line.campaign_name == name and line.campaign_id != mine
                for line in self.places.market.lines
                if line.platform == platform and line.id not in self.places.made
            )
        if taken:
            raise ServingRefusal("duplicate_name", "name", f"another {what} is called '{name}'.")

    def _check_values(self, platform: str, what: str, fields: Mapping[str, Any]) -> None:
        account = self.registry.account
        status = fields.get("status")
        if status is not None and str(status) not in _STATE_WORDS:
            raise ServingRefusal("invalid", "status", f"'{status}' is no state.")
        money = what == "budget" or (platform == "meta_ads" and what in {"campaign", "group"})
        if money and budget_of(platform, fields, account) == 0.0:
            raise ServingRefusal(
                "invalid", "amountMicros" if what == "budget" else "daily_budget", "must be more than 0."
            )
        if what == "campaign" or (platform == "meta_ads" and what == "group"):
            bid_of(platform, fields, account)
        if platform == "meta_ads" and what == "group":
            meta_audience(mapping_in(fields, "targeting"))
        channel = str(fields.get("advertisingChannelType") or "")
        if platform == "google_ads" and what == "campaign" and channel not in TYPES[platform]:
            raise ServingRefusal("unsupported", "advertisingChannelType", f"the simulated market has no '{channel}'.")
        for name in ("startDateTime", "startDate", "start_time", "endDateTime", "endDate", "end_time"):
            day_in(fields.get(name), name, end=name.startswith("end"))

    def _filled(self, platform: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """Fields with the real names of what was created earlier in the call."""
        return cast("Mapping[str, Any]", _with_names(fields, self._names)) if self._names else fields

    def _name(self, key: Key) -> str:
        if key.platform == "meta_ads":
            return key.id
        return f"customers/{self.registry.account.customer_id}/{COLLECTIONS[key.what]}/{key.id}"

    def _ask(self, line: str, action: str, to: Any) -> None:
        self.asked.append({"line_id": line, "action": action, "to": to})


_CHANGEABLE: Mapping[str, Mapping[str, frozenset[str]]] = {
    "google_ads": {
        "budget": frozenset({"amountMicros", "name"}),
        "campaign": frozenset({"status", "name", "campaignBudget", *GOOGLE_BIDDING}),
        "group": frozenset({"status", "name"}),
        "ad": frozenset({"status"}),
    },
    "meta_ads": {
        "campaign": frozenset({"status", "name", "daily_budget", "lifetime_budget", "bid_strategy"}),
        "group": frozenset(
            {"status", "name", "daily_budget", "lifetime_budget", "bid_strategy", "bid_amount", "targeting"}
        ),
        "ad": frozenset({"status", "name"}),
    },
}


def _platform_in(change: Change) -> str:
    return str(change.get("line") or "").partition(":")[0]


def _excluded(criterion: Mapping[str, Any]) -> str:
    """The group of people that a criterion leaves out; empty for others."""
    if not criterion.get("negative"):
        return ""
    told = mapping_in(criterion, "ageRange") or mapping_in(criterion, "gender")
    return str(told.get("type") or "")


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {name: _with_names(one, names) for name, one in value.items()}
    return [_with_names(one, names) for one in value] if isinstance(value, list | tuple) else value
