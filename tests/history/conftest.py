from collections.abc import Generator
from pathlib import Path

import pytest

from marketmover.store import Lake


@pytest.fixture
def lake(tmp_path: Path) -> Generator[Lake]:
    opened = Lake.open(tmp_path / "lake.duckdb")
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "history"
    place.mkdir()
    return place
