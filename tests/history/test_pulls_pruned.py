"""Pruned pulls: what is read of them stays just as it was, in a folder and on S3 (a moto server)."""

from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from folder_exports import FolderExports
from pydantic import SecretStr
from sqlalchemy import update

from marketmover.history import import_history
from marketmover.history.pulls.folders import lay_out
from marketmover.history.pulls.landing import land_pulls
from marketmover.history.pulls.pruning import prune_pulls
from marketmover.history.pulls.service import pull_exports
from marketmover.history.records import ExportPull
from marketmover.history.tables import FACTS, SETTINGS, current_rows
from marketmover.kit import new_id
from marketmover.sandbox import create_market, write_history
from marketmover.settings import Settings
from marketmover.store import Lake, StoreOpener, Stores

TODAY = date(2026, 1, 5)
NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("market") / "exported"
    market = create_market(4, 75, 5, end=TODAY - timedelta(days=1), sells="leads", currency="EUR", countries=("NL",))
    write_history(market, folder)
    return folder


@pytest.fixture
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Stores]:
    on_s3 = getattr(request, "param", "") == "s3"
    url = f"s3://{request.getfixturevalue('s3_bucket')}/{new_id()}" if on_s3 else "files"
    with StoreOpener(Settings(home=tmp_path / "home", files_url=SecretStr(url))).home() as opened:
        yield opened


def pull(stores: Stores, exported: Path, *days: int) -> None:
    """Pull and land on days counted from TODAY."""
    for place, day in enumerate(days):
        source = FolderExports(exported, "google_ads", TODAY + timedelta(days=day))
        since = None if place else TODAY - timedelta(days=70)
        pull_exports(stores, source, since=since, now=lambda: NOW, progress=lambda *_: None)
    assert {one.problem for one in land_pulls(stores, now=lambda: NOW, progress=lambda *_: None)} <= {None}


def read(lake: Lake) -> list[str]:
    """What a history says, whichever import said it."""
    rows = [*current_rows(lake, FACTS), *current_rows(lake, SETTINGS)]
    apart = {"import_id", "file", "place"}
    return sorted(str({name: value for name, value in row.items() if name not in apart}) for row in rows)


def history_of(stores: Stores, place: Path, start: date) -> list[str]:
    """What is read of the pulls as the history before a day."""
    laid = lay_out(stores, place, start)
    with StoreOpener(Settings(home=place / "home")).home() as other:
        import_history(other.lake, laid.history, now=NOW, as_of=TODAY, progress=lambda *_: None)
        return read(other.lake)


def files(stores: Stores, number: int) -> list[str]:
    return [name for name in stores.files.list("pulls") if f"/{number:05d}/" in name and name[-3:] == ".gz"]


@pytest.mark.parametrize("stores", ["folder", "s3"], indirect=True)
def test_what_is_pruned_is_held_by_later_pulls_and_what_is_read_stays_as_it_was(
    stores: Stores, exported: Path, tmp_path: Path
) -> None:
    pull(stores, exported, -20, -19, -16, -15, -3, 0)
    before = TODAY - timedelta(days=4)
    was = history_of(stores, tmp_path / "was", before)
    live = sorted(path.name for path in (tmp_path / "was/live").iterdir())
    kept = [files(stores, number) for number in (5, 6)]
    size = sum(len(stores.files.read_bytes(name)) for number in (1, 2, 3, 4) for name in files(stores, number))
    assert prune_pulls(stores, 0, before) > 5
    left = sum(len(stores.files.read_bytes(name)) for number in (1, 2, 3, 4) for name in files(stores, number))
    assert left < 0.7 * size
    assert any("daily" in name for name in files(stores, 1))  # the only one with the first days
    assert [files(stores, number) for number in (5, 6)] == kept
    assert history_of(stores, tmp_path / "is", before) == was
    assert sorted(path.name for path in (tmp_path / "is/live").iterdir()) == live
    assert prune_pulls(stores, 0, before) == 0
    pull(stores, exported, 1)


def test_what_waits_to_land_and_the_last_that_could_not_be_read_stay(stores: Stores, exported: Path) -> None:
    pull(stores, exported, -20, -19, -18)
    for number, state in ((1, "spoilt"), (2, "done"), (3, "spoilt")):
        with stores.records.session() as session:
            session.execute(update(ExportPull).where(ExportPull.number == number).values(state=state))
    prune_pulls(stores, 0)
    assert [bool(files(stores, number)) for number in (1, 2, 3)] == [False, True, True]


def test_a_file_that_was_written_or_left_by_pruning_that_was_cut_off_is_deleted_the_next_time(
    stores: Stores, exported: Path
) -> None:
    pull(stores, exported, -20, -19, -18, -17)
    (daily,) = (name for name in files(stores, 2) if "daily" in name)
    left = daily.replace("daily", "left")
    stores.files.write_bytes(left, stores.files.read_bytes(daily))
    prune_pulls(stores, 0)
    assert not stores.files.exists(left)
    assert not stores.files.exists(daily)  # of which a single day was left
    assert any("daily" in name for name in files(stores, 2))


def test_days_that_are_kept_are_counted_from_the_accounts_own_last_day(stores: Stores, exported: Path) -> None:
    pull(stores, exported, -20, -19, -18)
    assert prune_pulls(stores, 2) == 0
    assert prune_pulls(stores, 0) > 0
