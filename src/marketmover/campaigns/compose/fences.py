"""The limits that a plan keeps: the person's own, and those that good sense adds where the person set none."""

from marketmover.budget import Response, smallest_daily
from marketmover.campaigns.compose.baseline import Split
from marketmover.campaigns.compose.scope import Scope
from marketmover.kit import from_cents
from marketmover.plans import Limits, LineLimit, Platform

_TRIAL_SHARE = 0.10
_YOUNG_DAYS = 28
_KEPT_OF_YOUNG = 0.5
_EVEN_PLATFORMS = 0.01
_WEEKLY_RESULTS = 1.0  # on less, neither a person nor the platform can tell what a line does


def on_trial(scope: Scope, response: Response) -> dict[str, bool]:
    """Lines that get money in order to learn: new ones (`True`) and those too young to judge (`False`)."""
    young = [line.id for line in scope.existing if response.summary(line.id).days < _YOUNG_DAYS]
    return dict.fromkeys((line.id for line in scope.new), True) | dict.fromkeys(young, False)


def with_trials(limits: Limits, trial: dict[str, bool], today: Split, total: float, days: int) -> Limits:
    """The limits, with a floor under lines on trial where the person set none for them.

    New lines share a tenth of the budget at least. A young line keeps half of its share of today: too little is
    known to stop it, and without money nothing more will be. A floor on which nothing could run is none, and a person's
    own limits come first.

    Args:
        limits: The person's, with smallest budgets.
        trial: Lines on trial, and whether each is new.
        today: Today's split.
        total: What is spent.
        days: Days of the plan.
    """
    opened = sum(trial.values())
    floors = {
        line: total * _TRIAL_SHARE / opened if new else from_cents(today.cents[line]) * _KEPT_OF_YOUNG
        for line, new in trial.items()
        if line not in limits.lines
    }
    smallest = {name: daily * days for name, daily in limits.smallest_daily.items()}
    floors = {line: floor for line, floor in floors.items() if floor > smallest.get(_platform(line), 1.0)}
    fenced = any((limits.campaigns, limits.platforms)) or any(limit.locked for limit in limits.lines.values())
    if fenced or not floors or sum(floors.values()) > _room(limits, today, total):
        return limits
    lines = limits.lines | {line: LineLimit(min=round(floor - 0.005, 2)) for line, floor in floors.items()}
    return limits.model_copy(update={"lines": lines})


def _platform(line: str) -> Platform:
    return "google_ads" if line.startswith("google_ads") else "meta_ads"


def _room(limits: Limits, today: Split, total: float) -> float:
    """What a person's limits leave free: neither asked for by a minimum nor kept by `weekly_change`."""
    kept = 1.0 - min(limits.weekly_change, 1.0) if limits.weekly_change is not None else 0.0
    asked = [
        max((limits.lines[line].min or 0.0) if line in limits.lines else 0.0, kept * from_cents(cents))
        for line, cents in today.cents.items()
    ]
    return total - sum(asked)


def with_defaults(limits: Limits, currency: str, daily: float) -> Limits:
    """The limits, with no crumbs and evenness between platforms where the person said nothing of them.

    Args:
        limits: The person's.
        currency: ISO 4217 of all money.
        daily: What the plan spends a day.
    """
    even = _EVEN_PLATFORMS if limits.even_platforms is None else limits.even_platforms
    smallest = smallest_daily(currency, daily) | limits.smallest_daily
    results = _WEEKLY_RESULTS if limits.weekly_results is None else limits.weekly_results
    return limits.model_copy(update={"even_platforms": even, "smallest_daily": smallest, "weekly_results": results})


def with_campaign_keys(limits: Limits, scope: Scope) -> Limits:
    """The limits, with campaigns that are named by their id alone under `platform:campaign_id`."""
    keys = {line.campaign_id: f"{line.platform}:{line.campaign_id}" for line in scope.existing}
    campaigns = {keys.get(name, name): limit for name, limit in limits.campaigns.items()}
    return limits.model_copy(update={"campaigns": campaigns})


def shared_budgets(scope: Scope) -> dict[str, str]:
    """The name of the shared budget of each line that draws on one with another line of the plan."""
    pools = {line.id: line.shared_budget for line in scope.existing if line.shared_budget is not None}
    shared = list(pools.values())
    return {line: pool for line, pool in pools.items() if shared.count(pool) > 1}
