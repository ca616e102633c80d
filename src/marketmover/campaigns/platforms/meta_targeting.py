"""Whom a new Meta ad set reaches, and when."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marketmover.plans import LineAudience

Json = dict[str, Any]

# Marketing API, Basic targeting: 1 is men, 2 is women; ages 18 to 65, where 65 means 65 and over.
_GENDERS = {"MALE": 1, "FEMALE": 2}
_YOUNGEST, _OLDEST = 18, 65
# Marketing API, Placement targeting.
_PLACEMENTS: dict[str, Json] = {
    "STORIES": {
        "publisher_platforms": ["facebook", "instagram"],
        "facebook_positions": ["story"],
        "instagram_positions": ["story"],
    },
    "REELS": {
        "publisher_platforms": ["facebook", "instagram"],
        "facebook_positions": ["facebook_reels"],
        "instagram_positions": ["reels"],
    },
}


def targeting(
    audience: LineAudience,
    countries: Sequence[str],
    form: str,
    interest_ids: Mapping[str, str],
    *,
    fixed_audience: bool,
    warn: Callable[[str], None],
) -> Json:
    """An ad set's `targeting`.

    Ages and genders are held to (`advantage_audience` 0): with it Meta would take them as suggestions. Source:
    Marketing API, Advantage+ audience; the flag must be said since v23.

    Args:
        audience: The line's.
        countries: ISO 3166-1 alpha-2.
        form: The line's ad type; stories and reels are placements.
        interest_ids: Meta's ids of interests by their names, where exports hold them.
        fixed_audience: Whether a special ad category forbids choosing ages and genders.
        warn: Is told in words what had to be left out.
    """
    spec: Json = {"geo_locations": {"countries": list(countries)}, "targeting_automation": {"advantage_audience": 0}}
    if fixed_audience:
        if audience.age_min or audience.age_max or audience.genders:
            warn("ages and genders are left out, since its special ad category forbids choosing them")
    else:
        spec |= _people(audience, warn)
    found = [{"id": interest_ids[name], "name": name} for name in audience.interests if name in interest_ids]
    if found:
        spec["flexible_spec"] = [{"interests": found}]
    missing = [name for name in audience.interests if name not in interest_ids]
    if missing:
        warn(f"Meta's ids of the interests {', '.join(missing)} are not known; add them, or it reaches more people")
    if audience.places:
        warn(
            f"{', '.join(audience.places)} must be looked up in Meta's list of places; until then it reaches all of it"
        )
    return spec | _PLACEMENTS.get(form, {})


def _people(audience: LineAudience, warn: Callable[[str], None]) -> Json:
    spec: Json = {}
    if audience.age_min is not None:
        spec["age_min"] = min(max(audience.age_min, _YOUNGEST), _OLDEST)
        if audience.age_min < _YOUNGEST:
            warn(f"ages from {audience.age_min} are read as from {_YOUNGEST}")
    if audience.age_max is not None:
        spec["age_max"] = min(max(audience.age_max, spec.get("age_min", _YOUNGEST)), _OLDEST)
    genders = sorted({_GENDERS[name] for name in audience.genders if name in _GENDERS})
    if len(genders) == 1:
        spec["genders"] = genders
    return spec


def schedule(start: date, end: date, time_zone: str | None) -> tuple[str, str]:
    """First and last moment of the dates in the account's time zone, ISO 8601 with its offset on that day.

    >>> schedule(date(2026, 3, 1), date(2026, 3, 31), "Europe/Berlin")
    ('2026-03-01T00:00:00+0100', '2026-03-31T23:59:59+0200')
    """
    zone = _zone(time_zone)
    first = datetime.combine(start, time.min, zone)
    last = datetime.combine(end, time(23, 59, 59), zone)
    return first.strftime("%Y-%m-%dT%H:%M:%S%z"), last.strftime("%Y-%m-%dT%H:%M:%S%z")


def _zone(name: str | None) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def knows_zone(name: str | None) -> bool:
    """Whether a time zone of this name exists."""
    return name is not None and (name == "UTC" or _zone(name).key != "UTC")
