"""Markets to judge on: made, written as exports, imported; what the product is told apart from what is true."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from marketmover.history import Panel
from marketmover.sandbox.judge.cache import Cache
from marketmover.sandbox.judge.cases import Case
from marketmover.sandbox.judge.evening import cost_of_evening_out
from marketmover.sandbox.market import Market

WINDOW_DAYS = 28
"""Advice is for the four weeks after the history."""

_TRUTH = (
    "sandbox/models",
    *(
        f"sandbox/{name}.py"
        for name in ("calibration", "countries", "ledger", "lines", "market", "service", "truth", "words", "world")
    ),
)
_SEARCH = (*_TRUTH, "sandbox/judge/markets.py", "sandbox/judge/evening.py")
_EXPORTS = (*_TRUTH, "sandbox/exports", "sandbox/history.py", "history")


@dataclass(frozen=True)
class Best:
    """What could be had with the money that the status quo spends.

    Attributes:
        total: What the status quo is expected to spend over the plan's days. Where a line cannot spend its budget, that
            is less than the budgets come to: advice earns nothing by spending what the manager would not have spent.
        budgets: The best constant split by objective, daily by line.
        evening_cost: The share of the best outcome in the main metric that it costs at least to make that outcome as
            dear on one platform as on the other; `None` where that cannot be done.
    """

    total: float
    budgets: dict[str, dict[str, float]]
    evening_cost: float | None


@dataclass(frozen=True)
class Trial:
    """A market to advise on: which one, the truth, what the exports tell, and what could be had."""

    case: Case
    market: Market
    panel: Panel
    best: Best

    @property
    def start(self) -> date:
        """First day of the plan."""
        return self.market.last_date + timedelta(1)

    @property
    def end(self) -> date:
        """Last day of the plan."""
        return self.market.last_date + timedelta(WINDOW_DAYS)

    @property
    def total(self) -> float:
        """What may be spent over the plan's days, to the cent."""
        return round(self.best.total, 2)


def objectives_of(market: Market, asked: Sequence[str] = ()) -> tuple[str, ...]:
    """What advice is asked for: what was `asked` for and is counted, else the main metric and qualified leads."""
    usual = (market.main_metric, "qualified_leads")
    return tuple(metric for metric in asked or usual if metric in market.metrics)


def prepare(case: Case, cache: Cache, asked: Sequence[str] = ()) -> Trial:
    """Make the market of a case, import its exports, and find what could be had under each objective."""
    market = cache.kept(f"truth-{case.name}", _TRUTH, lambda: _made(case))
    wanted = objectives_of(market, asked)
    best = cache.kept("-".join(("best", case.name, *asked)), _SEARCH, lambda: _best(market, wanted))
    panel = cache.kept(f"panel-{case.name}", _EXPORTS, lambda: imported(market))
    return Trial(case, market, panel, best)


def _made(case: Case) -> Market:
    from marketmover.sandbox.service import create_market

    return create_market(case.lines, case.days, case.seed, case.family, case.manager)


def _best(market: Market, objectives: Sequence[str]) -> Best:
    start, end = market.last_date + timedelta(1), market.last_date + timedelta(WINDOW_DAYS)
    total = market.evaluate(market.status_quo(), start, end).total("cost")
    daily = total / WINDOW_DAYS
    best = {metric: market.optimum(daily, start, end, metric)[0] for metric in objectives}
    return Best(total, best, cost_of_evening_out(market, daily, start, end))


def imported(market: Market) -> Panel:
    """What the product knows of a market: its exports, imported on its last day."""
    from marketmover.history import import_history, load_panel
    from marketmover.sandbox.history import write_history
    from marketmover.store import Stores

    with tempfile.TemporaryDirectory(prefix="marketmover-judge-") as folder:
        exports = Path(folder) / "history"
        write_history(market, exports)
        stores = Stores(Path(folder), {})
        try:
            now = datetime.combine(market.last_date, datetime.min.time(), UTC)
            import_history(stores.lake, exports, now=now, as_of=market.last_date, progress=_quiet)
            return load_panel(stores.lake, as_of=market.last_date)
        finally:
            stores.close()


def _quiet(_share: float, _step: str) -> None:
    """Nobody watches the import here."""
