"""What is to be avoided and what must be there, in the client's words; platforms have a field of their own.

A constraint is said by an order (`don't show X`, `always mention X`), by a rule on a thing (`X must not appear`,
`X is mandatory`), or by a bare noun (`no X`). Orders and bare nouns count only where a clause opens, since `we don't
sell online` and `there were no calls` order nothing.

These rules propose; which stretches are meant, and where each ends, is decided by learnt weights over many signs
(`weights/avoid.tsv`, `require.tsv`), what the rules say among them.
"""

import re
from collections.abc import Callable, Iterator
from typing import Literal

from marketmover.campaigns.brief.constraint_candidates import (
    METRIC,
    PLATFORMS,
    ConstraintCandidate,
    constraint_candidates,
)
from marketmover.campaigns.brief.context import Found, is_past
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.phrases import items
from marketmover.campaigns.brief.spans import Apart
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.weighing import weights
from marketmover.campaigns.brief.world import is_place
from marketmover.plans import BriefConstraint

Kind = Literal["avoid", "require"]

_SAID = phrases("constraints")

# Where a clause opens: behind a mark, or behind words of politeness, which need no mark in speech.
_OPENS = (
    rf"(?:(?<![^\n])|\bthat |[,;:(.!?\"] ?\"?|- |\b{_SAID['polite words']},? )"
    rf"(?:{_SAID['polite words']},? ){{0,4}}"
)
_RULED = (
    r"(?P<what>(?!(?:we|i|you|they|it|that|this|there|he|she|who|which)\b)[^\n,;:.!?()]{2,60}?)(?: \([^)\n]{1,30}\))?"
)
_CLAUSE_ENDS = (
    r"(?= ?(?:[.,;:!()\n]| - |(?:please|pls|because|as|since|so|in|on|at|with|the|about|again|this time)\b"
    r"|(?:and|or|but) (?:please|no|not|we|i|our|the|it|they|must|also|don't|never|always|show|use|keep|make|only"
    r"|just|so|that|all|[a-z]+ing)\b))"
)

_NO_THING = re.compile(
    rf"{_OPENS}no:? (?!{_SAID['no constraint after no']})(?P<what>[a-z\"'][a-z'\"/&-]*(?: (?!is\b|are\b|was\b|were\b)"
    rf"[a-z0-9%'\"/&-]+){{0,7}}?(?: in (?:the |our |any )?(?:ads?|copy|campaign|pictures|photos|images|visuals"
    rf"|videos?|texts?)| in (?!the|our|any"
    rf"|your)[a-z]+ [a-z]+| with [a-z]+ [a-z]+)?){_CLAUSE_ENDS}"
)
_DO_NOT = re.compile(
    rf"{_OPENS}{_SAID['do not']}:? (?:ever |please |to )?"
    rf"(?!{_SAID['do not, said of something else']})(?=[a-z])"
)
_MAY_NOT = re.compile(
    rf"\b{_SAID['who must not']} {_SAID['may not']} (?:ever )?(?={_SAID['does something with it']}\b)"
)
_ANY_MAY_NOT = re.compile(rf"\bmust (?:not|never) (?={_SAID['does something with it']}\b)")
# in speech without marks no clause opens: `families, retirees dont say cheap`
_DO_NOT_SAY = re.compile(
    r"(?<!\bwe )(?<!\bi )(?<!they )(?<!people )(?<!you )(?<!who )(?<!that )(?<!ads )\b(?:don't|dont|do not) "
    r"(?:say|show|mention|use) (?=[a-z\"])"
)
_THERE_IS_NO = re.compile(
    r"\b(?:there (?:is to|must|should|shall|may) be|(?:we|i) want) no (?!more\b|less\b|longer\b)"
    r"(?P<what>[^\n,;.!?]{3,40}?)(?: of any kind| whatsoever| at all)?(?= ?[.,;!)\n]|$)"
)
_WISHES_NOT = re.compile(rf"\b(?:we|i|we're|we are|would)(?: |(?=')){_SAID['wishes not to']} ")
_KEEP_AWAY = re.compile(rf"{_OPENS}{_SAID['keep away from']}:? (?!{_SAID['nothing to keep away from']}\b)(?=[a-z\"'])")
_KEEP_AWAY_ANYWHERE = re.compile(
    rf"\b(?:avoid|refrain from|steer clear of|stay away from) (?!{_SAID['nothing to keep away from']}\b)(?=[a-z\"'])"
)
_FORBIDS = re.compile(rf"\b{_SAID['forbids']} (?=[a-z\"])")
_NOTHING_SUCH = re.compile(rf"{_OPENS}nothing (?P<what>(?:too )?[a-z-]+(?: or [a-z-]+)?)(?= ?[.,;!)\n]| please)")
_NOT_AGAIN = re.compile(r"\bnot (?:do |use |have |see |want )?(?:the|that|those) (?P<what>[^\n,;.!?]{3,40}?) again\b")
_HIDDEN = re.compile(rf"{_OPENS}{_RULED} {_SAID['may not']} {_SAID['is hidden']}\b")
_FORBIDDEN = re.compile(rf"{_OPENS}{_RULED},? {_SAID['is forbidden']}")
_LEFT_OUT = re.compile(r"\b(?:leave|keep|cut|take) (?P<what>(?!it|them|us|me|that|this)[^\n,;.:]{3,40}?) out\b")
_ANSWERED_NO = re.compile(
    rf"{_OPENS}{_RULED}(?:: ?|\? ?| - )(?:no|never|not allowed|forbidden|please no|no thanks|no way|hard no)"
    rf"(?= ?[.!;,\n])"
)
_NONE_SHOWN = re.compile(
    rf"\bno (?P<what>[^\n,;.]{{3,48}}?) (?:is|are|be|to be|may|can|shall|should) {_SAID['is hidden']}\b"
)

_MUST_DO = re.compile(
    rf"(?:\b{_SAID['what is made']} (?:also )?|{_OPENS}){_SAID['must']} (?:always |also |clearly )*"
    rf"(?={_SAID['must do']}\b(?!:))"
)
_SHOWN = re.compile(rf"{_OPENS}{_RULED} {_SAID['must']} {_SAID['is shown']}\b")
_A_MUST = re.compile(
    rf"{_OPENS}(?:[a-z]+: )?(?P<what>[a-z][^\n,;:.!?]{{2,44}}?),? {_SAID['is a must']}(?= ?[.,;!)\n]|$)"
)
_THAT_IT_BE = re.compile(
    rf"\b(?:it is|it's|is) {_SAID['a must']} (?:for us )?that (?P<what>[^\n,;.]{{3,44}}?) (?:is|are|be) "
    rf"(?:used|shown|mentioned|included|there|visible|named)\b"
    rf"|\bthat (?P<what2>[^\n,;.]{{3,44}}?) be (?:used|shown|mentioned|included|named)\b"
)
_SEE_THAT = re.compile(rf"\b{_SAID['see that']} ?{_SAID['must do']}\b ")
_ORDERED = re.compile(
    rf"{_OPENS}(?:(?:mention|say that|state that) (?!if|whether)"
    rf"|(?:include|show|add|use|put|display|state|give|quote|feature) "
    rf"(?=[^\n,;.]{{0,40}}\b{_SAID['what ads carry']}\b))"
)
_IN_EACH_AD = re.compile(
    rf"\b(?:want|need|like|see) (?P<what>[^\n,;.:]{{3,40}}?) (?:in|on) (?:every|each|all"
    rf"|all the) {_SAID['what is made']}\b"
)
_ONLY_THESE = re.compile(rf"{_OPENS}(?:use|show) (?P<what>(?!it|this|that|your)[^\n,;.:]{{3,40}}?) only(?= ?[.,;!\n])")
_ALWAYS = re.compile(rf"{_OPENS}always (?=(?:the|our|a|both|in)\b)")
_NEEDS = re.compile(
    rf"\b(?:every|each|all) (?:{_SAID['what is made']}|ads?|headline|image|picture) (?:needs?|needs to have"
    rf"|gets) |\bneeds? approval (?:from|by) "
)
_IN_LANGUAGES = re.compile(
    rf"\b(?:ads?|adverts|copy|texts?|posts?|everything|creatives?|material|wording|captions)"
    rf"(?: (?:must|should|has to|have to|is|are|be|to be|only|all|both))*(?::| in| -)? (?:both )?"
    rf"(?P<what>{_SAID['languages']}(?:(?:,| and| \+| &| or|/)+ ?(?:in )?{_SAID['languages']})*(?: copy| only)?)"
)
_OBLIGED = re.compile(rf"\b{_SAID['obliges']} (?=[a-z])")
_ON_ALL = re.compile(
    rf"{_OPENS}(?P<what>(?!use of|must have|have)[a-z][^\n,;.:]{{3,30}}? (?:in|on) (?:every|each|all) "
    rf"(?:the )?{_SAID['what is made']})(?= ?[.,;!\n])"
)

_PAST_DEED = re.compile(
    r"(?:have |has |had )?(?:never|not|nobody|no one) (?:really |even |actually )?(?!allowed|permitted)(?:\w+ed"
    r"|came|got|paid|sold|saw|knew"
    r"|went|did|made|took|ran|were|was|heard|had|brought|gave|again|picks?|calls?|answers?)\b"
)
_PLATFORM = re.compile(rf"\b(?:{PLATFORMS}|search ads)\b")
_OF_ADS = re.compile(r"\b(?:ads?|copy|photos?|pictures|images|pls|please)\b")
_NOTHING = re.compile(r"(?:none|n/a|no|nothing|nope|-+)\W*$")
_CUT = re.compile(_SAID["ends the constraint"])
_POINTS_BACK = re.compile(
    r"(?:us|me|it|that|this|them|to|be|a repeat|you|anything|everything|in touch|touch|your|he|she|they|which"
    r"|what|not)\b"
)
_SUMS_AND_LIMITS = re.compile(_SAID["sums and limits"])
_LEAD = re.compile(
    r"(?:anything (?:to do with|with|about|that (?:shows|mentions)) |(?:it|them|us|me) (?=look|sound|feel|seem)"
    r"|(?:the|a|an|any|those|these|such|some|all the|all|either|ever|to|too many|at all) )+",
    re.IGNORECASE,
)
_PUTS_IN = re.compile(rf"(?:{_SAID['only puts it in']} )(?=\S)", re.IGNORECASE)
_PUTS_IN_REQUIRED = re.compile(rf"(?:{_SAID['puts it in']} )(?=\S)", re.IGNORECASE)
_NO_CONSTRAINTS = frozenset(("contact", "past", "concerns", "budget", "dates", "targets", "age", "start", "end"))
_AVOIDING: tuple[re.Pattern[str], ...] = (
    _HIDDEN, _FORBIDDEN, _NONE_SHOWN, _LEFT_OUT, _ANSWERED_NO, _NOT_AGAIN, _NOTHING_SUCH, _NO_THING,
    _DO_NOT, _DO_NOT_SAY, _THERE_IS_NO, _MAY_NOT, _ANY_MAY_NOT, _WISHES_NOT, _KEEP_AWAY, _KEEP_AWAY_ANYWHERE, _FORBIDS,
)  # fmt: skip
_REQUIRING: tuple[re.Pattern[str], ...] = (
    _SHOWN, _THAT_IT_BE, _A_MUST, _MUST_DO, _SEE_THAT, _ALWAYS, _NEEDS,
    _OBLIGED, _IN_EACH_AD, _ONLY_THESE, _ORDERED, _ON_ALL, _IN_LANGUAGES,
)  # fmt: skip


_LEAST = -0.1  # log odds
_BY_RULE = 1.2  # how much likelier a stretch is for being just what a rule finds, beside what the weights say of it
_KINDS: tuple[Kind, ...] = ("avoid", "require")


def find_constraints(document: Document) -> list[Found[BriefConstraint]]:
    """Constraints in the order of the text, each once: the likeliest stretches by the learnt weights."""
    scored: list[tuple[float, Kind, ConstraintCandidate]] = [
        (odds, kind, one)
        for one in candidate_constraints(document)
        for kind in _KINDS
        if (odds := weights(kind).log_odds(one.signs) + _BY_RULE * one.is_ruled(kind)) >= _LEAST
    ]
    found, apart, said = list[Found[BriefConstraint]](), Apart(), set[str]()
    for _, kind, one in sorted(scored, key=lambda each: -each[0]):
        what = re.sub(r"\s+", " ", document.evidence(one.start, one.end)).strip(_EDGES)
        if len(what) > 2 and what.lower() not in said and apart.add(one.start, one.end):
            said.add(what.lower())
            found.append(Found(BriefConstraint(kind=kind, what=what), one.start, one.end))
    return sorted(found, key=lambda one: one.start)


_EDGES = " .,;:-\"'\u201c\u201d\u2018\u2019"


def candidate_constraints(document: Document) -> list[ConstraintCandidate]:
    """The stretches that may be constraints, with their signs."""
    ruled = [(one.start, one.end, one.value.kind) for one in _by_rules(document)]
    return constraint_candidates(document, ruled)


def _by_rules(document: Document) -> list[Found[BriefConstraint]]:
    """What the rules find."""
    found: list[Found[BriefConstraint]] = []
    for one in _said(document):
        apart = not any(one.start < other.end and other.start < one.end for other in found)
        if apart and not any(one.value.what.lower() == other.value.what.lower() for other in found):
            found.append(one)
    ruled = {document.unit_at(one.end - 1).start for one in found}
    found += [one for unit in document.units if unit.start not in ruled for one in _answer(document, unit)]
    return sorted(found, key=lambda one: one.start)


def _said(document: Document) -> Iterator[Found[BriefConstraint]]:
    """What sentences order, forbid or require."""
    for patterns, make in ((_AVOIDING, _avoid), (_REQUIRING, _require)):
        for pattern in patterns:
            for match in pattern.finditer(document.text):
                if _counts(document, match):
                    yield from make(document, *_object(document, match))


def _answer(document: Document, unit: Unit) -> Iterator[Found[BriefConstraint]]:
    """What stands in a form under `Avoid`, `Don't`, `Mandatories`."""
    if unit.field not in ("avoid", "require"):
        return
    avoids = unit.field == "avoid" or _DONT.match(document.text, unit.start, document.answer(unit)) is not None
    for start, end in _listed(document, document.answer(unit), unit.end):
        what = document.text[start:end]
        if not _NOTHING.match(what) and not _EXPLAINS.match(what):
            yield from (_avoid if avoids or what.startswith("no ") else _require)(document, start, end)


_DONT = re.compile(r"(?:do not|don'?ts?|avoid|never|no)\b")
# `Don't: mops. We are not a mop company.`: what follows only says why
_EXPLAINS = re.compile(
    r"(?:we |(?:[\w']+ ){1,3}(?:is|are|was|were|hates?|says?|said) |(?:we|they|it|that|this|he|she|i|everyone"
    r"|everybody|because|legal|the \w+) ?(?:'re|'s|'m|is|are|am|do|does|don't"
    r"|has|have|had|will|would|won't|can't|hates?|does|doesn't|says?|said|did)\b)"
)


def _counts(document: Document, match: re.Match[str]) -> bool:
    unit = document.unit_at(match.end() - 1)
    start = max(match.start(), unit.start)
    if unit.field in _NO_CONSTRAINTS or _PAST_DEED.search(document.text, start, min(match.end() + 16, unit.end)):
        return False
    of_ads = _OF_ADS.search(document.text, start, unit.end)
    if unit.field == "audience" and match.re is _NO_THING and not of_ads:
        return False
    asks = document.text[start : unit.end].rstrip().endswith("?") and match.re is not _ANSWERED_NO
    if asks and not _REQUESTS.search(document.text, unit.start, match.end()):
        return False
    if _NO_TIME.search(document.text, start, unit.end) or _REQUESTS.search(document.text, start, match.end() + 30):
        return True
    return not is_past(document, start, match.end())


_REQUESTS = re.compile(r"\b(?:can|could|would|please|pls)\b")
_NO_TIME = re.compile(r"\bbefore ?(?:and|/|&|or|-) ?after\b")


def _object(document: Document, match: re.Match[str]) -> tuple[int, int]:
    """The words that the rule is about: those marked in the pattern, else all behind it up to the end of the clause."""
    for name in ("what", "what2"):
        if name in match.re.groupindex and match.start(name) >= 0:
            return match.span(name)
    unit = document.unit_at(match.end())
    clause = 5 if document.text.startswith("that ", match.end()) else 0  # `that we're locally owned` has its own verb
    stop = _CUT.search(document.text, match.end() + 3 * clause, unit.end)
    return match.end(), stop.start() if stop else unit.end


def _listed(document: Document, start: int, end: int) -> list[tuple[int, int]]:
    """An answer as its items, `no actors, no slogans`; whole where it is no list of short ones."""
    parts = items(document.text, start, end) if re.search(r"[,;]", document.text[start:end]) else []
    short = len(parts) > 1 and all(len(document.text[slice(*part)].split()) <= 4 for part in parts)
    reason = _REASON.search(document.text, start + 2, end)
    if short and not reason:
        return parts
    return [(start, reason.start() if reason else end)]


# `no outcome promised, the bar would have us`: what follows the comma is a sentence
_REASON = re.compile(
    r", (?:[\w']+ ){0,4}?(?:[\w']+'(?:s|re|d|ll|m)|is|are|was|were|will|would|has|have|hates?|does|do|can|says?"
    r"|laughs|scares)\b"
)


def _avoid(document: Document, start: int, end: int) -> Iterator[Found[BriefConstraint]]:
    start = _behind(r"no ", document, start, end)
    start = _behind(_LEAD.pattern, document, _behind(_PUTS_IN.pattern, document, start, end), end)
    for left, right in _listed(document, start, end):
        first = _behind(_LEAD.pattern, document, left, right)
        yield from _kept("avoid", document, first, right, lambda what: _SUMS_AND_LIMITS.match(what) is None)


def _require(document: Document, start: int, end: int) -> Iterator[Found[BriefConstraint]]:
    start = _behind(_PUTS_IN_REQUIRED.pattern, document, start, end)
    start = _behind(r"(?:the|a|an|to|in|that be|lang(?:uage)?:?) ", document, start, end)
    yield from _kept(
        "require", document, start, end, lambda what: not re.match(r"\W*\d", what) and not METRIC.match(what)
    )


def _behind(pattern: str, document: Document, start: int, end: int) -> int:
    match = re.compile(pattern, re.IGNORECASE).match(document.text, start, end)
    return match.end() if match and end - match.end() > 2 else start


def _kept(
    kind: Kind, document: Document, start: int, end: int, fits: Callable[[str], bool]
) -> Iterator[Found[BriefConstraint]]:
    """The constraint, unless it points back, names a platform or is a sum."""
    end = _shortened(document.text, start, end)
    what = re.sub(r"\s+", " ", document.evidence(start, end)).strip(_EDGES)
    lower = re.sub(r"\s+", " ", document.text[start:end]).strip(" \"'")
    points_back = _POINTS_BACK.match(lower) and not (kind == "require" and lower.startswith("that "))
    if len(what) < 3 or points_back or not fits(lower) or re.search(r"\bbudget(?: yet)?$", lower):
        return
    if kind == "avoid" and is_place(lower):
        return
    if _PLATFORM.search(" ".join(lower.split()[: 5 if kind == "avoid" else 3])):
        return
    yield Found(BriefConstraint(kind=kind, what=what), start, end)


def _shortened(text: str, start: int, end: int) -> int:
    """Where a long object ends: at what only says where or when, and after 14 words at the latest."""
    words = list(re.finditer(r"\S+", text[start:end]))
    if len(words) <= 5 or text.startswith(("that ", "we ", "our "), start):
        return start + words[13].end() if len(words) > 14 else end
    where = next((word for word in words[2:] if word.group() in _ADDS_WHERE), None)
    return start + (where.start() - 1 if where else words[min(len(words), 14) - 1].end())


_ADDS_WHERE = frozenset(
    ("in", "on", "at", "for", "when", "where", "as", "about", "anywhere", "from", "near", "if", "since", "to")
)
