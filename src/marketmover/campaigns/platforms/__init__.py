"""What the ad platforms are sent: the plan as Google Ads and Meta requests, and the words that its lines show.

Pure functions over a plan and what is known of its lines; nothing is sent here.
"""

from marketmover.campaigns.platforms.creatives import CreativeChoice, choose_creative, creative_of
from marketmover.campaigns.platforms.google import google_request
from marketmover.campaigns.platforms.google_changes import GoogleLineChange, GoogleLineNow, google_changes
from marketmover.campaigns.platforms.meta import MetaAccount, meta_operations
from marketmover.campaigns.platforms.meta_goals import keeps_its_audience
from marketmover.campaigns.platforms.payload import Payload

__all__ = [
    "CreativeChoice",
    "GoogleLineChange",
    "GoogleLineNow",
    "MetaAccount",
    "Payload",
    "choose_creative",
    "creative_of",
    "google_changes",
    "google_request",
    "keeps_its_audience",
    "meta_operations",
]
