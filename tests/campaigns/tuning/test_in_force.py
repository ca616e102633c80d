import json
from datetime import date
from pathlib import Path

import pytest
from tests.campaigns.tuning.conftest import PlanMaker

from marketmover.campaigns.compose.writing import plan_json
from marketmover.campaigns.tuning import InForce, apply_changes, in_force, roll_back, undo
from marketmover.campaigns.tuning.in_force import Author
from marketmover.errors import ConflictError, InputError, NotFoundError, UsageError
from marketmover.plans import Change, Changes, RemainingMoney

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
    with pytest.raises(UsageError, match="'c9'"):
        roll_back(folder, "c9", ANNE)


def test_rollback_reaches_what_was_undone_or_rolled_back(folder: Path) -> None:
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    apply_changes(folder, _pause(SECOND), ANNE)
    undo(folder, ANNE)
    roll_back(folder, "c2", ANNE)
    now = InForce.read(folder)
    assert (now.state.paused, [entry.id for entry in now.standing()]) == ([SECOND], ["c1", "c2"])
    roll_back(folder, "plan", ANNE)
    assert InForce.read(folder).standing() == []
    roll_back(folder, "c3", ANNE)  # what the undoing had left
    now = InForce.read(folder)
    assert (now.state.paused, [entry.id for entry in now.standing()]) == ([], ["c1"])
    undo(folder, ANNE)
    assert InForce.read(folder).state.daily_budgets[FIRST] == 200.0


def test_the_same_changes_are_not_put_into_force_twice(folder: Path) -> None:
    change = Change(line_id=FIRST, action="rotate_creative", reason="worn")
    fresh = Changes(as_of=date(2026, 1, 11), changes=[change])
    apply_changes(folder, fresh, ANNE)
    with pytest.raises(ConflictError, match="in force already, as c1"):
        apply_changes(folder, fresh, ANNE)
    undo(folder, ANNE)
    apply_changes(folder, fresh, ANNE)
    assert [entry.id for entry in InForce.read(folder).standing()] == ["c3"]


def test_changes_of_another_plan_are_refused(folder: Path) -> None:
    money = RemainingMoney(currency="USD", total=500.0, spent=0.0, left=500.0, days_left=5)
    with pytest.raises(ConflictError, match=r"500\.00 USD"):
        apply_changes(folder, _pause(FIRST).model_copy(update={"money": money}), ANNE)


def test_what_was_changed_by_hand_is_not_undone_unasked(folder: Path) -> None:
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    state = json.loads((folder / "state.json").read_text())
    (folder / "state.json").write_text(json.dumps(state | {"paused": [SECOND]}))
    with pytest.raises(ConflictError, match="changed by hand"):
        undo(folder, ANNE)
    roll_back(folder, "c1", ANNE)
    assert InForce.read(folder).state.paused == []


def test_undoing_counts_from_the_day_that_is_named(folder: Path) -> None:
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    with pytest.raises(UsageError, match="2026-01-11"):
        undo(folder, ANNE, as_of=date(2026, 1, 10))
    with pytest.raises(UsageError, match="ends on 2026-02-01"):
        undo(folder, ANNE, as_of=date(2099, 1, 1))
    assert undo(folder, ANNE, as_of=date(2026, 1, 14)).as_of == date(2026, 1, 14)
    apply_changes(folder, _budget(FIRST, 200.0, 240.0, 18), ANNE)
    assert undo(folder, ANNE).as_of == date(2026, 1, 18)  # the plan is over by today's calendar: the last day known


def test_older_changes_after_an_undo_count_from_the_day_of_the_undo(folder: Path) -> None:
    """The day of what is in force never goes back, and the same changes are known again."""
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    undo(folder, ANNE, as_of=date(2026, 1, 14))
    again = apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    assert (again.as_of, again.daily_budgets[FIRST]) == (date(2026, 1, 14), 240.0)
    days = [entry.as_of for entry in InForce.read(folder).log]
    assert days == sorted(days)
    with pytest.raises(ConflictError, match="in force already, as c3"):
        apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)


@pytest.mark.parametrize("days_left", [None, 9])
def test_changes_for_other_dates_are_refused(folder: Path, days_left: int | None) -> None:
    """Made for a plan that ends on another day, or as of a day after this plan's end."""
    changes = _pause(FIRST) if days_left else _pause(FIRST).model_copy(update={"as_of": date(2026, 3, 1)})
    if days_left:
        money = RemainingMoney(currency="USD", total=33600.0, spent=0.0, left=33600.0, days_left=days_left)
        changes = changes.model_copy(update={"money": money})
    with pytest.raises(ConflictError, match="other dates"):
        apply_changes(folder, changes, ANNE)


def test_entries_that_a_replaced_state_leaves_behind_are_counted(folder: Path) -> None:
    apply_changes(folder, _pause(SECOND), ANNE)
    (folder / "state.json").unlink()
    now = InForce.read(folder)
    assert (now.log, now.unused) == ((), 1)
    apply_changes(folder, _pause(SECOND), ANNE)
    assert [entry.id for entry in InForce.read(folder).log] == ["c2"]


def test_changes_for_another_state_are_refused_whole(folder: Path) -> None:
    apply_changes(folder, _budget(FIRST, 200.0, 240.0), ANNE)
    late = _budget(FIRST, 200.0, 260.0)
    with pytest.raises(ConflictError, match="not of"):
        apply_changes(folder, Changes(as_of=late.as_of, changes=[*_pause(SECOND).changes, *late.changes]), ANNE)
    assert InForce.read(folder).state.paused == []


@pytest.mark.parametrize(
    ("line", "to"),
    [("google_ads:9:9", 10.0), (FIRST, -1.0), (FIRST, "much"), (FIRST, True), (FIRST, 1e12), (FIRST, float("nan"))],
)
def test_a_change_that_cannot_be_is_named(folder: Path, line: str, to: object) -> None:
    change = Change(line_id=line, action="set_daily_budget", before=200.0, to=to, reason="")
    with pytest.raises(InputError, match=line):
        apply_changes(folder, Changes(as_of=date(2026, 1, 11), changes=[change]), ANNE)


def test_a_line_named_twice_and_a_file_without_a_change_are_refused(folder: Path) -> None:
    once = _pause(FIRST)
    with pytest.raises(InputError, match=f"{FIRST} twice"):
        apply_changes(folder, once.model_copy(update={"changes": [*once.changes, *once.changes]}), ANNE)
    with pytest.raises(UsageError, match="nothing to put into force"):
        apply_changes(folder, once.model_copy(update={"changes": []}), ANNE)
    assert not (folder / "state.json").exists()


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
    undo(folder, ANNE)
    now = InForce.read(folder)
    assert (now.state.daily_budgets[FIRST], now.state.paused) == (150.0, [SECOND])
    roll_back(folder, "plan", ANNE)
    now = InForce.read(folder)
    assert (now.state.daily_budgets[FIRST], now.state.paused) == (200.0, [])


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
        Changes.read(tmp_path / "nothing.json")
    (tmp_path / "bad.json").write_text('{"as_of": "2026-01-11", "changes": [{"line_id": "a"}]}')
    with pytest.raises(InputError, match=r"changes\.0\.action"):
        Changes.read(tmp_path / "bad.json")


def test_two_writers_do_not_run_side_by_side(folder: Path) -> None:
    locked = in_force.locked
    with locked(folder), pytest.raises(ConflictError, match="Another process"):
        apply_changes(folder, _pause(FIRST), ANNE)
