"""Compose a plan from a history and a brief: dates, money, lines, split, expectations, reasons, risks."""

from marketmover.campaigns.compose.service import Materials, compose

__all__ = ["Materials", "compose"]
