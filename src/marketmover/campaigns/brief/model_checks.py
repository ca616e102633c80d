"""Readings of a language model held against the text: kept only where their words stand there and the value follows.

Each check returns the value to keep. What our own rules can read in the words must agree with what the model says, and
where it can be had from them, it is theirs that is kept: no number, date or country comes from the model alone.
"""

import re
from datetime import date
from typing import TypeVar

from marketmover.campaigns.brief.ages import find_ages
from marketmover.campaigns.brief.budget import find_budget
from marketmover.campaigns.brief.calendar import Span, spans
from marketmover.campaigns.brief.context import is_past
from marketmover.campaigns.brief.country_mentions import country_mentions
from marketmover.campaigns.brief.document import Document, read_document
from marketmover.campaigns.brief.genders import find_genders
from marketmover.campaigns.brief.lengths import lengths
from marketmover.campaigns.brief.model_form import (
    SaidBudget,
    SaidConstraint,
    SaidDate,
    SaidGender,
    SaidNumber,
    SaidObjective,
    SaidOutcome,
    SaidPlatform,
    SaidSentiment,
    SaidTarget,
    SaidText,
)
from marketmover.campaigns.brief.model_words import Source, Stretch, follows
from marketmover.campaigns.brief.money import Sum, stated_currency, sums
from marketmover.campaigns.brief.noun_phrases import tokens
from marketmover.campaigns.brief.numbers import numbers
from marketmover.campaigns.brief.objective import find_objective
from marketmover.campaigns.brief.outcome import find_outcome
from marketmover.campaigns.brief.platforms import find_platforms
from marketmover.campaigns.brief.targets import find_targets
from marketmover.campaigns.brief.trades import trades
from marketmover.plans import BriefBudget, BriefConstraint, BriefSentiment, BriefTarget, Objective, Outcome, Platform

T = TypeVar("T")
_DIGITS = re.compile(r"\d+")


class RefusedError(Exception):
    """A reading that is not kept, and why; it never leaves the room, it becomes a warning."""


def standing(words: str, source: Source) -> Stretch:
    """Where the words that a reading rests on stand in the text, addressed to the agency."""
    at = source.find(words)
    if at is None:
        raise RefusedError("its words do not stand in the text")
    if source.is_to_a_machine(at):
        raise RefusedError("its words speak to a machine")
    return at


def objective(said: SaidObjective, source: Source, at: Stretch) -> Objective:
    """The objective, unless the rules read another one in its words."""
    del source
    read = find_objective(read_document(at.words), [])
    return _agreed(said.value, read.value if read else None)


def outcome(said: SaidOutcome, source: Source, at: Stretch) -> Outcome:
    """The outcome, where its words name it."""
    del source
    read = find_outcome(read_document(at.words), None)
    if read is None and not follows(said.value.replace("_", " "), at.words):
        raise RefusedError("its words do not name it")
    return _agreed(said.value, read.value if read else None)


def budget(said: SaidBudget, source: Source, at: Stretch) -> BriefBudget:
    """The budget, where its words hold that sum in that currency for that period, and do not speak of the past."""
    same = [one for one in source.sums_in(at) if abs(one.amount - said.amount) < 0.005]
    if not same:
        raise RefusedError("its words hold no such sum")
    found = same[-1]
    if is_past(source.document, found.start, found.end):
        raise RefusedError("its words speak of the past")
    currency = _currency(source, found)
    if said.currency and said.currency.upper() != currency:
        raise RefusedError(f"the text does not say {said.currency.upper()!r:.12}")
    words = read_document(f"Budget: {at.words}")
    read, _ = find_budget(words, sums(words, []), [])
    if read is None or read.value.period != said.period:
        raise RefusedError(f"its words do not say that it is for the {said.period}")
    return BriefBudget(amount=round(found.amount, 2), currency=currency, period=said.period)


def first_day(said: SaidDate, source: Source, at: Stretch) -> date:
    """The first day, where its words fix it to the year."""
    del source
    return _day(said.value, [one.first for one in _fixed_spans(at)])


def last_day(said: SaidDate, source: Source, at: Stretch) -> date:
    """The last day, where its words fix it to the year."""
    del source
    return _day(said.value, [one.last for one in _fixed_spans(at)])


def duration(said: SaidNumber, source: Source, at: Stretch) -> int:
    """The length in days, where its words hold that length."""
    del source
    if said.value not in [one.about_days for one in lengths(_lower(at))]:
        raise RefusedError("its words hold no such length")
    return said.value


def age(said: SaidNumber, source: Source, at: Stretch) -> int:
    """An age, where its words hold that number or name that decade."""
    del source
    read = [one.value for one in find_ages(read_document(f"Age: {at.words}")) if one]
    if said.value not in (*read, *map(int, _DIGITS.findall(at.words))) or not 0 <= said.value <= 120:
        raise RefusedError("its words hold no such age")
    return said.value


def country(said: SaidText, source: Source, at: Stretch) -> str:
    """A country, where its words name it."""
    del source
    read = {one.value for one in country_mentions(read_document(at.words))}
    if said.value.strip().upper() not in read:
        raise RefusedError("its words do not name that country")
    return said.value.strip().upper()


def asked_platform(said: SaidPlatform, source: Source, at: Stretch) -> Platform:
    """A platform that is asked for, where its words name it and do not refuse it."""
    del source
    if said.value not in _platforms(at)[0]:
        raise RefusedError("its words do not ask for it")
    return said.value


def refused_platform(said: SaidPlatform, source: Source, at: Stretch) -> Platform:
    """A platform that is not wanted, where its words refuse it."""
    del source
    if said.value not in _platforms(at)[1]:
        raise RefusedError("its words do not refuse it")
    return said.value


def gender(said: SaidGender, source: Source, at: Stretch) -> str:
    """A gender, where its words name it."""
    del source
    if said.value not in [one.value for one in find_genders(read_document(f"Audience: {at.words}"))]:
        raise RefusedError("its words do not name it")
    return said.value


def target(said: SaidTarget, source: Source, at: Stretch) -> BriefTarget:
    """A figure to keep, where its words hold it, speak of the future, and the rules read no other in them."""
    held = [one for one in numbers(_lower(at)) if abs(one.value - said.value) < 0.005]
    if not held:
        raise RefusedError("its words hold no such figure")
    if _speaks_of_the_past(source, at):
        raise RefusedError("its words speak of the past")
    made = BriefTarget(metric=said.metric, value=said.value, comparison=said.comparison)
    read = [one.value for one in find_targets(read_document(f"Targets: {at.words}"))]
    if read and made not in read:
        raise RefusedError("the rules read another figure in its words")
    return made


def phrase(said: SaidText, source: Source, at: Stretch) -> str:
    """A phrase, where its own words are in those it rests on."""
    del source
    return _phrase(said.value, at)


def industry(said: SaidText, source: Source, at: Stretch) -> str:
    """A line of business, where its words name it, or the rules know it by them."""
    del source
    document = read_document(at.words)
    name = said.value.strip().lower()
    line = tokens(document.text, 0, len(document.text))
    if any(trade.industry == name for trade in trades(line, 0, len(line))):
        return name
    return _phrase(said.value, at).lower()


def constraint(said: SaidConstraint, source: Source, at: Stretch) -> BriefConstraint:
    """Something to avoid or to have, in the client's words."""
    del source
    return BriefConstraint(kind=said.kind, what=_phrase(said.what, at))


def sentiment(said: SaidSentiment, source: Source, at: Stretch) -> BriefSentiment:
    """A feeling whose label and score say the same."""
    del source, at
    sign = {"positive": said.score > 0, "negative": said.score < 0, "neutral": abs(said.score) <= 0.5}
    if not sign[said.label]:
        raise RefusedError("its label and its score contradict each other")
    return BriefSentiment(label=said.label, score=said.score)


def _currency(source: Source, found: Sum) -> str | None:
    """The currency of a sum as the whole text gives it: its own, a stated one, or the only one that is named."""
    stated = stated_currency(source.document)
    if stated and (found.currency is None or found.dollar):
        return stated[0]
    named = {one.currency for one in source.sums if one.currency}
    return found.currency or (next(iter(named)) if len(named) == 1 else None)


def _agreed(said: T, read: T | None) -> T:
    if read is not None and read != said:
        raise RefusedError(f"the rules read {str(read)!r} in its words")
    return said


def _phrase(value: str, at: Stretch) -> str:
    if not follows(value, at.words):
        raise RefusedError("it says more than its words")
    return " ".join(value.split())


def _lower(at: Stretch) -> str:
    return read_document(at.words).text


def _fixed_spans(at: Stretch) -> list[Span]:
    """Days and runs of days that the words fix; a date that could be read two ways fixes none."""
    return [one for one in spans(_lower(at), "dmy") if isinstance(one, Span) and not one.ambiguous]


def _day(said: date, read: list[date]) -> date:
    if said not in read:
        raise RefusedError("its words do not fix that day")
    return said


def _platforms(at: Stretch) -> tuple[list[Platform], list[Platform]]:
    read, _ = find_platforms(read_document(f"Platforms: {at.words}"))
    return read.include, read.exclude


def _speaks_of_the_past(source: Source, at: Stretch) -> bool:
    document: Document = source.document
    inside = [index for index, place in enumerate(document.places) if at.start <= place < at.end]
    return bool(inside) and is_past(document, inside[0], inside[-1] + 1)
