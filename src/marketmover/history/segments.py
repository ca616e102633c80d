"""What a fact is split by: its segment taken apart into a few names that both platforms share."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

_START = re.compile(r"(?:^|,)([a-z][a-z_]*)=")
_META = {
    "ad": "ad",
    "age": "age",
    "gender": "gender",
    "country": "country",
    "region": "region",
    "dma": "region",
    "publisher_platform": "publisher",
    "platform_position": "position",
    "device_platform": "device",
    "impression_device": "device",
    "hourly_stats_aggregated_by_advertiser_time_zone": "hour",
    "hourly_stats_aggregated_by_audience_time_zone": "hour",
}
_GOOGLE = {
    "ad": "ad",
    "device": "device",
    "hour": "hour",
    "ad_network_type": "publisher",
    "geo_target_region": "region",
    "geo_target_state": "region",
    "geo_target_province": "region",
    "geo_target_city": "city",
}
_GEOGRAPHY = ("geographic_view", "user_location_view")
_CRITERIA = ("ad_group_criterion", "campaign_criterion")
# Ids that Google gives to its criteria of age and gender, for exports that name the view alone.
_AGE_IDS = {
    **{f"50300{number}": name for number, name in enumerate(("18-24", "25-34", "35-44", "45-54", "55-64", "65+"), 1)},
    "503999": "unknown",
}
_GENDER_IDS = {"10": "MALE", "11": "FEMALE", "20": "UNKNOWN"}
_UNSAID = frozenset({"", "unknown", "undetermined", "age_range_undetermined", "age_range_unknown", "unspecified"})
UNKNOWN = {"age": "unknown", "gender": "UNKNOWN"}
"""How a part is called of which the platform does not know who they are."""


def names_of(platform: str, segment: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]] | None:
    """A fact's segment as sorted (name, value) pairs, and the names of what else it is split by.

    Names are `age` (`25-34`, `65+`, `unknown`), `gender` (`FEMALE`, `MALE`, `UNKNOWN`), `country` (ISO 3166-1
    alpha-2), `region`, `city`, `publisher`, `position`, `device`, `hour` and `ad` (the platform's id). Facts with the
    same pairs that differ in what else they are split by add up, unless the names are others.

    Returns:
        `None` for what is split by none of these, or by conversion action, where cost and clicks repeat.

    >>> names_of("meta_ads", "age=25-34,gender=female")
    ((('age', '25-34'), ('gender', 'FEMALE')), ())
    """
    found: dict[str, str] = {}
    others: list[str] = []
    for name, value in _taken_apart(segment):
        if name.startswith("conversion_action"):
            return None
        known = _of_google(name, value) if platform == "google_ads" else _of_meta(name, value)
        found |= known
        if not known and not name.endswith("_view"):
            others.append(name)
    return (tuple(sorted(found.items())), tuple(sorted(others))) if found else None


def _taken_apart(segment: str) -> Iterator[tuple[str, Any]]:
    """Names and values of `name=value,name=value`, where a value may be JSON or hold commas."""
    at = 0
    while start := _START.match(segment, at):
        value, at = _value(segment, start.end())
        yield start[1], value


def _value(segment: str, at: int) -> tuple[Any, int]:
    """The value that begins at a place, and where it ends."""
    if segment.startswith("{", at):
        with suppress(json.JSONDecodeError):
            return json.JSONDecoder().raw_decode(segment, at)
    following = _START.search(segment, at)
    end = following.start() if following else len(segment)
    return segment[at:end], end


def _of_meta(name: str, value: Any) -> dict[str, str]:
    return {_META[name]: _written(_META[name], str(value))} if name in _META else {}


def _of_google(name: str, value: Any) -> dict[str, str]:
    if name in _GOOGLE:
        return {_GOOGLE[name]: _written(_GOOGLE[name], str(value))}
    if not isinstance(value, dict):
        return {}
    row = {re.sub(r"([A-Z])", lambda letter: "_" + letter[1].lower(), key): one for key, one in value.items()}
    if name in _GEOGRAPHY:
        criterion = str(row.get("country_criterion_id") or "")
        return {"country": country_of(criterion) or criterion} if criterion else {}
    if name in _CRITERIA:
        return {
            short: _written(short, str(row[long].get("type") or ""))
            for long, short in (("age_range", "age"), ("gender", "gender"))
            if isinstance(row.get(long), dict)
        }
    return _of_view(name, row)


def _of_view(name: str, row: Mapping[str, Any]) -> dict[str, str]:
    """Age or gender of a view or criterion that stands by itself, by its type or by Google's own id of it."""
    short, ids = {
        "age_range": ("age", _AGE_IDS),
        "age_range_view": ("age", _AGE_IDS),
        "gender": ("gender", _GENDER_IDS),
        "gender_view": ("gender", _GENDER_IDS),
    }.get(name, ("", {}))
    if short and row.get("type"):
        return {short: _written(short, str(row["type"]))}
    known = ids.get(str(row.get("resource_name") or "").rpartition("~")[2])
    return {short: known} if known else {}


def _written(name: str, value: str) -> str:
    if name in UNKNOWN and value.lower() in _UNSAID:
        return UNKNOWN[name]
    if name == "age":
        return value.removeprefix("AGE_RANGE_").replace("_UP", "+").replace("_", "-")
    if name == "hour":
        return str(int(value[:2])) if value[:2].strip(":").isdigit() and ":" in value else value
    return value.upper() if name in ("gender", "country", "publisher", "device") else value


def country_of(constant: str) -> str | None:
    """The country (ISO 3166-1 alpha-2) that Google's geo target constant stands for: 2000 and the country's number.

    >>> country_of("2840")
    'US'
    """
    return _countries().get(constant)


@cache
def _countries() -> Mapping[str, str]:
    import pycountry

    return {str(2000 + int(country.numeric)): str(country.alpha_2) for country in pycountry.countries}
