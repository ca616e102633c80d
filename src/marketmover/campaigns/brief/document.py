"""A brief's text made ready for reading, without losing where each word stands in it."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from marketmover.campaigns.brief.labels import field_of
from marketmover.campaigns.brief.letters import content_lines
from marketmover.campaigns.brief.lines import Line
from marketmover.campaigns.brief.ticks import ticked
from marketmover.campaigns.brief.typos import mended
from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("document")

_PLAIN = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-",
        "\u2212": "-", "\u2011": "-",
        "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\t": " ", "\r": " ", "*": " ", "`": " ", "_": " ",
    }
)  # fmt: skip
_BULLET = re.compile(r"^\s*(?:[-*+\u2022\u00b7\u2013>]+|\(?[0-9a-z]{1,2}[.)]|#+|\[[ x]\])\s+")
_HEADING = re.compile(r"^\s*(?:#{1,6}\s+(.+?)|\*\*([^*]+)\*\*|__([^_]+)__)\s*:?\s*$")
_LABEL = re.compile(
    r"^\s*(?:[-*+\u2022]\s+"
    r"|\d{1,2}[.)]\s+)?[\"*_|]{0,3}\s*([A-Za-z](?:[\w '\u2019/&()?-]|\.(?! )){1,60}?)\s*[\"*_]{0,2}\s*(?::|=|\||\t"
    r"|\s[-\u2013]\s|\?)[\"*_]{0,2}\s*(.*)$"
)
_ENTRY = re.compile(r"\s*[A-Za-z][A-Za-z_]*(?: [A-Za-z_]+){0,2} ?: \S")
_SENTENCE_END = re.compile(r"(?<=[.!?;])[\"')]*\s+")
_ABBREVIATION = re.compile(
    (rf"(?:\b{_SAID['abbreviations']}|^\d{{1,2}}|(?<![\d.])\d{{1,2}}\.\d{{1,2}})\.$"),
    re.IGNORECASE,
)


_TABLE_EDGE = re.compile(r"^\s*\|(?=[^|]*\|)|\|\s*$")
_LONGEST_SENTENCE = 500
_LONGEST_QUESTION = 200
_LINES_OF_CONTACT = 2
_NO_LANGUAGE = re.compile(r"\S{200,}")
_AMOUNT = re.compile(r"(?:[A-Z]{3}|R|Rs\.?) ?\d")
_SOFT_END = re.compile(r"\b(?:\d{1,2}\.\d{1,2}|max|min|no|etc|approx|excl|incl|co|inc|ltd)\.$", re.IGNORECASE)


# Labels that ask for a value rather than for prose: `Client: Harbour Sofas. Sales are what we need.`
_ONE_SENTENCE = frozenset(
    ("contact", "product", "age", "gender", "start", "end", "platforms", "targets", "industry", "budget", "dates")
)


@dataclass(frozen=True)
class Unit:
    """A sentence or form entry: its place in `Document.text`, and what its label, heading or question asks for.

    `field` is the brief's field that is asked for, `asked` the words of a heading or of the agency's question, in lower
    case; a label that stands beside its answer is part of the text.
    """

    start: int
    end: int
    field: str
    asked: str = ""


@dataclass(eq=False)
class Document:
    """The client's words in the order they were written, one sentence or form entry a line.

    Attributes:
        raw: The text as it came; evidence is cut from it.
        cased: Quotes and dashes made plain, blanks collapsed, key words spelt right.
        text: `cased` in lower case, of the same length.
        units: What each line of `text` is.
        places: Where each character of `text` stands in `raw`.
    """

    raw: str
    cased: str = ""
    text: str = ""
    units: list[Unit] = field(default_factory=list[Unit])
    places: list[int] = field(default_factory=list[int])

    def unit_at(self, position: int) -> Unit:
        """The unit that holds a position of `text`."""
        return self.units[max(bisect_right(self._starts, position) - 1, 0)]

    def unit_before(self, position: int) -> Unit:
        """The unit before the one that holds a position; that one itself where it is the first."""
        return self.units[max(bisect_right(self._starts, position) - 2, 0)]

    def evidence(self, start: int, end: int) -> str:
        """The raw words behind `text[start:end]`, verbatim."""
        while start < end and self.text[start] in " \n,;:":
            start += 1
        while end > start and self.text[end - 1] in " \n,;:":
            end -= 1
        if start >= end:
            return ""
        if self.text.count("\n", start, end) > 1:  # put together over sentences: the last one settled it
            start = max(start, self.unit_at(end - 1).start)
            return self.evidence(start, end)
        places = self.places[start:end]
        # Messages were put in order of time, so words may go on where the text jumps back: the newer ones count.
        jump = max((at for at, (one, two) in enumerate(pairwise(places), start=1) if two < one), default=0)
        return self.evidence(start + jump, end) if jump else self.raw[places[0] : places[-1] + 1]

    def whole_words(self, start: int, end: int) -> tuple[int, int]:
        """A stretch with the rest of words that it cuts: `ant 200 lead` is of `want 200 leads`."""
        head = _LETTERS_BEFORE.search(self.before(start, _LONGEST_REST))
        tail = _LETTERS.match(self.after(end, _LONGEST_REST))
        if head and self.text[start : start + 1].isalpha() and len(head.group()) < _LONGEST_REST:
            start -= len(head.group())
        if tail and self.text[max(end - 1, 0) : end].isalpha() and len(tail.group()) < _LONGEST_REST:
            end += len(tail.group())
        return start, end

    def before(self, position: int, length: int = 60) -> str:
        """Up to `length` characters before a position, within its unit."""
        return self.text[max(self.unit_at(position).start, position - length) : position]

    def after(self, position: int, length: int = 60) -> str:
        """Up to `length` characters after a position, within its unit."""
        return self.text[position : min(self.unit_at(position - 1 if position else 0).end, position + length)]

    def answer(self, unit: Unit) -> int:
        """Where the answer of a form entry begins, behind its label; where the unit begins if it has none."""
        label = _LABEL_BEFORE.match(self.text, unit.start, unit.end)
        return label.end() if label else unit.start

    def clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause around `text[start:end]`: between commas, semicolons, brackets, dashes or `but`."""
        unit = self.unit_at(start)
        left, right = unit.start, unit.end
        for begins, ends in self._clause_breaks(unit):
            if ends <= start:
                left = ends
            elif begins >= end:
                right = begins
                break
        return left, right

    def _clause_breaks(self, unit: Unit) -> list[tuple[int, int]]:
        """Where clauses of a unit part; found once, since every mention in it asks."""
        if unit.start not in self._breaks:
            found = _CLAUSE_BREAK.finditer(self.text, unit.start, unit.end)
            self._breaks[unit.start] = [match.span() for match in found]
        return self._breaks[unit.start]

    @cached_property
    def _breaks(self) -> dict[int, list[tuple[int, int]]]:
        return {}

    @cached_property
    def _starts(self) -> list[int]:
        return [unit.start for unit in self.units] or [0]


_LONGEST_REST = 12  # letters; what is longer is no word, or of a script without blanks
_LETTERS_BEFORE = re.compile(r"[^\W\d_]+$")
_LETTERS = re.compile(r"[^\W\d_]+")
_LABEL_BEFORE = re.compile(r"[^\n:=|?]{1,60}[:=|?] *")
_CLAUSE_BREAK = re.compile(
    r"(?<!\d),(?!\d)|, | - |[;()]|(?<!anything)(?<!everything) but | though | although | however | whereas "
    r"| while (?=we|our|the)|: "
)


def read_document(raw: str) -> Document:
    """Bring a text into reading order, one sentence a line."""
    writer = _Writer(raw)
    heading, asked, lasting = "", "", False
    for paragraph in _paragraphs(ticked(content_lines(raw))):
        titled = _HEADING.match(paragraph[0].text)
        alone = len(paragraph) == 1
        title = next((part for part in titled.groups() if part), "") if titled else ""
        if alone and not paragraph[0].opens and (title or _stands_as_label(paragraph[0].text)):
            asked = (title or paragraph[0].text).strip()
            heading = field_of(asked)
            lasting = bool(title)
            if title and not heading:
                writer.write(paragraph, "")
            continue
        labelled = _LABEL.match(paragraph[0].text)
        field_name = _field(labelled.group(1), labelled.group(2)) if labelled else ""
        if labelled and field_name == "contact" and labelled.group(2) and len(labelled.group(1)) < 30:
            if len(paragraph) > _LINES_OF_CONTACT:
                writer.write(paragraph[1:], heading, asked)
            continue
        if labelled and not field_name and ":" not in paragraph[0].text[: labelled.start(2)]:
            labelled = None
        writer.write(paragraph, field_name or paragraph[0].field or heading, paragraph[0].asked or asked)
        if not lasting:
            heading = asked = ""
    return writer.document()


def _field(label: str, answer: str) -> str:
    """The field that a label asks for; `Target:` is one of figures only where a figure or its name follows."""
    name = field_of(label)
    edge = _EDGES.get(label.strip().lower())
    if edge and re.search(r"\d", answer) and "@" not in answer:  # a form's days, not a mail's people
        return edge
    people = name == "targets" and label.strip().lower() == "target" and not _FIGURES.match(answer.lower())
    return "audience" if people else name


_EDGES = {"from": "start", "to": "end", "till": "end"}
_FIGURES = re.compile(
    r"(?:[^a-z\n]*\d|\W*(?:[a-z]{1,3}\$|eur|gbp|usd)"
    r"|(?:\S+ ){0,2}(?:roas|cp[aclmi]\b|cost|leads?|sales|revenue|clicks|ctr"
    r"|profit|installs|traffic|awareness|under|below|at (?:least|most)|max|min)|\S+! )"
)


def _stands_as_label(text: str) -> bool:
    bare = text.strip().rstrip(":?").strip()
    return (
        0 < len(bare) <= 40
        and len(bare.split()) <= 4
        and not re.search(r"\d", bare)
        and _BARE_LABEL.fullmatch(bare.lower()) is not None
    )


_BARE_LABEL = re.compile(rf"(?:the |our |your )?{_SAID['headings']}")


def _paragraphs(lines: list[Line]) -> list[list[Line]]:
    """Join lines that were only wrapped; entries of lists and forms stay apart."""
    joined: list[list[Line]] = []
    previous: Line | None = None
    for line in lines:
        text = line.text.strip()
        if not text or re.fullmatch(r"[-=_*#|: ]+", text):
            previous = None
            continue
        if previous is not None and joined and _continues(previous, line):
            joined[-1].append(line)
        else:
            joined.append([line])
        previous = line
    return joined


def _continues(previous: Line, line: Line) -> bool:
    text = line.text.strip()
    if line.joined:
        return True
    if line.opens or _BULLET.match(line.text) or previous.quoted != line.quoted or _HEADING.match(previous.text):
        return False
    label = _LABEL.match(line.text)
    if (
        label
        and field_of(label.group(1))
        and (
            len(label.group(1).split()) <= 4
            or "?" in line.text[: label.start(2)]
            or line.text.lstrip().startswith("**")
        )
    ):
        return False
    if _ENTRY.match(line.text) and _ENTRY.match(previous.text):
        return False
    ended = previous.text.rstrip()[-1:] in ".!?:"
    return len(previous.text.strip()) >= 45 or (
        not ended and (text[0].islower() or (text[0].isdigit() and len(previous.text.strip()) >= 25))
    )


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _sentence_field(sentence: str) -> str:
    label = re.match(r"([A-Za-z][a-z]+(?: [a-z]+){0,5}) ?[:=] ?(?=\S)", sentence)
    name = _field(label.group(1), sentence[label.end() :]) if label else ""
    return "" if name == "contact" else name


def _sentence_ends(text: str, unbroken: int) -> Iterator[int]:
    """Where each sentence of a paragraph ends, behind its blank; what never ends is cut at a blank all the same."""
    begin = 0
    for match in [*_SENTENCE_END.finditer(text), None]:
        end = match.end() if match else len(text)
        if match and (match.start() <= unbroken or _is_abbreviated(text, begin, match)):
            continue
        while end - begin > _LONGEST_SENTENCE:
            blank = text.rfind(" ", begin + 1, begin + _LONGEST_SENTENCE)
            if blank < 0:
                break
            yield blank + 1
            begin = blank + 1
        if match:
            yield end
            begin = end


def _is_abbreviated(text: str, begin: int, match: re.Match[str]) -> bool:
    """Whether the point belongs to an abbreviation; `max.` ends a sentence only before a capital letter."""
    before = text[max(begin, match.start() - 16) : match.start()]
    if _SOFT_END.search(before):
        return _AMOUNT.match(text, match.end()) is not None or not text[match.end() : match.end() + 1].isupper()
    return (_ABBREVIATION.search(before.rstrip("\"')")) is not None and not re.fullmatch(r"\d{1,2}\.", before)) or (
        re.fullmatch(r"\d{1,2}\.", text[begin : match.start()]) is not None
    )


class _Writer:
    """Writes normalised characters beside their places in the raw text."""

    def __init__(self, raw: str) -> None:
        self._document = Document(raw)
        self._characters: list[str] = []
        self._places: list[int] = []
        self._asked = ""

    def write(self, paragraph: list[Line], field_name: str, asked: str = "") -> None:
        """Write a paragraph, a sentence a line."""
        start = len(self._characters)
        self._asked = asked.lower()[:_LONGEST_QUESTION]
        for line in paragraph:
            bullet = _BULLET.match(line.text)
            cut = bullet.end() if bullet and line is paragraph[0] else 0
            text = _TABLE_EDGE.sub(_blanks, _NO_LANGUAGE.sub(_blanks, line.text[cut:]))
            self._words(text.translate(_PLAIN), line.start + cut)
            self._space(max(line.end - 1, self._places[-1] if self._places else 0))
        label = _LABEL.match(paragraph[0].text)
        self._sentences(
            start,
            field_name,
            unbroken=len(label.group(1)) + 2 if label and field_name and field_of(label.group(1)) else 0,
        )

    def _words(self, text: str, place: int) -> None:
        for match in re.finditer(r"[A-Za-z]{5,}|.", text):
            word = match.group()
            here = place + match.start()
            if len(word) == 1:
                if word == " ":
                    self._space(here)
                elif word != "\u200b":  # shows nothing
                    self._put(word, here)
                continue
            right = mended(word.lower())
            if right == word.lower():
                for offset, character in enumerate(word):
                    self._put(character, here + offset)
            else:
                spelt = right.capitalize() if word[0].isupper() else right
                for offset, character in enumerate(spelt):
                    self._put(
                        character,
                        here + min(offset * len(word) // len(spelt), len(word) - 1)
                        if offset + 1 < len(spelt)
                        else here + len(word) - 1,
                    )

    def _put(self, character: str, place: int) -> None:
        self._characters.append(character)
        self._places.append(place)

    def _space(self, place: int) -> None:
        if self._characters and self._characters[-1] not in " \n":
            self._put(" ", place)

    def _sentences(self, start: int, field_name: str, unbroken: int) -> None:
        """Turn the blanks between sentences into line ends, and note the units."""
        text = "".join(self._characters[start:])
        begin = 0
        for end in _sentence_ends(text, unbroken):
            self._characters[start + end - 1] = "\n"
            self._note(text, start, begin, end, field_name)
            begin = end
            field_name = "" if unbroken and field_name in _ONE_SENTENCE else field_name
        if text[begin:].strip():
            self._put("\n", self._places[-1])
            self._note(text, start, begin, len(text) + 1, field_name)

    def _note(self, text: str, start: int, begin: int, end: int, field_name: str) -> None:
        field_here = _sentence_field(text[begin:end]) or field_name
        self._document.units.append(Unit(start + begin, start + end - 1, field_here, self._asked))

    def document(self) -> Document:
        """The document as written."""
        document = self._document
        document.cased = "".join(self._characters)
        lower = document.cased.lower()
        if len(lower) != len(document.cased):  # a letter whose small form is two characters
            lower = "".join(unicodedata.normalize("NFKD", one)[0].lower()[0] for one in document.cased)
        document.text = lower
        document.places = self._places
        return document
