"""Backups as files: what is refused before anything is touched, who is waited for, what a cut-off restore leaves."""

import hashlib
import io
import json
import signal
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy.engine import make_url

from marketmover.access import audit
from marketmover.app.opening import App
from marketmover.app.operating.backup import take_backup
from marketmover.app.operating.restore import restore_backup
from marketmover.cli.main import run
from marketmover.errors import ConflictError, InputError, NewerSchemaError, NotFoundError, StoreError
from marketmover.jobs import ask_to_cancel, find_task, submit, task_holding
from marketmover.kit import utc_now
from marketmover.settings import Settings
from marketmover.store import Records, portable
from marketmover.store.records import Workspace
from programs import line_from, running

EMBEDDED = {"lake_url": "", "records_url": "", "tracking_url": "", "files_url": ""}

_HOLDS_THE_LAKE = """
import sys
from pathlib import Path
from marketmover.store import Lake
lake = Lake.open(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.readline()
lake.close()
"""
_WORKS_WITH_RECORDS = """
import sys
from sqlalchemy.engine import make_url
from marketmover.store import Records
records = Records.open(make_url(sys.argv[1]))
with records.session() as session:
    session.connection()
print("open", flush=True)
sys.stdin.readline()
"""
_DIES_IN_THE_SWAP = """
import os, signal, sys
from pathlib import Path
from marketmover.app.opening import App
from marketmover.app.operating.restore import restore_backup
from marketmover.settings import Settings
from marketmover.store import Files
Files.copy_in = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
empty = dict.fromkeys(("lake_url", "records_url", "tracking_url", "files_url"), "")
restore_backup(App(Settings(home=Path(sys.argv[1]), **empty)), Path(sys.argv[2]), replace=True)
"""


def app_at(home: Path, **urls: str) -> App:
    return App(Settings.model_validate({"home": home, **EMBEDDED, **urls}))


def filled(home: Path, who: str) -> App:
    """A home with a row in records and in the lake, and a file."""
    app = app_at(home)
    with app.home() as stores:
        stores.lake.ensure("seen", {"name": "string"})
        stores.lake.append("seen", pa.table({"name": [who]}))
        stores.files.write_text(f"of/{who}.txt", who)
        with stores.records.session() as session:
            audit.append(session, app.workspace, who=who, what="plan.approved", about="plan 1")
    return app


def holds(app: App) -> list[Any]:
    with app.home() as stores, stores.records.session(read_only=True) as session:
        return [
            [entry.who for entry in audit.entries(session, app.workspace)],
            stores.lake.table("seen").to_pyarrow()["name"].to_pylist(),
            [stores.files.read_text(path) for path in stores.files.list()],
        ]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    return take_backup(filled(tmp_path / "first", "ana"), tmp_path / "b.tar.zst").path


def unpacked(path: Path) -> list[tuple[tarfile.TarInfo, bytes]]:
    with path.open("rb") as handle, pa.CompressedInputStream(handle, "zstd") as stream:
        whole = io.BytesIO(stream.read())
    with tarfile.open(fileobj=whole) as held:
        return [(member, held.extractfile(member).read()) for member in held]  # pyright: ignore[reportOptionalMemberAccess] - plain files


def packed(path: Path, members: list[tuple[tarfile.TarInfo, bytes]], form: int = tarfile.GNU_FORMAT) -> Path:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=form) as out:
        for head, content in members:
            out.addfile(head, io.BytesIO(content))
    with path.open("wb") as handle, pa.CompressedOutputStream(handle, "zstd") as stream:
        stream.write(whole.getvalue())
    return path


def changed(
    path: Path, change: Callable[[dict[str, Any]], None] = lambda _: None, content: Mapping[str, bytes] | None = None
) -> Path:
    """The same backup with its manifest changed, and other content under some names."""
    (first, words), *members = unpacked(path)
    manifest = json.loads(words)
    change(manifest)
    words = json.dumps(manifest).encode()
    first.size = len(words)
    rest: list[tuple[tarfile.TarInfo, bytes]] = []
    for head, held in members:
        given = (content or {}).get(head.name, held)
        head.size = len(given)
        rest.append((head, given))
    return packed(path.with_name("changed.tar.zst"), [(first, words), *rest])


def file_member(manifest: dict[str, Any]) -> dict[str, Any]:
    return next(member for member in manifest["members"] if member["name"].startswith("files/"))


def lead_to(path: str) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: file_member(manifest).update(path=path)


def named(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: file_member(manifest).update(name=name, path="")


def linked(path: Path) -> Path:
    *members, (head, _) = unpacked(path)
    link = tarfile.TarInfo(head.name)
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    return packed(path.with_name("linked.tar.zst"), [*members, (link, b"")])


def hard_linked(path: Path) -> Path:
    *members, (head, _) = unpacked(path)
    link = tarfile.TarInfo(head.name)
    link.type, link.linkname = tarfile.LNKTYPE, "manifest.json"
    return packed(path.with_name("linked.tar.zst"), [*members, (link, b"")])


def with_long_header(path: Path) -> Path:
    members = unpacked(path)
    members[-1][0].pax_headers = {"comment": "x" * 5000}
    return packed(path.with_name("pax.tar.zst"), members, tarfile.PAX_FORMAT)


def cut(path: Path, share: float) -> Path:
    whole = path.read_bytes()
    (short := path.with_name("short.tar.zst")).write_bytes(whole[: int(len(whole) * share)])
    return short


def flipped(path: Path) -> Path:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 0x55
    (other := path.with_name("flipped.tar.zst")).write_bytes(whole)
    return other


def text_file(path: Path) -> Path:
    (other := path.with_name("text.tar.zst")).write_text("day,cost\n" * 100)
    return other


def without_last(path: Path) -> Path:
    return packed(path.with_name("fewer.tar.zst"), unpacked(path)[:-1])


def twice(path: Path) -> Path:
    members = unpacked(path)
    return packed(path.with_name("twice.tar.zst"), [*members, members[-1]])


def with_home_files(path: Path, *places: str) -> Path:
    """The same backup with files that belong into the home beside its stores."""
    content = b"evil"
    there = [{"name": f"home/{number:06d}", "path": place} for number, place in enumerate(places)]
    told = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    path = changed(path, lambda manifest: manifest["members"].extend([one | told for one in there]))
    heads = [tarfile.TarInfo(one["name"]) for one in there]
    for head in heads:
        head.size = len(content)
    return packed(path, [*unpacked(path), *((head, content) for head in heads)])


BAD: dict[str, Callable[[Path], Path]] = {
    "out of the home": lambda path: changed(path, lead_to("default/../../../evil")),
    "absolute": lambda path: changed(path, lead_to("/etc/evil")),
    "of Windows": lambda path: changed(path, lead_to("C:\\evil")),
    "with a control sign": lambda path: changed(path, lead_to("default/a\nb")),
    "a member outside": lambda path: changed(path, named("../evil")),
    "a database in place": lambda path: changed(path, named("records.sqlite")),
    "a file over the records": lambda path: with_home_files(path, "records.sqlite"),
    "a file over the lake's log": lambda path: with_home_files(path, "lake.duckdb.wal"),
    "a file among the files": lambda path: with_home_files(path, "files/default/of/evil.txt"),
    "a file beneath a file": lambda path: with_home_files(path, "notes", "notes/more"),
    "a link that was there before": lambda path: with_home_files(path, "away/evil"),
    "a symbolic link": linked,
    "a hard link": hard_linked,
    "an extended header": with_long_header,
    "cut short": lambda path: cut(path, 0.6),
    "almost nothing": lambda path: cut(path, 0.01),
    "a flipped byte": flipped,
    "a text": text_file,
    "a member missing": without_last,
    "a member twice": twice,
    "other rows than told": lambda path: changed(path, lambda told: told["records"]["tables"].update(audit_log=7)),
    "a table unheard of": lambda path: changed(path, lambda told: told["records"]["tables"].update(more=1)),
    "content of other size": lambda path: changed(path, content={"lake.duckdb": b"short"}),
    "content of other digest": lambda path: changed(path, content={file_name(path): b"bob"}),
    "another form": lambda path: changed(path, lambda told: told.update(format=2)),
    "a field unheard of": lambda path: changed(path, lambda told: told.update(more=1)),
}


def file_name(path: Path) -> str:
    return str(file_member(json.loads(unpacked(path)[0][1]))["name"])


@pytest.mark.parametrize("how", BAD)
def test_what_is_no_whole_backup_is_refused_and_nothing_is_touched(backup: Path, tmp_path: Path, how: str) -> None:
    bad = BAD[how](backup)
    there = filled(tmp_path / "second", "ben")
    (tmp_path / "outside").mkdir()
    (tmp_path / "second" / "away").symlink_to(tmp_path / "outside")
    before = set(contents(tmp_path / "second"))
    with pytest.raises((InputError, StoreError)):
        restore_backup(there, bad, replace=True)
    assert holds(there) == [["ben"], ["ben"], ["ben"]]
    assert set(contents(tmp_path / "second")) == before
    assert not (tmp_path / "evil").exists()
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_backup_that_would_fill_the_disk_is_refused_by_its_manifest(backup: Path, tmp_path: Path) -> None:
    bomb = changed(backup, lambda told: file_member(told).update(size=10**16))
    with pytest.raises(StoreError, match=r"takes 10,000,000,00. MB.*free"):
        restore_backup(app_at(tmp_path / "second"), bomb)


def test_a_backup_of_a_newer_marketmover_is_refused(backup: Path, tmp_path: Path) -> None:
    newer = changed(backup, lambda told: told["records"].update(revision="9999"))
    with pytest.raises(NewerSchemaError, match=r"revision 9999.*pip install --upgrade"):
        restore_backup(app_at(tmp_path / "second"), newer)


def test_a_home_that_holds_something_is_replaced_only_when_that_is_said_and_kept_aside(
    backup: Path, tmp_path: Path
) -> None:
    there = filled(tmp_path / "second", "ben")
    with pytest.raises(ConflictError, match=r"1 rows of records, 1 rows in the lake, 1 files.*--replace"):
        restore_backup(there, backup)
    assert holds(there) == [["ben"], ["ben"], ["ben"]]
    done = restore_backup(there, backup, replace=True)
    assert holds(there) == [["ana"], ["ana"], ["ana"]]
    former = next(Path(place) for place in done.set_aside if Path(place).name.startswith("records.sqlite"))
    suffix = former.name.removeprefix("records.sqlite")
    for name in ("records.sqlite", "lake.duckdb", "files"):
        (tmp_path / "third" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "second" / (name + suffix)).rename(tmp_path / "third" / name)
    assert holds(app_at(tmp_path / "third")) == [["ben"], ["ben"], ["ben"]]


def test_work_that_was_under_way_at_the_backup_is_not_done_again_after_a_restore(
    tmp_path: Path, records_url: str
) -> None:
    """A plan that was published since would be published twice."""
    first, second = filled(tmp_path / "first", "ana"), app_at(tmp_path / "second", records_url=records_url)
    with first.home() as stores, stores.records.session() as session:
        task = submit(session, "default", "plans.publish", {}, asked_by="ana", about="plan 1", now=utc_now())
        done = submit(session, "default", "plans.publish", {}, asked_by="ana", about="plan 2", now=utc_now())
        ask_to_cancel(session, "default", done.id, utc_now())
    restore_backup(second, take_backup(first, tmp_path / "b.tar.zst").path)
    with second.home() as stores, stores.records.session() as session:
        found, other = find_task(session, "default", task.id), find_task(session, "default", done.id)
        assert task_holding.waiting(session, ["plans.publish"], utc_now()) == []
    assert (found.state, found.ended, other.state) == ("failed", True, "cancelled")
    assert found.error is not None
    assert "ask for it again" in found.error["remedy"]


def test_a_home_with_broken_stores_is_replaced_too(backup: Path, tmp_path: Path) -> None:
    there = filled(tmp_path / "second", "ben")
    (tmp_path / "second" / "records.sqlite").write_text("no database\n" * 100)
    (tmp_path / "second" / "lake.duckdb").write_text("no lake\n" * 100)
    with pytest.raises(ConflictError, match="cannot be read"):
        restore_backup(there, backup)
    restore_backup(there, backup, replace=True)
    assert holds(there) == [["ana"], ["ana"], ["ana"]]


def test_a_restore_that_is_killed_in_the_swap_loses_nothing_and_goes_well_the_next_time(
    backup: Path, tmp_path: Path
) -> None:
    there = filled(tmp_path / "second", "ben")
    with running(_DIES_IN_THE_SWAP, str(tmp_path / "second"), str(backup)) as process:
        assert process.wait() == -signal.SIGKILL
    with pytest.raises(StoreError, match=r"cut off.*restore FILE --replace"), there.home():
        pass
    kept = contents(tmp_path / "second")
    assert any(b"ben" in content for name, content in kept.items() if name.startswith("files.replaced-"))
    assert any(name.startswith("records.sqlite.replaced-") for name in kept)
    assert any(name.startswith("lake.duckdb.replaced-") for name in kept)
    restore_backup(there, backup, replace=True)
    assert holds(there) == [["ana"], ["ana"], ["ana"]]


def test_a_home_that_another_process_works_in_is_not_replaced(
    backup: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    there = filled(tmp_path / "second", "ben")
    url = f"sqlite:///{tmp_path / 'second' / 'records.sqlite'}"
    with running(_WORKS_WITH_RECORDS, url) as process:
        assert line_from(process) == "open"
        with pytest.raises(ConflictError, match=r"Another process.*records.sqlite"):
            restore_backup(there, backup, replace=True)
    assert holds(there) == [["ben"], ["ben"], ["ben"]]
    served = app_at(tmp_path / "third", records_url=str(request.getfixturevalue("postgres_url")))
    with running(_WORKS_WITH_RECORDS, served.settings.records_url.get_secret_value()) as process:
        assert line_from(process) == "open"
        with pytest.raises(ConflictError, match="1 other connection"):
            restore_backup(served, backup, replace=True)


def test_who_holds_the_lake_is_waited_for_and_told(tmp_path: Path) -> None:
    app = filled(tmp_path / "first", "ana")
    with running(_HOLDS_THE_LAKE, str(tmp_path / "first" / "lake.duckdb")) as process:
        assert line_from(process) == "held"
        with pytest.raises(StoreError, match=str(process.pid)):
            take_backup(app, tmp_path / "b.tar.zst", wait_s=0)
        assert not (tmp_path / "b.tar.zst").exists()
        assert [path.name for path in tmp_path.iterdir()] == ["first"]
        process.communicate("let go\n")
        assert take_backup(app, tmp_path / "b.tar.zst", wait_s=60).size > 0


def test_rows_are_those_of_one_moment_though_others_write_meanwhile(records: Records, tmp_path: Path) -> None:
    def add(name: str) -> None:
        with records.session() as session:
            session.add(Workspace(id=name, created_at=utc_now()))
            session.flush()
            audit.append(session, name, who=name, what="workspace.added", about=name)

    add("before")
    with portable.snapshot(records.engine.url, tmp_path) as connection:
        add("meanwhile")
        found = portable.write_tables(connection, tmp_path / "rows")
    assert (found["workspaces"], found["audit_log"]) == (2, 1)
    assert "meanwhile" not in (tmp_path / "rows" / "workspaces.jsonl").read_text()


def test_values_of_every_kind_come_back_as_they_were(records_url: str, tmp_path: Path) -> None:
    """JSON's null and no value at all are two things; so are moments and their zones, and numbers without end."""
    first = Records.open(make_url(records_url))
    with first.session() as session:
        for after in ({"name": "Ü \u2028 \" ' \\ 😀", "deep": [1, 1.5, None, {"a": []}]}, {}):
            audit.append(session, "default", who="ana", what="x", about="y", before=None, after=after)
    with portable.snapshot(first.engine.url, tmp_path) as connection:
        counts = portable.write_tables(connection, tmp_path / "rows")
    first.close()
    other = Records.open(make_url(f"sqlite:///{tmp_path / 'other.sqlite'}"))
    with other.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        portable.read_tables(connection, tmp_path / "rows", counts)
    with portable.snapshot(other.engine.url, tmp_path) as connection:
        assert portable.write_tables(connection, tmp_path / "again") == counts
    other.close()
    ours, theirs = (
        [json.loads(line) for line in (tmp_path / name / "audit_log.jsonl").read_text().splitlines()]
        for name in ("rows", "again")
    )
    assert [row[:1] + row[2:] for row in theirs] == [row[:1] + row[2:] for row in ours]


@pytest.mark.parametrize("place", ["missing/b.tar.zst", ".", "first/lake.duckdb"])
def test_a_backup_is_not_written_over_what_is_there_or_nowhere(tmp_path: Path, place: str) -> None:
    with pytest.raises(InputError):
        take_backup(filled(tmp_path / "first", "ana"), tmp_path / place)


def test_a_home_that_is_not_there_is_not_backed_up(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        take_backup(app_at(tmp_path / "none"), tmp_path / "b.tar.zst")
    assert list(tmp_path.iterdir()) == []


def test_backups_links_and_the_key_of_a_home_stay_out_of_its_backups(tmp_path: Path) -> None:
    app = filled(tmp_path / "first", "ana")
    home = tmp_path / "first"
    app.keys.sealing()
    (home / "notices.toml").write_text("")
    (home / "evil").symlink_to("/etc")
    (home / "old.tar.zst").write_text("old")
    (home / "backups").mkdir()
    (home / "backups" / "older").write_text("older")
    taken = take_backup(app, home / "new.tar.zst")
    assert [member.path for member in taken.manifest.of("home")] == ["notices.toml"]
    assert "secret.key" not in [member.name for member in taken.manifest.members]


def test_the_commands_say_what_they_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    filled(tmp_path / "first", "ana")
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "first"))
    assert run(["backup", str(tmp_path / "b.tar.zst"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["lake"]["tables"], told["files"]) == ({"seen": 1}, 1)
    assert told["bytes"] == (tmp_path / "b.tar.zst").stat().st_size
    assert run(["backup", str(tmp_path / "b.tar.zst")]) == 1
    assert "--replace" in capsys.readouterr().err
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "second"))
    assert run(["restore", str(tmp_path / "b.tar.zst")]) == 0
    assert "1 rows in 1 table" in capsys.readouterr().out
    assert run(["upgrade"]) == 0
    assert "up to date" in capsys.readouterr().out
    assert run(["restore", str(tmp_path / "nothing")]) == 1
    assert "cannot be read" in capsys.readouterr().err
