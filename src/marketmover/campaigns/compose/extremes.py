"""Budgets far from what the accounts ever spent: which lines stop, and how much of the money is worth spending."""

from marketmover.budget import worth_spending
from marketmover.campaigns.compose.advice import Advice
from marketmover.campaigns.compose.money import highest_spend
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.window import USUAL_DAYS, Window
from marketmover.campaigns.compose.words import count, listed, metric_words, money, next_one, one_of, quoted
from marketmover.history import Line, Panel
from marketmover.kit import counted, plural

_LITTLE = 0.25  # of what the lines lately spent
_BEYOND = 2.0  # times the most that was ever spent
_MUCH = 0.95  # of the budget: what is worth less than that of it is said
_MUCH_LEFT = 0.3
_NAMED = 6
_RESULTS = ("leads", "qualified_leads", "conversions", "sales", "installs")


def remark_on_size(advice: Advice, panel: Panel, scope: Scope, window: Window, currency: str, notes: Notes) -> None:
    """Warn where a budget is so small that lines stop, or so large that nothing in the history speaks for it."""
    if not scope.existing:
        return
    little = _on_little(advice, panel, scope.existing, window, currency)
    highest = highest_spend(window, panel)
    much = _on_much(advice, highest, currency) if 0 < highest < advice.total / _BEYOND else []
    if said := [*little, *much]:
        notes.warn(" ".join(said))


def _on_little(advice: Advice, panel: Panel, lines: list[Line], window: Window, currency: str) -> list[str]:
    rows = [panel.line_ids.index(line.id) for line in lines]
    lately = float(panel.cost[rows, -USUAL_DAYS:].sum()) * window.days / min(USUAL_DAYS, panel.cost.shape[1])
    little = advice.total < _LITTLE * lately
    said: list[str] = []
    if little:
        said.append(
            f"The budget is {_share(advice.total / lately)} of what these lines lately spent in as many days "
            f"({money(lately, currency)}): what so little brings is an extrapolation."
        )
    stopped = [line for line in lines if _stops(line.id, advice, any_reason=little)]
    if stopped:
        names = listed([quoted(line.name) for line in stopped], most=_NAMED)
        many = len(stopped)
        why = "" if little else f" cannot be run on {plural(many, 'its', 'their')} share of the budget and"
        said.append(f"{counted(many, 'line')}{why} {plural(many, 'stops', 'stop')}: {names}. {_enough(advice)}")
    thin = [line for line in lines if line.id in advice.allocation.thin]
    if thin:
        needed = money(max(advice.allocation.thin[line.id] for line in thin) / window.days, currency)
        said.append(
            f"{listed([quoted(line.name) for line in thin], most=_NAMED)} {plural(len(thin), 'gets', 'get')} less than "
            f"the {needed} a day that it takes to run: the budget is too small for these dates, so spend it in fewer "
            "days or wait until there is more."
        )
    return [*said, *_on_left_over(advice)]


def _stops(line: str, advice: Advice, *, any_reason: bool) -> bool:
    stops = advice.split[line] == 0 and advice.today.cents[line] > 0
    return stops and (any_reason or line in advice.allocation.stopped)


def _on_left_over(advice: Advice) -> list[str]:
    """What comes from past spend, where that is much of what is expected."""
    expected = advice.expected.total[advice.metric].mid
    drawn = advice.response.left_over(advice.metric)
    if drawn is None or expected <= 0 or advice.metric in ("revenue", "profit"):
        return []
    rows = [advice.response.row(line) for line in advice.split]
    left = float(drawn[:, rows].sum(axis=1).mean())
    if left < _MUCH_LEFT * expected:
        return []
    expected_words = f"{count(expected)} {metric_words(advice.metric)} expected"
    return [f"About {count(left)} of the {expected_words} come late from money that was spent before the plan."]


def _enough(advice: Advice) -> str:
    """What a line that runs gets at least."""
    problem = advice.allocation.problem
    results = problem.limits.weekly_results if problem is not None else None
    if not results or advice.metric not in _RESULTS:
        return "The others get what their platforms take at least."
    return f"The others get what their platforms take, and enough for {results:g} {one_of(advice.metric)} a week."


def _on_much(advice: Advice, highest: float, currency: str) -> list[str]:
    total = advice.total
    first = (
        f"The budget is {total / highest:,.1f} times the most that these accounts ever spent in as many days "
        f"({money(highest, currency)}). What so much money brings is an extrapolation: raise it in steps, and plan "
        "again after each."
    )
    said, worth = [first], worth_spending(advice.allocation)
    if worth is not None and worth.total < _MUCH * total:
        said.append(
            f"About {money(_round(worth.total), currency)} of it is worth spending: from there on "
            f"{next_one(advice.metric, 2 * worth.today, currency)}, twice the price at today's spend; at the end of "
            f"this budget {next_one(advice.metric, worth.last, currency)}."
        )
    if worth is not None and worth.speaks_for < _MUCH * total:
        said.append(
            f"For {money(_round(total - worth.speaks_for), currency)} of it nothing in the history speaks at all: it "
            "may well not be spent, since there may not be so much to buy."
        )
    return said


def _round(amount: float) -> float:
    """Two digits: these are orders of size."""
    return float(f"{amount:.2g}")


def _share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.01 else f"{100 * share:.1g}%"
