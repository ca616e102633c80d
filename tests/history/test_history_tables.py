"""The page of tables is what the tables are, and every column says what it holds."""

import pytest

from marketmover.history.tables import ALL, TableForm, ensure_tables
from marketmover.store import Lake


@pytest.mark.parametrize("form", ALL, ids=lambda form: form.name)
def test_every_column_says_what_it_holds(form: TableForm) -> None:
    assert form.meaning
    assert all(kind and meaning for kind, meaning in form.columns.values())
    assert set(form.key) <= set(form.columns)


def test_the_tables_of_the_room_are_those_that_are_described(lake: Lake) -> None:
    ensure_tables(lake)
    assert set(lake.tables()) == {form.name for form in ALL}
    for form in ALL:
        assert set(lake.table(form.name).columns) == {"workspace_id", *form.columns}
