"""Staging: the rows of all files as typed columns in a scratch database, each with its file and place."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from marketmover.console import Progress
from marketmover.history.reading.careful import CarefulReading, read_carefully
from marketmover.history.reading.columns import ReadSpec, columns_literal, read_spec
from marketmover.history.reading.crm_rows import crm_select
from marketmover.history.reading.google_rows import google_select
from marketmover.history.reading.meta_rows import meta_select, odd_values
from marketmover.history.reading.places import pointer, raw_lines
from marketmover.history.reading.sources import Shape, SourceFile, ends_whole

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from marketmover.store import Scratch

_SELECTS: dict[str, Callable[[ReadSpec, str, str], str]] = {
    "google": google_select,
    "meta": meta_select,
    "crm": crm_select,
}
_FORMATS = {
    Shape.LINES: "newline_delimited",
    Shape.ARRAY: "array",
    Shape.BATCHES: "array",
    Shape.ANSWER: "unstructured",
    Shape.ANSWER_LINES: "newline_delimited",
}
_ROW_SHAPES = (Shape.LINES, Shape.ARRAY)
_ENVELOPE = ("fieldMask", "field_mask", "requestId", "request_id", "paging", "nextPageToken", "next_page_token")
_OBJECT_BYTES = 64 << 20
_SMALL_OBJECT_BYTES = 16 << 20
_LARGE = 96 << 20
_MEMORY_MIB = 1500
_MEMORY_MIB_FOR_LARGE_DOCUMENTS = 256
PART = 1 << 40
"""Rows of part N have `seq` from N * PART on, so that `seq` is the order of reading."""


class Bounds(NamedTuple):
    """What staging and the lake may use together: memory beside Python's own, and threads (by default one a core)."""

    memory_mib: int
    threads: int | None = None


def bounds_of(files: Sequence[SourceFile]) -> Bounds:
    """What taking in these files may use: little where one document is large, since each thread has its own buffers."""
    large = any(file.shape != Shape.LINES and file.text_size > _LARGE for file in files)
    return Bounds(_MEMORY_MIB_FOR_LARGE_DOCUMENTS, threads=1) if large else Bounds(_MEMORY_MIB)


class Staging:
    """The staged rows of each source.

    Attributes:
        db: The scratch database; a view `google_rows`, `meta_rows`, `crm_rows` of each source that files hold rows of,
            with `file`, `seq` (order of reading), `kind`, key, figures, `reason` and `detail` (null for rows that may
            be used).
        parts: The tables that hold the rows of each source.
        careful: What the careful reader found in files that DuckDB did not take, by `file`.
        files: What each `file` is.
    """

    def __init__(self, scratch: "Scratch", folder: Path, today: date) -> None:
        self.db = scratch.db
        self.today = f"DATE '{today.isoformat()}'"
        self.careful: dict[int, CarefulReading] = {}
        self.files: dict[int, SourceFile] = {}
        self.parts: dict[str, list[str]] = {}
        self._scratch = scratch
        self._folder = folder
        self._copies: dict[int, Path] = {}
        self._firsts: dict[int, int] = {}
        self._parts = 0

    def stage(self, files: Sequence[SourceFile], progress: Progress) -> None:
        """Read all files, in their order.

        Raises:
            InputError: A file cannot be read at all; names it and the place.
        """
        total = sum(file.size for file in files) or 1
        done = 0
        for source in _SELECTS:
            parts: list[str] = []
            of_source = [file for file in files if file.source == source]
            for _, group in groupby(of_source, key=lambda file: (file.shape, file.spelling, _is_fast(file))):
                members = list(group)
                progress(done / total, members[0].name)
                parts += self._stage_alike(members)
                done += sum(file.size for file in members)
            if parts:
                self._join(source, parts)

    @property
    def sources(self) -> list[str]:
        """The sources that files hold rows of: `google`, `meta`, `crm`."""
        return list(self.parts)

    def _stage_alike(self, files: list[SourceFile]) -> list[str]:
        """Read files of one form at once; where DuckDB refuses, one by one, and a single one carefully."""
        import duckdb

        if files[0].shape == Shape.EMPTY:
            return []
        if _is_fast(files[0]):
            try:
                return [self._read_fast(files)]
            except (duckdb.Error, _OtherForm):
                if len(files) > 1:
                    return [part for file in files for part in self._stage_alike([file])]
        return [self._stage_carefully(file) for file in files]

    def _read_fast(self, files: list[SourceFile]) -> str:
        """Read files of one form at once, and look meanwhile whether they are whole; a broken one is refused."""
        checked = [file for file in files if file.gzipped or file.shape == Shape.ARRAY]
        with ThreadPoolExecutor(max_workers=1) as pool:
            whole = pool.map(ends_whole, checked)
            part = self._read({str(file.path): file for file in files}, files[0].shape, files[0].spelling, fast=True)
            if all(whole):
                return part
        self.db.execute(f"DROP TABLE {part}")
        raise _OtherForm

    def _stage_carefully(self, file: SourceFile) -> str:
        import duckdb

        out = self._folder / f"rows_{self._parts}.json"
        reading = read_carefully(file, out)
        try:
            part = self._read({str(out): file}, Shape.LINES, "both")
        except duckdb.Error:
            reading = read_carefully(file, out, rewrite=True)
            part = self._read({str(out): file}, Shape.LINES, "both")
        key = self._key(str(out))
        self.careful[key], self._copies[key] = reading, out
        return part

    def _key(self, path: str) -> int:
        """What stands for a file in staged rows: a number, since the same long path in every row would cost time."""
        found = self.db.execute("SELECT hash(?::VARCHAR)", [path]).fetchone()
        return int(found[0]) if found else 0

    def _read(self, files: dict[str, SourceFile], shape: Shape, spelling: str, *, fast: bool = False) -> str:
        """Read files of one form into a table of their own; its name."""
        table = f"part_{self._parts}"
        source = next(iter(files.values())).source
        spec = read_spec(source, spelling, keeps_texts=not fast)
        self._create(table, spec, list(files), shape)
        odd = self.db.execute(f"SELECT bool_or(misspelt), bool_or(kind = 'unknown') FROM {table}").fetchone()  # noqa: S608 - our own name
        if odd and odd[0]:
            return self._read(files, shape, "both", fast=fast)
        if (odd_sql := odd_values(spec, table)) and self.db.execute(odd_sql).fetchone() != (0,):
            return self._read(files, shape, spelling)
        if odd and odd[1] and any(path == str(file.path) for path, file in files.items()):
            raise _OtherForm
        self._parts += 1
        self.files |= {self._key(path): file for path, file in files.items()}
        return table

    def _create(self, table: str, spec: ReadSpec, paths: list[str], shape: Shape) -> None:
        """Read rows into a table; with buffers for large objects, which take much memory, only where one is met."""
        import duckdb

        for largest in (_SMALL_OBJECT_BYTES, _OBJECT_BYTES):
            rows = _rows_sql(spec, paths, shape, largest)
            try:
                self.db.execute(
                    f"CREATE OR REPLACE TABLE {table} AS {_SELECTS[spec.source](spec, f'({rows})', self.today)}"
                )
            except duckdb.Error as error:
                if shape in _ROW_SHAPES or largest == _OBJECT_BYTES or "maximum_object_size" not in str(error):
                    raise
            else:
                return

    def _join(self, source: str, parts: list[str]) -> None:
        numbered = [f"SELECT {part.split('_')[1]} * {PART} + rowid AS seq, * FROM {part}" for part in parts]  # noqa: S608 - our own names
        self.parts[source] = parts
        self.db.execute(f"CREATE VIEW {source}_rows AS {' UNION ALL BY NAME '.join(numbered)}")

    def table(self, name: str) -> "ir.Table":
        """A view of staged rows as the lake sees it."""
        return self._scratch.table(name)

    def name_of(self, key: int) -> str:
        """A staged file's name within the history."""
        return self.files[key].name

    def first_seq(self, key: int) -> int:
        """The `seq` of a file's first row."""
        if key not in self._firsts:
            self._firsts[key] = self._find_first(key)
        return self._firsts[key]

    def _find_first(self, key: int) -> int:
        found = self.db.execute(
            f"SELECT min(seq) FROM {self.files[key].source}_rows WHERE file = ?",  # noqa: S608 - our own names
            [key],
        ).fetchone()
        return int(found[0]) if found else 0

    def raw_rows(self, key: int, wanted: set[int]) -> dict[int, tuple[int, str, str]]:
        """Staged rows of a file (from 0) as index in the file, place and text, read from the file again."""
        file = self.files[key]
        if key in self.careful:
            lines = raw_lines(replace(file, path=self._copies[key], gzipped=False), wanted)
            return {row: (*self.careful[key].places.of(row), text) for row, (_, text) in lines.items()}
        found = raw_lines(file, wanted) if file.shape == Shape.LINES else self._raw_elements(file, wanted)
        return {row: (row, place, text) for row, (place, text) in found.items()}

    def _raw_elements(self, file: SourceFile, wanted: set[int]) -> dict[int, tuple[str, str]]:
        table = f"raw_{self._parts}"
        self._parts += 1
        path = "'" + str(file.path).replace("'", "''") + "'"
        options = f"format='{_FORMATS[file.shape]}', maximum_object_size={_OBJECT_BYTES}"
        if file.shape == Shape.ARRAY:
            rows = f"SELECT json AS row, 0 AS answer, '' AS key FROM read_json_objects({path}, {options})"  # noqa: S608 - quoted
        else:
            rows = f"""SELECT unnest(coalesce(results, data)) AS row, answer,
                CASE WHEN results IS NULL THEN 'data' ELSE 'results' END AS key
                FROM (SELECT *, row_number() OVER () - 1 AS answer
                FROM read_json({path}, columns={{'results': 'JSON[]', 'data': 'JSON[]'}}, {options}))"""  # noqa: S608 - quoted
        self.db.execute(f"CREATE TABLE {table} AS {rows}")
        found = self.db.execute(
            f"""SELECT r.rowid, answer, key, r.rowid - min_row, row::VARCHAR FROM {table} r
            JOIN (SELECT answer, min(rowid) AS min_row FROM {table} GROUP BY answer) USING (answer)
            WHERE r.rowid IN (SELECT unnest(?::BIGINT[]))""",  # noqa: S608 - our own names
            [sorted(wanted)],
        ).fetchall()
        self.db.execute(f"DROP TABLE {table}")
        return {row: (pointer(file.shape, answer, key, index), text) for row, answer, key, index, text in found}


class _OtherForm(Exception):  # noqa: N818 - a signal within this module, never seen outside
    """A file is not of the form that its beginning showed."""


def _is_fast(file: SourceFile) -> bool:
    """Whether DuckDB may try to read the file itself."""
    return file.shape in _FORMATS and (file.shape in _ROW_SHAPES or file.text_size <= _LARGE)


def _rows_sql(spec: ReadSpec, paths: list[str], shape: Shape, largest: int) -> str:
    quoted = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
    options = f"format='{_FORMATS[shape]}', filename=true, maximum_object_size={largest}"
    if shape in _ROW_SHAPES:
        return f"SELECT * FROM read_json([{quoted}], columns={spec.literal()}, {options})"  # noqa: S608 - quoted above
    answers = {"results": f"{spec.row_type()}[]", "data": f"{spec.row_type()}[]", **dict.fromkeys(_ENVELOPE, "VARCHAR")}
    return (
        f"SELECT unnest(rows, max_depth := 2), filename FROM (SELECT {_rows_of_answer()} AS rows, filename "  # noqa: S608 - as above
        f"FROM read_json([{quoted}], columns={columns_literal(answers)}, {options}))"
    )


def _rows_of_answer() -> str:
    """SQL for an answer's rows; an object that is no answer counts as one row of an unknown kind."""
    no_answer = " AND ".join(f'"{name}" IS NULL' for name in ("results", "data", *_ENVELOPE))
    return f"CASE WHEN {no_answer} THEN [NULL] ELSE coalesce(results, data) END"
