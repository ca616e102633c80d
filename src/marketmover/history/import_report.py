"""What an import took, as the lake keeps it."""

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class ImportReport:
    """What an import took.

    Attributes:
        import_id: Number of the import, counting up.
        imported_at: When.
        as_of: The day taken as today.
        folder: What was read.
        files: Files read; `empty_files` of them held nothing.
        rows: Rows by what they are: `daily`, `action`, `breakdown`, `ad`, `lead`, `creative`, `settings`, ...
        unknown: Rows of a kind that is not known, by what they seem to be, else by platform and the keys they have.
        added: Facts, leads and objects that were new or changed.
        known: Those that were known already.
        quarantine: Rows that could not be used, by reason.
        flags: What was kept but looks odd: field and value to rows.
        first_date, last_date: Of the daily facts in these files.
        lines: Budget lines with daily facts in these files, as plans count them.
        spend: Spend in these files by currency, in major units, each day once.
        simulated: Whether the history says of itself that it is simulated.
        examples: Of what was only tried out, some rows that could not be used.
    """

    import_id: int
    imported_at: datetime
    as_of: date
    folder: str
    files: int
    empty_files: int = 0
    rows: dict[str, int] = field(default_factory=dict[str, int])
    unknown: dict[str, int] = field(default_factory=dict[str, int])
    added: int = 0
    known: int = 0
    quarantine: dict[str, int] = field(default_factory=dict[str, int])
    flags: dict[str, int] = field(default_factory=dict[str, int])
    first_date: date | None = None
    last_date: date | None = None
    lines: int = 0
    spend: dict[str, float] = field(default_factory=dict[str, float])
    simulated: bool = False
    examples: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, text: str) -> "ImportReport":
        """A report from the JSON that the lake keeps."""
        values: dict[str, Any] = json.loads(text)
        known = {form.name for form in fields(cls)}
        read: dict[str, Any] = {name: value for name, value in values.items() if name in known}
        for name in ("as_of", "first_date", "last_date"):
            read[name] = date.fromisoformat(read[name]) if read[name] else None
        read["imported_at"] = datetime.fromisoformat(read["imported_at"])
        return cls(**read)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
