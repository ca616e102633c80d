"""`sandbox live`, `sandbox judge alerts` and `sandbox judge tuning` as people call them."""

import json
from pathlib import Path
from typing import Any

import pytest
from sandbox_command_line import run_sandbox

from marketmover.errors import ConflictError, InputError, NotFoundError, UsageError


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live") / "history"
    run_sandbox("create", str(folder), "--lines", "5", "--days", "90", "--seed", "8", "--end", "2026-03-31")
    return folder


def changes(path: Path, as_of: str, *made: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"as_of": as_of, "changes": made, "held": []}))
    return path


def test_a_window_lies_on_disk_with_its_truth_apart_and_says_that_it_is_simulated(
    history: Path, tmp_path: Path
) -> None:
    said = run_sandbox("live", str(history), "--out", str(tmp_path / "w"), "--days", "5", "--troubles", "2")
    assert said.startswith("SIMULATED")
    assert "2026-04-01 to 2026-04-05" in said
    assert sorted(path.name for path in (tmp_path / "w").iterdir()) == [
        "live", "pulls", "simulated.json", "state.json", "truth",
    ]  # fmt: skip
    assert [path.name for path in sorted((tmp_path / "w" / "pulls").iterdir())][-1] == "2026-04-05"
    assert json.loads((tmp_path / "w" / "state.json").read_text())["as_of"] == "2026-04-05"
    told = json.loads((tmp_path / "w" / "truth" / "troubles.json").read_text())
    assert told["simulated"] is True


def test_a_first_week_is_the_first_week_of_the_whole_and_changes_count_from_the_next_day(
    history: Path, tmp_path: Path
) -> None:
    week, more = tmp_path / "week", tmp_path / "more"
    run_sandbox("live", str(history), "--out", str(week), "--days", "3")
    line = next(iter(json.loads((week / "state.json").read_text())["daily_budgets"]))
    made = changes(tmp_path / "c.json", "2026-04-03", {"line_id": line, "action": "pause", "reason": "a try"})
    run_sandbox("live", str(history), "--out", str(more), "--days", "5", "--changes", str(made))
    for day in ("2026-04-01", "2026-04-03"):
        one, two = week / "pulls" / day, more / "pulls" / day
        files = sorted(path.relative_to(one) for path in one.rglob("*.json"))
        assert files
        assert all((one / name).read_bytes() == (two / name).read_bytes() for name in files)
    assert json.loads((more / "state.json").read_text())["paused"] == [line]
    scored = json.loads(run_sandbox("judge", "tuning", str(history), str(made), "--troubles", "none", "--json"))
    assert scored["simulated"] is True
    assert scored["tuned"] < scored["left"]
    assert "SIMULATED" in run_sandbox("judge", "tuning", str(history), str(made), "--troubles", "none")


def test_alerts_are_scored_in_words_and_as_json(history: Path, tmp_path: Path) -> None:
    run_sandbox("live", str(history), "--out", str(tmp_path / "w"), "--days", "14", "--troubles", "2")
    told = json.loads((tmp_path / "w" / "truth" / "troubles.json").read_text())
    first = told["troubles"][0]
    right = {"detected_on": first["first"], "platform": "", "line_ids": first["lines"], "kind": "anomaly"}
    file = tmp_path / "alerts.json"
    file.write_text(json.dumps({"alerts": [right, {**right, "detected_on": "2026-04-14"}]}))
    scored = json.loads(run_sandbox("judge", "alerts", str(tmp_path / "w"), str(file), "--json"))
    assert scored["verdicts"]["right"] == 1
    assert scored["recall"] == pytest.approx(1 / len(told["troubles"]))
    said = run_sandbox("judge", "alerts", str(tmp_path / "w"), str(file))
    assert "SIMULATED" in said
    assert "1 of 2 alerts right" in said


def test_wrong_wishes_are_told_and_nothing_is_written(history: Path, tmp_path: Path) -> None:
    out = tmp_path / "w"
    for wrong in (("--troubles", "many"), ("--days", "900"), ("--shock", "--troubles", "2"), ("--troubles", "-1")):
        with pytest.raises(UsageError):
            run_sandbox("live", str(history), "--out", str(out), *wrong)
    with pytest.raises(NotFoundError, match=r"plan\.json"):
        run_sandbox("live", str(history), "--out", str(out), "--plan", str(tmp_path))
    with pytest.raises(NotFoundError, match=r"market\.json"):
        run_sandbox("live", str(tmp_path), "--out", str(out))
    broken = tmp_path / "broken.json"
    for text in ("[]", "{", '{"as_of": "soon", "changes": []}', '{"as_of": "2026-04-02", "changes": [1]}'):
        broken.write_text(text)
        with pytest.raises(InputError, match=r"broken\.json"):
            run_sandbox("live", str(history), "--out", str(out), "--changes", str(broken))
    assert not out.exists()
    late = changes(tmp_path / "late.json", "2026-09-03")
    with pytest.raises(UsageError, match="2026-09-03"):
        run_sandbox("live", str(history), "--out", str(out), "--days", "3", "--changes", str(late))


def test_a_window_never_goes_over_somebodys_files_or_a_history(history: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(ConflictError, match="no sandbox made"):
        run_sandbox("live", str(history), "--out", str(tmp_path / "mine"), "--days", "1", "--force")
    with pytest.raises(ConflictError, match="history"):
        run_sandbox("live", str(history), "--out", str(history), "--days", "1", "--force")
    run_sandbox("live", str(history), "--out", str(tmp_path / "w"), "--days", "1")
    with pytest.raises(ConflictError, match="--force"):
        run_sandbox("live", str(history), "--out", str(tmp_path / "w"), "--days", "1")
    run_sandbox("live", str(history), "--out", str(tmp_path / "w"), "--days", "2", "--force")
    assert len([*(tmp_path / "w" / "pulls").iterdir()]) == 2
