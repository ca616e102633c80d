"""What a form's label, a heading or a question asks for: `Monthly budget`, `## Timing`, `Who do you want to reach?`."""

import re
from functools import lru_cache

# The first pattern that matches wins, so the narrow ones stand first.
_FIELDS: tuple[tuple[str, str], ...] = (
    (
        "contact",
        (
            r"^(?:(?:your |full |first |last |company |business |contact |client |brand )?(?:name"
            r"|e-?mail(?: address)?|phone(?: (?:number|no))?"
            r"|tel(?:ephone)?|mobile|cell|fax|website|web ?site|url|address|head ?office|headquarters|hq|company"
            r"|organi[sz]ation"
            r"|job title|position|your role|from|to|cc|bcc|sent|date|submitted(?: (?:on|at))?|received|time ?stamp"
            r"|form ?id|ip(?: address)?"
            r"|reference|ref|referr?er|utm[ \w]*|id|vat(?: (?:no|number))?|attachments?|importance|reply-to"
            r"|signed|prepared (?:by|for)"
            r"|attendees?|present)"
            r"(?: size)?|(?:number of |no\.? of )?(?:employees|staff|head ?count)|company size|team size"
            r"|how did you (?:hear|find (?:us|out|our))[^\n]*"
            r"|(?:annual |yearly )?(?:turnover|revenue)|based in|office|created(?: at)?|call with|(?:date"
            r"|time) of (?:call|meeting))$"
        ),
    ),
    (
        "past",
        (
            r"\b(?:previous|past|so far|history|last (?:year|campaign|time|quarter)|experience|have you (?:tried"
            r"|run|ever)|been going|did it go"
            r"|results? (?:to date|so far)|current(?:ly)?|background|how (?:was|were|did))\b"
        ),
    ),
    (
        "avoid",
        (
            r"^(?:not|no)$|\b(?:avoid|don'?ts?|exclu\w+|restrictions?|not allowed|no[- ]gos?|off limits"
            r"|must not|should ?n[o']t"
            r"|stay away)\b"
        ),
    ),
    (
        "concerns",
        r"\b(?:concerns?|worr\w+|challenges?|pain points?|fears?|anything else we should know|reservations?)\b",
    ),
    ("budget", r"\b(?:budget|spend|investment|funds?|how much|money|figure in mind)\b"),
    (
        "targets",
        (
            r"\b(?:kpis?|(?<!we )(?<!to )(?<!you )(?<!should )targets?$|target (?:cp[al]|roas|cost|metrics?|kpis?"
            r"|leads|number|return)|success metrics?|metrics?|cost per|cp[al]\b"
            r"|roas|benchmarks?)"
        ),
    ),
    ("age", r"\b(?:age|ages|age (?:range|group)|how old)\b"),
    ("gender", r"\b(?:gender|sex)\b"),
    ("interests", r"\b(?:interests?|hobbies|behaviou?rs?)\b"),
    (
        "start",
        (
            r"^(?:(?:campaign |preferred |desired |proposed )?(?:start|launch|go[- ]live|begins?|kick[- ]?off)(?:s|ing"
            r"|ing on)?(?: date)?)$"
        ),
    ),
    ("end", r"^(?:(?:campaign )?(?:end|finish|stop)(?:s|ing)?(?: date)?|until)$"),
    ("tone", r"\b(?:tone|voice|style|feel|personality)\b"),
    ("require", r"\b(?:must[- ]haves?|must|mandator\w+|requirements?|dos|non[- ]negotiables?|compliance)\b"),
    ("industry", r"\b(?:industry|sector|vertical|type of business|business type|line of business)\b"),
    (
        "platforms",
        (
            r"\b(?:platforms?|channels?|networks?|media|where (?:should|shall|do you want) (?:we|to|the ads)"
            r"|placements?)\b"
        ),
    ),
    ("location", r"\b(?:locations?|regions?|geo\w*|countr(?:y|ies)|areas?|cit(?:y|ies)|territor\w+|markets?|where)\b"),
    (
        "objective",
        (
            r"\b(?:objectives?|goals?|aims?|purpose|what do you want|what are you (?:hoping|trying|looking)"
            r"|trying to achieve|success look"
            r"|hoping for|looking for|outcome|kind of results?)\b"
        ),
    ),
    (
        "audience",
        (
            r"\b(?:audience|target (?:group|market|customers?|clients?)|who|whom|demographics?|personas?|customers?"
            r"|reach)\b"
        ),
    ),
    (
        "dates",
        (
            r"\b(?:dates?|timing|timings|when|flight|period|time ?(?:line|frame)|schedule|duration|how long|length"
            r"|run(?:ning)?)\b|^(?:start|launch)$"
        ),
    ),
    (
        "product",
        (
            r"^(?:what|shop|store|business|brand|client|advertiser|app)$|\b(?:products?|services?|offer(?:ing)?"
            r"|what (?:do )?(?:you|we) (?:sell|do"
            r"|make)|promot\w+|selling|pushing|advertising|about (?:us|you|the business))\b"
        ),
    ),
)


# A salutation, and what a client asks of the agency.
_NO_LABEL = re.compile(r"to whom it may|(?:can|could|would|will) (?:you|we|u) (?!tell|say|share|describe|name)")


@lru_cache(maxsize=1)
def _compiled() -> list[tuple[str, re.Pattern[str]]]:
    return [(field, re.compile(pattern)) for field, pattern in _FIELDS]


@lru_cache(maxsize=4096)
def field_of(label: str) -> str:
    """The field that a label, heading or question asks for; empty where it asks for none of them."""
    text = re.sub(r"[_*#`?]+", " ", label.lower()).strip(" :-.()")
    text = re.sub(r"\s+", " ", text).replace("\u2019", "'")
    if _NO_LABEL.match(text):
        return ""
    return next((field for field, pattern in _compiled() if pattern.search(text)), "")
