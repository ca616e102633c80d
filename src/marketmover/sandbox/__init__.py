"""A simulated market with known truth: histories to try things on, and what any plan would really have earned in them.

Everything here is simulated. `create_market` draws a market, `write_history` writes it as the ad platforms' own exports
with the truth beside them, `load_market` reads that truth back. `start_live` goes on from there day by day, and
`ServedAccount` stands behind the sandbox's servers.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.sandbox.changed import single_changes, with_changes
    from marketmover.sandbox.history import write_history
    from marketmover.sandbox.live.engine import Live
    from marketmover.sandbox.live.start import start_live
    from marketmover.sandbox.live.troubles import Trouble
    from marketmover.sandbox.market import Market
    from marketmover.sandbox.outcome import METRICS, Outcome
    from marketmover.sandbox.service import create_market
    from marketmover.sandbox.serving.account import ServedAccount
    from marketmover.sandbox.truth_files import load_market
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Live": "live.engine",
            "METRICS": "outcome",
            "Market": "market",
            "Outcome": "outcome",
            "ServedAccount": "serving.account",
            "Trouble": "live.troubles",
            "create_market": "service",
            "load_market": "truth_files",
            "single_changes": "changed",
            "start_live": "live.start",
            "with_changes": "changed",
            "write_history": "history",
        },
    )

__all__ = [
    "METRICS",
    "Live",
    "Market",
    "Outcome",
    "ServedAccount",
    "Trouble",
    "create_market",
    "load_market",
    "single_changes",
    "start_live",
    "with_changes",
    "write_history",
]
