"""The docs are true: their commands run, their links lead somewhere, their generated pages are what the code says."""

import importlib.util
import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from marketmover.kit import utc_now
from marketmover.plans import Plan

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_in_a_page_leads_somewhere(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in target]
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


def test_the_readme_names_no_figure_that_is_still_to_be_measured() -> None:
    assert "FIGURES" not in (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_decision_record_stands_in_the_index() -> None:
    index = (ROOT / "docs/decisions/README.md").read_text(encoding="utf-8")
    for record in (ROOT / "docs/decisions").glob("0*.md"):
        assert f"({record.name})" in index


def test_the_picture_of_the_floors_is_what_the_linter_checks() -> None:
    floors = script("floors")
    assert floors.TARGET.read_text(encoding="utf-8") == floors.render()


def test_the_architecture_page_has_a_row_for_every_room() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = text[text.index("| floor |") : text.index("## The way")]
    rows = [line.split("|")[2] for line in table.splitlines() if line.startswith("|")]
    named = set(re.findall(r"`(\w+)`", "\n".join(rows)))
    assert named == {room for floor in script("floors").floors() for room in floor}


@pytest.mark.parametrize(
    ("name", "page"), [("make_settings_doc", "settings.md"), ("make_data_dictionary", "data-dictionary.md")]
)
def test_a_generated_page_is_what_the_code_says_now(name: str, page: str) -> None:
    assert (ROOT / "docs" / page).read_text(encoding="utf-8") == script(name).render()


def test_make_lists_every_chore_in_one_line_each() -> None:
    listed = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
    chores = [line.split()[0] for line in listed.splitlines() if line and not line.startswith("make")]
    assert {"setup", "demo", "test", "check", "format", "bench", "docs"} <= set(chores)


def test_the_readme_blocks_for_own_data_run_as_they_stand(tmp_path: Path) -> None:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    own_data = next(block for block in blocks if "marketmover import" in block)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (tmp_path / "brief.txt").write_text((ROOT / "examples/brief.txt").read_text(encoding="utf-8"), encoding="utf-8")
    environment = {**os.environ, "MARKETMOVER_HOME": str(tmp_path / "home")}
    prepared = (
        ".venv/bin/marketmover sandbox create exports --lines 4 --days 120 --seed 5 --country US --end 2026-11-21\n"
    )
    done = subprocess.run(
        ["bash", "-e", "-c", prepared + own_data],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "plan" / "plan.html").stat().st_size > 10_000
    assert (tmp_path / "history.html").stat().st_size > 10_000


def test_the_demo_ends_with_a_plan_and_says_where_it_lies_and_that_it_is_simulated(tmp_path: Path) -> None:
    done = subprocess.run(
        ["bash", str(ROOT / "scripts/demo.sh")],
        env={**os.environ, "DEMO": str(tmp_path), "DEMO_SIZE": "--lines 6 --days 200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(tmp_path / "plan/plan.html") in done.stderr + done.stdout
    assert "simulated" in (done.stderr + done.stdout).lower()
    assert "SIMULATED" in (tmp_path / "plan/plan.html").read_text(encoding="utf-8").upper()
    plan = Plan.model_validate_json((tmp_path / "plan/plan.json").read_text(encoding="utf-8"))
    today = utc_now().date()
    assert today < plan.start_date <= today + timedelta(days=31)
    assert plan.start_date.day == 1
    assert plan.history.last_date == today - timedelta(days=1)
