import json
from datetime import date
from pathlib import Path

import pytest
from tests.campaigns.tuning.conftest import PlanMaker

from marketmover.campaigns.compose.writing import plan_json
from marketmover.campaigns.tuning import InForce, apply_changes, in_force, roll_back, undo
from marketmover.campaigns.tuning.in_force import Author, read_changes
from marketmover.errors import ConflictError, InputError, NotFoundError, UsageError
from marketmover.plans import Change, Changes

ANNE = Author("anne", "approve", "weekly look")
FIRST, SECOND = "google_ads:0:1", "meta_ads:1:1"


@pytest.fixture
def folder(tmp_path: Path, make_plan: PlanMaker) -> Path:
    (tmp_path / "plan.json").write_text(plan_json(make_plan()))
    return tmp_path


def _budget(line: str, before: float, to: float, day: int = 11) -> Changes:
    change = Change(line_id=line, action="set_daily_budget", before=before, to=to, reason="more for less")
    return Changes(as_of=date(2026, 1, day), changes=[change])


def _pause(line: str) -> Changes:
    return Changes(as_of=date(2026, 1, 12), changes=[Change(line_id=line, action="pause", reason="too dear")])


def test_without_a_state_the_plans_own_budgets_are_in_force(folder: Path) -> None:
    now = InForce.read(folder)
    assert now.state.daily_budgets[FIRST] == 200.0
    assert now.log == ()


def test_what_is_applied_is_in_force_and_logged(folder: Path) -> None:
    plan = (folder / "plan.json").read_bytes()
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    state = json.loads((folder / "state.json").read_text())
    assert state["daily_budgets"][FIRST] == 240.0
    assert state["as_of"] == "2026-01-11"
    assert state["paused"] == []
    (entry,) = InForce.read(folder).log
    assert (entry.who, entry.mode, entry.why, entry.changes[0].to) == ("anne", "approve", "weekly look", 240.0)
    assert (folder / "plan.json").read_bytes() == plan


def test_a_dry_run_changes_nothing(folder: Path) -> None:
    assert apply_changes(folder, _pause(FIRST), ANNE, dry_run=True).paused == [FIRST]
    assert not (folder / "state.json").exists()


def test_undo_goes_back_one_by_one(folder: Path) -> None:
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    apply_changes(folder, _pause(SECOND), ANNE)
    undo(folder, ANNE)
    assert InForce.read(folder).state.paused == []
    undo(folder, ANNE)
    assert InForce.read(folder).state.daily_budgets[FIRST] == 200.0
    with pytest.raises(UsageError, match="Nothing"):
        undo(folder, ANNE)
    assert [entry.kind for entry in InForce.read(folder).log] == ["apply", "apply", "undo", "undo"]


def test_rollback_goes_to_any_earlier_state(folder: Path) -> None:
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    apply_changes(folder, _pause(SECOND), ANNE)
    apply_changes(folder, _budget(FIRST, 240.0, 280.0, 18), ANNE)
    roll_back(folder, "c1", ANNE)
    now = InForce.read(folder)
    assert (now.state.daily_budgets[FIRST], now.state.paused) == (240.0, [])
    assert [entry.id for entry in now.standing()] == ["c1"]
    roll_back(folder, "plan", ANNE)
    assert InForce.read(folder).state.daily_budgets[FIRST] == 200.0
    with pytest.raises(UsageError, match="'c3'"):
        roll_back(folder, "c3", ANNE)


def test_changes_for_another_state_are_refused_whole(folder: Path) -> None:
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    late = _budget(FIRST, 200.0, 260.0)
    with pytest.raises(ConflictError, match="not of"):
        apply_changes(folder, Changes(as_of=late.as_of, changes=[*_pause(SECOND).changes, *late.changes]), ANNE)
    assert InForce.read(folder).state.paused == []


@pytest.mark.parametrize(("line", "to"), [("google_ads:9:9", 10.0), (FIRST, -1.0), (FIRST, "much"), (FIRST, True)])
def test_a_change_that_cannot_be_is_named(folder: Path, line: str, to: object) -> None:
    change = Change(line_id=line, action="set_daily_budget", before=200.0, to=to, reason="")
    with pytest.raises(InputError, match=line):
        apply_changes(folder, Changes(as_of=date(2026, 1, 11), changes=[change]), ANNE)


def test_who_is_killed_between_log_and_state_leaves_the_former_state(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("marketmover.campaigns.tuning.in_force.write_together", killed)
        with pytest.raises(KeyboardInterrupt):
            apply_changes(folder, _pause(SECOND), ANNE)
    now = InForce.read(folder)
    assert now.state.paused == []
    assert [entry.id for entry in now.log] == ["c1"]
    apply_changes(folder, _pause(SECOND), ANNE)
    assert [entry.id for entry in InForce.read(folder).log] == ["c1", "c3"]


def test_half_a_line_of_the_log_is_no_entry(folder: Path) -> None:
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    with (folder / "changes.jsonl").open("a") as handle:
        handle.write('{"id": "c2", "ki')
    apply_changes(folder, _pause(SECOND), ANNE)
    assert [entry.id for entry in InForce.read(folder).log] == ["c1", "c2"]


def test_a_state_that_others_wrote_is_kept(folder: Path) -> None:
    (folder / "state.json").write_text(
        json.dumps({"as_of": "2026-01-06", "daily_budgets": {FIRST: 150.0}, "paused": [SECOND], "simulated": True})
    )
    now = InForce.read(folder)
    assert (now.state.daily_budgets[FIRST], now.state.paused) == (150.0, [SECOND])
    apply_changes(folder, _budget(FIRST, 150.0, 170.0), ANNE)
    roll_back(folder, "plan", ANNE)
    assert InForce.read(folder).state.daily_budgets[FIRST] == 150.0


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("state.json", "{", "state.json cannot be read"),
        ("state.json", '{"daily_budgets": {"a": "b"}}', "daily_budgets.a"),
        ("changes.jsonl", "{}\n", "line 1"),
    ],
)
def test_what_cannot_be_read_is_named(folder: Path, name: str, text: str, said: str) -> None:
    (folder / name).write_text(text)
    with pytest.raises(InputError, match=said):
        InForce.read(folder)


def test_a_file_of_changes_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"nothing\.json"):
        read_changes(tmp_path / "nothing.json")
    (tmp_path / "bad.json").write_text('{"as_of": "2026-01-11", "changes": [{"line_id": "a"}]}')
    with pytest.raises(InputError, match=r"changes\.0\.action"):
        read_changes(tmp_path / "bad.json")


def test_two_writers_do_not_run_side_by_side(folder: Path) -> None:
    locked = in_force._locked  # pyright: ignore[reportPrivateUsage] - stands for another process
    with locked(folder), pytest.raises(ConflictError, match="Another process"):
        apply_changes(folder, _pause(FIRST), ANNE)
