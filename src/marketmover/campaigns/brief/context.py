"""What the words around a mention make of it: denied, past, somebody else's, put in place of something said before."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar

from marketmover.campaigns.brief.document import Document

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value with the place in `Document.text` that it was read from."""

    value: T
    start: int
    end: int

    def evidence(self, document: Document) -> str:
        """The raw words it rests on."""
        return document.evidence(self.start, self.end)


_DENIED_BEFORE = re.compile(
    r"(?:\bno|\bnot?(?: (?:on|in|for|to|with|via|through))?|n't|\bdont|\bdo not|\bavoid(?:ing)?|\bwithout"
    r"|\bskip(?:ping)?|\bexcept(?:ing)?(?: for)?|\bexclud\w+|\bleave out|\bleaving out"
    r"|\bstay (?:away from|off|clear of)|\bsteer clear of|\bnever(?: again)?|\bnothing (?:on|in|with"
    r"|to do with)|\brather not|\banything but|\bdrop(?:ping)?|\bstop(?:ping)?"
    r"|\bforget(?: about)?|\bditch|\bkeep (?:us |me |it )?(?:off|away from|out of|clear of)|\bnor|\bneither"
    r"|\bother than|\bapart from|\binstead of|\brather than|\bless|\bhate|\bdislike|\bout of|\bban(?:ned)?"
    r"|\bpull(?:ing)? out of|\bcan(?:'t|not) stand|\brule out|\brefuse)(?: (?!but\b|just\b"
    r"|only\b)[\w'&/]+){0,5}[ /]*(?:\(\w+ ?)?$"
)
_DENIED_AFTER = re.compile(
    r"^(?: (?:ads?|campaigns?|advertising|please))* ?(?:(?:is|are|'s|was)(?: \w+)? (?:out\b|off the table"
    r"|off limits|not\b|a no\b|no[- ]go|excluded|banned|pointless|useless|a waste|dead)|(?:isn't"
    r"|aren't) (?:for us|right|worth|what we|where|wanted|an option|our|needed|relevant|something)"
    r"|doesn't (?:work|suit|fit|interest)|don't (?:want|use)"
    r"|,? (?:no|nope)(?= ?[.,;!)\n]| ?$)|: ?(?:no\b|none|nope|not)|\? ?(?:no\b|nope)|,? ?(?:no thanks"
    r"|no thank you|not for us|isn't for us"
    r"|not interested))"
)
PAST = re.compile(
    r"\b(?:(?<!will )(?<!'ll )(?<!shall )(?<!should )(?<!must )(?<!would )(?<!can )(?<!to )last (?:(?:few"
    r"|couple of|two|three|four|six|\d+) )?(?:years?|months?|quarters?|campaigns?|weeks?"
    r"|year|month|quarter|week|time|autumn|spring|summer|winter|fall|season|campaign|agency|december|november"
    r"|christmas|round)(?!\w| of\b)|previous(?:ly)?|past (?:campaigns?|year|months?|quarter|work"
    r"|results)|in the past"
    r"|used to|so far|until now|up to now|(?<=\w )before(?= ?[.,;!)\n]| and | but | with |$)"
    r"|never (?:advertised|run ads|done ads)|tried (?:it|that|them|this)\b|(?:wasted|burned|burnt) (?:my"
    r"|our|us|all)\b|brought (?:us|me|no|in|only"
    r"|hardly)\b|did (?:some|great|well|ok|fine|really)\b|ago\b|back in|earlier this year|already (?:tried"
    r"|spent|spend|run"
    r"|ran|did|done)|historically|to date|\d{4}'s|former agency|formerly|old agency"
    r"|(?:we|i|they|he|she|agency|it|client|team|you)(?:'ve| have| had| has|'d)?(?: (?:already|also|once|only"
    r"|even|just|just|both))? (?:tried|ran|did|spent|used(?! to)|tested|were (?:running|spending|paying"
    r"|getting)|was (?:running|spending|paying|getting)|burned|burnt|wasted|paid|worked|generated|achieved"
    r"|had been|been running)"
    r"|(?:we|i) got|(?:campaigns?|quarter|month|agency|freelancer|ads?) (?:was|were|went|did|had)"
    r"|(?<!be )(?<!money )(?<!dollar )(?<!pound )(?<!euro )spent|earlier (?:agency|vendor|partner|campaigns?"
    r"|ads)|last (?:partner|vendor|freelancer|supplier)|has been (?:a|an)|lost money|ran (?:some|a|our"
    r"|ads|on)|have been (?:running|using|doing|spending|paying)|(?:it|that|they|which|results?|leads) (?:was"
    r"|were|didn't|brought|cost|gave))\b"
)
_NEW_START = re.compile(
    r"\b(?:this time|now we|now i|this year|for this|going forward|from now|next|we want|we'd like|we would like"
    r"|we need|i want|i need|i'd like|please|let's|should|wants?|want to|would like|like to|keep running"
    r"|continue|must)\b"
)
SECOND_THOUGHT = re.compile(
    r"\b(?:actually|make (?:that|it)|scratch that|correction|on second thou?ghts?|sorry|update[sd]?|revised"
    r"|change of plans?|changed (?:my|our) minds?|rather|instead|after all|no wait|wait|i meant|we meant"
    r"|let's (?:say|go|do|make)|"
    r"is now|are now|has been (?:cut|raised|increased|reduced|approved|bumped)|was (?:cut|raised|increased"
    r"|reduced|bumped)|have approved|has approved|approved|new (?:budget|figure|total|amount|number)"
    r"|final(?:ly)?|cut (?:it|this|that|the budget|back)|raise[sd]?|bump(?:ed)?|increase[sd]?|reduce[sd]?"
    r"|lower(?:ed)?|drop(?:ped)?|trim(?:med)?|up it|stretch|go up|down to|up to|ok(?:ay)?)\b"
)


def is_denied(document: Document, start: int, end: int) -> bool:
    """Whether the words around a mention say that it is not wanted (`no Facebook`, `Facebook is out`)."""
    left, _ = _denial_scope(document, start, end)
    before = document.text[max(left, start - 70) : start]
    if re.search(
        (
            r"\bnot (?:only|just|sure|bad|yet)\b[^\n]*$|\bno (?:problem|idea|doubt|issue|preference|objection|matter"
            r"|more than|less than|later than)\b[^\n]*$|\bwhy not\b[^\n]*$|\bnothing but\b[^\n]*$|\bdon't (?:mind"
            r"|forget|worry)\b[^\n]*$|\bcan't wait\b[^\n]*$"
        ),
        before,
    ):
        return False
    if re.search(
        (
            r"(?<!anything )(?<!everything )(?<!all )\b(?:but|just|only|instead|so|rather|want|do|use|prefer"
            r"|focus|stick|keep|please)\b(?!.*\b(?:no|not|nothing|n't"
            r"|avoid|without|never|skip|out)\b)(?: [\w']+){0,3} ?$"
        ),
        before,
    ) and not re.search(
        (
            r"(?:don't|do not|dont|not|never|n't)(?: \w+){0,2} (?:want|do|use|prefer|focus|keep"
            r"|just)(?: [\w']+){0,3} ?$"
        ),
        before,
    ):
        return False
    return _DENIED_BEFORE.search(before) is not None or _DENIED_AFTER.match(document.after(end, 50)) is not None


def _denial_scope(document: Document, start: int, end: int) -> tuple[int, int]:
    """A denial reaches over a list: `no Facebook, Instagram or display`."""
    left, right = document.clause(start, end)
    unit = document.unit_at(start)
    while (
        left > unit.start
        and start - left < 25
        and document.text[max(unit.start, left - 2) : left] == ", "
        and re.match(r"(?:or |nor |and )?[\w' ]{0,24}$", document.text[left:start])
    ):
        if re.match(
            r"(?:and )?(?:just|only|but|we|i|please|use|focus|stick|instead)\b", document.text[left : left + 16]
        ):
            break
        left = max(document.clause(left - 2, left - 2)[0], unit.start)
        if left == document.clause(left, left)[0] and start - left > 60:
            break
    return left, right


def is_past(document: Document, start: int, end: int) -> bool:
    """Whether a mention belongs to what was done before rather than to what is asked for."""
    unit = document.unit_at(start)
    if unit.field == "past":
        return True
    left, right = _sentence_part(document, start, end)
    return PAST.search(document.text, left, right) is not None


def _sentence_part(document: Document, start: int, end: int) -> tuple[int, int]:
    """The part of the sentence with one tense: cut at `, but`, semicolons and at words that start a new wish."""
    unit = document.unit_at(start)
    left, right = unit.start, unit.end
    for match in re.finditer(
        r";| but | so |, (?:it )?was (?=\W?\d)|,? (?:and )?(?:this time|now|going forward|for this (?:one"
        r"|campaign)|this year)\b|\. ",
        document.text[unit.start : unit.end],
    ):
        at = unit.start + match.start()
        if at < start:
            left = at
        elif at >= end:
            right = min(right, at)
            break
    wish = None
    for match in _NEW_START.finditer(document.text, left, start):
        wish = match
    if wish is not None and PAST.search(document.text, left, wish.start()):
        left = wish.start()
    later = _NEW_START.search(document.text, end, right)
    if later is not None and not PAST.search(document.text, left, later.start()):
        right = later.start()
    return left, right
