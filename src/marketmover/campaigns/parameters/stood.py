"""What a line had before a change of its settings, as the platforms write changes down."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from marketmover.campaigns.parameters.settings import AGES, GENDERS, Values, ages_between, even, with_interactions
from marketmover.history import Line, SettingChange

_BIDDING = ("biddingStrategyType", "bidding_strategy_type", "bid_strategy", "bidStrategy")
_STRATEGY = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
_SPAN = re.compile(r"(\d{2})\s*(?:-|–|to)\s*(\d{2})")
_GOOGLE_AGES = dict(zip(("18_24", "25_34", "35_44", "45_54", "55_64", "65_UP"), AGES, strict=True))
_SPOKEN = {"women": ("FEMALE",), "men": ("MALE",), "all": GENDERS}


def stood_before(line: Line, values: Values, change: SettingChange) -> dict[str, dict[str, float]] | None:
    """What a line had before a change, `None` where the change says nothing of what is modelled.

    Args:
        line: The line.
        values: What it had after the change.
        change: Its values before and after, as exported.
    """
    old, new = _parsed(change.before), _parsed(change.after)
    found = {**_bidding(line, old), **_people(old), **_criterion(values, old, new)}
    if not found or all(dict(values.get(name, {})) == value for name, value in found.items()):
        return None
    return with_interactions({**values, **found})


def _bidding(line: Line, old: Any) -> dict[str, dict[str, float]]:
    strategy = next((value for name in _BIDDING if isinstance(value := _member(old, name), str)), None)
    if strategy is None and isinstance(old, str) and _STRATEGY.fullmatch(old):
        strategy = old  # Meta writes the strategy alone
    return {"bidding": {f"{line.platform} {strategy}": 1.0}} if strategy else {}


def _people(old: Any) -> dict[str, dict[str, float]]:
    """Age and gender of a Meta targeting: by its fields, or as its activity log puts them in words."""
    low, high, genders = (_member(old, name) for name in ("age_min", "age_max", "genders"))
    ages = [age if isinstance(age, int) else None for age in (low, high)]
    spoken = {str(_member(part, "content")).strip(" :").lower(): _words(part) for part in _parts(old)}
    span = _SPAN.search(spoken.get("age", ""))
    if span:
        ages = [int(age) for age in span.groups()]
    named = spoken.get("gender", "").lower()
    told = next((names for word, names in _SPOKEN.items() if named == word), None)
    if isinstance(genders, list):
        numbered = {1: "MALE", 2: "FEMALE"}
        listed = [numbered.get(one, one) for one in cast("list[Any]", genders)]
        told = tuple(name for name in GENDERS if name in listed) or GENDERS
    found: dict[str, dict[str, float]] = {}
    if any(age is not None for age in ages):
        found["age"] = even(ages_between(*ages))
    if told:
        found["gender"] = even(told)
    return found


def _criterion(values: Values, old: Any, new: Any) -> dict[str, dict[str, float]]:
    """A Google criterion of an age or a gender that was left out and let in, or the other way round."""
    named = _member(old, "type") or _member(new, "type")
    was, is_now = (_member(one, "negative") if one is not None else None for one in (old, new))
    if not isinstance(named, str) or not isinstance(was, bool) or was == is_now:
        return {}
    age = next((age for part, age in _GOOGLE_AGES.items() if named.endswith(part)), None)
    factor, value = ("age", age) if age else ("gender", named if named in GENDERS else None)
    if value is None:
        return {}
    after = set(values.get(factor, {}))
    before = after - {value} if was else after | {value}
    order = AGES if factor == "age" else GENDERS
    return {factor: even([name for name in order if name in before])} if before else {}


def _parts(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _words(part: Any) -> str:
    children = _member(part, "children")
    return " ".join(str(one) for one in cast("list[Any]", children)) if isinstance(children, list) else ""


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _member(value: Any, name: str) -> Any:
    """The first value of a key anywhere within a JSON value; text that is JSON itself is looked into."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        value = _parsed(value)
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        if name in members:
            return members[name]
        return next((found for part in members.values() if (found := _member(part, name)) is not None), None)
    if isinstance(value, list):
        return next((found for part in cast("list[Any]", value) if (found := _member(part, name)) is not None), None)
    return None
