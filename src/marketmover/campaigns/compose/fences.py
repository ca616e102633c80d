"""The limits that a plan keeps: the person's own, and those that good sense adds where the person set none."""

from marketmover.budget import Response, smallest_daily
from marketmover.campaigns.compose.baseline import Split
from marketmover.campaigns.compose.scope import Scope
from marketmover.kit import from_cents
from marketmover.plans import Limits, LineLimit

_TRIAL_SHARE = 0.10
_YOUNG_DAYS = 28
_KEPT_OF_YOUNG = 0.5
_EVEN_PLATFORMS = 0.01


def on_trial(scope: Scope, response: Response) -> dict[str, bool]:
    """Lines that get money in order to learn: new ones (`True`) and those too young to judge (`False`)."""
    young = [line.id for line in scope.existing if response.summary(line.id).days < _YOUNG_DAYS]
    return dict.fromkeys((line.id for line in scope.new), True) | dict.fromkeys(young, False)


def with_trials(limits: Limits, trial: dict[str, bool], today: Split, total: float) -> Limits:
    """The limits, with a floor under lines on trial where the person set none for them.

    New lines share a tenth of the budget at least. A young line keeps half of its share of today: too little is
    known to stop it, and without money nothing more will be.
    """
    opened = sum(trial.values())
    floors = {
        line: total * _TRIAL_SHARE / opened if new else from_cents(today.cents[line]) * _KEPT_OF_YOUNG
        for line, new in trial.items()
        if line not in limits.lines
    }
    fenced = any((limits.campaigns, limits.platforms)) or any(limit.locked for limit in limits.lines.values())
    if fenced or not floors:
        return limits
    lines = limits.lines | {line: LineLimit(min=round(floor - 0.005, 2)) for line, floor in floors.items() if floor > 1}
    return limits.model_copy(update={"lines": lines})


def with_defaults(limits: Limits, currency: str, daily: float) -> Limits:
    """The limits, with no crumbs and evenness between platforms where the person said nothing of them.

    Args:
        limits: The person's.
        currency: ISO 4217 of all money.
        daily: What the plan spends a day.
    """
    even = _EVEN_PLATFORMS if limits.even_platforms is None else limits.even_platforms
    smallest = smallest_daily(currency, daily) | limits.smallest_daily
    return limits.model_copy(update={"even_platforms": even, "smallest_daily": smallest})


def shared_budgets(scope: Scope) -> dict[str, str]:
    """The name of the shared budget of each line that draws on one with another line of the plan."""
    pools = {line.id: line.shared_budget for line in scope.existing if line.shared_budget is not None}
    shared = list(pools.values())
    return {line: pool for line, pool in pools.items() if shared.count(pool) > 1}
