"""Figures that may be targets, with the metrics named near them, and the signs for the learnt weights."""

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from marketmover.campaigns.brief import target_words as shared
from marketmover.campaigns.brief.context import Found, is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import words_of
from marketmover.campaigns.brief.weighing import words_around
from marketmover.plans import BriefTarget


@dataclass(frozen=True)
class Candidate:
    """A metric that a figure may be a target for; `by_rules` where the rules say so."""

    target: Found[BriefTarget]
    named: str
    """Where the metric is named: `ahead`, `behind`, `asked` (in the question), `far in the sentence`, `far ahead` (in
    the sentence before), `elsewhere`, or empty."""
    by_rules: bool
    signs: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Figures:
    """A figure that may be a target of one kind, with the metrics of that kind that the text names."""

    figure: shared.Figure
    kind: str
    """`count`, `cost`, `rate` or `money`."""
    metrics: tuple[Candidate, ...]
    signs: frozenset[str] = frozenset()

    @property
    def by_rules(self) -> bool:
        """Whether the rules say it of one of the metrics."""
        return any(metric.by_rules for metric in self.metrics)


_GOOD = rf"(?:{shared.QUALIFIED} (?:\w+ )?{shared.LEAD}|sqls?|mqls?)"
_INSTALL = r"(?:installs?|installations?|downloads?)"
_COUNTED = {
    "qualified_leads": _GOOD,
    "leads": shared.LEAD,
    "installs": _INSTALL,
    "clicks": r"(?:clicks?|visits?|visitors|sessions|hits)",
    "sales": rf"(?:{shared.SALE}|sell|sold|units|pairs|bottles|boxes|seats|passes|pieces|copies|places)",
}
_COSTS = {
    "cost_per_qualified_lead": rf"(?:{_GOOD}|cpql|cpsql)",
    "cost_per_lead": rf"(?:{shared.LEAD}|cpl|visits?)",
    "cost_per_acquisition": rf"(?:{shared.SALE}|{_INSTALL}|cpa|cpi|cac|cpo|pass(?:es)?|seats?|account|loan|policy)",
}
_RATES = {
    "roas": (
        r"(?:r\.?o\.?a\.?s\b\.?|return|back|for (?:every|each|1|one)"
        r"|(?:every|each|per) (?:euro|pound|dollar|rupee|\W?1\b))"
    ),
    "ctr": r"(?:ctr|click[- ]?(?:through|rate))",
}
_MONEY = {"revenue": r"(?:revenue|turnover|sales|bookings|webshop|web ?shop)", "profit": r"(?:profit|margin)"}
_KINDS = {"count": _COUNTED, "cost": _COSTS, "rate": _RATES, "money": _MONEY}
_WAYS = ["behind", "ahead", "asked", "far in the sentence", "far ahead", "elsewhere", ""]
_METRICS = {**_COUNTED, **_COSTS, **_RATES, **_MONEY}
_AT_LEAST = frozenset((*_COUNTED, *_RATES, *_MONEY))
_PER_CENT = re.compile(r" ?(?:%|per ?cent)")
_TIMES = re.compile(r" ?(?:x\b|times\b|:1|: 1)")
_FOR_EACH = re.compile(r"\bfor (?:every|each)\b")
_NEAR = 48
_QUALIFYING = re.compile(
    r"\b(?:qualif\w+|sqls?|mqls?|accepts?|accepted|(?:real|right|serious|genuine|decent|proper) \w+|only counts?"
    r"|counts only)\b"
)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    return {metric: re.compile(rf"(?<![\w-]){pattern}(?!\w)") for metric, pattern in _METRICS.items()}


class NamedMetrics:
    """Where a text, and the question that each of its sentences answers, names the metrics."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.places = {
            metric: [match.span() for match in pattern.finditer(document.text)]
            for metric, pattern in _patterns().items()
        }
        self._ends = {metric: [end for _, end in spans] for metric, spans in self.places.items()}
        self.qualifying = _QUALIFYING.search(document.text) is not None

    def near(self, figure: shared.Figure, metric: str) -> tuple[str, int, int] | None:
        """How a metric is named for a figure, the nearest way, and the stretch that holds both."""
        unit = self._document.unit_at(figure.start)
        spans = self.places[metric]
        at = bisect_right(self._ends[metric], figure.start)
        ahead = spans[at - 1] if at and spans[at - 1][0] >= unit.start else None
        behind = next((one for one in spans[at : at + 2] if one[0] >= figure.end and one[1] <= unit.end + 1), None)
        before = figure.start - ahead[1] if ahead else unit.end
        after = behind[0] - figure.end if behind else unit.end
        if behind and after <= min(before, _NEAR):
            return "behind", figure.start, behind[1]
        if ahead and before < _NEAR:
            return "ahead", ahead[0], figure.end
        if unit.asked and _patterns()[metric].search(unit.asked):
            return "asked", figure.start, figure.end
        if ahead or behind:
            return "far in the sentence", figure.start, figure.end
        earlier = self._document.unit_before(figure.start)
        if at and earlier.start <= spans[at - 1][0]:
            return "far ahead", figure.start, figure.end
        return ("elsewhere", figure.start, figure.end) if spans else None

    def most_named(self, metrics: Iterable[str]) -> str:
        """Which of the metrics the text names most often; empty where none."""
        most = max(metrics, key=lambda metric: len(self.places[metric]))
        return most if self.places[most] else ""


def metrics_near(document: Document, figure: shared.Figure, named: NamedMetrics) -> Iterator[Candidate]:
    """The metrics that the text names and that fit a figure: as a count, as a sum of money, as a rate."""
    money = shared.looks_like_money(figure)
    metrics: list[str] = []
    if not money and not _PER_CENT.match(figure.after) and figure.value >= 2:
        metrics += _COUNTED
    for_each = _FOR_EACH.search(figure.after[:_NEAR])
    if _PER_CENT.match(figure.after) or _TIMES.match(figure.after) or (figure.value <= 30 and (for_each or not money)):
        metrics += _RATES
    if figure.value < 20_000 and not _PER_CENT.match(figure.after):
        metrics += _COSTS
    if (money or figure.scaled) and figure.value >= 1000:
        metrics += _MONEY
    for metric in metrics:
        if place := named.near(figure, metric):
            yield _candidate(document, figure, metric, *place)


def kind_of(metric: str) -> str:
    """`count`, `cost`, `rate` or `money`."""
    return next(kind for kind, metrics in _KINDS.items() if metric in metrics)


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
    return Candidate(Found(target, max(start, unit.start), min(end, unit.end)), named, by_rules=False)


def with_signs(document: Document, named: NamedMetrics, readings: list[Figures]) -> list[Figures]:
    """All readings of a text, each with its signs and those of its metrics."""
    others = _Others.of(readings)
    return [
        replace(
            one,
            metrics=tuple(
                replace(metric, signs=frozenset(_metric_signs(document, named, one, at)))
                for at, metric in enumerate(one.metrics)
            ),
            signs=frozenset((*_figure_signs(document, one), *others.signs(one))),
        )
        for one in readings
    ]


def _figure_signs(document: Document, one: Figures) -> Iterator[str]:
    """The signs that a figure is a target of its kind, whichever the metric."""
    figure, kind, unit = one.figure, one.kind, document.unit_at(one.figure.start)
    named = min((metric.named for metric in one.metrics), key=_WAYS.index)
    left, right = document.clause(figure.start, figure.end)
    plain = [
        *words_around(document.text, figure.start, figure.end, unit.start, unit.end),
        *(f"asked:{word}" for word in words_of(unit.asked)),
        *_holds(document, figure, by_rules=one.by_rules),
        f"field:{unit.field}",
        f"named {named}",
    ]
    yield kind
    yield from plain
    yield from (f"{kind}, {sign}" for sign in plain)
    yield from (f"clause:{word}" for word in words_of(document.text[left:right]))
    yield from (f"sentence:{word}" for word in words_of(document.text[unit.start : unit.end]))
    yield f"{kind} size:{int(math.log10(max(figure.value, 1.0)))}"


def _holds(document: Document, figure: shared.Figure, *, by_rules: bool) -> Iterator[str]:
    holds = {
        "rules say it": by_rules,
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
    yield from (sign for sign, true in holds.items() if true)


@dataclass(frozen=True)
class _Others:
    """What each reading is told of the others, found once."""

    at_figure: Counter[int]
    of_kind: Counter[str]
    said_at: frozenset[int]
    said_kinds: frozenset[str]
    last: dict[str, Figures]

    @classmethod
    def of(cls, readings: list[Figures]) -> "_Others":
        said = [one for one in readings if one.by_rules]
        return cls(
            Counter(one.figure.start for one in readings),
            Counter(one.kind for one in readings),
            frozenset(one.figure.start for one in said),
            frozenset(one.kind for one in said),
            {one.kind: one for one in readings},
        )

    def signs(self, one: Figures) -> Iterator[str]:
        holds = {
            "rules say another kind": not one.by_rules and one.figure.start in self.said_at,
            "rules say another figure": not one.by_rules and one.kind in self.said_kinds,
            "only kind": self.at_figure[one.figure.start] == 1,
            "last of its kind": one is self.last[one.kind],
            "only one of its kind": self.of_kind[one.kind] == 1,
            "nothing by rules": not self.said_at,
        }
        signs = [sign for sign, true in holds.items() if true]
        yield from signs
        yield from (f"{one.kind}, {sign}" for sign in signs)


def _metric_signs(document: Document, named: NamedMetrics, reading: Figures, at: int) -> Iterator[str]:
    """The signs that a figure, if it is a target of its kind, is one for this metric rather than another."""
    one = reading.metrics[at]
    metric = one.target.value.metric
    most = named.most_named(_KINDS[reading.kind])
    reach = {other.target.end - other.target.start for other in reading.metrics if other.named in _WAYS[:2]}
    yield metric
    yield f"{metric} {one.named}"
    yield f"{metric}, most named {most}"
    yield f"{metric} {one.named}, most named {most == metric}"
    yield f"{metric}, qualifying {named.qualifying}"
    yield f"named {one.named}, most named {most == metric}"
    yield from (f"{metric} said:{word}" for word in words_of(_between(document, reading.figure, one))[-2:])
    if one.by_rules:
        yield "rules say it"
    elif any(other.by_rules for other in reading.metrics):
        yield "rules say another"
    if reach and one.named in _WAYS[:2] and one.target.end - one.target.start == min(reach):
        yield "nearest"
    if len(reading.metrics) == 1:
        yield "only one"


def _between(document: Document, figure: shared.Figure, one: Candidate) -> str:
    if one.named == "behind":
        return document.text[figure.end : one.target.end]
    return document.text[one.target.start : figure.start]
