"""Fixtures of this room: an installation, and one on SQLite and on PostgreSQL in turn."""

from collections.abc import Generator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from installation import Installation, installation
from sqlalchemy.engine import make_url

from marketmover.store import Records


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 itself, at a cost that lets tests sign in hundreds of times."""
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr("marketmover.access.sessions.passwords._hasher", lambda: hasher)


@pytest.fixture
def there(tmp_path: Path) -> Generator[Installation]:
    """An installation with empty records on SQLite."""
    records = Records.open(make_url(f"sqlite:///{tmp_path / 'records.sqlite'}"))
    yield installation(records, tmp_path)
    records.close()


@pytest.fixture
def everywhere(records: Records, tmp_path: Path) -> Installation:
    """An installation with empty records, on SQLite and on PostgreSQL."""
    return installation(records, tmp_path)
