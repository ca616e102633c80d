"""What a test is read to say: the right verdict, in words, and no verdict where none is due."""

from pathlib import Path

import pytest
from experiment_files import leads, orders, regions, written

from marketmover.errors import InputError
from marketmover.experiments import Money, Report, Terms, read_experiment, read_results

PLANNED = Terms(planned_days=28)


def read(path: Path, metric: str | None = None, terms: Terms = PLANNED, money: Money | None = None) -> Report:
    return read_experiment(read_results(path), metric, terms, money)


def words(report: Report) -> str:
    return report.decisions[report.best].words


def test_an_arm_that_is_clearly_better_wins_in_words_with_its_worth(tmp_path: Path) -> None:
    report = read(orders(tmp_path, 0.25), money=Money("EUR", 55.0))
    said = words(report)
    assert report.decisions[0].verdict == "better"
    assert said.startswith("B wins, more than 99% likely, +")
    assert "% orders, about EUR " in said
    assert said.endswith(" a month. Ship.")
    worth = report.decisions[0].worth_a_month
    assert worth is not None
    assert worth.mid == pytest.approx(report.findings[0].deciding.mid * 0.05 * 2000 * 30.4 * 55, rel=0.05)


def test_an_arm_that_is_clearly_worse_loses(tmp_path: Path) -> None:
    report = read(leads(tmp_path, -0.3))
    assert report.decisions[0].verdict == "worse"
    assert words(report).startswith("Advised loses")
    assert words(report).endswith("Keep usual.")


def test_a_lower_cost_is_better(tmp_path: Path) -> None:
    report = read(leads(tmp_path, 0.4), "cost_per_lead", money=Money("EUR"))
    assert report.decisions[0].verdict == "better"
    assert "cost per lead" in words(report)
    assert report.findings[0].probability > 0.99
    worth = report.decisions[0].worth_a_month
    assert worth is not None
    assert worth.mid > 0


def test_two_weeks_of_days_come_before_any_verdict(tmp_path: Path) -> None:
    report = read(leads(tmp_path, 0.5, days=10))
    assert report.decisions[0].verdict == "not_enough_data"
    assert words(report) == "Not enough data yet: no verdict before 14 days, 4 days to go."


def test_a_small_effect_says_how_long_it_still_takes(tmp_path: Path) -> None:
    report = read(orders(tmp_path, 0.08, days=10, seed=3), terms=Terms(planned_days=120))
    assert report.decisions[0].verdict == "not_enough_data"
    assert report.decisions[0].days_left
    assert "Not enough data yet, about" in words(report)


def test_no_difference_at_the_planned_end_is_said_so(tmp_path: Path) -> None:
    report = read(leads(tmp_path, 0.0, seed=4))
    assert report.decisions[0].verdict == "not_told_apart"
    assert "cannot be told apart" in words(report)


def test_a_difference_that_cannot_matter_is_said_so(tmp_path: Path) -> None:
    report = read(leads(tmp_path, 0.0, seed=4), terms=Terms(planned_days=28, matters=0.4))
    assert report.decisions[0].verdict == "no_difference"


def test_days_after_the_planned_end_do_not_count(tmp_path: Path) -> None:
    report = read(leads(tmp_path, 0.1, days=40))
    assert report.findings[0].days == 28
    assert "12 days after 2026-02-01 do not count" in report.notes[0]


def test_arms_without_their_shares_of_people_get_no_verdict(tmp_path: Path) -> None:
    report = read(orders(tmp_path, 0.5, lost=0.1))
    assert report.decisions[0].verdict == "sample_mismatch"
    assert words(report).startswith("Do not read this test")
    assert "Arm B has" in words(report)


def test_planned_shares_that_are_uneven_are_no_mismatch(tmp_path: Path) -> None:
    path = orders(tmp_path, 0.2, lost=0.5)
    assert read(path).decisions[0].verdict == "sample_mismatch"
    assert read(path, terms=Terms(planned_days=28, shares=(2.0, 1.0))).decisions[0].verdict == "better"


def test_shares_are_taken_account_of_where_nothing_counts_people(tmp_path: Path) -> None:
    report = read(leads(tmp_path, 0.0), terms=Terms(planned_days=28, shares=(0.8, 0.2)))
    assert report.findings[0].deciding.mid == pytest.approx(3.0, rel=0.1)
    assert any("spent 50% of the money" in note for note in report.notes)


def test_regions_are_compared_by_what_they_brought_before(tmp_path: Path) -> None:
    report = read(regions(tmp_path, 0.2), "leads")
    assert report.findings[0].method == "units"
    assert report.findings[0].reduction > 0.8
    assert report.decisions[0].verdict == "better"


def test_days_that_vary_more_than_people_alone_are_what_varies(tmp_path: Path) -> None:
    rows = ["arm,date,users,orders"]
    for day in range(1, 29):
        rows += [
            f"A,2026-01-{day:02},1000,{50 + 30 * (day % 2)}",
            f"B,2026-01-{day:02},1000,{50 + 30 * (day % 3 == 0)}",
        ]
    assert read(written(tmp_path, rows)).findings[0].method == "days"
    assert read(orders(tmp_path, 0.0)).findings[0].method == "people"


def test_what_was_clear_once_stays_in_what_is_said(tmp_path: Path) -> None:
    for seed in range(12):
        found = read(orders(tmp_path, 0.12, seed=seed)).findings[0]
        assert found.deciding.low <= found.deciding.mid <= found.deciding.high
        if found.was_clear and found.looks[-1].interval.low < found.deciding.low:
            assert found.deciding.low == pytest.approx(max(look.interval.low for look in found.looks))


def test_several_arms_share_the_level_out(tmp_path: Path) -> None:
    path = orders(tmp_path, 0.1)
    rows = path.read_text(encoding="utf-8").splitlines()
    third = [row.replace("B;", "C;") for row in rows if row.startswith("B;")]
    alone, both = read(path), read(written(tmp_path, [*rows, *third], "three.csv"))
    assert len(both.findings) == 2
    assert both.findings[0].once.low < alone.findings[0].once.low
    assert both.findings[0].once.mid == pytest.approx(alone.findings[0].once.mid)


def test_profit_may_be_negative_and_is_compared_by_difference(tmp_path: Path) -> None:
    rows = ["arm,date,profit"]
    for day in range(1, 29):
        rows += [f"a,2026-01-{day:02},{-20 + 3 * (day % 4)}", f"b,2026-01-{day:02},{40 + 3 * (day % 5)}"]
    report = read(written(tmp_path, rows))
    assert report.findings[0].scale == "difference"
    assert report.decisions[0].verdict == "better"
    assert report.decisions[0].worth_a_month is not None


def test_nothing_counted_is_no_verdict_and_no_crash(tmp_path: Path) -> None:
    rows = ["arm,date,leads"] + [f"{arm},2026-01-{day:02},0" for day in range(1, 29) for arm in "ab"]
    report = read(written(tmp_path, rows))
    assert report.decisions[0].verdict in {"not_enough_data", "not_told_apart"}


def test_totals_without_dates_are_read_by_people(tmp_path: Path) -> None:
    report = read(written(tmp_path, ["arm,users,orders", "a,10000,500", "b,10050,700"]), terms=Terms())
    assert report.decisions[0].verdict == "better"
    assert report.decisions[0].worth_a_month is None


def test_totals_that_say_nothing_of_how_they_vary_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no dates"):
        read(written(tmp_path, ["arm,leads", "a,50", "b,60"]))


def test_a_share_too_few_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one share above 0 for each arm"):
        read(leads(tmp_path, 0.1), terms=Terms(shares=(1.0, 1.0, 1.0)))
