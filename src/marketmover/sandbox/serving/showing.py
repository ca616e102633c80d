"""Rows as the account shows them: the market's own, with what was set through the APIs, and what was created."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from marketmover.sandbox.exports import google_rows
from marketmover.sandbox.exports.account import Account
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.serving.dialect import COLLECTIONS, GOOGLE_BIDDING, bid_of, parent
from marketmover.sandbox.serving.registry import Registry
from marketmover.sandbox.serving.seen import Seen
from marketmover.sandbox.serving.things import Key, Thing, merged, tail

Row = dict[str, Any]
_GOOGLE_PARTS = {"campaign": "campaign", "adGroup": "group", "campaignBudget": "budget"}
_GOOGLE_KINDS = {"campaign": "campaign", "ad_group": "group", "campaign_budget": "budget", "ad_group_ad": "ad",
                 "ad_group_criterion": "ad_group_criterion", "campaign_criterion": "campaign_criterion"}  # fmt: skip
_META_KINDS = {"campaigns": "campaign", "adsets": "group", "ads": "ad"}


class Showing:
    """Lays what was set and created over the rows of the market."""

    def __init__(self, registry: Registry, seen: Seen) -> None:
        self._registry, self._seen = registry, seen
        self._account: Account = seen.window.account
        self._aliases = dict(self._ads_by_other_names())
        self._born = {start.campaign: start.born for start in registry.starts.values()}
        self._born |= {group: start.born for start in registry.starts.values() for group in start.groups}

    def facts(self, platform: str, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows that have days."""
        for row in rows:
            if self._before_birth(row):
                continue
            yield self._google(row) if platform == "google_ads" else self._meta_fact(row)

    def structure(self, platform: str, kind: str, rows: Iterable[Row]) -> Iterator[Row]:
        """Rows of how things stand: the market's own objects first, then those that were created."""
        if platform == "google_ads":
            for row in rows:
                if not self._google_made(row, kind):
                    yield self._google(row)
            for thing in self._registry.of(platform, _GOOGLE_KINDS.get(kind, ""), gone=True):
                yield self._google_row(thing)
        else:
            what = _META_KINDS.get(kind, "")
            for row in rows:
                if not self._meta_made(row, kind):
                    yield self._laid_over(Key(platform, what, str(row.get("id"))), row)
            yield from (self._meta_row(thing) for thing in self._registry.of(platform, what, gone=True))

    def _before_birth(self, row: Row) -> bool:
        """Whether a change is told of a line that had not begun by then."""
        event = row.get("changeEvent")
        if event:
            return str(event["changeDateTime"])[:10] < self._born.get(tail(event["campaign"]), "")
        return "event_time" in row and str(row["event_time"])[:10] < self._born.get(str(row["object_id"]), "")

    def _google(self, row: Row) -> Row:
        for part, what in _GOOGLE_PARTS.items():
            if part in row:
                name = str(row[part].get("id") or tail(row[part].get("resourceName")))
                row[part] = self._part(Key("google_ads", what, name), row[part])
        if "adGroupAd" in row:
            name = tail(row["adGroupAd"]["resourceName"])
            other = self._aliases.get(("google_ads", name))
            row["adGroupAd"] = (
                self._ad_part(other) if other else self._part(Key("google_ads", "ad", name), row["adGroupAd"])
            )
        return row

    def _part(self, key: Key, told: Row) -> Row:
        thing = self._registry.things.get(key)
        if thing is None:
            return merged(told, self._registry.overlays.get(key, {}))
        return merged(told, self._fields(thing))

    def _fields(self, thing: Thing) -> Row:
        """A created Google object's own fields, as they are read back."""
        key, platform = thing.key, thing.key.platform
        name = f"customers/{self._account.customer_id}/{COLLECTIONS[key.what]}/{key.id}"
        told: Row = {**thing.fields, "resourceName": name, "status": thing.status}
        if key.what in {"campaign", "group", "budget"}:
            told["id"] = key.id
        if key.what == "campaign":
            bid = bid_of(platform, {name: thing.fields.get(name) for name in GOOGLE_BIDDING}, self._account)
            told["biddingStrategyType"] = bid.strategy if bid else "UNSPECIFIED"
        return told

    def _ad_part(self, thing: Thing) -> Row:
        number = thing.key.id.rpartition("~")[2]
        ad = dict(thing.fields.get("ad") or {})
        form = next((name for name in ad if name.endswith("Ad")), "")
        kind = {"responsiveSearchAd": "RESPONSIVE_SEARCH_AD", "responsiveDisplayAd": "RESPONSIVE_DISPLAY_AD",
                "demandGenMultiAssetAd": "DEMAND_GEN_MULTI_ASSET_AD"}.get(form)  # fmt: skip
        ad |= {"resourceName": f"customers/{self._account.customer_id}/ads/{number}", "id": number}
        return {**self._fields(thing), "ad": {**ad, **({"type": kind} if kind else {})}}

    def _google_made(self, row: Row, kind: str) -> bool:
        """Whether a row of the market stands for what was created, and is told from there."""
        things = self._registry.things
        if Key("google_ads", "campaign", str(row.get("campaign", {}).get("id"))) in things:
            return True
        if kind == "campaign_budget" and Key("google_ads", "budget", str(row["campaignBudget"].get("id"))) in things:
            return True
        if kind == "ad_group_ad":
            return ("google_ads", tail(row["adGroupAd"]["resourceName"])) in self._aliases
        return kind == "ad_group_criterion" and self._excluded_anew(row)

    def _excluded_anew(self, row: Row) -> bool:
        told = row["adGroupCriterion"]
        mine = self._registry.below("google_ads", "ad_group_criterion", "adGroup", str(row["adGroup"]["id"]))
        return any(
            one.fields.get(name) == told[name] for one in mine for name in ("ageRange", "gender") if name in told
        )

    def _google_row(self, thing: Thing) -> Row:
        """A created object with what it hangs on."""
        row: Row = {"customer": google_rows.customer(self._account)}
        what, fields = thing.key.what, thing.fields
        group = parent("google_ads", what, "adGroup", fields)
        if group:
            row |= self._named("adGroup", Key("google_ads", "group", group))
            owner = row["adGroup"].get("campaign")
            campaign = tail(owner) if owner else self._campaign_of(group)
        else:
            campaign = thing.key.id if what == "campaign" else parent("google_ads", what, "campaign", fields)
        if campaign:
            row |= self._named("campaign", Key("google_ads", "campaign", campaign))
        if what in {"campaign", "group"} and campaign:
            budget = tail(row["campaign"].get("campaignBudget"))
            row |= self._named("campaignBudget", Key("google_ads", "budget", budget)) if budget else {}
        part = {"budget": "campaignBudget", "campaign": "campaign", "group": "adGroup", "ad": "adGroupAd",
                "ad_group_criterion": "adGroupCriterion", "campaign_criterion": "campaignCriterion"}[what]  # fmt: skip
        row[part] = self._ad_part(thing) if what == "ad" else self._fields(thing)
        if what.endswith("criterion"):
            row[part]["criterionId"] = thing.key.id.rpartition("~")[2]
        return row

    def _named(self, part: str, key: Key) -> Row:
        thing = self._registry.things.get(key)
        if thing:
            return {part: self._fields(thing)}
        for number, line in enumerate(self._seen.window.market.lines):
            market, account, pull = self._seen.window
            if line.platform == "google_ads" and key.what == "campaign" and line.campaign_id == key.id:
                return {part: self._part(key, google_rows.campaign(market, account, number, pull))}
            if key.what == "group" and key.id in line.group_ids:
                told = google_rows.ad_group(market, account, number, line.group_ids.index(key.id))
                return {part: self._part(key, told)}
        return {part: {"resourceName": f"customers/{self._account.customer_id}/{COLLECTIONS[key.what]}/{key.id}"}}

    def _campaign_of(self, group: str) -> str:
        return next((line.campaign_id for line in self._seen.window.market.lines if group in line.group_ids), "")

    def _laid_over(self, key: Key, row: Row) -> Row:
        told = self._registry.overlays.get(key)
        if not told:
            return row
        state = {"effective_status": told["status"]} if "status" in told else {}
        return {**row, **told, **state}

    def _meta_fact(self, row: Row) -> Row:
        for what, label in (("campaign", "campaign_name"), ("adset", "adset_name")):
            key = Key("meta_ads", "group" if what == "adset" else what, str(row.get(f"{what}_id")))
            thing = self._registry.things.get(key)
            name = thing.fields.get("name") if thing else self._registry.overlays.get(key, {}).get("name")
            if name and label in row:
                row[label] = name
        other = self._aliases.get(("meta_ads", str(row.get("ad_id"))))
        if other:
            row |= {"ad_id": other.key.id, "ad_name": other.fields.get("name")}
        return row

    def _meta_made(self, row: Row, kind: str) -> bool:
        things = self._registry.things
        if kind == "delivery_estimate":
            return Key("meta_ads", "group", str(row.get("adset_id"))) in things
        if Key("meta_ads", _META_KINDS[kind], str(row["id"])) in things:
            return True
        made = Key("meta_ads", "group", str(row.get("adset_id"))) in things
        return kind == "ads" and (made or ("meta_ads", str(row["id"])) in self._aliases)

    def _meta_row(self, thing: Thing) -> Row:
        fields = {name: value for name, value in thing.fields.items() if name != "execution_options"}
        row: Row = {"id": thing.key.id, **fields, "status": thing.status, "effective_status": self._effective(thing),
                    "account_id": self._account.meta_id, "created_time": thing.created}  # fmt: skip
        for name in ("daily_budget", "bid_amount"):
            if name in row:
                row[name] = str(row[name])
        if thing.key.what == "ad":
            group = self._registry.things.get(Key("meta_ads", "group", str(fields.get("adset_id"))))
            row["campaign_id"] = (
                str(group.fields["campaign_id"]) if group else self._campaign_of(str(fields.get("adset_id")))
            )
            row["creative"] = self._creative(fields.get("creative"))
        elif thing.key.what == "campaign":
            row.setdefault("start_time", thing.created)
        return row

    def _effective(self, thing: Thing) -> str:
        """A state with those above it, as Meta tells it."""
        if not thing.on:
            return thing.status
        words = {"group": "ADSET_PAUSED", "campaign": "CAMPAIGN_PAUSED"}
        group = self._registry.things.get(Key("meta_ads", "group", str(thing.fields.get("adset_id"))))
        if group and not group.on:
            return words["group"]
        owner = str((group or thing).fields.get("campaign_id") or "")
        if owner and not self._registry.is_on(Key("meta_ads", "campaign", owner), "ACTIVE"):
            return words["campaign"]
        return thing.status

    def _creative(self, told: Any) -> Any:
        """A creative by its id, with what it shows where it was created too."""
        if not isinstance(told, Mapping) or not told.get("creative_id"):
            return told
        made = self._registry.things.get(Key("meta_ads", "creative", str(told["creative_id"])))
        if made is None:
            return self._past_creative(str(told["creative_id"]))
        spec = made.fields.get("object_story_spec")
        data = (spec.get("link_data") or spec.get("video_data") or {}) if isinstance(spec, Mapping) else {}
        call = data.get("call_to_action") or {}
        kind = "VIDEO" if isinstance(spec, Mapping) and "video_data" in spec else "SHARE"
        shown = {"title": data.get("name") or data.get("title"), "body": data.get("message"),
                 "call_to_action_type": call.get("type")}  # fmt: skip
        return {"id": made.key.id, **{name: value for name, value in shown.items() if value}, "object_type": kind,
                **made.fields}  # fmt: skip

    def _past_creative(self, name: str) -> Row:
        from marketmover.sandbox.serving.meta_kinds import ads

        found = next((row["creative"] for row in ads(self._seen) if row["creative"]["id"] == name), None)
        return found or {"id": name}

    def _ads_by_other_names(self) -> Iterator[tuple[tuple[str, str], Thing]]:
        """Ads that exporters make up for lines whose ads were created, and which of those they stand for."""
        market = self._seen.window.market
        begin = date.toordinal(self._seen.window.account.first_date) - date.toordinal(
            self._seen.history.account.first_date
        )
        for line in market.lines:
            start, days = self._registry.starts.get(line.id), self._registry.rotated.get(line.id, {})
            owner_field = "adGroup" if line.platform == "google_ads" else "adset_id"
            for group in line.group_ids if start or days else ():
                own = self._registry.below(line.platform, "ad", owner_field, group)
                for number, ad in enumerate(line.ads):
                    since = [thing for thing in own if thing.key.id in days.get(ad.first + begin, ())]
                    stands = (since or (own if start else []))[:1]
                    for thing in stands:
                        made_up = numeric_id(line.campaign_id, group, str(number))
                        name = f"{group}~{made_up}" if line.platform == "google_ads" else f"12021{made_up}"
                        yield (line.platform, name), thing
