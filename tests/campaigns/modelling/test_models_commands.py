import json
from pathlib import Path

import pytest

from marketmover.cli.main import run
from marketmover.sandbox import create_market, write_history


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports") / "market"
    write_history(create_market(lines=5, days=230, seed=8), folder)
    return folder


def test_one_command_compares_records_registers_and_writes(
    exports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    asked = [
        "models",
        "compare",
        "--history",
        str(exports),
        "--weeks",
        "2",
        "--trials",
        "2",
        "--out",
        str(tmp_path / "m"),
    ]
    assert run(asked) == 0
    said = capsys.readouterr()
    assert "SIMULATED" in said.out
    assert "Structural model" in said.out
    assert "Registered: " in said.err
    assert "mlflow" not in said.err
    found = json.loads((tmp_path / "m/models.json").read_text(encoding="utf-8"))
    assert found["outcomes"]
    assert "seconds" not in json.dumps(found)
    assert (tmp_path / "m/models.csv").read_text(encoding="utf-8").startswith("outcome,model,error")
    assert "Simulated data" in (tmp_path / "m/models.html").read_text(encoding="utf-8")

    assert run(["models", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {row["fingerprint"] for row in listed} == {found["fingerprint"]}
    assert run(["models", "check", "--history", str(exports)]) == 0
    assert "too early to say" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--weeks", "0"], "--weeks 0"),
        (["--trials", "-1"], "--trials -1"),
        (["--as-of", "soon"], "--as-of soon"),
    ],
)
def test_what_makes_no_comparison_is_refused_at_once(
    options: list[str], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["models", "compare", *options]) == 2
    assert named in capsys.readouterr().err


def test_a_check_in_a_home_without_models_says_what_to_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    assert run(["models", "check"]) == 1
    assert "marketmover models compare" in capsys.readouterr().err
    assert run(["models", "list"]) == 0
    assert "No model was registered yet" in capsys.readouterr().out
