import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketmover.cli.commands import ENTRIES
from marketmover.cli.main import run

COMMAND = str(Path(sys.executable).parent / "marketmover")


def marketmover(*arguments: str, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MARKETMOVER_HOME": str(home), "COLUMNS": "120", **environment}
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, env=environment, check=False)


def test_help_lists_every_command_with_its_line(tmp_path: Path) -> None:
    done = marketmover("--help", home=tmp_path)
    assert done.returncode == 0
    for name, entry in ENTRIES.items():
        assert name in done.stdout
        assert entry.help in done.stdout


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_every_command_tells_its_options(name: str, tmp_path: Path) -> None:
    done = marketmover(name, "--help", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
    assert not list(tmp_path.iterdir())


def test_the_version_is_printed(tmp_path: Path) -> None:
    assert marketmover("--version", home=tmp_path).stdout.startswith("marketmover 0.")


@pytest.mark.parametrize("arguments", [["frobnicate"], ["compose"], ["compose", "--nonsense"], ["import"]])
def test_wrong_use_ends_with_2_and_says_so_on_stderr(arguments: list[str], tmp_path: Path) -> None:
    done = marketmover(*arguments, home=tmp_path)
    assert done.returncode == 2
    assert done.stderr
    assert not done.stdout


def test_an_error_is_told_in_words_with_its_remedy_and_ends_with_1(tmp_path: Path) -> None:
    done = marketmover("brief", str(tmp_path / "nowhere.txt"), home=tmp_path)
    assert done.returncode == 1
    assert "error:" in done.stderr
    assert "nowhere.txt" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("option", "value"), [("--start", "tomorrow"), ("--objective", "fame"), ("--as-of", "2026-13-01")]
)
def test_an_option_that_makes_no_sense_is_wrong_use(option: str, value: str, tmp_path: Path) -> None:
    brief = tmp_path / "brief.txt"
    brief.write_text("We want leads for $100.", encoding="utf-8")
    done = marketmover("compose", "--brief", str(brief), "--out", str(tmp_path / "plan"), option, value, home=tmp_path)
    assert done.returncode == 2
    assert value in done.stderr


def test_a_fault_of_ours_is_kept_in_a_file_and_never_shown_as_a_trace(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(_: object = None) -> None:
        raise RuntimeError("wheel fell off")

    monkeypatch.setattr("marketmover.app.open_app", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(["doctor"]) == 1
    told = capsys.readouterr().err
    assert "wheel fell off" in told
    assert "Traceback" not in told
    assert "Traceback" in next(tmp_path.glob("marketmover-error-*.txt")).read_text(encoding="utf-8")


def test_listing_commands_imports_no_room(tmp_path: Path) -> None:
    code = "import sys; from marketmover.cli.commands import build; build(set()); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "marketmover.history" not in done.stdout
    assert "marketmover.budget" not in done.stdout
