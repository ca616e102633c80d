"""The page of tables, docs/data-dictionary.md, from the tables: `make docs` writes it, a test holds it true."""

import inspect
import re
from importlib import import_module
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Column, Table

import marketmover
from marketmover.history.tables import ALL, TableForm
from marketmover.store import RecordsBase

_HEAD = """\
# Data dictionary

<!-- Written by scripts/make_data_dictionary.py from the tables in the code: change it there. -->

Every table of an installation, and every column. Each row also carries `workspace_id`, the client whose row it is; the
stores stamp it and filter by it, so that workspaces never meet. Money is in the currency of its account unless a column
says otherwise; days are in the account's own time zone; moments are in UTC.

## Lake: what the exports said

Tables of room `history`. All but `history_action_map` are append-only: a later import adds a newer version of a thing
beside the older one, and the newest stands. So advice can be given on what was known on any day. A thing is told by the
columns marked *key*.
"""

_RECORDS = """
## Records: rows that change

Tables that the rooms own in SQLite or PostgreSQL.
"""


def render() -> str:
    """The page as it should be."""
    _register_tables()
    lake = "".join(_lake_table(form) for form in ALL)
    ours = [mapper for mapper in RecordsBase.registry.mappers if mapper.class_.__module__.startswith("marketmover.")]
    tables = {mapper.class_: cast("Table", mapper.local_table) for mapper in ours}
    ordered = sorted(tables.items(), key=lambda pair: pair[1].name)
    return _HEAD + lake + _RECORDS + "".join(_records_table(owner, table) for owner, table in ordered)


def _register_tables() -> None:
    """Import every `records.py`, and the stream: tables are known once their modules are."""
    source = Path(marketmover.__path__[0])
    for path in (*source.rglob("records.py"), source / "store" / "stream.py"):
        import_module(".".join(("marketmover", *path.relative_to(source).with_suffix("").parts)))


def _lake_table(form: TableForm) -> str:
    rows = [
        f"| `{name}`{' *key*' if name in form.key else ''} | `{kind}` | {meaning} |"
        for name, (kind, meaning) in form.columns.items()
    ]
    head = f"\n### `{form.name}`\n\n{form.meaning}\n\n| column | type | what |\n| --- | --- | --- |\n"
    return head + "\n".join(rows) + "\n"


def _records_table(owner: type[Any], table: Table) -> str:
    meaning = " ".join(inspect.cleandoc(owner.__doc__ or "").split("\n\n", maxsplit=1)[0].split())
    rows = [f"| {_records_name(column)} | `{_kind(column)}` | {_nullable(column)} |" for column in table.columns]
    head = f"\n### `{table.name}`\n\n{meaning}\n\n| column | type | may be empty |\n| --- | --- | --- |\n"
    return head + "\n".join(rows) + "\n"


def _records_name(column: Column[Any]) -> str:
    return f"`{column.name}`{' *key*' if column.primary_key else ''}"


def _kind(column: Column[Any]) -> str:
    return re.sub(r"\(.*", "", repr(column.type))


def _nullable(column: Column[Any]) -> str:
    return "yes" if column.nullable else "no"


if __name__ == "__main__":
    print(render())
