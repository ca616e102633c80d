"""What each campaign type returns: both ways, net of fee and tax, with their disagreement in words."""

import json
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from marketmover.campaigns.returns import Costs, read_returns, render_page
from marketmover.campaigns.returns.models.elasticity import fit_elasticities
from marketmover.campaigns.returns.show import estimate, outline
from marketmover.campaigns.returns.words import type_words
from marketmover.campaigns.returns.writing import write_returns
from marketmover.errors import InputError, UsageError
from marketmover.history import Line, Panel
from marketmover.plans import Limits, Platform, Range, ReturnEstimate, Returns

sys.path.append(str(Path(__file__).parents[2] / "charts"))
from html_page import HtmlPage  # pyright: ignore[reportMissingImports] - it stands beside the charts' tests

Floats = NDArray[np.float64]
_LINES: tuple[tuple[Platform, str], ...] = (
    ("google_ads", "SEARCH"),
    ("google_ads", "SEARCH"),
    ("meta_ads", "IMAGE"),
    ("meta_ads", "IMAGE"),
)
KINDS = np.array([0, 0, 0, 1, 1, 1], dtype=np.int64)
MARKETS = np.array([0, 0, 0, 1, 1, 1], dtype=np.int64)


def history(
    slopes: tuple[float, float], *, seed: int = 1, weeks: int = 80, follow: float = 0.0, extra: float = 0.0
) -> tuple[Floats, Floats]:
    """Counts and spend by line and week with these elasticities; spend follows demand as far as `follow` says."""
    random = np.random.default_rng(seed)
    demand = 0.3 * np.sin(np.arange(weeks) / 52 * 2 * np.pi) + random.normal(0, 0.1, weeks)
    logs = np.log(300) + random.normal(0, 0.4, (6, weeks)) + random.normal(0, 0.5, (6, 1)) + follow * demand
    mean = np.exp(np.array(slopes)[KINDS][:, None] * (logs - np.log(300)) + demand + np.log(20))
    if extra:
        mean = random.gamma(mean / extra, extra)
    return random.poisson(mean).astype(np.float64), np.exp(logs)


def panel(days: int = 280, revenue: float = 50.0) -> Panel:
    """Two types of two lines each, with square-root response."""
    random = np.random.default_rng(2)
    lines = tuple(
        Line(f"{platform}:{number}:{number}1", platform, "1", str(number), f"{number}1", f"Line {number}", kind)
        for number, (platform, kind) in enumerate(_LINES, start=1)
    )
    cost = np.array([40.0, 90.0, 30.0, 60.0])[:, None] * np.exp(
        0.4 * np.repeat(random.normal(size=(4, days // 7)), 7, axis=1)
    )
    clicks = random.poisson(12.0 * np.sqrt(cost)).astype(float)
    leads = random.binomial(clicks.astype(int), 0.08).astype(float)
    bare = Panel.empty("USD")
    nothing = {name: np.zeros((4, days)) for name, value in vars(bare).items() if isinstance(value, np.ndarray)}
    return replace(
        bare,
        **nothing
        | {
            "dates": np.arange(np.datetime64("2025-12-31") - days + 1, np.datetime64("2026-01-01")),
            "lines": lines,
            "observed": cost > 0,
            "cost": cost,
            "impressions": clicks * 50,
            "clicks": clicks,
            "conversions": leads,
            "leads": leads,
            "sales": np.zeros_like(leads),
            "revenue": leads * revenue,
            "reach": np.full((4, days), np.nan),
            "search_impression_share": np.full((4, days), np.nan),
            "budget_lost_share": np.full((4, days), np.nan),
            "rank_lost_share": np.full((4, days), np.nan),
            "revenue_source": "platform" if revenue else "none",
            "lead_source": "platform",
        },
    )


@pytest.fixture(scope="module")
def found() -> Returns:
    return read_returns(panel(), limits=Limits(margin=0.5, agency_fee=0.1, tax_rate=0.2), seed=1)


def test_elasticities_are_found_by_type() -> None:
    fit = fit_elasticities(*history((0.4, 0.8)), KINDS, MARKETS)
    assert fit.mean == pytest.approx([0.4, 0.8], abs=0.08)
    assert (fit.error < 0.08).all()


def test_spend_that_follows_the_season_is_not_credited_with_it() -> None:
    counts, spend = history((0.5, 0.5), follow=2.0)
    fit = fit_elasticities(counts, spend, KINDS, MARKETS)
    naive = np.polyfit(np.log(spend).ravel(), np.log(counts + 0.5).ravel(), 1)[0]
    assert fit.mean == pytest.approx([0.5, 0.5], abs=0.12)
    assert naive > 0.7


def test_what_the_data_cannot_tell_is_left_wide_and_near_the_usual() -> None:
    counts, spend = history((0.4, 0.8))
    fit = fit_elasticities(
        counts, np.broadcast_to(spend.mean(axis=1, keepdims=True), spend.shape).copy(), KINDS, MARKETS
    )
    assert fit.mean == pytest.approx([0.7, 0.7], abs=0.01)
    assert (fit.error > 0.4).all()
    assert (fit_elasticities(np.zeros((6, 10)), np.zeros((6, 10)), KINDS, MARKETS).error > 0.4).all()


def test_its_standard_errors_hold_the_truth_as_often_as_they_say() -> None:
    within: list[bool] = []
    for seed in range(40):
        fit = fit_elasticities(*history((0.45, 0.7), seed=seed, weeks=60, extra=3.0), KINDS, MARKETS)
        within += list(np.abs(fit.mean - [0.45, 0.7]) <= 1.2816 * fit.error)
    assert 0.68 <= float(np.mean(within)) <= 0.92


def test_each_type_has_both_ways_for_results_and_revenue(found: Returns) -> None:
    assert {(kind.platform, kind.ad_type, kind.lines) for kind in found.types} == {
        ("google_ads", "SEARCH", 2),
        ("meta_ads", "IMAGE", 2),
    }
    for kind in found.types:
        ways = {(one.method, one.metric) for one in kind.estimates}
        assert ways == {("model", "leads"), ("model", "revenue"), ("regression", "leads"), ("regression", "revenue")}


def test_both_ways_find_what_a_square_root_returns(found: Returns) -> None:
    for kind in found.types:
        for one in kind.estimates:
            assert one.average.low < one.average.mid < one.average.high
            assert 0.35 < one.marginal.mid / one.average.mid < 0.7


def test_profit_is_the_margin_of_revenue_less_media_fee_and_tax(found: Returns) -> None:
    kind = found.types[0]
    one = estimate(kind, "revenue", "model", "present")
    assert one is not None
    assert one.profit is not None
    assert one.roi is not None
    cost = kind.present * 1.1 * 1.2
    assert one.profit.mid == pytest.approx(one.average.mid * 0.5 * kind.present - cost, rel=1e-3)
    assert one.roi.mid == pytest.approx(one.average.mid * 0.5 * kind.present / cost - 1, rel=1e-3)
    bill = found.cost
    assert bill["agency_fee"] == pytest.approx(bill["media"] * 0.1, abs=0.01)
    assert bill["tax"] == pytest.approx((bill["media"] + bill["agency_fee"]) * 0.2, abs=0.01)
    assert bill["total"] == pytest.approx(bill["media"] + bill["agency_fee"] + bill["tax"], abs=0.011)
    assert found.profit is not None
    parts = [
        one.profit.mid for kind in found.types if (one := estimate(kind, "revenue", "model", "present")) and one.profit
    ]
    assert found.profit.mid == pytest.approx(sum(parts), rel=0.1)


def test_a_bill_without_fee_and_tax_is_the_media_alone() -> None:
    assert Costs().bill(1000.0) == {"media": 1000.0, "agency_fee": 0.0, "tax": 0.0, "total": 1000.0}
    assert Costs().of_media == 1.0


def test_without_a_margin_there_is_a_return_and_no_profit() -> None:
    bare = read_returns(panel(), seed=1)
    estimates = [one for kind in bare.types for one in kind.estimates if one.metric == "revenue"]
    assert all(one.profit is None and one.roi is not None for one in estimates)
    assert bare.profit is None
    assert any("No margin is given" in remark for remark in bare.remarks)


def test_without_revenue_there_are_costs_alone() -> None:
    bare = read_returns(panel(revenue=0.0), limits=Limits(margin=0.3), seed=1)
    assert {one.metric for kind in bare.types for one in kind.estimates} == {"leads"}
    assert any("holds no revenue" in remark for remark in bare.remarks)


def test_the_same_history_and_seed_give_the_same_figures(found: Returns) -> None:
    again = read_returns(panel(), limits=Limits(margin=0.5, agency_fee=0.1, tax_rate=0.2), seed=1)
    assert again == found


def test_a_history_without_spend_is_told() -> None:
    with pytest.raises(InputError, match="no spend"):
        read_returns(Panel.empty("USD"))


def test_a_metric_that_is_not_counted_is_told() -> None:
    with pytest.raises(UsageError, match="says nothing of installs"):
        read_returns(panel(), metric="installs")


def made(method: str, low: float, mid: float, high: float) -> ReturnEstimate:
    span = Range(low=low, mid=mid, high=high)
    return ReturnEstimate.model_validate(
        {"method": method, "budgets": "present", "metric": "leads", "average": span, "marginal": span}
    )


def test_disagreement_is_said_in_words_with_what_would_settle_it() -> None:
    agree, words = type_words(
        [made("model", 0.009, 0.01, 0.011), made("regression", 0.018, 0.02, 0.022)], "leads", "USD"
    )
    assert agree is False
    assert "The model: a lead costs $100 on average, the next one $100." in words
    assert "The regression: a lead costs $50.00" in words
    assert "spend may have followed demand" in words
    assert words.endswith("A test of this type would settle it.")
    agree, words = type_words(
        [made("model", 0.01, 0.02, 0.03), made("regression", 0.005, 0.012, 0.022)], "leads", "USD"
    )
    assert agree is True
    assert "Their ranges overlap" in words
    agree, words = type_words([made("model", 0.01, 0.02, 0.03), made("regression", 0.01, 0.021, 0.03)], "leads", "USD")
    assert (agree, words[-14:]) == (True, "The two agree.")
    assert type_words([made("model", 0.01, 0.02, 0.03)], "leads", "USD")[0] is None
    assert type_words([], "leads", "USD") == (None, "It gets no money at present, so there is no present return.")


def test_budgets_far_above_the_past_get_no_figure_from_the_regression() -> None:
    from marketmover.budget import fit_response
    from marketmover.campaigns.returns import returns_by_type

    of = panel()
    response = fit_response(of, date(2026, 1, 1), date(2026, 1, 28), seed=1)
    planned = {line: 20_000.0 if line.startswith("google") else 900.0 for line in of.line_ids}
    kinds = {
        kind.ad_type: kind for kind in returns_by_type(of, response, "leads", Costs(), planned=planned, seed=1).types
    }
    assert estimate(kinds["SEARCH"], "leads", "regression", "planned") is None
    assert estimate(kinds["SEARCH"], "leads", "model", "planned") is not None
    assert estimate(kinds["IMAGE"], "leads", "regression", "planned") is not None


def test_the_page_is_whole_and_says_the_answer_first(found: Returns, tmp_path: Path) -> None:
    page: Any = HtmlPage(render_page(found, "USD", simulated=True))
    assert page.faults == []
    assert page.reaches_out == []
    words = " ".join(page.words.split())
    assert words.index("The next money brings most on") < words.index("What one lead costs")
    assert "fee and tax paid" in words
    assert not {"nan", "none", "inf"} & set(words.lower().split())
    write_returns(tmp_path / "out", found, "USD", simulated=False)
    assert json.loads((tmp_path / "out/returns.json").read_text(encoding="utf-8"))["metric"] == "leads"
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="taken"):
        write_returns(tmp_path / "taken", found, "USD", simulated=False)
    assert any(isinstance(part, str) and part.startswith("SIMULATED") for part in outline(found, "USD", simulated=True))
