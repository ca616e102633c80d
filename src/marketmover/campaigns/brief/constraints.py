"""What is to be avoided and what must be there, in the client's words; platforms have a field of their own."""

import re
from typing import Literal

from marketmover.campaigns.brief.context import Found, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.phrases import items
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.plans import BriefConstraint

_SAID = phrases("constraints")

_AVOID = re.compile(
    rf"(?:{_SAID['says what to avoid']}|(?:(?<=[,;.(:] )|(?<=\n)|(?<=- )|(?<= and ))no"
    rf"(?= (?!{_SAID['no constraint after no']})[a-z/-]+(?: [a-z/-]+){{0,2}} ?"
    rf"(?:[.,;!()\n]|please|in the)))\s+"
)
_REQUIRE = re.compile(rf"{_SAID['says what is required']}\s+")
_IS_A_MUST = re.compile(
    r"(?:^|(?<=[\n,;] )|(?<=\n))(?P<what>[a-z][^\n,;.]{2,40}?) (?:(?:(?:is|are) )?(?:an? (?:absolute )?must"
    r"|mandatory|compulsory|essential|obligatory|required)|(?:ads?|copy|subtitles|captions) (?:is "
    r"|are )?needed)(?=[ .,;!\n]|$)"
)
_NONE_SHOWN = re.compile(
    r"\bno (?P<what>[^\n,;.]{3,48}?) (?:is|are|be|to be|should be|must be|may be|can be|shall be) "
    r"(?:shown|used|mentioned|included|visible|displayed|featured|named)\b"
)
_PAST_DEED = re.compile(
    r"(?:have |has |had )?never (?:really |even |actually )?(?:\w+ed|came|got|paid|sold|saw|knew|went|did|made"
    r"|took|ran|were|was|heard|had|brought|gave|again)\b"
)
_PLATFORM = re.compile(r"\b(?:google|facebook|fb|instagram|insta|meta|youtube|tik ?tok|linkedin|search ads)\b")
_NOTHING = re.compile(r"(?:none|n/a|no|nothing|nope|-)\W*$")
_CUT = re.compile(_SAID["ends the constraint"])


def find_constraints(document: Document) -> list[Found[BriefConstraint]]:
    """Constraints in the order of the text, each once."""
    found: dict[str, Found[BriefConstraint]] = {}
    for kind, pattern in (("avoid", _AVOID), ("require", _REQUIRE)):
        for match in pattern.finditer(document.text):
            _take(document, "avoid" if kind == "avoid" else "require", match, found)
    for match in _NONE_SHOWN.finditer(document.text):
        _keep(document, "avoid", *match.span("what"), found)
    for match in _IS_A_MUST.finditer(document.text):
        if document.unit_at(match.start()).field not in ("contact", "past", "budget", "dates"):
            _keep(document, "require", *match.span("what"), found)
    for unit in document.units:
        if unit.field in ("avoid", "require") and not any(unit.start <= one.start < unit.end for one in found.values()):
            start = document.answer(unit)
            for span in _listed(document, start, unit.end):
                what = document.text[slice(*span)]
                if not _PLATFORM.search(what) and not _NOTHING.match(what):
                    _keep(document, "avoid" if unit.field == "avoid" else "require", *span, found)
    return sorted(found.values(), key=lambda one: one.start)


def _listed(document: Document, start: int, end: int) -> list[tuple[int, int]]:
    """The answer of a form as its items, `no actors, no slogans`; whole where it is no list of short ones."""
    parts = items(document.text, start, end) if "," in document.text[start:end] else []
    short = len(parts) > 1 and all(len(document.text[slice(*part)].split()) <= 4 for part in parts)
    return parts if short else [(start, end)]


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


_POINTS_BACK = re.compile(r"(?:us|me|it|that|this|them|to|be|a repeat|you|anything|in touch|touch)\b")
_SUMS_AND_LIMITS = re.compile(_SAID["sums and limits"])


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
    what = re.sub(r"^(?:it|them|us) (?=look|sound|feel|seem)", "", what, flags=re.IGNORECASE)
    said = kind == "require" and what.lower().startswith("that ")
    if len(what) < 3 or (_POINTS_BACK.match(what.lower()) and not said):
        return
    if kind == "avoid" and _SUMS_AND_LIMITS.match(
        what.lower(),
    ):
        return
    if re.search(r"\bbudget(?: yet)?$", what.lower()):
        return
    if _PLATFORM.search(" ".join(what.lower().split()[: 5 if kind == "avoid" else 3])):
        return
    found.setdefault(what.lower(), Found(BriefConstraint(kind=kind, what=what), start if from_ is None else from_, end))
