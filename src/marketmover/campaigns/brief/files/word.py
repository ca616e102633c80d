"""Word documents and PDFs into text, without trusting them: what they unpack to has a limit, entities are refused."""

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Protocol, cast
from xml.parsers import expat

from marketmover.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_BYTES = 32 * 1024 * 1024
_REMEDY = "Save it as text, or paste its words into a text file."
_BODY = re.compile(r"word/document\d*\.xml|content\.xml")
_BLANKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "line-break": "\n", "s": " "}
_UNREAD = frozenset(("del", "moveFrom", "tracked-changes"))
_HEADING = re.compile(r"(?:heading|title|berschrift|titre)", re.IGNORECASE)
_MOST_PAGES = 300


def text_of_word(data: bytes, name: str) -> str:
    """The text of a `.docx` or `.odt`: a line a paragraph, the cells of a table's row parted by bars.

    What tracked changes deleted is not read.

    Raises:
        InputError: It is no such document, damaged, locked, or unpacks to more than 32 MB.
    """
    reader = _WordText()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.data
    # A document of Word declares no entities; one that does means harm (billion laughs, files of this machine).
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(_body(data, name), True)
    except (expat.ExpatError, _RefusedError) as error:
        raise InputError(f"{name} is a damaged Word document.", _REMEDY) from error
    return reader.text()


def text_of_pdf(data: bytes, name: str) -> str:
    """The text of a PDF, by `pypdf` (extra `pdf`).

    Raises:
        MissingExtraError: `pypdf` is not installed.
        InputError: The PDF is locked or damaged, or its pages are pictures.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise MissingExtraError(f"Reading {name}, a PDF,", "pdf") from error
    try:
        pages = cast("Sequence[_Page]", PdfReader(BytesIO(data)).pages)
        text = "\n\n".join(page.extract_text() for page in pages[:_MOST_PAGES])
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{name} is a PDF that cannot be read: {error}.", _REMEDY) from error
    if not text.strip():
        raise InputError(f"{name} holds pictures of pages and no text.", _REMEDY)
    return text


class _Page(Protocol):
    def extract_text(self) -> str: ...


class _RefusedError(Exception):
    """A document declares entities."""


def _refuse(*_: object) -> None:
    raise _RefusedError


def _body(data: bytes, name: str) -> bytes:
    """The main part of the archive, unpacked up to the limit."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            part = next((one for one in archive.namelist() if _BODY.fullmatch(one)), None)
            if part is None:
                raise InputError(f"{name} is an archive, but no Word document.", _REMEDY)
            with archive.open(part) as packed:
                body = packed.read(_MOST_BYTES + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise InputError(f"{name} is a damaged or locked Word document.", _REMEDY) from error
    if len(body) > _MOST_BYTES:
        raise InputError(f"{name} unpacks to more than {_MOST_BYTES // 1024 // 1024} MB.", _REMEDY)
    return body


class _WordText:
    """Gathers the text of WordprocessingML or OpenDocument, paragraph by paragraph."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._within_text = 0
        self._within_run = 0
        self._deleted = 0
        self._cells: list[int] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = name.rpartition(" ")[2]
        self._count(name, local, 1)
        if local in ("tr", "table-row"):
            self._cells.append(0)
        elif local in ("tc", "table-cell") and self._cells:
            self._cells[-1] += 1
            if self._cells[-1] > 1:
                self._parts.append(" | ")
        elif local in _BLANKS and self._within_run:
            self._parts.append(_BLANKS[local])
        elif local == "pStyle" and any(_HEADING.match(value) for value in attributes.values()):
            self._parts.append("# ")

    def end(self, name: str) -> None:
        """An element ends."""
        local = name.rpartition(" ")[2]
        self._count(name, local, -1)
        if local in ("tr", "table-row") and self._cells:
            self._cells.pop()
            self._parts.append("\n")
        elif local in ("p", "h"):
            self._parts.append(" " if self._cells else "\n")

    def _count(self, name: str, local: str, step: int) -> None:
        open_paragraph = local in ("p", "h") and "opendocument" in name  # there text needs no element of its own
        self._within_text += step * (local == "t" or open_paragraph)
        self._within_run += step * (local == "r" or open_paragraph)
        self._deleted += step * (local in _UNREAD)

    def data(self, text: str) -> None:
        """Characters."""
        if self._within_text and not self._deleted:
            self._parts.append(text)

    def text(self) -> str:
        """What was read, without blanks at the ends of lines."""
        return (
            "\n".join(re.sub(r" {2,}", " ", line).rstrip() for line in "".join(self._parts).split("\n")).strip() + "\n"
        )
