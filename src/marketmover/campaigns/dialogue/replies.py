"""A client's reply taken apart: which of its words answer which question."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from marketmover.campaigns.dialogue.questions import Question

_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_NUMBER = re.compile(
    r"^[ \t]*(?:(?:re|ad|to|question|q|answer|a)[ .#]*)?\(?#?(\d{1,2})[.):\-\u2013][ \t]*(?=\S)", re.IGNORECASE
)
_INLINE = re.compile(r"(?<![^\s,;.])\(?(\d{1,2})[.)][ \t]+(?=\S)")
_GREETING = re.compile(
    r"^\W*(?:dear|hello|hi|hiya|hey|good (?:morning|afternoon|evening)|thanks|thank you|sure"
    r"|see below)\b[^\n\d]{0,40}[,!:.]?$",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\W*(?:(?:with |many |kind |best |warm )*(?:regards|wishes)|thanks|thank you|cheers|best|sincerely"
    r"|yours \w+|sent from my .{1,20})[ ,.!]*$",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"^\W*(?:(?:i |we )?(?:do not|don't|dont) know(?: yet)?|not sure(?: yet)?|no idea|unsure|tb[acd]"
    r"|to be (?:confirmed|decided|defined)|n/?a"
    r"|pass|skip|later|\?+|-+|no preference|up to you|you (?:decide|choose|tell me)|(?:i "
    r"|we )?will (?:check|ask|come back)[^\n]{0,60})?\W*$",
    re.IGNORECASE,
)
_LIKE = 0.6


@dataclass(frozen=True)
class Piece:
    """Words of a reply as they stand there, and the question that they answer; `None` where they answer none."""

    question: Question | None
    words: str


def pieces_of(reply: str, questions: Sequence[Question]) -> list[Piece]:
    """A reply in the order it was written: by quoted or repeated questions, by numbers, or a line an answer.

    What answers no question is kept as it stands, since it may say something else on the campaign.
    """
    by_number = {question.id: question for question in questions}
    lines = _lines(reply, questions)
    marked = any(question is not None for question, _ in lines)
    pieces: list[Piece] = []
    present: Question | None = None
    for question, words in lines:
        if question is not None:
            present = question
        for piece in _numbered(words, present, by_number):
            present = piece.question
            pieces.append(piece)
            marked |= piece.question is not None
    if not marked:
        return _unmarked(lines, questions, reply)
    return _joined(pieces, reply)


def is_no_answer(words: str) -> bool:
    """Whether words leave a question open: `not sure yet`, `tbc`, `you decide`."""
    return _NO_ANSWER.match(words) is not None


def _lines(reply: str, questions: Sequence[Question]) -> list[tuple[Question | None, str]]:
    """The written lines, each with the question that was quoted or repeated just before it."""
    found: list[tuple[Question | None, str]] = []
    quoted: Question | None = None
    is_alone = len(reply.strip().splitlines()) == 1  # `hi, 20k euros` greets and answers in one
    for line in reply.splitlines():
        quote = _QUOTE.match(line)
        bare = (line[quote.end() :] if quote else line).strip()
        asked, rest = _repeated(bare, questions)
        if quote:
            quoted = asked or quoted
        elif asked is not None:
            quoted = None
            found.append((asked, rest))
        elif bare and (is_alone or not _GREETING.match(bare[:80])):
            if _CLOSING.match(bare[:60]):
                break
            found.append((quoted, bare))
            quoted = None
    return found


def _repeated(line: str, questions: Sequence[Question]) -> tuple[Question | None, str]:
    """The question that a line repeats, and what stands behind it."""
    number = _NUMBER.match(line)
    text = line[number.end() :] if number else line
    head, mark, rest = text.rpartition("?")
    if not mark:
        return None, line
    words = set(_words(head))
    best = max(questions, key=lambda one: _likeness(words, one), default=None)
    if best is None or _likeness(words, best) < _LIKE:
        return None, line
    return best, rest.strip()


def _words(text: str) -> list[str]:
    return re.findall(r"[\w']+", text.lower())


def _likeness(words: set[str], question: Question) -> float:
    asked = set(_words(question.question))
    return len(words & asked) / max(len(words | asked), 1)


def _numbered(line: str, present: Question | None, questions: dict[int, Question]) -> list[Piece]:
    """A line cut at the numbers of questions: `1. 20k euros 2. no, leads`."""
    first = _NUMBER.match(line)
    if first is None or int(first[1]) not in questions:
        return [Piece(present, line)] if line.strip() else []
    number = int(first[1])
    cuts = [(first.end(), number)]
    ends: list[int] = []
    for mark in _INLINE.finditer(line, first.end()):
        if int(mark[1]) == number + 1 and number + 1 in questions:
            number += 1
            ends.append(mark.start())
            cuts.append((mark.end(), number))
    return [
        Piece(questions[which], line[start:end].strip(" ,;"))
        for (start, which), end in zip(cuts, [*ends, len(line)], strict=True)
    ]


def _unmarked(lines: list[tuple[Question | None, str]], questions: Sequence[Question], reply: str) -> list[Piece]:
    """Without marks: all of it answers the only question; as many short lines as questions answer one each."""
    texts = [text for _, text in lines]
    if len(questions) == 1 and texts:
        return [Piece(questions[0], texts[0] if len(texts) == 1 else reply.strip())]
    if len(texts) == len(questions) and all(len(text.split()) <= 12 for text in texts):
        return [Piece(question, text) for question, text in zip(questions, texts, strict=True)]
    return [Piece(None, reply.strip())] if texts else []


def _joined(pieces: list[Piece], reply: str) -> list[Piece]:
    """Lines of one answer as the one stretch of the reply that they are."""
    joined: list[Piece] = []
    at = 0
    starts: list[int] = []
    for piece in pieces:
        start = reply.find(piece.words, at) if piece.words else at
        at = start + len(piece.words)
        if joined and joined[-1].question is piece.question and joined[-1].words and piece.words:
            joined[-1] = Piece(piece.question, reply[starts[-1] : at])
        else:
            joined.append(piece)
            starts.append(start)
    return joined
