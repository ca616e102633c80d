"""Which groups a brief asks for, and how groups are called."""

import re

from marketmover.plans import Audience

AGES = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
GENDERS = ("FEMALE", "MALE")
UNKNOWN = frozenset({"unknown", "UNKNOWN"})
_PEOPLE = {"FEMALE": "women", "MALE": "men", "UNKNOWN": "people of unknown gender", "unknown": "people of unknown age"}
_OLDEST = 120
_AGE = re.compile(r"(\d+)(?:-(\d+)|\+)?")


def asks_for(audience: Audience, by: str, value: str) -> bool | None:
    """Whether the brief asks for a group; `None` where it asks for nobody in particular, or nobody can tell."""
    if value in UNKNOWN:
        return None
    if by == "gender":
        return value in audience.genders if audience.genders else None
    if by == "country":
        return value in audience.countries if audience.countries else None
    if by == "age" and (audience.age_min is not None or audience.age_max is not None):
        ages = _AGE.fullmatch(value)
        if not ages:
            return None
        low, high = int(ages[1]), int(ages[2] or (_OLDEST if value.endswith("+") else ages[1]))
        return low <= (audience.age_max or _OLDEST) and high >= (audience.age_min or 0)
    if by == "region" and audience.places and not value.startswith("geoTargetConstants"):
        return any(value.casefold() == place.casefold() for place in audience.places) or None
    return None


def expected_groups(audience: Audience, by: str) -> tuple[str, ...]:
    """Groups that the brief asks for, seen in the data or not."""
    known = {"age": AGES, "gender": GENDERS, "country": tuple(audience.countries)}.get(by, ())
    return tuple(value for value in known if asks_for(audience, by, value))


def group_name(by: str, value: str) -> str:
    """A group as people say it: `women`, `people aged 25 to 34`, `Germany`."""
    if value in _PEOPLE:
        return _PEOPLE[value]
    if by == "age":
        ends = _AGE.fullmatch(value)
        if not ends:
            return value
        return f"people aged {ends[1]} to {ends[2]}" if ends[2] else f"people aged {ends[1]} and over"
    if by == "country":
        from babel import Locale

        return str(Locale.parse("en").territories.get(value, value))
    place = value.rpartition("geoTargetConstants/")[2]
    return f"Google's place {place}" if place != value else value
