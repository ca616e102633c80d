"""The careful reader: any file that DuckDB refuses or that is one document larger than memory, row by row.

It walks a document with a window of bounded size, keeps each row's text and place, and mends nothing: a row that does
not parse is set aside, and reading goes on at the next place where a row of the export begins.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from marketmover.errors import InputError
from marketmover.history.reading.columns import lists_of, objects_of
from marketmover.history.reading.places import Places
from marketmover.history.reading.sources import SourceFile
from marketmover.history.reading.unpacking import Unpacked
from marketmover.history.reading.window import Window

_ENVELOPE = re.compile(
    r'\{\s*"(?:results|data|fieldMask|field_mask|requestId|request_id|paging|nextPageToken|next_page_token|summary'
    r'|summaryRow|summary_row|totalResultsCount|total_results_count|queryResourceConsumption|query_resource_consumption)"'
)
_ROW_KEYS = {
    "google": re.compile(
        r',?\s*(\{\s*"(?:customer|campaign|campaignBudget|campaign_budget|adGroup|ad_group|metrics|segments|adGroupAd'
        r"|ad_group_ad|adGroupCriterion|ad_group_criterion|campaignCriterion|campaign_criterion|changeEvent|change_event"
        r'|campaignSimulation|campaign_simulation|ageRange|age_range|gender|results)"\s*:\s*[\[{])'
    ),
    "meta": re.compile(
        r',?\s*(\{\s*"(?:account_id|account_currency|campaign_id|campaign_name|adset_id|adset_name|ad_id|objective|impressions'
        r'|date_start|date_stop|event_time|event_type|data)"\s*:)'
    ),
    "crm": re.compile(r',?\s*(\{\s*"(?:lead_id|created_at|platform|campaign_id)"\s*:)'),
}
_ROW_LINE = {source: re.compile(r"\n\s*" + keys.pattern) for source, keys in _ROW_KEYS.items()}
_NEXT_LINE = re.compile(r"\n\s*(?=\{)")
_RAW_SHOWN = 4000


@dataclass(frozen=True)
class Defect:
    """Something in a file that is no usable row: its place, why, its text (cut to some length), and words on it."""

    place: str
    reason: str
    raw: str
    detail: str
    row: int


@dataclass
class CarefulReading:
    """What a careful reading found: how many rows it kept, where they lie, and what it set aside."""

    places: Places = field(default_factory=Places)
    defects: list[Defect] = field(default_factory=list[Defect])
    rows: int = 0


def read_carefully(file: SourceFile, out: Path, *, rewrite: bool = False) -> CarefulReading:
    """Write the rows of `file` to `out`, one JSON object a line, in their order.

    Args:
        file: What to read: any encoding of Unicode, plain or gzipped, any nesting of arrays and answers.
        out: Where the rows go.
        rewrite: Write each row anew from its values rather than copy its text (mends repeated keys and lone
            surrogates, which DuckDB refuses).

    Returns:
        Places of the rows written, and what was set aside.

    Raises:
        InputError: Nothing in the file can be read; names the file and the place.
    """
    with (
        Unpacked(file.path, gzipped=file.gzipped) as packed,
        out.open("w", encoding="utf-8", errors="replace", newline="\n") as sink,
    ):
        walk = _Walk(Window(packed), file, sink, rewrite=rewrite)
        walk.run(packed)
    return walk.reading


@dataclass
class _Frame:
    """An array or an answer that is open: its JSON pointer, and for an array the index of the next element."""

    pointer: str
    is_array: bool
    index: int = 0


class _Walk:
    """One pass over a file."""

    def __init__(self, window: Window, file: SourceFile, sink: IO[str], *, rewrite: bool) -> None:
        self.reading = CarefulReading()
        self._window = window
        self._file = file
        self._sink = sink
        self._rewrite = rewrite
        self._frames: list[_Frame] = []
        self._objects = objects_of(file.source)
        self._lists = lists_of(file.source)
        self._seen = 0
        self._has_rows_of_several_lines = False

    def run(self, packed: Unpacked) -> None:
        """Walk to the end of the file."""
        window = self._window
        if window.peek() not in ("[", "{", ""):
            self._pass_over_a_strange_start()
        while char := window.peek():
            self._step(char)
        cut = any(defect.reason == "truncated" for defect in self.reading.defects)
        if (packed.broken or self._frames) and not cut:
            self._close_cut_file(damaged=packed.broken)
        if not self.reading.rows and any(defect.reason == "unreadable" for defect in self.reading.defects):
            first = self.reading.defects[0]
            raise self._not_json(f"{first.place}: {first.detail}")

    def _pass_over_a_strange_start(self) -> None:
        """Set aside lines before the first row of an export; without such a row the file is no export at all."""
        window = self._window
        if window.find(_ROW_LINE[self._file.source], window.parses) is None:
            raise self._not_json("it begins with neither [ nor {")
        self._set_aside("is not a JSON object")

    def _step(self, char: str) -> None:
        if char == ",":
            self._window.advance(1)
        elif char == "[":
            self._frames.append(_Frame(self._pointer(), is_array=True))
            self._window.advance(1)
        elif char in "]}" and self._frames:
            self._frames.pop()
            self._window.advance(1)
            self._count_element()
        elif char == "{":
            self._object()
        elif char == '"' and self._frames and not self._frames[-1].is_array:
            self._member()
        else:
            self._stray()

    def _pointer(self) -> str:
        if not self._frames:
            return ""
        top = self._frames[-1]
        return f"{top.pointer}/{top.index}" if top.is_array else top.pointer

    def _count_element(self) -> None:
        if self._frames and self._frames[-1].is_array:
            self._frames[-1].index += 1

    def _object(self) -> None:
        window = self._window
        window.ensure(256)
        if _ENVELOPE.match(window.text, window.at):
            self._frames.append(_Frame(self._pointer(), is_array=False))
            window.advance(1)
            return
        value, end, fault = window.decode()
        if fault is not None:
            self._set_aside(fault)
            return
        self._keep(value, window.text[window.at : end])
        window.at = end
        self._count_element()

    def _keep(self, value: Any, text: str) -> None:
        misfit = self._misfit(value)
        if misfit is not None:
            self._note("wrong_type", text, misfit)
            return
        nested = next((value[key] for key in ("results", "data") if isinstance(value.get(key), list)), None)
        if nested is not None:
            for item in nested:
                self._write(item if isinstance(item, dict) else {}, json.dumps(item))
            return
        self._write(value, text)

    def _write(self, value: Mapping[str, Any], text: str) -> None:
        if self._rewrite:
            text = json.dumps(value, ensure_ascii=False)
        elif "\n" in text or "\r" in text:
            self._has_rows_of_several_lines = True
            text = text.replace("\n", " ").replace("\r", " ")
        self._sink.write(text + "\n")
        frame = self._frames[-1] if self._frames else None
        if frame is None:
            self.reading.places.add(None, self._window.line(), self._seen)
        else:
            self.reading.places.add(frame.pointer, frame.index, self._seen)
        self._seen += 1
        self.reading.rows += 1

    def _misfit(self, row: Mapping[str, Any]) -> str | None:
        """What part of a row is not of the form that the export has, if any."""
        for key in row.keys() & self._objects:
            if row[key] is not None and not isinstance(row[key], dict):
                return f"{key} is {json.dumps(row[key])[:80]}, not an object"
        for key in row.keys() & self._lists:
            entries = row[key]
            if entries is not None and not (
                isinstance(entries, list) and all(isinstance(entry, dict) for entry in cast("list[Any]", entries))
            ):
                return f"{key} is {json.dumps(entries)[:80]}, not a list of objects"
        return None

    def _member(self) -> None:
        """A member of an answer: its rows are walked, anything else is passed over."""
        window = self._window
        key, end, fault = window.decode()
        if fault is None:
            window.at = end
            if window.peek() == ":":
                window.advance(1)
                if key in ("results", "data") and window.peek() == "[":
                    frame = self._frames[-1]
                    self._frames.append(_Frame(f"{frame.pointer}/{key}", is_array=True))
                    window.advance(1)
                    return
                window.peek()
                _, end, fault = window.decode()
                if fault is None:
                    window.at = end
                    return
        self._set_aside(fault or "no value after a key")

    def _stray(self) -> None:
        """A value that is no object where a row should be, or text that is no JSON."""
        window = self._window
        _, end, fault = window.decode()
        if fault is not None:
            self._set_aside(fault)
            return
        self._note("unreadable", window.text[window.at : end], "is not an object")
        window.at = end
        self._count_element()

    def _set_aside(self, fault: str) -> None:
        """Quarantine what lies here up to the next place where a row begins, or to the end of the file."""
        window = self._window
        pattern = _ROW_KEYS[self._file.source] if self._frames else _NEXT_LINE
        found = window.find(pattern, window.parses)
        end = len(window.text) if found is None else found
        if self._frames or self._has_rows_of_several_lines:
            cut = found is None and window.is_incomplete(fault)
            self._note_fault(window.text[window.at : end], fault, cut=cut)
            window.at = end
            self._count_element()
            if cut:
                self._frames.clear()
            return
        while window.at < end:
            stop = window.text.find("\n", window.at, end)
            stop = end if stop < 0 else stop
            line = window.text[window.at : stop]
            if line.strip():
                cut = found is None and not window.text[stop:].strip() and window.is_cut_line(line)
                self._note_fault(line, "is not a JSON object" if not line.lstrip().startswith("{") else fault, cut=cut)
            window.at = min(stop + 1, end)

    def _note_fault(self, raw: str, fault: str, *, cut: bool) -> None:
        raw = raw.strip().rstrip(",").rstrip()
        reason = "truncated" if cut else "unreadable"
        detail = "the file ends within this row" if cut else f"{fault} (line {self._window.line()})"
        self.reading.defects.append(Defect(self._place(), reason, raw[:_RAW_SHOWN], detail, self._seen))
        self._seen += 1

    def _close_cut_file(self, *, damaged: bool) -> None:
        """The file ends between two rows: nothing of a row is lost that is here, but more may have followed."""
        detail = "the compressed file is damaged or cut off here" if damaged else "the file ends here"
        self._note("truncated", "", f"{detail}; rows after this place are missing")

    def _note(self, reason: str, raw: str, detail: str) -> None:
        self.reading.defects.append(Defect(self._place(), reason, raw[:_RAW_SHOWN], detail, self._seen))
        self._seen += 1

    def _place(self) -> str:
        if self._frames and self._frames[-1].is_array:
            return self._pointer()
        return f"line {self._window.line()}"

    def _not_json(self, why: str) -> InputError:
        line, column, byte = self._window.start_place()
        return InputError(
            f"{self._file.name} is not JSON that can be read (line {line}, column {column}, byte {byte}): {why}.",
            "Export it again, or take it out of the folder.",
        )
