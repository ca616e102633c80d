"""A live window as it is asked for on the command line."""

from collections.abc import Callable
from pathlib import Path

from marketmover.errors import UsageError
from marketmover.sandbox.live.engine import Live
from marketmover.sandbox.live.plans import InForce, read_plan
from marketmover.sandbox.live.start import DAYS, MOST_DAYS, start_live
from marketmover.sandbox.market import Market
from marketmover.sandbox.truth_files import load_market


def ask_for(
    folder: Path, plan: Path | None, days: int | None, troubles: str | None, seed: int, *, shock: bool
) -> tuple[Live, int]:
    """A window, and how many of its days are wanted.

    The window is as long as the plan, else 28 days, or longer where more days are wanted: what happens in it depends on
    its length, so that a first week asked for alone is the first week of the whole.

    Raises:
        UsageError: A value is not one of those that there are.
        NotFoundError, InputError: The history's truth or the plan cannot be read.
    """
    if days is not None and days > MOST_DAYS:
        raise UsageError(f"--days {days} is more than the {MOST_DAYS} that a window can have.")
    live = asking_for(folder, plan, troubles, seed, shock=shock, at_least=days or 1)()
    return live, days or live.world.days


def asking_for(
    folder: Path, plan: Path | None, troubles: str | None, seed: int, *, shock: bool, at_least: int = 1
) -> Callable[[], Live]:
    """Begins the same window as often as it is called; raises as `ask_for`."""
    count = read_count(troubles)
    if shock and count is not None:
        raise UsageError("--shock and --troubles exclude each other.", "Give one of them.")
    market = load_market(folder)
    runs = read_plan(plan) if plan is not None else _status_quo(market)
    usual = (runs.last - runs.first).days + 1 if runs.first and runs.last else DAYS
    return lambda: start_live(market, runs, days=max(usual, at_least), seed=seed, troubles=count, shock=shock)


def _status_quo(market: Market) -> InForce:
    """The last 28 days' budgets, in cents."""
    return InForce({line: round(amount, 2) for line, amount in market.status_quo().items()})


def read_count(text: str | None) -> int | None:
    """How many troubles: as asked, none, or `None` for as usual.

    Raises:
        UsageError: The text says neither.
    """
    if text is None:
        return None
    if text.strip().lower() == "none":
        return 0
    if not text.strip().isdecimal() or int(text) > 50:
        raise UsageError(f"--troubles {text} is no count.", "Write a number up to 50, or none.")
    return int(text)
