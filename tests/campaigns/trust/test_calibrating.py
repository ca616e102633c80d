"""How often ranges and chances held, from what analyses kept."""

from typing import Any

import numpy as np
import pytest
from tests.campaigns.trust.conftest import window

from marketmover.campaigns.kept.records import AnalysisRow
from marketmover.campaigns.trust.calibrating import of_backtest, of_comparison
from marketmover.campaigns.trust.forms import Calibration
from marketmover.campaigns.trust.interval import share_range
from marketmover.kit import utc_now


def kept(kind: str, found: dict[str, Any]) -> AnalysisRow:
    return AnalysisRow(
        workspace_id="default", id="one", kind=kind, arguments={}, found=found, who="ana", created_at=utc_now()
    )


def judged(*windows: dict[str, Any]) -> dict[str, Calibration]:
    found = {"windows": list(windows), "metric": "qualified_leads", "weeks": 4}
    return {one.id: one for one in of_backtest(kept("backtest", found))}


def evenly(number: int, ends: tuple[float, float] = (0.0, 1.0)) -> list[float]:
    return [float(place) for place in np.linspace(*ends, number)]


def test_ranges_that_hold_as_often_as_they_say_are_called_as_stated() -> None:
    lines = judged(*(window(number, *evenly(41)) for number in range(6)))["lines"]
    assert lines.standing == "as stated"
    assert [point.stated for point in lines.points] == [0.5, 0.8, 0.9, 0.95]
    assert all(abs(point.observed - point.stated) < 0.06 for point in lines.points)
    assert all(point.low < point.stated < point.high for point in lines.points)
    assert lines.points[0].n == 6 * 41
    assert "qualified leads" in lines.about


def test_ranges_that_what_came_keeps_missing_are_called_too_narrow() -> None:
    lines = judged(*(window(number, *([0.01] * 8), *([0.99] * 8), *([0.5] * 8)) for number in range(8)))["lines"]
    assert lines.standing == "too narrow"
    assert "33% of 192 ranges held what came; 80% were promised" in lines.words
    assert "too narrow" in lines.words


def test_ranges_that_always_hold_in_the_middle_are_called_too_wide() -> None:
    assert judged(*(window(number, *evenly(12, (0.45, 0.55))) for number in range(8)))["lines"].standing == "too wide"


def test_a_lean_that_chance_explains_is_said_and_not_judged() -> None:
    lines = judged(*(window(number, 0.5, 0.5, 0.5, 0.5, 0.5, 0.02, 0.98) for number in range(4)))["lines"]
    assert lines.standing == "as stated"
    assert "nothing proves them wrong, though they lean to the narrow side" in lines.words


def test_few_stretches_are_not_enough_data_and_it_says_how_many_are() -> None:
    lines = judged(*(window(number, *evenly(20)) for number in range(3)))["lines"]
    assert lines.standing == "not enough data"
    assert "20 ranges of 4 stretches" in lines.words


def test_stretches_that_fail_as_a_whole_leave_a_wider_range_than_as_many_cases_apart() -> None:
    together = judged(*(window(number, *([0.5 if number % 2 else 0.01] * 10)) for number in range(8)))["lines"]
    apart = judged(*(window(number, *([0.5] * 5), *([0.01] * 5)) for number in range(8)))["lines"]
    assert together.points[1].observed == apart.points[1].observed == 0.5
    assert together.points[1].high - together.points[1].low > 2 * (apart.points[1].high - apart.points[1].low)


def test_a_backtest_of_an_earlier_version_still_tells_of_its_80_percent_ranges() -> None:
    old = window(0, *evenly(30))
    for line in old["lines"]:
        del line["place"]
    del old["place"], old["promised_better"]
    found = judged(*([old] * 5))
    assert [point.stated for point in found["lines"].points] == [0.8]
    assert "better" not in found


def test_chances_are_held_against_how_likely_advice_was_better_by_the_weeks_after() -> None:
    sure = [window(number, 0.5, said=0.95, was=0.3 if number % 2 else 0.6) for number in range(24)]
    better = judged(*sure)["better"]
    assert (better.kind, better.standing) == ("chances", "too sure")
    assert [(point.stated, point.observed, point.n) for point in better.points] == [(0.95, 0.45, 24)]
    assert judged(*sure[:8])["better"].standing == "not enough data"


def test_a_comparison_tells_of_the_structural_models_ranges_by_stretch() -> None:
    stretches = [{"held": 8, "forecasts": 10}] * 6
    found = {"weeks": 1, "outcomes": [{"outcome": "leads", "stretches": stretches}, {"outcome": "conversions"}]}
    (one,) = of_comparison(kept("models", found))
    assert (one.standing, one.points[0].observed, one.points[0].n, one.stretches) == ("as stated", 0.8, 60, 6)


@pytest.mark.parametrize(("share", "together"), [(0.8, 0.0), (0.8, 0.1), (0.6, 0.2)])
def test_the_range_of_a_share_holds_the_truth_in_nineteen_of_twenty_cases_also_where_groups_differ(
    share: float, together: float
) -> None:
    random, held = np.random.default_rng(5), 0
    for _ in range(400):
        size = 1.0 / together - 1.0 if together else 0.0
        own = random.beta(share * size, (1.0 - share) * size, 8) if together else np.full(8, share)
        low, high = share_range([(float(random.binomial(13, one)), 13) for one in own])
        held += low <= share <= high
    assert held / 400 >= 0.92


def test_nothing_known_leaves_everything_open() -> None:
    assert share_range([]) == (0.0, 1.0)
    low, high = share_range([(1.0, 1)])
    assert (low < 0.3, high) == (True, 1.0)
