"""Figures that may be targets, with the metrics named near them, and the signs for the learnt weights."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

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


def target_signs(document: Document, candidates: list[Candidate], at: int) -> Iterator[str]:
    """The signs of one candidate among all of its text."""
    one = candidates[at]
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
    yield from _among_others(candidates, at)


def _between(document: Document, one: Candidate) -> str:
    if one.named == "behind":
        return document.text[one.figure.end : one.target.end]
    return document.text[one.target.start : one.figure.start]


def _among_others(candidates: list[Candidate], at: int) -> Iterator[str]:
    one = candidates[at]
    same_metric = [other for other in candidates if other.target.value.metric == one.target.value.metric]
    same_figure = [other for other in candidates if other.figure.start == one.figure.start]
    reach = one.target.end - one.target.start
    holds = {
        "rules say another metric": not one.by_rules and any(other.by_rules for other in same_figure),
        "rules say another figure": not one.by_rules and any(other.by_rules for other in same_metric),
        "nearest metric": reach <= min(other.target.end - other.target.start for other in same_figure),
        "only metric": len(same_figure) == 1,
        "last of its metric": one is same_metric[-1],
        "only one of its metric": len(same_metric) == 1,
        "nothing by rules": not any(other.by_rules for other in candidates),
    }
    yield from (sign for sign, true in holds.items() if true)
