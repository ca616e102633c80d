"""`marketmover tune` and what becomes of its changes, from the command line, on a simulated window."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.campaigns.tuning.conftest import PlanMaker
from typer.testing import CliRunner, Result

from marketmover.campaigns.compose.writing import plan_json
from marketmover.cli.commands import build
from marketmover.errors import InputError, MarketmoverError, NotFoundError, UsageError
from marketmover.plans import Plan, PlanLine
from marketmover.sandbox import create_market, start_live, write_history
from marketmover.settings import Settings
from marketmover.store import StoreOpener

LIVED = 9


def run(*arguments: str | Path, home: Path | None = None) -> Result:
    opener = StoreOpener(Settings(home=home or Path("home")))
    return CliRunner().invoke(build({str(arguments[0])}), [str(one) for one in arguments], obj=opener)


def refusal(*arguments: str | Path) -> MarketmoverError:
    done = run(*arguments)
    assert isinstance(done.exception, MarketmoverError), done.output
    return done.exception


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory, make_plan: PlanMaker) -> Path:
    """A history, a plan of the status quo, and the exports of its first nine days, of which lines convert badly."""
    folder = tmp_path_factory.mktemp("window")
    market = create_market(6, 200, 3)
    write_history(market, folder / "history")
    first = market.last_date + timedelta(1)
    quo = {line: round(amount, 2) for line, amount in market.status_quo().items()}
    template = make_plan().lines[0]
    lines = [_line(template, line, daily) for line, daily in quo.items()]
    plan = make_plan(
        lines=lines, currency=market.setting.currency, start_date=first, end_date=first + timedelta(27),
        total_budget=round(28 * sum(quo.values()), 2), objective=market.main_metric,
    )  # fmt: skip
    (folder / "plan").mkdir()
    (folder / "plan" / "plan.json").write_text(plan_json(plan))
    live = start_live(market, quo, days=28, seed=1, shock=True, shifts=False)
    for day in (first + timedelta(3), first + timedelta(LIVED - 1)):
        live.live_until(day)
        live.export(day, folder / "daily" / "pulls" / str(day), whole=False)
    live.export(first + timedelta(LIVED - 1), folder / "live", whole=True)
    return folder


def _line(template: PlanLine, line: str, daily: float) -> PlanLine:
    platform, campaign, group = line.split(":")
    changed = {
        "id": line, "platform": platform, "campaign_id": campaign, "ad_group_id": group, "name": line,
        "budget": round(daily * 28, 2), "daily_budget": daily, "expected": {},
    }  # fmt: skip
    return template.model_copy(update=changed)


def test_daily_pulls_are_tuned_by_as_one_export_of_all(window: Path, tmp_path: Path) -> None:
    told: list[object] = []
    for name in ("live", "daily"):
        out = tmp_path / f"{name}.json"
        exports = ("--history", window / "history", "--live", window / name)
        done = run("tune", "--plan", window / "plan", *exports, "--out", out, "--json", home=tmp_path / "home")
        assert done.exit_code == 0, done.output
        told.append(json.loads(out.read_text()))
    assert told[0] == told[1]


def test_changes_are_written_applied_measured_and_undone(window: Path, tmp_path: Path) -> None:
    plan, exports = window / "plan", ("--history", window / "history", "--live", window / "live")
    done = run("tune", "--plan", plan, *exports, "--out", tmp_path / "changes.json", "--json", home=tmp_path / "home")
    assert done.exit_code == 0, done.output
    changes = json.loads((tmp_path / "changes.json").read_text())
    read = Plan.model_validate_json((plan / "plan.json").read_bytes())
    assert changes["as_of"] == str(read.start_date + timedelta(LIVED - 1))
    assert changes["changes"]
    assert not (plan / "state.json").exists()

    assert run("plan", "apply", plan, "--changes", tmp_path / "changes.json", "--who", "anne").exit_code == 0
    state = json.loads((plan / "state.json").read_text())
    running = sum(amount for line, amount in state["daily_budgets"].items() if line not in state["paused"])
    money = changes["money"]
    assert abs(running * money["days_left"] - money["left"]) <= 0.01 * money["days_left"] * len(read.lines)

    measured = run("plan", "effects", plan, *exports, "--json", home=tmp_path / "home")
    assert [one["verdict"] for one in json.loads(measured.stdout)["effects"]] == ["not enough data"]
    assert run("plan", "undo", plan).exit_code == 0
    log = json.loads(run("plan", "log", plan, "--json").stdout)["entries"]
    assert (log[0]["kind"], log[0]["who"]) == ("apply", "anne")
    assert refusal("plan", "undo", plan).message.startswith("Nothing in")


def test_what_a_person_should_mind_of_applied_changes_is_said(window: Path, tmp_path: Path) -> None:
    """Older than an undo, and dearer by hand than what is left; lines are shown by name, with what was and what is."""
    (tmp_path / "plan").mkdir()
    text = (window / "plan" / "plan.json").read_text()
    (tmp_path / "plan" / "plan.json").write_text(text)
    plan = Plan.model_validate_json(text)
    line, day = plan.lines[0], plan.start_date + timedelta(6)
    change = {"line_id": line.id, "action": "set_daily_budget", "from": line.daily_budget,
              "to": 10 * line.daily_budget, "reason": "by hand"}  # fmt: skip
    money = {"currency": plan.currency, "total": plan.total_budget, "spent": 0.75 * plan.total_budget,
             "left": 0.25 * plan.total_budget, "days_left": 21}  # fmt: skip
    file = tmp_path / "changes.json"
    file.write_text(json.dumps({"as_of": str(day), "changes": [change], "money": money}))
    apply = ("plan", "apply", tmp_path / "plan", "--changes", file)
    first = run(*apply)
    assert line.name in first.stdout
    assert "more than the plan has would be spent" in first.stderr
    assert "count from" not in first.stderr
    assert run("plan", "undo", tmp_path / "plan", "--as-of", str(day + timedelta(3))).exit_code == 0
    assert "Their sum is 3 days old" in run(*apply).stderr
    assert str(day + timedelta(4)) in run("plan", "log", tmp_path / "plan").stdout


def test_what_cannot_be_used_is_named(window: Path, tmp_path: Path) -> None:
    good = ("--history", window / "history", "--live", window / "live", "--out", tmp_path / "changes.json")
    assert isinstance(refusal("tune", "--plan", tmp_path / "no", *good), NotFoundError)
    assert isinstance(refusal("tune", "--plan", window / "plan", *good, "--mode", "bold"), UsageError)
    assert isinstance(refusal("tune", "--plan", window / "plan", *good, "--as-of", "soon"), UsageError)
    assert isinstance(refusal("tune", "--plan", window / "plan", *good, "--yes"), UsageError)
    error = refusal(
        "tune", "--plan", window / "plan", "--history", window / "history", "--live", window / "history",
        "--out", tmp_path / "changes.json",
    )  # fmt: skip
    assert isinstance(error, InputError)
    assert "the plan's first day" in error.message
    (tmp_path / "empty").mkdir()
    error = refusal(
        "tune", "--plan", window / "plan", "--history", window / "history", "--live", tmp_path / "empty",
        "--out", tmp_path / "changes.json",
    )  # fmt: skip
    assert "folder of live exports" in error.message
