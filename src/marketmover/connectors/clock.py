"""What day it is for a connected account."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from marketmover.errors import PlatformError
from marketmover.kit import utc_now

_CLOCK_S = 10.0


def today_of(time_zone: str, clock: str | None = None) -> date:
    """The present day of an account: in its time zone, or, for a simulated one, as its clock tells.

    Args:
        time_zone: IANA name; one that is not known is read as UTC.
        clock: Address of a simulated account's clock.

    Raises:
        PlatformError: The clock does not answer.
    """
    if clock:
        return _simulated_day(clock)
    try:
        return utc_now().astimezone(ZoneInfo(time_zone)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return utc_now().date()


def _simulated_day(clock: str) -> date:
    import httpx

    try:
        answer = httpx.get(clock, timeout=_CLOCK_S, trust_env=False).raise_for_status()
        return datetime.fromisoformat(str(json.loads(answer.text)["today"])).date()
    except (httpx.HTTPError, KeyError, TypeError, ValueError) as error:
        raise PlatformError(
            f"The simulated account's clock at {clock} does not tell the day ({type(error).__name__}).",
            "Start it: marketmover sandbox serve DIR.",
            kind="unavailable",
        ) from error
