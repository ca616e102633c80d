"""Who is reached and who is left out, by age, gender and place: against what they bring, and against the brief."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.fairness.service import Split, who_is_reached
else:
    __getattr__, __dir__ = on_demand(__name__, {"Split": "service", "who_is_reached": "service"})

__all__ = ["Split", "who_is_reached"]
