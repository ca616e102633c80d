"""Compose a plan from a history and a brief: dates, money, lines, split, expectations, reasons, risks."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.compose.service import Materials, compose
else:
    __getattr__, __dir__ = on_demand(__name__, {"Materials": "service", "compose": "service"})

__all__ = ["Materials", "compose"]
