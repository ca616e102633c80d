"""`meta_ads.json`: the plan as operations on Meta's Graph edges."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marketmover.campaigns.platforms.amounts import daily_units
from marketmover.campaigns.platforms.limits import (
    META_LEAST_DAILY,
    META_LEAST_DAILY_CURRENCIES,
    META_WHOLE_CURRENCIES,
)
from marketmover.campaigns.platforms.meta_changed import MetaSettings, change_settings
from marketmover.campaigns.platforms.meta_existing import change_existing
from marketmover.campaigns.platforms.meta_goals import FIXED_AUDIENCE_CATEGORIES, special_categories
from marketmover.campaigns.platforms.meta_new import NewAdSetContext, create_line
from marketmover.campaigns.platforms.meta_operations import MetaOperations
from marketmover.campaigns.platforms.meta_targeting import knows_zone
from marketmover.campaigns.platforms.payload import INSERT_ACCOUNT_ID, Payload
from marketmover.campaigns.platforms.trials import trial_notes
from marketmover.history import AdText, MetaResource
from marketmover.plans import Plan, PlanLine


@dataclass(frozen=True)
class MetaAccount:
    """What new Meta lines need of the account, where it is known; the rest becomes a placeholder, and is said.

    Attributes:
        account_id: Digits only; by default the account with most of the plan's budget.
        time_zone: IANA name.
        promoted_object: `page_id`, `pixel_id`, `application_id`, `object_store_url`; by default what running lines
        promote.
        interest_ids: Meta's ids of interests by name, as targeting exports hold them.
        beneficiary, payor: Whom ads in the European Union speak for and who pays (Digital Services Act).
    """

    account_id: str | None = None
    time_zone: str | None = None
    promoted_object: Mapping[str, str] = field(default_factory=dict[str, str])
    interest_ids: Mapping[str, str] = field(default_factory=dict[str, str])
    beneficiary: str | None = None
    payor: str | None = None


def meta_operations(
    plan: Plan,
    resources: Mapping[str, MetaResource],
    *,
    account: MetaAccount | None = None,
    ads: Sequence[AdText] = (),
) -> Payload:
    """What to send to the Graph API so that Meta runs the plan, in the order of sending; what is new is paused.

    Running ad sets (or campaigns, where the budget stands there) get their budget in minor units, their bid and, at
    budget 0, a pause; where the plan changes their audience or message, a targeting or a paused ad. A new line is a
    campaign, an ad set that holds the budget, a creative and an ad. The body is `{"account_id", "operations": [{"edge",
    "method", "params", "ref", "line_id"}]}` for the account with most of the plan's budget; further accounts stand as
    such bodies under `more_accounts`.

    Args:
        plan: The plan; lines of other platforms are passed over.
        resources: What is known of the running lines, by line id.
        account: What new lines need.
        ads: Past ads; a new line's creative names the one it comes from (`Creative.source_ad_id`).
    """
    lines = [line for line in plan.lines if line.platform == "meta_ads"]
    given = account or MetaAccount()
    main = given.account_id or _main_account(lines, resources)
    whole = plan.currency in META_WHOLE_CURRENCIES
    units = daily_units(lines, whole=whole)
    context = _context(plan, resources, given, main, ads, whole=whole)
    warnings: list[str] = []
    _remark(lines, units, main, context, warnings)
    settings = MetaSettings(
        context.ads,
        {name: resource.account_id for name, resource in resources.items()},
        plan.mark_of,
        bool(FIXED_AUDIENCE_CATEGORIES & set(special_categories(plan.brief))),
    )
    bodies = [
        _body(name, members, units, context, settings, warnings)
        for name, members in _by_account(lines, resources, main).items()
    ]
    body = bodies[0] | ({"more_accounts": bodies[1:]} if len(bodies) > 1 else {})
    _name_placeholders(body, warnings)
    warnings.extend(trial_notes(plan, "meta_ads"))
    return Payload(body, list(dict.fromkeys(warnings)))


def _main_account(lines: Sequence[PlanLine], resources: Mapping[str, MetaResource]) -> str:
    totals = {resource.account_id: 0.0 for resource in resources.values()}
    for line in lines:
        if line.id in resources:
            totals[resources[line.id].account_id] += line.budget
    return max(totals, key=lambda name: (totals[name], name), default=INSERT_ACCOUNT_ID)


def _context(
    plan: Plan,
    resources: Mapping[str, MetaResource],
    given: MetaAccount,
    main: str,
    ads: Sequence[AdText],
    *,
    whole: bool,
) -> NewAdSetContext:
    siblings = [resources[name] for name in sorted(resources) if resources[name].account_id == main]
    promoted: dict[str, str] = {}
    for resource in siblings:
        promoted = {**resource.promoted_object, **promoted}
    pages = [ad.page_id for ad in ads if ad.page_id is not None]
    if pages:
        promoted.setdefault("page_id", pages[0])
    zones = [resource.time_zone for resource in siblings if resource.time_zone]
    return NewAdSetContext(
        plan=plan,
        whole=whole,
        time_zone=given.time_zone or (zones[0] if zones else None),
        promoted={**promoted, **given.promoted_object},
        interest_ids=dict(given.interest_ids),
        beneficiary=given.beneficiary,
        payor=given.payor,
        ads={ad.id: ad for ad in ads},
    )


def _by_account(
    lines: Sequence[PlanLine], resources: Mapping[str, MetaResource], main: str
) -> dict[str, list[tuple[PlanLine, MetaResource | None]]]:
    accounts: dict[str, list[tuple[PlanLine, MetaResource | None]]] = {main: []}
    for line in lines:
        known = resources.get(line.id)
        if known is None and not line.is_new and line.campaign_id:
            level = "ad_set" if line.ad_group_id else "campaign"
            known = MetaResource(main, line.campaign_id, line.ad_group_id, budget_level=level)
        accounts.setdefault(known.account_id if known else main, []).append((line, known))
    return accounts


def _body(
    name: str,
    members: Sequence[tuple[PlanLine, MetaResource | None]],
    units: Mapping[str, int],
    context: NewAdSetContext,
    settings: MetaSettings,
    warnings: list[str],
) -> dict[str, Any]:
    operations = MetaOperations(name)
    for line, known in members:
        if known is not None:
            runs = change_existing(
                operations, line, known, units[line.id], context.plan, whole=context.whole, warn=warnings.append
            )
            if runs:
                change_settings(operations, line, known, settings, warnings.append)
    for line, known in members:
        if known is None and units[line.id] > 0:
            create_line(operations, line, units[line.id], context, warnings.append)
    return {"account_id": name, "operations": operations.operations}


def _remark(
    lines: Sequence[PlanLine], units: Mapping[str, int], main: str, context: NewAdSetContext, warnings: list[str]
) -> None:
    for line in lines:
        if line.budget > 0 and units[line.id] == 0:
            warnings.append(
                f"{line.id}: {line.budget:,.2f} {context.plan.currency} over the plan's days is less than the smallest "
                "daily budget that Meta takes; the line is not run."
            )
        elif context.plan.currency in META_LEAST_DAILY_CURRENCIES and 0 < line.daily_budget < META_LEAST_DAILY:
            warnings.append(
                f"{line.id}: {line.daily_budget:,.2f} {context.plan.currency} a day is below what Meta usually takes "
                "(about 1 US dollar a day)."
            )
    new = [line for line in lines if line.is_new and units[line.id] > 0]
    if new and not knows_zone(context.time_zone):
        warnings.append(
            "The Meta account's time zone is not known: the new ad sets start and end at midnight UTC. Mend "
            "`start_time` and `end_time` in meta_ads.json if the account keeps another time."
        )
    if main == INSERT_ACCOUNT_ID and lines:
        warnings.append(
            f"No Meta ad account is known: put its id (digits only) in place of {INSERT_ACCOUNT_ID} in meta_ads.json."
        )


def _name_placeholders(body: dict[str, Any], warnings: list[str]) -> None:
    text = json.dumps(body)
    words = {
        "INSERT_PAGE_ID": "the Facebook page's id",
        "INSERT_PIXEL_ID": "the pixel's id",
        "INSERT_LINK": "the landing page",
        "INSERT_LEAD_FORM_ID": "the lead form's id",
        "INSERT_APPLICATION_ID": "the app's id",
        "INSERT_STORE_LINK": "the app's address in its store",
    }
    missing = [f"{what} for {name}" for name, what in words.items() if f'"{name}"' in text]
    if missing:
        warnings.append(
            f"The exports do not say all that new Meta ads need. Put in meta_ads.json: {'; '.join(missing)}."
        )
