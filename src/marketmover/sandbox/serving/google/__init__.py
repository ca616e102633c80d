"""The Google Ads API over a simulated account: gRPC with TLS, for the official SDK as it is."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.sandbox.serving.google.server import GoogleServer, start
else:
    __getattr__, __dir__ = on_demand(__name__, {"GoogleServer": "server", "start": "server"})

__all__ = ["GoogleServer", "start"]
