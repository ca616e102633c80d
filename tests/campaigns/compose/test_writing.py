import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from marketmover.campaigns.compose import Materials, compose
from marketmover.campaigns.compose.loading import load_limits
from marketmover.campaigns.compose.writing import write_plan
from marketmover.errors import ConflictError, InputError, NotFoundError
from marketmover.history import Panel
from marketmover.plans import Brief, BriefBudget, Plan


@pytest.fixture
def plan(make_materials: Callable[..., Materials]) -> Plan:
    brief = Brief(budget=BriefBudget(amount=500, currency="USD"), duration_days=7)
    return compose(brief, make_materials(Panel.empty("USD"), today=date(2026, 1, 1)))


def test_a_plan_reads_back_as_it_was_written(plan: Plan, tmp_path: Path) -> None:
    write_plan(tmp_path / "new" / "folder", plan, {"a": 1}, {"b": 2}, "<html>")
    written = json.loads((tmp_path / "new/folder/plan.json").read_text(encoding="utf-8"))
    assert Plan.model_validate(written) == plan
    assert sorted(path.name for path in (tmp_path / "new/folder").iterdir()) == [
        "google_ads.json",
        "meta_ads.json",
        "plan.html",
        "plan.json",
        "split.csv",
        "split.xlsx",
    ]


def test_a_plan_in_force_is_never_written_over(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "state.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ConflictError, match="in force"):
        write_plan(tmp_path, plan, {}, {}, "")
    assert [path.name for path in tmp_path.iterdir()] == ["state.json"]


def test_a_folder_that_is_a_file_is_named(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="taken"):
        write_plan(tmp_path / "taken", plan, {}, {}, "")


def test_a_failure_in_mid_write_leaves_the_former_plan_whole(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_plan(tmp_path, plan, {"old": True}, {}, "old")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="No space left"):
        write_plan(tmp_path, plan, {"new": True}, {}, "new")
    assert json.loads((tmp_path / "google_ads.json").read_text(encoding="utf-8")) == {"old": True}
    assert (tmp_path / "plan.html").read_text(encoding="utf-8") == "old"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ('{"lines": {"a": {"min": -1}}}', r"lines\.a\.min"),
        ('{"linse": {}}', "linse"),
        ('{"lines": {"a": {"min": 5, "max": 1}}}', "above max"),
    ],
)
def test_limits_that_cannot_be_read_name_the_place(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "limits.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        load_limits(path)


def test_a_limit_that_is_written_wrongly_is_told_the_nearest_name(tmp_path: Path) -> None:
    path = tmp_path / "limits.json"
    path.write_text('{"lines": {"a": {"lock": 5}}}', encoding="utf-8")
    with pytest.raises(InputError, match=r"lines\.a\.lock: there is no such limit") as told:
        load_limits(path)
    assert "'locked'" in told.value.remedy


def test_limits_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        load_limits(tmp_path / "nowhere.json")
