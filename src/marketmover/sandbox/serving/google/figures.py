"""Figures of rows added up as Google does: counts are sums, rates follow from sums, shares from what they share."""

from collections.abc import Iterable, Mapping
from typing import Any

_SUMS = {"impressions": int, "clicks": int, "costMicros": int, "conversions": float, "conversionsValue": float}
_SHARE, _LOST = "searchImpressionShare", ("searchBudgetLostImpressionShare", "searchRankLostImpressionShare")


def added(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The metrics of several rows together, in REST form; shares only where there are any."""
    totals: dict[str, Any] = dict.fromkeys(_SUMS, 0)
    eligible, lost = 0.0, dict.fromkeys(_LOST, 0.0)
    for row in rows:
        metrics = row.get("metrics", {})
        for name, kind in _SUMS.items():
            totals[name] += kind(metrics.get(name, 0))
        share = metrics.get(_SHARE)
        if share:
            could = int(metrics.get("impressions", 0)) / float(share)
            eligible += could
            for name in _LOST:
                lost[name] += could * float(metrics.get(name, 0.0))
    found = _written(totals) | _rates(totals)
    if eligible > 0.0:
        found[_SHARE] = max(totals["impressions"] / eligible, 0.0999)
        found |= {name: min(total / eligible, 0.9001) for name, total in lost.items()}
    return found


def single(metrics: Mapping[str, Any]) -> dict[str, Any]:
    """One row's metrics, with the rates that follow from them."""
    totals = {name: kind(metrics.get(name, 0)) for name, kind in _SUMS.items()}
    return _written(totals) | _rates(totals) | {name: metrics[name] for name in (_SHARE, *_LOST) if name in metrics}


def _written(totals: Mapping[str, Any]) -> dict[str, Any]:
    """Counts are 64-bit integers and so strings; results are numbers."""
    return {name: str(totals[name]) if kind is int else round(float(totals[name]), 6) for name, kind in _SUMS.items()}


def _rates(totals: Mapping[str, Any]) -> dict[str, Any]:
    shown, clicks, cost, results = (totals[name] for name in ("impressions", "clicks", "costMicros", "conversions"))
    ratios = {
        "ctr": (clicks, shown),
        "averageCpc": (cost, clicks),
        "averageCpm": (cost * 1000, shown),
        "costPerConversion": (cost, results),
        "valuePerConversion": (totals["conversionsValue"], results),
    }
    return {name: above / below for name, (above, below) in ratios.items() if below}
