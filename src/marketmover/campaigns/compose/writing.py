"""A plan's files, written all or not at all."""

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from marketmover.campaigns.sheet import split_files
from marketmover.errors import ConflictError, InputError
from marketmover.plans import Plan


def plan_json(plan: Plan) -> str:
    """The plan as `plan.json` holds it; the same plan gives the same bytes."""
    return _as_json(plan.model_dump(mode="json"))


def write_plan(folder: Path, plan: Plan, google: Mapping[str, Any], meta: Mapping[str, Any], page: str) -> list[Path]:
    """Write a plan's files into `folder`, making it where it is missing: the four of the contract, and its split.

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
    contents = {name: text.encode() for name, text in texts.items()} | split_files(plan)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _place(folder, contents)
    except OSError as error:
        raise InputError(
            f"The plan cannot be written to {folder}: {error.strerror}.", "Name another folder with --out."
        ) from error


def _place(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    with tempfile.TemporaryDirectory(prefix=".writing-", dir=folder) as aside:
        for name, content in contents.items():
            path = Path(aside) / name
            path.write_bytes(content)
            _to_disk(path)
        for name in contents:
            (Path(aside) / name).replace(folder / name)
    return [folder / name for name in contents]


def _to_disk(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def _as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
