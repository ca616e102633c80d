"""`marketmover import` and `marketmover history` as they are called, on a small simulated history."""

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from history_exports import google_row, lines, write

from marketmover.cli.main import run
from marketmover.sandbox import create_market, write_history

COMMAND = str(Path(sys.executable).parent / "marketmover")
Called = Callable[..., tuple[str, str]]


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("commands") / "history"
    write_history(create_market(lines=4, days=120, seed=21, sells="leads"), folder, dirty=True)
    return folder


@pytest.fixture(scope="module")
def home(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Path]:
    """A home with the exports in it."""
    place = tmp_path_factory.mktemp("commands") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARKETMOVER_HOME", str(place))
        assert run(["import", str(exports)]) == 0
        yield place


@pytest.fixture(scope="module")
def told(home: Path) -> dict[str, Any]:
    """What `history --json` says of that home."""
    out = io.StringIO()
    with redirect_stdout(out):
        assert run(["history", "--json"]) == 0
    assert home.exists()
    return json.loads(out.getvalue())


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def called(capsys: pytest.CaptureFixture[str]) -> Called:
    """Runs a command that must end with `code`; its stdout and stderr."""

    def call(*words: str, code: int = 0) -> tuple[str, str]:
        capsys.readouterr()
        assert run(list(words)) == code
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return told.out, told.err

    return call


def test_import_tells_people_what_it_took_and_what_it_set_aside(
    exports: Path, empty_home: Path, told: dict[str, Any], called: Called
) -> None:
    out, _ = called("import", str(exports))
    (report,) = told["imports"]
    ((code, spent),) = report["spend"].items()
    span = f"{report['first_date']} to {report['last_date']}"
    assert out.startswith("SIMULATED")
    assert f"{span}, {code} {spent:,.2f} spent on {len(told['lines'])} lines." in out
    rows = [line.split() for line in out.splitlines()]
    for reason, count in report["quarantine"].items():
        assert [reason, f"{count:,}"] in rows
    assert ["daily", "figures", f"{report['rows']['daily']:,}"] in rows
    assert empty_home.exists()


@pytest.mark.usefixtures("home")
def test_importing_again_says_in_json_that_all_is_known(exports: Path, called: Called) -> None:
    out, err = called("import", str(exports), "--json")
    report = json.loads(out)
    assert (report["added"], report["simulated"]) == (0, True)
    assert report["known"] > 0
    assert "{" not in err


def test_history_in_a_pipe_is_plain_text_with_every_line(told: dict[str, Any], called: Called) -> None:
    out, _ = called("history")
    assert "\x1b" not in out
    assert "───" not in out
    for line in told["lines"]:
        row = next(row for row in out.splitlines() if row.startswith(line["id"]))
        assert f"{line['spend']:,.2f}" in row
        assert line["name"] in row
    for title in ("Days without rows", "Outliers (kept)", "Conversion actions", "Correlations", "CRM: ", "Quarantined"):
        assert title in out


def test_the_json_of_a_history_adds_up(told: dict[str, Any]) -> None:
    spends = [line["spend"] for line in told["lines"]]
    assert spends == sorted(spends, reverse=True)
    assert sum(spends) == pytest.approx(told["spend_by_currency"][told["currency"]], abs=0.01)
    for line in told["lines"]:
        missing = sum(1 + days_from(gap["first"], gap["last"]) for gap in line["gaps"])
        assert line["missing_days"] == missing
        assert line["days"] + missing == 1 + days_from(line["first_date"], line["last_date"])
    assert any(line["missing_days"] for line in told["lines"])
    assert all(-1 <= pair["value"] <= 1 for pair in told["correlations"] if pair["value"] is not None)
    assert "panel" not in told


def days_from(first: str, last: str) -> int:
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


@pytest.mark.usefixtures("home")
def test_history_on_a_terminal_is_drawn_for_people() -> None:
    leader, follower = pty.openpty()
    environment = {**os.environ, "COLUMNS": "240", "TERM": "xterm"}
    with subprocess.Popen(
        [COMMAND, "history"], stdin=follower, stdout=follower, stderr=follower, env=environment
    ) as it:
        os.close(follower)
        shown = read_all(leader)
    assert it.returncode == 0
    assert "───" in shown
    assert "SIMULATED" in shown
    assert "google_ads:" in shown


def read_all(leader: int) -> str:
    """What stands on the terminal when its last user has gone."""
    shown = b""
    try:
        while part := os.read(leader, 1 << 16):
            shown += part
    except OSError:  # how Linux says that nobody holds the other end any more
        pass
    finally:
        os.close(leader)
    return shown.decode()


@pytest.mark.usefixtures("home")
def test_the_page_is_written_beside_what_is_printed(tmp_path: Path, called: Called) -> None:
    out, err = called("history", "--html", str(tmp_path / "page.html"))
    assert err == f"The page is {tmp_path / 'page.html'}\n"
    assert out.startswith("SIMULATED")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    _, err = called("history", "--html", str(tmp_path / "nowhere" / "page.html"), code=1)
    assert str(tmp_path / "nowhere") in err
    assert "Name a file in a folder that is there." in err


def test_a_folder_is_described_without_touching_the_home(
    exports: Path, empty_home: Path, told: dict[str, Any], called: Called
) -> None:
    middle = told["lines"][0]["last_date"][:8] + "01"
    cut = json.loads(called("history", "--history", str(exports), "--as-of", middle, "--json")[0])
    assert cut["last_date"] <= middle < told["last_date"]
    assert cut["quarantine"]["future"] > told["quarantine"]["future"]
    assert not empty_home.exists()


def test_an_empty_home_says_how_to_fill_it(empty_home: Path, tmp_path: Path, called: Called) -> None:
    out, _ = called("history", "--html", str(tmp_path / "page.html"))
    assert out == "The history holds no daily figures. Read exports with: marketmover import DIR\n"
    assert "holds no daily figures" in (tmp_path / "page.html").read_text(encoding="utf-8")
    assert empty_home.exists()
    assert json.loads(called("history", "--json")[0])["lines"] == []


WRONG: list[tuple[list[str], int, str]] = [
    (["import", "nowhere"], 1, "nowhere does not exist"),
    (["import", "."], 1, "holds no export"),
    (["import", ".", "--as-of", "tomorrow"], 2, "--as-of tomorrow is not a day"),
    (["history", "--as-of", "2026-02-30"], 2, "2026-02-30 is not a day"),
    (["history", "--history", "nowhere"], 1, "nowhere does not exist"),
    (["history", "map", "google_ads", "Form"], 2, "KIND"),
    (["history", "map", "google_ads", "Form", "leads"], 1, "marketmover import DIR"),
    (["history", "map", "bing_ads", "Form", "leads"], 2, "google_ads, meta_ads"),
]


@pytest.mark.usefixtures("empty_home")
def test_what_cannot_be_done_is_told_in_words(tmp_path: Path, called: Called, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for words, code, told in WRONG:
        out, err = called(*words, code=code)
        assert told in err, words
        assert out == "", words


@pytest.mark.usefixtures("home")
def test_a_currency_that_no_account_has_is_refused(called: Called) -> None:
    assert "No account of the history is in XAF" in called("history", "--currency", "XAF", code=1)[1]


@pytest.mark.usefixtures("told")
def test_mapping_an_action_shows_in_the_history_from_then_on(called: Called) -> None:
    _, err = called("history", "map", "google_ads", "Phone calls", "other", code=1)
    assert "Did you mean 'Phone call'?" in err
    assert called("history", "map", "google_ads", "Phone call", "other") == (
        "",
        "Phone call of google_ads counts as other from now on.\n",
    )
    actions = json.loads(called("history", "--json")[0])["actions"]
    (changed,) = (action for action in actions if action["action"] == "Phone call")
    assert (changed["kind"], changed["guessed"]) == ("other", False)


@pytest.mark.usefixtures("empty_home")
def test_single_things_are_told_in_the_singular(tmp_path: Path, called: Called) -> None:
    files = {
        "google_ads/a.json": lines([google_row("2025-12-01")]),
        "google_ads/b.json": "",
        "crm/a.json": [
            {"lead_id": "1", "created_at": "2025-12-01", "platform": "google_ads", "campaign_id": "99", "won": True}
        ],
    }
    write(tmp_path / "h", files)
    said = called("import", str(tmp_path / "h"))[0] + called("history")[0]
    assert "spent on 1 line." in said
    assert "1 file is empty." in said
    assert "2025-12-01 to 2025-12-01: 1 line, USD 12.34 spent." in said
    assert "CRM: 1 lead, 0 decided, 0 qualified, 1 won" in said
    assert "Note: 1 CRM lead is of campaigns that no export of a platform has." in said
    assert not any(f"1 {many} " in said for many in ("lines", "files", "leads", "rows"))
