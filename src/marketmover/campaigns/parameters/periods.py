"""Stretches of a line's past within which its settings stood: what changes of a line teach."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from marketmover.campaigns.parameters.settings import GENDERS, Values, ages_between, even, with_interactions
from marketmover.history import Line, Panel, SettingChange

_FEWEST_DAYS = 7
_BIDDING = ("biddingStrategyType", "bidding_strategy_type", "bid_strategy", "bidStrategy")


@dataclass(frozen=True)
class Period:
    """Columns `first` to before `after` of the panel's days, and what the line had then."""

    first: int
    after: int
    values: Values


def periods_of(panel: Panel, row: int, now: Values, changes: Sequence[SettingChange]) -> list[Period]:
    """The periods of one line, oldest first; its whole past where no change is known.

    Settings are walked back from today's: a change tells what stood before it.

    Args:
        panel: The history.
        row: The line's.
        now: What the line has today.
        changes: Its changes.
    """
    line, days = panel.lines[row], len(panel.dates)
    periods: list[Period] = []
    after, values = days, dict(now)
    for change in sorted(changes, key=lambda one: one.date, reverse=True):
        before = _before(line, values, change)
        first = int(np.searchsorted(panel.dates, np.datetime64(change.date)))
        if before is None or not 0 < first < after:
            continue
        periods.append(Period(first, after, values))
        after, values = first, before
    periods.append(Period(0, after, values))
    return [period for period in reversed(periods) if period.after - period.first >= _FEWEST_DAYS]


def _before(line: Line, values: Values, change: SettingChange) -> dict[str, dict[str, float]] | None:
    """What a line had before a change, `None` where the change says nothing of what is modelled."""
    old = _parsed(change.before)
    found: dict[str, dict[str, float]] = {}
    strategy = next((value for name in _BIDDING if isinstance(value := _member(old, name), str)), None)
    if strategy:
        found["bidding"] = {f"{line.platform} {strategy}": 1.0}
    found |= _people(old)
    if not found or all(dict(values.get(name, {})) == value for name, value in found.items()):
        return None
    return with_interactions({**values, **found})


def _people(old: Any) -> dict[str, dict[str, float]]:
    """Age and gender of a Meta targeting."""
    low, high, genders = (_member(old, name) for name in ("age_min", "age_max", "genders"))
    found: dict[str, dict[str, float]] = {}
    if isinstance(low, int) or isinstance(high, int):
        found["age"] = even(
            ages_between(low if isinstance(low, int) else None, high if isinstance(high, int) else None)
        )
    if isinstance(genders, list):
        numbered = {1: "MALE", 2: "FEMALE"}
        named = [numbered.get(one, one) for one in cast("list[Any]", genders)]
        found["gender"] = even([name for name in GENDERS if name in named] or GENDERS)
    return found


def _parsed(text: str | None) -> Any:
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _member(value: Any, name: str) -> Any:
    """The first value of a key anywhere within a JSON value; text that is JSON itself is looked into."""
    if isinstance(value, str) and value[:1] in "{[":
        value = _parsed(value)
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value)
        if name in members:
            return members[name]
        return next((found for part in members.values() if (found := _member(part, name)) is not None), None)
    if isinstance(value, list):
        return next((found for part in cast("list[Any]", value) if (found := _member(part, name)) is not None), None)
    return None
