"""The account behind a connection, and what day it is there."""

from typing import Any

from marketmover.connectors.clock import today_of
from marketmover.connectors.google_ads.queries import ACCOUNT
from marketmover.connectors.google_ads.session import GoogleSession
from marketmover.errors import PlatformError
from marketmover.history.pulls.source import SourceAccount


def read_account(session: GoogleSession, clock: str | None) -> SourceAccount:
    """The account as Google tells of it.

    Args:
        session: The connection.
        clock: Where a simulated account tells its day; a real one's is that of its time zone.

    Raises:
        PlatformError: The account cannot be read, or is a manager account, which has no campaigns.
    """
    found = next(iter(session.rows(ACCOUNT, "the account")), None)
    customer: dict[str, Any] = (found or {}).get("customer", {})
    if not customer or customer.get("manager"):
        what = "is a manager account, which has no campaigns of its own" if customer else "told nothing about itself"
        raise PlatformError(
            f"Google Ads account {session.customer_id} {what}.",
            "Give the customer_id of an account below it, and the manager's as login_customer_id.",
            kind="refused",
        )
    zone = str(customer.get("timeZone", ""))
    return SourceAccount(
        platform="google_ads",
        account_id=str(customer["id"]),
        name=str(customer.get("descriptiveName") or customer["id"]),
        currency=str(customer.get("currencyCode", "")),
        time_zone=zone,
        today=today_of(zone, clock),
        simulated=bool(clock) or session.simulated,
    )
