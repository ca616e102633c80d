"""Running Google lines: their budgets, their bidding, and whether they run."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marketmover.campaigns.platforms.changed import Warn
from marketmover.campaigns.platforms.google_bidding import bidding_changes
from marketmover.campaigns.platforms.google_operations import GoogleOperations
from marketmover.history import GoogleResource
from marketmover.plans import PlanLine


def change_existing(
    operations: GoogleOperations,
    lines: Sequence[tuple[PlanLine, GoogleResource]],
    micros: Mapping[str, int],
    mark_of: Callable[[PlanLine], str],
    *,
    whole: bool,
    warn: Warn,
) -> None:
    """Append what running campaigns of one account need: budgets first, each once, then the campaigns.

    Args:
        operations: Takes the operations.
        lines: The plan's running lines with what is known of them.
        micros: Daily budget of each line.
        mark_of: What the names of all that is made for a line bear.
        whole: Whether the currency is charged in whole units.
        warn: Is told in words what a person should know.
    """
    changes: dict[str, dict[str, Any]] = {resource.campaign: {} for _, resource in lines}
    on = [(line, resource) for line, resource in lines if micros[line.id] > 0 and resource.status != "REMOVED"]
    _share_budgets(operations, on, micros, warn)
    for line, resource in lines:
        fields = changes[resource.campaign]
        if resource.status == "REMOVED":
            if micros[line.id] > 0:
                warn(f"{line.id} was removed in Google Ads and cannot run again: its budget is not in this request.")
        elif micros[line.id] == 0:
            fields["status"] = "PAUSED"
        else:
            fields |= _resume(line, resource, warn)
            fields |= _own_budget(operations, line, resource, micros[line.id], mark_of(line), warn)
            fields |= bidding_changes(line.bidding, resource, line.id, whole=whole, warn=warn)
    frozen = {resource.campaign: line for line, resource in lines if line.ad_type == "VIDEO"}
    for campaign, fields in changes.items():
        if campaign in frozen:
            _by_hand(frozen[campaign], fields, warn)
        else:
            operations.update("campaignOperation", campaign, fields)


def _by_hand(line: PlanLine, fields: Mapping[str, Any], warn: Warn) -> None:
    """Google Ads API guide, Video campaigns: the API does not change them; a single such operation refuses the rest."""
    if not fields:
        return
    state = {"PAUSED": "pause it", "ENABLED": "switch it on"}.get(str(fields.get("status")), "")
    bids = "set its bidding as the plan says" if set(fields) - {"status"} else ""
    todo = " and ".join(part for part in (state, bids) if part)
    warn(f"{line.id} is a VIDEO campaign, which the API does not change: {todo} in Google Ads.")


def _share_budgets(
    operations: GoogleOperations,
    lines: Sequence[tuple[PlanLine, GoogleResource]],
    micros: Mapping[str, int],
    warn: Warn,
) -> None:
    shared: dict[str, list[PlanLine]] = {}
    for line, resource in lines:
        if resource.budget is not None and resource.budget_shared:
            shared.setdefault(resource.budget, []).append(line)
    for budget, members in shared.items():
        amount = sum(micros[line.id] for line in members)
        operations.update("campaignBudgetOperation", budget, {"amountMicros": str(amount)})
        warn(
            f"{', '.join(line.id for line in members)}: the shared budget in Google Ads is set to the plan's sum. "
            "Google splits it between its campaigns, and with any other on it, as it sees fit."
        )


def _own_budget(
    operations: GoogleOperations, line: PlanLine, resource: GoogleResource, amount: int, mark: str, warn: Warn
) -> dict[str, Any]:
    """Set the line's own budget; returns what the campaign must change for it."""
    if resource.budget is not None and resource.budget_shared:
        return {}
    if resource.budget_period == "CUSTOM_PERIOD":
        warn(
            f"{line.id} has one budget for its whole life, which Google does not let change into a daily one: "
            f"set {line.budget:,.2f} for the plan's dates in Google Ads."
        )
        return {}
    if resource.budget is None and line.ad_type == "VIDEO":
        warn(f"The exports do not name the budget of {line.id}: set {line.daily_budget:,.2f} a day in Google Ads.")
        return {}
    if resource.budget is not None:
        operations.update("campaignBudgetOperation", resource.budget, {"amountMicros": str(amount)})
        return {}
    name = operations.create("campaignBudgetOperation", "campaignBudgets", new_budget(f"Budget {mark}", amount))
    warn(
        f"The exports do not name the budget of {line.id}, so the request makes a new one for it and leaves the old "
        "one without a campaign. Export `campaign_budget.resource_name` to have the old one changed instead."
    )
    return {"campaignBudget": name}


def _resume(line: PlanLine, resource: GoogleResource, warn: Warn) -> dict[str, Any]:
    if resource.status != "PAUSED":
        return {}
    if line.ad_type != "VIDEO":
        warn(f"{line.id} is paused today and has a budget in the plan: the request switches it on.")
    return {"status": "ENABLED"}


def new_budget(name: str, micros: int) -> dict[str, Any]:
    """The fields of a new daily budget for one campaign alone."""
    return {
        "name": name,
        "amountMicros": str(micros),
        "deliveryMethod": "STANDARD",
        "explicitlyShared": False,
    }
