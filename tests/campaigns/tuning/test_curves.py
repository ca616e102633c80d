"""Live days teach curves as well as levels."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from tests.campaigns.tuning.conftest import END, START, PanelMaker, known

from marketmover.budget import fit_response, follow
from marketmover.history import Panel

Floats = NDArray[np.float64]
LINE, TIMES = 0, 2.5


def _slope(panel: Panel) -> float:
    """What doubling the money is expected to bring on a line that already spends two and a half times as much."""
    facts = known(panel)
    followed = follow(fit_response(facts.then, START, END, seed=0), panel, START, then=facts.then)
    assert followed.response is not None
    days = (END - facts.last).days
    money = np.array([TIMES, 2 * TIMES]) * 200.0 * days
    drawn = followed.response.draws_of_line(panel.line_ids[LINE], "impressions", money)
    return float((drawn[:, 1] / drawn[:, 0]).mean())


def test_a_line_that_brings_more_than_its_curve_foretold_is_believed_to_bend_less(make_panel: PanelMaker) -> None:
    bent = make_panel(14, spend=TIMES, broken=0)  # views as the root of money, as ever
    names = ("impressions", "clicks", "leads", "conversions")

    def times(factor: float) -> dict[str, Floats]:
        found = {name: getattr(bent, name).copy() for name in names}
        for values in found.values():
            values[:2, 300:] = np.round(values[:2, 300:] * factor)
        return found

    flat, straight = times(TIMES**-0.5), times(TIMES**0.5)
    slopes = [_slope(replace(bent, **world)) for world in (flat, {}, straight)]
    assert slopes[0] < slopes[1] < slopes[2]
