"""Costs that the client wants kept: per lead, per qualified lead, per sale."""

import re

from marketmover.campaigns.brief import target_words as shared
from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.plans import BriefTarget

_SAID = phrases("costs")

# `cost per`, `price for each`, `40 a`, `every`
_PER = r"(?:cost|price)?s? ?(?:(?:per|pro|an?|for (?:each|every|an?|one)|each|every|one) |/ ?)"
_COST_OF = r"(?:cost|price)s? (?:of|for) (?:an? |one |each |every )?"
_WON = r"(?:new |booked |completed |confirmed |paying )?"
# `leads for under 40`: the figure follows at once
_AT = r"(?:for|at|under|below) (?:under |less than |no more than |around |max(?:imum)? )?\W?$"
_COSTS: tuple[tuple[str, str], ...] = (
    (
        "cost_per_qualified_lead",
        (
            rf"{_SAID['qualified lead']}"
            rf"|(?:pay(?:ing)?|cp[a-z]*)? ?{_PER}{_WON}{shared.QUALIFIED} (?:{shared.LEAD}|opportunity)"
            rf"|{shared.QUALIFIED} leads? {_AT}"
        ),
    ),
    (
        "cost_per_lead",
        rf"{_SAID['lead']}|{_COST_OF}{_WON}{shared.LEAD}|{_PER}{_WON}{shared.LEAD}\b|leads? {_AT}",
    ),
    (
        "cost_per_acquisition",
        rf"{_SAID['acquisition']}|{_PER}{_WON}{shared.SALE}\b|{_COST_OF}{_WON}{shared.SALE}\b",
    ),
)
_FILLER = re.compile(
    rf"(?:\([a-z ]+\)|\b[a-z]{{1,3}}(?=\$)|\W|\b(?:{_SAID['between metric and figure']}|[a-z]{{3}}(?=\W*$)))*"
)


_MUST_BE = re.compile(r"\b(?:must|should|need\w*|has to) (?:to )?(?:be|stay|come|go)\b")
_AIMED_AT = re.compile(r"\b(?:target|goal|aim|wants?|needs?|should be)(?: is| of|:)? ?(?:[a-z]{1,3} ?)?\W?$")
_IT = re.compile(
    r"\b(?:(?:need|want|like|get|bring|keep) (?:it|that|this|them)|(?:it|that|this) (?:needs|has|must|should))"
    r"(?: to)?(?: be| come| go| stay| get)?(?: back)?(?: down)?(?: to| at| under| below| around)* ?\W?$"
)
_CURRENCY_AFTER = re.compile(
    r"^ ?(?:\(?(?:us|can|aus)?(?:dollars?|pounds?|euros?|rupees?|bucks|quid|dirhams?|rand"
    r"|kr(?:on(?:or|er|a))?\b|z\u0142|pesos?|reais|yen|francs?)"
    r"|[a-z]{3}(?= (?:(?:per|a|an|for|each|cpl|cpa)\b|/))(?<!per)|[\u20ac\u00a3$\u20b9]|/-)"
)
_COUNTED = re.compile(
    r"^ ?(?:%|per ?cent|x\b|leads|enquir|inquir|sales|orders|days|weeks|months|years|miles|km|people|installs|clicks"
    r"|or so (?:leads|sales))"
)
_PRICE = re.compile(
    r"\b(?:worth|pays|(?:customers?|clients?|people|they|who|guests|patients|students|members) pay"
    r"|charge|(?<!lead )priced?|earn|makes? us|value|sells?|fee|tickets? (?:are|cost))\b[^\n,;]{0,25}$"
)
_BETWEEN = (
    r"^(?: or (?:less|lower|below|under)| max(?:imum)?| tops| ?-)?,? ?"
    r"(?:is |as |our |the |as the )*(?:target |max(?:imum)? )?"
)
_OTHER_MATTER = re.compile(r"\b(?:and|budget|spend|with|for|from|roas|revenue|over|weeks|sales of|aged)\b[^\n]*$")
_LIMIT_WORD = re.compile(
    r"(?:under|below|than|most|max(?:imum)?|of|to|at|around|is|be|cap|exceed\w*|~|about|:) ?"
    r"(?:about |around |roughly )?\W{0,3}(?:rs\.? ?|[a-z]{3} ?)?$"
)


_WHAT = (
    rf"\b(?:(?P<good>{shared.QUALIFIED} {shared.LEAD}|sqls?|mqls?)|(?P<lead>{shared.LEAD}"
    rf"|(?<!site )(?<!page )visits?)|(?P<sale>{shared.SALE}))\b"
)
_COUNTED_BEFORE = re.compile(rf"{_WHAT}[^\n]{{0,60}}$")
_FOR_EACH = re.compile(
    r"^ ?(?:or (?:less|lower|under|below) )?(?:for |per )?(?:each|apiece|a pop|per piece|every one)\b"
    r"(?! (?:day|week|month))"
)
# `no lead should cost more than`, `a visit for under`, `leads below`: what is counted, then words of cost and limit
_COSTING = re.compile(rf"^[^\n]*{_WHAT}(?P<between>(?:(?!{_SAID['another matter']})[^\n;:.\d]){{0,45}})$")
_COST_OF_TODAY = re.compile(rf"{_WHAT}(?: \w+){{0,3}} (?:cost\w*|at) [^\n;.\d]{{0,16}}\d")
_NONE_DEARER = re.compile(
    r"\b(?:no|none|not|never|cannot)\b[^\n;:.\d]{0,60}"
    r"\b(?:more (?:expensive )?than|over|above|exceed\w*|dearer than)\b[^\n]{0,12}$"
)
_COST_VERB = re.compile(
    r"\b(?:cost\w*|expensive|pay|price\w*|come (?:in |out )?at|set us back"
    r"|(?:should|must|may|can|needs? to|has to) be)\b"
)
_EACH_AHEAD = re.compile(r"\beach(?: one)?(?: of them)?[^\n\d;.]{0,25}$")
_AT_A_PRICE = re.compile(r"^ (?:for|at|under|below|beneath)\b|^ ?[<\u2264]")
_THAT_OR_LESS = re.compile(
    r"^[^\n.]{0,60}\b(?:below|under|less than|lower than|cheaper than|beat(?:s|ing)?) (?:that|this|it)\b"
)


def cost_target(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    """The cost target that a number is, or `None`."""
    before, whole = number.before[-60:], number.after[:60]
    after = _CURRENCY_AFTER.sub("", whole)
    if (_COUNTED.match(after) and not re.search(r"\bcp[al]\b", after[:12])) or _PRICE.search(before):
        return None
    each = _EACH_AHEAD.search(before)
    if (_FOR_EACH.match(after) or (each and shared.AT_MOST.search(each.group()))) and (
        each or shared.looks_like_money(number)
    ):
        return _cost_of_each(document, number)
    for metric, pattern in _COSTS:
        # the longer patterns take long to compile, and most figures are no costs
        behind = re.match(rf"{_BETWEEN}(?:{pattern})", after) if re.search(pattern, after) else None
        ahead = _named_ahead(pattern, before, behind) if re.search(pattern, before) else None
        if not (behind or ahead):
            continue
        if behind and not _is_limit(document, number, before, after, named=ahead is not None):
            return None
        length = len(whole) - len(after) + behind.end() if behind else 0
        place = shared.extent(document, number, ahead, None, length)
        return shared.make_target(document, metric, number.value, number, place, default="at_most")
    return _cost_of_what_precedes(document, number) or _cost_of_it(document, number, before)


def _limited_behind(number: shared.Figure) -> re.Match[str] | None:
    return shared.AT_MOST.match(_CURRENCY_AFTER.sub("", number.after)[:16].lstrip())


def cost_to_beat(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    """`We usually pay $38 per booking, so anything below that is a win`: a cost of today that is to be the limit."""
    beaten = _THAT_OR_LESS.match(number.after)
    if not beaten or not shared.looks_like_money(number):
        return None
    named = [metric for metric, pattern in _COSTS if re.search(pattern, number.before[-60:] + number.after[:30])]
    if not named:
        return None
    place = shared.extent(document, number, None, beaten)
    return shared.make_target(document, named[0], number.value, number, place, default="at_most")


def _cost_of_what_precedes(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    """`No lead should cost more than 30 euros`, `SQLs under 400 euros`: a limit to what was named just before."""
    named = _COSTING.search(number.before[-80:])
    if not named or not shared.looks_like_money(number):
        return None
    between = named["between"]
    verb = _COST_VERB.search(between)
    limited = _NONE_DEARER.search(number.before) or shared.AT_MOST.search(between) or _limited_behind(number)
    if not limited or not (verb or (_AT_A_PRICE.search(between) and not named["sale"])):
        return None
    start = number.start - len(named.string) + max(named.start(kind) for kind in ("good", "lead", "sale"))
    place = max(start, document.unit_at(number.start).start), number.end
    return shared.make_target(document, _metric(named), number.value, number, place, default="at_most")


def _metric(named: re.Match[str]) -> str:
    if named["good"]:
        return "cost_per_qualified_lead"
    return "cost_per_lead" if named["lead"] else "cost_per_acquisition"


def _cost_of_it(document: Document, number: shared.Figure, before: str) -> Found[BriefTarget] | None:
    """`CPL is $180 now, we need it at $120`: a wish about the cost that was named before."""
    aimed = _AIMED_AT.search(before)
    limited = shared.AT_MOST.search(before) or _limited_behind(number)
    bare = aimed or (_MUST_BE.search(before) and limited)
    if not bare and not ((limited or shared.looks_like_money(number)) and _IT.search(before)):
        return None
    earlier = document.text[document.unit_before(number.start).start : number.start]
    named = [metric for metric, pattern in _COSTS if re.search(pattern, earlier)]
    named += [_metric(one) for one in _COST_OF_TODAY.finditer(earlier)]
    if not named:
        return None
    return shared.make_target(
        document, named[0], number.value, number, (number.start - 1, number.end), default="at_most"
    )


def _named_ahead(pattern: str, before: str, behind: re.Match[str] | None) -> re.Match[str] | None:
    """The metric where it stands before the number, with nothing but words of limit between them."""
    ahead = re.search(rf"(?:{pattern})(?: target| goal| ceiling| cap| max(?:imum)?)?[^\n;\d]{{0,42}}$", before)
    if not ahead or not _FILLER.fullmatch(before[_metric_end(ahead, pattern) :]):
        return None
    if _OTHER_MATTER.search(before[ahead.start() :]) and not _LIMIT_WORD.search(before):
        return None
    if re.search(r"\bbudget|spend\b", before[ahead.start() :]) and not behind:
        return None
    return ahead


def _is_limit(document: Document, number: shared.Figure, before: str, after: str, *, named: bool) -> bool:
    """Whether `40 a lead` is a limit that is wished for rather than any cost that is mentioned."""
    if re.match(r"^ ?(?:a|an) (?:customer|client|member|patient)s? (?:pays|spends)", after):
        return False
    money = shared.looks_like_money(number)
    if not money and number.value < 2:
        return False
    if named:
        return True
    limited = shared.AT_MOST.search(before) is not None
    wished = (
        shared.WISH.search(before)
        or shared.AT_MOST.search(after)
        or shared.field_of_number(document, number) == "targets"
    )
    return limited or ((money or "pay" in before) and bool(wished))


def _cost_of_each(document: Document, number: shared.Figure) -> Found[BriefTarget] | None:
    """`40 enquiries at under $150 each`: the cost of what was counted just before."""
    counted = _COUNTED_BEFORE.search(number.before)
    if not counted:
        return None
    return shared.make_target(
        document,
        _metric(counted),
        number.value,
        number,
        shared.extent(document, number, counted, None),
        default="at_most",
    )


def _metric_end(ahead: re.Match[str], pattern: str) -> int:
    named = re.compile(pattern).match(ahead.string, ahead.start())
    return named.end() if named else ahead.start()
