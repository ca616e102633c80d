"""A home that was restored answers as before: the same history, accounts, pulls, plans and models, on any database."""

import json
import shutil
from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import pytest
import sqlalchemy as sa
from folder_exports import FolderExports
from sqlalchemy.engine import make_url

from marketmover.access import Account, add_account, audit
from marketmover.app.opening import App
from marketmover.app.operating.backup import take_backup
from marketmover.app.operating.places import Places
from marketmover.app.operating.restore import restore_backup
from marketmover.history import describe_history, load_panel
from marketmover.history.pulls.lag import freshness
from marketmover.history.pulls.landing import land_pulls
from marketmover.history.pulls.service import pull_exports
from marketmover.kit import new_id, utc_now
from marketmover.learning import Run, Tracker
from marketmover.sandbox import create_market, write_history
from marketmover.settings import Settings
from marketmover.store import portable

TODAY = date(2026, 1, 5)
NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)
EMBEDDED = {"lake_url": "", "records_url": "", "tracking_url": "", "files_url": ""}
NOTICES = '# none yet\n[[route]]\nname = "team"\nby = "log"\n'


def app_at(home: Path, **urls: str) -> App:
    return App(Settings.model_validate({"home": home, **EMBEDDED, **urls}))


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> App:
    """A home in which everything happened once: pulls, an account with its credentials, a model, a plan's folder."""
    folder = tmp_path_factory.mktemp("original")
    market = create_market(4, 75, 5, end=TODAY - timedelta(days=1), sells="leads", currency="EUR", countries=("NL",))
    write_history(market, folder / "exported")
    app = app_at(folder / "home")
    with app.home() as stores:
        for platform in ("google_ads", "meta_ads"):
            source = FolderExports(folder / "exported", platform, TODAY)
            pull_exports(stores, source, since=None, now=lambda: NOW, progress=lambda *_: None)
        land_pulls(stores, now=lambda: NOW, progress=lambda *_: None)
        account = Account("google_ads", "google_ads", "1234567890", {"title": "Ü & Co", "currency": "EUR"}, NOW)
        with stores.records.session() as session:
            add_account(session, app.secrets, app.workspace, account, {"refresh_token": "s3cret"}, who="ana")
        tracker = Tracker(stores.tracking_url, stores.files, app.workspace)
        run_id = tracker.record("models", Run("ours", {"seed": "1"}, {"deviance": 1.25}, {"deviance": [1.0, 1.5]}))
        tracker.register("response", {"weights": [0.5, 0.25]}, run_id, {"fitted_on": "2026-01-04"})
    plans = app.settings.home / "plans" / "spring"
    plans.mkdir(parents=True)
    (plans / "plan.json").write_text('{"name": "spring"}', encoding="utf-8")
    app.notices_file.write_text(NOTICES, encoding="utf-8")
    return app


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> Generator[dict[str, str]]:
    """URLs of two empty PostgreSQL databases, for records and for the records of models."""
    import psycopg

    server = str(request.getfixturevalue("postgres_server"))
    names = [f"test_{new_id()}" for _ in range(2)]
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}".encode())
        yield {
            setting: server.replace("/postgres?", f"/{name}?")
            for setting, name in zip(("records_url", "tracking_url"), names, strict=True)
        }
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def answers(app: App) -> dict[str, Any]:
    """What a home says when it is asked."""
    with app.home() as stores:
        with stores.records.session(read_only=True) as session:
            fresh = [one.to_json() for one in freshness(session, app.workspace, NOW)]
            log = audit.entries(session, app.workspace)
        version = Tracker(stores.tracking_url, stores.files, app.workspace).newest("response")
        panel = load_panel(stores.lake, as_of=TODAY)
        return {
            "history": whole_cents(describe_history(stores.lake, as_of=TODAY).to_json()),
            "lines": panel.line_ids,
            "cost": panel.cost.tolist(),
            "accounts": app.accounts(),
            "fresh": fresh,
            "log": log,
            "model": version,
            "files": {path: stores.files.read_bytes(path) for path in stores.files.list()},
            "others": {path: (app.settings.home / path).read_bytes() for path in Places.of(app.settings).other_files()},
        }


def whole_cents(value: Any) -> Any:
    """Sums without their last digits, which hang on the order in which threads of the lake add up."""
    if isinstance(value, dict):
        return {name: whole_cents(one) for name, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [whole_cents(one) for one in cast("list[Any]", value)]
    return round(value, 6) if isinstance(value, float) else value


def rows(app: App) -> dict[str, list[str]]:
    """Every row of records and of the records of models, as a backup would hold it."""
    places, found = Places.of(app.settings), dict[str, list[str]]()
    for url in (places.records, places.tracking):
        with TemporaryDirectory() as folder, portable.snapshot(url, Path(folder)) as connection:
            for name in portable.write_tables(connection, Path(folder, "rows")):
                lines = Path(folder, "rows", f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
                found[name] = sorted(map(plainly, lines))
    return found


def plainly(line: str) -> str:
    """A row without what databases tell differently: the zone of a moment in UTC, spaces within JSON."""
    return line.replace("+00:00", "").replace(" ", "").replace(".0", "")


def test_a_restored_home_answers_as_before(original: App, tmp_path: Path) -> None:
    before = answers(original)
    taken = take_backup(original, tmp_path / "b.tar.zst", with_key=True)
    assert [member.path for member in taken.manifest.of("home")] == ["notices.toml", "plans/spring/plan.json"]
    restored = app_at(tmp_path / "home")
    done = restore_backup(restored, taken.path)
    assert (done.set_aside, done.missing) == ([], [])
    assert answers(restored) == before
    assert restored.credentials(restored.account("google_ads")) == {"refresh_token": "s3cret"}
    assert rows(restored) == rows(original)


def test_rows_move_from_sqlite_to_postgresql_and_back_and_life_goes_on(
    original: App, tmp_path: Path, databases: dict[str, str]
) -> None:
    before, before_rows = answers(original), rows(original)
    served = app_at(tmp_path / "served", **databases)
    restore_backup(served, take_backup(original, tmp_path / "one.tar.zst", with_key=True).path)
    assert (answers(served), rows(served)) == (before, before_rows)
    with served.home() as stores, stores.records.session() as session:  # the counter of rows goes on after the last
        audit.append(session, served.workspace, who="ben", what="plan.approved", about="plan spring")
    back = app_at(tmp_path / "back")
    restore_backup(back, take_backup(served, tmp_path / "two.tar.zst", with_key=True).path)
    with back.home() as stores, stores.records.session(read_only=True) as session:
        assert audit.entries(session, back.workspace)[0].who == "ben"
    assert {name: lines for name, lines in rows(back).items() if name != "audit_log"} == {
        name: lines for name, lines in before_rows.items() if name != "audit_log"
    }


def test_what_a_postgresql_held_lies_in_a_schema_of_its_own_after_it_was_replaced(
    original: App, tmp_path: Path, databases: dict[str, str]
) -> None:
    from marketmover.store import database

    served = app_at(tmp_path / "served", **databases)
    with served.home() as stores, stores.records.session() as session:
        audit.append(session, served.workspace, who="former", what="plan.approved", about="plan old")
    taken = take_backup(original, tmp_path / "b.tar.zst")
    done = restore_backup(served, taken.path, replace=True)
    [schema] = [place.split()[2] for place in done.set_aside if place.startswith("the schema")]
    engine = database.connect(make_url(databases["records_url"]).set(drivername="postgresql+psycopg"), pooled=False)
    kept = sa.table("audit_log", sa.column("who"), schema=schema)
    with engine.connect() as connection:
        assert connection.execute(sa.select(kept.c.who)).scalars().all() == ["former"]
    engine.dispose()
    with served.home() as stores, stores.records.session(read_only=True) as session:
        assert [entry.who for entry in audit.entries(session, served.workspace)] == ["ana"]


def test_without_the_key_a_restore_says_what_is_missing(original: App, tmp_path: Path) -> None:
    taken = take_backup(original, tmp_path / "b.tar.zst")
    assert not taken.manifest.with_key
    restored = app_at(tmp_path / "home")
    [missing] = restore_backup(restored, taken.path).missing
    assert original.keys.all()[0].id in missing
    assert not (restored.settings.home / "secret.key").exists()
    shutil.copy2(original.settings.home / "secret.key", restored.settings.home)
    assert app_at(tmp_path / "home").credentials(restored.account("google_ads")) == {"refresh_token": "s3cret"}


def test_the_key_comes_back_for_its_owner_alone(original: App, tmp_path: Path) -> None:
    taken = take_backup(original, tmp_path / "b.tar.zst", with_key=True)
    assert taken.path.stat().st_mode & 0o077 == 0
    restore_backup(app_at(tmp_path / "home"), taken.path)
    assert (tmp_path / "home" / "secret.key").stat().st_mode & 0o077 == 0


def test_files_move_to_s3_and_back(tmp_path: Path, s3_bucket: str) -> None:
    first = app_at(tmp_path / "first")
    with first.home() as stores:
        stores.files.write_text("models/response/1.json", "{}")
    remote = app_at(tmp_path / "remote", files_url=f"s3://{s3_bucket}/{new_id()}")
    restore_backup(remote, take_backup(first, tmp_path / "one.tar.zst").path)
    with remote.home() as stores:
        stores.files.write_text("models/response/2.json", "[]")
    second = take_backup(remote, tmp_path / "two.tar.zst")
    done = restore_backup(remote, second.path, replace=True)
    assert any(place.startswith("s3://") and ".replaced-" in place for place in done.set_aside)
    back = app_at(tmp_path / "back")
    restore_backup(back, second.path)
    with back.home() as stores, remote.home() as there:
        for files in (stores.files, there.files):
            assert {path: files.read_text(path) for path in files.list()} == {
                "models/response/1.json": "{}",
                "models/response/2.json": "[]",
            }


def test_a_backup_says_when_it_was_taken_for_doctor(original: App, tmp_path: Path) -> None:
    from marketmover.app.operating.memory import last_backup

    taken = take_backup(original, tmp_path / "b.tar.zst")
    last = last_backup(original.settings.home)
    assert last is not None
    assert (last.path, utc_now() - last.at < timedelta(minutes=5)) == (str(taken.path), True)
    assert json.loads((original.settings.home / "backups" / "last.json").read_text())["path"] == str(taken.path)
