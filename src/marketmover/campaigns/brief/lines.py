"""A brief's text as lines that know where they stand in it."""

import re
from dataclasses import dataclass

_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+|^[ \t]*\|[ \t](?=[^|]*$)")
_MARK = "\u200b"
_END = "\n\r\x0b\x0c\x85\u2028\u2029"  # whatever ends a line somewhere
_LINE = re.compile(rf"[^{_END}]*(?:\r\n|[{_END}])|[^{_END}]+$")
# Each character for one other, so that every place stays: blanks that look like blanks, digits and letters of East
# Asian width, digits of other scripts, and marks that show nothing (all as one of them, which reading leaves out).
_PLAIN = {
    **dict.fromkeys((0x00A0, 0x2000, 0x2001, *range(0x2002, 0x200B), 0x202F, 0x205F, 0x3000), " "),
    **dict.fromkeys((0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF), _MARK),
    **{wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
    **{nought + digit: str(digit) for nought in (0x0660, 0x06F0, 0x0966, 0x09E6) for digit in range(10)},
}


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
    joined: bool = False
    """Whether it belongs to the line before, however it looks: the answer beneath a label."""
    asked: str = ""
    """The agency's words that it answers, where they are no part of the text that is read."""

    def after(self, cut: int) -> "Line":
        """The line without its first `cut` characters, as the beginning of something."""
        return Line(self.start + cut, self.end, self.text[cut:], self.field, self.quoted, opens=True)


def lines_of(raw: str) -> list[Line]:
    """Every line of a text, without its quote marks; odd blanks and wide digits made plain, each in its place."""
    lines: list[Line] = []
    for match in _LINE.finditer(raw):
        whole = match.group().rstrip(_END).translate(_PLAIN)
        hidden = len(whole) - len(whole.lstrip(_MARK))
        quote = _QUOTE.match(whole, hidden) or _QUOTE.match(whole[hidden : hidden + 200])
        cut = hidden + (len(quote.group()) if quote else 0)
        depth = quote.group().count(">") or 1 if quote else 0
        cut += len(whole[cut:]) - len(whole[cut:].lstrip(_MARK))
        lines.append(Line(match.start() + cut, match.start() + len(whole), whole[cut:], quoted=depth))
    return lines
