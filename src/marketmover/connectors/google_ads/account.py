"""The account behind a connection, and what day it is there."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marketmover.connectors.google_ads.queries import ACCOUNT
from marketmover.connectors.google_ads.session import GoogleSession
from marketmover.errors import PlatformError
from marketmover.history.pulls.source import SourceAccount
from marketmover.kit import utc_now

_CLOCK_S = 10.0


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
        today=_simulated_day(clock) if clock else _day_in(zone),
        simulated=bool(clock) or session.simulated,
    )


def _day_in(zone: str) -> date:
    try:
        return utc_now().astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return utc_now().date()


def _simulated_day(clock: str) -> date:
    import httpx

    try:
        answer = httpx.get(clock, timeout=_CLOCK_S, trust_env=False).raise_for_status()
        told = json.loads(answer.text)
        day = told["today"] if isinstance(told, dict) else told
        return datetime.fromisoformat(str(day)).date()
    except (httpx.HTTPError, KeyError, ValueError) as error:
        raise PlatformError(
            f"The simulated account's clock at {clock} does not tell the day ({type(error).__name__}).",
            "Start it: marketmover sandbox serve DIR.",
            kind="unavailable",
        ) from error
