"""What a client gets of a plan: the memo by a link without an account, as PDF and calendar; what they say of it.

Inner rooms: `shares` (links, and what they open), `shared` (what a client's page asks), `answers` (comments and
approvals), `survey` (what clients thought), `pdf` (the memo on paper), `calendar` (a plan's days), `files` (both as
files).
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.reports.shares.service import forget_gone
else:
    __getattr__, __dir__ = on_demand(__name__, {"forget_gone": "shares.service"})

__all__ = ["forget_gone"]
