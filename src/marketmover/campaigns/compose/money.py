"""The plan's budget: what the brief allows over the plan's dates, in the history's currency."""

import re

import numpy as np

from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.window import USUAL_DAYS, Window
from marketmover.campaigns.compose.words import money
from marketmover.errors import InputError
from marketmover.history import Panel
from marketmover.kit import round_to_cent
from marketmover.plans import Brief

_DAYS_A_MONTH = 365.25 / 12
_BEYOND = 2.0
_FALLBACK_CURRENCY = "USD"


def resolve_currency(brief: Brief, panel: Panel, notes: Notes) -> str:
    """The plan's currency: the brief's, which must be one that the history has, or else the history's.

    Raises:
        InputError: The brief speaks of another currency than the history.
    """
    named = brief.budget.currency if brief.budget else None
    known = panel.currency if panel.lines else None
    if named and known and named != known and says_only_dollars(brief, known):
        notes.warn(f"The brief says “$” without saying whose; it is read as the accounts' {known}, not as US dollars.")
        return known
    if named and known and named != known:
        raise InputError(
            f"The brief's budget is in {named}, but the history's accounts are kept in {known}.",
            f"State the budget in {known}, or import the exports of the accounts that are kept in {named}.",
        )
    if named is None and known is not None and brief.budget is not None:
        notes.assume(f"The brief names no currency; the budget is read in the accounts' {known}.")
    if named is None and known is None:
        notes.assume(f"Neither the brief nor a history names a currency; {_FALLBACK_CURRENCY} is used.")
    return named or known or _FALLBACK_CURRENCY


def says_only_dollars(brief: Brief, currency: str) -> bool:
    """Whether the budget has a bare dollar sign, and `currency` is one that people write with it (CAD, AUD, ...)."""
    from babel.numbers import get_currency_symbol

    words = brief.evidence.get("budget", "")
    bare = "$" in words and not re.search(r"\bUS\b|USD|U\.S\.|US\$", words)
    return bare and "$" in get_currency_symbol(currency, locale="en")


def most_that_may_pay(window: Window, panel: Panel, habitual: float, currency: str) -> float:
    """The most that a plan without a budget may spend on what pays: twice what was ever spent in as many days.

    Beyond that, what money brings is an extrapolation.
    """
    return round_to_cent(max(_BEYOND * highest_spend(window, panel), habitual), currency)


def habitual_words(total: float, currency: str) -> str:
    """What is assumed where neither a budget nor a target says what to spend."""
    return f"The brief states no budget; the plan spends what the last 28 days spent, {money(total, currency)} in all."


def resolve_total(brief: Brief, window: Window, panel: Panel, currency: str, notes: Notes) -> float:
    """What may be spent over the plan's dates, in major units, rounded; without a budget, what was spent before.

    Raises:
        InputError: The budget is nothing, or neither the brief nor the history says what could be spent.
    """
    if brief.budget is None:
        return _habitual(window, panel, currency)
    total = round_to_cent(brief.budget.amount * _periods(brief.budget.period, window), currency)
    if total < 0.01:
        raise InputError(
            "The brief's budget is nothing, so there is nothing to plan.", "State what this campaign may spend."
        )
    if brief.budget.period != "total":
        notes.assume(
            f"{money(brief.budget.amount, currency)} a {brief.budget.period} over {window.days} days is "
            f"{money(total, currency)} in all."
        )
    return total


def _periods(period: str, window: Window) -> float:
    return {"total": 1.0, "day": window.days, "week": window.days / 7, "month": window.days / _DAYS_A_MONTH}[period]


def _habitual(window: Window, panel: Panel, currency: str) -> float:
    recent = float(panel.cost[:, -USUAL_DAYS:].sum()) if panel.lines else 0.0
    if recent < 0.01:
        raise InputError(
            "The brief states no budget, and the history shows no spend in its last 28 days to go by.",
            "State what this campaign may spend.",
        )
    return round_to_cent(recent * window.days / min(USUAL_DAYS, len(panel.dates)), currency)


def highest_spend(window: Window, panel: Panel) -> float:
    """The most that these accounts ever spent in as many days, by their best four weeks; 0 without a history."""
    daily = panel.cost.sum(axis=0)
    if not daily.size:
        return 0.0
    width = min(USUAL_DAYS, daily.size)
    return float(np.convolve(daily, np.ones(width), "valid").max()) / width * window.days
