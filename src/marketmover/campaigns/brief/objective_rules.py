"""What the campaign is for by fixed rules, and how plainly a mention is wished for: signs for `objective.py`."""

import re
from dataclasses import dataclass

from marketmover.campaigns.brief.context import Found, is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.feeling_signs import WORRY
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.plans import BriefTarget, Objective

_SAID = phrases("objective")

_SIGNS: tuple[tuple[Objective, str, float], ...] = (
    (
        "leads",
        (rf"\b{_SAID['leads']}"),
        2.0,
    ),
    (
        "leads",
        (rf"\b{_SAID['leads, said indirectly']}\b"),
        1.4,
    ),
    (
        "sales",
        (rf"\b{_SAID['sales']}\b"),
        1.6,
    ),
    (
        "sales",
        (rf"\b{_SAID['bookings']}\b"),
        1.6,
    ),
    (
        "traffic",
        (rf"\b{_SAID['traffic']}\b"),
        1.5,
    ),
    (
        "awareness",
        (rf"\b{_SAID['awareness']}\b"),
        1.7,
    ),
    (
        "engagement",
        (rf"\b{_SAID['engagement']}\b"),
        1.4,
    ),
    (
        "app_installs",
        (rf"\b{_SAID['app installs']}\b"),
        2.2,
    ),
)
WISH = re.compile(rf"\b{_SAID['wishes']}\b")
FIRST = re.compile(rf"\b{_SAID['comes first']}\b")
SECOND = re.compile(rf"\b{_SAID['comes second']}\b")
BY_TARGET: dict[str, Objective] = {
    "cost_per_lead": "leads", "leads": "leads", "qualified_leads": "leads", "cost_per_qualified_lead": "leads",
    "roas": "sales", "sales": "sales", "revenue": "sales", "profit": "sales",
    "installs": "app_installs", "clicks": "traffic",
}  # fmt: skip


_OTHER_FIELDS = frozenset(
    ("contact", "past", "concerns", "avoid", "industry", "audience", "platforms", "interests", "product")
)
_UNIMPORTANT_AFTER = re.compile(rf"^[^\n,;.]{{0,14}}\b{_SAID['does not']} {_SAID['matter']}")
_UNIMPORTANT = re.compile(rf"\b{_SAID['not what we care for']}\b[^\n,;.]{{0,26}}$")
_VERB = re.compile(rf"\b{_SAID['verbs']}\b")
_FIRMS_FIGURE = re.compile(r"[$\u00a3\u20ac]\d[\d.,]*(?: ?(?:m|mn|bn|million|billion))? (?:in |annual |of )?$")
_WISHES = re.compile(r"\b(?:want|need|like|help|goal|hope|looking|trying)\b")
_WE_SELL = re.compile(r"\b(?:we|i|they|client|us|our|company|brand)\b[^\n]{0,12}\bsells?\b|\b(?:we|who) sell\b")


@dataclass(frozen=True)
class _Sign:
    objective: Objective
    weight: float
    start: int
    end: int


def find_by_rules(document: Document, targets: list[Found[BriefTarget]]) -> Found[Objective] | None:
    """The objective with most weight behind it; a target names it where nothing else does."""
    signs = [one for objective, pattern, weight in _SIGNS for one in _signs(document, objective, pattern, weight)]
    totals: dict[Objective, float] = {}
    for one in signs:
        totals[one.objective] = max(totals.get(one.objective, 0.0), one.weight) + (
            0.4 if one.objective in totals else 0.0
        )
    for target in targets:
        backed = BY_TARGET.get(target.value.metric)
        if backed in totals:
            totals[backed] += 0.6
    if totals and max(totals.values()) >= 1.0:
        return _strongest(document, signs, totals)
    for target in targets:
        if objective := BY_TARGET.get(target.value.metric):
            return Found(objective, target.start, target.end)
    # a bare mention that nothing denies, as in `Enquiries mostly, I guess.`
    return _strongest(document, signs, totals) if totals and max(totals.values()) >= 0.45 else None


def _strongest(document: Document, signs: list[_Sign], totals: dict[Objective, float]) -> Found[Objective]:
    """The objective with most weight, the earlier one of two alike, with the words that say it best."""
    first = {objective: min(one.start for one in signs if one.objective == objective) for objective in totals}
    chosen = max(totals, key=lambda objective: (totals[objective], -first[objective]))
    best = max((one for one in signs if one.objective == chosen), key=lambda one: (one.weight, -one.start))
    return Found(chosen, *with_wish(document, best.start, best.end))


def _signs(document: Document, objective: Objective, pattern: str, weight: float) -> list[_Sign]:
    found: list[_Sign] = []
    for match in _compiled(pattern).finditer(document.text):
        factor = wished(document, match.start(), match.end())
        if factor > 0:
            found.append(_Sign(objective, weight * factor, *match.span()))
    return found


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)  # re keeps what it compiled


def wished(document: Document, start: int, end: int) -> float:
    """How far the words around say that this is wanted: 0 not at all, 1 plainly, more where it comes first."""
    unit = document.unit_at(start)
    if unit.field in _OTHER_FIELDS or is_denied(document, start, end) or is_past(document, start, end):
        return 0.0
    if WORRY.search(document.text, unit.start, start) or _FIRMS_FIGURE.search(document.before(start, 24)):
        return 0.0
    if _UNIMPORTANT_AFTER.match(document.after(end, 40)) or _is_set_against(document, start):
        return 0.0
    left, right = document.clause(start, end)
    factor = _plainness(document, start, end)
    if factor >= 1.0 and FIRST.search(document.text, max(unit.start, start - 70), min(end + 30, unit.end)):
        factor *= 1.35
    if SECOND.search(document.text, max(left, start - 40), min(right, end + 30)):
        factor *= 0.5
    if re.search(r"\b(?:cost|price)s? per $|\bper $|\ba $|^\W?roas", document.text[max(left, start - 12) : start]):
        factor *= 0.45
    return factor


def _is_set_against(document: Document, start: int) -> bool:
    """Whether it is what the client does not care for: `rather than traffic`."""
    return _UNIMPORTANT.search(document.before(start, 46)) is not None and not re.search(
        r"\b(?:but|just|only)\b[^\n]{0,20}$", document.before(start, 24)
    )


def _plainness(document: Document, start: int, end: int) -> float:
    unit = document.unit_at(start)
    left, right = document.clause(start, end)
    if unit.field == "objective":
        return 2.0
    if unit.field == "targets":
        return 0.8
    if re.search(r"\bfor (?:more |new |online |better |additional )*$", document.before(start, 24)):
        return 1.0
    if describes_firm(document, start, end):
        return 0.0
    near = document.text[max(left, start - 90) : min(right, end + 40)]
    if WISH.search(document.text, max(unit.start, start - 90), start) or WISH.search(near):
        return 1.0
    # `Enquiries by WhatsApp.` says no more than what is wanted
    return 0.3 if _VERB.search(document.text, unit.start, unit.end) else 0.8


def describes_firm(document: Document, start: int, end: int) -> bool:
    """Whether a mention only tells the firm's trade (`we sell tea`), without a wish before it."""
    left, _ = document.clause(start, end)
    sells = _WE_SELL.search(document.text[max(left, start - 14) : end + 2]) is not None
    return sells and _WISHES.search(document.text[max(left, start - 40) : start]) is None


_WISH_BEGINS = re.compile(rf"\b{_SAID['wish begins']}\b")


def with_wish(document: Document, start: int, end: int) -> tuple[int, int]:
    """A mention together with the wish in front of it (`we want more enquiries`)."""
    unit = document.unit_at(start)
    wish = _WISH_BEGINS.search(
        document.text[max(unit.start, start - 45) : start],
    )
    return (max(unit.start, start - 45) + wish.start() if wish else start), end
