"""Plans for live windows: what the product composes for a market, and its folder as the product's commands read it."""

import json
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from marketmover.plans import Plan
from marketmover.sandbox.judge.advisers import Asked, compose_for
from marketmover.sandbox.judge.markets import WINDOW_DAYS, imported
from marketmover.sandbox.market import Market


def composed_plan(market: Market) -> Plan:
    """The plan that `marketmover compose` makes for the 28 days after the history, for what the status quo spends."""
    start, end = market.last_date + timedelta(1), market.last_date + timedelta(WINDOW_DAYS)
    total = market.evaluate(market.status_quo(), start, end).total("cost")
    return compose_for(Asked(imported(market), start, end, round(total, 2)), market.main_metric)


def write_plan(folder: Path, plan: Plan, state: Mapping[str, Any] | None = None) -> Path:
    """Write `plan.json`, and `state.json` where something is in force that is not in the plan."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_text(plan.model_dump_json(indent=2) + "\n", encoding="utf-8")
    if state is not None:
        (folder / "state.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")
    return folder
