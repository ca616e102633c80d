"""Where a plan stands in its life, by its log and the day."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

from marketmover.errors import UsageError
from marketmover.plans import LogEntry, State

Standing = Literal["draft", "approved", "waiting", "published", "running", "ended", "given_up"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)
_LOG, _STATE = "changes.jsonl", "state.json"


def asked_standing(text: str | None) -> Standing | None:
    """A standing as a person names it.

    Raises:
        UsageError: It is none.
    """
    if text is not None and text not in STANDINGS:
        raise UsageError(f"A plan never stands at {text!r}.", f"Choose one of {', '.join(STANDINGS)}.")
    return text


@dataclass(frozen=True)
class Life:
    """What a plan's log says.

    Attributes:
        approval: The last approval that stands.
        published: Whether it is on the platforms.
        given_up: Whether its publication was given up, with nothing left.
        changed: Whether what is in force was changed.
        waits_until: The day on which running lines change, where that is still to come.
        entries: How many entries took effect.
    """

    approval: LogEntry | None = None
    published: bool = False
    given_up: bool = False
    changed: bool = False
    waits_until: date | None = None
    entries: int = 0

    def standing(self, start: date, end: date, today: date) -> Standing:
        """Where it stands on a day."""
        if self.given_up and not self.published:
            return "given_up"
        if not self.published and not self.changed:
            return "draft" if self.approval is None else "approved"
        if today > end:
            return "ended"
        if self.waits_until is not None and today < self.waits_until:
            return "waiting"
        return "running" if today >= start else "published"


_NOTHING = Life()


def life_of(folder: Path) -> Life:
    """What the log of a plan's folder says; read again only where its files changed.

    Raises:
        InputError: The log or the state cannot be read.
    """
    told = tuple(_told(folder / name) for name in (_LOG, _STATE))
    return _NOTHING if told[0] is None else _life(folder, told)


def _told(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4096)
def _life(folder: Path, told: tuple[tuple[int, int] | None, ...]) -> Life:
    del told  # it tells one content of the files from the next
    state = State.read(folder) or State()
    entries = state.made_by(LogEntry.read_all(folder))
    kinds = [entry for entry in entries if entry.kind in {"publish", "abandon"}]
    last = kinds[-1] if kinds else None
    gone = last is not None and last.kind == "abandon" and not last.lines
    anew = last is not None and any(one.kind == "approve" for one in entries[entries.index(last) :])
    approvals = [entry for entry in entries if entry.kind == "approve"]
    return Life(
        approval=approvals[-1] if approvals else None,
        published=last is not None and not gone,
        given_up=gone and not anew,
        changed=any(entry.kind in {"apply", "undo", "rollback"} for entry in entries),
        waits_until=getattr(state, "waits_until", None),
        entries=len(entries),
    )
