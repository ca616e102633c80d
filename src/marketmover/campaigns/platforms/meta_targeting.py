"""Whom a Meta ad set reaches, new or running, and when."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, cast
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


# Marketing API, Targeting: what these lists hold is named by plain codes; everything else is named by ids.
_BY_CODE = re.compile(
    r"countries|country_groups|location_types|genders|locales|publisher_platforms|\w+_positions|device_platforms|"
    r"user_os|user_device|excluded_user_device|excluded_publisher_categories|brand_safety_content_filter_levels|"
    r"relationship_statuses|education_statuses|effective_\w+|age_range|wireless_carrier"
)
_IDS = ("id", "key", "latitude", "address_string")
# What an export that chooses its fields (contract: history) may hold; Graph's whole answer always says more.
_CHOSEN = frozenset({
    "age_min", "age_max", "genders", "flexible_spec", "publisher_platforms", "facebook_positions",
    "instagram_positions",
})  # fmt: skip
_CHOSEN_PLACES = frozenset({"countries", "regions"})


def whole_targeting(exported: Mapping[str, Any] | None) -> tuple[Json | None, str]:
    """A running ad set's targeting where it can be sent again without losing anything, else `None` and the reason.

    Meta replaces `targeting` as a whole, so each part of it must be there, and interests, places and audiences by their
    ids: names are not taken. An export of chosen fields would hide custom audiences and exclusions; the whole answer is
    known by what nobody chooses, such as `location_types`. Source: Marketing API, Targeting.
    """
    if not exported:
        return None, "the exports do not hold it"
    if not exported.get("geo_locations"):
        return None, "its places are not exported"
    if not (set(exported) - {"geo_locations"} - _CHOSEN or set(exported["geo_locations"]) - _CHOSEN_PLACES):
        return None, "the exports may hold only a part of it (export `targeting` without choosing among its fields)"
    nameless = sorted(set(_without_ids(exported)))
    if nameless:
        return None, f"its {', '.join(nameless)} are exported without their ids"
    return dict(exported), ""


def _without_ids(spec: Mapping[str, Any]) -> Iterator[str]:
    for name, value in spec.items():
        if isinstance(value, Mapping):
            yield from _without_ids(cast("Mapping[str, Any]", value))
        elif isinstance(value, list) and not _BY_CODE.fullmatch(name):
            for item in cast("list[Any]", value):
                yield from _nameless(name, item)


def _nameless(name: str, item: Any) -> Iterator[str]:
    """The list's name where an item of it has no id; `flexible_spec` holds further lists in its items."""
    if not isinstance(item, Mapping):
        yield name
        return
    entry = cast("Mapping[str, Any]", item)
    if any(entry.get(known) is not None for known in _IDS):
        return
    if entry and all(isinstance(value, list) for value in entry.values()):
        yield from _without_ids(entry)
    else:
        yield name


def narrowed(spec: Mapping[str, Any], audience: LineAudience) -> Json | None:
    """A whole targeting narrowed to the ages and genders of a line, as limits; all else stays.

    Each ad set of a line keeps to its own ages as well: none is widened. `None` where nobody would be left.
    """
    people = _people(audience, lambda _: None)
    low = max(int(spec.get("age_min") or _YOUNGEST), people.get("age_min", _YOUNGEST))
    high = min(int(spec.get("age_max") or _OLDEST), people.get("age_max", _OLDEST))
    everyone = set(_GENDERS.values())
    today = {str(code) for code in spec.get("genders") or ()}
    own = {code for code in everyone if str(code) in today} or everyone
    genders = own & set(people.get("genders", everyone))
    if low > high or not genders:
        return None
    replaced = {"age_min", "age_max", "age_range", "genders", "targeting_automation"}
    kept = {name: value for name, value in spec.items() if name not in replaced}
    named = {} if genders == everyone else {"genders": sorted(genders)}
    limits = {"targeting_automation": {"advantage_audience": 0}}
    return {**kept, "age_min": low, "age_max": high, **named, **limits}
