"""Which questions are worth asking, and what the plan assumes where nobody answers them.

The order is that of what an answer would change in the plan: how much money and over which days first, then what is
maximised, then where and for whom, then the rest. What the history answers by itself is not asked.
"""

from collections.abc import Callable, Iterable
from datetime import date

from pydantic import Field

from marketmover.campaigns.brief import mentioned_places
from marketmover.campaigns.dialogue.about_dates import ask_of_dates
from marketmover.campaigns.dialogue.accounts import Accounts
from marketmover.campaigns.dialogue.candidates import Candidate, Context
from marketmover.campaigns.dialogue.manner import manner_of
from marketmover.campaigns.dialogue.money import contradiction, period_unsaid, written
from marketmover.campaigns.dialogue.wording import Wording, choose, either
from marketmover.plans import Brief, BriefBudget, Form

MOST = 5
_USUAL_MOST = 4
_LEAST_VALUE = 40
_ALWAYS_VALUE = 60
_ABOUT_A_MONTH = 35


class Question(Form):
    """A question to the client.

    Attributes:
        id: 1, 2, ... in the order asked; answers may name it.
        field: What the answer fills in the brief: `budget`, `budget.currency`, `start_date`, `audience.countries`, ...
        question: In the client's manner.
        why: What the answer would change.
        assumed: What the plan does without an answer.
        choices: Likely answers where they are few, in words that can be sent back as the answer.
    """

    id: int
    field: str
    question: str
    why: str
    assumed: str
    choices: list[str] = Field(default_factory=list[str])


def ask(brief: Brief, text: str, *, today: date, accounts: Accounts | None = None) -> list[Question]:
    """The questions whose answers would change the plan most, at most five, the weightiest first.

    Args:
        brief: What was understood.
        text: What the client wrote; its manner is that of the questions. Empty where only the brief is at hand.
        today: Dates that are suggested lie after it.
        accounts: What the history says; without it, nothing is known of the past.
    """
    manner = manner_of(text, brief.budget.currency if brief.budget else None)
    context = Context(brief, text, accounts, today, manner)
    found = sorted((one for find in _FINDERS for one in find(context)), key=lambda one: -one.value)
    once = {one.field: one for one in reversed(found)}
    ranked = [one for one in found if once[one.field] is one and one.value >= _LEAST_VALUE]
    kept = [one for at, one in enumerate(ranked[:MOST]) if at < _USUAL_MOST or one.value >= _ALWAYS_VALUE]
    return [
        Question(
            id=number,
            field=one.field,
            question=choose(one.wording, manner),
            why=one.wording.why,
            assumed=one.wording.assumed,
            choices=list(one.choices),
        )
        for number, one in enumerate(kept, start=1)
    ]


def _budget(context: Context) -> Iterable[Candidate]:
    if context.brief.budget is not None:
        yield from _sum(context, context.brief.budget)
        return
    accounts = context.accounts
    costs = [
        target for target in context.brief.targets if target.metric.startswith("cost_per") or target.metric == "roas"
    ]
    assumed = "without past campaigns no plan can be made"
    if accounts is not None:
        spent = written(accounts.spent, accounts.currency)
        assumed = f"what the last 28 days spent, {spent} for four weeks"
    elif context.text:
        assumed = "what the accounts spent in their last 28 days"
    if costs:
        assumed = "as much as pays at the target you gave, at most twice what was ever spent in as many days"
    yield Candidate(
        "budget",
        100,
        Wording(
            "What may this campaign spend, in which currency, and is that in total or per month?",
            "What's the budget, in which currency, and is it in total or a month?",
            "Budget? In total or a month?",
            "The budget decides how many results can be planned and which campaigns get money.",
            assumed,
        ),
    )


def _sum(context: Context, budget: BriefBudget) -> Iterable[Candidate]:
    """What a stated sum leaves open: its currency, and by when it is spent."""
    known = context.accounts.currency if context.accounts else ""
    no_currency, no_period = budget.currency is None and not known, period_unsaid(context.brief)
    long = context.brief.duration_days is None or context.brief.duration_days > _ABOUT_A_MONTH
    amount = written(budget.amount, budget.currency)
    if no_currency and no_period:
        yield Candidate(
            "budget",
            79,
            Wording(
                f"In which currency is the budget of {amount}, and is it for the whole campaign or per month?",
                f"Which currency is the {amount} in, and is it for the whole campaign or a month?",
                f"{amount} in which currency, in total or a month?",
                "The same figure in another currency, or every month, is another plan.",
                f"{amount} for the whole campaign, in the currency of your ad accounts",
            ),
        )
    elif no_currency:
        yield Candidate(
            "budget.currency",
            78,
            Wording(
                f"In which currency is the budget of {amount}?",
                f"Which currency is the {amount} in?",
                f"{amount} in which currency?",
                "The same figure in another currency is another plan.",
                "the currency of your ad accounts",
            ),
        )
    elif no_period:
        yield Candidate(
            "budget.period",
            76 if long else 30,
            Wording(
                f"Is {amount} the budget for the whole campaign, or per month?",
                f"Is the {amount} for the whole campaign, or a month?",
                f"{amount} in total or a month?",
                "Over several months the two differ by that many times.",
                f"{amount} for the whole campaign",
            ),
            ("In total", "Per month"),
        )


def _contradicting(context: Context) -> Iterable[Candidate]:
    found = contradiction(context.brief)
    if found:
        yield Candidate("targets", 80, found.wording, tuple(found.choices))


def _goal(context: Context) -> Iterable[Candidate]:
    brief, accounts = context.brief, context.accounts
    if brief.objective is None and brief.outcome is None:
        metrics = set(accounts.metrics) if accounts else set[str]()
        alone = bool(accounts) and len(metrics & {"leads", "revenue"}) < 2
        counted = "leads" if not accounts or "leads" in metrics else "conversions"
        yield Candidate(
            "objective",
            45 if alone else 88,
            Wording(
                "What should the campaign bring above all: enquiries, sales, visits to your website, or being known?",
                "What matters most: enquiries, sales, website visits, or getting your name out?",
                "Goal: enquiries, sales, visits or being known?",
                "The plan puts money where most of this is to be had, and that differs by goal.",
                counted if accounts else "leads where the accounts count them, else conversions",
            ),
            ("Leads", "Sales", "Website traffic", "Awareness", "App installs"),
        )
    elif brief.outcome == "qualified_leads":
        if context.silent("a good lead") and not (accounts and "qualified_leads" in accounts.metrics):
            yield Candidate(
                "outcome",
                50,
                Wording(
                    "What makes a lead a good one for you, and where do you record it?",
                    "What makes a lead a good one for you, and where do you note it?",
                    "What is a good lead for you?",
                    "Platforms count every lead; only your own record tells the good ones.",
                    "what your CRM marks as qualified; without a CRM, all leads count the same",
                ),
            )
    elif brief.objective == "sales" and brief.outcome is None:
        yield from _orders(context)


def _orders(context: Context) -> Iterable[Candidate]:
    known = context.accounts is None or "revenue" in context.accounts.metrics
    stated = any(target.metric in _SALES for target in context.brief.targets)
    if known and not stated:
        yield Candidate(
            "outcome",
            46,
            Wording(
                "Should the plan aim for as many orders as possible, or for as much revenue as possible?",
                "As many orders as possible, or as much revenue?",
                "Orders or revenue?",
                "Few large orders and many small ones come from different campaigns.",
                "revenue" if context.accounts else "revenue where the accounts record it, else orders",
            ),
            ("Number of orders", "Revenue"),
        )


_SALES = frozenset(("roas", "revenue", "sales", "cost_per_acquisition"))


def _where(context: Context) -> Iterable[Candidate]:
    audience, accounts = context.brief.audience, context.accounts
    if audience.countries or audience.places or not context.silent("anywhere"):
        return
    known = ", ".join(accounts.countries) if accounts else ""
    assumed = f"where your campaigns run today{f' ({known})' if known else ''}"
    named = either(mentioned_places(context.text), "and")
    why = "Ads are bought by place, and campaigns aimed elsewhere stay out of the plan."
    if named:  # said, though perhaps of something else: asked so that a yes is enough
        words = Wording(
            f"You mention {named}: is that where the people are whom you wish to reach?",
            f"You mention {named}: is that where the people are that you want to reach?",
            f"Reach people in {named}?",
            why,
            assumed,
        )
        yield Candidate("audience.countries", 50, words, (named,))
        return
    words = Wording(
        "In which country or region are the people whom you wish to reach?",
        "Where are the people you want to reach?",
        "Which country or area?",
        why,
        assumed,
    )
    yield Candidate("audience.countries", 38 if known else 62, words)


def _rest(context: Context) -> Iterable[Candidate]:
    brief, accounts = context.brief, context.accounts
    if not brief.platforms.include and not brief.platforms.exclude and context.silent("any platform"):
        yield Candidate(
            "platforms.include",
            48 if accounts and len(accounts.platforms) == 1 else 42,
            Wording(
                "Should the campaign run on Google, on Facebook and Instagram, or on both?",
                "Google, Facebook and Instagram, or both?",
                "Google, Meta or both?",
                "A platform that has no campaign yet needs a new one, whose results are a first guess.",
                "the platforms that your campaigns run on today; both where there are none",
            ),
            ("Google", "Facebook and Instagram", "Both"),
        )
    if brief.product is None and brief.industry is None:
        yield Candidate(
            "product",
            52,
            Wording(
                "Which product or service is to be advertised?",
                "What exactly are we advertising?",
                "What do we advertise?",
                "Texts, keywords and the choice of past campaigns to learn from rest on it.",
                "what your campaigns advertise today",
            ),
        )


_FINDERS: tuple[Callable[[Context], Iterable[Candidate]], ...] = (
    _budget, _contradicting, ask_of_dates, _goal, _where, _rest,
)  # fmt: skip
