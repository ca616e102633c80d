"""Personal data taken out of a text before it leaves, and put back into what comes back.

Found are e-mails, phone numbers, bank accounts and cards by their check digits, street addresses, links that carry a
token or lead to a person, handles, addresses of machines, keys, and names where they are introduced.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from marketmover.kit import counted
from marketmover.language.checksums import CARD, IBAN, is_card, is_iban
from marketmover.language.entities import EMAIL, URL, find_entities, phones
from marketmover.language.people_names import people

PersonalKind = Literal["EMAIL", "PHONE", "ACCOUNT", "CARD", "ADDRESS", "LINK", "HANDLE", "MACHINE", "SECRET", "PERSON"]
_PLACEHOLDER = re.compile(
    r"\[?\b(?P<kind>EMAIL|PHONE|ACCOUNT|CARD|ADDRESS|LINK|HANDLE|MACHINE|SECRET|PERSON)_(?P<number>\d+)\b\]?",
    re.IGNORECASE,
)
_REGIONS = ("GB", "US", "IN", "DE", "AU", "FR", "ES", "IT", "NL", "IE", "NZ", "ZA", "SG", "AE", "CH", "AT")


@dataclass(frozen=True)
class Masked:
    """A text without its personal data.

    Attributes:
        text: The text with a placeholder such as `[PERSON_1]` for each.
        hidden: What stands behind each placeholder; it never leaves the process.
    """

    text: str
    hidden: dict[str, str] = field(repr=False)

    @property
    def summary(self) -> str:
        """How many of what were masked, for people: `1 email, 2 phones`."""
        kinds = [name.strip("[]").rpartition("_")[0].lower() for name in self.hidden]
        many = {"address": "addresses", "person": "people"}
        return ", ".join(counted(kinds.count(kind), kind, many.get(kind, "")) for kind in dict.fromkeys(kinds))

    def restored(self, value: Any) -> Any:
        """A text, or a list or mapping with texts in it, with the personal data back in its places."""
        if isinstance(value, str):
            return _PLACEHOLDER.sub(self._original, value)
        if isinstance(value, dict):
            return {key: self.restored(one) for key, one in cast("dict[str, Any]", value).items()}
        if isinstance(value, list):
            return [self.restored(one) for one in cast("list[Any]", value)]
        return value

    def _original(self, match: re.Match[str]) -> str:
        return self.hidden.get(f"[{match['kind'].upper()}_{match['number']}]", match.group())


def mask(text: str) -> Masked:
    """Take personal data out of a text. The same thing has the same placeholder wherever it stands.

    >>> mask("Hi Ana, write to jo@acme.com or jo@acme.com").text
    'Hi [PERSON_1], write to [EMAIL_1] or [EMAIL_1]'
    """
    parts: list[str] = []
    names: dict[tuple[PersonalKind, str], str] = {}
    counts: dict[str, int] = {}
    for match in _PLACEHOLDER.finditer(text):  # a placeholder that the text itself holds keeps its number
        counts[match["kind"].upper()] = max(counts.get(match["kind"].upper(), 0), int(match["number"][:9]))
    at = 0
    for kind, start, end in _apart(list(_found(text))):
        key = (kind, text[start:end])
        if key not in names:
            counts[kind] = counts.get(kind, 0) + 1
            names[key] = f"[{kind}_{counts[kind]}]"
        parts += [text[at:start], names[key]]
        at = end
    return Masked("".join([*parts, text[at:]]), {placeholder: words for (_, words), placeholder in names.items()})


Place = tuple[PersonalKind, int, int]


def _apart(found: list[Place]) -> list[Place]:
    """In the text's order; of those that overlap, the one that was looked for first."""
    kept: list[Place] = []
    taken = bytearray(max((end for _, _, end in found), default=0))
    for kind, start, end in found:
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((kind, start, end))
    return sorted(kept, key=lambda one: one[1])


def _found(text: str) -> Iterator[Place]:
    yield from _links(text)
    for match in _SECRETS.finditer(text):
        yield "SECRET", *match.span(match.lastgroup or 0)
    emails = list(EMAIL.finditer(text))
    for match in emails:
        yield "EMAIL", *match.span()
    yield from _accounts(text)
    yield from _phones(text)
    yield from _places("MACHINE", _MACHINES, text)
    for pattern in _STREETS:
        yield from _places("ADDRESS", pattern, text)
    yield from _places("HANDLE", _HANDLES, text)
    for start, end in people(text, [re.split(r"@|\(at\)|\[at\]| at ", match.group())[0].strip() for match in emails]):
        yield "PERSON", start, end


_SECRETS = re.compile(
    r"\b(?:(?:sk|pk|rk)[-_](?:live[-_]|test[-_]|proj-)?[A-Za-z0-9_-]{16,}|AKIA[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30,}|"
    r"xox[abprs]-[A-Za-z0-9-]{10,}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*|EAA[A-Za-z0-9]{20,})"
    r"|(?i:\b(?:password|passwort|passcode|pwd|pin|api[ -]?key|token)\b(?: (?:for|to) [^:=\n]{1,40})?"
    r" ?(?:is|:|=) ?)(?P<said>[^\s,;]{4,})"
)
_HANDLES = re.compile(r"(?<![\w@./])@[A-Za-z_][\w.]{1,29}(?<!\.)(?!\w)")
_MACHINES = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]\d|\w)"
    r"|(?<![\w:])(?:[0-9a-fA-F]{1,4}:){4,7}[0-9a-fA-F]{1,4}(?![\w:])"
    r"|(?<![\w:])(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}(?![\w:])"
)
_NUMBER = r"\d{1,5}[A-Za-z]?(?: ?[-/] ?\d{1,4}[A-Za-z]?)?"
_WORDS = (
    r"(?:[A-Z\u00c0-\u00de][\w.'\u2019-]*|\d{1,3}(?:st|nd|rd|th))(?: (?:[A-Z\u00c0-\u00de][\w.'\u2019-]*|of|the)){0,3}"
)
_KIND = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Boulevard|Blvd|Way|Court|Ct|Place|Pl|Square|Sq|Terrace|Close|"
    r"Crescent|Cres|Highway|Hwy|Parkway|Pkwy|Row|Mews|Quay|Gardens|Grove|Walk|Circle|Trail|Broadway|Nagar|Marg|Salai)"
)
_AFTER = (
    r"(?:,? (?:Suite|Ste|Unit|Apt|Apartment|Flat|Floor|Room|#) ?\.? ?[\w-]{1,6})?"
    r"(?:,?[ \n](?:[A-Z][\w'-]+(?: [A-Z][\w'-]+)?,?[ \n])?(?:[A-Z]{2} \d{5}(?:-\d{4})?\b|\d{5}\b(?= [A-Z])))?"
)
_UPPER = "[A-Z\u00c0-\u00de\u0141\u015a\u0179\u017b]"
_CODE = r"(?:,? (?:D-|A-|CH-)?\d{4,5}(?: ?[A-Z]{2})?(?= [A-Z]))?"
_STREETS = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"(?<![\w.])(?:(?:Flat|Unit|Suite|Apt|Plot|Shop"
            rf"|House) (?:No\.? ?)?[\w-]{{1,6}},? )?{_NUMBER},? {_WORDS} {_KIND}\b\.?{_AFTER}"
        ),
        (
            rf"(?<!\w)[A-Z\u00c4\u00d6\u00dc][\w\u00e4\u00f6\u00fc\u00df.-]*(?:stra(?:\u00df|ss)e|str\.|weg|platz"
            rf"|allee|gasse|ring|damm|ufer|straat|laan|gracht|plein|gatan|v\u00e4gen|gade|vej) {_NUMBER}\b"
            r"(?:,? (?:D-|A-|CH-)?\d{4,5}(?: ?[A-Z]{2})?(?= [A-Z]))?"
        ),
        (
            rf"(?<!\w)(?:{_NUMBER},? )?(?i:rue|avenue|boulevard|place|chemin|quai|calle|carrer|avenida|paseo|plaza"
            rf"|via|viale|corso|piazza|rua) (?:(?:de|de la|del|della|des|du|d'|da|do|la|le|los|las"
            rf"|dei) ?)*[A-Z\u00c0-\u00de][\w'\u2019-]+(?: [A-Z\u00c0-\u00de][\w'\u2019-]+){{0,3}}(?:,?"
            rf" \d{{1,4}}\b)?(?:,? \d{{4,5}}\b(?= [A-Z]))?(?<=\d)"
        ),
        (
            rf"(?<!\w){_NUMBER},? (?:rue|avenue|boulevard|place|chemin|quai|bis rue) (?:(?:de|de la|des|du|la"
            rf"|le) )*(?:d'|l')?[A-Z\u00c0-\u00de][\w'\u2019-]+(?: [A-Z\u00c0-\u00de][\w'\u2019-]+){{0,3}}(?:,?"
            rf" \d{{5}}\b)?"
        ),
        (
            rf"(?<!\w){_UPPER}[\w\u00e4\u00f6\u00fc\u00df-]+ (?:Stra(?:\u00df|ss)e|Str\.|Weg|Platz|Allee|Gasse|Ring"
            rf"|Damm|Ufer) {_NUMBER}\b{_CODE}"
        ),
        rf"(?<!\w)(?:ul|al|pl|os|Avda?|Cl)\. (?:{_UPPER}[^\W\d_]+ ){{1,3}}{_NUMBER}\b{_CODE}",
        r"(?<!\w)(?i:p\.? ?o\.? box|postfach|apartado) \d{1,6}\b",
        r"(?<![\w-])(?:GIR ?0AA|[A-PR-UWYZ][A-HK-Y]?\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})(?!\w)",
    )
)
_PERSONAL_LINK = re.compile(
    r"linkedin\.com/(?:in|pub)/|facebook\.com/(?!ads|business|groups/?$)[\w.]+|instagram\.com/\w|(?:twitter|x)\.com/\w|"
    r"tiktok\.com/@|wa\.me/|t\.me/|calendly\.com/|calendar\.google|zoom\.us/j/|meet\.google|teams\.microsoft|"
    r"docs\.google\.com/|drive\.google\.com/|dropbox\.com/|wetransfer\.com/|we\.tl/|1drv\.ms|sharepoint\.com/",
    re.IGNORECASE,
)
_SECRET_PART = re.compile(
    r"://[^/\s]*@|[?&#](?:[\w.-]*(?:token|key|secret|sig|signature|auth|pass|session|sid|code|email|mail|user"
    r"|uid|name|phone|id|hash))=[^&\s]"
    r"|[?&/=](?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{20,}",
    re.IGNORECASE,
)


def _links(text: str) -> Iterator[Place]:
    """Links that carry a token or lead to a person; a plain address of a firm's page stays: it tells what is sold."""
    for match in URL.finditer(text):
        if _SECRET_PART.search(match.group()) or _PERSONAL_LINK.search(match.group()):
            yield "LINK", *match.span()
    for match in re.finditer(rf"(?<![\w/.@])(?:{_PERSONAL_LINK.pattern})[^\s,;)]*", text, re.IGNORECASE):
        yield "LINK", *match.span()


def _accounts(text: str) -> Iterator[Place]:
    for match in IBAN.finditer(text):
        words = match.group()
        while len(words) >= 15 and not is_iban(words):  # what follows in capitals may have been taken for its end
            words = words[:-1].rstrip()
        if is_iban(words):
            yield "ACCOUNT", match.start(), match.start() + len(words)
    for match in CARD.finditer(text):
        if is_card(match.group()):
            yield "CARD", *match.span()
    yield from _places("ACCOUNT", _LABELLED_ACCOUNT, text, "number")
    yield from _places("ACCOUNT", _SOCIAL_SECURITY, text)


def _places(kind: PersonalKind, pattern: re.Pattern[str], text: str, group: str | int = 0) -> Iterator[Place]:
    return ((kind, match.start(group), match.end(group)) for match in pattern.finditer(text))


_SOCIAL_SECURITY = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")


_LABELLED_ACCOUNT = re.compile(
    r"(?i:\b(?:account(?: (?:no|number|nr))?|acct|a/c|sort code|iban|routing(?: number)?|kontonummer|ssn|"
    r"social security(?: (?:no|number))?|passport(?: (?:no|number))?|ni number|national insurance(?: number)?"
    r"|aadhaar|pan|"
    r"tax id|vat(?: (?:no|number|id))?|ein|steuernummer)\b\.?) ?(?:is|:|=|#)? ?(?P<number>(?=[A-Z0-9 -]*\d{3}"
    r"|\d\d-\d\d)[A-Z0-9](?:[ -]?[A-Z0-9]){4,20})(?!\w)"
)
_LABELLED_PHONE = re.compile(
    r"(?i:\b(?:tel(?:ephone|efon|\u00e9fono)?|phone|ph|mobile|mob|cell|call(?: me)?(?: on| at)?|fax|whatsapp|direct|"
    r"handy|ring(?: me)?(?: on)?|text(?: me)?(?: on| at)?|reach me (?:on|at)|number is|dial|t|m)\b\.?(?: (?:no"
    r"|number|nr)\b\.?)?)"
    r"(?: is)? ?[:=]? ?(?P<number>\(?\+?\d(?:[ ()./-]{0,2}\d){6,14})(?!\d)"
)


def _phones(text: str) -> Iterator[Place]:
    yield from _places("PHONE", _LABELLED_PHONE, text, "number")
    named = [one.value for one in find_entities(text) if one.kind == "country"]
    for one in phones(text, tuple(dict.fromkeys((*named, *_REGIONS)))):
        yield "PHONE", one.start, one.end
