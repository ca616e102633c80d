"""People's names by the places where they stand: greetings, signatures, introductions, forms, chats, quoted mails.

Given names are known by themselves (`given_names`); others are found where somebody greets, signs with or introduces
them. Once a name was found, every other mention of it in the text is.
"""

import re
from collections.abc import Iterator

from marketmover.language.entities import is_place
from marketmover.language.given_names import given_names, is_also_a_word, is_plain_word

_UP = (
    "A-Z\u00c0-\u00d6\u00d8-\u00de\u0100\u0102\u0104\u0106\u010c\u0110\u0118\u011a\u0141\u0143\u0150\u0158\u015a\u0160"
    "\u0164\u016e\u0179\u017b\u017d"
)
_TOKEN = rf"(?:(?:O['\u2019]|Mc|Mac|D['\u2019])?[{_UP}][^\W\d_]+(?:[-'\u2019][{_UP}]?[^\W\d_]+)*|[{_UP}]\.)"
_LINK = r"(?:(?:van|von|de|del|della|der|den|di|da|dos|la|le|bin|al|el|ter|zu|ten)[ ]){0,2}"
_NAME = rf"{_TOKEN}(?: {_LINK}{_TOKEN}){{0,3}}"
_FULL = rf"{_TOKEN}(?: {_LINK}{_TOKEN}){{1,3}}"
_SHORT = rf"{_TOKEN}(?: {_TOKEN})?"


def _any(*ways: str) -> str:
    return rf"(?i:{'|'.join(ways)})"


_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Herr|Frau|Sr|Sra|Se\u00f1or|Se\u00f1ora|Mme|Mlle|Monsieur|Madame|Sig|Shri"
    r"|Smt)"
)
_JOB = _any(
    r"(?:senior |junior |general |managing |assistant |deputy |global |regional |chief |co-?|the )*"
    r"(?:head|director|manager|ceo|cmo|coo|cfo|cto|founder|owner|partner|president|vp|marketing|sales|account|office"
    r"|communications|digital|brand|practice|coordinator|executive|lead|assistant|secretary|chair(?:man|woman)?"
    r"|principal|gesch\u00e4ftsf\u00fchrer\w*|leiter\w*|directeur|directrice|responsable|gerente)\b"
)
_CLOSING = _any(
    r"(?:with )?(?:kind|best|warm|many|sincere)(?:est)? (?:regards|wishes|thanks)",
    "regards|rgds|best|all the best|many thanks|thx|ta|cheers|respectfully|talk soon|speak soon|warmly|love|br|kr|xoxo",
    "thanks(?: (?:a lot|again|so much|in advance|and (?:kind )?regards))?|thank you(?: so much)?",
    "sincerely(?: yours)?|yours(?: (?:sincerely|faithfully|truly))?",
    "(?:mit )?(?:freundliche|viele|liebe|beste|herzliche|sch\u00f6ne)n? gr(?:\u00fc|ue)(?:\u00df|ss)en?|mfg|lg|vg",
    "cordialement|bien (?:\u00e0 vous|cordialement)|bonne journ\u00e9e|merci",
    "(?:un )?saludos?(?: cordiale?s?)?|atentamente|gracias|atenciosamente|abra\u00e7os?|cumprimentos|obrigad[oa]",
    "(?:cordiali|distinti) saluti|saluti|ciao|grazie|pozdrawiam|z powa\u017caniem|s pozdravem",
    "(?:met )?vriendelijke groet(?:en)?|groeten|groetjes|mvh",
    "(?:med )?v(?:enlig|\u00e4nlig)a? h(?:ilsen|\u00e4lsning(?:ar)?)",
)
_GREETING = _any(
    "hi+|hello|hey+|hiya|dear|good (?:morning|afternoon|evening|day)|morning|afternoon|evening|namaste",
    "hallo|liebe[rs]?|sehr geehrte[rs]?|bonjour|ch\u00e8re?|hola|estimad[oa]|querid[oa]|ciao|buongiorno|gentile",
    "ol\u00e1|prezad[oa]|beste",
)
_ANSWER = _any("thanks|thank you|cheers|ok(?:ay)?|sure|yes|no|sorry|right|perfect|great")
_INTRODUCES = _any(
    "my name is|name's|my name's|ich hei\u00dfe|mein name ist|je m'appelle|me llamo|mi chiamo|on behalf of",
)
_IS_HERE = _any("this is|its|i'm|i\u2019m|i am|it's|it is|here is|hier ist|ich bin|soy")
_SPEAKS = _any(
    "said|says|told|asked|asks|wrote|writes|mentioned|wants|wanted|thinks|thought|suggested|suggests|confirmed|agreed",
    (
        "approved|insists|insisted|reckons|promised|replied|called|emailed|explained|prefers|loves|hates|feels"
        "|felt|worries"
    ),
    "(?:is|was) (?:worried|happy|unhappy|keen|away|out|off|on (?:leave|holiday|vacation)|in charge)",
)
_BEFORE = _any(
    r"speak(?:ing)? (?:to|with)|spoke (?:to|with)|talk(?:ed|ing)? (?:to|with)|met(?: with)?|meeting with|ask(?: for)?",
    r"call|e-?mail|text|ping|cc(?:'d)?|copying(?: in)?|copied(?: in)?|reach out to|reach|contact|looping in",
    r"introduc(?:e|ing)|according to|assistant|colleague|boss|co-founder|director|manager|founder|owner|accountant",
    r"husband|wife|daughter|son|brother|sister|partner|nephew|friend|cousin|mother|father|mum|mom|dad|team ?mate",
    r"(?:discussed|agreed|arranged|planned|confirmed|settled) with|meet|thanks to|thank|copy|forward(?:ed)? (?:it )?to",
    r"(?:send|sent|give|gave|questions) (?:[a-z]+ ){0,3}to|kudos to",
    r"designer|developer|intern|agent|secretary|lawyer|photographer",
)
_LABEL = _any(
    "(?:your |full |first |last |contact |client |customer |primary |main )*name|surname|contact(?: person)?",
    "point of contact|poc|submitted by|prepared by|sent by|from|to|cc|bcc|attn|attention|author|signed(?: by)?",
    "account (?:manager|lead)|caller|spoke (?:to|with)|attendees?|participants?|present|ansprechpartner(?:in)?",
    "nom|nombre",
)
_STAMP = (
    r"(?:\[?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? )?\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?\]?,?(?: ?[-\u2013])? )"
)
_AND = r"(?: (?:and|&|und|et|y) "
_START = r"^[>\s]*"
_BREAK = r"[ ]*(?=$|[,|<(;:!.\n/-]|\u2013)"
_COLON = r"\*{0,2}[ ]*[:=|]\**[ ]*"
_WROTE = "wrote|schrieb|a \u00e9crit|escribi\u00f3"


def _compiled(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.MULTILINE) for pattern in patterns)


# Where only a name of a person can stand.
_SURE = _compiled(
    rf"{_START}{_CLOSING}[,.!:\u2013-]*[ ]*(?:\n[>\s]*|[ ]+)[-\u2013\u2014~*/]*[ ]?(?P<n>{_NAME}){_BREAK}",
    rf"{_CLOSING}[,.!:]*[ ]+(?P<n>{_NAME})[ ]*[.!]?$",
    rf"{_START}[-\u2013\u2014~]{{1,2}}[ ]?(?P<n>{_SHORT})[ ]*$",
    rf"{_START}{_GREETING}[, ]+(?:there )?(?:{_TITLE}\.? )?(?P<n>{_NAME}){_AND}(?P<n2>{_NAME}))?{_BREAK}",
    rf"(?<![\w]){_TITLE}\.? (?P<n>{_NAME})",
    rf"\b{_INTRODUCES} (?:{_TITLE}\.? )?(?P<n>{_NAME})",
    rf"(?P<n>{_FULL})[ ]?(?:,|\||\u2013|-|\n|\()[ ]?{_JOB}",
    rf"^[>\s|*]*{_LABEL}{_COLON}(?:{_TITLE}\.? )?(?P<n>{_NAME})(?:[ ]*(?:,|&|and) (?P<n2>{_NAME}))?{_BREAK}",
    rf"{_START}{_STAMP}(?:- )?(?P<n>{_NAME})(?: \([^)\n]*\)| [|\u2013-] [^:\n]{{1,40}})?[ ]?:",
    rf"{_START}(?P<n>{_SHORT}) ?[\[(]\d{{1,2}}[:.]\d{{2}}[^\])\n]*[\])] ?:",
    rf"<v(?:\.[^\s>]*)? (?P<n>{_NAME})(?= ?[>(])",
    rf"(?P<n>{_NAME})[\"']? ?<[^<>\s]+@[^<>\s]+>",
    rf"\b(?:On|Am|Le|El)\b[^\n]{{6,60}}?(?:,|[AP]M|\d{{2}}:\d{{2}}) (?P<n>{_FULL})(?= ?(?:<|{_WROTE}))",
)
# Where a place may stand as well: one that is known as a place is none of a person here.
_LOOSE = _compiled(
    rf"{_START}{_ANSWER}[, ]+(?P<n>{_NAME}){_AND}(?P<n2>{_NAME}))?{_BREAK}",
    rf"\b{_IS_HERE} (?P<n>{_NAME})(?=(?:,| here\b| from\b| at\b| with\b| of\b| again\b|[ ]?[-\u2013(]))",
    rf"\b{_BEFORE}(?: (?:is|was|named|called))?,? (?P<n>{_NAME}){_AND}(?P<n2>{_NAME}))?",
    rf"{_START}(?P<n>{_TOKEN}) ?(?:\(|, )(?:our |the )?{_JOB}",
    rf"{_START}(?P<n>{_FULL})[ ]*\n(?:[^\n]*\n){{0,3}}[^\n]*(?:@|\+\d|(?i:\b(?:tel|mob|phone|mobile)\b))",
    rf"(?<!\w)(?P<n>{_SHORT}){_AND}(?P<n2>{_TOKEN}))? (?:(?:also|just|already|even) )?{_SPEAKS}\b",
    rf"{_START}(?P<n>{_SHORT})(?=,? here\b)",
    rf"{_START}(?P<n>{_NAME})(?: \([^)\n]*\))?(?:\n[ ]*|[ ]{{1,4}})\d{{1,2}}:\d{{2}}(?::\d{{2}})?(?: ?[AaPp][Mm])?"
    r"[ ]*$",
)
# Where a name stands as often as anything else: the last words of a text.
_WEAK = _compiled(rf"(?:\n[>\s]*|[.!?)] )(?P<n>{_SHORT})[ ]*(?:[,(][^\n]*)?\s*\Z")
_LISTED = re.compile(
    rf"{_START}{_any('attendees?|participants?|present|to|cc|team|attending|on the call')}{_COLON}(?P<list>[^\n]+)",
    re.MULTILINE,
)
_SMALL_SIGNATURE = re.compile(rf"^[>\s]*{_CLOSING}[,.!]*[ ]*\n+[>\s]*(?P<n>[^\W\d_]{{2,14}})[ ]*\Z", re.MULTILINE)
_SMALL_GREETING = re.compile(r"\A[>\s]*(?i:hi+|hello|hey+|dear) (?P<n>[^\W\d_]{2,14})[ ]*[,!]")
_SPEAKER = re.compile(rf"^[>\s]*(?P<n>{_TOKEN}(?: {_TOKEN})?)[ ]?:[ ]", re.MULTILINE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words with a capital where a name may stand, and that are none.
_NO_NAME = _words(
    """
    a all and any team there everyone everybody folks guys both sir sirs madam friend friends agency marketing sales
    support account manager client customer colleagues hiring whom admin office me you us we i the this that it its it's
    he she they again partner visitor host guest user speaker interviewer moderator caller rep bot am pm prof floor
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january
    february march april may june july august september october november december jan feb mar apr jun jul aug sep sept
    oct nov dec google meta facebook instagram youtube tiktok linkedin twitter whatsapp pinterest snapchat microsoft
    bing amazon apple shopify search ads ad budget campaign campaigns goal goals objective audience target targets
    product products timing dates date start end location locations region regions country platform platforms channel
    channels tone constraints notes note subject re fw fwd question questions answer q regarding please thanks thank
    kind best regards hello hi hey dear sent from morning afternoon evening good great yes no ok okay sure right here
    our your my their his her new next last first christmas easter ramadan diwali black cyber business company brand
    website email phone mobile tel address total currency max min roi roas cpl cpa ctr cpc cpm kpi kpis b2b crm english
    german french spanish italian british american indian european not just only so but if when what why how who which
    cheers thx ta rgds yours signed sincerely mfg lg vg kr br merci bonjour cordialement bisous saludos
    abra\u00e7os pozdrawiam h\u00e4lsningar hilsen gr\u00fcessli gr\u00fc\u00dfe gr\u00fcsse beste grazie ciao sl\u00e1n
    damen herren mesdames hr md gm ngo ops comms asst
    ceo cmo cfo coo founder owner director head looking happy sorry excited interested back available everything nobody
    """
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
                and not is_plain_word(token.lower())
                and re.search(rf"\b{re.escape(token.capitalize())}\b", text)
            ):
                names[token.capitalize()] = None
    yield from _small_names(text)
    yield from _mentions(text, names)


def _introduced(text: str) -> Iterator[str]:
    for form in (*_SURE, *_LOOSE, *_WEAK):
        for match in form.finditer(text):
            for group in ("n", "n2"):
                name = _trimmed(match.groupdict().get(group))
                if name is not None and _may_be_a_persons(name, form):
                    yield name
    yield from (name for name in given_names(text) if not _is_none(name.split()[0]))
    for listed in _LISTED.finditer(text):
        parts = re.split(r",|;|&|\band\b", re.sub(r"\([^)\n]*\)", "", listed["list"]))
        yield from (
            name for part in parts if re.fullmatch(_NAME, part.strip()) and (name := _trimmed(part)) is not None
        )
    # A name before a colon that comes again is one of a chat's.
    speakers = [match["n"] for match in _SPEAKER.finditer(text)]
    for name in dict.fromkeys(speakers):
        if speakers.count(name) > 1 and (trimmed := _trimmed(name)) and _may_be_a_persons(trimmed, _SPEAKER):
            yield trimmed


def _may_be_a_persons(name: str, form: re.Pattern[str]) -> bool:
    """Whether not all of it is English words that are nobody's name; where others may stand, no place is called so."""
    words = [word.lower() for word in name.split()]
    surely = form not in (*_LOOSE, *_WEAK)
    if all(is_plain_word(word, surely=surely) for word in words):
        return False
    if form in _WEAK and len(words) == 1 and is_also_a_word(words[0]):
        return False
    return surely or not is_place(name)


def _trimmed(name: str | None) -> str | None:
    """A name without the words around it that are none; `None` where nothing is left."""
    tokens = (name or "").split()
    while tokens and _is_none(tokens[0]):
        tokens = tokens[1:]
    for index, token in enumerate(tokens):
        if _is_none(token):
            tokens = tokens[:index]
            break
    if any(token.endswith(("'s", "\u2019s")) for token in tokens[:-1]):  # `Lola's Cupcakes` is a firm
        return None
    name = re.sub(r"['\u2019]s$", "", " ".join(tokens))
    return name if len(name) > 1 and not _is_none(name) else None


def _is_none(token: str) -> bool:
    return token.lower().strip(".'\u2019") in _NO_NAME or (token.isupper() and len(token) > 3)


def _small_names(text: str) -> Iterator[tuple[int, int]]:
    """Names in small letters, where only a name can stand: alone under a closing, or after the first greeting."""
    for form in (_SMALL_SIGNATURE, _SMALL_GREETING):
        match = form.search(text)
        if match and match["n"].lower() not in _NO_NAME and not is_plain_word(match["n"].lower()):
            yield match.span("n")


def _mentions(text: str, names: dict[str, None]) -> Iterator[tuple[int, int]]:
    """Every mention of a name, whole or one of its words; the longest first."""
    tokens = {token for name in names for token in name.split() if len(token) > 2 and token[0].isupper()}
    wanted = sorted({*names, *tokens}, key=len, reverse=True)
    if wanted:
        for match in re.finditer(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)", text):
            yield match.span()
