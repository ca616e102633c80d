"""From replays to results: each window in figures, and all of them together."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import range_of
from marketmover.campaigns.backtest.replaying import Replay
from marketmover.campaigns.backtest.report import Finding, ForecastScore, LineResult, WindowResult
from marketmover.history import Panel
from marketmover.plans import Range

Floats = NDArray[np.float64]

_ENOUGH_OVERLAP = 0.2
_SURE = 0.9
_HARDLY = 0.01


def window_result(panel: Panel, replay: Replay) -> WindowResult:
    """A replay in figures."""
    made, advised = replay.earned.made, replay.earned.advised
    gain = gain_draws([replay])
    total = float(replay.made.sum())
    forecast = replay.forecast
    return WindowResult(
        start=replay.span.start,
        end=replay.span.end,
        days_known=replay.days_known,
        known_from="imports" if replay.as_imported else "final figures",
        spend=total,
        moved=float(np.abs(replay.advised - replay.made).sum()) / 2.0 / total,
        counted=float(replay.counted.sum()),
        # The chance in what was counted belongs to the difference, not to the count that is known.
        earned=range_of(replay.counted.sum() * (1.0 + gain)),
        gain=range_of(gain),
        probability_better=_better(advised.sum(axis=1), made.sum(axis=1)),
        promised=replay.promised.relative,
        promised_better=replay.promised.probability,
        overlap=replay.earned.overlap,
        enough_overlap=replay.earned.overlap >= _ENOUGH_OVERLAP,
        forecast=_range(forecast.total),
        place=forecast.total_place,
        by_last_weeks=float(forecast.last_weeks.sum()),
        by_last_year=None if forecast.last_year is None else float(forecast.last_year.sum()),
        weeks_expected=tuple(float(value) for value in forecast.by_week),
        weeks_counted=tuple(float(value) for value in replay.counted_by_week),
        lines=tuple(_line(panel, replay, place) for place in range(len(replay.rows))),
    )


def _line(panel: Panel, replay: Replay, place: int) -> LineResult:
    line, forecast = panel.lines[replay.rows[place]], replay.forecast
    return LineResult(
        id=line.id,
        name=line.name or line.id,
        platform=line.platform,
        made=float(replay.made[place]),
        advised=float(replay.advised[place]),
        counted=float(replay.counted[place]),
        expected=_range(np.array([forecast.low[place], forecast.mid[place], forecast.high[place]])),
        place=float(forecast.places[place]),
        earned=range_of(replay.earned.advised[:, place]),
        effective_weeks=float(replay.earned.effective_weeks[place]),
    )


def gain_draws(replays: Sequence[Replay]) -> Floats:
    """Draws of the relative gain over windows together, shape (draws,)."""
    made = np.sum([replay.earned.made.sum(axis=1) for replay in replays], axis=0)
    advised = np.sum([replay.earned.advised.sum(axis=1) for replay in replays], axis=0)
    return advised / np.maximum(made, 1e-9) - 1.0


def probability_better(replays: Sequence[Replay]) -> float:
    """Chance that the advised splits would have brought more over all windows."""
    gain = gain_draws(replays)
    return _better(gain, np.zeros_like(gain))


def promised_too_much(replays: Sequence[Replay], promised: float) -> float:
    """Chance that a promised gain over all windows is more than they would have brought.

    Windows are no separate witnesses: what a line's later weeks say of it judges it in all of them. Its draws are the
    same in all of them too, so that the chance is that of the whole, and no count of windows.
    """
    gain = gain_draws(replays)
    return _better(np.full_like(gain, promised), gain)


def finding_of(gain: Floats) -> Finding:
    """What draws of the gain say, at nine to one; a difference that nobody would act upon is none."""
    if abs(float(np.median(gain))) < _HARDLY:
        return "no clear difference"
    if float((gain > 0).mean()) >= _SURE:
        return "better"
    return "worse" if float((gain < 0).mean()) >= _SURE else "no clear difference"


def forecast_score(replays: Sequence[Replay]) -> ForecastScore:
    """How well the windows were foretold."""
    counted = np.array([replay.counted.sum() for replay in replays])
    foretold = np.array([replay.forecast.total for replay in replays])
    last_weeks = np.array([replay.forecast.last_weeks.sum() for replay in replays])
    aged = [place for place, replay in enumerate(replays) if replay.forecast.last_year is not None]
    last_year = np.array([known.sum() for replay in replays if (known := replay.forecast.last_year) is not None])
    by_week = [
        np.abs(replay.forecast.by_week - replay.counted_by_week) / np.maximum(replay.counted_by_week, 1.0)
        for replay in replays
    ]
    lines, money = _lines(replays), np.concatenate([replay.made for replay in replays])
    return ForecastScore(
        total_error=_error(foretold[:, 1], counted),
        total_error_by_last_weeks=_error(last_weeks, counted),
        total_error_by_last_year=_error(last_year, counted[aged]) if aged else None,
        total_error_beside_last_year=_error(foretold[aged, 1], counted[aged]) if aged else None,
        bias=float(((foretold[:, 1] - counted) / counted).mean()),
        too_high=int((foretold[:, 1] > counted).sum()),
        total_covered=int(((counted >= foretold[:, 0]) & (counted <= foretold[:, 2])).sum()),
        line_error=float(np.abs(lines["mid"] - lines["counted"]).sum() / lines["counted"].sum()),
        line_error_by_last_weeks=float(np.abs(lines["last_weeks"] - lines["counted"]).sum() / lines["counted"].sum()),
        line_cover=float(
            np.average((lines["counted"] >= lines["low"]) & (lines["counted"] <= lines["high"]), weights=money)
        ),
        by_week=tuple(float(value) for value in np.mean(by_week, axis=0)),
    )


def _lines(replays: Sequence[Replay]) -> dict[str, Floats]:
    """Figures of all lines in all windows, one after another."""
    told = {
        name: np.concatenate([np.asarray(getattr(replay.forecast, name)) for replay in replays])
        for name in ("low", "mid", "high", "last_weeks")
    }
    return told | {"counted": np.concatenate([replay.counted for replay in replays])}


def _error(foretold: Floats, counted: Floats) -> float:
    return float((np.abs(foretold - counted) / counted).mean())


def _better(first: Floats, second: Floats) -> float:
    return float((first > second).mean() + 0.5 * (first == second).mean())


def _range(values: Floats) -> Range:
    low, mid, high = (float(value) for value in values)
    return Range(low=low, mid=mid, high=high)
