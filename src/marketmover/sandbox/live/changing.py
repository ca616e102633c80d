"""Changes of a running plan, as `changes.json` names them (contract: plan)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from marketmover.errors import UsageError

ACTIONS = ("set_daily_budget", "pause", "resume", "set_bidding", "set_audience", "rotate_creative")
"""What can be done to a line."""


class Asked(NamedTuple):
    """One change: the line, what is done to it, and what it becomes."""

    line_id: str
    action: str
    to: Any


def read_change(change: Mapping[str, Any], line_ids: Sequence[str]) -> Asked:
    """A change out of `changes.json`.

    Raises:
        UsageError: The line or the action is not known, or `to` cannot be what the action asks for.
    """
    line, action, to = str(change.get("line_id")), str(change.get("action")), change.get("to")
    if line not in line_ids:
        raise UsageError(f"The sandbox has no running line '{line}'.", f"Its lines are {', '.join(line_ids)}.")
    if action not in ACTIONS:
        raise UsageError(f"{line}: the sandbox cannot do '{action}'.", f"Choose one of {', '.join(ACTIONS)}.")
    if action == "set_daily_budget":
        return Asked(line, action, _amount(line, to))
    if action == "set_bidding" and not (isinstance(to, str) or (isinstance(to, Mapping) and to.get("strategy"))):
        raise UsageError(f"{line}: set_bidding needs a strategy in `to`, not {to!r}.")
    if action == "set_audience" and not isinstance(to, Mapping):
        raise UsageError(f"{line}: set_audience needs an audience in `to`, not {to!r}.")
    if action == "rotate_creative" and not (to is None or isinstance(to, str | Mapping)):
        raise UsageError(f"{line}: rotate_creative needs a creative in `to`, or nothing, not {to!r}.")
    return Asked(line, action, to)


def _amount(line: str, to: Any) -> float:
    try:
        amount = float(to)
    except (TypeError, ValueError):
        amount = float("nan")
    if not np.isfinite(amount) or amount < 0.0 or isinstance(to, bool):
        raise UsageError(f"{line}: {to!r} is no daily budget.", "Give an amount of 0 or more.")
    return amount
