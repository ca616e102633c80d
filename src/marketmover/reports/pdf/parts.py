"""What the memo on paper is put together from: words, lists, tables, and how they look."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketmover.reports.pdf.letters import BOLD, REGULAR, is_eastern, marked

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

INK, MUTED, ACCENT, LINE, SHADE = "#1f2328", "#5c636a", "#3b5bdb", "#d0d5da", "#f1f3f5"
_ROOM = 110.0
_SIZES = {"title": 20, "head": 12.5, "lead": 11.5, "body": 9.5, "small": 8}


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its words, and smaller ones beneath."""

    text: str
    beneath: str = ""
    bold: bool = False


def words(text: str, kind: str = "body", *, bold: bool = False, colour: str = INK, right: bool = False) -> "Flowable":
    """A paragraph; `kind` is `title`, `head`, `lead`, `body` or `small`."""
    return _paragraph(text, kind, bold=bold, colour=colour, right=right)


def head(text: str) -> "list[Flowable]":
    """The head of a part; it begins a page where what follows would have little room beneath it."""
    from reportlab.platypus import CondPageBreak, Spacer

    return [CondPageBreak(_ROOM), Spacer(1, 12), words(text, "head", bold=True), Spacer(1, 4)]


def gap(height: float = 5) -> "Flowable":
    """Room between parts."""
    from reportlab.platypus import Spacer

    return Spacer(1, height)


def points(texts: Sequence[str]) -> list[Any]:
    """A list of sentences."""
    from reportlab.platypus import ListFlowable, ListItem

    items: list[Any] = [ListItem(words(text), spaceAfter=2) for text in texts]
    look: dict[str, Any] = {"bulletFontName": REGULAR, "bulletFontSize": 9, "leftIndent": 12}
    return [ListFlowable(items, bulletType="bullet", start="•", **look)]


def table(
    heads: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float], strong: Sequence[int] = ()
) -> Any:
    """A table whose head stands on each page.

    Args:
        heads: Of its columns; all but the first are figures, and set to the right.
        rows: Cells by row.
        widths: Of its columns, in points.
        strong: Rows (from 0) that head the ones beneath them.
    """
    from reportlab.platypus import Table, TableStyle

    cells = [[words(text, "small", colour=MUTED, right=at > 0) for at, text in enumerate(heads)]]
    cells += [[_cell(cell, right=at > 0) for at, cell in enumerate(row)] for row in rows]
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 3),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
        *[("BACKGROUND", (0, row + 1), (-1, row + 1), SHADE) for row in strong],
    ]
    return Table(cells, colWidths=list(widths), repeatRows=1, style=TableStyle(style), hAlign="LEFT")


def _cell(cell: Cell, *, right: bool) -> "list[Flowable]":
    shown = [words(cell.text, bold=cell.bold, right=right)]
    return [*shown, words(cell.beneath, "small", colour=MUTED, right=right)] if cell.beneath else shown


def _paragraph(text: str, kind: str, *, bold: bool, colour: str, right: bool) -> "Flowable":
    from reportlab.lib.colors import HexColor
    from reportlab.lib.enums import TA_LEFT, TA_RIGHT
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    size = _SIZES[kind]
    style = ParagraphStyle(
        kind,
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=size * 1.35,
        textColor=HexColor(colour),
        alignment=TA_RIGHT if right else TA_LEFT,
        wordWrap="CJK" if is_eastern(text) else None,
        splitLongWords=True,
    )
    return Paragraph(marked(text), style)
