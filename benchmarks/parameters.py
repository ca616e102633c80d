"""Settings that plans change, held against the truth of simulated markets in which parameters have effects.

`python -m benchmarks.parameters [--seeds A-B] [--lines N] [--days N] [--cache DIR]`. Each market is planned twice for
qualified leads: with settings kept, and with settings advised. What the changes earn is the second plan under its own
settings over the first, in expected truth; each change is also scored alone, at the plan's budgets. Trials are run by
chance on the truth of the plan's dates, and what they show is held against what the plan said they would.
"""

import argparse
import pickle
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import Figure, print_figures
from marketmover.budget import fit_response
from marketmover.campaigns.compose import Materials, compose
from marketmover.campaigns.parameters import Details
from marketmover.history import (
    history_note,
    import_history,
    load_creatives,
    load_panel,
    load_parts,
    load_setting_changes,
)
from marketmover.plans import Brief, BriefBudget, Limits, Plan, Trial
from marketmover.sandbox import Market, create_market, single_changes, with_changes, write_history
from marketmover.sandbox.judge import read_seeds
from marketmover.store import Stores

_DAYS = 28
_GOAL = "qualified_leads"
_SEEDS = "221-240"


@dataclass(frozen=True)
class Outcome:
    """What one market's plan earned by its changes.

    Attributes:
        added: Qualified leads of the plan with changed settings over those of the best split alone, less 1.
        promised: The same as the plan expected it.
        changes: Of each proposed change: true gain of its line, and what the plan promised.
        trials: Of each trial: what it showed less the truth, over the standard error that the plan named.
    """

    added: float
    promised: float
    changes: list[tuple[float, float]]
    trials: list[float]


def run(seeds: range | None = None, lines: int = 16, days: int = 730, cache: Path | None = None) -> list[Figure]:
    """Score every market that sells for leads, telling each as it is done."""
    told: list[Outcome] = []
    for seed in seeds or read_seeds(_SEEDS):
        market = create_market(lines, days, seed)
        if _GOAL in market.metrics:
            told.append(_scored(market, seed, _materials(market, seed, cache)))
    return _figures(told)


def _materials(market: Market, seed: int, cache: Path | None) -> Materials:
    """What the product knows of a market: its exports, imported on its last day."""
    kept = None if cache is None else cache / f"parameters-{seed}-{len(market.lines)}x{market.setting.days}.pickle"
    if kept is not None and kept.exists():
        return pickle.loads(kept.read_bytes())  # noqa: S301 - written by this benchmark
    with tempfile.TemporaryDirectory(prefix="marketmover-parameters-") as folder:
        write_history(market, Path(folder) / "history")
        stores = Stores(Path(folder), {})
        try:
            now = datetime.combine(market.last_date, datetime.min.time(), UTC)
            import_history(
                stores.lake, Path(folder) / "history", now=now, as_of=market.last_date, progress=lambda *_: None
            )
            panel, ads = load_panel(stores.lake, as_of=market.last_date), load_creatives(stores.lake)
            parts = load_parts(stores.lake, panel, kinds=("ad", "breakdown"))
            details = Details(ads, parts, load_setting_changes(stores.lake, panel))
            found = Materials(panel, history_note(stores.lake, panel=panel), market.last_date, ads, details=details)
        finally:
            stores.close()
    if kept is not None:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps(found))
    return found


def _scored(market: Market, seed: int, materials: Materials) -> Outcome:
    start, end = market.last_date + timedelta(1), market.last_date + timedelta(_DAYS)
    total = round(market.evaluate(market.status_quo(), start, end).total("cost"), 2)
    money = BriefBudget(amount=total, currency=materials.panel.currency)
    brief = Brief(objective="leads", outcome=_GOAL, budget=money, start_date=start, end_date=end, duration_days=_DAYS)
    fitted = fit_response(materials.panel, start, end, seed=0)
    kept, advised = (
        compose(brief, materials, limits=Limits(settings=how), learn=lambda *_, **__: fitted)
        for how in ("keep", "advise")
    )
    changed = {line.id for line in advised.lines if line.changes}
    asked = [line.model_dump(mode="json") for line in advised.lines if line.id in changed]
    alone, with_settings = _earned(market, kept), _earned(with_changes(market, asked), advised)
    changes = [_change(market, advised, one) for one in single_changes(market, asked)]
    trials = advised.exploration.trials if advised.exploration else []
    told = Outcome(
        with_settings / alone - 1.0,
        advised.settings.gain.mid if advised.settings and advised.settings.gain else 0.0,
        changes,
        [_tried(market, advised, trial, seed) for trial in trials],
    )
    better = sum(true > 0 for true, _ in changes)
    print(
        f"{seed}: changes add {told.added:+.1%} ({told.promised:+.1%} promised); {better} of {len(changes)} for the "
        f"better; {len(trials)} trials",
        flush=True,
    )
    return told


def _daily(plan: Plan, market: Market) -> dict[str, float]:
    known = set(market.line_ids)
    return {line.id: line.budget / _DAYS for line in plan.lines if line.id in known}


def _earned(market: Market, plan: Plan) -> float:
    return market.evaluate(_daily(plan, market), plan.start_date, plan.end_date).total(_GOAL)


def _gain(market: Market, plan: Plan, asked: Mapping[str, Any], metric: str) -> float:
    """What one change does to its line's outcome at the plan's budgets."""
    daily, line = _daily(plan, market), str(asked["id"])
    after, before = (
        one.evaluate(daily, plan.start_date, plan.end_date).line(line, metric)
        for one in (with_changes(market, [asked]), market)
    )
    return after / max(before, 1e-9) - 1.0


def _change(market: Market, plan: Plan, asked: Mapping[str, Any]) -> tuple[float, float]:
    line = next(one for one in plan.lines if one.id == asked["id"])
    parameter = next(name for key, name in _NAMES.items() if key in asked)
    promised = [one.gain.mid for one in line.changes if one.parameter == parameter]
    return _gain(market, plan, asked, _GOAL), promised[0] if promised else 0.0


_NAMES = {"ad_type": "ad_type", "creative": "message", "audience": "audience", "bidding": "bidding"}


def _tried(market: Market, plan: Plan, trial: Trial, seed: int) -> float:
    """A trial run by chance: both settings at once, each on its share of the line's budget; its error in its own units.

    The sandbox runs a line in one way only, so what each arm counts is drawn from what the whole line would bring under
    its setting, times the arm's share.
    """
    asked = {"id": trial.line_id, **trial.setting}
    daily, start, end = _daily(plan, market), plan.start_date, plan.end_date
    counted = [
        one.evaluate(daily, start, end).line(trial.line_id, "leads") for one in (market, with_changes(market, [asked]))
    ]
    rng = np.random.default_rng([seed, *trial.line_id.encode()])
    shares = np.array([1.0 - trial.share, trial.share])
    drawn = rng.poisson(np.array(counted) * shares) + 0.5
    shown = np.log(drawn[1] / drawn[0]) - np.log(shares[1] / shares[0])
    return float((shown - np.log(counted[1] / max(counted[0], 1e-9))) / trial.known_to)


def _figures(told: list[Outcome]) -> list[Figure]:
    added = [one.added for one in told]
    changes = [change for one in told for change in one.changes]
    trials = [trial for one in told for trial in one.trials]
    better = float(np.mean([true > 0 for true, _ in changes])) if changes else 0.0
    within = float(np.mean(np.abs(trials) <= 1.2816)) if trials else 0.0
    median = float(np.median(added))
    return [
        Figure(f"qualified leads beyond the split, median ({len(told)})", f"{median:+.1%}", "≥ +5%", median >= 0.05),
        Figure("the same, worst market", f"{min(added):+.1%}", "", None),
        Figure("the same as the plans promised, median", f"{np.median([one.promised for one in told]):+.1%}", "", None),
        Figure(f"changes that are for the better ({len(changes)})", f"{better:.0%}", "≥ 80%", better >= 0.8),
        Figure("true gain of a changed line, mean", f"{np.mean([true for true, _ in changes]):+.1%}", "", None),
        Figure("the same as promised, mean", f"{np.mean([said for _, said in changes]):+.1%}", "", None),
        Figure(f"trials that showed the truth within their range ({len(trials)})", f"{within:.0%}", "80% meant"),
    ]  # fmt: skip


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description="Settings that plans change, held against the truth.")
    parser.add_argument("--seeds", default=_SEEDS, help="A-B, both included")
    parser.add_argument("--lines", type=int, default=16, help="budget lines")
    parser.add_argument("--days", type=int, default=730, help="length of the histories")
    parser.add_argument("--cache", type=Path, default=None, help="folder to keep imported histories in")
    asked = parser.parse_args()
    print_figures("Settings (simulated markets)", run(read_seeds(asked.seeds), asked.lines, asked.days, asked.cache))


if __name__ == "__main__":
    main()
