"""Conversations: who is the client, who the agency, and which question each of the client's lines answers."""

import re
from dataclasses import replace

from marketmover.campaigns.brief.labels import field_of
from marketmover.campaigns.brief.lines import Line
from marketmover.campaigns.brief.stamps import Speech, speaker_of, speeches, taken_apart
from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("turns")

_AGENCY = re.compile(rf"\b{_SAID['agency']}\b", re.IGNORECASE)
_CLIENT = re.compile(rf"\b{_SAID['client']}\b", re.IGNORECASE)
_YES = re.compile(rf"^\W*{_SAID['agrees']}\b", re.IGNORECASE)
_QUESTION = re.compile(rf"(?:{_SAID['before a question']},? )*{_SAID['opens a question']}\b", re.IGNORECASE)
_OFFERS = re.compile(rf"\b{_SAID['offers']}\b", re.IGNORECASE)
_WANTS = re.compile(rf"\b{_SAID['wants']}\b", re.IGNORECASE)
_ONLY = re.compile(r"^\W*(?:only|just)\b", re.IGNORECASE)


def conversation(lines: list[Line]) -> list[Line] | None:
    """The client's lines of a conversation, each with the field that the question before it asks for.

    The agency's words count where the client agrees to them. `None` where the lines are no conversation.
    """
    spoken, sure = speeches(lines)
    spoken = spoken if sure else _named(spoken)
    said: dict[str, list[str]] = {}
    speaker = ""
    for speech in spoken:
        speaker = speech.speaker or speaker
        if speaker and (speech.line.text.strip() or speech.speaker):
            said.setdefault(speaker, []).append(speech.line.text)
    agency = _agency(said)
    if not said:
        changed = len(spoken) != len(lines) or any(
            one.line is not line for one, line in zip(spoken, lines, strict=True)
        )
        return [speech.line for speech in spoken] if changed else None
    if sure:  # what a chat's program wrote on a line of its own was sent as such
        spoken = [replace(speech, line=replace(speech.line, opens=True)) for speech in spoken]
    return _answers(spoken, agency)


def _named(spoken: list[Speech]) -> list[Speech]:
    """`Name: words` taken apart, for names that speak rather than label a form's answer."""
    said: dict[str, list[str]] = {}
    for speech in spoken:
        name = speech.speaker or speaker_of(speech.line)
        if name and (speech.speaker or not _names_a_field(name)):
            said.setdefault(name, []).append(speech.line.text)
    agency = {name for name in said if _is_agency_name(name)}
    known = agency | {name for name in said if _CLIENT.search(name) or len(said[name]) > 1}
    if len(known) < 2 and not any(name not in agency and len(said[name]) > 1 for name in known):
        return [Speech("", speech.line) for speech in spoken]
    apart = [speech if speech.speaker else taken_apart(speech.line) for speech in spoken]
    return [new if new.speaker in known else old for new, old in zip(apart, spoken, strict=True)]


def _names_a_field(name: str) -> bool:
    """Whether a name before a colon is a form's label: `Customer segment`; not `Agency`, `Client (Ops)`."""
    who = _CLIENT.sub(" ", _AGENCY.sub(" ", re.sub(r"\(.*?\)", " ", name)))
    is_role = who != name and re.search(r"[^\W\d_]{3,}", who) is None
    return field_of(name) not in ("", "contact") and not is_role


def _is_agency_name(name: str) -> bool:
    return _AGENCY.search(name) is not None and not name.startswith("client")


_EITHER = frozenset(("me", "us", "you", "i"))  # whoever saved the chat


def _agency(said: dict[str, list[str]]) -> set[str]:
    """Who speaks for the agency: by name, or those who ask and offer while somebody else wants and tells."""
    by_name = {name for name in said if _is_agency_name(name) and name not in _EITHER}
    if by_name:
        return by_name
    weights = {name: _asking(texts) for name, texts in said.items() if not _CLIENT.search(name)}
    asking = {name for name, weight in weights.items() if weight > 0}
    if len(asking) < len(said):
        return asking
    most = max(weights, key=lambda name: weights[name], default="")
    return {most} if most and len({*weights.values()}) > 1 else set()


def _asking(texts: list[str]) -> float:
    """Above nought where somebody rather asks and offers than wants: half of the lines at least are such."""
    asks = sum(text.count("?") > 0 or _QUESTION.match(text.strip()) is not None for text in texts)
    offers = sum(_OFFERS.search(text) is not None for text in texts)
    wants = sum(_WANTS.search(text) is not None for text in texts)
    filled = sum(bool(text.strip()) for text in texts)
    return asks + offers - 1.5 * wants - 0.34 * filled


def _answers(spoken: list[Speech], agency: set[str]) -> list[Line]:
    """The client's lines, and the agency's where the client agreed to them."""
    kept: list[Line] = []
    asking, field, asked = "", "", ""
    pending: list[Line] = []
    introduced: set[str] = set()
    for speech in spoken:
        line = speech.line
        asking = speech.speaker or asking
        if asking in agency:
            echo = field if len(line.text.split()) <= 2 else ""  # `40k?` asks for no other field
            field = field_of(line.text.rsplit(".", 1)[-1]) or field_of(line.text) or echo
            pending = [*([] if speech.speaker else pending), line]
            asked = line.text.strip() or asked
            continue
        if _YES.match(line.text):
            kept += [replace(one, opens=True) for one in pending]
        elif line.text.strip() and (label := _asked_for_figure(pending, field)) is not None:
            kept.append(label)
            line = replace(line, joined=True)
        pending = [] if line.text.strip() else pending
        if field == "avoid" and _ONLY.match(line.text):  # `Anything you don't want?` `Only Instagram.`
            field = "platforms"
        if speech.trade is not None and speech.speaker not in introduced:
            introduced.add(speech.speaker)
            kept.append(replace(speech.trade, field="product"))
        opens = not line.joined and (line.opens or bool(speech.speaker))
        kept.append(replace(line, field=field, opens=opens, asked=asked))
        field = "" if line.text.strip() and (not speech.speaker or field == "product") else field
    return kept


def _asked_for_figure(pending: list[Line], field: str) -> Line | None:
    """A question that says itself what the figure is (`Your monthly budget?`), as the label of its answer."""
    if field not in _FIGURES_ASKED or not pending:
        return None
    question = pending[-1]
    match = _LAST_QUESTION.search(question.text)
    needed = _PERIOD if field == "budget" else _METRIC
    if not match or not needed.search(match.group()) or re.search(r"\d", match.group()):
        return None
    return replace(question.after(match.start()), text=match.group(), field=field)


_FIGURES_ASKED = frozenset(("budget", "targets"))
_METRIC = re.compile(
    r"\b(?:cost|price|cpl|cpa|cac|roas|return|leads?|sales|clicks|visits|installs|revenue)\b", re.IGNORECASE
)
_LAST_QUESTION = re.compile(r"[^.!?\s][^.!?]{1,55}\?(?=\s*$)")
_PERIOD = re.compile(rf"\b{_SAID['period']}\b", re.IGNORECASE)
