"""`kill -9` at any moment of a pull loses nothing and doubles nothing: real processes, killed at random calls."""

import os
import random
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from marketmover.history.pulls.facts import EXPORTS_PULLED
from marketmover.history.pulls.ledger import chunks_of, pulls_of
from marketmover.history.tables import FACTS
from marketmover.sandbox import create_market, write_history
from marketmover.settings import Settings
from marketmover.store import StoreOpener

PROGRAM = Path(__file__).with_name("pull_program.py")
TODAY = date(2026, 1, 5)
KILLED = -9


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("market") / "exported"
    market = create_market(2, 46, 5, end=TODAY - timedelta(days=1), sells="leads", currency="EUR", countries=("NL",))
    write_history(market, folder)
    return folder


def run(home: Path, exported: Path, at: int) -> tuple[int, list[int]]:
    """Exit code; and of a run that came to its end how many calls its pull made, and pull and landing together."""
    command = [sys.executable, str(PROGRAM), str(home), str(exported), "google_ads", TODAY.isoformat(), str(at)]
    places = os.pathsep.join([str(PROGRAM.parent), *sys.path])
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": places}
    )
    assert done.returncode in {0, KILLED}, done.stderr
    return done.returncode, [int(count) for count in done.stdout.split()]


def lake_rows(home: Path) -> list[tuple[object, ...]]:
    """All versions of all facts, without the import and the place in its files that brought them."""
    with StoreOpener(Settings(home=home)).home() as stores:
        rows = stores.lake.table(FACTS.name).drop("import_id", "file", "place").to_pyarrow().to_pylist()
    return sorted((tuple(map(str, row.values())) for row in rows), key=str)


def test_a_pull_that_is_killed_again_and_again_ends_as_one_that_never_was(exported: Path, tmp_path: Path) -> None:
    _, (pulling, all_calls) = run(tmp_path / "whole", exported, 0)
    draw = random.Random(7)  # noqa: S311 - a fixed seed
    moments = [draw.randint(1, pulling // 2) for _ in range(3)] + [draw.randint(pulling // 2, all_calls)]
    ends = [run(tmp_path / "killed", exported, at)[0] for at in moments]
    assert ends.count(KILLED) >= 3
    run(tmp_path / "killed", exported, 0)
    assert lake_rows(tmp_path / "killed") == lake_rows(tmp_path / "whole")
    with StoreOpener(Settings(home=tmp_path / "killed")).home() as stores:
        with stores.records.session() as session:
            pulls = pulls_of(session, stores.workspace)
            files = {chunk.file for pull in pulls for chunk in chunks_of(session, pull)}
        assert {pull.state for pull in pulls} == {"landed"}
        assert len(stores.stream.replay(EXPORTS_PULLED)) == len(pulls)
        assert {name for name in stores.files.list() if name.endswith(".gz")} == files
