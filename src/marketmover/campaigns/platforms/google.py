"""`google_ads.json`: the plan as `MutateGoogleAdsRequest` bodies in REST JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from marketmover.campaigns.platforms.amounts import daily_units
from marketmover.campaigns.platforms.google_changed import GoogleSettings, change_settings
from marketmover.campaigns.platforms.google_existing import change_existing
from marketmover.campaigns.platforms.google_new import NewLineContext, create_line
from marketmover.campaigns.platforms.google_operations import GoogleOperations
from marketmover.campaigns.platforms.meta_goals import FIXED_AUDIENCE_CATEGORIES, special_categories
from marketmover.campaigns.platforms.payload import INSERT_CUSTOMER_ID, Payload
from marketmover.campaigns.platforms.trials import trial_notes
from marketmover.errors import UsageError
from marketmover.history import AdText, GoogleResource
from marketmover.kit import coin_of
from marketmover.plans import Plan, PlanLine

GOOGLE_API_VERSIONS = ("v21", "v22", "v23", "v24", "v25", "v26")


def google_request(
    plan: Plan,
    resources: Mapping[str, GoogleResource],
    *,
    ads: Sequence[AdText] = (),
    customer_id: str | None = None,
    languages: Sequence[str] = (),
    api_version: str = "v25",
) -> Payload:
    """What to send to `googleAds:mutate` so that Google Ads runs the plan; `validateOnly` until a person takes it out.

    Running campaigns get their daily budget, their bidding target, the audience and message that the plan changes and,
    at budget 0, a pause; new campaigns and ads are made paused, with temporary names. The body is `{"customer_id",
    "mutateOperations", "validateOnly"}` for the account with most of the plan's budget; further accounts stand as such
    bodies under `more_requests`.

    Args:
        plan: The plan; lines of other platforms are passed over.
        resources: What is known of the running lines, by line id.
        ads: Past ads; a changed message leads where the line's own ads lead.
        customer_id: Account for new lines and lines that nothing is known of; by default the one with most budget.
        languages: ISO 639-1 codes that new campaigns are limited to; by default all.
        api_version: Google Ads API version, `v21` to `v26` (v23 renamed the campaign's dates).

    Raises:
        UsageError: The version is none of these.
    """
    if api_version not in GOOGLE_API_VERSIONS:
        known = ", ".join(GOOGLE_API_VERSIONS)
        raise UsageError(f"Google Ads API version {api_version!r} is not known.", f"Choose one of {known}.")
    lines = [line for line in plan.lines if line.platform == "google_ads"]
    whole = coin_of(plan.currency) > 1
    factor = 1_000_000 if whole else 10_000
    micros = {line: units * factor for line, units in daily_units(lines, whole=whole).items()}
    context = NewLineContext(plan, api_version, tuple(languages), whole)
    main = customer_id or _main_account(lines, resources)
    settings = GoogleSettings(ads, bool(FIXED_AUDIENCE_CATEGORIES & set(special_categories(plan.brief))))
    warnings: list[str] = []
    _remark(lines, micros, main, warnings)
    bodies = [
        _body(account, members, micros, context, settings, warnings)
        for account, members in _by_account(lines, resources, main).items()
    ]
    warnings.extend(trial_notes(plan, "google_ads"))
    return Payload(
        bodies[0] | ({"more_requests": bodies[1:]} if len(bodies) > 1 else {}), list(dict.fromkeys(warnings))
    )


def _main_account(lines: Sequence[PlanLine], resources: Mapping[str, GoogleResource]) -> str:
    totals = {resource.customer_id: 0.0 for resource in resources.values()}
    for line in lines:
        if line.id in resources:
            totals[resources[line.id].customer_id] += line.budget
    return max(totals, key=lambda account: (totals[account], account), default=INSERT_CUSTOMER_ID)


def _by_account(
    lines: Sequence[PlanLine], resources: Mapping[str, GoogleResource], main: str
) -> dict[str, list[tuple[PlanLine, GoogleResource | None]]]:
    accounts: dict[str, list[tuple[PlanLine, GoogleResource | None]]] = {main: []}
    for line in lines:
        known = resources.get(line.id)
        if known is None and not line.is_new and line.campaign_id:
            known = GoogleResource(main, f"customers/{main}/campaigns/{line.campaign_id}")
        accounts.setdefault(known.customer_id if known else main, []).append((line, known))
    return accounts


def _body(
    account: str,
    members: Sequence[tuple[PlanLine, GoogleResource | None]],
    micros: Mapping[str, int],
    context: NewLineContext,
    settings: GoogleSettings,
    warnings: list[str],
) -> dict[str, Any]:
    operations = GoogleOperations(account)
    existing = [(line, known) for line, known in members if known is not None]
    change_existing(operations, existing, micros, context.plan.mark_of, whole=context.whole, warn=warnings.append)
    for line, known in existing:
        if micros[line.id] > 0 and known.status != "REMOVED":
            change_settings(operations, line, known, settings, warnings.append)
    for line, known in members:
        if known is None and micros[line.id] > 0:
            create_line(operations, line, micros[line.id], context, warnings.append)
    return {"customer_id": account, "mutateOperations": operations.operations, "validateOnly": True}


def _remark(lines: Sequence[PlanLine], micros: Mapping[str, int], main: str, warnings: list[str]) -> None:
    warnings.extend(
        f"{line.id}: {line.budget:,.2f} over the plan's days is less than the smallest daily budget that Google takes; "
        "the line is not run."
        for line in lines
        if line.budget > 0 and micros[line.id] == 0
    )
    if main == INSERT_CUSTOMER_ID and lines:
        warnings.append(
            f"No Google Ads account is known: put its id (digits only) for {INSERT_CUSTOMER_ID} in google_ads.json."
        )
    if any(line.is_new for line in lines):
        warnings.append(
            "google_ads.json declares that the new campaigns contain no EU political advertising, as Google demands of "
            "every new campaign: correct it if they do."
        )
