"""Every country that a text names: by name, nickname, code, or by its people."""

import re
from functools import lru_cache

from marketmover.campaigns.brief import world
from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief.whose_place import AIM

_SAID = phrases("places")
_STATES_AROUND = re.compile(
    r"\b(?:florida|alabama|tennessee|carolinas?|mississippi|atlanta|savannah|usa|united states)\b|\bu\.?s\b"
)


# Far more often Northern Ireland, television, computers, relations with the public, and a number.
_OTHER_CODES = frozenset(("NI", "TV", "IT", "PR", "ID"))


@lru_cache(maxsize=1)
def country_mentions(document: Document) -> tuple[Found[str], ...]:
    """Every country that the text names, for whatever reason; several fields are looked for among them."""
    found: list[Found[str]] = []
    for match in world.country_pattern().finditer(document.text):
        name = match.group()
        cased = document.cased[match.start() : match.end()]
        if name in world.AMBIGUOUS and not (
            cased[0].isupper()
            and re.search(
                r"(?:\b(?:in|to|across|of|from|throughout|and|or|the)|[,&+/:|]) ?$", document.before(match.start(), 12)
            )
        ):
            continue
        if document.text.endswith({"mexico": "new ", "ireland": "northern "}.get(name, "\0"), 0, match.start()):
            continue
        if name == "georgia" and _STATES_AROUND.search(document.text, max(0, match.start() - 60), match.end() + 60):
            continue
        if document.text[match.end() : match.end() + 7] == " street" or re.match(
            r"^ ?(?:dollars?|pounds?)\b", document.text[match.end() : match.end() + 9]
        ):
            continue
        found.append(Found(world.countries()[name], *match.span()))
    for match in re.finditer(r"(?<![\w$\u20ac\u00a3])(?:US|U\.S\.A?\.?)(?![\w$])(?! ?(?:\$|dollars?))", document.cased):
        if not any(one.start <= match.start() < one.end for one in found):
            found.append(Found("US", *match.span()))
    found += [
        Found("US", *match.span())
        for match in _SMALL_US.finditer(document.text)
        if not any(one.start <= match.start() < one.end for one in found)
    ]
    found += _codes(document, found)
    found += [
        Found(world.demonyms()[match.group("demonym")], *match.span())
        for match in world.demonym_pattern().finditer(document.text)
        if _is_about_people(document, match)
    ]
    return tuple(sorted(found, key=lambda one: one.start))


def _codes(document: Document, named: list[Found[str]]) -> list[Found[str]]:
    """ISO codes in a list of countries: `NL, UK, DE`."""
    known = set(world.countries().values()) - _OTHER_CODES
    ends = {one.end for one in named} | {match.end() for match in _CODE.finditer(document.cased)}
    starts = {one.start for one in named} | {match.start() for match in _CODE.finditer(document.cased)}
    found: list[Found[str]] = []
    for match in _CODE.finditer(document.cased):
        before, after = (
            _LISTED_BEFORE.search(document.cased, max(match.start() - 5, 0), match.start()),
            _LISTED_AFTER.match(document.cased, match.end()),
        )
        listed = (before and before.start() in ends) or (after and after.end() in starts)
        listed = (
            listed or document.unit_at(match.start()).field == "location" or _ONLY.match(document.cased, match.end())
        )
        if (
            listed
            and match.group() in known
            and match.group() != "LA"
            and not any(one.start <= match.start() < one.end for one in named)
        ):
            found.append(Found(match.group(), *match.span()))
    return found


# `us` in small letters is a country only beside another: `us, canada`
_OTHER_COUNTRY = r"(?:canada|uk|mexico|australia|nz|ireland|europe|india)\b"
_SMALL_US = re.compile(
    rf"(?:^|(?<=\n)|(?<=: )|(?<=, )|(?<=\bin )|(?<=the )|(?<=\())us(?=(?:, | and | & | ?\+ ?| ?/ ?){_OTHER_COUNTRY})"
    r"|(?:(?<=canada, )|(?<=canada and )|(?<=uk, )|(?<=uk and )|(?<=uk & )|(?<=uk \+ ))us\b"
)
_CODE = re.compile(r"(?<![\w.&-])[A-Z]{2}(?![\w&-])")
_ONLY = re.compile(r" only\b")
_LISTED_BEFORE = re.compile(r"(?:, ?| ?/ ?| and | & | \+ )$")
_LISTED_AFTER = re.compile(r"(?:, ?| ?/ ?| and | & | \+ )")
_PEOPLE_AFTER_A_NATIONALITY = re.compile(rf"s?(?: \w+){{0,2}}? {_SAID['people after a nationality']}\b")


def _is_about_people(document: Document, match: re.Match[str]) -> bool:
    """`German customers`, `the French market`; not `German cars`, `French lessons`, `Canadian dollars`."""
    unit = document.unit_at(match.start())
    return _PEOPLE_AFTER_A_NATIONALITY.match(
        document.text[match.end("demonym") : match.end("demonym") + 50],
    ) is not None or (
        document.text[match.end("demonym") : match.end()] == "s"
        and (
            AIM.search(document.before(match.start(), 40)) is not None
            or _only_peoples().fullmatch(document.text, unit.start, unit.end) is not None
        )
    )


@lru_cache(maxsize=1)
def _only_peoples() -> re.Pattern[str]:
    people = "|".join(map(re.escape, world.demonyms()))
    return re.compile(rf"(?:(?:{people})s(?:, | and | & )?)+[ .]*")
