"""A replay's two files, written both or not at all."""

import json
import tempfile
from pathlib import Path

from marketmover.campaigns.backtest.page import render_page
from marketmover.campaigns.backtest.report import Backtest
from marketmover.errors import InputError


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
        "backtest.json": json.dumps(found.to_json(), indent=2, ensure_ascii=False) + "\n",
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
