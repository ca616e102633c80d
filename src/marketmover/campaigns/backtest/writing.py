"""A replay as data, and its two files, written both or not at all."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from marketmover.campaigns.backtest.page import render_page
from marketmover.campaigns.backtest.report import Backtest
from marketmover.campaigns.backtest.words import answer
from marketmover.plans import Range
from marketmover.store import write_together


def as_data(found: Backtest) -> dict[str, Any]:
    """A replay as `backtest.json` holds it, with the answer in words."""
    said = answer(found)
    words = {"headline": said.headline, "sentences": list(said.sentences)}
    return {"version": 1, **words, **_plain(asdict(found))}


def write(folder: Path, found: Backtest) -> Path:
    """Write `backtest.json` and `backtest.html` into `folder`, making it where it is missing; says where the page lies.

    Raises:
        InputError: The folder cannot be written to.
    """
    texts = {
        "backtest.json": json.dumps(as_data(found), indent=2, ensure_ascii=False) + "\n",
        "backtest.html": render_page(found),
    }
    write_together(folder, texts, "The replay")
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
