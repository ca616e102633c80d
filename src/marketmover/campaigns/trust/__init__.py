"""Which models decide in a workspace, and how far each can be trusted: proof, calibration, and the one in use.

`models_of` and `model_of` tell; `use_version` changes which one is in use. Nothing here fits or judges: it reads what
backtests, comparisons and trainings kept, and what the shipped benchmarks measured.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.trust.service import model_of, models_of
    from marketmover.campaigns.trust.using import use_version
else:
    __getattr__, __dir__ = on_demand(
        __name__, {"model_of": "service", "models_of": "service", "use_version": "using"}
    )  # fmt: skip

__all__ = ["model_of", "models_of", "use_version"]
