"""Lines as a Google Ads account has them now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketmover.campaigns.platforms import GoogleLineNow
from marketmover.campaigns.publishing.platform import LiveLine
from marketmover.connectors.google_ads.session import GoogleSession, Json
from marketmover.history import AdText, GoogleAdGroup, GoogleResource

_MICROS = 1_000_000
_ENDLESS = 2037  # Google's word for “no end” is the 30th of December of that year
_CAMPAIGN = (
    "customer.currency_code, campaign.id, campaign.name, campaign.status, campaign.advertising_channel_type, "
    "campaign.bidding_strategy_type, campaign.bidding_strategy, campaign.target_cpa.target_cpa_micros, "
    "campaign.target_roas.target_roas, campaign.maximize_conversions.target_cpa_micros, "
    "campaign.maximize_conversion_value.target_roas, campaign.start_date_time, campaign.end_date_time, "
    "campaign_budget.resource_name, campaign_budget.amount_micros, campaign_budget.explicitly_shared, "
    "campaign_budget.period"
)
_AD = (
    "campaign.id, ad_group.id, ad_group_ad.status, ad_group_ad.ad.id, ad_group_ad.ad.final_urls, "
    "ad_group_ad.ad.responsive_search_ad.headlines, ad_group_ad.ad.responsive_search_ad.descriptions"
)
_CRITERION = "criterion_id, {0}.negative, {0}.status, {0}.age_range.type, {0}.gender.type"


@dataclass
class LiveAccount:
    """What an account has of the campaigns that were asked for.

    Attributes:
        currency: The account's; empty where none of the campaigns is there.
        campaigns: Rows of campaign, budget and customer, by the campaign's id.
        groups: Rows of ad groups that are not removed, by the campaign's id.
    """

    currency: str = ""
    campaigns: dict[str, Json] = field(default_factory=dict[str, Json])
    groups: dict[str, list[Json]] = field(default_factory=dict[str, list[Json]])


def campaign_of(line_id: str) -> str | None:
    """The campaign's id in a line's; `None` for lines of other platforms and those not made yet.

    >>> campaign_of("google_ads:55:551"), campaign_of("google_ads:new:1")
    ('55', None)
    """
    platform, _, rest = line_id.partition(":")
    campaign = rest.partition(":")[0]
    return campaign if platform == "google_ads" and campaign.isdigit() else None


def read_campaigns(session: GoogleSession, ids: Sequence[str], *, groups: bool) -> LiveAccount:
    """Campaigns by their ids, with their ad groups where asked for."""
    account = LiveAccount()
    if not ids:
        return account
    for row in session.rows(f"SELECT {_CAMPAIGN} FROM campaign WHERE {_among(ids)}", "campaigns"):  # noqa: S608 - GAQL
        account.campaigns[str(row["campaign"]["id"])] = row
        account.currency = str(row.get("customer", {}).get("currencyCode", ""))
    if groups:
        asked = f"{_among(ids)} AND ad_group.status != 'REMOVED'"
        fields = "campaign.id, ad_group.id, ad_group.status"
        for row in session.rows(f"SELECT {fields} FROM ad_group WHERE {asked}", "ad groups"):  # noqa: S608 - GAQL
            account.groups.setdefault(str(row["campaign"]["id"]), []).append(row["adGroup"])
    return account


def read_live_lines(session: GoogleSession, line_ids: Sequence[str]) -> list[LiveLine]:
    """Lines as they are now, in the order asked for; those that are not there are left out."""
    named = {line: campaign for line in line_ids if (campaign := campaign_of(line))}
    account = read_campaigns(session, sorted(set(named.values())), groups=False)
    return [_live(line, account.campaigns[id_]) for line, id_ in named.items() if id_ in account.campaigns]


def read_lines_now(
    session: GoogleSession, line_ids: Sequence[str], actions: frozenset[str]
) -> tuple[str, dict[str, GoogleLineNow], dict[str, str]]:
    """The account's currency, what changes of these lines need to know, and the campaigns' names, by line id.

    Args:
        session: The connection.
        line_ids: Lines by their ids in exports.
        actions: What is to be done, which decides whether ads and criteria are read.
    """
    named = {line: campaign for line in line_ids if (campaign := campaign_of(line))}
    ids = sorted(set(named.values()))
    account = read_campaigns(session, ids, groups=True)
    ads = _ads(session, ids) if actions & {"rotate_creative", "switch_on"} and account.campaigns else {}
    excluded = _exclusions(session, ids) if "set_audience" in actions and account.campaigns else {}
    there = {line: id_ for line, id_ in named.items() if id_ in account.campaigns}
    now = {
        line: _line_now(
            session.customer_id, account.campaigns[id_], account.groups.get(id_, ()), ads.get(id_, ()), excluded
        )
        for line, id_ in there.items()
    }
    return account.currency, now, {line: account.campaigns[id_]["campaign"]["name"] for line, id_ in there.items()}


def _among(ids: Sequence[str]) -> str:
    return f"campaign.id IN ({', '.join(ids)})"


def _live(line_id: str, row: Json) -> LiveLine:
    campaign, budget = row["campaign"], row.get("campaignBudget", {})
    own = not budget.get("explicitlyShared") and budget.get("period", "DAILY") == "DAILY" and "amountMicros" in budget
    return LiveLine(
        line_id=line_id,
        name=str(campaign.get("name", "")),
        status=str(campaign.get("status", "UNKNOWN")),
        daily_budget=int(budget["amountMicros"]) / _MICROS if own else None,
        bidding={"strategy": str(campaign.get("biddingStrategyType", "UNKNOWN")), "target": _target(campaign)},
        start=_day(campaign.get("startDateTime")),
        end=_day(campaign.get("endDateTime")),
    )


def _target(campaign: Mapping[str, Any]) -> float | None:
    """The target of the strategy that is on, a cost in currency or a return; `None` without one."""
    for name in ("targetCpa", "maximizeConversions"):
        if micros := int(campaign.get(name, {}).get("targetCpaMicros", 0)):
            return micros / _MICROS
    for name in ("targetRoas", "maximizeConversionValue"):
        if target := float(campaign.get(name, {}).get("targetRoas", 0.0)):
            return target
    return None


def _day(moment: Any) -> date | None:
    found = date.fromisoformat(str(moment)[:10]) if moment else None
    return None if found is None or found.year >= _ENDLESS else found


def _line_now(
    customer: str, row: Json, groups: Sequence[Json], ads: Sequence[AdText], excluded: Mapping[str, Mapping[str, str]]
) -> GoogleLineNow:
    campaign, budget = row["campaign"], row.get("campaignBudget", {})
    channel, name = str(campaign.get("advertisingChannelType", "")), str(campaign["resourceName"])
    resource = GoogleResource(
        customer_id=customer,
        campaign=name,
        budget=budget.get("resourceName"),
        budget_shared=bool(budget.get("explicitlyShared")),
        budget_period=str(budget.get("period", "DAILY")),
        status=str(campaign.get("status", "UNKNOWN")),
        bidding_strategy=str(campaign.get("biddingStrategyType", "UNKNOWN")),
        bidding_target=_target(campaign),
        portfolio_strategy=campaign.get("biddingStrategy") or None,
        ad_groups=tuple(GoogleAdGroup(str(group["id"]), str(group.get("status", "UNKNOWN"))) for group in groups),
    )
    if channel == "PERFORMANCE_MAX":  # its ages alone are the API's to exclude, and on the campaign
        own = {key: value for key, value in excluded.get(name, {}).items() if key.startswith("AGE_RANGE")}
        return GoogleLineNow(resource, channel, ads, {name: own})
    owners = [str(group["resourceName"]) for group in groups]
    return GoogleLineNow(resource, channel, ads, {owner: excluded.get(owner, {}) for owner in owners})


def _ads(session: GoogleSession, ids: Sequence[str]) -> dict[str, list[AdText]]:
    asked = f"{_among(ids)} AND ad_group_ad.status != 'REMOVED'"
    found: dict[str, list[AdText]] = {}
    for row in session.rows(f"SELECT {_AD} FROM ad_group_ad WHERE {asked}", "ads"):  # noqa: S608 - GAQL
        ad = row["adGroupAd"]["ad"]
        texts = ad.get("responsiveSearchAd", {})
        found.setdefault(str(row["campaign"]["id"]), []).append(
            AdText(
                id=str(ad["id"]),
                platform="google_ads",
                group_id=str(row["adGroup"]["id"]),
                headlines=tuple(part["text"] for part in texts.get("headlines", ()) if part.get("text")),
                descriptions=tuple(part["text"] for part in texts.get("descriptions", ()) if part.get("text")),
                final_url=next(iter(ad.get("finalUrls", ())), None),
                running=row["adGroupAd"].get("status") == "ENABLED",
            )
        )
    return found


def _exclusions(session: GoogleSession, ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """By owner (ad group or campaign) and Google's name, the criteria that exclude ages and genders."""
    found: dict[str, dict[str, str]] = {}
    levels = (
        ("ad_group_criterion", "adGroupCriterion", "adGroup"),
        ("campaign_criterion", "campaignCriterion", "campaign"),
    )
    for resource, key, owner in levels:
        fields = f"campaign.id, {resource}.{_CRITERION.format(resource)}" + (
            ", ad_group.id" if owner == "adGroup" else ""
        )
        query = f"SELECT {fields} FROM {resource} WHERE {_among(ids)}"  # noqa: S608 - GAQL
        for row in session.rows(query, "targeting"):
            criterion = row[key]
            name = criterion.get("ageRange", criterion.get("gender", {})).get("type")
            if name and criterion.get("negative") and criterion.get("status") != "REMOVED":
                found.setdefault(str(row[owner]["resourceName"]), {})[str(name)] = str(criterion["resourceName"])
    return found
