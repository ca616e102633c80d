"""Google's breakdowns of the last weeks by gender, age and region: they add up to their ad group or campaign."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from marketmover.sandbox.countries import country_of
from marketmover.sandbox.exports.account import Account, Pull, places
from marketmover.sandbox.exports.files import text, write_search_stream
from marketmover.sandbox.exports.google import Cells
from marketmover.sandbox.exports.google_structure import AGES, DETAIL_DAYS, broken_down, criterion_of, ids_of
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.exports.people import Parts, cells_of
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.parameters import AGES as BY_AGE
from marketmover.sandbox.models.parameters import CELLS, GENDERS
from marketmover.sandbox.streams import stream

_UNKNOWN = 0.25
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
        "gender_view": (
            row for place in lines for row in demographic_rows(market, account, place, pull, first, "gender")
        ),
        "age_range_view": (
            row for place in lines for row in demographic_rows(market, account, place, pull, first, "age")
        ),
        "geographic_view": (row for place in lines for row in geography_rows(market, account, place, pull, first)),
    }
    return {
        name: write_search_stream(folder, name, _MASKS[name], (text(row) for row in rows))
        for name, rows in kinds.items()
    }


def demographic_rows(
    market: Market, account: Account, place: int, pull: Pull, first: int, what: str
) -> Iterator[dict[str, Any]]:
    """Facts by gender or age of the last weeks; part of them undetermined, as Google has it."""
    line = market.lines[place]
    if not line.group_ids:
        return
    field, view = ("gender", "genderView") if what == "gender" else ("ageRange", "ageRangeView")
    rng = stream(market.setting.seed, what, line.id)
    cells, (names, parts) = Cells(market, account, place), _parts(market, place, range(first, pull.last + 1), what)
    for group, owner in enumerate(line.group_ids):
        base, days = ids_of(market, account, place, group), slice(first, pull.last + 1)
        for day, part, metrics in broken_down(cells.of_group(group, days), parts, rng, account.unit):
            name = names[part]
            criterion = criterion_of(account, owner, name, **{field: {"type": name}})
            views = {"resourceName": f"customers/{account.customer_id}/{view}s/{owner}~{criterion['criterionId']}"}
            segments = {"date": account.day(first + day)}
            yield {**base, "adGroupCriterion": criterion, view: views, "metrics": metrics, "segments": segments}


def _parts(market: Market, place: int, days: range, what: str) -> tuple[list[str], Parts]:
    """Names and parts by gender or age; a fifth of people undetermined, who are like the rest."""
    of_cell = [gender if what == "gender" else age for age, gender in CELLS]
    values = GENDERS if what == "gender" else tuple(BY_AGE)
    parts = cells_of(market, place, days).together(
        [[at for at, own in enumerate(of_cell) if own == one] for one in values]
    )
    unknown = _UNKNOWN * parts.shown.sum(axis=1, keepdims=True)
    shown = np.concatenate([parts.shown, unknown], axis=1)
    converting = np.concatenate([parts.converting, np.ones_like(unknown)], axis=1)
    names = [*GENDERS, "UNDETERMINED"] if what == "gender" else [*AGES, "AGE_RANGE_UNDETERMINED"]
    return names, Parts(shown, converting)


def geography_rows(market: Market, account: Account, place: int, pull: Pull, first: int) -> Iterator[dict[str, Any]]:
    line = market.lines[place]
    rng = stream(market.setting.seed, "geography", line.id)
    named = [f"{country}/{name}" for country in line.countries for name in country_of(country).cities]
    whole = Cells(market, account, place).of_line(slice(first, pull.last + 1))
    shown = np.repeat(rng.uniform(0.5, 1.5, len(named))[None, :], len(whole.impressions), axis=0)
    base = {key: value for key, value in ids_of(market, account, place, 0).items() if key != "adGroup"}
    for day, part, metrics in broken_down(whole, Parts(shown, np.ones_like(shown)), rng, account.unit):
        name = named[part]
        country = country_of(name.split("/")[0]).geo_target
        views = {
            "resourceName": f"customers/{account.customer_id}/geographicViews/{country}~LOCATION_OF_PRESENCE",
            "countryCriterionId": country,
            "locationType": "LOCATION_OF_PRESENCE",
        }
        region = f"geoTargetConstants/{numeric_id(name, digits=5)}"
        segments = {"date": account.day(first + day), "geoTargetRegion": region}
        yield {**base, "geographicView": views, "metrics": metrics, "segments": segments}
