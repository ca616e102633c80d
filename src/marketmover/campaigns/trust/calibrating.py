"""How far ranges and chances hold, from what backtests, comparisons and ended plans kept."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from marketmover.campaigns.kept.records import AnalysisRow
from marketmover.campaigns.trust.forms import Calibration, CalibrationPoint, Standing
from marketmover.campaigns.trust.interval import share_range

STATED = 0.8
LEVELS = (0.5, STATED, 0.9, 0.95)
_LEAST_CASES = 20
_LEAST_STRETCHES = 4
_LEANING = 0.05
_BINS = (0.0, 0.5, 0.7, 0.9, 1.0)

Group = tuple[float, int]


def metric_words(metric: str) -> str:
    """A metric within a sentence."""
    return metric.replace("_", " ")


def of_backtest(row: AnalysisRow) -> list[Calibration]:
    """What a backtest says: ranges of lines, of the total, and the chance that advice was better."""
    windows: Sequence[Mapping[str, Any]] = row.found.get("windows") or []
    if not windows:
        return []
    what = f"{metric_words(str(row.found['metric']))} in {stretch_words(int(row.found['weeks']))}"
    kept = {"at": row.created_at, "backtest_id": row.id, "stretches": len(windows)}
    lines = [[_case(line, "expected") for line in one["lines"]] for one in windows]
    totals = [[_case(one, "forecast")] for one in windows]
    found = [
        _of_ranges("lines", f"A line's {what}", lines, kept),
        _of_ranges("total", f"All lines' {what}", totals, kept),
    ]
    return found + _chances(windows, kept)


def held_ranges(windows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """How many of the lines' 80% ranges held, and how many there are."""
    cases = [_holds(_case(line, "expected"), STATED) for one in windows for line in one["lines"]]
    return sum(cases), len(cases)


def of_comparison(row: AnalysisRow) -> list[Calibration]:
    """What a comparison of models says of the structural model's ranges, by outcome."""
    found: list[Calibration] = []
    for table in row.found.get("outcomes") or []:
        groups = [(float(one["held"]), int(one["forecasts"])) for one in table.get("stretches") or []]
        if groups:
            about = (
                f"A line's {metric_words(table['outcome'])} in {stretch_words(int(row.found['weeks']))}, re-foretold"
            )
            kept = {"at": row.created_at, "comparison_id": row.id, "stretches": len(groups)}
            found.append(ranges_of(f"compared-{table['outcome']}", about, {STATED: groups}, kept))
    return found


def ranges_of(name: str, about: str, levels: Mapping[float, Sequence[Group]], kept: Mapping[str, Any]) -> Calibration:
    """The calibration of ranges, by level: of each stretch, how many held and how many there were."""
    points = [_point(level, groups) for level, groups in levels.items()]
    main = next(one for one in points if one.stated == STATED)
    standing = _standing(main, int(kept["stretches"]), ("too narrow", "too wide"))
    return Calibration(
        id=name,
        kind="ranges",
        about=about,
        standing=standing,
        words=_range_words(main, standing),
        points=points,
        **kept,
    )


def stretch_words(weeks: int) -> str:
    """A stretch of so many weeks."""
    return "a week" if weeks == 1 else f"{weeks} weeks"


def _case(told: Mapping[str, Any], expected: str) -> tuple[float, float, float, float | None]:
    """Ends of the 80% range, what came, and its place among the draws where the backtest kept it."""
    known = told.get("place")
    return told[expected]["low"], told[expected]["high"], told["counted"], None if known is None else float(known)


def _holds(case: tuple[float, float, float, float | None], level: float) -> bool:
    low, high, came, place = case
    return low <= came <= high if level == STATED or place is None else abs(place - 0.5) <= level / 2.0


def _of_ranges(name: str, about: str, stretches: Sequence[Sequence[Any]], kept: Mapping[str, Any]) -> Calibration:
    cases = [case for one in stretches for case in one]
    levels = LEVELS if all(case[3] is not None for case in cases) else (STATED,)
    held = {
        level: [(float(sum(_holds(case, level) for case in one)), len(one)) for one in stretches] for level in levels
    }
    return ranges_of(name, about, held, kept)


def _chances(windows: Sequence[Mapping[str, Any]], kept: Mapping[str, Any]) -> list[Calibration]:
    """Chances that advice gave itself, beside how likely it was better by the weeks after."""
    told = [
        (float(one["promised_better"]), float(one["probability_better"])) for one in windows if "promised_better" in one
    ]
    if not told:
        return []
    points: list[CalibrationPoint] = []
    for low, high in pairwise(_BINS):
        inside = [one for one in told if low <= one[0] < high or (high == 1.0 and one[0] == 1.0)]
        if inside:
            stated = sum(said for said, _ in inside) / len(inside)
            points.append(_point(stated, [(came, 1) for _, came in inside]))
    whole = _point(sum(said for said, _ in told) / len(told), [(came, 1) for _, came in told])
    standing = _standing(whole, len(windows), ("too sure", "too careful"))
    return [
        Calibration(
            id="better", kind="chances", about="How likely advice is better than what was done", standing=standing,
            words=_chance_words(whole, standing), points=points, **kept,
        )
    ]  # fmt: skip


def _point(stated: float, groups: Sequence[Group]) -> CalibrationPoint:
    held, n = sum(one for one, _ in groups), sum(size for _, size in groups)
    low, high = share_range(groups)
    return CalibrationPoint(
        stated=round(stated, 4), observed=round(held / n, 4), low=round(low, 4), high=round(high, 4), n=n,
        held=round(held, 2),
    )  # fmt: skip


def _standing(point: CalibrationPoint, stretches: int, names: tuple[Standing, Standing]) -> Standing:
    if point.n < _LEAST_CASES or stretches < _LEAST_STRETCHES:
        return "not enough data"
    if point.low <= point.stated <= point.high:
        return "as stated"
    return names[0] if point.observed < point.stated else names[1]


def _range_words(point: CalibrationPoint, standing: Standing) -> str:
    said = f"{point.observed:.0%} of {point.n} ranges held what came; {point.stated:.0%} were promised."
    if standing == "not enough data":
        due = f"it takes {_LEAST_CASES} ranges of {_LEAST_STRETCHES} stretches"
        return f"{said} That is not enough data to judge them: {due}."
    within = f"In the long run it may be {point.low:.0%} to {point.high:.0%}"
    if standing == "as stated":
        return f"{said} {within}, so {_leaning(point)}."
    take = (
        "they are too narrow: take them for wider" if standing == "too narrow" else "they are wider than they need be"
    )
    return f"{said} {within}, so {take}."


def _leaning(point: CalibrationPoint) -> str:
    """What to say of ranges that chance may have made seem what they seem."""
    if abs(point.observed - point.stated) < _LEANING:
        return "they hold as stated"
    side = "narrow" if point.observed < point.stated else "wide"
    return f"nothing proves them wrong, though they lean to the {side} side"


def _chance_words(point: CalibrationPoint, standing: Standing) -> str:
    said = (
        f"Advice was said to be {point.stated:.0%} likely to be better on average; by the weeks after, "
        f"{point.held:.1f} of {point.n} were (itself an estimate)."
    )
    if standing == "not enough data":
        return f"{said} That is not enough data to judge it: it takes {_LEAST_CASES} stretches."
    if standing == "as stated":
        return f"{said} In the long run it may be {point.low:.0%} to {point.high:.0%}, so it holds as stated."
    return f"{said} It is {standing}."
