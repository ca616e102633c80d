"""The judge of alerts and of tuning: watchers and tuners of known worth get the scores that they deserve."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from marketmover.errors import InputError, UsageError
from marketmover.sandbox import Live, Market, Trouble, create_market, start_live, write_history
from marketmover.sandbox.judge import (
    ToTune,
    Watched,
    score_alerts,
    tune_figures,
    tune_weekly,
    tuning_cases,
    watch,
    watch_cases,
    watch_figures,
)
from marketmover.sandbox.judge.alerts import Alert, AlertScore
from marketmover.sandbox.judge.knowing import best_budgets, best_steps, with_possible
from marketmover.sandbox.judge.tuning import score_changes, tune_knowing
from marketmover.sandbox.judge.watching import WatchScore, begin, watched
from marketmover.sandbox.live.record import WindowTruth, truth_of
from marketmover.sandbox.live.troubles import Benign

START = date(2026, 4, 1)
LINES = {"google_ads:1:11": ("11",), "google_ads:2:-": ("21", "22"), "meta_ads:7:71": ("71",), "meta_ads:7:72": ("72",)}


def day(place: int) -> date:
    return START + timedelta(place)


def trouble(name: str, kind: str, first: int, last: int, *lines: str) -> Trouble:
    return Trouble(name, kind, lines, day(first), day(last), (0.5,) * len(lines))


DROP = trouble("T1", "conversion_rate", 5, 10, "google_ads:1:11")
RIVAL = trouble("T2", "rival", 8, 20, "meta_ads:7:71", "meta_ads:7:72")
TRUTH = WindowTruth(
    START, day(29), LINES, (DROP, RIVAL), (Benign("holiday", tuple(LINES), day(2), day(2), "Good Friday"),)
)


def alert(place: int, line: str, **more: Any) -> Alert:
    platform, campaign, group = line.split(":")
    named = {"platform": platform, "campaign_id": campaign, "ad_group_id": None if group == "-" else group}
    return {"detected_on": day(place).isoformat(), "kind": "anomaly", **named, **more}


def verdicts(*alerts: Alert) -> list[str]:
    return [one.verdict for one in score_alerts(alerts, TRUTH).judged]


def oracle(truth: WindowTruth) -> list[Alert]:
    """Tells every trouble on its first day."""
    return [
        {"detected_on": one.first.isoformat(), "platform": one.lines[0].split(":")[0], "line_ids": list(one.lines),
         "kind": one.alert_kinds[0]}
        for one in truth.troubles
    ]  # fmt: skip


def test_alerts_are_right_within_the_trouble_and_two_days_after_it() -> None:
    assert verdicts(alert(5, "google_ads:1:11")) == ["right"]
    assert verdicts(alert(12, "google_ads:1:11")) == ["right"]
    assert verdicts(alert(13, "google_ads:1:11")) == ["late"]
    assert verdicts(alert(4, "google_ads:1:11")) == ["early"]
    assert verdicts(alert(6, "google_ads:2:-")) == ["unfounded"]


def test_a_second_alert_for_the_same_trouble_is_wrong_on_whichever_of_its_lines() -> None:
    assert verdicts(alert(9, "meta_ads:7:71"), alert(9, "meta_ads:7:72")) == ["right", "second"]
    found = score_alerts([alert(11, "google_ads:1:11"), alert(7, "google_ads:1:11")], TRUTH)
    assert [one.verdict for one in found.judged] == ["right", "second"]
    assert found.delays == {"T1": 2}


def test_an_alert_for_many_lines_is_right_where_half_of_them_are_in_trouble() -> None:
    whole_platform: Alert = {"detected_on": day(9).isoformat(), "platform": "meta_ads", "campaign_id": None}
    assert verdicts(whole_platform) == ["right"]
    campaign: Alert = {**whole_platform, "campaign_id": "7", "ad_group_id": None}
    assert verdicts(campaign) == ["right"]
    assert verdicts(alert(9, "google_ads:1:11", line_ids=["google_ads:2:-", "meta_ads:7:71"])) == ["right"]
    everything = [*LINES][:3]
    assert verdicts(alert(5, "google_ads:1:11", line_ids=everything)) == ["unfounded"]


def test_a_trouble_is_told_by_the_alert_that_is_most_like_it() -> None:
    alone = trouble("T1", "price", 4, 20, "meta_ads:7:71")
    platform = trouble("T2", "tracking", 2, 20, "meta_ads:7:71", "meta_ads:7:72")
    truth = replace(TRUTH, troubles=(alone, platform))
    both = alert(6, "meta_ads:7:-", line_ids=["meta_ads:7:71", "meta_ads:7:72"])
    for order in ([both, alert(6, "meta_ads:7:71")], [alert(6, "meta_ads:7:71"), both]):
        found = score_alerts(order, truth)
        assert [one.verdict for one in found.judged] == ["right", "right"]
        assert found.delays == {"T1": 2, "T2": 4}


def test_two_troubles_of_one_line_are_told_apart_by_their_days() -> None:
    again = trouble("T3", "price", 13, 20, "google_ads:1:11")
    truth = replace(TRUTH, troubles=(DROP, again))
    found = score_alerts([alert(6, "google_ads:1:11"), alert(13, "google_ads:1:11")], truth)
    assert found.delays == {"T1": 1, "T3": 0}
    late = score_alerts([alert(12, "google_ads:1:11"), alert(22, "google_ads:1:11")], truth)
    assert late.delays == {"T1": 7, "T3": 9}
    assert [one.verdict for one in score_alerts([alert(23, "google_ads:1:11")], truth).judged] == ["late"]


def test_an_alert_on_a_line_that_does_not_run_is_wrong_and_no_error() -> None:
    truth = replace(TRUTH, idle={"google_ads:3:31": ("31",), "meta_ads:8:81": ("81",)})
    for wrong in (
        alert(6, "google_ads:3:31"),
        alert(6, "meta_ads:8:-"),
        alert(6, "meta_ads:8:81", line_ids=["meta_ads:8:81"]),
    ):
        assert [one.verdict for one in score_alerts([wrong], truth).judged] == ["unfounded"]
    platform: Alert = {"detected_on": day(9).isoformat(), "platform": "meta_ads", "campaign_id": None}
    assert [one.verdict for one in score_alerts([platform], truth).judged] == ["right"]


def test_good_news_and_alerts_outside_the_window_count_like_all_others() -> None:
    assert verdicts(alert(14, "google_ads:2:-", direction="up"), alert(-3, "google_ads:2:-")) == ["unfounded"] * 2
    silent = score_alerts([], TRUTH)
    assert (silent.precision, silent.recall, silent.median_delay, silent.per_line_month) == (None, 0.0, None, 0.0)


def test_alerts_a_line_and_month_are_per_30_days_of_each_line_that_ran() -> None:
    truth = replace(TRUTH, troubles=(), last=day(14), idle={"google_ads:3:31": ("31",)})
    found = score_alerts([alert(3, "google_ads:2:-")], truth)
    assert found.per_line_month == pytest.approx(1 / (4 * 0.5))
    assert (found.precision, found.recall) == (0.0, None)


def test_a_wrong_alert_is_shown_beside_what_may_have_misled() -> None:
    (one,) = score_alerts([alert(3, "google_ads:2:-")], TRUTH).judged
    assert one.beside is not None
    assert one.beside.words == "Good Friday"


def test_alerts_that_cannot_be_read_are_told() -> None:
    for wrong in ({**alert(5, "google_ads:1:11"), "detected_on": "soon"}, alert(5, "google_ads:9:9")):
        with pytest.raises(InputError):
            score_alerts([wrong], TRUTH)


@pytest.fixture(scope="module")
def market() -> Market:
    return create_market(lines=8, days=150, seed=31, sells="leads")


@pytest.fixture(scope="module")
def window(market: Market) -> Live:
    live = begin(market, watch_cases([2])[0])
    live.live_until(live.last_date)
    assert len(live.troubles) >= 2
    return live


def scored(live: Live, watcher: Callable[[WindowTruth], Sequence[Alert]]) -> AlertScore:
    truth = truth_of(live)
    return score_alerts(watcher(truth), truth)


def chatterbox(truth: WindowTruth) -> list[Alert]:
    days = [truth.first + timedelta(place) for place in range(0, 28, 2)]
    return [{"detected_on": one.isoformat(), "platform": line.split(":")[0], "line_ids": [line]}
            for one in days for line in truth.groups]  # fmt: skip


def test_an_oracle_is_right_throughout_silence_finds_nothing_and_chatter_is_not_worth_hearing(window: Live) -> None:
    best, silent, loud = (scored(window, one) for one in (oracle, lambda _truth: (), chatterbox))
    assert (best.precision, best.recall, best.median_delay, best.missed) == (1.0, 1.0, 0.0, ())
    assert best.well_named == best.right
    assert (silent.precision, silent.recall, len(silent.missed)) == (None, 0.0, len(window.troubles))
    assert loud.recall == 1.0
    assert loud.precision is not None
    assert loud.precision < 0.15
    assert loud.per_line_month == pytest.approx(14 * 30 / 28)


def test_watchers_see_folders_alone_and_are_held_to_the_issues_figures() -> None:
    seen: list[Watched] = []

    def by_folders(given: Watched) -> Sequence[Alert]:
        seen.append(given)
        root = given.history.parent
        assert not [path for path in root.rglob("*") if "truth" in path.parts[-2:]]
        assert len([*given.pulls.iterdir()]) == 28
        assert json.loads((given.live / "simulated.json").read_text())["simulated"] is True
        return ()

    scores = list(watch(watch_cases([1], lines=6, days=60), by_folders))
    assert [one.case.benign for one in scores] == [False, True]
    assert len(seen) == 2
    assert sum(seen[0].budgets.values()) > 0.0
    figures = {one.key: one for one in watch_figures(scores)}
    assert figures["recall"].verdict == "missed"
    assert figures["precision"].verdict == "not measured"
    assert figures["quiet"].verdict == "kept"
    assert figures["quiet"].measured == 0.0


def test_an_oracle_keeps_every_figure(market: Market, tmp_path: Path) -> None:
    scores: list[WatchScore] = []
    for case in watch_cases([2]):
        live = begin(market, case)
        scores.append(
            WatchScore(
                case, watched(live, tmp_path / str(case.benign), lambda _given, live=live: oracle(truth_of(live)))
            )
        )
    assert {one.verdict for one in watch_figures(scores) if one.due is not None} == {"kept"}


def test_a_tuner_that_changes_nothing_earns_what_is_earned_anyway(market: Market) -> None:
    asked: list[ToTune] = []

    def idle(given: ToTune) -> Sequence[Mapping[str, Any]]:
        asked.append(given)
        assert given.live is not None
        assert (given.live / "meta_ads").is_dir()
        return ()

    _, calm = tuning_cases(market, 1)
    score = tune_weekly(calm[1], idle)
    assert (score.gain, score.changes, score.shock) == (0.0, 0, False)
    first = market.last_date + timedelta(1)
    assert [(given.as_of - first).days for given in asked] == [6, 13, 20]


def test_what_a_tuner_is_worth_is_found_with_and_without_a_shock(market: Market) -> None:
    def wasteful(given: ToTune) -> list[dict[str, Any]]:
        halved = {line: 0.5 * amount for line, amount in given.state["daily_budgets"].items()}
        return [{"line_id": line, "action": "set_daily_budget", "to": amount} for line, amount in halved.items()]

    scores = [tune_knowing(one, best_budgets) for _, one in tuning_cases(market, 1)]
    assert scores[0].gain > 0.05
    assert scores[1].gain > 0.02
    assert scores[0].tuned_cost <= 1.001 * scores[0].planned
    poor = [tune_weekly(one, wasteful, exports=False) for _, one in tuning_cases(market, 1)]
    assert poor[1].gain < -0.1
    good, bad = ({one.key: one for one in tune_figures(found)} for found in (scores, poor))
    assert (good["shock"].verdict, good["calm"].verdict) == ("kept", "kept")
    assert (bad["shock"].verdict, bad["calm"].verdict) == ("missed", "missed")


def test_gains_stand_beside_those_of_a_tuner_who_knows_all_but_the_future(market: Market) -> None:
    steps: list[float] = []

    def watched(live: Live) -> list[dict[str, Any]]:
        before = live.state()["daily_budgets"]
        made = best_steps(live)
        set_so = {one["line_id"]: one["to"] for one in made if one["action"] == "set_daily_budget"}
        steps.extend(set_so[line] / amount - 1.0 for line, amount in before.items() if line in set_so)
        return made

    begins = [begin for _, begin in tuning_cases(market, 1)]
    knowing = [tune_knowing(begin, watched) for begin in begins]
    assert max(steps) < 0.33  # what the market left lying is laid out beyond the steps
    assert min(steps) > -0.301
    assert knowing[0].gain > 0.05
    assert 0.0 < knowing[1].gain < tune_knowing(begins[1], best_budgets).gain
    halves = [with_possible(one, begin) for one, begin in zip(knowing, begins, strict=True)]
    figures = {one.key: one for one in tune_figures(halves)}
    assert figures["shock_share"].measured == pytest.approx(1.0)
    assert "calm_share" not in {one.key for one in tune_figures(knowing)}


def test_changes_on_their_days_score_as_a_tuner_that_makes_them(market: Market) -> None:
    line = market.line_ids[0]
    change = {"line_id": line, "action": "set_daily_budget", "to": 1.0}

    def once(given: ToTune) -> list[dict[str, Any]]:
        return [change] if (given.as_of - given.first).days == 6 else []

    def anew() -> Live:
        return start_live(market, market.status_quo(), troubles=0, shifts=False)

    day_seven = market.last_date + timedelta(7)
    assert score_changes(anew, [(day_seven, [change])]) == tune_weekly(anew, once, exports=False)
    with pytest.raises(UsageError):
        score_changes(anew, [(day_seven + timedelta(90), [change])])


def test_histories_for_watchers_hold_no_truth(market: Market, tmp_path: Path) -> None:
    write_history(market, tmp_path / "h", truth=False)
    assert not (tmp_path / "h" / "truth").exists()
