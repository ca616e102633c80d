"""How the client feels about what was done so far, and what worries them."""

import re

from marketmover.campaigns.brief.context import PAST, Found, is_past
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.language import sentiment
from marketmover.plans import BriefSentiment

_SAID = phrases("feelings")

_WHOLE_RANGE = 2.0  # people's mean rating of a plain complaint is half the scale; a brief says it is a complaint
_PHRASES = (
    (
        re.compile(rf"\b{_SAID['not']}(?: really| even| quite| exactly)? {_SAID['went well']}\b"),
        -2.4,
    ),
    (
        re.compile(_SAID["bad results"]),
        -2.2,
    ),
    (
        re.compile(_SAID["good results"]),
        2.4,
    ),
    (
        re.compile(rf"\b{_SAID['so-so']}"),
        0.0,
    ),
)
_SO_SO = _PHRASES[3][0]
_ABOUT_PAST = re.compile(rf"\b{_SAID['about past work']}\b")
WORRY = re.compile(rf"\b{_SAID['worries']}\b")
_QUALITY = re.compile(rf"\b{_SAID['complaints']}\b")


def find_sentiment(document: Document) -> Found[BriefSentiment] | None:
    """How the words on past work sound, `None` for silence; praise and blame together are neutral."""
    scores: list[tuple[float, Unit, tuple[int, int]]] = []
    so_so: tuple[int, int] | None = None
    for unit in document.units:
        spoken = unit.field == "past" or _leans_on(document, unit)
        for start, end in _parts(document, unit):
            spoken = spoken or any(cue.search(document.text, start, end) for cue in (PAST, _ABOUT_PAST))
            if not spoken:
                continue
            if _is_future(document, start, end) or document.text[start:end].rstrip(" \"')").endswith("?"):
                continue
            if _SO_SO.search(document.text, start, end):
                so_so = (start, end)
                continue
            score = _score(document.text[start:end])
            if abs(score) >= 0.25:
                scores.append((score, unit, (start, end)))
    if not scores:
        return Found(BriefSentiment(label="neutral", score=0.0), *so_so) if so_so else None
    good = [one for one in scores if one[0] > 0]
    bad = [one for one in scores if one[0] < 0]
    total = sum(one[0] for one in scores) / len(scores)
    strongest = max(scores, key=lambda one: abs(one[0]))
    if so_so or (good and bad and 0.34 <= sum(one[0] for one in good) / max(-sum(one[0] for one in bad), 1e-9) <= 3):
        first, last = (
            (min(one[2][0] for one in scores), max(one[2][1] for one in scores))
            if scores[0][1] == scores[-1][1]
            else strongest[2]
        )
        return Found(BriefSentiment(label="neutral", score=round(max(-0.2, min(0.2, total)), 2)), first, last)
    label = "positive" if total > 0 else "negative"
    return Found(BriefSentiment(label=label, score=round(max(-1.0, min(1.0, total)), 2)), *strongest[2])


def find_concerns(document: Document) -> list[Found[str]]:
    """What worries the client, in their words: stated worries, and complaints about what came before."""
    found: list[Found[str]] = []
    for unit in document.units:
        if unit.field in ("contact", "avoid", "require", "tone"):
            continue
        worry = WORRY.search(document.text, unit.start, unit.end)
        if worry:
            start, end = _worry_extent(document, unit, worry)
        elif unit.field == "concerns" or re.match(
            r"(?:worry|worries|concern|fear)s?:", document.text[unit.start : unit.end]
        ):
            start, end = document.answer(unit), unit.end
            if re.match(r"(?:none|no|n/a|nothing|nope)\W*$", document.text[start:end]):
                continue
        else:
            complaint = next(
                (
                    part
                    for part in _parts(document, unit)
                    if _QUALITY.search(document.text, *part)
                    and not _SO_SO.search(document.text, *part)
                    and (unit.field == "past" or is_past(document, *part) or _ABOUT_PAST.search(document.text, *part))
                    and _score(document.text[slice(*part)]) < 0
                ),
                None,
            )
            if complaint is None:
                continue
            start, end = complaint
        if end - start > 5:
            found.append(Found(re.sub(r"\s+", " ", document.evidence(start, end)).strip(" .,;:-!"), start, end))
    return found


def _worry_extent(document: Document, unit: Unit, worry: re.Match[str]) -> tuple[int, int]:
    stop = re.compile(r";|, (?:so|but|and we|which is why|hence)\b| but ").search(document.text, worry.end(), unit.end)
    end = stop.start() if stop and stop.start() - worry.end() > 10 else unit.end
    start = (
        worry.end()
        if end - worry.end() > 8 and not re.search(r"\bwant\b|afford|tired|fed up|sick", worry.group())
        else worry.start()
    )
    if end - start <= 8:
        return unit.start, unit.end
    return start, end


_JOINS_TWO_JUDGEMENTS = re.compile(_SAID["joins two judgements"])


def _parts(document: Document, unit: Unit) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    at = unit.start
    for match in _JOINS_TWO_JUDGEMENTS.finditer(
        document.text[unit.start : unit.end],
    ):
        if unit.start + match.start() - at > 8:
            parts.append((at, unit.start + match.start()))
            at = unit.start + match.end()
    parts.append((at, unit.end))
    return parts


_GOES_ON_ABOUT_IT = re.compile(rf"{_SAID['goes on about it']}\b")


def _leans_on(document: Document, unit: Unit) -> bool:
    """`They were useless.` right after a sentence on past work speaks of the same."""
    if not document.units or unit.start == 0:
        return False
    previous = document.unit_at(unit.start - 1)
    spoke = (
        is_past(document, previous.start, previous.start + 1)
        or _ABOUT_PAST.search(document.text, previous.start, previous.end) is not None
    )
    return (
        spoke
        and _GOES_ON_ABOUT_IT.match(
            document.text[unit.start : unit.end],
        )
        is not None
    )


_ABOUT_THE_FUTURE = re.compile(rf"\b{_SAID['about the future']}\b")


def _is_future(document: Document, start: int, end: int) -> bool:
    return (
        _ABOUT_THE_FUTURE.search(
            document.text[start:end],
        )
        is not None
        and re.search(
            r"\b(?:was|were|been|didn't|did|had|ran|tried|worked|wasted|spent|went|performed|gave|brought)\b",
            document.text[start:end],
        )
        is None
    )


def _score(text: str) -> float:
    """From -1 to 1: what whole phrases of the trade say, and how the rest sounds."""
    rest, shifts = text, []
    for pattern, value in _PHRASES[:3]:
        for match in pattern.finditer(text):
            shifts.append(value)
            rest = rest.replace(match.group(), " ")
    valence = max(-1.0, min(1.0, _WHOLE_RANGE * sentiment.score(rest).score))
    shift = sum(shifts)
    bent = shift / (shift * shift + 4.0) ** 0.5
    return max(-1.0, min(1.0, bent + valence * (0.4 if shifts else 1.0)))
