"""Markets kept between runs of the judge: making and importing one costs as much as advising on it."""

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from marketmover.errors import InputError

_Kept = TypeVar("_Kept")
_OURS = ("marketmover.sandbox.", "marketmover.history.", "marketmover.kit.")
_ARRAYS = {"_reconstruct", "ndarray", "dtype", "scalar", "_frombuffer"}
_PLAIN = {("datetime", "date")}
_FOR_PEOPLE = {"commands.py", "page.py", "page_parts.py", "views.py"}


class Cache:
    """A folder of things made, each kept under what it was made from.

    What was made by other code than today's is made anew, unless `stale` is set.

    Args:
        folder: Where they are kept, made if missing; without one nothing is kept.
        stale: Take what is there although the code that made it has changed since.

    Raises:
        InputError: The folder cannot be made.
    """

    def __init__(self, folder: Path | None, *, stale: bool = False) -> None:
        self.folder = folder
        self.stale = stale
        if folder is None:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder} cannot be made: {error.strerror}.", "Name another folder.") from error

    def kept(self, name: str, sources: tuple[str, ...], make: Callable[[], _Kept]) -> _Kept:
        """What is kept under `name`, else what `make` makes.

        Args:
            name: Says what it is; fit for a file name.
            sources: What code makes it: folders (`history`) and files (`sandbox/market.py`). Where one of them changes,
                it is made anew.
            make: Makes it.
        """
        if self.folder is None:
            return make()
        path = self.folder / (f"{name}.pickle" if self.stale else f"{name}.{_fingerprint(sources)}.pickle")
        former = sorted(self.folder.glob(f"{name}.*pickle"), key=lambda found: found.stat().st_mtime)
        if self.stale and former:
            path = former[-1]
        if path.exists():
            return _read(path)
        made = make()
        _write(path, made)
        for outdated in former:
            outdated.unlink(missing_ok=True)
        return made


@cache
def _fingerprint(sources: tuple[str, ...]) -> str:
    """Tells one state of the code from another; of folders, what only shows things to people is left out."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[2]
    for source in sources:
        inside = [path for path in sorted((root / source).rglob("*.py")) if path.name not in _FOR_PEOPLE]
        for path in inside or [root / source]:
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class _Known(pickle.Unpickler):
    """Reads back our own classes and arrays and nothing else: a folder may have been written by others."""

    def find_class(self, module: str, name: str) -> Any:
        ours = module.startswith(_OURS) and isinstance(getattr(import_module(module), name, None), type)
        arrays = module.partition(".")[0] == "numpy" and name in _ARRAYS
        if not (ours or arrays or (module, name) in _PLAIN):
            raise pickle.UnpicklingError(f"{module}.{name} is nothing that the judge keeps")
        return super().find_class(module, name)


def _read(path: Path) -> Any:
    try:
        with path.open("rb") as stored:
            return _Known(stored).load()
    except (OSError, EOFError, pickle.UnpicklingError, AttributeError, ImportError, TypeError) as error:
        raise InputError(f"{path} cannot be read: {error}.", "Delete it, and it is made anew.") from error


def _write(path: Path, made: object) -> None:
    """Whole or not at all: several processes may keep things in one folder."""
    handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as stored:
        pickle.dump(made, stored, protocol=pickle.HIGHEST_PROTOCOL)
    Path(aside).replace(path)
