"""What the campaign is for, also where it is said indirectly (`fill the pipeline`, `get our name out`)."""

import re
from dataclasses import dataclass

from marketmover.campaigns.brief.context import Found, is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.feelings import WORRY
from marketmover.plans import BriefTarget, Objective, Outcome

_SIGNS: tuple[tuple[Objective, str, float], ...] = (
    (
        "leads",
        (
            r"\b(?:lead[- ]?gen(?:eration)?|leads?(?! (?:the|to|in|up|us|singer|time|by|paint|developer|designer"
            r"|magnet)\b)|enquir(?:y|ies)|inquir(?:y|ies)|prospects|quote requests?|requests? (?:for|a) (?:a )?(?:quote"
            r"|demo|callback|call back|brochure)s?|ask(?:ing)? (?:us |me )?for (?:a )?(?:free )?(?:quote|demo"
            r"|callback|brochure)s?"
            r"|demo requests?|demos?(?= (?:booked|bookings?|sign|with|a |from|per))|book(?:ed|ing)? (?:in )?(?:a |an "
            r"|more |free |in )*(?:demos?|calls?|consultations?|appointments?|test drives?|viewings?|discovery calls?"
            r"|assessments?|check-?ups?|meetings?))"
        ),
        2.0,
    ),
    (
        "leads",
        (
            r"\b(?:(?:site )?visit bookings?|meetings? with|(?:calls?|tours?|demos?|viewings?|trials?|meetings?"
            r"|appointments?|consultations?"
            r"|visits) booked|trial (?:bookings|lessons|classes)|call us|fill(?:ing)? (?:up )?(?:the|our"
            r"|my) (?:sales )?(?:pipeline|funnel|diary|calendar|appointment book"
            r"|books?)|(?:sales )?pipeline|appointments?|consultations?|registrations?|(?:to register"
            r"|register(?:ing)? (?:for|their))"
            r"|sign-?ups?|sign up(?: for)?(?! to pay)|signups?|(?:(?:phone|inbound|incoming|more|need|want|get"
            r"|generate) calls)|eye tests?|check-?ups?"
            r"|phone (?:to )?ring(?:ing)?|ring(?:ing)? (?:me|us)\b|phones? (?:is |to be )?(?:going off|buzzing"
            r"|hopping)|phones? ringing|call(?:s|ing)? (?:us|from)"
            r"|contact(?:ing)? us|get in touch"
            r"|leave their (?:details|number|email)|contact details|fill(?:ing)? (?:in|out) (?:the|our|a) form"
            r"|form fills?|applications?|applicants|apply|new (?:patients|clients|students|members)|more members"
            r"|test (?:drives?|rides?|sails?|fittings?)|viewings?|open day|newsletter (?:subscribers|sign)"
            r"|mailing list|email list|free trials?"
            r"|trials|request a|webinar)\b"
        ),
        1.4,
    ),
    (
        "sales",
        (
            r"\b(?:sales(?! (?:team|rep|reps|people|person|manager|managers|director|directors|force|call|calls|funnel"
            r"|pipeline|guys|staff|cycle|qualified|enablement|process|ready|executive|tax|lead|leads))"
            r"|flog(?:ging)?|enrol?lments?|sell(?:ing)?(?: more| out| through)?(?= )(?! to\b)|purchas(?:e|es|ing)"
            r"|orders?(?! to)|buy(?:ing"
            r"|s)?(?!-in)|(?<!first-time )(?<!first time )(?<!home )buyers|checkout|revenue|donations?(?! page)"
            r"|donate|donors|move-ins|(?:more|new) customers"
            r"|shift (?:stock|tickets|units"
            r"|more|our)|move (?:stock|units)|transactions|roas|e-?commerce sales|online sales|ticket sales"
            r"|add to (?:cart|basket)|subscriptions?|paying customers|profit|conversions|clear (?:the |our "
            r"|out )?(?:old |remaining |winter |summer )?(?:stock|inventory))\b"
        ),
        1.6,
    ),
    (
        "sales",
        (
            r"\b(?:bookings?(?! (?:demo|call))|book(?:ing)? (?:a |an |their |more |our )?(?:lessons?|class(?:es)?"
            r"|courses?|places?|stays?|trips?|tables?|rooms?|cars?|tours?|treatments?|session|sessions|online"
            r"|directly?)|(?:paying |new |more )subscribers|reservations|fully booked|book us out|bums on seats"
            r"|(?:fill|sell) (?:the |our |more "
            r"|all )?(?:seats|rooms|tables|places|tickets)|sell[- ]?out|book (?:a |their )?(?:room|table|holiday|stay"
            r"|trip|ticket)s?)\b"
        ),
        1.6,
    ),
    (
        "traffic",
        (
            r"\b(?:traffic|footfall|walk-?ins|foot traffic|through the door|more visits|visits? (?:to|on|at) |visit(?:s"
            r"|ors)? (?:to )?our (?:shop|store|showroom)"
            r"|website visit(?:s|ors)?|site visit(?:s|ors)?|visits? to (?:the|our)(?: new)? (?:web)?(?:site"
            r"|page|blog|shop)|visitors|clicks(?! on)|people (?:on|to|onto|visiting)(?: our"
            r"| the)?(?: new)? (?:web)?site|readers|eyeballs on (?:our|the) (?:site|page|blog)|drive people to"
            r"|send people to|visit(?:s|ing)? (?:our|the|my) (?:\w+ )?(?:web ?)?(?:page|site|shop|store|blog)"
            r"|land on (?:our|the)|page ?views)\b"
        ),
        1.5,
    ),
    (
        "awareness",
        (
            r"\b(?:(?:brand )?awareness|know about (?:the|our|this|it)|(?:get|be) (?:it |us |them )?seen"
            r"|learn about|find out about|aware of|introduce the brand|(?:to be|become"
            r"|get) better known|be known|known under|known for|get(?:ting)? (?:our|the|my|its|their) (?:name"
            r"|brand) (?:out|known|in front)"
            r"|name (?:out )?there|visibility|brand recall|recognition|recogni[sz]ed|known (?:in|by|across|for|to|as)"
            r"|better known|heard of us|hear about us|hears about|know (?:about us|who we are|we exist|that we exist"
            r"|we are here|our name|us)|knows (?:us|about us|who we are|our name|we)|put(?:ting)? (?:us|our \w+"
            r"|ourselves|it) on the map|top of mind|brand building|build(?:ing)? (?:the|our|a) brand|brand campaign"
            r"|maximum reach|reach as many|as many (?:people|eyeballs|eyes) as possible|impressions|seen by"
            r"|in front of (?:as many|more|new|people|everyone)|make (?:some )?noise|buzz|spread the word"
            r"|introduce (?:our|the|ourselves)|nobody knows|no ?one knows|on (?:people's|everyone's) radar"
            r"|share of voice|exposure|brand presence|famous)\b"
        ),
        1.7,
    ),
    (
        "engagement",
        (
            r"\b(?:engagement|engag(?:e|ing)(?: with)?(?= (?:our|with|the|more|followers|fans))"
            r"|(?<!who )(?<!that )(?<!anyone )likes(?= |,|\.|$)"
            r"|comments|shares(?= |,|\.|$)|followers|follow (?:us|our)|join the conversation|follows|community"
            r"|interact(?:ion|ions|ing)?|video views"
            r"|views on (?:our|the) video|conversation(?:s)? (?:on|with|around)|user[- ]generated|fans talking"
            r"|people talking|post engagement|reactions)\b"
        ),
        1.4,
    ),
    (
        "app_installs",
        (
            r"\b(?:app (?:installs?|downloads?|installations?)|installs?|installations? of (?:our|the) app"
            r"|downloads?(?! (?:the |our |a )?(?:brochure|guide|white ?paper|ebook|e-book|pdf|catalogue|report))"
            r"|download(?:ing)? (?:our|the|my) app|install(?:ing)? (?:our|the|my) app|get (?:our|the) app (?:on|onto)"
            r"|new app users)\b"
        ),
        2.2,
    ),
)
_WISH = re.compile(
    r"\b(?:want(?:s|ed)?|need(?:s|ed)?|goal|objective|aim(?:s|ing)?|looking (?:to|for)|look for|priority"
    r"|focus(?:ed|ing)? on|would like|'d like|help(?: us| me)?|drive|driving|generate|generating|increase"
    r"|increasing|grow(?:ing)?|get(?:ting)?|more|boost|bring(?:ing)?|purpose|success|trying to|hope|hoping"
    r"|maximi[sz]e|maximum|as many|all about|main thing|point of|achieve|deliver|love to|hit|push|kpi|after"
    r"|target|must|should|seeking|would be (?:great|nice|ideal|perfect|good|lovely)|measure success|what counts"
    r"|what matters|care about|focus|grateful for|shall|desire|please|could we|can we|could you|can you"
    r"|intends?|would love|plan(?:s|ning)? to|are after|interested in|wish(?:es)?|require[sd]?|like to"
    r"|optimi[sz]e for|bring in|win|attract|acquire|let's)\b"
)
_FIRST = re.compile(
    r"\b(?:main(?:ly)?|primar(?:y|ily)|above all|first (?:and foremost|priority)|most important(?:ly)?|number one"
    r"|top priority|really|ultimately|sole(?:ly)?|only|core|key|what matters|what counts|counts|chief|biggest"
    r"|purely|goal|objective|aim is|in the end|what (?:we|i) (?:really )?(?:want|need|care)|priority"
    r"|optimi[sz]e for|focus)\b"
)
_SECOND = re.compile(
    r"\b(?:also|as well|secondary|second(?:ly)?|nice to have|bonus|if possible|would be nice|along the way"
    r"|on the side|by-product|too\b|plus|additionally|eventually|later|not the (?:main|point|priority|goal)"
    r"|side effect|so that|which should|in turn|leading to|hopefully)\b"
)
_OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    (
        "qualified_leads",
        (
            r"\b(?:(?:sales[- ]|marketing[- ]|well[- ]|properly |better )?qualified (?:b2b |sales |new "
            r"|inbound )?(?:leads?|enquir\w+|inquir\w+|prospects?|opportunit\w+|pipeline|appointments|demos|buyers"
            r"|applicants|applications)|sqls?\b|mqls?\b|sales[- ]ready leads?|(?:high|good|better"
            r"|higher)[- ]quality (?:leads?|enquir\w+|inquir\w+)|quality leads|leads (?:that|who|which|our"
            r"|the sales)(?: \w+){0,3} (?:can (?:actually )?(?:close|use|work with|convert)|actually (?:close|convert"
            r"|buy)|convert|are (?:actually )?(?:qualified|serious|ready)|close|turn into)|quality(?: please)?,? "
            r"(?:over|not"
            r"|rather than|before) quantity|serious (?:enquir\w+|inquir\w+|leads|buyers)|genuine (?:enquir\w+|leads))"
        ),
    ),
    (
        "profit",
        (
            r"\b(?:profit(?:s|ability)?|profitable (?:\w+ )?(?:sales|orders|bookings|customers)|(?:maximi[sz]e"
            r"|gross|better|higher) margins?"
            r"|contribution)\b"
        ),
    ),
    ("revenue", r"\b(?:revenue|turnover|sales value|order value|basket value)\b"),
    ("conversions", r"\b(?:conversions)\b"),
    ("installs", r"\b(?:installs|downloads)\b"),
    ("impressions", r"\b(?:impressions)\b"),
    (
        "reach",
        (
            r"\b(?:maximum reach|maximi[sz]e (?:our )?reach|reach as many|unique reach|(?:goal|objective"
            r"|kpi)\W{1,4}(?:is )?reach\b|as many (?:people|different people) as possible)\b"
        ),
    ),
    ("clicks", r"\b(?:clicks)\b"),
)
_FITS: dict[str, tuple[str, ...]] = {
    "leads": ("qualified_leads", "conversions"), "sales": ("revenue", "profit", "conversions"),
    "traffic": ("clicks",), "awareness": ("impressions", "reach"),
    "engagement": ("clicks",), "app_installs": ("installs",),
}  # fmt: skip
_BY_TARGET: dict[str, Objective] = {
    "cost_per_lead": "leads", "leads": "leads", "qualified_leads": "leads", "cost_per_qualified_lead": "leads",
    "roas": "sales", "sales": "sales", "revenue": "sales", "profit": "sales",
    "installs": "app_installs", "clicks": "traffic",
}  # fmt: skip


_OTHER_FIELDS = frozenset(
    ("contact", "past", "concerns", "avoid", "industry", "audience", "platforms", "interests", "product")
)
_UNIMPORTANT_AFTER = re.compile(
    r"^[^\n,;.]{0,14}\b(?:isn't|aren't|is not|are not|don't|doesn't|not) "
    r"(?:the|our|my|a|what|really|so|that|matter|important)"
)
_UNIMPORTANT = re.compile(
    r"\b(?:not (?:about|interested in|after|looking for|the|bothered about|fussed about)|don't (?:care|need|want|mind)"
    r"|rather than|instead of|more than|less about|isn't|aren't|forget|beyond|never mind)\b[^\n,;.]{0,26}$"
)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|have|has|had|want|need|run|sell|do|does|did|will|would|can|could|should|must|make"
    r"|made|got|get"
    r"|like|think|cost|costs|came|went|[a-z]+ed|[a-z]+ing)\b"
)
_FIRMS_FIGURE = re.compile(r"[$\u00a3\u20ac]\d[\d.,]*(?: ?(?:m|mn|bn|million|billion))? (?:in |annual |of )?$")
_WE_SELL = re.compile(r"\b(?:we|i|they|client|us|our|company|brand)\b[^\n]{0,12}\bsells?\b|\b(?:we|who) sell\b")


@dataclass(frozen=True)
class _Sign:
    objective: Objective
    weight: float
    start: int
    end: int


def find_objective(document: Document, targets: list[Found[BriefTarget]]) -> Found[Objective] | None:
    """The objective with most weight behind it; a target names it where nothing else does."""
    signs = [one for objective, pattern, weight in _SIGNS for one in _signs(document, objective, pattern, weight)]
    totals: dict[Objective, float] = {}
    for one in signs:
        totals[one.objective] = max(totals.get(one.objective, 0.0), one.weight) + (
            0.4 if one.objective in totals else 0.0
        )
    for target in targets:
        backed = _BY_TARGET.get(target.value.metric)
        if backed in totals:
            totals[backed] += 0.6
    if totals and max(totals.values()) >= 1.0:
        return _strongest(document, signs, totals)
    for target in targets:
        if objective := _BY_TARGET.get(target.value.metric):
            return Found(objective, target.start, target.end)
    # a bare mention that nothing denies, as in `Enquiries mostly, I guess.`
    return _strongest(document, signs, totals) if totals and max(totals.values()) >= 0.45 else None


def _strongest(document: Document, signs: list[_Sign], totals: dict[Objective, float]) -> Found[Objective]:
    """The objective with most weight, the earlier one of two alike, with the words that say it best."""
    first = {objective: min(one.start for one in signs if one.objective == objective) for objective in totals}
    chosen = max(totals, key=lambda objective: (totals[objective], -first[objective]))
    best = max((one for one in signs if one.objective == chosen), key=lambda one: (one.weight, -one.start))
    return Found(chosen, *_with_wish(document, best.start, best.end))


def find_outcome(document: Document, objective: Objective | None) -> Found[Outcome] | None:
    """What is to be maximised, where the text says it more exactly than the objective does."""
    if objective is None:
        return None
    for outcome, pattern in _OUTCOMES:
        if (
            outcome not in _FITS[objective]
            or (outcome == "installs" and objective == "app_installs")
            or (outcome == "clicks" and objective == "traffic")
        ):
            continue
        for match in re.finditer(pattern, document.text):
            if _is_wished(document, match.start(), match.end()) >= (0.3 if outcome == "qualified_leads" else 0.8):
                return Found(outcome, *match.span())
    return None


def _signs(document: Document, objective: Objective, pattern: str, weight: float) -> list[_Sign]:
    found: list[_Sign] = []
    for match in _compiled(pattern).finditer(document.text):
        factor = _is_wished(document, match.start(), match.end())
        if factor > 0:
            found.append(_Sign(objective, weight * factor, *match.span()))
    return found


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)  # re keeps what it compiled


def _is_wished(document: Document, start: int, end: int) -> float:
    """How far the words around say that this is wanted: 0 not at all, 1 plainly, more where it comes first."""
    unit = document.unit_at(start)
    if unit.field in _OTHER_FIELDS or is_denied(document, start, end) or is_past(document, start, end):
        return 0.0
    if WORRY.search(document.text, unit.start, start) or _FIRMS_FIGURE.search(document.before(start, 24)):
        return 0.0
    if _UNIMPORTANT_AFTER.match(document.after(end, 40)) or _is_set_against(document, start):
        return 0.0
    left, right = document.clause(start, end)
    factor = _plainness(document, start, end)
    if factor >= 1.0 and _FIRST.search(document.text, max(unit.start, start - 70), min(end + 30, unit.end)):
        factor *= 1.35
    if _SECOND.search(document.text, max(left, start - 40), min(right, end + 30)):
        factor *= 0.5
    if re.search(r"\b(?:cost|price)s? per $|\bper $|\ba $|^\W?roas", document.text[max(left, start - 12) : start]):
        factor *= 0.45
    return factor


def _is_set_against(document: Document, start: int) -> bool:
    """Whether it is what the client does not care for: `rather than traffic`."""
    return _UNIMPORTANT.search(document.before(start, 46)) is not None and not re.search(
        r"\b(?:but|just|only)\b[^\n]{0,20}$", document.before(start, 24)
    )


def _plainness(document: Document, start: int, end: int) -> float:
    unit = document.unit_at(start)
    left, right = document.clause(start, end)
    if unit.field == "objective":
        return 2.0
    if unit.field == "targets":
        return 0.8
    if re.search(r"\bfor (?:more |new |online |better |additional )*$", document.before(start, 24)):
        return 1.0
    wished = re.search(
        r"\b(?:want|need|like|help|goal|hope|looking|trying)\b", document.text[max(left, start - 40) : start]
    )
    if _WE_SELL.search(document.text[max(left, start - 14) : end + 2]) and not wished:
        return 0.0
    near = document.text[max(left, start - 90) : min(right, end + 40)]
    if _WISH.search(document.text, max(unit.start, start - 90), start) or _WISH.search(near):
        return 1.0
    # `Enquiries by WhatsApp.` says no more than what is wanted
    return 0.3 if _VERB.search(document.text, unit.start, unit.end) else 0.8


def _with_wish(document: Document, start: int, end: int) -> tuple[int, int]:
    unit = document.unit_at(start)
    wish = re.search(
        r"\b(?:we|i|our|my|the|help|please|goal|objective|want|need)\b",
        document.text[max(unit.start, start - 45) : start],
    )
    return (max(unit.start, start - 45) + wish.start() if wish else start), end
