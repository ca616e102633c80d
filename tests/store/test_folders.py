"""Files written together: all or none."""

from pathlib import Path

import pytest

from marketmover.errors import InputError
from marketmover.store import check_folder, write_together


def test_files_lie_in_a_folder_that_is_made_for_them_and_nothing_else_does(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    written = write_together(folder, {"a.txt": "Grüße", "b.bin": b"\x00\xff"}, "The plan")
    assert [path.name for path in written] == ["a.txt", "b.bin"]
    assert (folder / "a.txt").read_text(encoding="utf-8") == "Grüße"
    assert (folder / "b.bin").read_bytes() == b"\x00\xff"
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.bin"]


def test_where_one_file_cannot_be_written_the_former_ones_stay_whole(tmp_path: Path) -> None:
    write_together(tmp_path, {"a.txt": "before"}, "The plan")
    with pytest.raises(InputError, match="The plan cannot be written to"):
        write_together(tmp_path, {"a.txt": "after", "missing/b.txt": "no folder for it"}, "The plan")
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_file_in_the_place_of_the_folder_is_told_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(InputError, match="taken is a file") as refused:
        check_folder(tmp_path / "taken" / "out")
    assert "--out" in str(refused.value.remedy)
    with pytest.raises(InputError, match="cannot be written to"):
        write_together(tmp_path / "taken" / "out", {"a.txt": ""}, "The replay")
