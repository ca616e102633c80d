import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from marketmover.errors import InputError, SettingsError, StoreError
from marketmover.learning import Run, Tracker
from marketmover.settings import Settings
from marketmover.store import StoreOpener


def tracker_of(opener: StoreOpener) -> Tracker:
    with opener.home() as stores:
        return Tracker(stores.tracking_url, stores.files, stores.workspace)


def test_runs_and_versions_are_kept_in_the_home_and_found_by_the_next_process(opener: StoreOpener) -> None:
    tracker = tracker_of(opener)
    part = Run("Regression", {"penalty": 0.1}, {"error": 0.2}, {"error": [0.1, 0.3]}, {"outcome": "leads"})
    run_id = tracker.record("models", Run("leads", {"seed": 1}), [part])
    first = tracker.register("leads", {"weeks": 4}, run_id, {"fingerprint": "ab"})
    second = tracker.register("leads", {"weeks": 2}, run_id, {"fingerprint": "cd"})
    assert (first.number, second.number) == (1, 2)
    again = tracker_of(opener)
    newest = again.newest("leads")
    assert newest is not None
    assert (newest.number, newest.content, newest.labels["fingerprint"]) == (2, {"weeks": 2}, "cd")
    assert [number for number, _ in again.versions("leads")] == [2, 1]
    assert again.newest("conversions") is None
    with closing(sqlite3.connect(opener.settings.home / "mlflow.db")) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM runs")}
        folds = connection.execute("SELECT value FROM metrics WHERE key = 'fold_error' ORDER BY step").fetchall()
    assert names == {"leads", "Regression"}
    assert folds == [(0.1,), (0.3,)]


def test_workspaces_do_not_see_each_others_models(tmp_path: Path) -> None:
    home = tmp_path / "home"
    mine = tracker_of(StoreOpener(Settings(home=home, workspace="mine")))
    mine.register("leads", {"weeks": 4}, mine.record("models", Run("leads")), {})
    assert tracker_of(StoreOpener(Settings(home=home, workspace="theirs"))).newest("leads") is None


def test_nothing_is_sent_anywhere_and_nothing_runs_on(opener: StoreOpener) -> None:
    tracker_of(opener).record("models", Run("leads"))  # sockets are closed in tests: a call home would fail
    assert os.environ["MLFLOW_DISABLE_TELEMETRY"] == "true"
    assert not [thread.name for thread in threading.enumerate() if "telemetry" in thread.name.lower()]


def test_a_database_that_is_not_one_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "mlflow.db").write_text("no database", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot be opened") as caught:
        tracker_of(StoreOpener(Settings(home=home))).newest("leads")
    assert "MARKETMOVER_TRACKING_URL" in caught.value.remedy


def test_a_url_that_no_backend_answers_to_is_refused_before_any_work(tmp_path: Path) -> None:
    opener = StoreOpener(Settings.model_validate({"home": tmp_path / "home", "tracking_url": "oracle://x"}))
    with pytest.raises(SettingsError, match="tracking_url"):
        tracker_of(opener)


def test_a_models_file_that_was_spoiled_is_named(opener: StoreOpener) -> None:
    tracker = tracker_of(opener)
    tracker.register("leads", {"weeks": 4}, tracker.record("models", Run("leads")), {})
    with opener.home() as stores:
        stores.files.write_text(stores.files.list("models")[0], "{half")
    with pytest.raises(InputError, match="is no JSON"):
        tracker.newest("leads")


def test_records_of_models_may_lie_in_postgresql(tmp_path: Path, postgres_url: str) -> None:
    opener = StoreOpener(Settings.model_validate({"home": tmp_path / "home", "tracking_url": postgres_url}))
    tracker = tracker_of(opener)
    tracker.register("leads", {"weeks": 4}, tracker.record("models", Run("leads")), {})
    newest = tracker_of(opener).newest("leads")
    assert newest is not None
    assert newest.content == {"weeks": 4}
    assert not (opener.settings.home / "mlflow.db").exists()
