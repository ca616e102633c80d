"""Tables as CSV: what a list shows, for a sheet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from starlette.responses import Response

from marketmover.console import guarded


def csv_answer(rows: Sequence[Mapping[str, Any]], name: str, columns: Iterable[str] | None = None) -> Response:
    """Rows as a CSV file (UTF-8, a header, nested values as `a.b`, lists joined by `; `).

    Texts that a sheet would run as a formula get an apostrophe before them, those of the header too.

    Args:
        rows: By column.
        name: The file's name, without its ending.
        columns: In their order; by default all that rows have.
    """
    flat = [_flat(row) for row in rows]
    names = list(columns) if columns is not None else list(dict.fromkeys(name for row in flat for name in row))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names, extrasaction="ignore", lineterminator="\r\n")
    writer.writerow({name: _cell(name) for name in names})
    writer.writerows({column: _cell(value) for column, value in row.items()} for row in flat)
    return Response(
        out.getvalue().encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


def columns_of(form: type[BaseModel], before: str = "") -> tuple[str, ...]:
    """What a table of such rows is headed by, where there is no row to tell."""
    found: list[str] = []
    for name, field in form.model_fields.items():
        nested = [
            part
            for part in (field.annotation, *get_args(field.annotation))
            if isinstance(part, type) and issubclass(part, BaseModel)
        ]
        is_list = get_origin(field.annotation) in (list, tuple)
        found += columns_of(nested[0], f"{before}{name}.") if nested and not is_list else [before + name]
    return tuple(found)


def _flat(row: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{name}.")
        else:
            found[before + name] = value
    return found


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return "" if value is None else value
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return guarded(text)
