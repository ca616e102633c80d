"""`marketmover init` and `marketmover doctor`, as they are run from a shell's point of view."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from marketmover.app import open_app
from marketmover.app.health import examine
from marketmover.app.operating.backup import take_backup
from marketmover.cli.main import run
from marketmover.settings import Settings
from marketmover.store import Lake, StoreOpener
from marketmover.store.opening import UNFINISHED


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def doctor(capsys: pytest.CaptureFixture[str], expected_code: int = 0) -> dict[str, Any]:
    """What the doctor finds, by name, as JSON says it."""
    capsys.readouterr()
    assert run(["doctor", "--json"]) == expected_code
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] == (expected_code == 0)
    return {finding["name"]: finding for finding in told["findings"]}


def test_init_makes_a_home_with_its_stores_and_says_what_is_next(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init"]) == 0
    told = capsys.readouterr()
    assert told.out == f"The home is ready: {home}\n"
    assert "marketmover import" in told.err
    assert {entry.name for entry in home.iterdir()} == {"lake.duckdb", "records.sqlite", "files"}


def test_init_keeps_what_is_there(home: Path) -> None:
    assert run(["init"]) == 0
    with open_app(Settings(home=home)).home() as stores:
        stores.files.write_text("a.txt", "kept")
    assert run(["init"]) == 0
    with open_app(Settings(home=home)).home() as stores:
        assert stores.files.read_text("a.txt") == "kept"


def test_init_where_a_file_is_in_the_way_fails_and_says_why(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.write_text("mine")
    assert run(["init"]) == 1
    told = capsys.readouterr()
    assert (told.out, home.read_text()) == ("", "mine")
    assert str(home) in told.err
    assert "MARKETMOVER_HOME" in told.err


def test_a_home_in_order_is_well(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init"])
    found = doctor(capsys)
    assert {finding["state"] for finding in found.values()} == {"ok"}
    assert {"python", "home", "disk", "lake", "records", "stream", "files", "extra postgres", "extra s3"} <= set(found)
    assert str(home) in found["lake"]["detail"]


def test_the_doctor_makes_nothing_and_points_to_init(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = doctor(capsys)
    assert not home.exists()
    assert (found["home"]["state"], found["home"]["remedy"]) == ("warning", "Run: marketmover init")


def test_people_get_a_table_and_the_remedies(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init"])
    (home / "lake.duckdb").write_text("not a lake")
    capsys.readouterr()
    assert run(["doctor"]) == 1
    told = capsys.readouterr().out
    assert "broken" in told
    assert "To mend it:\n  lake: Move it away" in told


def test_a_broken_store_does_not_hide_the_others(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init"])
    (home / "lake.duckdb").write_text("not a lake")
    found = doctor(capsys, expected_code=1)
    assert (found["lake"]["state"], found["records"]["state"], found["files"]["state"]) == ("broken", "ok", "ok")


def test_a_store_whose_folder_is_missing_is_found(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["init"])
    monkeypatch.setenv("MARKETMOVER_LAKE_URL", "duckdb:///nowhere/lake.duckdb")
    lake = doctor(capsys, expected_code=1)["lake"]
    assert (lake["state"], str(home / "nowhere") in lake["remedy"]) == ("broken", True)


def test_damaged_records_are_found(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init"])
    content = bytearray((home / "records.sqlite").read_bytes())
    content[4096:8192] = b"\xff" * 4096
    (home / "records.sqlite").write_bytes(content)
    found = doctor(capsys, expected_code=1)
    assert found["records"]["state"] == "broken"
    assert "backup" in found["records"]["remedy"]


def test_records_of_a_newer_version_are_found(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init"])
    connection = sqlite3.connect(home / "records.sqlite")
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    assert "9999" in doctor(capsys, expected_code=1)["records"]["detail"]


def test_records_that_are_behind_are_told_and_left_as_they_are(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "records.sqlite").touch()
    found = doctor(capsys)
    assert "on its next use" in found["records"]["detail"]
    assert found["records"]["state"] == "ok"


@pytest.mark.usefixtures("home")
def test_a_server_that_does_not_answer_is_found_and_its_password_not_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["init"])
    monkeypatch.setenv("MARKETMOVER_RECORDS_URL", "postgresql://ana:s3cret@127.0.0.1:9/marketing")
    found = doctor(capsys, expected_code=1)
    assert "127.0.0.1" in found["records"]["detail"]
    assert "s3cret" not in json.dumps(found)


def test_a_database_on_a_server_is_looked_at_without_making_tables(tmp_path: Path, postgres_url: str) -> None:
    tmp_path.joinpath("home").mkdir()
    settings = Settings.model_validate({"home": tmp_path / "home", "records_url": postgres_url})
    found = {finding.name: finding for finding in examine(StoreOpener(settings))}
    assert "schema revision none" in found["records"].detail


def test_a_lake_that_a_running_server_holds_is_a_warning(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init"])
    hold = "import sys, duckdb; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.readline()"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(home / "lake.duckdb")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        found = doctor(capsys)
        holder.kill()
    assert (found["lake"]["state"], str(holder.pid) in found["lake"]["detail"]) == ("warning", True)


def test_settings_that_do_not_parse_are_a_finding_and_no_trace(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARKETMOVER_WORKSPACE", "My Client")
    found = doctor(capsys, expected_code=1)
    assert "MARKETMOVER_WORKSPACE" in found["settings"]["detail"]
    assert not home.exists()


def test_a_full_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 1_000

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    found = {finding.name: finding for finding in examine(StoreOpener(Settings(home=tmp_path)))}
    assert (found["disk"].state, bool(found["disk"].remedy)) == ("broken", True)


def test_the_doctor_leaves_no_probe_in_the_files(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init"])
    doctor(capsys)
    with open_app(Settings(home=home)).home() as stores:
        assert stores.files.list() == []
        assert isinstance(stores.lake, Lake)


def test_doctor_says_that_the_key_of_sealed_credentials_went_that_a_restore_was_cut_off_and_what_is_behind(
    tmp_path: Path,
) -> None:
    def found(name: str) -> tuple[str, str]:
        return next((one.state, one.detail) for one in examine(open_app(app.settings)) if one.name == name)

    app = open_app(Settings(home=tmp_path / "home"))
    with app.home() as stores, stores.records.session() as session:
        app.secrets.keep(session, "accounts/google_ads", {"refresh_token": "s3cret"})
    assert found("backup") == ("ok", "none was taken here yet; to take one: marketmover backup FILE")
    assert found("upgrade") == ("ok", "nothing is behind")
    assert found("secret key")[0] == "ok"
    take_backup(app, tmp_path / "b.tar.zst")
    assert "0 days ago" in found("backup")[1]
    (tmp_path / "home" / "secret.key").unlink()
    with app.home() as stores, stores.records.engine.begin() as connection:
        connection.execute(text("DROP TABLE plan_steps"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0004'"))
    (tmp_path / "home" / UNFINISHED).touch()
    assert found("secret key")[0] == "broken"
    assert found("backup") == ("broken", "a restore of this home was cut off")
    assert found("upgrade")[0] == "warning"
    assert "from 0004" in found("upgrade")[1]
