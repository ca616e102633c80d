"""Whose words a line holds: the client's, an earlier message's, the agency's questions, a signature, a header.

A text becomes lines with their place in it; what nobody means as content is left out, and older messages come first,
so that a later word stands after what it corrects.
"""

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile

from marketmover.campaigns.brief.form_layout import answered
from marketmover.campaigns.brief.labels import field_of
from marketmover.campaigns.brief.lines import Line, lines_of
from marketmover.campaigns.brief.turns import conversation
from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("letters")

_LONGEST_HEADER = 300
_WROTE = re.compile(
    rf"^{_SAID['begins an attribution']}\b.{{4,200}}\b{_SAID['wrote']}(?:\W{{0,3}}$|.{{0,160}}:\s*$)"
    rf"|^.{{3,120}}\b{_SAID['wrote']}(?: {_SAID['begins an attribution']}\b.{{0,60}})?\s*:\s*$",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(rf"^[-_* ]*{_SAID['an older message follows']}[-_*: ]*$", re.IGNORECASE)
_RULED = re.compile(r"^_{10,}$|^-{10,}$")
_HEADER = re.compile(
    rf"^\*?(?:(?P<sender>{_SAID['header: sender']})|(?P<subject>{_SAID['header: subject']})"
    rf"|(?P<sent>{_SAID['header: sent']})|(?P<other>{_SAID['header: other']})) ?\*?:\*?(?:[ \t]|$)",
    re.IGNORECASE,
)
_REPLY = re.compile(rf"\s*(?:{_SAID['reply']}\s*:\s*)*", re.IGNORECASE)
_CLOSING = re.compile(rf"^{_SAID['closing']}(?!\w)[ ,.!-]*(?:[^\W\d_][^\W\d_ .'-]{{0,30}}){{0,3}}$", re.IGNORECASE)
_SENT_FROM = re.compile(rf"^\W*{_SAID['sent from']}", re.IGNORECASE)
_DISCLAIMER = re.compile(rf"^\W*{_SAID['disclaimer']}", re.IGNORECASE)
_POSTSCRIPT = re.compile(r"^p\.? ?p?\.?s\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}")
_ASKS = re.compile(rf"\b{_SAID['asks']}\b", re.IGNORECASE)
_TELLS = re.compile(rf"\b{_SAID['tells']}\b", re.IGNORECASE)


@dataclass
class _Message:
    """A message of a thread: its lines, and the name or address in the header above it where there is one."""

    author: str = ""
    lines: list[Line] = field(default_factory=list[Line])

    def is_empty(self) -> bool:
        """Whether nothing is written in it yet."""
        return not any(line.text.strip() for line in self.lines)


@dataclass(frozen=True)
class _Head:
    """The lines between two messages: how many, who wrote what follows, and its subject."""

    lines: int
    author: str
    subject: Line | None = None


def content_lines(raw: str) -> list[Line]:
    """The client's own lines, oldest message first; blank lines stay, as they part paragraphs."""
    lines = lines_of(raw)
    messages = _split_messages(lines)
    agency = _agency_authors(messages)
    kept = [one for at, one in enumerate(messages) if not _is_agency(one, agency, newest=at == 0)] or messages
    content = [line for message in reversed(kept) for line in [*_content(message), _BREAK]]
    if _letters(content) < _LEAST_KEPT * _letters(lines):  # taken apart wrongly: rather too much than next to nothing
        return [line for message in reversed(messages) for line in [*_without_signature(message.lines), _BREAK]]
    return content


_BREAK = Line(0, 0, "")
_LEAST_KEPT = 0.1


def _letters(lines: list[Line]) -> int:
    return sum(len(line.text.strip()) for line in lines)


def _content(message: _Message) -> list[Line]:
    lines = _without_signature(message.lines)
    return conversation(lines) or answered(lines) or lines


def _split_messages(lines: list[Line]) -> list[_Message]:
    """Part a thread into its messages: by quote marks, `On ... wrote:`, `Original Message`, and blocks of headers."""
    if _is_interleaved(lines):
        return [_Message(lines=_answers(lines))]
    messages = [_Message()]
    skipped = 0
    for at, line in enumerate(lines):
        if at < skipped:
            continue
        present = messages[-1].lines
        head = _head(lines, at, opens=messages[-1].is_empty())
        if head is not None:
            skipped = at + head.lines
            if head.author or not messages[-1].is_empty():
                messages.append(_Message(head.author))
            messages[-1].lines += [head.subject] if head.subject else []
            continue
        if present and line.text.strip() and line.quoted > present[-1].quoted:
            messages.append(_Message())
        if not _RULED.match(line.text.strip()):
            messages[-1].lines.append(line)
    return [message for message in messages if not message.is_empty()]


def _head(lines: list[Line], at: int, *, opens: bool) -> _Head | None:
    """What stands between two messages from line `at` on, if anything does; `opens`: the present one is empty still."""
    text = lines[at].text.strip()
    if not text or len(text) > _LONGEST_HEADER:
        return None
    if _WROTE.match(text):
        return _Head(1, _author(text))
    wrapped = f"{text} {lines[at + 1].text.strip()}" if at + 1 < len(lines) else ""
    if len(wrapped) <= _LONGEST_HEADER and not text.endswith((":", ".", "!", "?")) and _WROTE.match(wrapped):
        return _Head(2, _author(wrapped))
    if _ORIGINAL.match(text):
        # Blank lines and headers may follow; they belong to the same head.
        gap = next((step for step in range(1, 4) if at + step < len(lines) and lines[at + step].text.strip()), 1)
        block = _header_block(lines, at + gap)
        return _header_head(block, gap + len(block), text)
    block = _header_block(lines, at)
    kinds = {kind for _, kind in block}
    if "sender" in kinds and kinds & {"sent", "subject"}:
        return _header_head(block, len(block), text)
    if opens and "subject" in kinds:
        return replace(_header_head(block, len(block), text), author="")
    return None


def _header_block(lines: list[Line], at: int) -> list[tuple[Line, str]]:
    """The headers from line `at` on, each with its kind; a head has eight of them at most."""
    matched = ((line, _HEADER.match(line.text.strip()[:_LONGEST_HEADER])) for line in lines[at : at + 8])
    block = takewhile(lambda one: one[1] is not None, matched)
    return [(line, str(match.lastgroup)) for line, match in block if match is not None]


def _header_head(block: list[tuple[Line, str]], lines: int, text: str) -> _Head:
    sender = next((line.text for line, kind in block if kind == "sender"), "")
    subject = next((line for line, kind in block if kind == "subject"), None)
    if subject is not None:
        label = _HEADER.match(subject.text.lstrip())
        cut = len(subject.text) - len(subject.text.lstrip()) + (label.end() if label else 0)
        subject = subject.after(cut + len((_REPLY.match(subject.text[cut:]) or [""])[0]))
    return _Head(lines, _author(sender.partition(":")[2] or text), subject)


def _author(text: str) -> str:
    """Who wrote, as far as a header says: the address, else the words."""
    address = _ADDRESS.search(text)
    return (address.group() if address else text).strip().lower()


def _is_interleaved(lines: list[Line]) -> bool:
    """Whether the client answers between quoted questions, rather than above a whole quoted message."""
    filled = [line for line in lines if line.text.strip() and not _WROTE.match(line.text.strip()[:_LONGEST_HEADER])]
    switches = sum(1 for one, two in pairwise(filled) if one.quoted and not two.quoted)
    asked = any(line.quoted and line.text.rstrip().endswith("?") for line in filled)
    return switches >= 2 or (switches == 1 and asked and bool(filled) and filled[0].quoted > 0)


def _answers(lines: list[Line]) -> list[Line]:
    kept: list[Line] = []
    field = asked = ""
    for line in lines:
        if line.quoted:
            field = field_of(line.text) or field
            asked = line.text.strip() or asked
        elif not _WROTE.match(line.text.strip()[:_LONGEST_HEADER]):
            kept.append(replace(line, field=field, opens=True, asked=asked))
    return kept


def _agency_authors(messages: list[_Message]) -> set[str]:
    """Those who ask more than they tell, over all that they wrote."""
    balance: Counter[str] = Counter()
    for message in messages:
        if message.author:
            balance[message.author] += _asking(message)
    return {author for author, asks in balance.items() if asks > 0}


def _is_agency(message: _Message, agency: set[str], *, newest: bool) -> bool:
    """Whether a message is the agency's; the newest is what the client wrote last, unless its header says otherwise."""
    if message.author:
        return message.author in agency
    return not newest and bool(message.lines[0].quoted) and _asking(message) > 0


def _asking(message: _Message) -> int:
    text = "\n".join(line.text for line in message.lines)
    return len(_ASKS.findall(text)) - len(_TELLS.findall(text))


def _without_signature(message: list[Line]) -> list[Line]:
    """Cut what follows `-- ` or a closing formula, up to a postscript, and what lawyers add beneath."""
    kept: list[Line] = []
    inside = False
    filled = [(at, line.text.strip()) for at, line in enumerate(message) if line.text.strip()]
    behind = {at: number + 1 for number, (at, _) in enumerate(filled)}
    for index, line in enumerate(message):
        text = line.text.strip()
        if text and _DISCLAIMER.match(text[:200]):
            inside = True
        elif inside and _POSTSCRIPT.match(text):
            inside = False
        if not inside and (
            line.text.rstrip("\r") == "-- "
            or (text == "--" and not any(_answers_a_field(one) for _, one in filled[behind.get(index, 0) :][:12]))
            or (text and _closes(text, [one for _, one in filled[behind[index] : behind[index] + 12]]))
        ):
            inside = True
        if not inside and not _SENT_FROM.match(text[:200]):
            kept.append(line)
    return kept


def _answers_a_field(text: str) -> bool:
    """Whether a line is a form's entry, as `Spend: 3,000 EUR`, rather than one of a signature."""
    label, colon, answer = text.partition(":")
    return bool(colon and answer.strip()) and field_of(label) not in ("", "contact")


def _closes(text: str, rest: list[str]) -> bool:
    """Whether a line is a closing formula: at most nine short lines follow it, up to a postscript or a disclaimer."""
    if len(text) > 45 or not _CLOSING.match(text):
        return False
    after = list(takewhile(lambda line: not (_POSTSCRIPT.match(line) or _DISCLAIMER.match(line[:200])), rest))
    return len(after) <= 9 and all(len(line) <= 90 for line in after)
