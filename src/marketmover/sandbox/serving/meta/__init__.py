"""Meta's Graph API over a simulated account: insights, campaigns, ad sets, creatives, ads, reports, refusals."""

from marketmover.sandbox.serving.meta.graph import MetaGraph

__all__ = ["MetaGraph"]
