"""A comparison's files, written all or none."""

import csv
import io
import json
from pathlib import Path

from marketmover.campaigns.modelling.page import render_page
from marketmover.campaigns.modelling.report import Comparison
from marketmover.learning import Added
from marketmover.store import write_together

_COLUMNS = ("error", "log_score", "deviance", "cover", "stacked_error", "stacked_cover", "adds", "saves", "weight")


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
    write_together(folder, texts, "The comparison")
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
