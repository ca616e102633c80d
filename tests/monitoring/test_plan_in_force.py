"""What was in force of a plan on each day: never before the day that it was asked for."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from running_lines import FIRST, HISTORY, LIVE, figures_from, panel_of, plan_of

from marketmover.campaigns.tuning import InForce
from marketmover.errors import InputError
from marketmover.monitoring.lines.plan_file import load_plan
from marketmover.plans import LogEntry, State

LINE = "google_ads:0:01"


def day(live: int) -> date:
    return FIRST + timedelta(HISTORY + live)


def state(live: int, budget: float, name: str | None = None, *, paused: bool = False) -> State:
    return State(as_of=day(live), daily_budgets={LINE: budget}, paused=[LINE] if paused else [], change_id=name)


def entry(before: State, after: State) -> str:
    return LogEntry(
        id=after.change_id or "", kind="apply", at=datetime(2026, 1, 1, tzinfo=UTC), who="anne", mode="approve",
        why="", as_of=after.as_of or day(0), follows=before.change_id, before=before, after=after,
    ).model_dump_json(by_alias=True)  # fmt: skip


def in_force(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Budgets and running of the first line on the live days."""
    plan, _ = load_plan(folder)
    figures = figures_from(panel_of(lines=2), plan=plan)
    return figures.budgets[0, HISTORY:], figures.runs[0, HISTORY:]


def test_each_day_has_the_budget_of_the_changes_made_by_then(tmp_path: Path) -> None:
    folder = plan_of(1.0, LIVE, tmp_path)
    first, second = state(6, 140.0, "c1", paused=True), state(13, 170.0, "c2")
    never = state(13, 900.0, "c3")
    log = [entry(State(), first), entry(first, never), entry(first, second)]
    (folder / "changes.jsonl").write_text("\n".join(log) + '\n{"id": "c4')
    (folder / "state.json").write_text(second.model_dump_json())
    budgets, runs = in_force(folder)
    assert budgets.tolist() == [100.0] * 7 + [140.0] * 7 + [170.0] * (LIVE - 14)
    assert runs.tolist() == [True] * 7 + [False] * 7 + [True] * (LIVE - 14)


def test_a_state_without_a_log_is_in_force_from_its_own_day_on(tmp_path: Path) -> None:
    folder = plan_of(1.0, LIVE, tmp_path)
    (folder / "state.json").write_text(state(9, 150.0, paused=True).model_dump_json())
    budgets, runs = in_force(folder)
    assert budgets.tolist() == [100.0] * 10 + [150.0] * (LIVE - 10)
    assert runs.sum() == 10


@pytest.mark.parametrize("name", ["state.json", "changes.jsonl"])
def test_what_is_in_force_and_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    folder = plan_of(1.0, LIVE, tmp_path)
    (folder / "state.json").write_text("{}")
    (folder / name).write_text('{"daily_budgets": 3}\n')
    with pytest.raises(InputError, match=name):
        load_plan(folder)


@pytest.mark.parametrize(
    ("text", "said"), [("{}\n", "line 1: id"), ('{"id"\n', "line 1: it is not JSON"), ("[" * 9**5 + "\n", "too deeply")]
)
def test_watching_and_tuning_refuse_a_broken_log_in_the_same_words(tmp_path: Path, text: str, said: str) -> None:
    folder = plan_of(1.0, LIVE, tmp_path)
    (folder / "state.json").write_text("{}")
    (folder / "changes.jsonl").write_text(text)
    errors: list[str] = []
    for read in (load_plan, InForce.read):
        with pytest.raises(InputError, match=said) as refused:
            read(folder)
        errors.append(str(refused.value))
    assert errors[0] == errors[1]


def test_nothing_of_a_plan_is_in_force_before_its_first_day_though_it_waits_published(tmp_path: Path) -> None:
    folder = plan_of(1.5, LIVE, tmp_path)
    told = json.loads((folder / "plan.json").read_text())
    (folder / "plan.json").write_text(json.dumps(told | {"start_date": day(10).isoformat()}))
    (folder / "state.json").write_text(state(2, 170.0, "c1", paused=True).model_dump_json())
    budgets, runs = in_force(folder)
    own = panel_of(lines=2).lines[0].daily_budget
    assert budgets.tolist() == [own] * 10 + [170.0] * (LIVE - 10)
    assert runs.tolist() == [True] * 10 + [False] * (LIVE - 10)
