"""Records of the test's own on each database that they run on."""

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from marketmover.store import Records


@pytest.fixture(params=["sqlite", "postgresql"])
def records_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path / 'records.sqlite'}"


@pytest.fixture
def records(records_url: str) -> Generator[Records]:
    """Records that are open and migrated."""
    opened = Records.open(make_url(records_url))
    yield opened
    opened.close()
