"""A simulated market with known truth: histories to try things on, and what any plan would really have earned in them.

Everything here is simulated. `create_market` draws a market, `write_history` writes it as the ad platforms' own exports
with the truth beside them, `load_market` reads that truth back.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketmover.sandbox.history import write_history
    from marketmover.sandbox.market import Market
    from marketmover.sandbox.outcome import METRICS, Outcome
    from marketmover.sandbox.service import create_market
    from marketmover.sandbox.truth_files import load_market

__all__ = ["METRICS", "Market", "Outcome", "create_market", "load_market", "write_history"]

_HOMES = {
    "METRICS": "outcome",
    "Market": "market",
    "Outcome": "outcome",
    "create_market": "service",
    "load_market": "truth_files",
    "write_history": "history",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used, so that commands start fast."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
