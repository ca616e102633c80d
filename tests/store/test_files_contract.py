"""What files do: in a folder, in memory, and on S3 (a moto server)."""

import os
from pathlib import Path

import pytest

from marketmover.errors import NotFoundError, StoreError, UsageError
from marketmover.kit import new_id
from marketmover.store import Files


@pytest.fixture(params=["folder", "memory", "s3"])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "s3":
        return f"s3://{request.getfixturevalue('s3_bucket')}/{new_id()}"
    return f"memory://{new_id()}" if request.param == "memory" else "files"


@pytest.fixture
def files(url: str, tmp_path: Path) -> Files:
    return Files.at(url, tmp_path)


def test_bytes_and_text_come_back(files: Files) -> None:
    files.write_bytes("models/curves.bin", b"\x00\xff")
    files.write_text("briefs/ünïcode brief.txt", "naïve\r\n")
    assert files.read_bytes("models/curves.bin") == b"\x00\xff"
    assert files.read_text("briefs/ünïcode brief.txt") == "naïve\r\n"


def test_writing_again_replaces_the_whole_file(files: Files) -> None:
    files.write_text("a.txt", "long before")
    files.write_text("a.txt", "short")
    assert files.read_text("a.txt") == "short"


def test_an_empty_file_is_a_file(files: Files) -> None:
    files.write_bytes("empty", b"")
    assert (files.exists("empty"), files.read_bytes("empty")) == (True, b"")


def test_a_missing_file_is_named(files: Files) -> None:
    assert not files.exists("models/none.bin")
    with pytest.raises(NotFoundError, match=r"models/none\.bin"):
        files.read_bytes("models/none.bin")
    with pytest.raises(NotFoundError), files.local("models/none.bin"):
        pass


def test_a_folder_is_no_file(files: Files) -> None:
    files.write_text("models/a.txt", "a")
    assert not files.exists("models")
    with pytest.raises(NotFoundError):
        files.read_bytes("models")


def test_deleted_files_are_gone_and_deleting_again_is_no_error(files: Files) -> None:
    files.write_text("a.txt", "a")
    files.delete("a.txt")
    files.delete("a.txt")
    assert not files.exists("a.txt")


def test_files_are_listed_below_a_folder_in_order(files: Files) -> None:
    for path in ("b/2.txt", "b/1.txt", "b/deep/3.txt", "a.txt", "bb.txt"):
        files.write_text(path, path)
    assert files.list() == ["a.txt", "b/1.txt", "b/2.txt", "b/deep/3.txt", "bb.txt"]
    assert files.list("b") == ["b/1.txt", "b/2.txt", "b/deep/3.txt"]
    assert files.list("nothing") == []


def test_a_file_appears_only_when_it_is_whole(files: Files) -> None:
    with files.open("export.csv", "wb") as stream:
        stream.write(b"day,cost\n")
        stream.flush()
        assert not files.exists("export.csv")
        assert files.list() == []
    assert files.read_text("export.csv") == "day,cost\n"


def test_a_writer_that_raises_leaves_the_old_file_and_nothing_else(files: Files, tmp_path: Path) -> None:
    files.write_text("export.csv", "old")

    def write_and_fail() -> None:
        with files.open("export.csv", "wb") as stream:
            stream.write(b"new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    assert (files.list(), files.read_text("export.csv")) == (["export.csv"], "old")
    assert not list(tmp_path.rglob("marketmover-*"))


def test_a_large_file_is_read_in_pieces(files: Files) -> None:
    content = bytes(range(256)) * 30_000
    files.write_bytes("large.bin", content)
    with files.open("large.bin") as stream:
        assert stream.read(1000) == content[:1000]
        stream.seek(7_000_000)
        assert stream.read() == content[7_000_000:]


def test_a_file_can_be_had_as_a_local_path(files: Files) -> None:
    files.write_text("models/a.json", "{}")
    with files.local("models/a.json") as path:
        assert (path.name, path.read_text()) == ("a.json", "{}")


def test_workspaces_do_not_see_each_others_files(files: Files, url: str, tmp_path: Path) -> None:
    files.write_text("a.txt", "ours")
    other = Files.at(url, tmp_path, workspace="other")
    assert other.list() == []
    other.write_text("a.txt", "theirs")
    assert files.read_text("a.txt") == "ours"


@pytest.mark.parametrize(
    "path", ["", "/", "../a", "a/../../b", "/etc/passwd", "a//b", "./a", "a\\b", "a\0", "a/", ".incoming/x"]
)
def test_a_path_that_leads_out_is_refused(files: Files, path: str) -> None:
    for use in (files.read_bytes, files.exists, files.delete, lambda path: files.write_bytes(path, b"")):
        with pytest.raises(UsageError):
            use(path)


def test_an_abandoned_part_is_swept_away_a_day_later_and_a_fresh_one_is_not(tmp_path: Path) -> None:
    Files.at("files", tmp_path).write_text("a.txt", "a")
    incoming = tmp_path / "files/default/.incoming"
    for name, age_s in (("marketmover-old", 90_000), ("marketmover-fresh", 60)):
        (incoming / name).touch()
        written = (incoming / name).stat().st_mtime - age_s
        os.utime(incoming / name, (written, written))
    Files.at("files", tmp_path)
    assert [part.name for part in incoming.iterdir()] == ["marketmover-fresh"]


def test_a_file_in_the_way_of_a_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    with pytest.raises(StoreError, match="MARKETMOVER_FILES_URL"):
        Files.at("taken", tmp_path)


def test_a_bucket_that_is_not_there_is_told(s3_bucket: str, tmp_path: Path) -> None:
    files = Files.at(f"s3://{s3_bucket}-elsewhere/x", tmp_path)
    with pytest.raises(StoreError, match="elsewhere"):
        files.write_text("a.txt", "a")
    with pytest.raises(NotFoundError, match="elsewhere"):
        files.read_text("a.txt")


def test_a_folder_mark_of_s3s_own_console_is_no_file(s3_bucket: str, tmp_path: Path) -> None:
    import boto3

    place = new_id()
    boto3.client("s3").put_object(Bucket=s3_bucket, Key=f"{place}/default/empty/", Body=b"")
    assert Files.at(f"s3://{s3_bucket}/{place}", tmp_path).list() == []


def test_an_s3_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StoreError, match="MARKETMOVER_FILES_URL"):
        Files.at("s3://bucket", tmp_path).write_text("a.txt", "a")
