"""Words that may say what the campaign is for, and the signs for and against each."""

import re
from collections import Counter
from collections.abc import Iterator

from marketmover.campaigns.brief.choice import Candidate
from marketmover.campaigns.brief.context import PAST, Found, is_denied
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.feelings import WORRY
from marketmover.campaigns.brief.noun_phrases import Token, lemma, tokens
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.campaigns.brief import objective as rules
from marketmover.plans import BriefTarget

_SAID = phrases("objective")
_FAMILIES = (
    ("leads", "leads"), ("leads", "leads, said indirectly"), ("leads", "people get in touch"), ("leads", "people sign up"), ("leads", "a first meeting"),
    ("sales", "sales"), ("sales", "bookings"), ("sales", "stock and seats"),
    ("traffic", "traffic"), ("traffic", "come and see"),
    ("awareness", "awareness"), ("awareness", "get known"),
    ("engagement", "engagement"), ("engagement", "take part"),
    ("app_installs", "app installs"), ("app_installs", "have the app"),
)
_PATTERNS = [(o, f, re.compile(rf"(?<![\w]){_SAID[f]}")) for o, f in _FAMILIES]


def candidates(document: Document, targets: list[Found[BriefTarget]]) -> list[Candidate[str]]:
    backed = {rules._BY_TARGET.get(one.value.metric) for one in targets}
    chosen = rules.find_objective(document, targets)
    found = []
    lines = {unit.start: tokens(document.text, unit.start, unit.end) for unit in document.units}
    index = {unit.start: at for at, unit in enumerate(document.units)}
    spans = {}
    for objective, family, pattern in _PATTERNS:
        for match in pattern.finditer(document.text):
            if match.end() > match.start():
                spans.setdefault((objective, match.start()), (match.end(), []))[1].append(family)
    times = Counter(o for o, _ in spans)
    for (objective, start), (end, families) in spans.items():
        unit = document.unit_at(start)
        signs = [f"is {objective}", *(f"family {f}" for f in families), *_signs(document, unit, lines[unit.start], start, end, index[unit.start])]
        signs.append(f"word {objective} {document.text[start:end]}")
        signs.append(f"said {min(times[objective], 3)}")
        if objective in backed: signs.append("backed by a target")
        signs.append(f"{objective} field {unit.field}")
        if chosen and chosen.value == objective: signs.append("chosen by rules")
        found.append(Candidate(objective, start, end, tuple(dict.fromkeys(signs))))
    return found


def _signs(document, unit, line, start, end, at):
    yield f"field {unit.field}"
    yield f"line {at if at < 2 else '2-4' if at < 5 else 'later'}"
    wished = rules._is_wished(document, start, end)
    yield f"wished {'no' if wished == 0 else 'little' if wished < 0.6 else 'some' if wished < 1 else 'plainly' if wished < 1.5 else 'most'}"
    if is_denied(document, start, end): yield "denied"
    if PAST.search(document.text, unit.start, unit.end): yield "past"
    if WORRY.search(document.text, unit.start, unit.end): yield "worry"
    if document.text[unit.start:unit.end].rstrip().endswith("?"): yield "question"
    if rules._WISH.search(document.text, max(unit.start, start - 90), start): yield "wish before"
    if rules._FIRST.search(document.text, max(unit.start, start - 70), min(end + 30, unit.end)): yield "first"
    if rules._SECOND.search(document.text, max(unit.start, start - 40), min(end + 30, unit.end)): yield "second"
    before = [t for t in line if t.end <= start]
    after = [t for t in line if t.start >= end]
    verb = next((t for t in reversed(before[-6:]) if t.part == "verb"), None)
    yield f"verb {lemma(verb.word)}" if verb else "no verb"
    b = [_n(t) for t in before[-3:]]
    a = [_n(t) for t in after[:2]]
    yield f"behind {b[-1] if b else 'start'}"
    yield f"before {a[0] if a else 'end'}"
    for x in b: yield f"near before {x}"
    for x in a: yield f"near after {x}"
    if not before: yield "opens line"
    if not after or all(t.part == "mark" for t in after): yield "ends line"
    if len(line) < 5: yield "short line"
    for t in line:
        if t.part in ("verb", "pronoun", "auxiliary"): yield f"line has {lemma(t.word)}"


def _n(t: Token) -> str:
    return "#" if t.part in ("number",) else lemma(t.word)
