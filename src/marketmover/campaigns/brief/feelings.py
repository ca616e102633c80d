"""How the client feels about what was done so far, and what worries them."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from marketmover.campaigns.brief.context import PAST, Found, is_past
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.vocabulary import words
from marketmover.plans import BriefSentiment

if TYPE_CHECKING:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

# What the general word list of VADER does not know about advertising; on its scale from -4 to 4.
_TRADE_WORDS = {word: float(value) for word, _, value in (line.rpartition(" ") for line in words("trade_feelings"))}
_PHRASES = (
    (
        re.compile(
            r"\b(?:didn't|did not|don't|doesn't|never|not|hasn't|haven't|isn't|wasn't)(?: really| even| quite"
            r"| exactly)? (?:work(?:ed|ing)?|deliver(?:ed)?|convert(?:ed)?|perform(?:ed)?|pay off|pay|bring|brought"
            r"|move the needle|take off|get us|produce|answer(?:ed)?|reply|lead|result|do (?:anything|much)"
            r"|see any|happy|satisfied"
            r"|impressed|pleased|great|good|buy|come|close|close[d]?)\b"
        ),
        -2.4,
    ),
    (
        re.compile(
            r"\b(?:no|zero|hardly (?:any|a single)|barely (?:any|a single)|few|not a single|too few|not many) "
            r"(?:results?|leads?|sales?|enquir\w+"
            r"|orders?|return|conversions?|bookings|of them|customers|calls|impact|idea where)\b|\bnothing (?:came"
            r"|happened|to show|sold)|\bnobody (?:called|bought|came|answered)|\bnone of (?:them|the|those)"
            r"|\blow[- ]quality|\bpoor quality|\bwrong (?:people|audience|kind)|\btime[- ]?wasters|\bdown the drain"
            r"|\bgoing (?:nowhere|down)|lost (?:a lot of |so much |our |some )?money|\b(?:too|so|very) (?:expensive"
            r"|slow|few|low|high|pricey)|\ba total|wasted (?:my|our|all|us)|messed (?:up|it)|money pit|bottomless"
            r"|\bcouldn't "
            r"(?:track|tell|see)"
            r"|\bfell (?:flat|short)|\bleft (?:us"
            r"|me) (?:with|disappointed)|\blet (?:us|me) down|\bfed up|\bsick of|\bcost(?:s|ing)? (?:us )?(?:a fortune"
            r"|too much|twice)|\bwent (?:quiet|silent|wrong|downhill)|\bonly (?:\w+ ){1,3}(?:leads?|sales|orders"
            r"|bookings|enquir\w+)|\bnever (?:again|answered|picked up|replied|heard)"
        ),
        -2.2,
    ),
    (
        re.compile(
            r"\b(?:happy|pleased|delighted|thrilled|satisfied|impressed|over the moon) (?:with|by|about)|\b(?:worked"
            r"|did|gone|going|performed|went|converted|doing) (?:really |very |extremely |quite |pretty |so )?(?:well"
            r"|great|brilliantly|fantastic\w*|nicely|wonderfully)|\bwork(?:s|ed)? a treat|\bgreat (?:results?|job|work"
            r"|campaign|success)|\bbest (?:campaign|quarter|results?|month|year)|\bmore of the same|\bkeep up\b"
            r"|\bexceeded|\bbeyond (?:our )?expectations|\bcouldn't be happier|\b(?:paid|pay) off\b(?<!not pay off)"
            r"|\bwell done|went brilliantly|\blove[d]? (?:what|the|how|your|working)"
        ),
        2.4,
    ),
    (
        re.compile(
            r"\b(?:so-so|neither here nor there|nothing to write home about|mixed|hit and miss|hit[- ]or[- ]miss"
            r"|ok-?ish|okay-?ish|average results|neither (?:good|great)"
            r"|not (?:bad|terrible|great,? not)|nothing special|could be better|could have been better"
            r"|fine,? (?:nothing|but|i guess|i suppose)|all right|alright|a mixed bag|up and down|middling|was (?:ok"
            r"|okay|fine)\b|were (?:ok|okay|fine)\b|did (?:ok|okay|fine|alright))"
        ),
        0.0,
    ),
)
_SO_SO = _PHRASES[3][0]
_ABOUT_PAST = re.compile(
    r"\b(?:last (?:campaign|agency|year|quarter|time|month|summer|winter|autumn|spring|season)|previous|so far"
    r"|past (?:campaigns?|work|results|year)|before(?= ?[.,;!])|results? (?:so far|to date|were|was|have)"
    r"|your (?:work|team"
    r"|reports?|job|last)|you(?:'ve| have| guys have)? (?:did|done|delivered|been|ran)|(?:the|our) (?:leads?"
    r"|results?|ads|campaigns?|performance|agency|numbers|quality)(?: \w+){0,4} (?:was|were|have been|has been|are"
    r"|is|did|didn't|don't|been|brought|gave)|we(?:'ve| have| had)? (?:tried|been|spent|wasted|ran|burned|burnt|got"
    r"|had|used)|(?:the|your|our) \w+ campaign (?:was|went|did)|earlier agency|(?:satisfied|happy|pleased"
    r"|delighted|unhappy|disappointed) with (?:the|your|our) (?:results?|work|campaigns?"
    r"|performance|leads|reports?)|(?:our|the) agency(?: in \w+)? (?:messed|let|lost|ruined|failed|burn\w+)"
    r"|(?:google|facebook|meta|instagram|insta|youtube)(?:'s| has| have| ads)? (?:been|worked|done)|you "
    r"(?:made|built|wrote"
    r"|ran|set up)|(?:we|i) (?:really )?(?:loved|liked|hated|enjoyed|adored)|thanks (?:\w+ ){0,3}for "
    r"(?:the|your|all the) (?:\w+ )?(?:work|job|campaigns?|results)"
    r"|(?:we|i)(?: were| was|'ve been| have been) (?:\w+ )?(?:un)?(?:happy|disappoint\w+|pleased|delighted|thrilled"
    r"|satisfied|impressed|frustrated|annoyed)"
    r"|(?:wasted|burned|burnt) (?:my|our)|what (?:you|we|was) (?:have )?(?:did"
    r"|done|ran)|current(?:ly)? (?:agency|campaigns?|ads|results?))\b"
)
WORRY = re.compile(
    r"\b(?:(?:i am|i'm|we are|we're|am|are|bit|little|also|very|really|quite|still|most|client is|boss is"
    r"|ceo is|cfo is|she is|he is|they are) (?:worried|concerned|afraid|nervous|anxious|scared|sceptical"
    r"|skeptical|wary|hesitant|unsure)(?: (?:about|that|of|whether|if))?|(?:my|our|main|biggest|only|one|the|a"
    r"|big|another|his|her|their|cfo's|ceo's) (?:big |main |only |biggest |real )?(?:worry|concern|fear"
    r"|hesitation|reservation|doubt|issue|pain point|headache|challenge)s?(?: (?:is|are|here is|about|was|with"
    r"|right now is))*(?: that)?:?|worr(?:y|ies|ied) (?:about|that|is|us|me)|concern(?:ed|s)? (?:about|that|is"
    r"|are)|afraid (?:of|that)|fear (?:is |that |of )|(?:don't|do not|cannot|can't|not) want (?:a repeat"
    r"|another|to (?:waste|throw|burn|end up|get|pay for) )|can't afford (?:to|another)|tired of"
    r"|fed up with|sick of|sceptical (?:about|of|that)|skeptical (?:about|of|that)|wary of|nervous (?:about"
    r"|that)|doubts? (?:about|that|whether)|not (?:convinced|sure) (?:that|about|it|this)|what if\b|burn(?:ed"
    r"|t) (?:before|by|our fingers)|afraid)\b"
)
_QUALITY = re.compile(
    r"\b(?:poor|bad|low|junk|rubbish|useless|wasted|waste|disappoint\w+|fake|spam\w*|unqualified|never (?:answered"
    r"|picked up|replied)|didn't (?:work|convert|deliver)|did not (?:work|convert|deliver|bring|perform)"
    r"|didn't (?:bring|get|give|sell|perform)|hardly any\w*|barely any\w*|waste of|zero \w+|too (?:expensive|many"
    r"|few|slow)|disappoint\w*|disaster|didn't do (?:anything|much)|brought (?:no|hardly|only)|only junk"
    r"|lost money|(?:big |real )?problem with"
    r"|bad (?:quarter|month|year|experience)|down by"
    r"|terrible|awful|burned|burnt|down the drain|time[- ]?wasters|tyre-kickers|tire-kickers|irrelevant|dropped"
    r"|declin\w+|flop\w*|no (?:results?|sales|leads|return)|nothing (?:came|to show)|went nowhere|underwhelming"
    r"|weak|wrong (?:people|audience|kind))\b"
)


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
            match = re.compile(r"(?:[^\n:=|?]{1,60}[:=|?] *)?").match(document.text, unit.start, unit.end)
            start, end = match.end() if match else unit.start, unit.end
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


def _parts(document: Document, unit: Unit) -> list[tuple[int, int]]:
    parts: list[tuple[int, int]] = []
    at = unit.start
    for match in re.finditer(
        (
            r"; |: | and (?=last\b|the \w+ (?:was|were|is|are)\b|our |they |it )| but | though | although | however "
            r"|, (?:so|now|this time|while)\b| - "
        ),
        document.text[unit.start : unit.end],
    ):
        if unit.start + match.start() - at > 8:
            parts.append((at, unit.start + match.start()))
            at = unit.start + match.end()
    parts.append((at, unit.end))
    return parts


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
        and re.match(
            (
                r"(?:they|it|the (?:leads|results?|ads|quality|traffic)|most|half|some|results?|leads|quality|none|very"
                r"|really|so|and|but|not|sadly|honestly|frankly|nobody|only|too|great|a (?:lot|waste)|what|well)\b"
            ),
            document.text[unit.start : unit.end],
        )
        is not None
    )


def _is_future(document: Document, start: int, end: int) -> bool:
    return (
        re.search(
            (
                r"\b(?:we (?:want|need|would like|hope)|i (?:want|need)|please|should|goal|looking (?:for|to)|must"
                r"|budget is|target(?:ing)?|hope to|could you|can you|this time)\b"
            ),
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
    """From -1 to 1: VADER's rules with the trade's own words, and what whole phrases say."""
    rest, shifts = text, []
    for pattern, value in _PHRASES[:3]:
        for match in pattern.finditer(text):
            shifts.append(value)
            rest = rest.replace(match.group(), " ")
    valence = float(_vader().polarity_scores(rest)["compound"])
    shift = sum(shifts)
    bent = shift / (shift * shift + 4.0) ** 0.5
    return max(-1.0, min(1.0, bent + valence * (0.4 if shifts else 1.0)))


@lru_cache(maxsize=1)
def _vader() -> "SentimentIntensityAnalyzer":
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    analyser.lexicon.update(_TRADE_WORDS)
    return analyser
