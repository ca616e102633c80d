"""Where the plans of a home lie: `HOME/plans/WORKSPACE/ID`, each a folder as `compose --out` writes it."""

import re
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.campaigns.plan_file import load_plan
from marketmover.errors import MarketmoverError, NotFoundError
from marketmover.kit import new_id

if TYPE_CHECKING:
    from marketmover.plans import Plan

_ID = re.compile(r"[0-9a-f]{32}")
_PLANS = "plans"
_ASIDE = ".making-"
_BY_NAME = tuple(
    (re.compile(command), words)
    for command, words in (
        (r" \(`marketmover [^`]*`\)", ""),
        (r": `marketmover plan publish [^`]*`", ": publish the plan again"),
        (r"give it up: `marketmover plan abandon`", "give the publication up"),
        (r"(?:by|with) `marketmover plan abandon`", "by giving the publication up"),
        (r"by `marketmover plan apply`(, `undo` and `rollback`)?", "by applying, undoing and rolling back changes"),
        (r"`marketmover plan rollback --to`", "an entry of the plan's log"),
        (r"with --start --by NAME", "by starting what is new"),
        (r" ?\(--keep\)", ""),
        (
            r"See that it is served: marketmover sandbox serve [^ .]+",
            "Ask whoever runs the server to start the simulated platforms",
        ),
        (r"Start it: marketmover sandbox serve [^ .]+", "Ask whoever runs the server to start the simulated platforms"),
    )
)


@dataclass(frozen=True)
class Shelf:
    """Where a workspace's plans lie: in which home, and whose they are."""

    home: Path
    workspace: str

    @property
    def place(self) -> Path:
        """The folder of the workspace's plans."""
        return self.home / _PLANS / self.workspace


def plan_folder(shelf: Shelf, plan_id: str) -> Path:
    """The folder of a plan of the home.

    Raises:
        NotFoundError: The workspace has no such plan.
    """
    folder = shelf.place / plan_id
    if not _ID.fullmatch(plan_id) or not (folder / "plan.json").is_file():
        raise NotFoundError(
            f"There is no plan {plan_id[:64]!r}.",
            "The list of plans says which there are (`marketmover plan list`, GET /v1/plans).",
        )
    return folder


def asked_folder(shelf: Shelf, asked: Path) -> Path:
    """What a person named on the command line: a folder or file as it is, or the id of a plan of the home."""
    return plan_folder(shelf, str(asked)) if looks_like_id(asked) else asked


def looks_like_id(asked: Path) -> bool:
    """Whether a name is a plan's id, and no file or folder here."""
    return bool(_ID.fullmatch(str(asked))) and not asked.exists()


def read_plan(folder: Path) -> "Plan":
    """The plan of a folder; it stays in memory, so nobody may change it.

    Raises:
        NotFoundError, InputError: It is not there, or cannot be read.
    """
    file = folder / "plan.json"
    try:
        told = file.stat()
    except OSError:
        return load_plan(folder)
    return _plan(file, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=32)
def _plan(file: Path, changed_ns: int, size: int) -> "Plan":
    del changed_ns, size  # they tell one content of the file from the next
    return load_plan(file)


@contextmanager
def making(shelf: Shelf, plan_id: str) -> Generator[Path]:
    """A folder to write a plan into; when the block ends it becomes the plan's own, whole, unless another was first."""
    place = shelf.place
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = place / f"{_ASIDE}{new_id()}"
    try:
        yield aside
        if not (place / plan_id).exists():
            aside.rename(place / plan_id)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def remove(shelf: Shelf, plan_id: str) -> None:
    """Take a plan's folder away, at once for whoever looks."""
    folder = plan_folder(shelf, plan_id)
    aside = folder.with_name(f"{_ASIDE}{new_id()}")
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def told_by_id(folder: Path) -> Generator[None]:
    """Errors in the block are told as over HTTP: the plan by its id, what to do by its name rather than its command."""
    try:
        yield
    except MarketmoverError as error:
        error.message, error.remedy = (over_http(text, folder) for text in (error.message, error.remedy))
        error.args = (error.message,)
        raise


def over_http(text: str, folder: Path) -> str:
    """A text of the command line as whoever asked over HTTP needs it.

    It names the plan by its id (where it lies in the home is nobody's business), and what is to be done as the
    dashboard and the API call it.
    """
    text = text.replace(str(folder), folder.name)
    for command, words in _BY_NAME:
        text = command.sub(words, text)
    return text
