"""Google Ads by its official SDK: exports pulled, plans published; `connector` is what the app finds."""

from marketmover.connectors.google_ads.connecting import GoogleConnector

__all__ = ["GoogleConnector", "connector"]

connector = GoogleConnector()
"""Named as an entry point, `marketmover.ad_platforms`."""
