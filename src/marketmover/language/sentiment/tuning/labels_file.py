"""Reading texts that people labelled, from CSV with a header `text,label`."""

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from marketmover.errors import InputError, NotFoundError
from marketmover.kit import counted, did_you_mean
from marketmover.language.encodings import is_binary, text_of
from marketmover.language.sentiment.engine import LABELS, Label

_MEANT: dict[str, Label] = {
    **{label: label for label in LABELS},
    "neg": "negative", "-1": "negative", "bad": "negative",
    "neu": "neutral", "0": "neutral", "mixed": "neutral",
    "pos": "positive", "1": "positive", "+1": "positive", "good": "positive",
}  # fmt: skip
_SHOWN_FAULTS = 5
_LONGEST_TEXT = 1_000_000
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True)
class Labelled:
    """Texts with what people say of them, each text once.

    Attributes:
        texts: The texts.
        labels: Their labels.
        notes: What was left out, and why, in sentences.
    """

    texts: list[str]
    labels: list[Label]
    notes: list[str] = field(default_factory=list[str])

    @property
    def keys(self) -> list[str]:
        """What each text is known by, whatever its case and spaces."""
        return [text_key(text) for text in self.texts]

    @property
    def fingerprint(self) -> str:
        """A hash of the texts and labels, whatever their order."""
        rows = sorted(f"{key} {label}" for key, label in zip(self.keys, self.labels, strict=True))
        return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16]

    def counts(self) -> dict[Label, int]:
        """Texts by label, for the labels that occur."""
        return {label: self.labels.count(label) for label in LABELS if label in self.labels}

    def at(self, chosen: Sequence[int]) -> "Labelled":
        """Those at the chosen positions."""
        return Labelled([self.texts[index] for index in chosen], [self.labels[index] for index in chosen])


@dataclass(frozen=True)
class _Row:
    place: str
    text: str
    label: Label


def read_labels(paths: Sequence[Path]) -> Labelled:
    """Read one or more files of labels together; a text that two files hold counts once.

    Raises:
        NotFoundError: A file is not there.
        InputError: One cannot be used; its faults are named by line.
    """
    rows = [row for path in paths for row in _rows_of(path)]
    by_key: dict[str, list[_Row]] = {}
    for row in rows:
        by_key.setdefault(text_key(row.text), []).append(row)
    agreed = [same for same in by_key.values() if len({row.label for row in same}) == 1]
    disputed = [same for same in by_key.values() if len({row.label for row in same}) > 1]
    notes = _notes(sum(len(same) - 1 for same in agreed), disputed)
    return Labelled([same[0].text for same in agreed], [same[0].label for same in agreed], notes)


def text_key(text: str) -> str:
    """What a text is known by, whatever its case and spaces: 16 hexadecimal digits."""
    plain = " ".join(text.casefold().split())
    return hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _notes(repeated: int, disputed: list[list[_Row]]) -> list[str]:
    notes: list[str] = []
    if repeated:
        notes.append(f"Left out, since an earlier row has the same text and label: {counted(repeated, 'row')}.")
    if disputed:
        where = "; ".join(" and ".join(row.place for row in same[:3]) for same in disputed[:3])
        notes.append(f"Left out, since their labels contradict each other: {counted(len(disputed), 'text')} ({where}).")
    return notes


def _rows_of(path: Path) -> list[_Row]:
    rows: list[_Row] = []
    faults: list[str] = []
    for line, text, label in _cells(path):
        meant = _MEANT.get(label.strip().lower())
        if not text.strip():
            faults.append(f"line {line}: the text is empty")
        elif meant is None:
            hint = did_you_mean(label.strip(), LABELS)
            faults.append(f"line {line}: the label {label.strip()[:40]!r} is none that is known. {hint}")
        else:
            rows.append(_Row(f"{path.name} line {line}", text.strip(), meant))
    if faults:
        more = f"\n  and {len(faults) - _SHOWN_FAULTS:,} more" if len(faults) > _SHOWN_FAULTS else ""
        raise InputError(
            f"{path} has {counted(len(faults), 'row')} that cannot be used:\n  "
            + "\n  ".join(faults[:_SHOWN_FAULTS])
            + more,
            "Mend or remove them; a label is negative, neutral or positive.",
        )
    return rows


def _cells(path: Path) -> Iterator[tuple[int, str, str]]:
    """The line that each row begins on, its text and its label."""
    content = _content(path)
    head = content.partition("\n")[0]
    reader = csv.reader(content.splitlines(keepends=True), delimiter=max(_DELIMITERS, key=head.count), strict=True)
    csv.field_size_limit(_LONGEST_TEXT)
    header: list[str] = []
    line = 1
    try:
        for row in reader:
            if not header:
                header = row
            elif row and len(row) != len(header):
                raise InputError(
                    f"{path}, line {line}: {len(row)} columns where the header has {len(header)}.",
                    "Put a text that holds commas or line breaks in double quotes.",
                )
            elif row:
                text, label = _columns(path, header)
                yield line, row[text], row[label]
            line = reader.line_num + 1
    except csv.Error as error:
        raise InputError(f"{path}, line {line}: {error}.", "Check the double quotes there.") from error
    if not header:
        raise InputError(f"{path} is empty.", "It needs a header line: text,label")


def _columns(path: Path, header: Sequence[str]) -> tuple[int, int]:
    names = [name.strip().lower() for name in header]
    if "text" not in names or "label" not in names:
        raise InputError(
            f"{path} has no columns text and label in its first line: {', '.join(header)[:200]}.",
            "Begin it with the line: text,label",
        )
    return names.index("text"), names.index("label")


def _content(path: Path) -> str:
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.") from error
    except OSError as error:
        raise InputError(f"The file {path} cannot be read: {error.strerror}.") from error
    if is_binary(data):
        raise InputError(f"The file {path} is no text.", "Save the labels as CSV.")
    return text_of(data).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
