"""The truth of a live window on disk: `truth/troubles.json`, which the product never reads and the judge does."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from marketmover.errors import InputError, NotFoundError
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.events import calendar
from marketmover.sandbox.live.troubles import Benign, Trouble, trouble_of
from marketmover.sandbox.outcome import Outcome

RECORD_VERSION = 2
"""Raised whenever the form of the record changes."""


@dataclass(frozen=True)
class WindowTruth:
    """What was true of a window.

    Attributes:
        first, last: The days that were lived.
        groups: By id of every line that could run, the ids of its ad groups or ad sets.
        troubles: What went wrong in them.
        benign: What happened and was no trouble.
        idle: As `groups`, of lines that stand in the exports and did not run: they ended, or were paused throughout.
    """

    first: date
    last: date
    groups: dict[str, tuple[str, ...]]
    troubles: tuple[Trouble, ...]
    benign: tuple[Benign, ...]
    idle: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    @property
    def line_months(self) -> float:
        """Lines times months of 30 days."""
        return len(self.groups) * ((self.last - self.first).days + 1) / 30.0


def truth_of(live: Live) -> WindowTruth:
    """The truth of the days lived."""
    lines, last = live.market.lines, live.first_date.fromordinal(live.first_date.toordinal() + live.lived - 1)
    running = [int(place) for place in live.market.enabled if not live.paused[place].all()]
    groups = {lines[place].id: lines[place].group_ids for place in running}
    idle = {line.id: line.group_ids for line in lines if line.id not in groups}
    demand = live.world.truth.demand[running, live.world.at : live.world.at + live.lived]
    events = calendar(demand, list(groups), live.first_date, live.market.setting.country)
    begun = tuple(one for one in live.troubles if one.first <= last)
    return WindowTruth(live.first_date, last, groups, begun, (*events, *live.benign()), idle)


def record(live: Live) -> dict[str, Any]:
    """The truth of the days lived as JSON, with what every trouble costs."""
    truth, metric = truth_of(live), live.market.main_metric
    earned, spared = live.outcome(), live.without(live.troubles)
    return {
        "simulated": True,
        "version": RECORD_VERSION,
        "seed": live.market.setting.seed,
        "live_seed": live.seed,
        "first": truth.first.isoformat(),
        "last": truth.last.isoformat(),
        "currency": live.market.setting.currency,
        "metric": metric,
        "lines": {line: list(groups) for line, groups in truth.groups.items()},
        "idle": {line: list(groups) for line, groups in truth.idle.items()},
        "troubles": [{**one.to_json(), "cost": cost_of(live, one, earned)} for one in truth.troubles],
        "benign": [one.to_json() for one in truth.benign],
        "outcome": _totals(live, earned),
        "outcome_without_troubles": _totals(live, spared),
    }


def cost_of(live: Live, trouble: Trouble, earned: Outcome | None = None) -> dict[str, float]:
    """What a trouble costs in the days lived, under the budgets that were run.

    `lost` is expected outcome in the market's main metric, `overspent` money beyond what would have been spent (below 0
    where less was spent), `uncounted` conversions that happened and were not counted, and `money` what is lost in
    account currency: the lost outcome at what one cost without any trouble, and money overspent.
    """
    metric = live.market.main_metric
    earned, spared = earned or live.outcome(), live.without([trouble])
    price = spared.total("cost") / max(spared.total(metric), 1e-9)
    lost, more = spared.total(metric) - earned.total(metric), earned.total("cost") - spared.total("cost")
    counted = live.world.effects((trouble,)).counted
    uncounted = sum(float((flow.conversions * (1.0 - counted[:, day])).sum()) for day, flow in enumerate(live.flows))
    money = max(lost * price, 0.0) + max(more, 0.0)
    found = {"lost": lost, "overspent": more, "uncounted": uncounted, "money": money}
    return {name: round(value, 2) + 0.0 for name, value in found.items()}


def _totals(live: Live, outcome: Outcome) -> dict[str, float]:
    return {metric: round(outcome.total(metric), 2) for metric in (*live.market.metrics, "cost")}


def read_truth(folder: Path) -> WindowTruth:
    """The truth of a window that `sandbox live` wrote.

    Raises:
        NotFoundError: There is none in the folder.
        InputError: It cannot be read.
    """
    path = folder if folder.is_file() else folder / "truth" / "troubles.json"
    if not path.is_file():
        raise NotFoundError(f"{folder} holds no truth/troubles.json.", "Is it a folder that `sandbox live` wrote?")
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if told.get("version") != RECORD_VERSION:
            raise InputError(f"{path} has another version than {RECORD_VERSION}.", "Write the window anew.")
        return WindowTruth(
            date.fromisoformat(told["first"]),
            date.fromisoformat(told["last"]),
            _groups_of(told["lines"]),
            tuple(trouble_of(one) for one in told["troubles"]),
            tuple(_benign_of(one) for one in told["benign"]),
            _groups_of(told["idle"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path} cannot be read: {error}.", "Write the window anew.") from error


def _groups_of(stored: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {line: tuple(groups) for line, groups in stored.items()}


def _benign_of(stored: Mapping[str, Any]) -> Benign:
    first, last = (date.fromisoformat(stored[name]) for name in ("first", "last"))
    return Benign(stored["kind"], tuple(stored["lines"]), first, last, stored["words"])
