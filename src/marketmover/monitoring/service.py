"""The room's verbs: score a file's series."""

from collections.abc import Sequence
from pathlib import Path

from marketmover.errors import UsageError
from marketmover.monitoring.models.detector import Detector
from marketmover.monitoring.series import Series, read_series, scores_csv


def score_series(series: Series) -> list[float]:
    """A score from 0 to 1 for each row, from it and those before it in the file alone.

    A file that runs back in time is read from its end. A missing value scores 0.
    """
    detector = Detector()
    rows = list(zip(series.times_s, series.values, strict=True))
    if not series.newest_first():
        return [detector.update(time_s, value).score for time_s, value in rows]
    return [detector.update(time_s, value).score for time_s, value in reversed(rows)][::-1]


def detect_files(files: Sequence[Path], out: Path) -> list[Path]:
    """Score series from CSV files and write the scores as CSV; says where they lie.

    Args:
        files: One CSV of `timestamp,value` each.
        out: Of one file, the file to write; of several, the folder, in which each keeps its name. All are written or
            none, and a former file stays whole until then.

    Raises:
        UsageError: Two files have the same name, or a file would be written over itself.
        InputError: A file cannot be read or used, or the scores cannot be written.
    """
    from marketmover.store import write_together

    names = [out.name] if len(files) == 1 else [file.name for file in files]
    folder = out.parent if len(files) == 1 else out
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"Two of the files are called {twice}.", "Give them other names, or score them one at a time.")
    own = next(
        (file for file, name in zip(files, names, strict=True) if (folder / name).resolve() == file.resolve()), None
    )
    if own is not None:
        raise UsageError(f"{own} would be written over by its scores.", "Name another place with --out.")
    if len(files) == 1 and out.is_dir():
        raise UsageError(f"{out} is a folder.", "Name the file to write with --out.")
    contents = {name: _scored(file) for file, name in zip(files, names, strict=True)}
    return write_together(folder, contents, "The scores")


def _scored(file: Path) -> str:
    series = read_series(file)
    return scores_csv(series, score_series(series))
