"""A plan on a terminal: short, the answer first."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sample_plans import ALL, bare, first_campaign, huge, ordinary

from marketmover.campaigns.show import outline, show_plan
from marketmover.console import Table
from marketmover.plans import Plan


def table(of: Plan, title: str) -> Table:
    return next(part for part in outline(of) if isinstance(part, Table) and part.title == title)


@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_every_plan_can_be_printed_in_a_pipe(make: Callable[[], Plan], capsys: pytest.CaptureFixture[str]) -> None:
    show_plan(make(), Path("out/plan.html"))
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out.rstrip().endswith("out/plan.html")
    assert "\x1b" not in printed.out


def test_the_answer_stands_above_all_tables() -> None:
    parts = outline(ordinary())
    first_table = next(index for index, part in enumerate(parts) if isinstance(part, Table))
    assert parts[0] == "SIMULATED DATA: these campaigns, accounts and results are not real."
    assert str(parts[1]).startswith("Moving 20% of the budget is expected to bring 224 qualified leads")
    assert first_table <= 4


def test_the_expected_result_stands_beside_todays() -> None:
    expected = table(ordinary(), "Expected")
    assert expected.rows[0] == ["Qualified leads", "224", "198 to 251", "181", "158 to 204"]
    assert [row[0] for row in expected.rows[1:]] == ["Cost per qualified lead", "Leads", "Cost per lead"]


def test_a_first_campaign_has_no_column_of_today() -> None:
    assert table(first_campaign(), "Expected").columns == ["", "This plan", "Range"]


def test_the_split_adds_up_under_its_platforms() -> None:
    rows = table(ordinary(), "Split").rows
    assert ["Google Ads", "$18,500", "$20,100", "+9%", "", ""] in rows
    assert rows[-1][:3] == ["Total", "$30,000", "$30,000"]


def test_two_hundred_lines_fit_a_screen() -> None:
    rows = table(huge(), "Split").rows
    assert len(rows) < 25
    assert any("smaller lines" in row[0] for row in rows)


def test_long_names_of_one_campaign_stay_apart() -> None:
    base = ordinary()
    common = "Spring sale for runners in all of Texas, second half / ad set "
    lines = [item.model_copy(update={"name": f"{common}{index}"}) for index, item in enumerate(base.lines)]
    names = [row[0] for row in table(base.model_copy(update={"lines": lines}), "Split").rows if "..." in row[0]]
    assert len(set(names)) == len(lines)
    assert max(map(len, names)) <= 46


def test_leads_that_are_all_conversions_are_shown_once() -> None:
    of = ordinary()
    expected = of.expected | {"conversions": of.expected["leads"]}
    shown = [row[0] for row in table(of.model_copy(update={"expected": expected}), "Expected").rows]
    assert "Leads" in shown
    assert "Conversions" not in shown


def test_warnings_and_assumptions_are_printed_in_full() -> None:
    of = ordinary()
    printed = [part for part in outline(of) if isinstance(part, str)]
    assert [f"- {sentence}" for sentence in of.warnings + of.assumptions] == [
        part
        for part in printed
        if part.startswith("- ") and part[2:] not in [*of.risks, *of.stop_first, *of.would_change_it]
    ]


def test_a_plan_of_real_data_says_nothing_of_simulation() -> None:
    assert not any("SIMULATED" in part for part in outline(first_campaign()) if isinstance(part, str))


def test_a_plan_without_figures_shows_its_split_alone() -> None:
    assert [part.title for part in outline(bare()) if isinstance(part, Table)] == ["Split"]
