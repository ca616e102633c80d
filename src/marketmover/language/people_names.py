"""People's names by the places where they stand: greetings, signatures, introductions, forms, chats, quoted mails.

There is no list of names here: a name nobody greets, signs with or introduces is not found by itself. Once it was
found, every other mention of it in the text is.
"""

import re
from collections.abc import Iterator

_UP = (
    "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100\u0102\u0104\u0106\u010c\u0110\u0118\u011a\u0141\u0143\u0150\u0158\u015a\u0160"
    "\u0164\u016e\u0179\u017b\u017d"
)
_TOKEN = rf"(?:(?:O['\u2019]|Mc|Mac|D['\u2019])?[{_UP}][^\W\d_]+(?:[-'\u2019][{_UP}]?[^\W\d_]+)*|[{_UP}]\.)"
_LINK = r"(?:(?:van|von|de|del|della|der|den|di|da|dos|la|le|bin|al|el|ter|zu|ten)[ ]){0,2}"
NAME = rf"{_TOKEN}(?: {_LINK}{_TOKEN}){{0,3}}"
_FULL = rf"{_TOKEN}(?: {_LINK}{_TOKEN}){{1,3}}"
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Herr|Frau|Sr|Sra|Se\u00f1or|Se\u00f1ora|Mme|Mlle|Monsieur|Madame|Sig|Shri"
    r"|Smt)"
)
_JOB = (
    r"(?i:(?:senior |junior |general |managing |assistant |deputy |global |regional |chief |co-?|the )*(?:head"
    r"|director|"
    r"manager|ceo|cmo|coo|cfo|cto|founder|owner|partner|president|vp|marketing|sales|account|office|communications|"
    r"digital|brand|practice|coordinator|executive|lead|assistant|secretary|chair(?:man|woman)?|principal|"
    r"gesch\u00e4ftsf\u00fchrer\w*|leiter\w*|directeur|directrice|responsable|gerente))\b"
)
_CLOSINGS = (
    r"(?:with )?(?:kind|best|warm|many|sincere)(?:est)? (?:regards|wishes|thanks)",
    "regards|rgds|best|all the best|many thanks|thx|ta|cheers|respectfully|talk soon|speak soon|warmly|love|br|kr|xoxo",
    "thanks(?: (?:a lot|again|so much|in advance|and (?:kind )?regards))?|thank you(?: so much)?",
    "sincerely(?: yours)?|yours(?: (?:sincerely|faithfully|truly))?",
    "(?:mit )?(?:freundliche|viele|liebe|beste|herzliche|sch\u00f6ne)n? gr(?:\u00fc|ue)(?:\u00df|ss)en?|mfg|lg|vg",
    "cordialement|bien (?:\u00e0 vous|cordialement)|bonne journ\u00e9e|(?:un )?saludos?(?: cordiales| cordial)?|atentamente",
    "(?:cordiali|distinti) saluti|saluti|ciao|atenciosamente|abra\u00e7os?|cumprimentos|obrigad[oa]|gracias|merci|grazie",
    "(?:met )?vriendelijke groet(?:en)?|groeten|groetjes|mvh|(?:med )?v(?:enlig|\u00e4nlig)a? h(?:ilsen|\u00e4lsning(?:ar)?)",
    "pozdrawiam|z powa\u017caniem|s pozdravem",
)
_CLOSING = rf"(?i:{'|'.join(_CLOSINGS)})"
_GREETING = (
    r"(?i:hi+|hello|hey+|hiya|dear|hallo|liebe[rs]?|sehr geehrte[rs]?|bonjour|ch\u00e8re?|hola|estimad[oa]"
    r"|querid[oa]|ciao|"
    r"buongiorno|gentile|ol\u00e1|prezad[oa]|namaste|beste|good (?:morning|afternoon|evening|day)|morning"
    r"|afternoon|evening|"
    r"thanks|thank you|cheers|ok(?:ay)?|sure|yes|no|sorry|right|perfect|great)"
)
_STAMP = (
    r"(?:\[?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? )?\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?\]?,?(?: ?[-\u2013])? )"
)
_SPEAKS = (
    "said|says|told|asked|asks|wrote|writes|mentioned|wants|wanted|thinks|thought|suggested|suggests|confirmed|agreed"
    "|approved|insists|insisted|reckons|promised|replied|called|emailed|explained|prefers|loves|hates|feels|felt"
    "|worries|(?:is|was) (?:worried|happy|unhappy|keen|away|out|off|on (?:leave|holiday|vacation)|in charge)"
)
_BEFORE = (
    "speak(?:ing)? (?:to|with)|spoke (?:to|with)|talk(?:ed|ing)? (?:to|with)|met(?: with)?|meeting with|ask(?: for)?|call"
    "|e-?mail|text|ping|cc(?:'d)?|copying(?: in)?|copied(?: in)?|reach out to|reach|contact|looping in"
    "|introduc(?:e|ing)"
    "|according to|on behalf of|assistant|colleague|boss|husband|wife|daughter|son|brother|sister|partner|co-founder"
    "|director|manager|founder|owner|nephew|accountant|designer|developer|intern|agent|friend|cousin|mother|father|mum|mom|dad|team ?mate|secretary|lawyer|photographer"
)
_LABELS = (
    r"(?i:(?:(?:your |full |first |last |contact |client |customer |primary |main )*name|surname|contact(?: person)?|"
    r"point of contact|poc|submitted by|prepared by|sent by|from|to|cc|bcc|attn|attention|author|signed(?: by)?|"
    r"account (?:manager|lead)|caller|spoke (?:to|with)|attendees?|participants?|present"
    r"|ansprechpartner(?:in)?|nom|nombre))"
)
_FORMS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        (
            rf"^[>\s]*{_CLOSING}[,.!:\u2013-]*[ ]*(?:\n[>\s]*|[ ]+)[-\u2013\u2014~*/]*[ ]?(?P<n>{NAME})[ ]*(?=$"
            rf"|[,|(\n./-]|\u2013)"
        ),
        rf"{_CLOSING}[,.!:]*[ ]+(?P<n>{NAME})[ ]*[.!]?$",
        rf"^[>\s]*[-\u2013\u2014~]{{1,2}}[ ]?(?P<n>{_TOKEN}(?: {_TOKEN})?)[ ]*$",
        (
            rf"^[>\s]*{_GREETING}[, ]+(?:there )?(?:{_TITLE}\.? )?(?P<n>{NAME})(?: (?:and|&|und|et"
            rf"|y) (?P<n2>{NAME}))?[ ]*(?=[,!.:;\u2013\n-]|$)"
        ),
        rf"(?<![\w]){_TITLE}\.? (?P<n>{NAME})",
        (
            rf"(?i:\b(?:my name is|name's|my name's|ich hei\u00dfe|mein name ist|je m'appelle|me llamo"
            rf"|mi chiamo)) (?P<n>{NAME})"
        ),
        (
            rf"(?i:\b(?:this is|i'm|i\u2019m|i am|it's|it is|here is|hier ist|ich bin|soy)) (?P<n>{NAME})(?=(?:,"
            rf"| here\b| from\b| at\b| with\b| of\b| again\b|[ ]?[-\u2013(]))"
        ),
        rf"(?i:\b(?:{_BEFORE})(?: (?:is|was|named|called))?),? (?P<n>{NAME})",
        rf"(?<!\w)(?P<n>{_TOKEN}(?: {_TOKEN})?)(?: (?:and|&) (?P<n2>{_TOKEN}))? (?:(?:also|just|already|even) )?(?:{_SPEAKS})\b",
        rf"^[>\s]*(?P<n>{_TOKEN}(?: {_TOKEN})?)(?=,? here\b)",
        rf"(?P<n>{_FULL})[ ]?(?:,|\||\u2013|-|\n|\()[ ]?{_JOB}",
        (
            rf"^[>\s|*]*{_LABELS}\*{{0,2}}[ ]*[:=|]\**[ ]*(?:{_TITLE}\.? )?(?P<n>{NAME})(?:[ ]*(?:,|&"
            rf"|and) (?P<n2>{NAME}))?[ ]*(?=$|[,|<(;\n/-])"
        ),
        rf"^[>\s]*{_STAMP}(?:- )?(?P<n>{NAME})(?: \([^)\n]*\))?[ ]?:",
        rf"(?P<n>{NAME})[\"']? ?<[^<>\s]+@[^<>\s]+>",
        (
            rf"\b(?:On|Am|Le|El)\b[^\n]{{6,60}}?(?:,|[AP]M|\d{{2}}:\d{{2}}) (?P<n>{_FULL})(?= ?(?:<|wrote|schrieb"
            rf"|a \u00e9crit|escribi\u00f3))"
        ),
    )
)
_SMALL_SIGNATURE = re.compile(rf"^[>\s]*{_CLOSING}[,.!]*[ ]*\n+[>\s]*(?P<n>[^\W\d_]{{2,14}})[ ]*\Z", re.MULTILINE)
_SMALL_GREETING = re.compile(r"\A[>\s]*(?i:hi+|hello|hey+|dear) (?P<n>[^\W\d_]{2,14})[ ]*[,!]")
_SPEAKER = re.compile(rf"^[>\s]*(?P<n>{_TOKEN}(?: {_TOKEN})?)[ ]?:[ ]", re.MULTILINE)
_NO_NAME = frozenset(
    [
        "a",
        "all",
        "and",
        "any",
        "team",
        "there",
        "everyone",
        "everybody",
        "folks",
        "guys",
        "both",
        "sir",
        "madam",
        "friend",
        "friends",
        "agency",
        "marketing",
        "sales",
        "support",
        "account",
        "manager",
        "client",
        "customer",
        "colleagues",
        "hiring",
        "whom",
        "admin",
        "office",
        "me",
        "you",
        "us",
        "we",
        "i",
        "the",
        "this",
        "that",
        "it",
        "he",
        "she",
        "they",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "google",
        "meta",
        "facebook",
        "instagram",
        "youtube",
        "tiktok",
        "linkedin",
        "twitter",
        "whatsapp",
        "pinterest",
        "snapchat",
        "microsoft",
        "bing",
        "amazon",
        "apple",
        "shopify",
        "search",
        "ads",
        "ad",
        "budget",
        "campaign",
        "campaigns",
        "goal",
        "goals",
        "objective",
        "audience",
        "target",
        "targets",
        "product",
        "products",
        "timing",
        "dates",
        "date",
        "start",
        "end",
        "location",
        "locations",
        "region",
        "regions",
        "country",
        "platform",
        "platforms",
        "channel",
        "channels",
        "tone",
        "constraints",
        "notes",
        "note",
        "subject",
        "re",
        "fw",
        "fwd",
        "question",
        "questions",
        "answer",
        "q",
        "regarding",
        "please",
        "thanks",
        "thank",
        "kind",
        "best",
        "regards",
        "hello",
        "hi",
        "hey",
        "dear",
        "sent",
        "from",
        "morning",
        "afternoon",
        "evening",
        "good",
        "great",
        "yes",
        "no",
        "ok",
        "okay",
        "sure",
        "right",
        "here",
        "our",
        "your",
        "my",
        "their",
        "his",
        "her",
        "new",
        "next",
        "last",
        "first",
        "christmas",
        "easter",
        "ramadan",
        "diwali",
        "black",
        "cyber",
        "business",
        "company",
        "brand",
        "website",
        "email",
        "phone",
        "mobile",
        "tel",
        "address",
        "total",
        "currency",
        "max",
        "min",
        "roi",
        "roas",
        "cpl",
        "cpa",
        "ctr",
        "cpc",
        "cpm",
        "kpi",
        "kpis",
        "b2b",
        "crm",
        "english",
        "german",
        "french",
        "spanish",
        "italian",
        "british",
        "american",
        "indian",
        "european",
        "not",
        "just",
        "only",
        "so",
        "but",
        "if",
        "when",
        "what",
        "why",
        "how",
        "who",
        "ceo",
        "cmo",
        "cfo",
        "coo",
        "founder",
        "owner",
        "director",
        "head",
        "looking",
        "happy",
        "sorry",
        "excited",
        "interested",
        "back",
        "available",
    ]
)


def people(text: str, local_parts: list[str]) -> Iterator[tuple[int, int]]:
    """The places of people's names in a text.

    Args:
        text: Any text.
        local_parts: What stands before the @ of its e-mails: `john.smith` tells that `John` and `Smith` are names.
    """
    names: dict[str, None] = {}
    for name in _introduced(text):
        names[name] = None
    for part in local_parts:
        for token in re.split(r"[._+\d-]+", part):
            if (
                len(token) > 2
                and token.lower() not in _NO_NAME
                and re.search(rf"\b{re.escape(token.capitalize())}\b", text)
            ):
                names[token.capitalize()] = None
    yield from _small_names(text)
    yield from _mentions(text, names)


def _introduced(text: str) -> Iterator[str]:
    for form in _FORMS:
        for match in form.finditer(text):
            for group in ("n", "n2"):
                if (name := _trimmed(match.groupdict().get(group))) is not None:
                    yield name
    speakers = [match["n"] for match in _SPEAKER.finditer(text)]
    for name in dict.fromkeys(speakers):
        if speakers.count(name) > 1 and (trimmed := _trimmed(name)) is not None:
            yield trimmed


def _trimmed(name: str | None) -> str | None:
    """A name without the words around it that are none; `None` where nothing is left."""
    tokens = (name or "").split()
    while tokens and _is_none(tokens[0]):
        tokens = tokens[1:]
    for index, token in enumerate(tokens):
        if _is_none(token):
            tokens = tokens[:index]
            break
    return " ".join(tokens) if tokens and len(tokens[0]) > 1 else None


def _is_none(token: str) -> bool:
    return token.lower().strip(".'\u2019") in _NO_NAME or (token.isupper() and len(token) > 3)


def _small_names(text: str) -> Iterator[tuple[int, int]]:
    """Names in small letters, where only a name can stand: alone under a closing, or after the first greeting."""
    for form in (_SMALL_SIGNATURE, _SMALL_GREETING):
        match = form.search(text)
        if match and match["n"].lower() not in _NO_NAME:
            yield match.span("n")


def _mentions(text: str, names: dict[str, None]) -> Iterator[tuple[int, int]]:
    """Every mention of a name, whole or one of its words; the longest first."""
    tokens = {token for name in names for token in name.split() if len(token) > 2 and token[0].isupper()}
    wanted = sorted({*names, *tokens}, key=len, reverse=True)
    if wanted:
        for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)", text):
            yield match.span()
