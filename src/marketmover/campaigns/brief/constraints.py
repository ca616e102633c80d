"""What is to be avoided and what must be there, in the client's words; platforms have a field of their own."""

import re
from typing import Literal

from marketmover.campaigns.brief.context import Found, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.plans import BriefConstraint

_AVOID = re.compile(
    r"(?:\bplease (?:do not|don't) (?:use|show|mention|include|run|promise|make|put|send|feature|advertise"
    r"|target|say|do)|\b(?:do not|don't|dont|(?<!that )(?<!which )(?<!who )(?<!they )never|must not|mustn't"
    r"|can't|cannot|can not|should not|shouldn't|may not|not allowed to"
    r"|we (?:do not|don't|dont) want(?: to)?(?: see)?(?: any)?|i (?:do not|don't"
    r"|dont) want(?: any)?(?: to)?(?: see)?)(?: please)?:?(?: to)?(?: use| show| mention| include| run| promise"
    r"| make| put| feature| advertise| target| say| have| see| be| do| any)*(?= (?!know|think|mind|have|be\b"
    r"|forget|worry|need|care|really|believe|afford|hesitate|get\b|miss|waste|spend|exceed|go\b|wait|lose|end\b"
    r"|like|sure|see\b|want|understand))"
    r"|\bavoid(?:ing)?\b(?! (?:the|a) (?:mistake|repeat))|\bstay(?:ing)? (?:away from|clear of)"
    r"|\bsteer(?:ing)? clear of|\bwithout(?: any)?(?= (?:using|mentioning|showing|discounts?|video|stock|jargon"
    r"|any|emojis?|humou?r|price))|\bnothing (?:with|about|too|that)|\bno(?= (?:videos?|discounts?|stock"
    r"|emojis?|clickbait|jargon|price|prices|pricing|celebrit\w+|influencers?|before[- ]and[- ]after|hard sell"
    r"|pop-?ups?|ads|sales(?:y)?|scare|medical|health claims|claims|comparisons?|competitor|mention|political"
    r"|alcohol|kids|children|images?|pictures?|photos?|animation|carousel|sale|gimmicks|buzzwords|weekend"
    r"|retargeting|remarketing|broad|brand names?|free|guarantees?|humou?r|music|red|cold|pushy|aggressive"
    r"|display|stories|reels|shouting|capital|exclamation|slang|ai|[a-z-]+ (?:ads|images|photos|claims|language"
    r"|talk|imagery|footage|promises|keywords)))|(?:(?<=[,;.(:] )|(?<=\n)|(?<=- )|(?<= and ))no(?= (?!thanks"
    r"|thank|problem|rush|idea|preference|more\b|experience|website|limit|later|less|doubt|one\b|need|matter"
    r"|budget|date|deadline|hurry|wait|longer|fixed|previous|worries|fewer|obligation|particular|money|google"
    r"|facebook|instagram|meta|youtube|fb\b|insta|tik|linked)[a-z/-]+(?: [a-z/-]+){0,2} ?(?:[.,;!()\n]|please|in the))"
    r"|nothing(?= [a-z]+ ?[.,;\n!])|\bexclude|\bkeep (?:away from|clear of)|\boff limits:?|\bplease no\b"
    r"|\bleave out|\bno[- ]gos?:?|\brefrain from(?: using)?)\s+"
)
_REQUIRE = re.compile(
    r"(?:\b(?:ads?|copy|creatives?|it|everything|they|we|campaign|all ads|landing page|you|posts?|each ad"
    r"|every ad) (?:must|has to|have to|need to|needs to) (?:always )?(?:include|mention|show|carry|feature|use"
    r"|contain|say|have|display|link to|comply with|follow|be approved by|stick to|state)"
    r"|\bmust(?: always)? (?:include|mention|show|carry|feature|use|contain|say|have|display|comply with|follow"
    r"|be approved by|state)|\bmake sure (?:to |that |you |we |the ads |it |they )*(?:include|mention|show|use"
    r"|have|feature|carry|follow|comply with|say)?|\bplease (?:do )?(?:include|mention|use"
    r"|make sure to (?:include|mention|use))|\balways (?:include|mention|use|show)|\b(?:is|are) (?:mandatory"
    r"|compulsory|a must)|\bonly use|\bneeds? approval (?:from|by)|\bbe sure to (?:include|mention|use|show)"
    r"|\bdon't forget (?:to )?(?:include|mention)?)\s+"
)
_IS_A_MUST = re.compile(
    r"(?:^|(?<=[\n,;] )|(?<=\n))(?P<what>[a-z][^\n,;.]{2,40}?) (?:(?:is|are) (?:an? (?:absolute )?must"
    r"|mandatory|compulsory|essential|obligatory|required)|(?:ads?|copy|subtitles|captions) (?:is "
    r"|are )?needed)(?=[ .,;!\n]|$)"
)
_PAST_DEED = re.compile(
    r"(?:have |has |had )?never (?:really |even |actually )?(?:\w+ed|came|got|paid|sold|saw|knew|went|did|made"
    r"|took|ran|were|was|heard|had|brought|gave|again)\b"
)
_PLATFORM = re.compile(r"\b(?:google|facebook|fb|instagram|insta|meta|youtube|tik ?tok|linkedin|search ads)\b")
_CUT = re.compile(
    r"[.;!?()\n]| - |,? and (?:please )?(?=always |no )|, (?=no |always )|, (?:and |but )?(?:we|our|it"
    r"|they|please|because|so|as|that|this|which|also|just|i|every|each"
    r"|all)\b|,? (?:because|since|but|as (?:we|it|they|our)|until|so that|otherwise|please|unless|even if|though|if"
    r"|anymore|again|this time)\b"
)


def find_constraints(document: Document) -> list[Found[BriefConstraint]]:
    """Constraints in the order of the text, each once."""
    found: dict[str, Found[BriefConstraint]] = {}
    for kind, pattern in (("avoid", _AVOID), ("require", _REQUIRE)):
        for match in pattern.finditer(document.text):
            _take(document, "avoid" if kind == "avoid" else "require", match, found)
    for match in _IS_A_MUST.finditer(document.text):
        if document.unit_at(match.start()).field not in ("contact", "past", "budget", "dates"):
            _keep(document, "require", *match.span("what"), found)
    for unit in document.units:
        if unit.field in ("avoid", "require") and not any(unit.start <= one.start < unit.end for one in found.values()):
            match = re.compile(r"(?:[^\n:=|?]{1,60}[:=|?] *)?(?P<what>[^\n]+)").match(
                document.text, unit.start, unit.end
            )
            if (
                match
                and not _PLATFORM.search(match["what"])
                and not re.match(r"(?:none|n/a|no|nothing|nope|-)\W*$", match["what"])
            ):
                _keep(document, "avoid" if unit.field == "avoid" else "require", *match.span("what"), found)
    return sorted(found.values(), key=lambda one: one.start)


def _take(
    document: Document,
    kind: Literal["avoid", "require"],
    match: re.Match[str],
    found: dict[str, Found[BriefConstraint]],
) -> None:
    unit = document.unit_at(match.start())
    if (
        unit.field in ("contact", "past", "concerns", "budget", "dates")
        or is_past(document, *match.span())
        or match.end() >= unit.end
    ):
        return
    if _PAST_DEED.match(document.text, match.start()):
        return
    stop = _CUT.search(document.text, match.end(), unit.end)
    _keep(document, kind, match.end(), stop.start() if stop else unit.end, found, match.start())


def _keep(
    document: Document,
    kind: Literal["avoid", "require"],
    start: int,
    end: int,
    found: dict[str, Found[BriefConstraint]],
    from_: int | None = None,
) -> None:
    if len(document.text[start:end].split()) > 14:
        words = list(re.finditer(r"\S+", document.text[start:end]))
        end = start + words[13].end()
    what = re.sub(r"\s+", " ", document.evidence(start, end)).strip(" .,;:-")
    what = re.sub(r"^anything (?:to do with|with|about|that (?:shows|mentions)) ", "", what, flags=re.IGNORECASE)
    if len(what) < 3 or re.match(
        r"(?:us|me|it|that|this|them|to|be|a repeat|you|anything|in touch|touch)\b", what.lower()
    ):
        return
    if kind == "avoid" and re.match(
        (
            r"(?:cost|exceed|cross|above|below|under|over|less|said|told|agreed|asked|spent|go (?:over|above|beyond)"
            r"|be (?:more|over|above|higher)|pay|more than|over \d)"
        ),
        what.lower(),
    ):
        return
    if re.search(r"\bbudget(?: yet)?$", what.lower()):
        return
    if kind == "avoid" and _PLATFORM.search(what.lower()) and len(what.split()) <= 5:
        return
    found.setdefault(what.lower(), Found(BriefConstraint(kind=kind, what=what), start if from_ is None else from_, end))
