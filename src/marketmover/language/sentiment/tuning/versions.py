"""The versions that labels made, which of them is in force, and where their files lie."""

import shutil
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from marketmover.errors import ConflictError, InputError, NotFoundError
from marketmover.language.sentiment.engine import SentimentEngine

if TYPE_CHECKING:
    from marketmover.store import Files

STATE = "sentiment/state.json"
FOLDER = "sentiment/versions"
TRAINED_ON = "trained_on.txt"
MOST_BACK = 5
"""How many engines that were in force can be gone back through; their files are kept, a transformer's are large."""
_RECENT = 3
"""Newest versions whose files are kept though they were never in force."""


class Version(BaseModel):
    """One version: what it is, what it learnt from, and how it did beside what was in force."""

    model_config = ConfigDict(frozen=True)

    number: int
    kind: Literal["light", "transformer"]
    folder: str
    base: str
    over: str
    trained_at: datetime
    fingerprint: str
    texts: int
    held_out: int
    macro_f1: float
    macro_f1_before: float
    calibration_error: float | None = None
    probability_better: float
    promoted: bool


class State(BaseModel):
    """What the home knows of trained engines.

    Attributes:
        labels: The files that `refresh` reads.
        base: What `refresh` trains.
        trained_at: When training was last tried.
        fingerprint: The labels that it was tried on.
        over: The setting over which versions were promoted; under another setting none is in force.
        in_force: Numbers of versions as they came into force, the present one last; 0 is the setting's own engine.
        changed_at: When the present one came into force, where it was ever changed.
        versions: All versions whose files are kept, oldest first.
    """

    labels: list[str] = []
    base: str = ""
    trained_at: datetime | None = None
    fingerprint: str = ""
    over: str = ""
    in_force: list[int] = [0]
    changed_at: datetime | None = None
    versions: list[Version] = []

    def present(self, setting: str) -> Version | None:
        """The version in force under a setting; none where the setting's own engine answers."""
        number = self.in_force[-1] if self.over == setting else 0
        return next((one for one in self.versions if one.number == number), None)

    def version(self, number: int) -> Version:
        """A version by its number.

        Raises:
            NotFoundError: It is not kept.
        """
        for one in self.versions:
            if one.number == number:
                return one
        known = ", ".join(str(one.number) for one in self.versions) or "none yet"
        raise NotFoundError(f"There is no version {number} of the sentiment engine. Versions: {known}.")


def read_state(files: "Files") -> State:
    """What the home knows; of a new home, nothing.

    Raises:
        InputError: The file was broken by something else.
    """
    if not files.exists(STATE):
        return State()
    try:
        return State.model_validate_json(files.read_bytes(STATE))
    except ValidationError as error:
        raise InputError(
            f"The file {STATE} in {files.shown} cannot be read.", "Put it back from a backup, or delete it."
        ) from error


def write_state(files: "Files", state: State, seen: State) -> None:
    """Keep `state`, which was made from `seen`.

    Raises:
        ConflictError: Another process changed it meanwhile.
    """
    if read_state(files) != seen:
        raise ConflictError("Another training or rollback ended meanwhile; this one was not kept.", "Run it again.")
    files.write_text(STATE, state.model_dump_json(indent=1))


def engine_in_force(files: "Files", setting: str = "", threads: int = 0) -> SentimentEngine:
    """The engine that answers: the version promoted over the setting's engine, else that engine.

    Args:
        files: The home's files.
        setting: `MARKETMOVER_SENTIMENT_MODEL`.
        threads: Of the processor, for a transformer; 0 takes all cores.

    Raises:
        MarketmoverError: It cannot be opened; the message says why.
    """
    from marketmover.language.sentiment.choosing import load_engine

    version = read_state(files).present(setting)
    return open_version(files, version, threads) if version else load_engine(setting, threads)


def open_version(files: "Files", version: Version, threads: int = 0) -> SentimentEngine:
    """Open a version's engine."""
    from marketmover.language.sentiment.choosing import open_folder

    with local_folder(files, version.folder) as folder:
        return open_folder(folder, f"version {version.number}", threads)


def keep_folder(files: "Files", source: Path, folder: str) -> None:
    """Copy a folder's files into the home's files."""
    for path in sorted(source.iterdir()):
        with path.open("rb") as content, files.open(f"{folder}/{path.name}", "wb") as target:
            shutil.copyfileobj(content, target)


@contextmanager
def local_folder(files: "Files", folder: str) -> Generator[Path]:
    """A folder of the home's files on this machine, while the block runs.

    Raises:
        NotFoundError: Nothing is there.
    """
    names = files.list(folder)
    if not names:
        raise NotFoundError(
            f"The files of {folder} are gone from {files.shown}.",
            "Take another version: marketmover sentiment rollback --to NUMBER",
        )
    with files.local(names[0]) as first:
        if all((first.parent / Path(name).name).is_file() for name in names):
            yield first.parent
            return
    with tempfile.TemporaryDirectory(prefix="marketmover-") as copy:
        for name in names:
            with files.open(name) as content, (Path(copy) / Path(name).name).open("wb") as target:
                shutil.copyfileobj(content, target)
        yield Path(copy)


def trained_on(files: "Files", version: Version) -> set[str]:
    """Keys of the texts that a version learnt from."""
    return set(files.read_text(f"{version.folder}/{TRAINED_ON}").split())


def pruned(state: State) -> tuple[State, list[Version]]:
    """The state without versions that are neither recent nor were in force, and those that it lost."""
    keep = set(state.in_force) | {one.number for one in state.versions[-_RECENT:]}
    lost = [one for one in state.versions if one.number not in keep]
    return state.model_copy(update={"versions": [one for one in state.versions if one.number in keep]}), lost


def delete_versions(files: "Files", versions: Sequence[Version]) -> None:
    """Delete the files of versions that the state no longer names."""
    for version in versions:
        for name in files.list(version.folder):
            files.delete(name)
