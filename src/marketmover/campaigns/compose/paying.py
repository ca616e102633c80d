"""How much to spend: all of a stated budget, or as much as pays at a target cost or return."""

from collections.abc import Callable

from marketmover.budget import Paying
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.words import count, metric_words, money, one_of
from marketmover.errors import InputError
from marketmover.plans import Brief, CostLimit, Limits, PayingNote, ReturnLimit

_COUNTED = {
    "cost_per_lead": "leads",
    "cost_per_acquisition": "conversions",
    "cost_per_qualified_lead": "qualified_leads",
}
_STEEP = 1.5


def spends_what_pays(brief: Brief, limits: Limits, supported: tuple[str, ...]) -> Limits | None:
    """The limits that say what pays, where the plan is to spend as much as pays; `None` where it spends a fixed sum.

    That is so where the limits say it, or where the brief states no budget but what a result may cost or has to bring
    back.
    """
    if limits.spend == "all" or (limits.spend is None and brief.budget is not None):
        return None
    if limits.cost_per is not None or limits.roas is not None or limits.spend == "as_much_as_pays":
        return limits if limits.cost_per or limits.roas else _with_targets(brief, limits, supported)
    asked = _with_targets(brief, limits, supported)
    return asked if asked.cost_per or asked.roas else None


def _with_targets(brief: Brief, limits: Limits, supported: tuple[str, ...]) -> Limits:
    """The limits with the brief's target cost and return, as far as the history can speak of them."""
    changes: dict[str, object] = {}
    for target in brief.targets:
        counted = _COUNTED.get(target.metric)
        if counted in supported and target.comparison == "at_most" and target.value > 0:
            changes.setdefault("cost_per", CostLimit.model_validate({"metric": counted, "at_most": target.value}))
        if target.metric == "roas" and "revenue" in supported and target.comparison == "at_least" and target.value > 0:
            changes.setdefault("roas", ReturnLimit(at_least=target.value))
    return limits.model_copy(update=changes)


def resolve_paying(
    find: Callable[[], Paying], habitual: float, *, asked: bool, stated: bool, currency: str, notes: Notes
) -> tuple[float, PayingNote | None]:
    """What to spend where the plan spends as much as pays, and what is said of it.

    Args:
        find: Finds what pays.
        habitual: What to spend where nothing pays and the person did not insist.
        asked: Whether the person asked for it outright.
        stated: Whether the brief states the most that may be spent.
        currency: ISO 4217.
        notes: Takes what a person should know.

    Raises:
        InputError: Nothing pays at the target, and the person asked for no more than pays.
    """
    paying = find()
    if paying.total <= 0:
        target = _target(paying, currency)
        if asked:
            raise InputError(
                f"Nothing pays at {target}: even the first {one_of(paying.metric)} is expected to cost more.",
                "Loosen the target, or state a budget to spend.",
            )
        spent = money(habitual, currency)
        notes.warn(f"Nothing pays at {target}, so the plan spends what was spent before, {spent}: expect to miss it.")
        return habitual, None
    note = _note(paying, currency, stated=stated)
    notes.assume(note.words)
    if paying.judged_by == "average" and paying.target and paying.marginal > _STEEP * paying.target and paying.stricter:
        notes.warn(
            f"The last of that money is dear: the next {one_of(paying.metric)} costs about "
            f"{_price(paying.metric, paying.marginal, currency)}. {money(paying.stricter[0], currency)} would bring "
            f"{count(paying.stricter[1])} {metric_words(paying.metric)} with none dearer than the target (“judged_by”: "
            "“marginal” in the limits)."
        )
    return paying.total, note


def _note(paying: Paying, currency: str, *, stated: bool) -> PayingNote:
    held = paying.total < 0.995 * paying.most
    spent, most = money(paying.total, currency), money(paying.most, currency)
    if not stated:
        most = f"{most} (twice the most that these accounts ever spent in as many days)"
    why = f"of up to {most}: as much as pays" if held else f"all of {most}: all of it pays"
    prices = ""
    if paying.metric != "revenue":
        prices = (
            f" A {one_of(paying.metric)} then costs {money(paying.average, currency)} on average, and the next one "
            f"{money(paying.marginal, currency)}."
        )
    elif paying.average > 0:
        prices = (
            f" Each {money(1, currency)} then brings back {money(1 / paying.average, currency)} on average, and the "
            f"next one {money(1 / paying.marginal, currency)}."
        )
    words = f"The plan spends {spent}, {why} {_rule(paying, currency)}.{prices}"
    return PayingNote(
        most=paying.most,
        metric=paying.metric,
        target=paying.target,
        judged_by=paying.judged_by,
        average=_tidy(paying.average),
        marginal=_tidy(paying.marginal),
        words=words,
    )


def _rule(paying: Paying, currency: str) -> str:
    if paying.judged_by == "profit":
        return "until the next unit of money brings back no more than itself"
    of = "on average" if paying.judged_by == "average" else "for the next one"
    return f"at {_target(paying, currency)} {of}"


def _target(paying: Paying, currency: str) -> str:
    if paying.target is None:
        return "this margin"
    if paying.metric == "revenue":
        return f"a return of at least {1 / paying.target:.3g} for 1 spent"
    return f"{money(paying.target, currency)} a {one_of(paying.metric)} at most"


def _price(metric: str, cost: float, currency: str) -> str:
    return (
        f"{money(1, currency)} for {money(1 / cost, currency)} back" if metric == "revenue" else money(cost, currency)
    )


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")
