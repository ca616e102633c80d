"""What the entry point of the Meta Ads connector offers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketmover.connectors.meta_ads.publishing import MetaAds
    from marketmover.connectors.meta_ads.pulling import MetaExports
    from marketmover.history.pulls.source import SourceAccount


class MetaConnector:
    """Connections to Meta ad accounts, from credentials by name.

    Credentials hold `account_id` (with or without `act_`) and `access_token`; they may hold `app_id` and `app_secret`
    (each call is then signed), and for a simulated account `url` and `clock`.
    """

    needs = ("account_id", "access_token")

    def exports(self, credentials: Mapping[str, str]) -> "MetaExports":
        """The account as a source of exports; nothing is opened before the first call."""
        from marketmover.connectors.meta_ads.pulling import MetaExports
        from marketmover.connectors.meta_ads.session import MetaSession

        return MetaExports(MetaSession(credentials))

    def platform(self, credentials: Mapping[str, str]) -> "MetaAds":
        """The account as a place to publish to; nothing is opened before the first call."""
        from marketmover.connectors.meta_ads.publishing import MetaAds
        from marketmover.connectors.meta_ads.session import MetaSession

        return MetaAds(MetaSession(credentials))

    def check(self, credentials: Mapping[str, str]) -> "SourceAccount":
        """The account that these credentials reach.

        Raises:
            PlatformError: They reach none, or may not manage ads in it.
        """
        exports = self.exports(credentials)
        try:
            return exports.account()
        finally:
            exports.close()
