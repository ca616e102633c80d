"""What the audience is interested in, and the roles that it is named by (parents, HR managers).

Rules propose; which noun phrases are meant is decided by learnt weights over many signs, what the rules say among them.
"""

import re
from collections.abc import Iterator

from marketmover.campaigns.brief.context import Found, is_denied, is_past
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.interest_candidates import AIM, VERB, InterestCandidate, interest_candidates
from marketmover.campaigns.brief.phrases import items, without_article
from marketmover.campaigns.brief.spans import Apart
from marketmover.campaigns.brief.vocabulary import any_of, phrases, words
from marketmover.campaigns.brief.weighing import weights
from marketmover.campaigns.brief.world import demonym_pattern, is_place

_SAID = phrases("interests")

_LIKES = re.compile(rf"\b{_SAID['likes']}\s+")
_HEADS = any_of(words("roles"))
# words before the head: `small business` owners
_BEFORE_HEAD = rf"(?:(?!(?:{_SAID['never part of a role']}|\S*\d)\b)[a-z][\w'&/-]* ){{0,3}}?"
# `heads of data`, `owners of accountancy practices`; not `directors of industrial bakeries`, cut in two
_HEAD_OF = (
    rf"{_SAID['heads of something']} of (?!(?:the|our|all|these|kids|children)\b)\w+"
    r"(?: [a-z]+s(?= ?[.,;)\n]| (?:and|with|in|at)\b)|(?! [a-z]+s\b))"
)
_ROLE = re.compile(rf"\b(?P<role>{_BEFORE_HEAD}(?:{_HEAD_OF}|{_HEADS}))\b(?!'s? |-)")
_NOT_ROLE = re.compile(
    rf"\b{_SAID['our own people']} $"
    rf"|\b(?:from|by|told|with|between|ask|tell|for) (?:our|my|your|the|other) "
    rf"(?:\w+ )?$"
)
_GENERIC = frozenset(words("roles_generic"))
_STANDS_ALONE = frozenset(words("roles_alone"))
_NEVER = frozenset(words("roles_never"))


_SENDER_LIKES = re.compile(r"\b(?:we(?:'re| are)?|i(?:'m| am)?|i'd be|not|be|would be) $")
_OTHER_FIELDS = frozenset(("product", "industry", "budget"))
_AIM_AFTER = re.compile(
    r"[^\n.;]{0,40} (?:are|is) (?:who|our|my|what|it\b|key|hardest|the (?:target|audience|ones?|people|market"
    r"|crowd|sort))\b"
    r"|[^\n.;]{0,40},? (?:that's who|they must be|have (?:served|worked|been best|bought)|please\b|wanted\b"
    r"|first and foremost)"
    r"|^ (?:need|should|must|have) to (?:know|hear|see|learn)\b"
)
_SENDER = re.compile(r"\b(?:we are|we're|i am|i'm|we run|i run|founded|our team|we have|we employ)\b[^\n,;]{0,40}$")
_TURNS_TO_AUDIENCE = re.compile(
    r"\b(?:target\w*|reach|audience|for|to|looking|after|attract|customers|who|buyers|requests?|leads"
    r"|enquiries|bookings|from)\b[^\n,;]{0,30}$"
)
_ACTS = re.compile(r"^ ?:|^ (?:dollars?|owned|per|in our team|said|say|told|think|complained|were|was)\b")


_LEAST = -0.3  # log odds
_LISTED = 1.0  # how much likelier a phrase is for standing in a list with one that is meant
_LIST_LINK = re.compile(r"(?:,? (?:and|or|&|plus) | ?/ ?| \+ |[,;] )(?:the |their |also |mostly |mainly |for )?")
_LONGEST_LINK = 20  # characters; `, and mainly ` has 13


def find_interests(document: Document) -> list[Found[str]]:
    """Interests and roles, as written, in order, each once: the likeliest phrases by the learnt weights."""
    table = weights("interests")
    found, apart = list[Found[str]](), Apart()
    scored = [(table.log_odds(one.signs), one) for one in people_candidates(document)]
    scored = sorted((one for one in scored if one[0] > _LEAST - _LISTED), key=lambda one: -one[0])
    for least in (_LEAST, _LEAST - _LISTED, _LEAST - _LISTED):
        for odds, one in scored:
            meant = odds >= least and (least == _LEAST or _is_listed(document, one, apart))
            if meant and apart.add(one.start, one.end):
                found.append(Found(document.cased[one.start : one.end].strip(" .\n"), one.start, one.end))
    each = {one.value.lower(): one for one in sorted(found, key=lambda one: -one.start)}
    return sorted(each.values(), key=lambda one: one.start)


def people_candidates(document: Document) -> list[InterestCandidate]:
    """The phrases that may be interests or roles, with their signs."""
    return interest_candidates(document, [(one.start, one.end) for one in _by_rules(document)])


def _is_listed(document: Document, one: InterestCandidate, found: Apart) -> bool:
    between = (
        document.text[end : one.start] if end <= one.start else document.text[one.end : start]
        for start, end in found.near(one.start, one.end, _LONGEST_LINK)
    )
    return any(_LIST_LINK.fullmatch(words) for words in between)


def _by_rules(document: Document) -> list[Found[str]]:
    """What the rules find."""
    found, apart = dict[str, Found[str]](), Apart()
    for one in (
        *_liked(document),
        *_people_who(document),
        *_roles(document),
        *_people(document),
        *_beside_ages(document),
    ):
        if one.value.lower() not in found and apart.add(one.start, one.end):
            found[one.value.lower()] = one
    for one in [
        other for earlier in found.values() for reach in (_beside, _in_front) for other in reach(document, earlier)
    ]:
        if one.value.lower() not in found and apart.add(one.start, one.end):
            found[one.value.lower()] = one
    return sorted(found.values(), key=lambda one: one.start)


def _beside(document: Document, known: Found[str]) -> Iterator[Found[str]]:
    """The further members of a list of people that begins with a known one: `hikers, ski tourers`."""
    unit, at = document.unit_at(known.start), known.end
    next_one = _NEXT if VERB.search(document.text, unit.start, unit.end) else _NEXT_OF_LIST
    while known.value.lower().endswith("s") and (match := next_one.match(document.text, at, unit.end)):
        start, at = match.span("who")
        words = document.text[start:at]
        if is_place(words) or _THINGS.search(words) or not _counts(document, start, at) or words.startswith(_NO_MEMBER):
            return
        yield Found(document.cased[start:at], start, at)


def _in_front(document: Document, known: Found[str]) -> Iterator[Found[str]]:
    """The members of a list in front of a known one that say no more than who: `flatmates, college students`."""
    unit, at = document.unit_at(known.start), known.start
    while match := _PREVIOUS.search(document.text, unit.start, at):
        start, end = match.span("who")
        words = document.text[start:end]
        if is_place(words) or _THINGS.search(words) or VERB.search(words) or not _counts(document, start, end):
            return
        if _NO_LIKING.search(words) or words.startswith(_NO_MEMBER):
            return
        yield Found(document.cased[start:end], start, end)
        at = start


_PREVIOUS = re.compile(
    r"(?:(?<![^\n])|[:,;(] ?| - |\bfor |\bto |\bfrom |\band )(?:and |the |mostly |mainly |their )?"
    r"(?P<who>[a-z][a-z'&-]+(?: [a-z][a-z'-]+){0,2})(?<=s)(?:, (?:and )?| and (?:for |to |from )?| & | ?/ ?| or |; ?)$"
)
_NO_MEMBER = (
    "we ",
    "our ",
    "my ",
    "the ",
    "all ",
    "more ",
    "this ",
    "these ",
    "weeks",
    "months",
    "days",
    "ads",
    "leads",
    "sales",
    "clicks",
)


def _beside_ages(document: Document) -> Iterator[Found[str]]:
    """`30-55, interior design and renovation`: what an entry on the audience lists behind the ages."""
    for unit in document.units:
        ages = _AGES.search(document.text, unit.start, unit.end)
        if (
            not ages
            or unit.field not in ("audience", "age", "objective", "")
            or not _counts(document, unit.start, unit.end)
        ):
            continue
        alone = unit.field != "" or not VERB.search(document.text, unit.start, ages.start())
        for start, end in items(document.text, ages.end(), unit.end) if alone else ():
            words = document.text[start:end].strip(" .")
            if not _LIKING.fullmatch(words) or is_place(words) or _NO_LIKING.search(words):
                break
            yield Found(document.cased[start : start + len(words)], start, start + len(words))


_AGES = re.compile(
    r"(?<![\d.,$\u20ac\u00a3-])(?:[1-9]\d ?(?:-|to) ?[1-9]\d(?: years| yrs)?"
    r"|(?:over |above )[1-9]\d|[1-9]\d ?\+)(?=, [a-z])"
)
_LIKING = re.compile(r"[a-z][a-z'-]+(?: (?:& )?[a-z'-]+){0,2}")
_NO_LIKING = re.compile(rf"\b{_SAID['no interest beside ages']}\b")
_NEXT = re.compile(
    r"(?:, (?:and )?| and (?:for )?| & | ?/ ?)(?:their |also |the )?"
    r"(?P<who>(?!(?:the|our|my|we|i|it|this|women|men|mums|moms|dads|people|ages?|aged|ads?|others?)\b)"
    r"(?:[a-z][a-z-]+ )?[a-z-]+(?:ers|ors|ists|ents|ants|ians|eers|ees|olds))"
    r"(?= ?[.,;)\n]| and | & | in |$)"
)
# where nothing but a list stands, any plural goes on with it: `hikers, busy mums`
_NEXT_OF_LIST = re.compile(
    r"(?:, (?:and )?| and (?:for )?| & | ?/ ?| \+ )(?:their |also |the )?(?P<who>(?!ads?\b|women\b|men\b"
    r"|ages?\b|others?\b|days\b)"
    r"[a-z][a-z'&-]+(?: [a-z][a-z'-]+){0,2}(?<=s))(?= ?[.,;)\n(]| and | & | in | aged | over |$)"
)


def _liked(document: Document) -> Iterator[Found[str]]:
    """`who love hiking`, `interested in yoga and sleep`, the answers in a form."""
    for match in _LIKES.finditer(document.text):
        if _counts(document, *match.span()) and not _SENDER_LIKES.search(document.before(match.start(), 12)):
            yield from _listed(document, match.end())
    for unit in document.units:
        if unit.field == "interests":
            yield from _listed(document, document.text.find(":", unit.start, unit.end) + 1 or unit.start)


def _roles(document: Document) -> Iterator[Found[str]]:
    """`HR managers`, `small business owners`: phrases that end in a word for a role."""
    found_before = False
    for match in _ROLE.finditer(document.text):
        one = _role(document, match, found_before=found_before)
        if one is not None:
            found_before = True
            yield one


def _people_who(document: Document) -> Iterator[Found[str]]:
    """People named by what they do or have: `people moving house`, `for people who got fired`."""
    for match in _PEOPLE_WHO.finditer(document.text):
        start, end = match.span("who")
        if _counts(document, start, end) and document.unit_at(start).field not in _OTHER_FIELDS:
            yield Found(document.cased[start:end], start, end)


_PEOPLE_WHO = re.compile(
    r"(?:(?<![^\n])|[,;:(] ?|\bfor |\band |\breach |\btarget |\bfrom )(?:and )?"
    r"(?P<who>people (?:(?:moving|selling|buying|renovating|getting|planning|looking for|learning"
    r"|suffering from) [a-z' ]{3,24}?"
    r"|with (?!a budget|more|the)[a-z]+(?: [a-z]+)?|who (?:got|have|own|love|suffer|work|live with|rent"
    r"|just) [a-z ]{3,24}?))(?= ?[.,;)\n]|$)"
)


def _people(document: Document) -> Iterator[Found[str]]:
    """Any other plural of people that stands where an audience stands: `applications from apprentices in ...`."""
    for match in _PEOPLE.finditer(document.text):
        for group in ("who", "more"):
            start, end = match.span(group)
            if start < 0 or _THINGS.search(match[group]) or not _counts(document, start, end):
                continue
            sender = _SENDER.search(document.before(start, 70))
            if document.unit_at(start).field not in _OTHER_FIELDS and not sender:
                yield Found(document.cased[start:end], start, end)


_PEOPLE = re.compile(
    rf"\b{_SAID['before people']} (?:more |new |young |all )*(?P<who>(?!(?:the"
    rf"|our|my|a|an|this|these|those|your|their|its|it|us|women|men|mums|moms|dads"
    rf"|people)\b)(?:[a-z][a-z-]+ )?[a-z-]+(?:ers|ors|ists|ents|ants|ians|ees|eers"
    rf"|ees))(?: and (?P<more>[a-z-]+s))?(?=,? {_SAID['after people']}|[.,;\n])"
)
_THINGS = re.compile(rf"{_SAID['things']}$")


def _counts(document: Document, start: int, end: int) -> bool:
    field = document.unit_at(start).field
    return (
        field not in ("contact", "past", "avoid", "concerns", "tone")
        and not is_denied(document, start, end)
        and not is_past(document, start, end)
    )


_ENDS_THE_LIST = re.compile(_SAID["ends the list"])


def _listed(document: Document, start: int) -> list[Found[str]]:
    unit = document.unit_at(start)
    stop = _ENDS_THE_LIST
    end_match = stop.search(document.text, start, unit.end)
    end = end_match.start() if end_match else unit.end
    found: list[Found[str]] = []
    for first, last in items(document.text, start, end):
        left = without_article(document.text, first, last)
        right = left + len(document.text[left:last].rstrip(" .,"))
        word_count = len(document.text[left:right].split())
        if (
            1 <= word_count <= 5
            and re.search(r"[a-z]{2}", document.text[left:right])
            and not re.match(
                (
                    r"(?:it|this|that|them|what|how|our|your|us|you|working|etc|similar|more|any|learning more|hearing"
                    r"|others?|groups?|from|not)\b"
                ),
                document.text[left:right],
            )
        ):
            found.append(Found(document.cased[left:right], left, right))
        elif word_count > 5:
            break
    return found


def _role(document: Document, match: re.Match[str], *, found_before: bool) -> Found[str] | None:
    start, end = match.span("role")
    nationality = demonym_pattern().match(document.text, start)
    start = nationality.end() + 1 if nationality and nationality.end() < end else start
    first = document.text[start:end].partition(" ")
    start += len(first[0]) + 1 if first[2] and document.cased[start].isupper() and is_place(first[0]) else 0
    if not _counts(document, start, end) or document.unit_at(start).field in _OTHER_FIELDS:
        return None
    if re.search(r"\d\+? (?:happy |past |active |current )?$", document.before(start, 12)):
        return None  # a head-count
    if not _says_enough(document.text[start:end]) or not _is_aimed_at(document, start, end):
        return None
    end = _with_what_they_do(document, start, end)
    if found_before and re.search(r"\b(?:at|of|in) (?:\w+ )?$", document.before(start, 70)):
        return None
    return Found(document.cased[start:end], start, end)


def _with_what_they_do(document: Document, start: int, end: int) -> int:
    """`couples without kids`, `couples moving house`: where what follows says which of them are meant."""
    more = _WHICH_OF_THEM.match(document.text, end, document.unit_at(start).end)
    return more.end() if more else end


_WHICH_OF_THEM = re.compile(
    r" (?:without (?:a )?[a-z]+|with (?:small |young |little |big )?(?:kids|children|babies|toddlers|dogs|pets"
    r"|gardens?|daughters|sons)|(?:moving|getting|expecting|planning|renovating|building|buying|starting)"
    r" (?:a |an |their )?[a-z]+)(?= ?[.,;)\n]| (?:in|and|across|from|around|aged)\b)"
)


def _says_enough(phrase: str) -> bool:
    head = phrase.split(" of ", maxsplit=1)[0].rsplit(maxsplit=1)[-1] + ("s" if " of " in phrase else "")
    if phrase in _NEVER or not head.endswith(("s", "people", "-employed", "-conscious")):
        return False
    return " " in phrase or head in _STANDS_ALONE or head not in _GENERIC


def _is_aimed_at(document: Document, start: int, end: int) -> bool:
    """Whether the words around a role say that it is to be reached, rather than that the sender is one."""
    before, after = document.before(start, 70), document.after(end, 70)
    in_audience = document.unit_at(start).field == "audience"
    if _NOT_ROLE.search(before) and not in_audience:
        return False
    if not (in_audience or AIM.search(before) or _is_fragment(document, start, end) or _AIM_AFTER.match(after)):
        return False
    if _SENDER.search(before) and not _TURNS_TO_AUDIENCE.search(before):
        return False
    return _ACTS.match(after) is None


def _is_fragment(document: Document, start: int, end: int) -> bool:
    """Whether the clause says no more than who, as in `UK only, homeowners over 35`."""
    left, right = document.clause(start, end)
    return VERB.search(document.text, left, right) is None
