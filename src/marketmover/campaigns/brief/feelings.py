"""How the client feels about what was done so far, and what worries them.

Each part of a sentence is told apart by weights learnt over its signs (`weights/praise.tsv`, `blame.tsv`, `so_so.tsv`,
`concerns.tsv`): whether it praises past work, blames it, finds it so-so, or speaks of a worry.

On fresh briefs held out, 75% of feelings are read right, where rules alone read 69% of the easier half of them. Tried,
and no better: choosing anew, by what was learnt, which part of a text carries its label; a noisy-or over all parts.
"""

import re
from collections.abc import Sequence

from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.feeling_signs import WORRY, Part
from marketmover.campaigns.brief.weighing import weights
from marketmover.plans import BriefSentiment

_LIKELY = 0.55
_LIKELY_ENOUGH = 0.57  # of a feeling at all: silence is commoner than the rules think
_SURELY_BLAMED = 0.6
_BOTH = 0.6  # praise and blame each this likely make a mixed feeling; a weaker one gives way
_SO_SO = 0.4
_NO_CONCERNS = frozenset(("contact", "avoid", "require", "tone"))
_NONE = re.compile(r"(?:none|no|n/a|nothing|nope|-+)\W*$")
_FEARS = re.compile(r"\b(?:worr(?:y|ied|ies)|afraid|scared|nervous|concerned|fears?|anxious|uneasy|wary)\b")
_LABEL = re.compile(r"(?:worry|worries|concern|fear|risk)s?:")


def find_sentiment(judged: Sequence[Part]) -> Found[BriefSentiment] | None:
    """How the words on past work sound, `None` for silence; praise and blame together are neutral.

    Args:
        judged: The `parts` of the text.
    """
    if not judged:
        return None
    (praise, praised), (blame, blamed), (so_so, unmoved) = (
        _most_likely(name, judged) for name in ("praise", "blame", "so_so")
    )
    if 1 - (1 - praise) * (1 - blame) * (1 - so_so) < _LIKELY_ENOUGH:
        return None
    if so_so > _SO_SO and so_so >= 0.8 * max(praise, blame):
        return Found(BriefSentiment(label="neutral", score=_bounded(unmoved.sound, 0.2)), unmoved.start, unmoved.end)
    if min(praise, blame) > _BOTH:
        score = _bounded((praised.sound + blamed.sound) / 2, 0.2)
        first = min(praised, blamed, key=lambda one: one.start)
        last = max((one for one in (praised, blamed) if one.unit == first.unit), key=lambda one: one.end)
        return Found(BriefSentiment(label="neutral", score=score), first.start, last.end)
    most = praised if praise > blame else blamed
    size = max(0.3, _bounded(2 * abs(most.sound), 1.0))
    value = BriefSentiment(label="positive" if praise > blame else "negative", score=size if praise > blame else -size)
    return Found(value, most.start, most.end)


def _most_likely(name: str, judged: Sequence[Part]) -> tuple[float, Part]:
    table = weights(name)
    return max(
        ((0.0 if _is_wished(one) else table.probability(one.signs), one) for one in judged), key=lambda one: one[0]
    )


def _is_wished(one: Part) -> bool:
    return one.shows("wish") and "time deed" not in one.signs


def _bounded(score: float, most: float) -> float:
    return round(max(-most, min(most, score)), 2)


def find_concerns(document: Document, judged: Sequence[Part]) -> list[Found[str]]:
    """What worries the client, in their words: stated worries, and complaints about what came before.

    Args:
        document: The text.
        judged: Its `parts`.
    """
    found: list[Found[str]] = []
    for unit, spoken in _by_unit(judged):
        if unit.field in _NO_CONCERNS:
            continue
        worry = WORRY.search(document.text, unit.start, unit.end)
        likely = [one for one in spoken if _is_concern(one)]
        if unit.field == "concerns" or _LABEL.match(document.text, unit.start):
            span = document.answer(unit), unit.end
            spans = [] if _NONE.match(document.text[slice(*span)]) else [span]
        elif worry and (_FEARS.search(worry.group()) or _overlaps(worry, likely)):
            spans = [_worry_extent(document, unit, worry)]
        else:
            spans = _joined(likely)
        found += [Found(_clean(document, *span), *span) for span in spans if span[1] - span[0] > 5]
    return found


def _overlaps(worry: re.Match[str], likely: Sequence[Part]) -> bool:
    return any(one.start <= worry.end() and worry.start() <= one.end for one in likely)


def _is_concern(part: Part) -> bool:
    if part.shows("so-so"):
        return False
    blamed = weights("blame").probability(part.signs) > _SURELY_BLAMED
    return blamed or weights("concerns").probability(part.signs) > _LIKELY


def _by_unit(judged: Sequence[Part]) -> list[tuple[Unit, list[Part]]]:
    by_unit: dict[int, tuple[Unit, list[Part]]] = {}
    for one in judged:
        by_unit.setdefault(one.unit.start, (one.unit, []))[1].append(one)
    return list(by_unit.values())


def _joined(likely: Sequence[Part]) -> list[tuple[int, int]]:
    """The stretches of parts that follow each other: `too few orders, and they were late`."""
    spans: list[tuple[int, int]] = []
    for one in likely:
        if spans and one.start - spans[-1][1] <= 3:
            spans[-1] = spans[-1][0], one.end
        else:
            spans.append((one.start, one.end))
    return spans


def _clean(document: Document, start: int, end: int) -> str:
    words = re.sub(r"\s+", " ", document.evidence(start, end)).strip(" .,;:-!")
    return re.sub(r"^(?:and|but|so|because|honestly|sadly),? ", "", words, flags=re.IGNORECASE)


def _worry_extent(document: Document, unit: Unit, worry: re.Match[str]) -> tuple[int, int]:
    """From the worry to the end of its clause; with its own words where what is feared does not stand behind them."""
    stop = re.compile(r";|, (?:so|but|and we|which is why|hence)\b| but ").search(document.text, worry.end(), unit.end)
    end = stop.start() if stop and stop.start() - worry.end() > 10 else unit.end
    says_it_itself = re.search(r"\bwant\b|afford|tired|fed up|sick", worry.group())
    start = worry.start() if says_it_itself or end - worry.end() <= 8 else worry.end()
    return (start, end) if end - start > 8 else (unit.start, unit.end)
