"""Why each line gets what it gets: sentences with the figures behind them."""

from marketmover.budget import LineSummary
from marketmover.campaigns.compose.advice import Advice
from marketmover.campaigns.compose.further import Further
from marketmover.campaigns.compose.words import change, count, metric_words, money, prices_compared
from marketmover.history import Line
from marketmover.kit import counted, from_cents
from marketmover.plans import Expected

_FIRM_DIFFERENCE = 0.15
_AS_DEAR = 0.02
_CLEARLY_WORN = 0.05


def reasons(line_id: str, line: Line | None, advice: Advice, returns: Further, currency: str, days: int) -> list[str]:
    """Sentences for one line, the most telling first.

    Args:
        line_id: The line.
        line: What the history says of it, `None` for a new line.
        advice: The split and what it rests on.
        returns: What further money brings on each line.
        currency: ISO 4217.
        days: Days of the plan.
    """
    summary = advice.summaries[line_id]
    said = [
        _stopped(line_id, advice, currency, days) or _why(line_id, line, advice, returns, currency, days),
        _left_over(line_id, advice),
        _quality(line_id, advice),
        _basis(line, summary, currency),
        _room(line_id, line, summary, advice, currency, days),
        _worn(line_id, advice),
        _held(line_id, advice, currency),
        _trial(line_id, line, advice),
    ]
    return [sentence for sentence in said if sentence]


def _stopped(line_id: str, advice: Advice, currency: str, days: int) -> str:
    needed = advice.allocation.stopped.get(line_id)
    if needed is None:
        return ""
    return (
        f"No money: it cannot be run on less than about {money(needed / days, currency)} a day, and so much of this "
        "budget brings more elsewhere."
    )


def _left_over(line_id: str, advice: Advice) -> str:
    """What a line that gets nothing still brings from the spend before, where that is something."""
    expected = advice.expected.lines[line_id].get(advice.metric)
    if advice.split[line_id] > 0 or expected is None or expected.mid < 1 or advice.metric in ("revenue", "profit"):
        return ""
    return f"The {count(expected.mid)} {metric_words(advice.metric)} still expected come from what was spent before."


def _why(line_id: str, line: Line | None, advice: Advice, returns: Further, currency: str, days: int) -> str:
    if line is None:
        return "New: no line of the history does this job yet."
    now, then = from_cents(advice.today.cents[line_id]), from_cents(advice.split[line_id])
    if line_id in advice.allocation.at_least and then > now:
        return f"Gets more: {money(then / days, currency)} a day is the least that it can be run on."
    what, at_once, later = change(now, then), returns.today[line_id], returns.advised[line_id]
    if _fits(what, at_once, returns.across):
        return f"{what}: at today's share {prices_compared(advice.metric, at_once, returns.across, currency)}."
    if _fits(what, later, returns.across):
        return f"{what}: at this budget {prices_compared(advice.metric, later, returns.across, currency)}."
    return f"{what}, although at today's share {prices_compared(advice.metric, at_once, returns.across, currency)}."


def _fits(what: str, here: float, across: float) -> bool:
    """Whether a return speaks for what becomes of the line; as good as elsewhere speaks for either."""
    if what == "Gets more":
        return here >= across * (1 - _AS_DEAR)
    return what == "As today" or here <= across * (1 + _AS_DEAR)


def _quality(line_id: str, advice: Advice) -> str:
    if advice.metric != "qualified_leads":
        return ""
    here, across = (_rate(figures) for figures in (advice.expected.lines[line_id], advice.expected.total))
    if here is None or across is None or abs(here / across - 1) < _FIRM_DIFFERENCE:
        return ""
    return f"{here:.0%} of its leads qualify, against {across:.0%} across the plan."


def _rate(figures: Expected) -> float | None:
    leads, qualified = figures.get("leads"), figures.get("qualified_leads")
    if leads is None or qualified is None or leads.mid <= 0 or qualified.mid <= 0:
        return None
    return qualified.mid / leads.mid


def _basis(line: Line | None, summary: LineSummary, currency: str) -> str:
    if line is None or summary.days == 0:
        return "Its figures rest on like lines and on what such campaigns usually bring: a first guess."
    own = f"rest on {counted(summary.days, 'day')} and {money(summary.spend, currency)} of its own history"
    lean = " and lean on like lines as well" if summary.own_share < 0.5 else ""
    return f"Its figures {own}{lean}; they are {summary.certainty}."


def _room(line_id: str, line: Line | None, summary: LineSummary, advice: Advice, currency: str, days: int) -> str:
    daily = from_cents(advice.split[line_id]) / days
    if line is None or summary.highest_daily_spend <= 0 or daily <= 1.1 * summary.highest_daily_spend:
        return ""
    return (
        f"{money(daily, currency)} a day is more than it ever spent over a week "
        f"({money(summary.highest_daily_spend, currency)} a day): raise it in steps and watch the "
        f"cost of {metric_words(advice.metric)}."
    )


def _worn(line_id: str, advice: Advice) -> str:
    """What its worn creatives cost a line, where that is clear and it gets money."""
    worn = advice.response.worn(line_id, advice.metric)
    if worn is None or worn[0] < _CLEARLY_WORN or advice.split[line_id] <= 0:
        return ""
    low, mid, high = worn
    return (
        f"Its ads are worn, which costs it about {mid:.0%} of its {metric_words(advice.metric)} "
        f"({low:.0%} to {high:.0%}): give it new ones."
    )


def _held(line_id: str, advice: Advice, currency: str) -> str:
    if line_id in advice.allocation.evidence_caps:
        cap = advice.allocation.evidence_caps[line_id]
        return f"Held at {money(cap, currency)}: nothing in the history speaks for spend beyond that."
    bound = advice.allocation.binding.get(line_id)
    return f"Held by a limit: {bound}." if bound and line_id not in advice.on_trial else ""


def _trial(line_id: str, line: Line | None, advice: Advice) -> str:
    if line_id not in advice.on_trial:
        return ""
    if line is None:
        return "Part of the budget goes here to learn what it can do."
    return "Too young to judge: it keeps at least half of its share so that more is learned."
