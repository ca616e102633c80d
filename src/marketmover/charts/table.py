"""Tables as HTML: a caption, heads with scope, figures to the right in tabular numerals."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from marketmover.charts.markup import tag


@dataclass(frozen=True)
class Column:
    """A column's head. `figures` sets it to the right; `minor` lets a narrow screen leave it out."""

    head: str
    figures: bool = False
    minor: bool = False

    @property
    def classes(self) -> str | None:
        """CSS classes of the column's cells."""
        return " ".join(name for name, on in (("n", self.figures), ("minor", self.minor)) if on) or None


def table(columns: Sequence[Column | str], rows: Sequence[Sequence[str]], *, caption: str = "") -> Markup:
    """A table; the first cell of a row is its head.

    Args:
        columns: Heads, as `Column` or plain text.
        rows: Cells, as many as there are columns; text is escaped, `Markup` stands as it is.
        caption: What the table shows; empty for none.

    Raises:
        ValueError: A row is longer or shorter than the heads.

    >>> table(["Line", Column("Budget", figures=True)], [["Search", "$1,200"]])[:52]
    Markup('<div class="scroll"><table><thead><tr><th scope="col')
    """
    heads = [column if isinstance(column, Column) else Column(column) for column in columns]
    head = tag("tr", *(tag("th", column.head, scope="col", class_=column.classes) for column in heads))
    body = [tag("tr", *_cells(heads, row)) for row in rows]
    parts = [tag("caption", caption)] if caption else []
    return tag("div", tag("table", *parts, tag("thead", head), tag("tbody", *body)), class_="scroll")


def _cells(heads: Sequence[Column], row: Sequence[str]) -> list[Markup]:
    return [
        tag("th", cell, scope="row", class_=column.classes) if index == 0 else tag("td", cell, class_=column.classes)
        for index, (column, cell) in enumerate(zip(heads, row, strict=True))
    ]
