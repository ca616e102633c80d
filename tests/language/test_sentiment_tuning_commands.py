import json
from pathlib import Path

import pytest
from sentiment_cases import own_texts, write_labels

from marketmover.cli.main import run


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["sentiment", *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("home")
def test_labels_teach_the_engine_that_the_command_reads_with_until_it_is_rolled_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = str(write_labels(tmp_path / "labels.csv", own_texts(300)))
    asked = "--text", "the parcel was flooze"
    assert told(capsys, *asked).splitlines()[1].startswith("neutral")
    assert "is in force now" in told(capsys, "train", labels)
    assert told(capsys, *asked).splitlines()[1].startswith("negative")
    assert "Use present" in told(capsys, "compare", labels)
    assert json.loads(told(capsys, "versions", "--json"))["in_force"] == 1
    assert "Nothing to do" in told(capsys, "refresh")
    assert "default engine" in told(capsys, "rollback")
    assert told(capsys, "read", *asked).splitlines()[1].startswith("neutral")


def test_reading_makes_no_home(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "--text", "fine")
    assert not home.exists()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("nowhere/at/all", "There is no folder nowhere/at/all"),
        ("house/mood", "names no revision"),
    ],
)
def test_a_setting_that_leads_nowhere_is_told_in_words(
    setting: str, words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MARKETMOVER_SENTIMENT_MODEL", setting)
    assert run(["sentiment", "--text", "fine"]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_training_on_what_is_not_enough_ends_with_1_and_says_how_many_are_needed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = write_labels(tmp_path / "labels.csv", own_texts(20))
    assert run(["sentiment", "train", str(labels)]) == 1
    assert "Not enough data yet: 20 labelled texts" in capsys.readouterr().err
