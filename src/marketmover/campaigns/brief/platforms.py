"""Platforms that the text asks for, and those that it does not want. What was used before is neither."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from marketmover.campaigns.brief.context import PAST, Found, is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.mention import mention_signs
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.weighing import weights
from marketmover.plans import Platform, PlatformChoice

_SAID = phrases("platforms")

_NAMES = re.compile(
    rf"\b(?P<google>{_SAID['google']})"
    rf"|(?P<meta>{_SAID['meta']}|(?<![\w.])ig(?: ads?)?(?= |$|[,.;/)\n]))\b"
)
_NOT_ADS_AFTER = re.compile(rf"^ ?{_SAID['not ads after']}")
_NOT_ADS_BEFORE = re.compile(rf"\b{_SAID['not ads before']}(?: the| our)? ?$")
_UNSURE = re.compile(
    r"\b(?:not sure|unsure|undecided|don't know|no idea|wonder(?:ing)?|whether|should we|is it worth"
    r"|worth it)\b[^\n]{0,50}$"
)
_UNSURE_AFTER = re.compile(
    r"^ ?(?:ads? )?[,(]? ?(?:(?:is|are|i'm|i am|we're|we are|that's) )?(?:on the fence|unsure|undecided|not sure"
    r"|you tell me|up for discussion|maybe\?|open to debate)"
)
_MAYBE_LATER = re.compile(
    r"^ ?(?:ads? )?(?:maybe |perhaps |possibly |can (?:come|wait) |might come )?(?:later|eventually|another time"
    r"|next time|at some point|can wait)\b"
)
_SKIP_IT = re.compile(
    rf"\b{_SAID['skip']} (?:it|that|them|this|those)\b"
    rf"|\b(?:never|not) again\b"
    rf"|\bleave (?:it|that|them) out\b"
)
_ELSEWHERE = re.compile(
    r"^[\w +]{0,24}? (?:is |are |be )?(?:runs?|run|managed|handled|done|covered|looked after)"
    r" (?:separately|elsewhere|in[- ]house|internally|by (?:us|another|our|someone))\b"
    r"|^[\w +]{0,12} stays? separate\b"
)
_SAME_AGAIN = re.compile(rf"\b{_SAID['same again']}\b")


@dataclass
class _Named:
    """Platforms by what the text says of them."""

    wanted: dict[Platform, Found[str]] = field(default_factory=dict[Platform, Found[str]])
    unwanted: dict[Platform, Found[str]] = field(default_factory=dict[Platform, Found[str]])
    past: list[Found[Platform]] = field(default_factory=list[Found[Platform]])


@dataclass(frozen=True)
class NamedPlatform:
    """A platform that the text names: where the rules find it asked for or refused, and the signs of both."""

    platform: Platform
    wanted: Found[str]
    unwanted: Found[str]
    signs: frozenset[str]


_LEAST_ODDS = 0.4  # a platform that is only mentioned is not asked for


def find_platforms(document: Document) -> tuple[PlatformChoice, dict[str, Found[str]]]:
    """The choice by learnt weights, and for `include` and `exclude` the place it rests on."""
    include, exclude = weights("include"), weights("exclude")
    wanted: dict[Platform, Found[str]] = {}
    unwanted: dict[Platform, Found[str]] = {}
    for one in named_platforms(document):
        asked, refused = include.log_odds(one.signs), exclude.log_odds(one.signs)
        if asked > max(_LEAST_ODDS, refused):
            wanted[one.platform] = one.wanted
        elif refused > 0:
            unwanted[one.platform] = one.unwanted
    evidence: dict[str, Found[str]] = {}
    if wanted:
        evidence["platforms.include"] = _span(document, list(wanted.values()))
    if unwanted:
        evidence["platforms.exclude"] = _with_denial(document, list(unwanted.values()))
    return PlatformChoice(include=sorted(wanted), exclude=sorted(unwanted)), evidence


def named_platforms(document: Document) -> list[NamedPlatform]:
    """Each platform that the text names, with its signs."""
    mentions: dict[Platform, list[re.Match[str]]] = {}
    for match in _NAMES.finditer(document.text):
        mentions.setdefault("google_ads" if match["google"] else "meta_ads", []).append(match)
    said = _by_rules(document)
    found: list[NamedPlatform] = []
    for platform, matches in mentions.items():
        last = Found(matches[-1].group(), *matches[-1].span())
        signs = frozenset(_signs(document, platform, matches, said, len(mentions)))
        found.append(NamedPlatform(platform, said.wanted.get(platform, last), said.unwanted.get(platform, last), signs))
    return found


def _signs(
    document: Document, platform: Platform, matches: list[re.Match[str]], said: _Named, named: int
) -> Iterator[str]:
    verdict = "wanted" if platform in said.wanted else "unwanted" if platform in said.unwanted else "neither"
    other: Platform = "meta_ads" if platform == "google_ads" else "google_ads"
    others = "wanted" if other in said.wanted else "unwanted" if other in said.unwanted else "neither"
    of_ads = {match for match in matches if _means_ads(document, match)}
    yield verdict
    yield f"{verdict}, {named} named, other {others}"
    yield f"{verdict}, named {min(len(matches), 4)} times, of ads {min(len(of_ads), 3)}"
    yield platform
    for match in matches:
        signs = list(mention_signs(document, *match.span()))
        surface = match.group().split()[0]
        which = "last" if match is matches[-1] else "earlier"
        yield from (f"{which}:{sign}" for sign in signs)
        yield from (
            f"{verdict} {which}:{sign}"
            for sign in signs
            if sign.startswith(("before", "after", "field", "past", "denied"))
        )
        yield f"{which} {surface}"
        skipped = _is_left_out(document, match)
        holds = {
            "left out": skipped,
            "unsure": _is_unsure(document, match),
            "later": _MAYBE_LATER.match(document.after(match.end(), 30)) is not None,
            "means ads": match in of_ads,
            "rivals": _is_rivals(document, match),
            "elsewhere": _ELSEWHERE.match(document.after(match.end(), 60)) is not None,
        }
        yield from (f"{which} {sign}" for sign, true in holds.items() if true)


def _by_rules(document: Document) -> _Named:
    """What rules make of the platforms: the last word on each counts."""
    named = _Named()
    for match in _NAMES.finditer(document.text):
        if _means_ads(document, match):
            _sort(document, match, named)
    _point_back(document, named)
    for platform in named.wanted:
        named.unwanted.pop(platform, None)
    return named


def _sort(document: Document, match: re.Match[str], named: _Named) -> None:
    """Put a mention where it belongs: wanted, not wanted, or used in the past."""
    platform: Platform = "google_ads" if match.group("google") else "meta_ads"
    found = Found(match.group(), *match.span())
    if is_denied(document, *match.span()) or document.unit_at(match.start()).field == "avoid":
        wanted = named.wanted.get(platform)
        only_youtube = wanted is not None and "tube" in match.group() and "tube" not in wanted.value
        if not _is_quality(document, match) and not only_youtube:
            named.unwanted[platform] = found
            if _is_later_word(document, named.wanted.get(platform), found):
                named.wanted.pop(platform, None)
    elif _is_rivals(document, match) or _ELSEWHERE.match(document.after(match.end(), 60)):
        return
    elif _is_left_out(document, match):
        named.unwanted[platform] = found
    elif _was_used(document, match) and (platform in named.unwanted or not _answers_a_label(document, match.start())):
        named.past.append(Found(platform, *match.span()))
    elif not _is_unsure(document, match) and not _MAYBE_LATER.match(document.after(match.end(), 30)):
        named.wanted[platform] = found
        if _is_later_word(document, named.unwanted.get(platform), found):
            named.unwanted.pop(platform, None)


def _is_unsure(document: Document, match: re.Match[str]) -> bool:
    before, after = document.before(match.start(), 80), document.after(match.end(), 40)
    return _UNSURE.search(before) is not None or _UNSURE_AFTER.match(after) is not None


def _is_left_out(document: Document, match: re.Match[str]) -> bool:
    """`Facebook gives me the creeps so leave that out`: what follows on the one platform that the sentence names."""
    end = document.unit_at(match.start()).end
    others = _NAMES.search(document.text, match.end(), end)
    skipped = _SKIP_IT.search(document.text, match.end(), others.start() if others else end)
    return skipped is not None and not re.search(r"[.!?]", document.text[match.end() : skipped.start()])


def _is_rivals(document: Document, match: re.Match[str]) -> bool:
    return re.search(r"\b(?:competitors?|rivals?|competition)\b[^\n,;]*$", document.before(match.start())) is not None


def _answers_a_label(document: Document, position: int) -> bool:
    unit = document.unit_at(position)
    return unit.field == "platforms" and document.answer(unit) > unit.start


def _was_used(document: Document, match: re.Match[str]) -> bool:
    """Whether it was used before; `Meta only, Google was too expensive` asks for Meta all the same."""
    left, right = document.clause(*match.span())
    asked = re.search(r"\b(?:only|please|just|again|instead)\b", document.text[left:right])
    return is_past(document, *match.span()) and not (asked and not PAST.search(document.text, left, right))


def _point_back(document: Document, named: _Named) -> None:
    """`Let's stick with those`, `so skip it`: words that point back to what was used before."""
    again = _SAME_AGAIN.search(document.text)
    for found in named.past:
        skipped = _SKIP_IT.search(document.text, found.end, document.unit_at(found.start).end)
        if again and not is_denied(document, *again.span()):
            named.wanted.setdefault(found.value, Found(found.value, *again.span()))
        elif skipped and found.value not in named.wanted:
            named.unwanted[found.value] = Found(found.value, found.start, skipped.end())


def _means_ads(document: Document, match: re.Match[str]) -> bool:
    unit = document.unit_at(match.start())
    if unit.field in ("contact", "product") and "ads" not in match.group():
        return False
    return not (
        _NOT_ADS_AFTER.match(document.after(match.end(), 24))
        or _NOT_ADS_BEFORE.search(document.before(match.start(), 50))
        or document.text[match.end() : match.end() + 4] == ".com"
        or document.text[match.end() : match.end() + 3] == ".co"
    )


def _is_quality(document: Document, match: re.Match[str]) -> bool:
    """`no video on YouTube` denies a form of ad, not the platform."""
    return (
        re.search(
            (
                r"\b(?:no|without|avoid|don't (?:want|use)|not) (?:any )?(?!ads?\b|money\b|spend\b|budget\b|more\b"
                r"|campaigns?\b|advertising\b|presence\b)\w+(?: \w+)? (?:on|in|for) $"
            ),
            document.before(match.start(), 50),
        )
        is not None
        and re.search(
            (
                r"\b(?:run|running|be|go|advertise|advertising|spend|do|anything|put|invest|interested|appear"
                r"|budget|money"
                r"|it|ads?) (?:on|in|for) $"
            ),
            document.before(match.start(), 30),
        )
        is None
    )


def _is_later_word(document: Document, earlier: Found[str] | None, later: Found[str]) -> bool:
    """A later sentence settles it; within one, a wish for one surface outlives a `no` to another."""
    return earlier is not None and document.unit_at(earlier.start) != document.unit_at(later.start)


def _span(document: Document, found: list[Found[str]]) -> Found[str]:
    found = sorted(found, key=lambda one: one.start)
    first, last = found[0], found[-1]
    if document.unit_at(first.start) == document.unit_at(last.start):
        return Found("", first.start, last.end)
    return last


def _with_denial(document: Document, found: list[Found[str]]) -> Found[str]:
    span = _span(document, found)
    left, right = document.clause(span.start, span.end)
    return Found(
        "",
        max(left, span.start - 40) if max(left, span.start - 40) == left else span.start,
        min(right, span.end + 30)
        if re.match(r" (?:is|are|isn't|doesn't|:)", document.text[span.end : span.end + 9])
        else span.end,
    )
