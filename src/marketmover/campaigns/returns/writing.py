"""Returns written as data and as a page."""

import json
from pathlib import Path

from marketmover.campaigns.returns.page import render_page
from marketmover.errors import InputError
from marketmover.plans import Returns


def write_returns(folder: Path, found: Returns, currency: str, *, simulated: bool) -> Path:
    """Write `returns.json` and `returns.html` into `folder`, making it where it is missing; says where the page lies.

    Raises:
        InputError: The folder cannot be written to.
    """
    data = {"currency": currency, "simulated": simulated, **found.model_dump(mode="json")}
    texts = {
        "returns.json": json.dumps(data, indent=2, ensure_ascii=False) + "\n",
        "returns.html": render_page(found, currency, simulated=simulated),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(
            f"The returns cannot be written to {folder}: {error.strerror}.", "Name another folder with --out."
        ) from error
    return folder / "returns.html"
