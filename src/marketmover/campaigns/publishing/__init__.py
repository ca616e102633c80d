"""A plan put on the platforms, step by step, never twice, and taken back."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.publishing.approving import approve
else:
    __getattr__, __dir__ = on_demand(__name__, {"approve": "approving"})

__all__ = ["approve"]
