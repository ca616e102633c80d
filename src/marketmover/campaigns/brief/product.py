"""What is sold or shown, in the client's own words."""

import re

from marketmover.campaigns.brief.context import PAST, Found
from marketmover.campaigns.brief.document import Document, Unit
from marketmover.campaigns.brief.industry import trade_of
from marketmover.campaigns.brief.phrases import phrase_end, without_article

# The first kind of sign that is found wins: a label, what is to be promoted, what is sold, what the firm is.
_SIGNS = (
    re.compile(
        r"\b(?:promotion of|(?:profit|revenue) from|(?:clinic|practice|centre) for|promot(?:e|ing)"
        r"|advertis(?:e|ing)|market(?:ing)?(?= our| my)|launch(?:ing)?|introduc(?:e|ing)"
        r"|push(?:ing)?|plug|showcase|campaign (?:is )?(?:for|around|about|to promote)|ads for|fill (?:up )?(?:the "
        r"|our |my )?(?:diary|calendar|books?) (?:for|with)|(?:requests?|quotes?|appointments?|demand|traffic) for"
        r"|(?:web ?shop|online shop|online store) (?:for|selling)|sell(?:ing)? more|sell(?= our| my)|brief for"
        r"|shift(?:ing)? (?:more|our|some)|orders? for|sales (?:of|for)|leads for|enquiries for|enquiries about"
        r"|inquiries for|sign-?ups (?:for|to)|buy(?:ing)?(?= our)|bookings for|installs (?:of|for)|downloads of"
        r"|customers for|purchases of|awareness (?:of|for)|applications for|registrations for|consultations for|(?:book"
        r"|try|know|discover|love|use|order|download|about|get to know|opening|open|built|developed|created"
        r"|buyers for|users for|enrol?ments? (?:for|in)|calls to|calls for|plan for|planning|organi[sz]ing"
        r"|running|hosting"
        r"|holding)(?= (?:an?|our|my|the new) )|(?:web ?)?(?:page|site"
        r"|platform) for|(?:shop|store|studio|school|company|brand|agency|firm|boutique) (?:for|selling)"
        r"|(?:exporters?|makers?|producers?|manufacturers?|importers?|builders?|developers?"
        r"|distributors?|suppliers?|retailers?|sellers?|business|shop|factory"
        r"|providers?|collection|copies|range|line) of) (?!the campaign|a campaign|this campaign|our campaign|in\b"
        r"|on\b|at\b|to\b|it\b|us\b|for\b|ads?\b|early|mid|\d|january|february|march|april|may\b|june|july|august"
        r"|september|october|november|december|next|this\b|our(?:selves)?(?: brand| company| business"
        r"| name)?\b(?! \w+)|from\b|as\b|people|women|men|parents|the uk|facebook|google|meta|instagram|soon|before"
        r"|after|that|both|him|her|them|live\b|q[1-4]|h[12]\b|black friday|christmas|women|a (?:new )?(?:campaign"
        r"|push)|results|(?:online |more |new )?sales\b|more\b|less\b|under\b|which|about\b|\w+ (?:months?"
        r"|weeks?|days?)\b)"
    ),
    re.compile(
        r"\b(?:we|i|who|they|company|client|business|shop|brand|which|that|(?:agency|firm|company) and)(?:'re"
        r"| are| is|'m| am)? (?:also "
        r"|mainly |only |mostly |currently |now |just |basically |primarily |proudly )?(?:sells?|makes?|offers?"
        r"|provides?|produces?|manufactures?|builds?|rent(?:s|ing)? out|rents?|built|have built|supply|supplies"
        r"|distributes?|import|brew|bake|roast|flog|fix|repair|restore|clean|groom|print|grow|paint|organi[sz]es?"
        r"|teach|install|deliver|do|does|specialis[es]+ in"
        r"|specializ[es]+ in|selling|making|offering|providing|manufacturing|run|runs|operate|develop|develops"
        r"|developed|have developed|leases?|created|invented|publish|export"
        r"|design) (?!ads|it\b|that\b|this\b|not\b|so\b|some (?:ads|campaigns)|everything|well"
        r"|our (?:own )?(?:marketing|ads|campaigns?)|a (?:campaign|test|trial|survey|small|promotion|lot)"
        r"|the campaign|campaigns?|business|google|facebook|want|need|to\b|you|any\b|more\b|better|sure|from\b|on\b"
        r"|in\b|with\b|for\b|two\b|three\b|four\b|a tight|have|like|believe|think|know|until|between)"
    ),
    re.compile(
        r"\b(?:our|my) (?!budget|goals?\b|objectives?|aim|priorit|target|audience|ideal|main|biggest|only\b"
        r"|first\b|tone|voice"
        r"|brand\b|company|business\b|agency|team|site|web|page|client|customer|problem|issue|concern|worr"
        r"|prefer|plans?\b"
        r"|idea|hope|wish|deadline|time|location|office|market|industry|sector|compet|average|current|last\b"
        r"|previous|costs?\b"
        r"|cp[alc]\b|roas|ctr|pric|margin|turnover|revenue|sales|leads?\b|results?|campaign|ads?\b|strateg"
        r"|account|data\b|report"
        r"|boss|ceo|cfo|partner|manager|name|e-?mail|phone|number|address|typical|total|monthly|weekly|daily"
        r"|season|people|staff"
        r"|experience|understanding|feeling|impression|message|slogan|usp|offer\b|promise|side\b|past|old\b"
        r"|own\b|new\b campaign"
        r"|buyers?|guests?|patients?|students?|users?|donors?|members?|readers?|buyer|head|director|spend|money"
        r"|ceiling|limit)"
        r"(?=(?:[a-z-]+ ){1,3}(?:in [a-z]+ )?(?:has|is|needs|offers|helps|opens|launches|lets)\b)"
    ),
    re.compile(
        r"\b(?:(?:for|to|at|with|about) (?:our|my)(?: new| own)?|of our new) (?!(?:first |second |spring |summer "
        r"|autumn |winter |christmas "
        r"|next |big |\w+ )?(?:campaign|season|push|launch|sale|event|ads|budget)\b|brand\b|company|business\b|next"
        r"|customers|clients|team|website|site\b|shop\b|store\b|marketing|sales|boss|target|audience|landing|page"
        r"|blog|experience|opinion|products?\b|services?\b|list|database|competitors?|name\b|talk|chat"
        r"|call\b|conversation|last|previous|current|main|client|readers|followers|members|patients|students|guests"
        r"|users|staff|mission|story|people|community|results?|leads|posts?\b|agency|goals?|needs|industry"
        r"|sector|taste|liking)(?=[a-z])"
    ),
)
_ORGANISATION = re.compile(
    r"\b(?:studio|gym|clinic|practice|shop|store|company|restaurant|agency|school|business|firm|charity|foundation"
    r"|brewery|bakery|cafe|salon|start-?up|chain|museum|theatre|brand|centre|center|hospital|college|university"
    r"|retailer|developer|dealer|brokerage|maker|institute|hall|label|ngo|association|winery|farm|council"
    r"|portal|team|department|bank)s?$"
)
_FIRM_LABEL = re.compile(r"(?:shop|store|business|brand|client|advertiser) ?[:=]")
_PRICED = re.compile(
    r"(?P<what>(?:[a-z][a-z'-]+ ){0,3}[a-z][a-z'-]{2,})(?: \((?:costs? |from |at )?|, (?:at |from )?| from | at | )"
    r"(?:[$\u00a3\u20ac\u20b9]|rs\.? ?)\d[\d.,]*(?: ?(?:each\b|a night|per (?:night|person|pair|bottle|box|month)|\)|,)"
    r"| ?- ?[$\u00a3\u20ac\u20b9]\d)"
)
_COUNTED = re.compile(
    r"\b(?:leads?|enquir\w+|inquir\w+|orders?|clicks?|sign-?ups?|bookings?|demos?|calls?|appointments?"
    r"|installs?|cp[alc]"
    r"|there's|it's|that's|but|now|only|just|so|say|let's|maybe|up|to|than|put|got|get|cost|roas"
    r"|registra\w+|downloads?|sales?|at|for|about|around|under|below|of|target|or|and|budget|spend|with)\b"
)
_IN_FRONT = re.compile(r"\b(?:get|put|bring) (?:our|the|my) (?P<what>[a-z-]+(?: [a-z-]+){0,3}) in front of\b")
_THING = re.compile(
    r"(?:(?<=\n)|(?<=[,;:.(] )|\b(?:an?|our|my|the|new) )(?P<what>(?:(?!the|an?|our|my|this|your|new|free"
    r"|of|for|in|on|to"
    r"|and|or|with|by|online|mobile \w+ app|is|are|we|i)[a-z-]+ ){1,2}"
    r"(?:apps?|games?|software|courses?|classes|newsletter|magazine|podcast|cottages?|subscriptions?"
    r"|kits?))(?=[.,;:!)\n]| (?:for|in|at|to|on|with|and|,)\b|$)"
)
_APP = re.compile(
    r"\b(?:app|tool|software|platform|course|marketplace) for (?!ios|android|both|the|your|our|us|more|free|all|any)"
    r"(?:(?!with|and|in|on|at|from|by|that|which|we|so|but)[a-z-]+ ?){1,3}(?=[ .,;\n])"
)
_NOT_A_NAME = re.compile(
    r"\b(?:we|i|our|my|you|your|is|are|was|were|want|need|have|has|had|do|does|did|will|would|can|for|to|in|on"
    r"|from|with|hi"
    r"|hello|dear|team|no|not|only|more|ads?|campaign|brief|budget|goal|leads|sales|lovers|fans|owners|buyers)\b"
)
_BAD = re.compile(
    r"^(?:(?:[a-z ]+ )?(?:number|logo|name|address)|workshops?|ourselves|yourselves|themselves|installs?|downloads?"
    r"|clicks|orders|bookings|traffic|enquiries"
    r"|donors?|clients?|patients?|(?:free )?(?:meeting|consultation|video|call|quote|trial)s?"
    r"|online (?:store|shop)|app store.*|managing.*|small.*here|it|this|that|them|us|you|our|my|brand|name"
    r"|business|company|products?"
    r"|services?|ads?|campaigns?|website|site|more|leads|sales|new|awareness|traffic|people|all|one|results|shop"
    r"|store|page|things|stuff|what|everything|brand awareness|online|team|money|customers|range|offer|offers"
    r"|ppc|seo|sem|dtc|d2c|saas|b2b saas|(?:amazon|etsy|ebay) (?:listing|shop|store|page)s?"
    r"|(?:test|private|free|site) (?:rides?|drives?|sails?|viewings?|visits?|lessons?)|appointments?|viewings?"
    r"|budget|new (?:website|campaign)|start-?up|agency|company|b2b|market)$"
)


def find_product(document: Document) -> Found[str] | None:
    """The product or service, as written."""
    for unit in document.units:
        if unit.field == "product" and not _FIRM_LABEL.match(document.text, unit.start):
            start = _after_label(document, unit.start, unit.end)
            if start < unit.end and not any(pattern.search(document.text, start, unit.end) for pattern in _SIGNS[1:]):
                end = phrase_end(document.text, start, unit.end, most_words=7)
                start = without_article(document.text, start, end)
                words = document.text[start:end]
                if len(words) > 2 and not _BAD.match(words) and not _ORGANISATION.search(words):
                    return Found(document.evidence(start, end), start, end)
    for pattern in _SIGNS:
        for match in pattern.finditer(document.text):
            one = _phrase(document, match)
            if one is not None:
                return one
    if thing := _IN_FRONT.search(document.text) or _priced(document) or _THING.search(document.text):
        start = without_article(document.text, *thing.span("what"))
        return Found(document.evidence(start, thing.end("what")), start, thing.end("what"))
    if app := _APP.search(document.text):
        return Found(document.evidence(*app.span()), *app.span())
    return _by_trade(document)


def _priced(document: Document) -> re.Match[str] | None:
    """What stands beside a price: `cookery courses, 145 pounds each`, `standing desks ($549)`."""
    for match in _PRICED.finditer(document.text):
        unit, words = document.unit_at(match.start()), match["what"]
        plain = not (_COUNTED.search(words) or _BAD.match(words) or _NOT_A_NAME.search(words))
        if (
            unit.field in ("", "objective", "product")
            and plain
            and not PAST.search(document.text, unit.start, unit.end)
        ):
            return match
    return None


def _by_trade(document: Document) -> Found[str] | None:
    """The first `our ...` or `a ...` whose words name a line of business."""
    for match in re.finditer(r"\b(?:our|my|an?|the new|the) (?=[a-z])", document.text):
        one = _phrase(document, match)
        if (
            one is not None
            and trade_of(document, one.start, one.end)
            and not _ORGANISATION.search(document.text[one.start : one.end])
        ):
            return one
    for unit in document.units:
        if unit.field in ("", "objective", "product") and (one := _fragment(document, unit)) is not None:
            return one
    return None


def _fragment(document: Document, unit: Unit) -> Found[str] | None:
    """A clause of few words that only names a trade: `loft conversions, London`."""
    for match in re.finditer(r"(?:(?! (?:for|in|from) )[^,.;:()/\n])+", document.text[unit.start : unit.end]):
        start = unit.start + match.start() + len(match.group()) - len(match.group().lstrip())
        end = unit.start + match.end() - len(match.group()) + len(match.group().rstrip())
        words = document.text[start:end]
        few = 1 <= len(words.split()) <= 4 and not _NOT_A_NAME.search(words)
        if few and trade_of(document, start, end) and not _ORGANISATION.search(words) and not _BAD.match(words):
            start = without_article(document.text, start, end)
            return Found(document.evidence(start, end), start, end)
    return None


def _after_label(document: Document, start: int, end: int) -> int:
    match = re.compile(r"[^\n:=|?]{1,60}[:=|?] *").match(document.text, start, end)
    return match.end() if match else start


def _phrase(document: Document, match: re.Match[str]) -> Found[str] | None:
    unit = document.unit_at(match.start())
    if unit.field in (
        "contact",
        "past",
        "budget",
        "dates",
        "start",
        "end",
        "platforms",
        "location",
        "tone",
        "avoid",
        "concerns",
        "audience",
    ) or PAST.search(document.text, max(unit.start, match.start() - 30), match.end()):
        return None
    end = phrase_end(document.text, match.end(), unit.end)
    start = without_article(document.text, match.end(), end)
    counted = re.compile(r"\d{1,3} (?=[a-z])").match(document.text, start, end)  # `we run 12 escape rooms`
    start = counted.end() if counted else start
    words = document.text[start:end]
    if re.search(r"\b(?:run|runs|own|owns|operate|open|opening)\b", match.group()) and _ORGANISATION.search(words):
        return None
    if (
        len(words) < 3
        or re.search(r"(?<!kids)(?<!girls)(?<!boys)(?<!children)(?<!men)'s? ", words)
        or _BAD.match(words)
        or re.match(r"\d", words)
        or re.search(r"\b(?:pages?|sites?|money|price|cost)$", words)
    ):
        return None
    return Found(document.evidence(start, end), start, end)
