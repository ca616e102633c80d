"""Markets to judge on: made, written as exports, imported; what the product is told apart from what is true."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from marketmover.history import Panel
from marketmover.sandbox.judge.cache import Cache
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.response import FAMILIES

WINDOW_DAYS = 28
"""Advice is for the four weeks after the history."""

_FAMILIES = ("mixed", *FAMILIES)


@dataclass(frozen=True)
class Case:
    """Which market: the seed, who managed it, the response family of its lines, its size."""

    seed: int
    manager: str
    family: str
    lines: int = 16
    days: int = 730

    @property
    def name(self) -> str:
        """Tells one case from another; fit for a file name."""
        return f"{self.seed}-{self.manager}-{self.family}-{self.lines}x{self.days}"


@dataclass(frozen=True)
class Best:
    """What could be had: the best constant split of the status quo's daily total, and what it earns, by objective."""

    budgets: dict[str, dict[str, float]]
    earned: dict[str, float]


@dataclass(frozen=True)
class Trial:
    """A market to advise on.

    Attributes:
        case: Which one.
        market: The truth.
        panel: What the exports tell.
        best: What could be had.
    """

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


def family_of(seed: int) -> str:
    """The family that a seed's market has where none is asked for: mixed and each pure one in turn."""
    return _FAMILIES[seed % len(_FAMILIES)]


def objectives(market: Market) -> tuple[str, ...]:
    """What advice is asked for: the market's main metric, and qualified leads where it has any."""
    return (market.main_metric, "qualified_leads") if "leads" in market.metrics else (market.main_metric,)


def prepare(case: Case, cache: Cache) -> Trial:
    """Make the market of a case, import its exports, and find what could be had."""
    made = cache.kept(f"market-{case.name}", ("sandbox",), lambda: _made(case))
    market, best = made
    panel = cache.kept(f"panel-{case.name}", ("sandbox", "history"), lambda: imported(market))
    return Trial(case, market, panel, best)


def _made(case: Case) -> tuple[Market, Best]:
    from marketmover.sandbox.service import create_market

    market = create_market(case.lines, case.days, case.seed, case.family, case.manager)
    daily = sum(market.status_quo().values())
    start, end = market.last_date + timedelta(1), market.last_date + timedelta(WINDOW_DAYS)
    found = {metric: market.optimum(daily, start, end, metric) for metric in objectives(market)}
    budgets = {metric: split for metric, (split, _) in found.items()}
    return market, Best(budgets, {metric: outcome.total(metric) for metric, (_, outcome) in found.items()})


def imported(market: Market) -> Panel:
    """What the product knows of a market: its exports, imported."""
    from marketmover.history import import_history, load_panel
    from marketmover.sandbox.history import write_history
    from marketmover.store import Stores

    with tempfile.TemporaryDirectory() as folder:
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
