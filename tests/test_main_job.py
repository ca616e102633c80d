"""The main job through the command itself: exports and a brief in, a plan out, and whatever can go wrong on the way."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketmover.kit import to_cents
from marketmover.plans import Plan

COMMAND = str(Path(sys.executable).parent / "marketmover")
AMERICAN = ("--country", "US", "--sells", "leads")
BRIEF = """Hello,

we sell physiotherapy sessions and need more qualified leads in the United States: women and men, 25-54.
We can spend up to $12,000 in total, from 5 January 2027 to 1 February 2027, on Google and Meta.
Please keep the cost per lead under $60.
"""


def marketmover(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("main") / "history"
    made = marketmover(
        "sandbox",
        "create",
        str(folder),
        "--lines",
        "6",
        "--days",
        "240",
        "--seed",
        "4",
        "--end",
        "2026-12-31",
        *AMERICAN,
    )
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture
def brief(tmp_path: Path) -> Path:
    path = tmp_path / "brief.txt"
    path.write_text(BRIEF, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def planned(history: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A plan of the brief: its folder, and what the command printed."""
    folder = tmp_path_factory.mktemp("planned")
    (folder / "brief.txt").write_text(BRIEF, encoding="utf-8")
    told = ("--history", str(history), "--brief", str(folder / "brief.txt"), "--out", str(folder / "plan"))
    done = marketmover("compose", *told, "--json", "--seed", "9")
    assert done.returncode == 0, done.stderr
    return folder / "plan", done.stdout


def composed(history: Path, brief: Path, out: Path, *more: str, **environment: str) -> Plan:
    done = marketmover(
        "compose", "--history", str(history), "--brief", str(brief), "--out", str(out), *more, **environment
    )
    assert done.returncode == 0, done.stderr
    return Plan.model_validate_json((out / "plan.json").read_text(encoding="utf-8"))


def test_exports_and_a_brief_go_in_and_a_plan_comes_out(planned: tuple[Path, str]) -> None:
    folder, _ = planned
    plan = Plan.model_validate_json((folder / "plan.json").read_text(encoding="utf-8"))
    assert (str(plan.start_date), str(plan.end_date), plan.currency) == ("2027-01-05", "2027-02-01", "USD")
    assert plan.objective == "qualified_leads"
    assert sum(to_cents(line.budget) for line in plan.lines) == 1_200_000
    assert plan.simulated
    assert plan.history.lines >= 4
    google = json.loads((folder / "google_ads.json").read_text(encoding="utf-8"))
    meta = json.loads((folder / "meta_ads.json").read_text(encoding="utf-8"))
    assert google["validateOnly"] is True
    assert google["mutateOperations"]
    assert meta["operations"]
    assert "simulated" in (folder / "plan.html").read_text(encoding="utf-8").lower()


def test_the_same_inputs_and_seed_give_the_same_bytes_and_nothing_is_left_behind_but_the_plan(
    history: Path, brief: Path, planned: tuple[Path, str], tmp_path: Path
) -> None:
    home, temporary = tmp_path / "home", tmp_path / "temporary"
    temporary.mkdir()
    before = {path: path.stat().st_mtime_ns for path in history.rglob("*")}
    composed(history, brief, tmp_path / "plan", "--seed", "9", MARKETMOVER_HOME=str(home), TMPDIR=str(temporary))
    for name in ("plan.json", "google_ads.json", "meta_ads.json", "plan.html"):
        assert (tmp_path / "plan" / name).read_bytes() == (planned[0] / name).read_bytes()
    assert not home.exists()
    assert not list(temporary.iterdir())
    assert {path: path.stat().st_mtime_ns for path in history.rglob("*")} == before


def test_two_plans_may_be_composed_at_once(history: Path, brief: Path, tmp_path: Path) -> None:
    running = [
        subprocess.Popen(
            [COMMAND, "compose", "--history", str(history), "--brief", str(brief), "--out", str(tmp_path / name)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for name in ("a", "b")
    ]
    assert [process.wait() for process in running] == [0, 0]
    for process in running:
        assert process.stderr is not None
        process.stderr.close()
    assert (tmp_path / "a/plan.json").read_bytes() == (tmp_path / "b/plan.json").read_bytes()


def test_a_home_gives_the_same_plan_as_the_folder_it_was_filled_from(
    history: Path, brief: Path, tmp_path: Path
) -> None:
    home = str(tmp_path / "home")
    imported = marketmover("import", str(history), "--as-of", "2026-12-31", MARKETMOVER_HOME=home)
    assert imported.returncode == 0, imported.stderr
    done = marketmover("compose", "--brief", str(brief), "--out", str(tmp_path / "a"), MARKETMOVER_HOME=home)
    assert done.returncode == 0, done.stderr
    composed(history, brief, tmp_path / "b", "--as-of", "2026-12-31")
    assert (tmp_path / "a/plan.json").read_bytes() == (tmp_path / "b/plan.json").read_bytes()


def test_results_go_to_stdout_and_messages_to_stderr(planned: tuple[Path, str], brief: Path) -> None:
    assert Plan.model_validate_json(planned[1]).total_budget == 12000.0
    understood = marketmover("brief", str(brief))
    assert json.loads(understood.stdout)["budget"]["amount"] == 12000.0


def test_the_json_of_a_brief_composes_the_same_plan_as_its_text(
    history: Path, brief: Path, planned: tuple[Path, str], tmp_path: Path
) -> None:
    as_json = tmp_path / "brief.json"
    as_json.write_text(marketmover("brief", str(brief), "--json").stdout, encoding="utf-8")
    of_text = Plan.model_validate_json((planned[0] / "plan.json").read_text(encoding="utf-8"))
    assert composed(history, as_json, tmp_path / "b", "--seed", "9") == of_text


def test_a_dirty_history_is_planned_from_and_the_plan_says_what_was_set_aside(brief: Path, tmp_path: Path) -> None:
    dirty = tmp_path / "dirty"
    made = marketmover(
        "sandbox",
        "create",
        str(dirty),
        "--lines",
        "5",
        "--days",
        "120",
        "--seed",
        "8",
        "--end",
        "2026-12-31",
        "--dirty",
        *AMERICAN,
    )
    assert made.returncode == 0, made.stderr
    plan = composed(dirty, brief, tmp_path / "plan", "--as-of", "2026-12-31")
    assert plan.history.quarantined == sum(plan.history.quarantine_reasons.values()) > 0


def test_an_empty_history_is_planned_as_a_first_campaign(brief: Path, tmp_path: Path) -> None:
    (tmp_path / "history" / "google_ads").mkdir(parents=True)
    plan = composed(tmp_path / "history", brief, tmp_path / "plan")
    assert all(line.is_new for line in plan.lines)
    assert plan.warnings


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("We want leads in the US for EUR 5,000.", "EUR"),
        ("We want leads in the US. The budget is $0.", "nothing"),
    ],
)
def test_a_brief_that_does_not_meet_the_history_is_refused_in_words(
    text: str, told: str, history: Path, tmp_path: Path
) -> None:
    brief = tmp_path / "brief.txt"
    brief.write_text(text, encoding="utf-8")
    done = marketmover("compose", "--history", str(history), "--brief", str(brief), "--out", str(tmp_path / "plan"))
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "plan").exists()


def test_a_folder_that_does_not_exist_is_named(brief: Path, tmp_path: Path) -> None:
    for arguments in (
        ("import", "nowhere"),
        ("compose", "--history", "nowhere", "--brief", str(brief), "--out", str(tmp_path / "plan")),
    ):
        done = marketmover(*arguments, MARKETMOVER_HOME=str(tmp_path / "home"))
        assert done.returncode == 1
        assert "nowhere" in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "plan").exists()


def test_a_country_that_the_history_never_reached_is_planned_with_a_warning(history: Path, tmp_path: Path) -> None:
    brief = tmp_path / "brief.txt"
    brief.write_text("We want leads from people in New Zealand. Budget: $5,000 in total.", encoding="utf-8")
    plan = composed(history, brief, tmp_path / "plan")
    assert any("NZ" in warning for warning in plan.warnings)
