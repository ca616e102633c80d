"""Returns written as data and as a page."""

import json
from pathlib import Path

from marketmover.campaigns.returns.page import render_page
from marketmover.plans import Returns
from marketmover.store import write_together


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
    write_together(folder, texts, "The returns")
    return folder / "returns.html"
