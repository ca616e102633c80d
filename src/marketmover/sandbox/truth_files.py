"""The truth on disk, `truth/market.json` and `truth/arrays.npz`: a version, and all that a `Market` holds."""

import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from marketmover.errors import InputError, NotFoundError
from marketmover.sandbox.ledger import Ledger
from marketmover.sandbox.lines import Ad, Run, SimulatedLine
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.carry_over import Adstock
from marketmover.sandbox.models.learning_phase import Learning
from marketmover.sandbox.models.market_day import State
from marketmover.sandbox.truth import Truth
from marketmover.sandbox.world import Setting

TRUTH_VERSION = 3
"""Raised whenever the same arguments give another market or the form on disk changes."""

_Holder = TypeVar("_Holder", Truth, Ledger)


def save_truth(market: Market, folder: Path) -> None:
    """Write the truth of `market` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    setting = {**asdict(market.setting), "first_date": market.setting.first_date.isoformat()}
    described = {
        "simulated": True,
        "version": TRUTH_VERSION,
        "setting": setting,
        "manager": market.manager,
        "effects": market.effects,
        "lines": [asdict(line) for line in market.lines],
    }
    (folder / "market.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
    np.savez_compressed(folder / "arrays.npz", allow_pickle=False, **dict(_arrays(market)))


def load_market(folder: str | Path) -> Market:
    """Read the market whose history lies in `folder` (or whose truth does).

    Raises:
        NotFoundError: There is no truth.
        InputError: It was written by another version, or cannot be read.
    """
    root = Path(folder)
    root = root if (root / "market.json").exists() else root / "truth"
    if not (root / "market.json").exists():
        raise NotFoundError(f"{folder} holds no truth/market.json.", "Is it a folder that `sandbox create` made?")
    try:
        described = json.loads((root / "market.json").read_text(encoding="utf-8"))
        _check_version(described.get("version"), root)
        with np.load(root / "arrays.npz", allow_pickle=False) as stored:
            arrays = dict(stored)
        return _market(described, arrays)
    except (ValueError, KeyError, TypeError, OSError) as error:
        raise InputError(f"The truth in {root} cannot be read: {error}.", "Make the sandbox anew.") from error


def _check_version(version: object, root: Path) -> None:
    if version != TRUTH_VERSION:
        raise InputError(
            f"The truth in {root} has version {version}; this marketmover reads version {TRUTH_VERSION}.",
            "Make the sandbox anew with `marketmover sandbox create`.",
        )


def _arrays(market: Market) -> Iterator[tuple[str, NDArray[Any]]]:
    for prefix, holder in (("truth", market.truth), ("ledger", market.ledger)):
        for field in fields(holder):
            yield f"{prefix}.{field.name}", getattr(holder, field.name)
    stock, exposure, learning = market.states
    yield "state.first", stock.first
    yield "state.second", stock.second
    yield "state.exposure", exposure
    yield "state.unsettled", learning.unsettled
    yield "state.usual_budget", learning.usual_budget
    yield "daily_budgets", market.daily_budgets
    yield "spendable", market.spendable


def _market(described: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> Market:
    setting: dict[str, Any] = {
        **described["setting"],
        "first_date": date.fromisoformat(described["setting"]["first_date"]),
    }
    state = {name: arrays[f"state.{name}"] for name in ("first", "second", "exposure", "unsettled", "usual_budget")}
    return Market(
        setting=Setting(**setting),
        manager=described["manager"],
        lines=tuple(_line(line) for line in described["lines"]),
        truth=_holder(Truth, "truth", arrays),
        effects=described["effects"],
        daily_budgets=arrays["daily_budgets"],
        spendable=arrays["spendable"],
        states=State(
            Adstock(state["first"], state["second"]),
            state["exposure"],
            Learning(state["unsettled"], state["usual_budget"]),
        ),
        ledger=_holder(Ledger, "ledger", arrays),
    )


def _holder(kind: type[_Holder], prefix: str, arrays: dict[str, NDArray[Any]]) -> _Holder:
    return kind(**{field.name: arrays[f"{prefix}.{field.name}"] for field in fields(kind)})


def _line(stored: dict[str, Any]) -> SimulatedLine:
    values: dict[str, Any] = {name: _tuples(value) for name, value in stored.items()}
    values["ads"] = tuple(Ad(*ad) for ad in values["ads"])
    values["runs"] = tuple(Run(*run) for run in values["runs"])
    return SimulatedLine(**values)


def _tuples(value: Any) -> Any:
    """Lists, and lists in them, as tuples."""
    return tuple(_tuples(one) for one in cast("list[Any]", value)) if isinstance(value, list) else value
