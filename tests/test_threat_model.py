"""The threat model is true: the tests that it names exist, and what is open to all stands in it."""

import re
from pathlib import Path

from tests.app.web.test_every_route import OPEN

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)


def test_every_test_that_is_named_exists() -> None:
    assert len(NAMED) > 50
    missing = [f"{file}::{name}" for file, name in NAMED if not _has(ROOT / file, name)]
    assert missing == []


def test_every_threat_names_a_test() -> None:
    rows = [line for line in PAGE[PAGE.index("## Sessions") :].splitlines() if line.startswith("| ")]
    bare = [row for row in rows if "::test_" not in row and not row.startswith(("| threat", "| ---"))]
    assert bare == []


def test_every_endpoint_that_is_open_to_all_is_named() -> None:
    assert [name for name in sorted(OPEN) if f"`{name}`" not in PAGE] == []


def _has(file: Path, name: str) -> bool:
    return (
        file.exists()
        and re.search(rf"^(?:async )?def {name}\(", file.read_text(encoding="utf-8"), re.MULTILINE) is not None
    )
