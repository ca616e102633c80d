"""What a campaign type returns, in words: where the two methods agree, and where they do not."""

from collections.abc import Sequence

from marketmover.campaigns.compose.words import metric_words, money, one_of
from marketmover.history import Panel
from marketmover.plans import Range, ReturnEstimate

_APART = 1.3
_ENDLESS = 1e-9
_METHODS = (
    "The regression reads how results moved with spend from week to week over the whole history, apart from what all "
    "lines of a platform did alike, at the level of its last 91 days; of far higher budgets it says nothing. The model "
    "adds carry-over, saturation, impression shares and the season of the dates."
)


def type_words(estimates: Sequence[ReturnEstimate], metric: str, currency: str) -> tuple[bool | None, str]:
    """Whether the methods agree on what one more result costs at present budgets, and a sentence or two on it.

    `None` where one of them cannot say.
    """
    found = {one.method: one for one in estimates if one.budgets == "present" and one.metric == metric}
    regression, model = found.get("regression"), found.get("model")
    if model is None:
        return None, "It gets no money at present, so there is no present return."
    if regression is None:
        said = _says("The model", model, currency)
        return None, f"{said} The regression cannot say: the type has too little of a past at such budgets."
    ratio = regression.marginal.mid / max(model.marginal.mid, _ENDLESS)
    if 1 / _APART <= ratio <= _APART:
        return True, f"{_says('Both ways', model, currency)} The two agree."
    overlap = regression.marginal.low <= model.marginal.high and model.marginal.low <= regression.marginal.high
    said = f"{_says('The model', model, currency)} {_says('The regression', regression, currency)}"
    if overlap:
        return True, f"{said} Their ranges overlap, so the data do not tell the two apart."
    return False, f"{said} {_why(ratio)} A test of this type would settle it."


def _says(who: str, estimate: ReturnEstimate, currency: str) -> str:
    """What the next result costs beside the average one."""
    if estimate.metric in ("revenue", "profit"):
        average, marginal = (f"{money(value.mid, currency)}" for value in (estimate.average, estimate.marginal))
        return f"{who}: {money(1, currency)} brings back {average} on average, the next one {marginal}."
    average, marginal = (price(value, estimate.metric, currency) for value in (estimate.average, estimate.marginal))
    what = one_of(estimate.metric) if _many(estimate.metric) == 1 else f"thousand {metric_words(estimate.metric)}"
    return f"{who}: a {what} costs {average} on average, the next one {marginal}."


def price(value: Range, metric: str, currency: str) -> str:
    """A return as the price of one result, by its middle."""
    return "more than anything" if value.mid <= _ENDLESS else money(_many(metric) / value.mid, currency)


def price_range(value: Range, metric: str, currency: str) -> str:
    """The range of that price; open where the low end of the return is next to nothing."""
    cheap = money(_many(metric) / max(value.high, _ENDLESS), currency)
    if value.low <= 0.05 * value.mid:
        return f"{cheap} or far more"
    return f"{cheap} to {money(_many(metric) / value.low, currency)}"


def _many(metric: str) -> int:
    return 1000 if metric in ("impressions", "reach") else 1


def _why(ratio: float) -> str:
    if ratio > 1:
        return (
            "The regression sees results rise with spend from week to week more than the curve does: spend may have "
            "followed demand, or the curve may bend too early."
        )
    return (
        "The regression sees results rise less with spend from week to week than the curve does: spend may have moved "
        "too little to tell, or the curve may be too hopeful."
    )


def remarks(panel: Panel, margin: float | None, *, has_revenue: bool) -> list[str]:
    """What the figures rest on and what is missing for more."""
    said = [_METHODS]
    if not has_revenue:
        said.append("The history holds no revenue, so there is no return in money: only what results cost.")
    elif margin is None:
        said.append("No margin is given, so the return counts revenue, not profit: give `margin` in --limits.")
    source = {"crm": "Revenue is that of won leads in the CRM.", "platform": "Revenue is as the platforms report it."}
    return [*said, *([source[panel.revenue_source]] if has_revenue and panel.revenue_source in source else [])]
