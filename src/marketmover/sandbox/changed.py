"""A market in which lines run with other parameters, or new lines run: what a plan beyond the split would earn."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from marketmover.errors import UsageError
from marketmover.sandbox.asked import PlanLine, asked_of
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.parameters import Effects, Parameters, meaning_of
from marketmover.sandbox.models.spells import factors, parameters_on
from marketmover.sandbox.new_lines import with_new_lines
from marketmover.sandbox.truth import Truth

CHANGEABLE = ("ad_type", "bidding", "audience", "creative")
"""What of a plan's line is a parameter."""


def with_changes(market: Market, lines: Iterable[PlanLine]) -> Market:
    """The market in which `lines` run as a plan asks from the day after the history on.

    Its `evaluate` and `optimum` then tell what that is worth; budgets are no part of the change. What parameters do
    works through yield, room and the rate of qualification. Other people or bidding start a learning phase, and a new
    message or form is a new creative. `schedule` and countries do nothing, nor, but in live windows, do targets.

    Args:
        market: The market; it stays as it is.
        lines: Lines in the form of `plan.json` (`id`, `ad_type`, `bidding`, `audience`, `creative`); keys that are left
            out or null keep what is. A line with `is_new`, or whose id is not known and has `new` as its second part,
            is added, and can then be given money under its id.

    Raises:
        UsageError: A line is not known, named twice, or cannot be what is asked.
    """
    asked = list(lines)
    names = [str(line.get("id")) for line in asked]
    if len(set(names)) < len(names):
        raise UsageError(f"A line is named twice: {max(names, key=names.count)}.")
    new = [line for line in asked if _is_new(line)]
    truth, places = market.truth, dict(zip(market.line_ids, market.enabled, strict=True))
    for line in asked:
        if _is_new(line):
            continue
        if line.get("id") not in places:
            raise UsageError(f"The sandbox has no running line '{line.get('id')}'.", "See `market.line_ids`.")
        place = int(places[line["id"]])
        now, asked = _now(market, place), asked_of(market, place, line)
        truth = changed_from(truth, market.effects, place, (now, asked), market.setting.days)
    changed = replace(market, truth=truth)
    return with_new_lines(changed, new) if new else changed


def _is_new(line: PlanLine) -> bool:
    return bool(line.get("is_new")) or str(line.get("id")).split(":")[1:2] == ["new"]


def single_changes(market: Market, lines: Iterable[PlanLine]) -> list[PlanLine]:
    """Each single thing that a plan would change about a line that runs, as a line of its own for `with_changes`.

    A line has at most one for each of `ad_type`, `bidding`, `audience` and `creative`; what asks for nothing new gives
    none, nor do new lines. In the plan's order.

    Raises:
        UsageError: As `with_changes`.
    """
    places = dict(zip(market.line_ids, market.enabled, strict=True))
    singles = [
        (int(places[line["id"]]), {"id": line["id"], key: line[key]})
        for line in lines
        if line.get("id") in places
        for key in CHANGEABLE
        if line.get(key)
    ]
    return [single for place, single in singles if asked_of(market, place, single) != _now(market, place)]


def _now(market: Market, place: int) -> Parameters:
    return parameters_on(market.lines[place], market.setting.days - 1)


def changed_from(
    truth: Truth, effects: Effects, place: int, change: tuple[Parameters, Parameters], after: int
) -> Truth:
    """The truth with one line's parameters changed, from what they are to what is asked, from the day `after` on."""
    now, asked = change
    if asked == now:
        return truth
    plain = float(truth.plain_yields[place])
    was, will = (meaning_of(one, effects, plain) for one in (now, asked))
    paths = {name: getattr(truth, name).copy() for name in ("appeal", "room", "merit", "retargeted", "refresh")}
    found = factors(was, will, float(truth.qualification[place]))
    for name, factor in zip(("appeal", "room", "merit"), found, strict=True):
        paths[name][place, after:] *= factor
    paths["retargeted"][place, after] |= asked._replace(messages=now.messages) != now
    paths["refresh"][place, after] |= (asked.messages, asked.ad_type) != (now.messages, now.ad_type)
    return replace(truth, **{name: np.asarray(path) for name, path in paths.items()})
