"""A language model behind any OpenAI-compatible endpoint, asked for an answer in a form; optional, off by default.

`ChatClient` asks, `Endpoint` says whom. What it is sent leaves the machine unless the endpoint runs on it: mask first.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.language.chat.client import ChatClient
    from marketmover.language.chat.endpoint import Endpoint
    from marketmover.language.chat.failures import ChatError
    from marketmover.language.chat.spending import Prices, Reservation, Spending
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "ChatClient": "client",
            "ChatError": "failures",
            "Endpoint": "endpoint",
            "Prices": "spending",
            "Reservation": "spending",
            "Spending": "spending",
        },
    )

__all__ = ["ChatClient", "ChatError", "Endpoint", "Prices", "Reservation", "Spending"]
