"""Splits of one budget among a plan's lines: how much to spend, how to split it, and what shared budgets cost."""

from dataclasses import dataclass

from marketmover.budget import Allocation, Objective, Paying, Response, allocate, budget_that_pays, compare
from marketmover.campaigns.compose.baseline import Split, todays_split
from marketmover.campaigns.compose.fences import shared_budgets
from marketmover.campaigns.compose.money import habitual_words, most_that_may_pay
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.paying import resolve_paying, spends_what_pays
from marketmover.campaigns.compose.question import Question
from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.words import listed, quoted
from marketmover.history import Panel
from marketmover.kit import from_cents
from marketmover.plans import Limits, PayingNote

_WORTH_SAYING = 0.01
_LIKELY = 0.8


@dataclass(frozen=True)
class Splitter:
    """What all splits of a plan's budget share."""

    response: Response
    objective: Objective
    scope: Scope
    panel: Panel
    currency: str

    @property
    def lines(self) -> list[str]:
        """Lines that may get money."""
        return [line.id for line in (*self.scope.existing, *self.scope.new)]

    def split(self, total: float, limits: Limits, today: Split, *, pooled: bool = True) -> Allocation:
        """The split of a total; where `pooled`, lines that share a budget go on sharing it."""
        return allocate(
            self.response,
            total,
            objective=self.objective,
            limits=limits,
            candidates=self.lines,
            current=_major(today),
            pools=shared_budgets(self.scope) if pooled else {},
            currency=self.currency,
        )

    def how_much(self, question: Question, notes: Notes) -> tuple[float, Limits, PayingNote | None]:
        """What to spend, the limits that hold for it, and what is said where only as much is spent as pays.

        Raises:
            InputError: Nothing pays, and the person asked for no more than pays.
        """
        limits = spends_what_pays(question.brief, question.limits, self.response.metrics)
        if limits is None:
            if question.brief.budget is None:
                notes.assume(habitual_words(question.total, question.currency))
            return question.total, question.limits, None
        stated = question.brief.budget is not None
        most = (
            question.total if stated else most_that_may_pay(question.window, self.panel, question.total, self.currency)
        )
        today = todays_split(self.panel, self.scope, most, self.currency)

        def find() -> Paying:
            return budget_that_pays(
                self.response,
                most,
                objective=self.objective,
                limits=limits,
                candidates=self.lines,
                current=_major(today),
                pools=shared_budgets(self.scope),
                currency=self.currency,
            )

        asked = question.limits.spend == "as_much_as_pays"
        total, note = resolve_paying(
            find, question.total, asked=asked, stated=stated, currency=question.currency, notes=notes
        )
        return total, limits if note else question.limits, note


def remark_on_pools(
    splitter: Splitter, allocation: Allocation, total: float, limits: Limits, today: Split, notes: Notes
) -> None:
    """Say which lines share a budget, and what that costs where it is more than a little."""
    pools = shared_budgets(splitter.scope)
    if not pools:
        return
    names = {line.id: quoted(line.name) for line in splitter.scope.existing}
    for pool in dict.fromkeys(pools.values()):
        members = listed([names[line] for line, other in pools.items() if other == pool])
        notes.assume(
            f"{members} draw on one shared budget in Google Ads. The plan sets its sum; how Google splits it is taken "
            "to stay as it is today."
        )
    free = splitter.split(total, limits, today, pooled=False)
    metric = splitter.objective if splitter.objective != "profit" else "revenue"
    mix = metric if isinstance(metric, str) else {name: weight for name, weight in metric.items() if name != "profit"}
    gain = compare(splitter.response, free.budgets, allocation.budgets, mix)
    if gain.relative.mid > _WORTH_SAYING and gain.probability > _LIKELY:
        notes.warn(
            "Lines that share a budget cannot be given more or less one by one. With a budget of its own for each, the "
            f"plan is expected to bring {gain.relative.mid:.0%} more for the same money: consider parting them in "
            "Google Ads, then plan again."
        )


def _major(split: Split) -> dict[str, float]:
    return {line: from_cents(cents) for line, cents in split.cents.items()}
