"""Compose a plan from a history and a brief: dates, money, lines, split, expectations, reasons, risks."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketmover.campaigns.compose.service import Materials, compose

__all__ = ["Materials", "compose"]


def __getattr__(name: str) -> object:
    """Import the service when it is first used: `marketmover compose --help` needs none of it."""
    if name in __all__:
        from marketmover.campaigns.compose import service

        return getattr(service, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
