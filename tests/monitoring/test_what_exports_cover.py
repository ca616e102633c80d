"""What was not exported is no trouble, and money is compared with money of one currency: said, or refused."""

import json
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from running_lines import FIRST, HISTORY, LIVE, panel_of, plan_of, write_exports
from typer.testing import CliRunner, Result

from marketmover.cli.commands import build
from marketmover.errors import InputError, MarketmoverError, UsageError
from marketmover.history import Panel
from marketmover.monitoring.lines.coverage import check_plan, coverage_notes, covered_days, plan_notes
from marketmover.monitoring.lines.goals import check_goals
from marketmover.monitoring.lines.plan_file import Goal, load_goals, load_plan
from marketmover.monitoring.wording import figure
from marketmover.plans import Plan
from marketmover.store import StoreOpener


@pytest.fixture
def exports(tmp_path: Path) -> Path:
    """A short history and a week of live exports, in euros."""
    panel = panel_of(lines=4)
    write_exports(panel, tmp_path / "history", HISTORY - 60, HISTORY)
    write_exports(panel, tmp_path / "live", HISTORY, HISTORY + 9)
    return tmp_path


def run(opener: StoreOpener, folder: Path, *more: str | Path) -> Result:
    given = ["--history", folder / "history", "--live", folder / "live", "--out", folder / "alerts.json", *more]
    return CliRunner().invoke(build({"monitor"}), ["monitor", *map(str, given)], obj=opener)


def told(opener: StoreOpener, folder: Path, *more: str | Path) -> dict[str, Any]:
    done = run(opener, folder, *more)
    assert done.exit_code == 0, (done.output, done.exception)
    return json.loads((folder / "alerts.json").read_text())


def refusal(opener: StoreOpener, folder: Path, *more: str | Path) -> MarketmoverError:
    done = run(opener, folder, *more)
    assert isinstance(done.exception, MarketmoverError), done.output
    return done.exception


def in_dollars(file: Path) -> None:
    file.write_text(file.read_text().replace('"EUR"', '"USD"'))


def without(panel: Panel, columns: slice, rows: slice = slice(None)) -> Panel:
    observed = panel.observed.copy()
    observed[rows, columns] = False
    return replace(panel, observed=observed)


def plan_in(folder: Path) -> Plan:
    form = load_plan(plan_of(6.0, LIVE, folder))[1]
    assert form is not None
    return form


def test_a_platform_of_which_nothing_was_exported_is_not_told_as_stopped(opener: StoreOpener, exports: Path) -> None:
    shutil.rmtree(exports / "live" / "meta_ads")
    goals = exports / "goals.json"
    goals.write_text('{"leads": {"at_least": 100000}}')
    found = told(opener, exports, "--goals", goals)
    assert found["alerts"] == []
    assert found["notes"] == ["The live exports hold nothing of Meta Ads: its lines are not watched, nor goals."]


def test_one_of_two_currencies_is_watched_and_the_other_is_named(opener: StoreOpener, exports: Path) -> None:
    for time in ("history", "live"):
        in_dollars(exports / time / "meta_ads" / "daily.json")
    found = told(opener, exports, "--currency", "usd")
    assert (found["currency"], found["lines"]) == ("USD", 2)
    assert found["notes"] == [
        "Accounts in EUR are not watched along with those in USD: ask for them with --currency EUR."
    ]


@pytest.mark.parametrize("platforms", [("meta_ads",), ("google_ads", "meta_ads")])
def test_live_money_in_another_currency_than_before_is_refused(
    opener: StoreOpener, exports: Path, platforms: tuple[str, ...]
) -> None:
    for platform in platforms:
        in_dollars(exports / "live" / platform / "daily.json")
    error = refusal(opener, exports)
    assert isinstance(error, InputError)
    assert "another currency" in str(error)
    assert str(exports / "live") in str(error)


def test_a_plan_in_another_currency_is_refused(opener: StoreOpener, exports: Path) -> None:
    plan = plan_of(6.0, LIVE, exports / "plan")
    in_dollars(plan / "plan.json")
    assert "No account of the history is in USD" in str(refusal(opener, exports, "--plan", plan))
    assert isinstance(refusal(opener, exports, "--plan", plan, "--currency", "EUR"), UsageError)


def test_live_exports_of_the_future_say_how_to_read_them(opener: StoreOpener, exports: Path) -> None:
    error = refusal(opener, exports, "--as-of", str(FIRST + timedelta(HISTORY - 1)))
    assert "later day with --as-of" in str(error)


def test_a_pull_that_holds_nothing_is_passed_over(opener: StoreOpener, exports: Path) -> None:
    pulls = exports / "pulls"
    (exports / "live").rename(pulls)
    for live in (7, 8):
        (exports / "live" / str(FIRST + timedelta(HISTORY + live))).mkdir(parents=True)
    pulls.rename(exports / "live" / str(FIRST + timedelta(HISTORY + 9)))
    found = told(opener, exports)
    assert found["alerts"] == []
    assert [note.endswith("was passed over.") for note in found["notes"]] == [True, True]


def test_a_gap_of_all_platforms_is_not_covered_and_one_of_a_platform_is_a_stop_that_is_asked_about() -> None:
    panel = panel_of(lines=4)
    gap = slice(HISTORY + 9, HISTORY + 16)
    both = without(panel, gap)
    assert not covered_days(both, HISTORY)[gap].any()
    assert covered_days(both, HISTORY).sum() == panel.dates.size - 7
    (note,) = coverage_notes(both, HISTORY, frozenset())
    assert "11 November to 17 November (7 days)" in note
    one = without(panel, gap, slice(2, 4))
    assert covered_days(one, HISTORY).all()
    (asked,) = coverage_notes(one, HISTORY, frozenset())
    assert "Meta Ads" in asked
    assert "export them as well" in asked


def test_an_account_that_runs_on_one_platform_alone_may_have_stopped() -> None:
    panel = without(panel_of(lines=4), slice(0, None), slice(2, 4))
    stopped = without(panel, slice(HISTORY + 9, HISTORY + 16))
    assert covered_days(stopped, HISTORY).all()
    assert coverage_notes(panel, HISTORY, frozenset()) == []


def test_a_plan_of_another_account_is_refused_and_of_other_days_remarked_on(tmp_path: Path) -> None:
    panel, plan = panel_of(lines=4), plan_in(tmp_path)
    check_plan(panel, plan, {})
    assert plan_notes(panel, HISTORY, plan, {}) == []
    (line,) = plan.lines
    other = plan.model_copy(update={"lines": [line.model_copy(update={"id": "google_ads:99:991"})]})
    with pytest.raises(InputError, match="another account"):
        check_plan(panel, other, {})
    past = plan.model_copy(update={"start_date": FIRST, "end_date": FIRST + timedelta(27)})
    assert "ended on 2 February 2025" in plan_notes(panel, HISTORY, past, {})[0]


def test_a_goal_with_a_typing_error_is_told_what_was_probably_meant(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean cost_per_lead"):
        check_goals({"cost_per_laed": Goal(at_most=40)})
    file = tmp_path / "goals.json"
    file.write_text('{"leads": {"atleast": 3}}')
    with pytest.raises(InputError, match=r"leads\.atleast is not known: a goal has at_most or at_least"):
        load_goals(file)


def test_money_is_written_with_the_decimals_of_its_currency() -> None:
    assert figure("cpm", 1234.5, "JPY") == "1,234 JPY"
    assert figure("cpm", 1234.5, "EUR") == "1,234.50 EUR"
    assert figure("cost_per_click", np.float64(4.26), "JPY") == "4.3 JPY"
