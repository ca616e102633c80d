"""Whose words a line holds: the client's, an earlier message's, the agency's questions, a signature, a header.

A text becomes lines with their place in it; what nobody means as content is left out, and older messages come first,
so that a later word stands after what it corrects.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from marketmover.campaigns.brief.labels import field_of
from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("letters")

_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+|^[ \t]*\|[ \t](?=[^|]*$)")
_STAMP = re.compile(
    (
        r"^[ \t]*[\[(]?(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?[ T])?\d{1,2}:\d{2}(?::\d{2})?(?: "
        r"?[ap]m)?[\])]?(?:[ \t]*[-\u2013][ \t]+|[ \t]+)"
    ),
    re.IGNORECASE,
)
_SPEAKER = re.compile(
    r"^[ \t]*[-*]{0,2}[ \t]*([A-Za-z][\w .'/&()-]{0,29}?)(?:[ \t]*[\[(][^\])]{1,20}[\])])?[ \t]*"
    r"\*{0,2}:\*{0,2}(?:[ \t]+|$)"
)
_WROTE = re.compile(r"^(?:on|am|le) .{4,120}(?:wrote|schrieb)\s*:?\s*$|^.{3,80} wrote:\s*$", re.IGNORECASE)
_ORIGINAL = re.compile(
    r"^[-_ ]*(?:original message|forwarded message|begin forwarded message|urspr\S+ nachricht)[-_: ]*$", re.IGNORECASE
)
_RULED = re.compile(r"^_{10,}$|^-{10,}$")
_HEADER = re.compile(r"^\*?(from|sent|date|to|cc|bcc|subject|reply-to|importance)\*?:\*?[ \t]", re.IGNORECASE)
_CLOSING = re.compile(
    rf"^{_SAID['closing']}[ ,.!-]*(?:[a-z ]{{0,30}})?$",
    re.IGNORECASE,
)
_SENT_FROM = re.compile(r"^(?:sent from my|get outlook for|this e?-?mail (?:and any|is confidential))", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"^p\.? ?p?\.?s\b", re.IGNORECASE)
_AGENCY = re.compile(
    rf"\b{_SAID['agency']}\b",
    re.IGNORECASE,
)
_CLIENT = re.compile(
    (
        r"\b(?:client|customer|owner|founder|ceo|cmo|coo|marketing|prospect|caller|visitor|user|director|a|answer"
        r"|lead)\b"
    ),
    re.IGNORECASE,
)
_YES = re.compile(
    (
        r"^\W*(?:yes|yep|yeah|yup|correct|exactly|right|that'?s (?:right|it|correct)|confirmed|sure|indeed|spot on"
        r"|ok(?:ay)?)\b"
    ),
    re.IGNORECASE,
)
_ASKS = re.compile(
    rf"\b{_SAID['asks']}\b",
    re.IGNORECASE,
)
_TELLS = re.compile(
    rf"\b{_SAID['tells']}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """One line of content: its place in the raw text, and the field that the question or heading before it asks for."""

    start: int
    end: int
    text: str
    field: str = ""
    quoted: int = 0
    opens: bool = False
    """Whether it begins a turn of a conversation, so that it never continues the line before."""


def content_lines(raw: str) -> list[Line]:
    """The client's own lines, oldest message first; blank lines stay, as they part paragraphs."""
    messages = _split_messages(_lines(raw))
    kept = [message for message in messages if not _is_agency(message)]
    newest_last = list(reversed(kept)) if _newest_first(messages) else kept
    break_ = Line(0, 0, "")
    return [line for message in newest_last for line in [*_turns(_without_signature(message)), break_]]


def _lines(raw: str) -> list[Line]:
    lines: list[Line] = []
    for match in re.finditer(r"[^\n]*\n|[^\n]+$", raw):
        whole = match.group().rstrip("\r\n")
        quote = _QUOTE.match(whole)
        cut = quote.end() if quote else 0
        depth = quote.group().count(">") or 1 if quote else 0
        lines.append(Line(match.start() + cut, match.start() + len(whole), whole[cut:], quoted=depth))
    return lines


def _split_messages(lines: list[Line]) -> list[list[Line]]:
    """Part a thread into its messages: by quote marks, `On ... wrote:`, `Original Message`, and blocks of headers."""
    if _is_interleaved(lines):
        return [_answers(lines)]
    messages: list[list[Line]] = [[]]
    in_header = False
    for line in lines:
        text = line.text.strip()
        header = _HEADER.match(text)
        starts = header is not None and header.group(1).lower() == "from" and not in_header
        depth_rises = bool(messages[-1]) and line.quoted > messages[-1][-1].quoted and text != ""
        if _WROTE.match(text) or _ORIGINAL.match(text) or starts or depth_rises:
            messages.append([])
        in_header = header is not None and (in_header or starts or not any(part.text.strip() for part in messages[-1]))
        if _WROTE.match(text) or _ORIGINAL.match(text) or _RULED.match(text):
            continue
        if header is not None and header.group(1).lower() == "subject":
            cut = len(line.text) - len(
                re.sub(r"^\s*\*?subject\*?:\*?\s*(?:(?:re|fwd?|aw)\s*:\s*)*", "", line.text, flags=re.IGNORECASE)
            )
            messages[-1].append(replace(line, start=line.start + cut, text=line.text[cut:], opens=True))
        elif header is None or not in_header:
            messages[-1].append(line)
    return [message for message in messages if any(line.text.strip() for line in message)]


def _is_interleaved(lines: list[Line]) -> bool:
    """Whether the client answers between quoted questions, rather than above a whole quoted message."""
    filled = [line for line in lines if line.text.strip()]
    switches = sum(1 for one, two in pairwise(filled) if one.quoted and not two.quoted)
    asked = any(line.quoted and line.text.rstrip().endswith("?") for line in filled)
    return switches >= 2 or (switches == 1 and asked and bool(filled) and filled[0].quoted > 0)


def _answers(lines: list[Line]) -> list[Line]:
    kept: list[Line] = []
    field = ""
    for line in lines:
        if line.quoted:
            field = field_of(line.text) or field
        elif not _WROTE.match(line.text.strip()):
            kept.append(replace(line, field=field, opens=True))
    return kept


def _newest_first(messages: list[list[Line]]) -> bool:
    """Whether older messages stand beneath newer ones, as mails quote what they answer."""
    return len(messages) > 1


def _is_agency(message: list[Line]) -> bool:
    if not message or not message[0].quoted:
        return False
    text = "\n".join(line.text for line in message)
    return len(_ASKS.findall(text)) > len(_TELLS.findall(text))


def _without_signature(message: list[Line]) -> list[Line]:
    """Cut what follows `-- ` or a closing formula, up to a postscript."""
    kept: list[Line] = []
    inside = False
    for index, line in enumerate(message):
        text = line.text.strip()
        if inside and _POSTSCRIPT.match(text):
            inside = False
        if not inside and (
            line.text.rstrip("\r") in ("-- ", "--") or _SENT_FROM.match(text) or _closes(message, index)
        ):
            inside = True
        if not inside:
            kept.append(line)
    return kept


def _closes(message: list[Line], index: int) -> bool:
    text = message[index].text.strip()
    if len(text) > 45 or not _CLOSING.match(text):
        return False
    rest = [line.text.strip() for line in message[index + 1 :] if line.text.strip()]
    rest = rest[: next((at for at, line in enumerate(rest) if _POSTSCRIPT.match(line)), len(rest))]
    return len(rest) <= 9 and all(len(line) <= 90 for line in rest)


def _turns(lines: list[Line]) -> list[Line]:
    """Take the speakers of a conversation off its lines, and turn the agency's questions into fields of the answers."""
    agency, client = _speakers(lines)
    if not agency and not client:
        return [_unstamped(line) for line in lines]
    kept: list[Line] = []
    asking, field = "", ""
    pending: list[Line] = []
    for line in map(_unstamped, lines):
        speaker, spoken = _spoken(line, agency | client)
        asking = speaker or asking
        if asking in agency:
            echo = field if len(spoken.text.split()) <= 2 else ""  # `40k?` asks for no other field
            field = field_of(spoken.text.rsplit(".", 1)[-1]) or field_of(spoken.text) or echo
            pending = [*([] if speaker else pending), spoken]
        else:
            if _YES.match(spoken.text):
                kept += [replace(said, opens=True) for said in pending]
            pending = []
            kept.append(replace(spoken, field=field, opens=bool(speaker)))
            field = "" if spoken.text.strip() and (not speaker or field == "product") else field
    return kept


def _unstamped(line: Line) -> Line:
    stamp = _STAMP.match(line.text)
    if not stamp:
        return line
    return replace(line, start=line.start + stamp.end(), text=line.text[stamp.end() :], opens=True)


def _spoken(line: Line, speakers: set[str]) -> tuple[str, Line]:
    match = _SPEAKER.match(line.text)
    if not match or match.group(1).strip().lower() not in speakers:
        return "", line
    return match.group(1).strip().lower(), replace(line, start=line.start + match.end(), text=line.text[match.end() :])


def _speakers(lines: list[Line]) -> tuple[set[str], set[str]]:
    """Who speaks: (the agency's names, the client's names), lower case."""
    said: dict[str, list[str]] = {}
    for line in lines:
        stamp = _STAMP.match(line.text)
        text = line.text[stamp.end() :] if stamp else line.text
        match = _SPEAKER.match(text)
        if match and not _names_a_field(match.group(1)):
            said.setdefault(match.group(1).strip().lower(), []).append(text[match.end() :])
    agency = {name for name in said if _AGENCY.search(name) and not name.startswith("client")}
    client = {name for name in said if name not in agency and (_CLIENT.search(name) or len(said[name]) > 1)}
    if not agency and len(client) == 2:
        agency = {name for name in client if not _CLIENT.search(name) and _asks_more(said[name])}
    if len(agency | client) < 2 and not (client and len(said[next(iter(client))]) > 1):
        return set(), set()
    return agency, client - agency


def _names_a_field(name: str) -> bool:
    field = field_of(name)
    return field not in ("", "contact") and not (
        _AGENCY.search(name) or re.fullmatch(r"(?i)client|customer|prospect", name.strip())
    )


def _asks_more(said: list[str]) -> bool:
    return sum(text.count("?") or _QUESTION.match(text) is not None for text in said) * 2 >= len(said)


_QUESTION = re.compile(
    r"(?:ok(?:ay)?,? |and |so )*(?:who|what|when|where|which|how|why|do you|are you|is it|per \w+ or)\b", re.IGNORECASE
)
