"""A replay as data, and its two files, written both or not at all."""

import json
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from marketmover.campaigns.backtest.page import render_page
from marketmover.campaigns.backtest.report import Backtest
from marketmover.campaigns.backtest.words import answer
from marketmover.errors import InputError
from marketmover.plans import Range


def as_data(found: Backtest) -> dict[str, Any]:
    """A replay as `backtest.json` holds it, with the answer in words."""
    said = answer(found)
    words = {"headline": said.headline, "sentences": list(said.sentences)}
    return {"version": 1, **words, **_plain(asdict(found))}


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be one, before the work rather than after it.

    Raises:
        InputError: It, or what it would lie in, is a file.
    """
    there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not there.is_dir():
        raise InputError(f"{folder} cannot be a folder: {there} is a file.", "Name another folder with --out.")


def write(folder: Path, found: Backtest) -> Path:
    """Write `backtest.json` and `backtest.html` into `folder`, making it where it is missing; says where the page lies.

    Raises:
        InputError: The folder cannot be written to.
    """
    texts = {
        "backtest.json": json.dumps(as_data(found), indent=2, ensure_ascii=False) + "\n",
        "backtest.html": render_page(found),
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
            f"The replay cannot be written to {folder}: {error.strerror}.", "Name another folder with --out."
        ) from error
    return folder / "backtest.html"


def _plain(value: Any) -> Any:
    """Days as ISO 8601, ranges as objects, figures to six significant digits (more would be noise)."""
    if isinstance(value, Range):
        return _plain(value.model_dump())
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, float):
        return value
    return float(f"{value:.6g}")
