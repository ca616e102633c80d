"""What each campaign type returns: by regression and by the response model side by side, net of fee and tax."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.returns.page import render_page
    from marketmover.campaigns.returns.service import Costs, read_returns, returns_by_type
else:
    __getattr__, __dir__ = on_demand(
        __name__, {"Costs": "service", "read_returns": "service", "render_page": "page", "returns_by_type": "service"}
    )

__all__ = ["Costs", "read_returns", "render_page", "returns_by_type"]
