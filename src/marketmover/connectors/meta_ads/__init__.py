"""Meta Ads by its official SDK: exports pulled, plans published; `connector` is what the app finds."""

from marketmover.connectors.meta_ads.connecting import MetaConnector

__all__ = ["MetaConnector", "connector"]

connector = MetaConnector()
"""Named as an entry point, `marketmover.ad_platforms`."""
