"""Advice tried on the past: given on what was known on a day, judged by the weeks after, against what was really done.

`replay` does it on a lake, `run` on panels alone. The rest writes and shows what came of it.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketmover.campaigns.backtest.page import render_page
    from marketmover.campaigns.backtest.report import Backtest
    from marketmover.campaigns.backtest.service import replay, run

__all__ = ["Backtest", "render_page", "replay", "run"]

_HOMES = {"Backtest": "report", "render_page": "page", "replay": "service", "run": "service"}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used: `marketmover backtest --help` needs none of it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
