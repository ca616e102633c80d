"""The figures that advice is held to, each with its spread, what is due, and what would be excellent."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from marketmover.sandbox.judge.scores import Score

Verdict = Literal["excellent", "kept", "missed", "not measured", ""]
Limits = tuple[float, float]
_EVEN_ENOUGH = 0.02  # where evening out the platforms costs less than this, it is due
_RATE_TO_GAIN = 0.08  # where the best split has this much of the qualification rate to gain, it is due


@dataclass(frozen=True)
class Figure:
    """One figure over many markets.

    Attributes:
        key: A short name for machines.
        name: What was measured, and over which markets.
        values: One for each market that counts.
        measured: What is held to the limits: the median, or as `name` says the mean or the worst; `None` for none.
        worst: The value farthest on the wrong side.
        due, excellent: Bounds (low, high) that `measured` is held to; `None` where there is none.
        form: How values are written: `change` (+12%), `share` (12%), `number` (0.12).
    """

    key: str
    name: str
    values: tuple[float, ...]
    measured: float | None
    worst: float | None
    due: Limits | None = None
    excellent: Limits | None = None
    form: Literal["change", "share", "number"] = "share"

    @property
    def quartiles(self) -> tuple[float, float] | None:
        """The lower and the upper quartile over markets."""
        if not self.values:
            return None
        low, high = np.percentile(self.values, [25, 75])
        return float(low), float(high)

    @property
    def verdict(self) -> Verdict:
        """What becomes of it."""
        if self.due is None:
            return ""
        if self.measured is None:
            return "not measured"
        if self.excellent is not None and _within(self.measured, self.excellent):
            return "excellent"
        return "kept" if _within(self.measured, self.due) else "missed"


def figures_of(scores: Sequence[Score]) -> list[Figure]:
    """Every figure that the scores speak of, those with limits first."""
    main = [one for one in scores if one.main]
    ordinary, good = _ordinary(main), [one for one in main if one.case.manager == "good"]
    quality = [one for one in scores if one.objective == "qualified_leads"]
    told = [one.told for one in main if one.told]
    sure = [(one.told.probability, one.better) for one in main if one.told and one.told.probability is not None]
    what = _word(main)
    even = [one for one in main if one.evening_cost is not None and one.evening_cost < _EVEN_ENOUGH]
    return [
        _most("gain", f"{what} beside an ordinary manager's own split", _gains(ordinary), (0.18, 0.22), "change"),
        _least("cost_per_lead", f"{_price_of(what)} beside an ordinary manager's own split",
               [one.cost_change for one in ordinary], (-0.15, -0.18), "change"),
        _most("spent", "budget that is really spent (worst market)", [one.spent for one in main], (0.95, None),
              of=min),
        _most("share", f"share of the best split's gain: {what}", _shares(main), (0.75, 0.85)),
        _most("share_qualified", "share of the best split's gain: qualified leads", _shares(quality), (0.80, 0.88)),
        _most("above_rule", "more than a rule of thumb brings, ordinary managers",
              [one.above_rule for one in ordinary], (0.07, 0.10), "change"),
        _most("qualification_rate", "leads that qualify, where the best split has 8% more of them",
              list(_rate_changes(quality)), (0.08, None), "change"),
        _least("forecast_error", "how far the forecast of the total missed",
               [abs(one.forecast) for one in told], (0.06, 0.04)),
        _inside("cover", "lines' ranges that held (80% is meant)",
                [one.cover for one in told], (0.76, 0.88), (0.78, 0.84)),
        _least("width", "width of lines' ranges beside their middle",
               [one.width for one in told], (0.45, 0.35)),
        _most("loss", f"{what} beside a good manager's split (worst market)", _gains(good), (-0.01, -0.003),
              "change", of=min),
        _least("brier", "error of the stated chance of doing better (Brier score)",
               [(said - came) ** 2 for said, came in sure], (0.15, 0.08), "number", of=_mean),
        _least("platforms_apart", f"platforms apart in {_price_of(what)}, where evening out is cheap",
               [one.apart for one in even if one.apart is not None], (0.05, None)),
        *_further(main, quality),
    ]  # fmt: skip


def _further(main: Sequence[Score], quality: Sequence[Score]) -> list[Figure]:
    """Figures without a limit, which help to read the others."""
    told, what = [one.told for one in main if one.told], _word(main)
    found = [
        _most("better", "markets in which the advice brings more",
              [float(one.better) for one in main], of=_mean),
        _most("better_ordinary", "markets in which the advice brings more, ordinary managers",
              [float(one.better) for one in _ordinary(main)], of=_mean),
        _most("share_ordinary", f"share of the best split's gain, ordinary managers: {what}",
              _shares(_ordinary(main))),
        _most("share_qualified_ordinary", "share of the best split's gain, ordinary managers: qualified leads",
              _shares(_ordinary(quality))),
        _most("possible", "what the best split gains", [one.possible for one in main], form="change"),
        _most("room_above_rule", "what the best split brings more than a rule of thumb, ordinary managers",
              [one.possible - one.gain + one.above_rule for one in _ordinary(main)], form="change"),
        _most("boldest_share", f"share of the best split's gain, without holding back: {what}",
              [one.boldest_share for one in main if one.boldest_share is not None]),
        _most("boldest_share_qualified", "share of the best split's gain, without holding back: qualified leads",
              [one.boldest_share for one in quality if one.boldest_share is not None]),
        _least("forecast_bias", "how far the forecast of the total lay above (+) or below",
               [one.forecast for one in told], form="change"),
        _least("forecast_drawn", "how far the forecast of the total missed, the market's chance included",
               [one.drawn for one in told]),
        _inside("cover_mean", "lines' ranges that held, on average", [one.cover for one in told], of=_mean),
        _inside("cover_total", "the total's ranges that held", [one.total_cover for one in told], of=_mean),
        _least("platforms_apart_all", f"platforms apart in {_price_of(what)}, all markets",
               [one.apart for one in main if one.apart is not None]),
    ]  # fmt: skip
    return [figure for figure in found if figure.values]


def gain_of(scores: Iterable[Score]) -> float | None:
    """The median gain."""
    return _median(_gains(scores))


def share_of(scores: Iterable[Score]) -> float | None:
    """The median share of the optimum's gain."""
    return _median(_shares(scores))


def _word(main: Sequence[Score]) -> str:
    """What was counted: leads, where markets without leads count conversions in their stead; else what was asked."""
    objectives = {one.objective for one in main}
    return objectives.pop() if len(objectives) == 1 else "leads"


def _price_of(what: str) -> str:
    return f"cost per {what.removesuffix('s') if what != 'revenue' else 'unit of revenue'}"


def _ordinary(scores: Iterable[Score]) -> list[Score]:
    return [one for one in scores if one.case.manager == "ordinary"]


def _gains(scores: Iterable[Score]) -> list[float]:
    return [one.gain for one in scores]


def _shares(scores: Iterable[Score]) -> list[float]:
    return [one.share for one in scores if one.share is not None]


def _rate_changes(scores: Iterable[Score]) -> Iterable[float]:
    for one in scores:
        if one.rates is not None and one.rates[2] >= one.rates[0] * (1.0 + _RATE_TO_GAIN):
            yield one.rates[1] / one.rates[0] - 1.0


def _median(values: Sequence[float]) -> float | None:
    return float(np.median(values)) if values else None


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values))


Form = Literal["change", "share", "number"]
Measure = Callable[[Sequence[float]], float | None]
Bounds = tuple[float, float | None]


def _most(
    key: str, name: str, values: Sequence[float], bounds: Bounds | None = None, form: Form = "share",
    *, of: Measure = _median,
) -> Figure:  # fmt: skip
    """A figure that is to be at least as large as its bounds (due, excellent)."""
    due, excellent = bounds or (None, None)
    return Figure(
        key, name, tuple(values), of(values) if values else None, min(values, default=None),
        None if due is None else (due, np.inf), None if excellent is None else (excellent, np.inf), form,
    )  # fmt: skip


def _least(
    key: str, name: str, values: Sequence[float], bounds: Bounds | None = None, form: Form = "share",
    *, of: Measure = _median,
) -> Figure:  # fmt: skip
    """A figure that is to be at most as large as its bounds (due, excellent)."""
    due, excellent = bounds or (None, None)
    return Figure(
        key, name, tuple(values), of(values) if values else None, max(values, default=None),
        None if due is None else (-np.inf, due), None if excellent is None else (-np.inf, excellent), form,
    )  # fmt: skip


def _inside(
    key: str, name: str, values: Sequence[float], due: Limits | None = None, excellent: Limits | None = None,
    *, of: Measure = _median,
) -> Figure:  # fmt: skip
    """A share that is to lie within its bounds; the worst is the farthest from what 80% ranges promise."""
    worst = max(values, key=lambda value: abs(value - 0.8), default=None)
    return Figure(key, name, tuple(values), of(values) if values else None, worst, due, excellent)


def _within(value: float, limits: Limits) -> bool:
    low, high = limits
    return low - 1e-12 <= value <= high + 1e-12
