"""What a backup says of itself: by whom and when it was made, what it holds, and how that can be checked."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

FORMAT = 1
LAKE = "lake.duckdb"
KEY = "secret.key"
RECORDS, TRACKING, FILES, HOME = "records", "tracking", "files", "home"
_TABLE = re.compile(rf"(?:{RECORDS}|{TRACKING})/[A-Za-z0-9_]{{1,120}}\.jsonl")
_CONTROL = re.compile(r"[\\\x00-\x1f\x7f\ud800-\udfff]")
_PLACED = re.compile(rf"(?:{FILES}|{HOME})/\d{{1,12}}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def within(path: str) -> str:
    """A relative path with forward slashes that leads nowhere but down."""
    windows = PureWindowsPath(path)
    parts = path.split("/")
    if _CONTROL.search(path) or windows.drive or windows.root or {"", ".", ".."} & set(parts):
        raise ValueError(f"{path!r} leads out of the home")
    return path


class Member(_Part):
    """A file of the archive; `path` says where it belongs within the files (with its workspace) or the home."""

    name: str = Field(max_length=160)
    size: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    path: str = Field(default="", max_length=4096)

    @model_validator(mode="after")
    def _named(self) -> Self:
        if _PLACED.fullmatch(self.name):
            within(self.path)
        elif self.path or not (self.name in {LAKE, KEY} or _TABLE.fullmatch(self.name)):
            raise ValueError(f"{self.name!r} is no name of a part of a backup")
        return self


Rows = dict[Annotated[str, Field(max_length=120)], Annotated[int, Field(ge=0)]]


class Database(_Part):
    """Rows by table of a database, and the migration that they are of."""

    backend: Literal["sqlite", "postgresql"]
    revision: str = Field(max_length=64)
    tables: Rows


class LakeCopy(_Part):
    """The lake's file: by which DuckDB it was written, and rows by table."""

    duckdb: str = Field(max_length=32)
    tables: Rows


def _known_format(number: int) -> int:
    if number != FORMAT:
        raise ValueError(f"a backup of the form {number} is not known to this marketmover; upgrade it")
    return number


class Manifest(_Part):
    """What a backup says of itself; `key_ids` name the keys that its secrets need, `with_key` whether it holds them."""

    format: Annotated[int, AfterValidator(_known_format)] = FORMAT
    made_at: datetime
    marketmover: str = Field(max_length=64)
    records: Database | None = None
    tracking: Database | None = None
    lake: LakeCopy | None = None
    key_ids: list[Annotated[str, Field(max_length=16)]] = []
    with_key: bool = False
    members: list[Member]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        names = [member.name for member in self.members]
        placed = [(member.name.split("/")[0], member.path) for member in self.members if member.path]
        places = set(placed)
        if len(set(names)) < len(names) or len(places) < len(placed):
            raise ValueError("it names something twice")
        for kind, path in placed:
            if any((kind, str(folder)) in places for folder in PurePosixPath(path).parents):
                raise ValueError(f"{path!r} would lie beneath a file")
        if {name for name in names if not _PLACED.fullmatch(name)} != self._parts():
            raise ValueError("its list of files and its lists of tables contradict each other")
        return self

    def _parts(self) -> set[str]:
        parts = {f"{RECORDS}/{name}.jsonl" for name in self.records.tables} if self.records else set[str]()
        parts |= {f"{TRACKING}/{name}.jsonl" for name in self.tracking.tables} if self.tracking else set[str]()
        return parts | ({LAKE} if self.lake else set[str]()) | ({KEY} if self.with_key else set[str]())

    def of(self, kind: str) -> Iterator[Member]:
        """The members of a kind: `files`, `home`, `records`, `tracking`."""
        return (member for member in self.members if member.name.startswith(f"{kind}/"))

    @property
    def size(self) -> int:
        """Bytes that all members take unpacked."""
        return sum(member.size for member in self.members)
