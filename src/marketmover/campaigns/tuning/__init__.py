"""A running plan, tuned: what the live days showed, which budgets, pauses and settings to change, and what it earned.

`tune` advises, `apply_changes`, `undo` and `roll_back` keep what is in force, `effects_of` measures afterwards.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.tuning.effects import Effect, effects_of
    from marketmover.campaigns.tuning.in_force import Author, InForce, PlanBusyError, apply_changes, roll_back, undo
    from marketmover.campaigns.tuning.known import Known, load_known
    from marketmover.campaigns.tuning.service import tune
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Author": "in_force",
            "Effect": "effects",
            "InForce": "in_force",
            "Known": "known",
            "PlanBusyError": "in_force",
            "apply_changes": "in_force",
            "effects_of": "effects",
            "load_known": "known",
            "roll_back": "in_force",
            "tune": "service",
            "undo": "in_force",
        },
    )

__all__ = [
    "Author",
    "Effect",
    "InForce",
    "Known",
    "PlanBusyError",
    "apply_changes",
    "effects_of",
    "load_known",
    "roll_back",
    "tune",
    "undo",
]
