"""What the entry point of the Google Ads connector offers."""

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from marketmover.connectors.google_ads.session import NEEDS, GoogleSession

if TYPE_CHECKING:
    from marketmover.connectors.google_ads.publishing import GoogleAds
    from marketmover.connectors.google_ads.pulling import GoogleExports
    from marketmover.history.pulls.source import SourceAccount


class GoogleConnector:
    """Connections to Google Ads accounts, from credentials by name (`customer_id`, `developer_token`, ...).

    Args:
        pause: Waits so many seconds before a read is tried again; by default a hundredth of them on simulated accounts.
    """

    needs = NEEDS

    def __init__(self, pause: Callable[[float], object] | None = None) -> None:
        self._pause = pause

    def exports(self, credentials: Mapping[str, str]) -> "GoogleExports":
        """The account as a source of exports; nothing is opened before the first call."""
        from marketmover.connectors.google_ads.pulling import GoogleExports

        return GoogleExports(self._session(credentials), credentials.get("clock"))

    def platform(self, credentials: Mapping[str, str]) -> "GoogleAds":
        """The account as a place to publish to; nothing is opened before the first call."""
        from marketmover.connectors.google_ads.publishing import GoogleAds

        return GoogleAds(self._session(credentials), credentials.get("clock"))

    def check(self, credentials: Mapping[str, str]) -> "SourceAccount":
        """The account that these credentials reach.

        Raises:
            PlatformError: They reach none.
        """
        exports = self.exports(credentials)
        try:
            return exports.account()
        finally:
            exports.close()

    def _session(self, credentials: Mapping[str, str]) -> GoogleSession:
        usual = _simulated_pause if credentials.get("clock") else time.sleep
        return GoogleSession(credentials, pause=self._pause or usual)


def _simulated_pause(seconds: float) -> None:
    """A simulated account is not tired by calls: what it asks to wait for is waited for a hundredth as long."""
    time.sleep(seconds / 100.0)
