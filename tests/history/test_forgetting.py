"""One account's data are deleted, all of them and nothing else, and can be imported anew."""

import io
import json
import shutil
from collections.abc import Generator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from folder_exports import FolderExports

from marketmover.access import audit
from marketmover.cli.main import run
from marketmover.errors import ConflictError, NotFoundError, StoreError
from marketmover.history import import_history
from marketmover.history.forgetting import AccountData, account_data, delete_account_data
from marketmover.history.pulls.landing import land_pulls
from marketmover.history.pulls.ledger import pulls_of
from marketmover.history.pulls.service import pull_exports
from marketmover.history.tables import ALL, FILES, IMPORTS, LEADS, current_rows
from marketmover.jobs import holding
from marketmover.sandbox import create_market, write_history
from marketmover.settings import Settings
from marketmover.store import Lake, StoreOpener, Stores

TODAY = date(2026, 1, 5)
NOW = datetime(2026, 1, 5, 6, tzinfo=UTC)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("market") / "exported"
    market = create_market(3, 45, 5, end=TODAY - timedelta(days=1), sells="leads", currency="EUR", countries=("NL",))
    write_history(market, folder)
    return folder


@pytest.fixture(scope="module")
def prepared(exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home into which the whole history was imported, and one account pulled besides."""
    home = tmp_path_factory.mktemp("prepared") / "home"
    with StoreOpener(Settings(home=home)).home() as opened:
        import_history(opened.lake, exported, now=NOW, as_of=TODAY, progress=lambda *_: None)
        pulled(opened, exported)
    return home


@pytest.fixture
def stores(opener: StoreOpener, prepared: Path) -> Generator[Stores]:
    """A home of the test's own that is as the prepared one."""
    shutil.copytree(prepared, opener.settings.home)
    with opener.home() as opened:
        yield opened


def pulled(stores: Stores, exported: Path) -> str:
    source = FolderExports(exported, "meta_ads", TODAY)
    pull_exports(stores, source, since=None, now=lambda: NOW, progress=lambda *_: None)
    assert [one.problem for one in land_pulls(stores, now=lambda: NOW, progress=lambda *_: None)] == [None]
    return source.account().account_id


def account_of(exported: Path, platform: str) -> str:
    return FolderExports(exported, platform, TODAY).account().account_id


def rows(lake: Lake) -> dict[str, list[dict[str, Any]]]:
    """What is current of each table, without the import and the place in its files that brought it."""
    forms = [form for form in ALL if form not in (IMPORTS, FILES) and "import_id" in form.columns]
    return {form.name: [without_import(row) for row in current_rows(lake, form)] for form in forms}


def without_import(row: dict[str, Any]) -> dict[str, Any]:
    return {column: value for column, value in row.items() if column not in {"import_id", "file", "place"}}


def deleted(stores: Stores, platform: str, account_id: str, **options: Any) -> AccountData:
    return delete_account_data(stores, platform, account_id, who="ana", now=lambda: NOW, **options)


def test_all_of_an_account_goes_and_nothing_of_another(stores: Stores, exported: Path) -> None:
    account, before = account_of(exported, "meta_ads"), rows(stores.lake)
    told = account_data(stores, "meta_ads", account)
    assert deleted(stores, "meta_ads", account) == told
    assert (told.pulls, told.files > 3, told.rows["history_facts"] > 100, told.rows["history_leads"] > 0) == (
        1,
        True,
        True,
        True,
    )
    after = rows(stores.lake)
    for name, form in {form.name: form for form in ALL}.items():
        if "account_id" in form.columns:
            assert after[name] == [row for row in before[name] if row["platform"] != "meta_ads"], name
    assert after[LEADS.name] == [row for row in before[LEADS.name] if row["platform"] != "meta_ads"]
    with stores.records.session(read_only=True) as session:
        assert pulls_of(session, stores.workspace) == []
        [entry, *_] = audit.entries(session, stores.workspace)
    assert (entry.who, entry.what, entry.before is not None) == ("ana", "history.account_deleted", True)
    assert [path for path in stores.files.list() if path.startswith("pulls/")] == []
    with pytest.raises(NotFoundError, match=r"knows nothing.*google_ads"):
        deleted(stores, "meta_ads", account)


def test_uploads_that_may_hold_the_account_go_with_it_and_no_others(stores: Stores, exported: Path) -> None:
    for path in ("a/meta_ads/0-x.json", "b/crm/0-leads.json", "c/packed/0000.zip", "d/google_ads/0-y.json"):
        with stores.files.open(f"imports/{path}", "wb") as file:
            file.write(b"{}")
    deleted(stores, "meta_ads", account_of(exported, "meta_ads"))
    assert stores.files.list("imports") == ["imports/d/google_ads/0-y.json"]


def test_it_is_imported_and_pulled_anew_as_if_it_were_new(stores: Stores, exported: Path) -> None:
    before = rows(stores.lake)
    deleted(stores, "meta_ads", account_of(exported, "meta_ads"))
    report = import_history(stores.lake, exported, now=NOW, as_of=TODAY, progress=lambda *_: None)
    assert report.added > 100
    assert rows(stores.lake) == before
    pulled(stores, exported)
    assert rows(stores.lake) == before


def test_a_pull_that_waits_to_land_is_forgotten_too(stores: Stores, exported: Path) -> None:
    source = FolderExports(exported, "meta_ads", TODAY)
    pull_exports(stores, source, since=None, now=lambda: NOW, progress=lambda *_: None)
    deleted(stores, "meta_ads", account_of(exported, "meta_ads"))
    assert land_pulls(stores, now=lambda: NOW, progress=lambda *_: None) == []
    assert pulled(stores, exported)


@pytest.mark.parametrize("form", ["{}", "act_{}"])
def test_the_id_may_be_written_with_or_without_its_prefix(stores: Stores, exported: Path, form: str) -> None:
    plain = account_of(exported, "meta_ads").removeprefix("act_")
    found = account_data(stores, "meta_ads", form.format(plain))
    assert (found.account_id, found.pulls) == (plain, 1)


def test_where_a_record_cannot_be_kept_the_lake_keeps_its_rows_too(stores: Stores, exported: Path) -> None:
    def refuse(_: object) -> None:
        raise StoreError("The disk is full.")

    account, before = account_of(exported, "meta_ads"), rows(stores.lake)
    files = stores.files.list()
    with pytest.raises(StoreError, match="disk is full"):
        deleted(stores, "meta_ads", account, confirm=refuse)
    assert rows(stores.lake) == before
    assert stores.files.list() == files
    with stores.records.session(read_only=True) as session:
        assert len(pulls_of(session, stores.workspace)) == 1


def test_another_workspace_keeps_its_own(stores: Stores, exported: Path) -> None:
    account = account_of(exported, "google_ads")
    other = stores.lake.for_workspace("agency")
    import_history(other, exported, now=NOW, as_of=TODAY, progress=lambda *_: None)
    before = rows(other)
    deleted(stores, "google_ads", account)
    assert rows(other) == before


@pytest.mark.parametrize("job", ["land", "pull meta"])
def test_a_pull_that_is_under_way_is_not_undercut(stores: Stores, exported: Path, job: str) -> None:
    with holding(stores.records, job), pytest.raises(ConflictError, match="being done by"):
        deleted(stores, "meta_ads", account_of(exported, "meta_ads"), jobs=["pull meta"])
    assert account_data(stores, "meta_ads", account_of(exported, "meta_ads")).pulls == 1


def test_quarantined_rows_of_the_account_go_with_it(opener: StoreOpener, exported: Path, tmp_path: Path) -> None:
    account = account_of(exported, "google_ads")
    folder = tmp_path / "broken" / "google_ads"
    folder.mkdir(parents=True)
    whole = next(iter((exported / "google_ads").glob("daily_*"))).read_bytes()
    (folder / "daily_1.json").write_bytes(whole)
    bad = [
        {
            "customer": {"id": one},
            "campaign": {"id": "5"},
            "segments": {"date": "2025-13-45"},
            "metrics": {"clicks": "1"},
        }
        for one in (account, f"9{account}")
    ]
    (folder / "daily_2.json").write_text(json.dumps([{"results": bad}]), encoding="utf-8")
    with opener.home() as stores:
        import_history(stores.lake, tmp_path / "broken", now=NOW, as_of=TODAY, progress=lambda *_: None)
        assert stores.lake.table("history_quarantine").count().to_pyarrow().as_py() == 2
        assert deleted(stores, "google_ads", account).rows["history_quarantine"] == 1
        [left] = stores.lake.table("history_quarantine").to_pyarrow()["raw"].to_pylist()
    assert f"9{account}" in left


def test_the_command_asks_tells_and_deletes(
    tmp_path: Path, exported: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    account = account_of(exported, "google_ads")
    assert run(["import", str(exported), "--as-of", TODAY.isoformat()]) == 0
    capsys.readouterr()
    assert run(["history", "delete-account", "google_ads", account, "--dry-run", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["deleted"], told["rows"]["history_facts"] > 100) == (False, True)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert run(["history", "delete-account", "google_ads", account]) == 2
    assert "--yes" in capsys.readouterr().err
    assert run(["history", "delete-account", "google_ads", account, "--yes", "--by", "ana"]) == 0
    assert "facts:" in capsys.readouterr().out
    assert run(["history", "delete-account", "google_ads", account, "--yes"]) == 1
    assert "knows nothing" in capsys.readouterr().err
