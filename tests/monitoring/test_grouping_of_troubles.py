"""Troubles of one platform: told apart by when they began, and told once where all lines share them."""

import numpy as np
import pytest
from running_lines import HISTORY, LIVE, figures_from, panel_of, planted

from marketmover.history import Line
from marketmover.monitoring.lines.new_lines import NewLine, named_lines
from marketmover.monitoring.lines.onsets import began_together, beginnings
from marketmover.monitoring.lines.watcher import Watcher


def test_two_price_troubles_three_days_apart_on_one_platform_are_two_alerts() -> None:
    factors = planted("cpm", [4], 9, LIVE, 1.8)
    factors["cpm"] = factors["cpm"] * planted("cpm", [5, 6, 7], 12, LIVE, 1.6)["cpm"]
    found = Watcher(figures_from(panel_of(factors=factors))).replay()
    assert [(one.what, sorted(one.onsets)) for one in found] == [("cpm", [4]), ("cpm", [5, 6, 7])]


def test_lines_that_became_dearer_on_one_day_began_together_and_others_did_not() -> None:
    rng = np.random.default_rng(3)

    def dearer(days_ago: int) -> np.ndarray:
        prices = rng.normal(0.0, 0.06, 60)
        prices[-days_ago:] += 0.45
        return beginnings(prices, np.ones(60, dtype=np.bool_))

    assert began_together([dearer(8), dearer(8)], dearer(8))
    assert not began_together([dearer(8)], dearer(4))


def test_a_platform_that_converts_less_is_found_where_no_line_alone_would_be() -> None:
    rows, lines = [8, 9, 10, 11, 12, 13, 14, 15], 16
    factors = planted("conversion_rate", list(range(lines)), -HISTORY, LIVE, 0.3, lines=lines)  # few conversions a day
    factors["conversion_rate"] *= planted("conversion_rate", rows, 8, LIVE, 0.5, lines=lines)["conversion_rate"]
    found = Watcher(figures_from(panel_of(lines=lines, factors=factors))).replay()
    assert len(found) == 1
    assert (found[0].what, found[0].platform) == ("conversion_rate", "meta_ads")
    assert len(found[0].onsets) >= 6
    assert found[0].opened <= HISTORY + 16


def line(key: str, name: str, ad_type: str = "VIDEO") -> Line:
    return Line(id=key, platform="meta_ads", account_id="1", campaign_id="1", group_id=key, name=name, ad_type=ad_type,
                status="ENABLED")  # fmt: skip


@pytest.mark.parametrize("order", [1, -1])
def test_new_lines_of_a_plan_are_known_by_their_names_then_by_their_kind(order: int) -> None:
    new = [NewLine(f"meta_ads:new:{place}", "meta_ads", kind, f"[meta_ads:new:{place} 2026-01-05]")
           for place, kind in ((1, "VIDEO"), (2, "VIDEO"), (3, "IMAGE"))]  # fmt: skip
    exported = [
        line("old", "Tiles"),
        line("b", "Tiles [meta_ads:new:2 2026-01-05] / Tiles"),
        line("c", "renamed by hand", "IMAGE"),
        line("a", "Tiles [meta_ads:new:1 2026-01-05]"),
    ]
    named = named_lines(new, exported[::order], ["old"])
    assert named == {"meta_ads:new:1": "a", "meta_ads:new:2": "b", "meta_ads:new:3": "c"}
    assert named_lines(new, exported[:1], ["old"]) == {}
