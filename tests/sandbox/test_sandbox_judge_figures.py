"""What scores add up to: medians, limits, exclusions, calibration."""

from datetime import date

import pytest

from marketmover.sandbox.judge import Case, Figure, Score, figures_of, report_on
from marketmover.sandbox.judge.breakdowns import calibration, wilson
from marketmover.sandbox.judge.scores import Told
from marketmover.sandbox.judge.views import HEADS, aims, bounds, row_of
from marketmover.sandbox.judge.views import verdict as verdict_of


def market(
    seed: int = 1,
    manager: str = "ordinary",
    *,
    advised: float = 120.0,
    best: float = 125.0,
    rule: float = 110.0,
    objective: str = "leads",
    probability: float = 0.9,
    cover: float = 0.8,
    forecast: float = 0.0,
    apart: float | None = 0.04,
    evening_cost: float | None = 0.01,
    rates: tuple[float, float, float] | None = (0.3, 0.33, 0.36),
    start: date = date(2026, 1, 5),
) -> Score:
    """A market whose status quo earns 100."""
    told = Told(probability, forecast, abs(forecast), cover, 0.3, 0.8, {"hill": (1.0, cover)})
    main = objective != "qualified_leads"
    return Score(
        Case(seed, manager, "hill"), start, objective, main, 100.0, advised, best, rule, None, 1.0, -0.16, rates, apart,
        evening_cost, told,
    )  # fmt: skip


def figure(key: str, *scores: Score) -> Figure:
    return next(one for one in figures_of(scores) if one.key == key)


def test_a_figure_is_a_median_with_its_spread_and_its_worst() -> None:
    gain = figure("gain", *(market(seed, advised=100.0 + 10 * seed) for seed in range(1, 6)))
    assert gain.measured == pytest.approx(0.30)
    assert gain.quartiles == pytest.approx((0.20, 0.40))
    assert gain.worst == pytest.approx(0.10)
    assert gain.verdict == "excellent"


@pytest.mark.parametrize(("advised", "verdict"), [(117.9, "missed"), (118.0, "kept"), (122.0, "excellent")])
def test_a_gain_is_held_to_what_is_due(advised: float, verdict: str) -> None:
    assert figure("gain", market(advised=advised)).verdict == verdict


@pytest.mark.parametrize(
    ("cover", "verdict"), [(0.75, "missed"), (0.76, "kept"), (0.8, "excellent"), (0.88, "kept"), (0.95, "missed")]
)
def test_ranges_may_cover_too_much_as_well_as_too_little(cover: float, verdict: str) -> None:
    assert figure("cover", market(cover=cover)).verdict == verdict


def test_markets_with_nothing_to_gain_are_left_out_of_shares_but_not_of_losses() -> None:
    near, far = market(1, "good", advised=98.5, best=101.0), market(2, advised=112.5)
    assert figure("share", near, far).values == (0.5,)
    assert figure("loss", near, far).measured == pytest.approx(-0.015)
    assert figure("loss", near, far).verdict == "missed"
    assert figure("gain", near, far).values == pytest.approx((0.125,))


def test_the_gain_above_the_rule_counts_in_points() -> None:
    one = market(advised=120.0, rule=113.0, best=125.0)
    assert figure("above_rule", one).measured == pytest.approx(0.07)
    assert figure("room_above_rule", one).measured == pytest.approx(0.12)


def test_qualified_leads_are_judged_where_they_were_the_goal() -> None:
    scores = (market(advised=125.0), market(objective="qualified_leads", advised=105.0))
    assert figure("share", *scores).values == (1.0,)
    assert figure("share_qualified", *scores).values == pytest.approx((0.2,))
    assert figure("qualification_rate", *scores).measured == pytest.approx(0.1)
    unmoved = market(objective="qualified_leads", rates=(0.3, 0.33, 0.32))
    assert figure("qualification_rate", unmoved).verdict == "not measured"


def test_platforms_must_be_even_only_where_that_is_cheap() -> None:
    cheap, dear, alone = market(apart=0.04), market(apart=0.9, evening_cost=0.02), market(apart=None, evening_cost=None)
    assert figure("platforms_apart", cheap, dear, alone).values == (0.04,)
    assert figure("platforms_apart_all", cheap, dear, alone).values == (0.04, 0.9)


def test_the_brier_score_is_over_both_kinds_of_manager_and_a_tie_is_not_better() -> None:
    sure, wrong = market(1, probability=1.0), market(2, "good", advised=100.0, probability=0.5)
    assert figure("brier", sure, wrong).measured == pytest.approx(0.125)


def test_the_forecast_counts_without_its_sign() -> None:
    scores = (market(1, forecast=0.05), market(2, forecast=-0.05))
    assert figure("forecast_error", *scores).measured == pytest.approx(0.05)
    assert figure("forecast_bias", *scores).measured == pytest.approx(0.0)


def test_nothing_measured_is_said_so() -> None:
    empty = figure("loss", market())
    assert (empty.measured, empty.quartiles, empty.verdict) == (None, None, "not measured")
    assert [row_of(empty)[HEADS.index(head)] for head in ("measured", "half of markets", "worst market")] == ["–"] * 3


def test_limits_are_written_as_people_read_them() -> None:
    one = market()
    assert [bounds(figure(key, one), figure(key, one).due) for key in ("gain", "cost_per_lead", "cover", "brier")] == [
        "≥ +18%",
        "≤ -15%",
        "76% to 88%",
        "≤ 0.15",
    ]


def test_what_was_said_is_held_against_what_came_true() -> None:
    scores = [market(seed, probability=0.92, advised=110.0 if seed % 4 else 90.0) for seed in range(1, 9)]
    scores.append(market(9, probability=1.0))
    first, last = calibration(scores)
    assert (first.low, first.high, first.markets) == (0.9, 0.95, 8)
    assert first.said == pytest.approx(0.92)
    assert first.came == pytest.approx(0.75)
    assert first.least < 0.75 < first.most < 1.0
    assert (last.markets, last.came) == (1, 1.0)


def test_the_interval_of_a_share_stays_within_nought_and_one() -> None:
    assert wilson(0.0, 5)[0] == pytest.approx(0.0)
    assert wilson(1.0, 5)[1] == pytest.approx(1.0)
    low, high = wilson(0.5, 100)
    assert low + high == pytest.approx(1.0)
    assert high - low == pytest.approx(2 * 1.2816 * 0.05, rel=0.02)


def test_the_worst_markets_are_named_with_the_command_that_repeats_them() -> None:
    report = report_on([market(7, advised=99.0), market(8), market(9, forecast=-0.2)])
    told = {(one.reason, one.score.case.seed) for one in report.suspects}
    assert ("brings less than today's split", 7) in told
    assert ("forecast far off", 9) in told
    assert all(seed != 8 for _, seed in told)
    assert "--seeds 7-7" in report.to_json()["worst"][0]["command"]


def test_a_report_slices_by_manager_family_and_season() -> None:
    report = report_on([market(1), market(2, "good", start=date(2026, 7, 1)), market(3, start=date(2025, 12, 1))])
    assert [(one.kind, one.markets) for one in report.managers] == [("good", 1), ("ordinary", 2)]
    assert [(one.kind, one.markets) for one in report.seasons] == [("December to February", 2), ("June to August", 1)]
    assert report.families[0].gain == pytest.approx(0.2)
    assert report.covers[0].cover == pytest.approx(0.8)
    assert report.markets == 3


def test_the_verdict_comes_in_one_sentence_without_statistics() -> None:
    both = report_on([market(1, advised=120.0, best=125.0), market(2, "good", advised=99.4, best=101.0)])
    assert verdict_of(both) == (
        "Where a manager is an ordinary one, the advice brings 20.0% more leads for the same money, 80% of what the "
        "best split would add; where the manager is good already, it costs at most 0.6% of the leads."
    )
    assert verdict_of(report_on([market(1, "good", advised=100.2)])) == (
        "Where the manager is good already, it costs no leads."
    )
    assert "brings 5.0% fewer leads" in verdict_of(report_on([market(1, advised=95.0)]))
    assert verdict_of(report_on([])) == "There is nothing to judge."


def test_what_is_missed_is_named() -> None:
    said = aims(report_on([market(1, advised=112.0)]).figures)
    assert "missed: leads beside an ordinary manager's own split" in said
    assert aims([]) == "Nothing was measured that has an aim."
