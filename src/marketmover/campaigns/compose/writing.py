"""A plan's files, written all or not at all."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marketmover.campaigns.sheet import split_files
from marketmover.errors import ConflictError
from marketmover.plans import Plan
from marketmover.store import write_together


def plan_json(plan: Plan) -> str:
    """The plan as `plan.json` holds it; the same plan gives the same bytes."""
    return _as_json(plan.model_dump(mode="json"))


def write_plan(
    folder: Path,
    plan: Plan,
    google: Mapping[str, Any],
    meta: Mapping[str, Any],
    page: str,
    beside: Mapping[str, bytes] | None = None,
) -> list[Path]:
    """Write a plan's files into `folder`, making it where it is missing: the four of the contract, and its split.

    `beside` are further files by name.

    Each file is written aside first and moved into place at the end, so that a crash leaves the former ones whole.

    Raises:
        ConflictError: The folder holds a plan that is in force (`state.json`), which must not change.
        InputError: The folder cannot be written to.
    """
    if (folder / "state.json").exists():
        raise ConflictError(
            f"{folder} holds a plan that is in force (it has a state.json), and such a plan never changes.",
            "Write the new plan into another folder.",
        )
    texts = {
        "plan.json": plan_json(plan),
        "google_ads.json": _as_json(google),
        "meta_ads.json": _as_json(meta),
        "plan.html": page,
    }
    contents = {name: text.encode() for name, text in texts.items()} | split_files(plan) | dict(beside or {})
    return write_together(folder, contents, "The plan")


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
