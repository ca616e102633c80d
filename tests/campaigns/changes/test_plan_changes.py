"""Plan on plan: what changed, why, and that its figures add up."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from marketmover.campaigns.changes import PlanDiff, compare_plans, render_page
from marketmover.campaigns.changes.show import outline
from marketmover.campaigns.plan_file import load_plan
from marketmover.cli.main import run
from marketmover.console import Table
from marketmover.errors import InputError, NotFoundError
from marketmover.plans import Audience, Brief, LeftOut, Limits, LineLimit, Plan, PlatformLimit

sys.path.append(str(Path(__file__).parents[1] / "page"))
sys.path.append(str(Path(__file__).parents[2] / "charts"))
from html_page import HtmlPage  # pyright: ignore[reportMissingImports] - it stands beside the charts' tests
from sample_plans import ALL, NASTY, line, ordinary, plan, span  # pyright: ignore[reportMissingImports]


def two_lines(search: float, social: float, today: Sequence[float] = (500.0, 500.0), **changes: Any) -> Plan:
    lines = [
        line(1, "google_ads", "SEARCH", "Search", search),
        line(2, "meta_ads", "IMAGE", "Social", social),
    ]
    return plan(lines, today, limits=Limits(), seed=0, **changes)


def scaled(of: Plan, factor: float) -> Plan:
    """The same plan with curves that bring `factor` as much."""
    lines = [
        one.model_copy(update={"curve": [point.model_copy(update={"mid": point.mid * factor}) for point in one.curve]})
        for one in of.lines
    ]
    expected = {name: span(value.mid * factor) for name, value in of.expected.items()}
    return of.model_copy(update={"lines": lines, "expected": expected})


def words(diff: PlanDiff) -> str:
    return " ".join(
        [
            *diff.summary,
            *(cause.words for cause in diff.causes),
            *(r for one in diff.lines for r in one.reasons),
            *diff.notes,
        ]
    )


def test_a_plan_and_itself_are_the_same() -> None:
    diff = compare_plans(ordinary(), ordinary())
    assert diff.same
    assert diff.summary[0].startswith("Both plans are the same")
    assert diff.moved == 0


def test_what_moved_between_lines_is_told_apart_from_what_the_total_did() -> None:
    diff = compare_plans(two_lines(600, 400), two_lines(1400, 600))
    changes = {one.name: (one.change, one.by_total, one.by_split) for one in diff.lines}
    assert changes == {"Search": (800.0, 600.0, 200.0), "Social": (200.0, 400.0, -200.0)}
    assert diff.moved == pytest.approx(0.1)
    assert "spends $2,000 instead of $1,000 and moves 10% of it between lines" in diff.summary[0]
    assert "to “Search” (+$200) and from “Social” (−$200)" in diff.summary[0]
    assert [cause.kind for cause in diff.causes] == ["budget"]


def test_the_change_of_the_result_is_taken_apart_and_adds_up() -> None:
    old = two_lines(600, 400, expected={"leads": span(0.9 * (600**0.72 + 400**0.72))}, objective="leads")
    new = two_lines(1300, 700, expected={"leads": span(0.9 * (1300**0.72 + 700**0.72))}, objective="leads")
    diff = compare_plans(old, new)
    parts = {step.kind: step.amount for step in diff.steps}
    assert sum(parts.values()) == pytest.approx(new.expected["leads"].mid - old.expected["leads"].mid, rel=1e-4)
    assert parts["money"] > 40
    assert abs(parts["forecast"]) < 0.5
    assert abs(parts["rest"]) < 3
    assert "mainly because more is spent" in diff.summary[1]


def test_a_forecast_that_moved_is_told_with_its_size() -> None:
    old = two_lines(600, 400, objective="leads", expected={"leads": span(0.9 * (600**0.72 + 400**0.72))})
    later = old.history.model_copy(update={"last_date": date(2026, 1, 14), "rows": 12000})
    new = scaled(old, 0.8).model_copy(update={"history": later})
    diff = compare_plans(old, new)
    assert {cause.kind: cause.short for cause in diff.causes} == {
        "data": "14 more days of results",
        "forecast": "a worse forecast",
    }
    assert "expected to bring 20% less a day: what is known of the lines has moved" in words(diff)
    assert next(step.amount for step in diff.steps if step.kind == "forecast") < -20
    assert diff.summary[-1] == "What is behind it: 14 more days of results and a worse forecast."


def test_longer_dates_alone_are_no_better_forecast() -> None:
    old = two_lines(600, 400)
    lines = [
        one.model_copy(
            update={
                "budget": one.budget * 2,
                "curve": [
                    point.model_copy(update={"budget": point.budget * 2, "mid": point.mid * 2}) for point in one.curve
                ],
            }
        )
        for one in old.lines
    ]
    new = old.model_copy(update={"end_date": date(2026, 3, 1), "lines": lines, "total_budget": 2000.0})
    diff = compare_plans(old, new)
    assert [cause.kind for cause in diff.causes] == ["budget", "dates"]
    assert diff.moved == 0
    assert "56 days instead of 28" in words(diff)


def test_lines_that_came_went_or_stopped_say_why() -> None:
    old = two_lines(600, 400, left_out=[LeftOut(id="google_ads:103:3", reason="it is paused")])
    new = plan(
        [line(1, "google_ads", "SEARCH", "Search", 0.0), line(3, "google_ads", "SEARCH", "Brand", 1000.0)],
        (0.0, 0.0),
        left_out=[LeftOut(id="meta_ads:102:2", reason="the brief leaves Meta Ads out")],
    )
    found = {one.name: (one.status, one.reasons[0] if one.reasons else "") for one in compare_plans(old, new).lines}
    assert found["Search"][0] == "stopped"
    assert found["Social"] == ("left_out", "It takes no part any more: the brief leaves Meta Ads out.")
    assert found["Brand"] == ("joined", "The old plan left it out: it is paused.")


def test_plans_of_different_accounts_say_so() -> None:
    other = plan([line(9, "meta_ads", "IMAGE", "Other", 1000.0, campaign="900")], (1000.0,))
    diff = compare_plans(two_lines(600, 400), other)
    assert "The plans have no line in common" in words(diff)
    assert {one.status for one in diff.lines} == {"dropped", "joined"}


def test_limits_that_differ_are_named_with_their_lines_and_figures() -> None:
    old = two_lines(600, 400)
    limits = Limits(
        lines={"google_ads:101:1": LineLimit(max=500)},
        platforms={"meta_ads": PlatformLimit(min_share=0.5)},
        weekly_change=0.3,
    )
    said = words(compare_plans(old, two_lines(500, 500).model_copy(update={"limits": limits})))
    assert "Another limit on “Search”: at most $500 rather than no limit." in said
    assert "Another limit on Meta Ads: at least 50% of the money rather than no limit." in said
    assert "the largest change a week is 0.3 rather than not set" in said
    assert "Its limits are now at most $500; before: none." in said


def test_plans_that_do_not_say_their_limits_are_not_taken_to_have_none() -> None:
    old = two_lines(600, 400).model_copy(update={"limits": None})
    diff = compare_plans(old, two_lines(600, 400).model_copy(update={"limits": Limits(weekly_change=0.3)}))
    assert not any(cause.kind == "limits" for cause in diff.causes)
    assert "The old plan does not say under which limits it was made" in words(diff)


def test_another_brief_is_told_in_words() -> None:
    brief = Brief(audience=Audience(countries=["DE"], age_min=30, genders=["FEMALE"]))
    said = words(compare_plans(two_lines(600, 400), two_lines(600, 400, brief=brief, objective="leads")))
    assert "Women aged 30 and over in Germany rather than People aged 25 to 54 in Austin" in said
    assert "The new plan maximises leads, the old one qualified leads." in said


def test_plans_judged_by_different_results_are_not_compared_by_their_curves() -> None:
    diff = compare_plans(two_lines(600, 400), two_lines(400, 600, objective="leads"))
    assert diff.metric is None
    assert diff.steps == []
    assert "judged by different results" in diff.summary[1]


def test_plans_in_two_currencies_are_refused() -> None:
    with pytest.raises(InputError, match=r"a is in USD and b in EUR"):
        compare_plans(ordinary(), ordinary().model_copy(update={"currency": "EUR"}), ("a", "b"))


@pytest.mark.parametrize("new", ALL.values(), ids=ALL)
@pytest.mark.parametrize("old", ALL.values(), ids=ALL)
def test_any_two_plans_compare_and_their_lines_add_up(old: Any, new: Any) -> None:
    before, after = old(), new().model_copy(update={"currency": old().currency})
    diff = compare_plans(before, after)
    assert sum(one.change for one in diff.lines) == pytest.approx(after.total_budget - before.total_budget, abs=0.01)
    assert all(one.by_total + one.by_split == pytest.approx(one.change, abs=0.011) for one in diff.lines)
    assert 1 <= len(diff.summary) <= 3
    page = HtmlPage(render_page(diff))
    assert page.faults == []
    assert page.reaches_out == []
    assert not {"nan", "none,", "inf"} & set(page.words.lower().split())


def test_the_terminal_says_the_summary_first_and_names_nothing_that_could_command_it() -> None:
    hostile = ALL["hostile"]()
    parts = outline(compare_plans(ordinary(), hostile, ("old", NASTY)))
    assert parts[0].startswith("SIMULATED") if isinstance(parts[0], str) else False
    assert not any("\x07" in part for part in parts if isinstance(part, str))
    tables = [part for part in parts if isinstance(part, Table)]
    assert tables[-1].rows[-1][0] == "Total"


def test_the_same_plans_give_the_same_page() -> None:
    pair = (two_lines(600, 400), two_lines(1300, 700))
    assert render_page(compare_plans(*pair)) == render_page(compare_plans(*pair))


def test_the_commands_read_folders_and_files_and_write_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "plan.json").write_text(two_lines(600, 400).model_dump_json(), encoding="utf-8")
    (tmp_path / "new.json").write_text(two_lines(700, 300).model_dump_json(), encoding="utf-8")
    page = tmp_path / "diff.html"
    code = run(["plan", "diff", str(tmp_path / "old"), str(tmp_path / "new.json"), "--json", "--out", str(page)])
    assert code == 0
    assert json.loads(capsys.readouterr().out)["moved"] == pytest.approx(0.1)
    assert "moves 10% of it" in page.read_text(encoding="utf-8")
    assert run(["plan", "show", str(tmp_path / "old")]) == 0
    assert "Search" in capsys.readouterr().out
    assert run(["plan", "export", str(tmp_path / "old"), "--out", str(tmp_path / "sheets")]) == 0
    assert sorted(path.name for path in (tmp_path / "sheets").iterdir()) == ["split.csv", "split.xlsx"]


def test_what_is_no_plan_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"holds no plan\.json"):
        load_plan(tmp_path)
    file = tmp_path / "plan.json"
    for text, message in (
        ("{", "is not JSON"),
        ("[]", "is not a plan"),
        ('{"version": 2}', r"more faults"),
        ("[" * 100_000, "is not"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=message):
            load_plan(tmp_path)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not JSON"):
        load_plan(file)
