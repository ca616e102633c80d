"""Figures that may be targets, with the metrics named near them, and the signs for the learnt weights."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from marketmover.campaigns.brief import target_words as shared
from marketmover.campaigns.brief.context import Found, is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import words_of
from marketmover.campaigns.brief.weighing import words_around
from marketmover.plans import BriefTarget


@dataclass(frozen=True)
class Candidate:
    """A figure with a metric that it may be a target for; `by_rules` where the rules say so."""

    figure: shared.Figure
    target: Found[BriefTarget]
    named: str
    """Where the metric is named: `ahead`, `behind`, `far ahead` (in the sentence before), or empty."""
    by_rules: bool
    signs: frozenset[str] = frozenset()


_GOOD = rf"(?:{shared.QUALIFIED} (?:\w+ )?{shared.LEAD}|sqls?|mqls?)"
_COUNTED = {
    "qualified_leads": _GOOD,
    "leads": shared.LEAD,
    "installs": r"(?:installs?|installations?|downloads?)",
    "clicks": r"(?:clicks?|visits?|visitors|sessions|hits)",
    "sales": rf"(?:{shared.SALE}|units|pairs|bottles|boxes|seats|passes|pieces|copies|places)",
}
_COSTS = {
    "cost_per_qualified_lead": rf"(?:{_GOOD}|cpql|cpsql)",
    "cost_per_lead": rf"(?:{shared.LEAD}|cpl|visits?)",
    "cost_per_acquisition": rf"(?:{shared.SALE}|cpa|cac|cpo|pass(?:es)?|seats?)",
}
_RATES = {
    "roas": r"(?:roas|return|back|for (?:every|each|1|one))",
    "ctr": r"(?:ctr|click[- ]?through)",
}
_MONEY = {"revenue": r"(?:revenue|turnover|sales|bookings)", "profit": r"(?:profit|margin)"}
_AT_LEAST = frozenset((*_COUNTED, *_RATES, *_MONEY))
_PER_CENT = re.compile(r" ?(?:%|per ?cent)")
_TIMES = re.compile(r" ?(?:x\b|times\b|:1|: 1)")
_FOR_EACH = re.compile(r"\bfor (?:every|each)\b")
_NEAR = 48


def candidates_near(document: Document, figure: shared.Figure) -> Iterator[Candidate]:
    """The metrics that stand near a figure and fit its kind: a count, a sum of money, a rate."""
    money = shared.looks_like_money(figure)
    kinds: dict[str, str] = {}
    if not money and not _PER_CENT.match(figure.after) and figure.value >= 2:
        kinds |= _COUNTED
    for_each = _FOR_EACH.search(figure.after[:_NEAR])
    if _PER_CENT.match(figure.after) or _TIMES.match(figure.after) or (figure.value <= 30 and (for_each or not money)):
        kinds |= _RATES
    if figure.value < 20_000 and not _PER_CENT.match(figure.after):
        kinds |= _COSTS
    if (money or figure.scaled) and figure.value >= 1000:
        kinds |= _MONEY
    for metric, pattern in kinds.items():
        if place := _named(document, figure, pattern):
            yield _candidate(document, figure, metric, *place)


def _named(document: Document, figure: shared.Figure, pattern: str) -> tuple[str, int, int] | None:
    """How a metric is named near a figure, and the stretch that holds both."""
    behind = re.search(rf"\b{pattern}\b", figure.after[:_NEAR])
    ahead = [*re.finditer(rf"\b{pattern}\b", figure.before)]
    far = len(figure.before) - ahead[-1].end() if ahead else _NEAR
    if behind and behind.start() <= far:
        return "behind", figure.start, figure.end + behind.end()
    if ahead and far < _NEAR:
        return "ahead", figure.start - len(figure.before) + ahead[-1].start(), figure.end
    unit, earlier = document.unit_at(figure.start), document.unit_before(figure.start)
    if earlier.start < unit.start and re.search(rf"\b{pattern}\b", document.text[earlier.start : earlier.end]):
        return "far ahead", figure.start, figure.end
    return None


def _candidate(document: Document, figure: shared.Figure, metric: str, named: str, start: int, end: int) -> Candidate:
    unit = document.unit_at(figure.start)
    value = figure.value
    if metric == "roas" and (value > 50 or _PER_CENT.match(figure.after)):
        value /= 100
    target = BriefTarget.model_validate(
        {
            "metric": metric,
            "value": round(value, 4),
            "comparison": "at_least" if metric in _AT_LEAST else "at_most",
        }
    )
    return Candidate(figure, Found(target, max(start, unit.start), min(end, unit.end)), named, by_rules=False)


def with_signs(document: Document, candidates: list[Candidate]) -> list[Candidate]:
    """All candidates of a text, each with its signs."""
    metrics = _groups((one.target.value.metric, one) for one in candidates)
    figures = _groups((one.figure.start, one) for one in candidates)
    shared_signs = () if any(one.by_rules for one in candidates) else ("nothing by rules",)
    found: list[Candidate] = []
    for one in candidates:
        company = _among_others(one, metrics[one.target.value.metric], figures[one.figure.start])
        found.append(replace(one, signs=frozenset((*_signs(document, one), *company, *shared_signs))))
    return found


def _signs(document: Document, one: Candidate) -> Iterator[str]:
    figure, metric, unit = one.figure, one.target.value.metric, document.unit_at(one.figure.start)
    kind = "cost" if metric in _COSTS else metric
    sentence = document.text[unit.start : unit.end]
    yield f"metric:{metric}"
    yield f"{kind} {one.named}"
    yield from words_around(document.text, figure.start, figure.end, unit.start, unit.end)
    left, right = document.clause(figure.start, figure.end)
    yield from (f"clause:{word}" for word in words_of(document.text[left:right]))
    yield from (f"sentence:{word}" for word in words_of(sentence))
    yield from (f"to the metric:{word}" for word in words_of(_between(document, one))[:4])
    yield f"field:{unit.field}"
    yield f"{kind} size:{int(math.log10(max(figure.value, 1.0)))}"
    holds = {
        "rules say it": one.by_rules,
        "money": shared.looks_like_money(figure),
        "scaled": figure.scaled,
        "changed": figure.changed,
        "past": is_past(document, figure.start, figure.end),
        "denied": is_denied(document, figure.start, figure.end),
        "wish before": shared.WISH.search(figure.before) is not None,
        "wish after": shared.WISH.search(figure.after[:40]) is not None,
        "at most before": shared.AT_MOST.search(figure.before[-40:]) is not None,
        "at most after": shared.AT_MOST.search(figure.after[:20]) is not None,
        "at least before": shared.AT_LEAST.search(figure.before[-40:]) is not None,
        "at least after": shared.AT_LEAST.search(figure.after[:20]) is not None,
    }
    signs = [sign for sign, true in holds.items() if true]
    yield from signs
    yield from (f"{kind}, {sign}" for sign in signs)


def _between(document: Document, one: Candidate) -> str:
    if one.named == "behind":
        return document.text[one.figure.end : one.target.end]
    return document.text[one.target.start : one.figure.start]


@dataclass(frozen=True)
class _Group:
    """Candidates that share their metric or their figure: what each is told of the others, found once."""

    size: int
    by_rules: bool
    least_reach: int
    last: Candidate


K = TypeVar("K", str, int)


def _groups(candidates: Iterable[tuple[K, Candidate]]) -> dict[K, _Group]:
    groups: dict[K, list[Candidate]] = {}
    for key, one in candidates:
        groups.setdefault(key, []).append(one)
    return {
        key: _Group(len(some), any(one.by_rules for one in some), min(map(_reach, some)), some[-1])
        for key, some in groups.items()
    }


def _reach(one: Candidate) -> int:
    return one.target.end - one.target.start


def _among_others(one: Candidate, metric: _Group, figure: _Group) -> Iterator[str]:
    holds = {
        "rules say another metric": not one.by_rules and figure.by_rules,
        "rules say another figure": not one.by_rules and metric.by_rules,
        "nearest metric": _reach(one) <= figure.least_reach,
        "only metric": figure.size == 1,
        "last of its metric": one is metric.last,
        "only one of its metric": metric.size == 1,
    }
    yield from (sign for sign, true in holds.items() if true)
