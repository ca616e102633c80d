"""The split written as CSV and as XLSX; the same plan gives the same bytes."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.campaigns.sheet.rows import Cell, Column, Sheet, split_sheet
from marketmover.errors import InputError
from marketmover.plans import Plan

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_DECIMALS = {"money": 2, "count": 1, "share": 4, "ratio": 2}


def split_files(plan: Plan) -> dict[str, bytes]:
    """Both sheets by file name."""
    return {"split.csv": split_csv(plan), "split.xlsx": split_xlsx(plan)}


def write_split(plan: Plan, folder: Path) -> list[Path]:
    """Write both sheets into a folder, making it where it is missing.

    Raises:
        InputError: The folder cannot be written to.
    """
    contents = split_files(plan)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        raise InputError(
            f"The split cannot be written to {folder}: {error.strerror}.", "Name another folder with --out."
        ) from error
    return [folder / name for name in contents]


def split_csv(plan: Plan) -> bytes:
    """The split as CSV (RFC 4180, UTF-8): plain numbers with a point, no grouping, the total in the last row."""
    sheet, out = split_sheet(plan), io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([column.head for column in sheet.columns])
    for row in (*sheet.rows, sheet.total):
        writer.writerow([_plain(cell, column) for cell, column in zip(row, sheet.columns, strict=True)])
    return out.getvalue().encode()


def split_xlsx(plan: Plan) -> bytes:
    """The split as an Excel workbook: real numbers, the currency's own format, a head that stays, filters, a total."""
    from xlsxwriter import Workbook

    sheet, out = split_sheet(plan), io.BytesIO()
    # Nothing that a client or platform wrote may become a formula or a link.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        # The time of writing would make each file another one.
        book.set_properties({"title": "Media plan", "created": datetime.combine(plan.start_date, time())})
        page = book.add_worksheet("Split (simulated)" if plan.simulated else "Split")
        _fill(page, sheet, _Styles(book, plan.currency))
        _lay_out(page, sheet)
    return out.getvalue()


def _plain(cell: Cell, column: Column) -> str:
    if cell is None:
        return ""
    return cell if isinstance(cell, str) else f"{cell:.{_DECIMALS[column.kind]}f}"


class _Styles:
    """Cell formats by kind of column, for lines and for the total."""

    def __init__(self, book: "Workbook", currency: str) -> None:
        kinds = {"money": _money_format(currency), "count": "#,##0.0", "share": "+0%;-0%;0%", "ratio": "#,##0.00"}
        numbers = {kind: {"num_format": form} for kind, form in kinds.items()}
        plain: dict[str, dict[str, str]] = {"text": {}, **numbers}
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.line = {kind: book.add_format({"valign": "top", **style}) for kind, style in plain.items()}
        self.total = {kind: book.add_format({"bold": True, "top": 1, **style}) for kind, style in plain.items()}


def _money_format(currency: str) -> str:
    """Excel's format of a currency: its sign where it is its own, else its code; as many decimals as it has."""
    from babel.numbers import get_currency_precision, get_currency_symbol

    sign = get_currency_symbol(currency, locale="en")
    digits = get_currency_precision(currency)
    number = "#,##0" + (f".{'0' * digits}" if digits else "")
    return f'"{sign}"{number}' if sign != currency else f'"{currency}" {number}'


def _fill(page: "Worksheet", sheet: Sheet, styles: _Styles) -> None:
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.head, styles.head)
    for number, row in enumerate(sheet.rows, start=1):
        _write_row(page, number, row, sheet, styles.line)
    _write_row(page, len(sheet.rows) + 1, sheet.total, sheet, styles.total)


def _write_row(page: "Worksheet", number: int, row: Sequence[Cell], sheet: Sheet, styles: "dict[str, Format]") -> None:
    for place, (cell, column) in enumerate(zip(row, sheet.columns, strict=True)):
        if cell is None:
            page.write_blank(number, place, None, styles[column.kind])
        elif isinstance(cell, str):
            page.write_string(number, place, cell, styles[column.kind])
        else:
            page.write_number(number, place, cell, styles[column.kind])


def _lay_out(page: "Worksheet", sheet: Sheet) -> None:
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
    page.freeze_panes(1, 2)  # the head, and what a row is about
    page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.columns) - 1)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
