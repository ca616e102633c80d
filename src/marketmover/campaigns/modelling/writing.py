"""A comparison's files, written all or none."""

import csv
import io
import json
import tempfile
from pathlib import Path

from marketmover.campaigns.modelling.page import render_page
from marketmover.campaigns.modelling.report import Comparison
from marketmover.errors import InputError
from marketmover.learning import Added

_COLUMNS = ("error", "log_score", "deviance", "cover", "stacked_error", "stacked_cover", "adds", "saves", "weight")


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be one, before the work rather than after it.

    Raises:
        InputError: It, or what it would lie in, is a file.
    """
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InputError(f"{folder} cannot be a folder: {there} is a file.", "Name another folder with --out.")


def write(folder: Path, found: Comparison) -> Path:
    """Write `models.json`, `models.csv` and `models.html` into `folder`, made where missing; says where the page lies.

    Raises:
        InputError: The folder cannot be written to.
    """
    texts = {
        "models.json": json.dumps(found.to_json(), indent=2, ensure_ascii=False) + "\n",
        "models.csv": as_csv(found),
        "models.html": render_page(found),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as aside:
            for name, text in texts.items():
                (Path(aside) / name).write_text(text, encoding="utf-8")
            for name in texts:
                (Path(aside) / name).replace(folder / name)
    except OSError as error:
        raise InputError(
            f"The comparison cannot be written to {folder}: {error.strerror}.", "Name another folder with --out."
        ) from error
    return folder / "models.html"


def as_csv(found: Comparison) -> str:
    """One row a model and outcome; empty where a figure does not apply."""
    text = io.StringIO()
    ends = [f"{name}_{end}" for name in ("adds", "saves") for end in ("low", "high")]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("outcome", "model", *_COLUMNS, *ends, "folds", "forecasts", "verdict"))
    for table in found.outcomes:
        for row in (*table.models, table.together):
            values = [getattr(row, name) for name in _COLUMNS]
            between = [value for added in (row.adds, row.saves) for value in _ends(added)]
            figures = [_figure(value.mid if isinstance(value, Added) else value) for value in (*values, *between)]
            writer.writerow((table.outcome, row.name, *figures, table.folds, table.forecasts, table.verdict))
    return text.getvalue()


def _ends(added: Added | None) -> tuple[float | None, float | None]:
    return (added.low, added.high) if added else (None, None)


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
