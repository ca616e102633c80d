"""The past replayed whole: advice, forecast and judgement, in figures, words and pages."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest
from pasts import past

from marketmover.campaigns.backtest import Backtest, render_page, run
from marketmover.campaigns.backtest.known import known_by_cutting
from marketmover.campaigns.backtest.models.off_policy import OffPolicy
from marketmover.campaigns.backtest.replaying import Replay
from marketmover.campaigns.backtest.scoring import finding_of, promised_too_much
from marketmover.campaigns.backtest.show import outline
from marketmover.campaigns.backtest.words import answer, change
from marketmover.campaigns.backtest.writing import as_data, write
from marketmover.charts import Formats
from marketmover.console import Table
from marketmover.errors import InputError, UsageError
from marketmover.history import Panel
from marketmover.plans import Range
from marketmover.store import check_folder

sys.path.append(str(Path(__file__).parents[2] / "charts"))
from html_page import HtmlPage  # pyright: ignore[reportMissingImports] - it stands beside the charts' tests

COMMAND = str(Path(sys.executable).parent / "marketmover")


def replayed(panel: Panel, **options: Any) -> Backtest:
    return run(panel, known_by_cutting(panel), **options)


def account() -> Panel:
    """Four lines by turns starved and overfed; the starved ones are worth thrice as much."""
    made = past(3, days=500, scale=6.0, worth=3.0, steps=0.8, spends=(60, 400, 80, 500), elasticities=(0.6,) * 4)
    return replace(made.panel, simulated=True)


@pytest.fixture(scope="module")
def found() -> Backtest:
    """Four stretches of eight weeks."""
    return replayed(account(), weeks=8)


@pytest.fixture(scope="module")
def nothing() -> Backtest:
    return replayed(past(days=100).panel)


def test_moving_money_from_overfed_lines_to_starved_ones_is_found_to_be_better(found: Backtest) -> None:
    assert found.finding == "better"
    assert found.gain is not None
    assert found.gain.low > 0
    assert found.better == len(found.windows) == 4
    starved = [line for one in found.windows for line in one.lines if line.made < 100 * 56]
    assert sum(line.advised for line in starved) > 1.3 * sum(line.made for line in starved)


def test_both_splits_spend_the_same_money(found: Backtest) -> None:
    for one in found.windows:
        assert sum(line.advised for line in one.lines) == pytest.approx(one.spend, abs=0.01)
        assert sum(line.made for line in one.lines) == pytest.approx(one.spend)
        assert sum(line.counted for line in one.lines) == one.counted == sum(one.weeks_counted)


def test_forecasts_are_scored_beside_simple_rules_and_by_week(found: Backtest) -> None:
    score = found.forecast
    assert score is not None
    assert 0 < score.total_error < 0.25
    assert score.total_error_by_last_weeks > 0
    assert score.total_error_by_last_year is not None
    assert score.total_error < score.total_error_by_last_weeks
    assert len(score.by_week) == 8
    for one in found.windows:
        assert sum(one.weeks_expected) == pytest.approx(one.forecast.mid, rel=0.15)
        assert one.forecast.low <= one.forecast.mid <= one.forecast.high


def test_the_same_seed_gives_the_same_bytes(found: Backtest) -> None:
    again = replayed(account(), weeks=8)
    assert json.dumps(as_data(again)) == json.dumps(as_data(found))


def test_the_answer_is_in_words_that_a_manager_understands(found: Backtest) -> None:
    said = answer(found)
    assert said.headline.startswith("In 4 of 4 past eight-week stretches this advice would have brought more leads")
    text = " ".join((said.headline, *said.sentences)).lower()
    for jargon in ("posterior", "quantile", "off-policy", "robust", "nan", "none"):
        assert jargon not in text


@pytest.mark.parametrize(
    ("middle", "spread", "finding"),
    [
        (0.12, 0.05, "better"),
        (0.12, 0.12, "no clear difference"),
        (-0.05, 0.02, "worse"),
        (-0.007, 0.001, "no clear difference"),
    ],
)
def test_better_and_worse_are_said_where_it_is_sure_and_worth_saying(
    middle: float, spread: float, finding: str
) -> None:
    assert finding_of(middle + spread * np.random.default_rng(1).standard_normal(4000)) == finding


def test_a_change_of_nought_has_no_sign() -> None:
    assert [change(Formats("USD"), value) for value in (-0.0002, 0.0, -0.012, 0.2)] == [
        "\N{PLUS-MINUS SIGN}0%",
        "\N{PLUS-MINUS SIGN}0%",
        "\N{MINUS SIGN}1.2%",
        "+20%",
    ]


def promise_of(found: Backtest, promised: float, gain: float, too_much: float) -> str:
    """What is said of a promise."""
    middle = Range(low=gain - 0.1, mid=gain, high=gain + 0.1)
    return answer(replace(found, promised=promised, gain=middle, promised_too_much=too_much)).sentences[1]


def test_a_promise_that_was_too_high_throughout_is_called_so_with_the_discount_it_deserves(found: Backtest) -> None:
    said = promise_of(found, 0.40, 0.12, 0.96)
    assert "96% likely that it promised too much, by 25% on average" in said
    assert "take 20% off a plan's figures for bold moves" in said


def test_a_promise_is_not_condemned_by_what_may_be_chance(found: Backtest) -> None:
    assert "do not count on all of it" in promise_of(found, 0.30, 0.22, 0.75)
    assert "nothing speaks against its promises" in promise_of(found, 0.22, 0.21, 0.52)
    assert "careful" in promise_of(found, 0.10, 0.25, 0.04)
    assert "hardly any" in promise_of(found, 0.006, -0.006, 0.97)


def test_stretches_that_share_their_evidence_are_one_witness_and_not_many() -> None:
    """Eight stretches alike say of a promise what one of them says; eight that were independent would be sure of it."""
    random = np.random.default_rng(1)
    advised = 100.0 * (1.10 + 0.12 * random.standard_normal(4000))[:, None]
    one = Mock(spec=Replay, earned=OffPolicy(np.full((4000, 1), 100.0), advised, np.ones(1), 1.0))
    alone = promised_too_much([one], 0.18)
    assert promised_too_much([one] * 8, 0.18) == pytest.approx(alone, abs=1e-9)
    assert 0.7 < alone < 0.8


@pytest.mark.parametrize(("too_high", "said"), [(8, "too high in 8 of 8"), (6, ""), (4, ""), (1, "too low in 7 of 8")])
def test_forecasts_that_err_to_one_side_are_told_where_chance_would_hardly_do_it(
    found: Backtest, too_high: int, said: str
) -> None:
    assert found.forecast is not None
    windows = found.windows * 2
    text = " ".join(
        answer(replace(found, windows=windows, forecast=replace(found.forecast, too_high=too_high))).sentences
    )
    assert (said in text) if said else ("too high in" not in text and "too low in" not in text)


def test_the_page_is_well_formed_reaches_nothing_outside_and_says_that_data_are_simulated(found: Backtest) -> None:
    page = HtmlPage(render_page(found))
    assert page.faults == []
    assert page.reaches_out == []
    assert "Simulated data" in page.words
    assert answer(found).headline in page.words
    assert render_page(found) == render_page(found)


def test_a_terminal_gets_the_answer_first_then_two_tables(found: Backtest) -> None:
    parts = outline(found)
    assert "SIMULATED" in str(parts[0])
    assert parts[1] == answer(found).headline
    tables = [part for part in parts if isinstance(part, Table)]
    assert [len(table.rows) for table in tables] == [4, 5]


def test_a_name_that_would_break_a_page_does_not(found: Backtest) -> None:
    evil = "<script>alert(1)</script>\u202e\x1b[31m"
    windows = tuple(replace(one, lines=tuple(replace(line, name=evil) for line in one.lines)) for one in found.windows)
    text = render_page(replace(found, windows=windows))
    assert "<script" not in text
    assert HtmlPage(text).faults == []


def test_a_short_history_is_not_enough_data_and_says_how_long_it_must_be(nothing: Backtest) -> None:
    assert nothing.finding == "not enough data"
    assert nothing.windows == ()
    said = " ".join((answer(nothing).headline, *answer(nothing).sentences))
    assert "Not enough data" in said
    assert "holds 100 days" in said
    assert "at least 160" in said
    assert HtmlPage(render_page(nothing)).faults == []
    assert as_data(nothing)["gain"] is None


def test_an_empty_history_is_not_enough_data_and_says_where_exports_come_in() -> None:
    said = answer(replayed(Panel.empty("USD"))).sentences[0]
    assert "`marketmover import DIR`" in said
    assert "`--history DIR`" in said


def test_a_single_line_leaves_nothing_to_split() -> None:
    alone = past(spends=(100.0,), elasticities=(0.7,)).panel
    assert "nothing to split" in answer(replayed(alone)).sentences[0]


def test_a_metric_that_was_not_counted_yet_cannot_be_advised_on() -> None:
    made = past(days=250).panel
    leads = made.leads.copy()
    leads[:, :215] = 0
    assert "nothing to split or to learn from" in answer(replayed(replace(made, leads=leads))).sentences[0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weeks": 0}, "--weeks 0"),
        ({"weeks": 27}, "--weeks 27"),
        ({"objective": "fame"}, "fame is not known.*leads"),
        ({"objective": "revenue"}, "counts no revenue.*It counts"),
        ({"objective": "profit"}, "counts no revenue"),
    ],
)
def test_wrong_use_is_told(options: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        replayed(past().panel, **options)


def test_the_files_are_written_and_say_the_same(found: Backtest, tmp_path: Path) -> None:
    page = write(tmp_path / "new" / "folder", found)
    told = json.loads((page.parent / "backtest.json").read_text(encoding="utf-8"))
    assert told["headline"] == answer(found).headline
    assert [one["start"] for one in told["windows"]] == [one.start.isoformat() for one in found.windows]
    assert sorted(path.name for path in page.parent.iterdir()) == ["backtest.html", "backtest.json"]
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(InputError, match="--out"):
        write(tmp_path / "file", found)
    for place in ("file", "file/below"):
        with pytest.raises(InputError, match=r"is a file\. Name another folder"):
            check_folder(tmp_path / place)
    check_folder(tmp_path / "new" / "one")


def test_the_command_replays_exports_and_leaves_nothing_behind_but_what_was_asked_for(tmp_path: Path) -> None:
    def marketmover(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "MARKETMOVER_HOME": str(tmp_path / "home"), "OPENBLAS_NUM_THREADS": "1"}
        return subprocess.run(
            [COMMAND, *arguments], capture_output=True, text=True, env=environment, cwd=tmp_path, check=False
        )

    made = marketmover("sandbox", "create", "exports", "--lines", "3", "--days", "172", "--end", "2026-06-30")
    assert made.returncode == 0, made.stderr
    done = marketmover("backtest", "--history", "exports", "--json", "--out", "replay", "--as-of", "2026-06-30")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["simulated"]
    assert told["weeks"] == 4
    assert len(told["windows"]) == 2
    assert "backtest.html" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["exports", "replay"]
