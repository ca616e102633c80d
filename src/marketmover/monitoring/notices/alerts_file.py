"""`alerts.json` as `marketmover monitor` wrote it, or anything else that keeps to the contract (plan)."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from marketmover.errors import InputError, NotFoundError
from marketmover.kit import LineId, counted
from marketmover.plans import PLATFORM_NAMES

if TYPE_CHECKING:
    from marketmover.monitoring.alerts import Alert

_WHO = re.compile(r"(.+?): (?=since |from |at this rate )")
_REMEDY = "Write it with: marketmover monitor ... --out alerts.json"


@dataclass(frozen=True)
class AlertsFile:
    """What a file of alerts holds.

    Attributes:
        source: Where it came from; a later file of the same source that lacks an alert takes it back.
        alerts: As they stand, earliest found first.
        first: The first day that was watched; `None` where the file does not say, and then nothing is taken back.
        as_of: The last one.
        currency: Of all money in it.
        simulated: Whether the data are the sandbox's.
    """

    source: str
    alerts: "tuple[Alert, ...]"
    first: date | None
    as_of: date
    currency: str
    simulated: bool


def read_alerts(path: Path, source: str = "") -> AlertsFile:
    """Read and check a file of alerts.

    Args:
        path: The file.
        source: What it is of; by default the file's own path.

    Raises:
        NotFoundError: It is not there.
        InputError: It is no file of alerts; the place is named.
    """
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.", _REMEDY) from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", _REMEDY) from error
    except ValueError as error:
        raise InputError(f"{path} is not JSON: {error}.", _REMEDY) from error
    return alerts_of(found, str(path), source or str(path.resolve()))


def alerts_of(found: Any, place: str, source: str) -> AlertsFile:
    """Check what a file of alerts holds, as `WatchReport.to_json` gives it.

    Args:
        found: The JSON.
        place: What errors name.
        source: As in `AlertsFile`.

    Raises:
        InputError: It is none.
    """
    if not isinstance(found, dict) or not isinstance(found.get("alerts"), list):
        raise InputError(f"{place} has no list of alerts.", _REMEDY)
    said = cast("dict[str, Any]", found)
    try:
        first = date.fromisoformat(said["first"]) if said.get("first") else None
        as_of = date.fromisoformat(said["as_of"]) if said.get("as_of") else None
    except (TypeError, ValueError) as error:
        raise InputError(f"{place}: `first` or `as_of` is no day.", _REMEDY) from error
    alerts = sorted(
        (_alert(one, f"{place}, alert {number}", as_of) for number, one in enumerate(said["alerts"], start=1)),
        key=lambda one: (one.detected_on, one.line_ids),
    )
    last = as_of or date.fromisoformat(max((one.updated_on for one in alerts), default="1970-01-01"))
    currency = str(said.get("currency") or "")
    return AlertsFile(source, tuple(alerts), first, last, currency, bool(said.get("simulated")))


def _alert(found: Any, place: str, as_of: date | None) -> "Alert":
    from marketmover.monitoring.alerts import Alert

    if not isinstance(found, dict):
        raise InputError(f"{place} is no alert.", _REMEDY)
    said = _completed(cast("dict[str, Any]", found), as_of)
    try:
        alert = Alert.model_validate(said)
        for day in (alert.detected_on, alert.since, alert.updated_on, alert.resolved_on or alert.since):
            date.fromisoformat(day)
    except ValidationError as error:
        where = ".".join(map(str, error.errors()[0]["loc"]))
        raise InputError(f"{place}: `{where}` cannot be used: {error.errors()[0]['msg']}.", _REMEDY) from error
    except ValueError as error:
        raise InputError(f"{place} has a day that is none: {error}.", _REMEDY) from error
    return alert


def _completed(said: Mapping[str, Any], as_of: date | None) -> dict[str, Any]:
    """With what the contract does not ask for: lines from the ids, days from the first one; without its evidence."""
    lines = said.get("line_ids") or _lines(said)
    expected, observed = said.get("expected"), said.get("observed")
    mid = cast("dict[str, Any]", expected).get("mid") if isinstance(expected, dict) else None
    rose = isinstance(observed, int | float) and isinstance(mid, int | float) and observed >= mid
    defaults = {
        "line_ids": lines,
        "campaign_id": None,
        "ad_group_id": None,
        "direction": "up" if rose else "down",
        "money_at_risk": 0.0,
        "money_lost": 0.0,
        "since": said.get("detected_on"),
        "updated_on": said.get("resolved_on") or (as_of.isoformat() if as_of else said.get("detected_on")),
        "who": _who(said, lines),
        "recommendations": [],
    }
    cause = said.get("cause")
    plain = {"split_of": "cost_per_conversion", "share": {}, **cause} if isinstance(cause, dict) else cause
    kept = {key: value for key, value in said.items() if key != "evidence"}
    return {**defaults, **kept, "cause": plain, "who": said.get("who") or defaults["who"]}


def _lines(said: Mapping[str, Any]) -> list[str]:
    if said.get("campaign_id"):
        group = said.get("ad_group_id")
        return [str(LineId(str(said.get("platform")), str(said["campaign_id"]), str(group) if group else None))]
    named = [one.get("line_id") for one in said.get("recommendations") or () if isinstance(one, dict)]
    return [str(one) for one in named if one]


def _who(said: Mapping[str, Any], lines: list[str]) -> str:
    """What the words begin with, else the ids."""
    found = _WHO.match(str(said.get("words") or ""))
    if found:
        return found[1]
    platform = str(said.get("platform"))
    of_whom = f" of {PLATFORM_NAMES.get(platform, platform)}"
    return f"Line {lines[0]}" if len(lines) == 1 else f"{counted(len(lines), 'line') if lines else 'All'}{of_whom}"
