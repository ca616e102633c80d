"""Google's breakdowns of the last weeks by gender, age and region: they add up to their ad group or campaign."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.sandbox.countries import country_of
from marketmover.sandbox.exports.account import Account, Pull, places
from marketmover.sandbox.exports.cells import split, split_money
from marketmover.sandbox.exports.files import text, write_search_stream
from marketmover.sandbox.exports.google import Cells, Counts
from marketmover.sandbox.exports.google_structure import AGES, DETAIL_DAYS, criterion_of, figures_of, ids_of
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.market import Market
from marketmover.sandbox.streams import stream

_MASKS = {
    "gender_view": "adGroupCriterion.gender.type,metrics.impressions,metrics.clicks,metrics.costMicros,segments.date",
    "age_range_view": "adGroupCriterion.ageRange.type,metrics.impressions,metrics.clicks,segments.date",
    "geographic_view": "geographicView.countryCriterionId,metrics.impressions,metrics.clicks,segments.geoTargetRegion",
}


def write_breakdowns(market: Market, account: Account, folder: Path, pull: Pull) -> dict[str, int]:
    """Breakdowns of the last weeks of `pull`; how many rows of each."""
    lines = places(market, "google_ads")
    first = max(pull.last - DETAIL_DAYS + 1, pull.first)
    kinds = {
        "gender_view": (row for place in lines for row in _demographics(market, account, place, pull, first, "gender")),
        "age_range_view": (row for place in lines for row in _demographics(market, account, place, pull, first, "age")),
        "geographic_view": (row for place in lines for row in _geography(market, account, place, pull, first)),
    }
    return {
        name: write_search_stream(folder, name, _MASKS[name], (text(row) for row in rows))
        for name, rows in kinds.items()
    }


def _demographics(
    market: Market, account: Account, place: int, pull: Pull, first: int, what: str
) -> Iterator[dict[str, Any]]:
    """Facts by gender or age of the last weeks; part of them undetermined, as Google has it."""
    line = market.lines[place]
    if not line.group_ids:
        return
    field, view = ("gender", "genderView") if what == "gender" else ("ageRange", "ageRangeView")
    unknown = "UNDETERMINED" if what == "gender" else "AGE_RANGE_UNDETERMINED"
    wanted = (
        dict.fromkeys(line.genders, 1.0)
        if what == "gender"
        else {name: 1.0 for name, (low, high) in AGES.items() if high >= line.age_min and low <= line.age_max}
    )
    shares = {**wanted, unknown: 0.25 * sum(wanted.values())}
    rng = stream(market.setting.seed, what, line.id)
    weights = np.array(list(shares.values())) * rng.uniform(0.6, 1.4, len(shares))
    cells, named = Cells(market, account, place), dict(zip(shares, weights, strict=True))
    for group, owner in enumerate(line.group_ids):
        base, days = ids_of(market, account, place, group), slice(first, pull.last + 1)
        for day, name, metrics in _broken_down(cells.of_group(group, days), named, rng, account.unit):
            criterion = criterion_of(account, owner, name, **{field: {"type": name}})
            views = {"resourceName": f"customers/{account.customer_id}/{view}s/{owner}~{criterion['criterionId']}"}
            segments = {"date": account.day(first + day)}
            yield {**base, "adGroupCriterion": criterion, view: views, "metrics": metrics, "segments": segments}


def _broken_down(
    counts: Counts, weights: dict[str, float], rng: np.random.Generator, unit: int
) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Daily counts split over named parts that add up to them: day, part, metrics."""
    parts = np.repeat([list(weights.values())], len(counts.impressions), axis=0)
    shown = split(counts.impressions, parts, rng)
    clicks = split(counts.clicks, shown, rng)
    cents = split_money(counts.cost_cents, shown, rng, unit)
    conversions = split(counts.conversions, clicks, rng)
    for day, part in zip(*np.nonzero(shown), strict=True):
        cell = (day, part)
        figures = figures_of(int(shown[cell]), int(clicks[cell]), int(cents[cell]), float(conversions[cell]))
        yield int(day), list(weights)[part], figures


def _geography(market: Market, account: Account, place: int, pull: Pull, first: int) -> Iterator[dict[str, Any]]:
    line = market.lines[place]
    rng = stream(market.setting.seed, "geography", line.id)
    named = [f"{country}/{name}" for country in line.countries for name in country_of(country).cities]
    regions = {name: float(rng.uniform(0.5, 1.5)) for name in named}
    whole = Cells(market, account, place).of_line(slice(first, pull.last + 1))
    base = {key: value for key, value in ids_of(market, account, place, 0).items() if key != "adGroup"}
    for day, name, metrics in _broken_down(whole, regions, rng, account.unit):
        country = country_of(name.split("/")[0]).geo_target
        views = {
            "resourceName": f"customers/{account.customer_id}/geographicViews/{country}~LOCATION_OF_PRESENCE",
            "countryCriterionId": country,
            "locationType": "LOCATION_OF_PRESENCE",
        }
        region = f"geoTargetConstants/{numeric_id(name, digits=5)}"
        segments = {"date": account.day(first + day), "geoTargetRegion": region}
        yield {**base, "geographicView": views, "metrics": metrics, "segments": segments}
