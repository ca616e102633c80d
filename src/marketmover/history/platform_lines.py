"""What a publisher must name to change a line on its platform."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from marketmover.history.loading.daily import ArrowTable, Cut, daily_figures
from marketmover.history.loading.lines import Known, LineKey, describe_line, line_keys, owners_of
from marketmover.history.loading.panels import load_known
from marketmover.history.resources import GoogleAdGroup, GoogleResource, MetaAdSet, MetaResource
from marketmover.history.tables import ACCOUNTS, current_rows, ensure_tables

if TYPE_CHECKING:
    from marketmover.store import Lake


def load_resources(lake: "Lake") -> Mapping[str, GoogleResource | MetaResource]:
    """Each line's objects on its platform, by line id."""
    ensure_tables(lake)
    known = load_known(lake, None)
    table = daily_figures(lake, Cut())
    zones = {
        row["account_id"]: row["time_zone"] for row in current_rows(lake, ACCOUNTS) if row["platform"] == "meta_ads"
    }
    resources: dict[str, GoogleResource | MetaResource] = {}
    for key in line_keys(owners_of(table), known):
        if key.platform == "google_ads":
            resources[key.id] = _google(key, known)
        else:
            resources[key.id] = _meta(key, known, table, zones.get(key.account_id))
    return resources


def _google(key: LineKey, known: Known) -> GoogleResource:
    settings = known.settings.get((key.campaign_id, ""), {})
    line = describe_line(key, known, None)
    return GoogleResource(
        customer_id=key.account_id.replace("-", ""),
        campaign=f"customers/{key.account_id}/campaigns/{key.campaign_id}",
        budget=settings.get("budget_resource"),
        budget_shared=bool(settings.get("budget_shared")),
        budget_period="CUSTOM_PERIOD"
        if settings.get("lifetime_budget") and not settings.get("daily_budget")
        else "DAILY",
        status=line.status,
        bidding_strategy=line.bidding_strategy,
        bidding_target=line.bidding_target,
        portfolio_strategy=settings.get("portfolio_strategy"),
        excluded=_excluded(known, key.campaign_id, ""),
        ad_groups=tuple(_ad_group(known, key.campaign_id, group) for group in _groups(known, key.campaign_id)),
    )


def _groups(known: Known, campaign_id: str) -> list[str]:
    """Every group of a campaign that any export names."""
    indexed = (known.settings, known.targeting, known.creatives)
    return sorted({group for index in indexed for campaign, group in index if campaign == campaign_id and group})


def _ad_group(known: Known, campaign_id: str, group: str) -> GoogleAdGroup:
    status = known.settings.get((campaign_id, group), {}).get("status") or "UNKNOWN"
    return GoogleAdGroup(group, status, _excluded(known, campaign_id, group))


def _excluded(known: Known, campaign_id: str, group: str) -> frozenset[str]:
    """Age ranges and genders that a campaign (`group` empty) or an ad group leaves out."""
    rows = known.targeting.get((campaign_id, group), [])
    return frozenset(str(row["value"]) for row in rows if row["negative"] and row["kind"] in ("age_range", "gender"))


def _meta(key: LineKey, known: Known, table: ArrowTable, zone: str | None) -> MetaResource:
    campaign = known.settings.get((key.campaign_id, ""), {})
    own = known.settings.get((key.campaign_id, key.group_id or ""), {}) if key.by_group else campaign
    lifetime = bool(own.get("lifetime_budget")) and not own.get("daily_budget")
    line = describe_line(key, known, None)
    groups = [key.group_id or ""] if key.by_group else sorted(known.groups(key.campaign_id))
    promoted = next((found for group in groups if (found := _promoted(known, key.campaign_id, group))), {})
    return MetaResource(
        account_id=key.account_id,
        campaign_id=key.campaign_id,
        ad_set_id=key.group_id,
        budget_level="ad_set" if key.by_group else "campaign",
        budget_kind="lifetime" if lifetime else "daily",
        spent=_spent(key, table) if lifetime else None,
        status=own.get("status") or "UNKNOWN",
        campaign_status=campaign.get("status") or "UNKNOWN",
        bid_strategy=line.bidding_strategy,
        bid_target=line.bidding_target,
        time_zone=zone,
        promoted_object=promoted,
        ad_sets=tuple(_ad_set(known, key.campaign_id, group) for group in groups if group),
    )


def _ad_set(known: Known, campaign_id: str, group: str) -> MetaAdSet:
    settings = known.settings.get((campaign_id, group), {})
    targeting = settings.get("targeting")
    return MetaAdSet(group, settings.get("status") or "UNKNOWN", json.loads(targeting) if targeting else None)


def _promoted(known: Known, campaign_id: str, group_id: str) -> dict[str, str]:
    pairs: Any = known.settings.get((campaign_id, group_id), {}).get("promoted_object") or []
    return {pair["name"]: pair["value"] for pair in pairs}


def _spent(key: LineKey, table: ArrowTable) -> float:
    """Spend of a line over all days known, each day once: a campaign's own figure, else its groups' sum."""
    whole: dict[Any, int] = {}
    parts: dict[Any, int] = {}
    columns = ("campaign_id", "group_id", "date", "cost_micros")
    for campaign, group, day, cost in zip(*(table[name].to_pylist() for name in columns), strict=True):
        if campaign != key.campaign_id or (key.by_group and group != key.group_id):
            continue
        into = parts if group else whole
        into[day] = into.get(day, 0) + cost
    return sum(whole.get(day) or parts.get(day, 0) for day in whole.keys() | parts.keys()) / 1_000_000
