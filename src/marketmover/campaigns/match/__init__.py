"""What a brief is like: past campaigns of the account, and ways of advertising that are known to suit such a job."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.match.guide import Guide
    from marketmover.campaigns.match.likeness import Match
    from marketmover.campaigns.match.service import match_campaigns, similar_campaigns
    from marketmover.campaigns.match.strategies import Account, Strategist, Strategy, catalogue
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Account": "strategies",
            "Guide": "guide",
            "Match": "likeness",
            "Strategist": "strategies",
            "Strategy": "strategies",
            "catalogue": "strategies",
            "match_campaigns": "service",
            "similar_campaigns": "service",
        },
    )

__all__ = [
    "Account",
    "Guide",
    "Match",
    "Strategist",
    "Strategy",
    "catalogue",
    "match_campaigns",
    "similar_campaigns",
]
