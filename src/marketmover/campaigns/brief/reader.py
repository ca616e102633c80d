"""A client's text read into a brief: each field by its own rules, with the words that it rests on."""

from collections.abc import Iterable
from typing import TypeVar

from marketmover.campaigns.brief.ages import find_ages
from marketmover.campaigns.brief.beside import Beside, read_beside
from marketmover.campaigns.brief.budget import find_budget
from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.countries import find_countries
from marketmover.campaigns.brief.country_mentions import country_mentions
from marketmover.campaigns.brief.dates import Timing, find_timing
from marketmover.campaigns.brief.document import Document, read_document
from marketmover.campaigns.brief.feeling_signs import parts
from marketmover.campaigns.brief.feelings import find_sentiment
from marketmover.campaigns.brief.genders import find_genders
from marketmover.campaigns.brief.industry import find_industry
from marketmover.campaigns.brief.money import Sum, sums
from marketmover.campaigns.brief.objective import find_objective
from marketmover.campaigns.brief.outcome import find_outcome
from marketmover.campaigns.brief.platforms import find_platforms
from marketmover.campaigns.brief.product import find_product
from marketmover.campaigns.brief.targets import find_targets
from marketmover.language import foreign_language
from marketmover.plans import Audience, Brief, BriefTarget

T = TypeVar("T")
Ages = tuple[Found[int] | None, Found[int] | None]
"""The youngest and the oldest that a text names."""


def read_brief(text: str) -> Brief:
    """Read a client's text into a brief (contract: brief).

    Pure and deterministic; what the text does not say stays `None` or empty. Every entry of `evidence` is cut from
    `text` as it stands there.

    >>> read_brief("We need more enquiries. Budget: 4,000 GBP a month, UK homeowners only.").budget
    BriefBudget(amount=4000.0, currency='GBP', period='month')
    """
    document = read_document(text)
    evidence: dict[str, str] = {}
    named = [one.value for one in country_mentions(document)]
    money = sums(document, named)
    targets = find_targets(document)
    ages = find_ages(document)
    budget, warnings = find_budget(document, money, _taken(targets, ages))
    if budget is not None:  # what is the whole budget is no cost of one result
        whole = budget.value.amount
        targets = [one for one in targets if one.value.value != whole or not one.value.metric.startswith("cost_")]
    timing = find_timing(document, named, [one.currency for one in money if one.currency])
    objective = find_objective(document, targets)
    platforms, platform_evidence = find_platforms(document)
    judged = parts(document)
    beside = read_beside(document, judged)
    product = find_product(document, beside)
    fields = {
        "objective": _one(document, "objective", objective, evidence),
        "outcome": _one(
            document, "outcome", find_outcome(document, objective.value if objective else None, targets), evidence
        ),
        "budget": _one(document, "budget", budget, evidence),
        **_timing(document, timing, evidence),
        "targets": _many(document, "targets", targets, evidence),
        "product": _one(document, "product", product, evidence),
        "industry": _one(document, "industry", find_industry(document, product), evidence),
        "tone": _many(document, "tone", beside.tone, evidence),
        "constraints": _many(document, "constraints", beside.constraints, evidence),
        "sentiment": _one(document, "sentiment", find_sentiment(judged), evidence),
        "concerns": _many(document, "concerns", beside.concerns, evidence),
        "audience": _audience(document, beside, ages, evidence),
    }
    evidence.update({name: found.evidence(document) for name, found in platform_evidence.items()})
    return Brief.model_validate(
        {
            **fields,
            "platforms": platforms,
            "evidence": evidence,
            "warnings": [*_foreign(text), *warnings, *timing.warnings],
        }
    )


def _foreign(text: str) -> list[str]:
    """A warning where nothing that was read, a refusal least of all, can be relied on."""
    named = {"de": "German", "es": "Spanish", "fr": "French", "it": "Italian", "nl": "Dutch", "pt": "Portuguese"}
    code = foreign_language(text)
    return [f"the text is in {named[code]}, and only English is read: check every field"] if code else []


def money_and_taken(document: Document) -> tuple[list[Sum], list[tuple[int, int]]]:
    """The sums of a text, and the places whose figures are targets or ages: what `find_budget` is given."""
    named = [one.value for one in country_mentions(document)]
    return sums(document, named), _taken(find_targets(document), find_ages(document))


def _taken(targets: list[Found[BriefTarget]], ages: Ages) -> list[tuple[int, int]]:
    return [(one.start, one.end) for one in (*targets, *ages) if one]


def _audience(document: Document, beside: Beside, ages: Ages, evidence: dict[str, str]) -> Audience:
    youngest, oldest = ages
    return Audience.model_validate(
        {
            "countries": _many(document, "audience.countries", find_countries(document), evidence),
            "places": _many(document, "audience.places", beside.places, evidence),
            "age_min": _one(document, "audience.age_min", youngest, evidence),
            "age_max": _one(document, "audience.age_max", oldest, evidence),
            "genders": sorted(_many(document, "audience.genders", find_genders(document), evidence)),
            "interests": _many(document, "audience.interests", beside.interests, evidence),
        }
    )


def _timing(document: Document, timing: Timing, evidence: dict[str, str]) -> dict[str, object]:
    return {
        "start_date": _one(document, "start_date", timing.start, evidence),
        "end_date": _one(document, "end_date", timing.end, evidence),
        "duration_days": _one(document, "duration_days", timing.duration, evidence),
    }


def _one(document: Document, name: str, found: Found[T] | None, evidence: dict[str, str]) -> T | None:
    if found is None:
        return None
    evidence[name] = found.evidence(document)
    return found.value


def _many(document: Document, name: str, found: Iterable[Found[T]], evidence: dict[str, str]) -> list[T]:
    """The values; the evidence is their common stretch where they stand in one sentence, else the first one's words."""
    ordered = sorted(found, key=lambda one: one.start)
    if not ordered:
        return []
    first, last = ordered[0], max(ordered, key=lambda one: one.end)
    together = document.unit_at(first.start) == document.unit_at(last.start)
    evidence[name] = document.evidence(*document.whole_words(first.start, last.end if together else first.end))
    return [one.value for one in ordered]
