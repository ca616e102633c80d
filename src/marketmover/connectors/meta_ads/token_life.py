"""How long an access token of Meta's still opens an account. Source: Graph API reference, `/debug_token`."""

from datetime import UTC, date, datetime

from marketmover.connectors.meta_ads.session import MetaSession
from marketmover.errors import PlatformError

_ENDS = ("expires_at", "data_access_expires_at")


def access_ends(session: MetaSession) -> date | None:
    """The day, in UTC, on which the token, or its access to data, runs out: whichever comes first.

    `None` where it never does (a system user's), or where Meta does not tell this token of itself.

    Raises:
        PlatformError: See `MetaSession.read`; a refusal to tell is no error.
    """
    try:
        told = session.read_token()
    except PlatformError as error:
        if error.kind != "refused":
            raise
        return None
    moments = [int(told[name]) for name in _ENDS if str(told.get(name) or "0") != "0"]
    return datetime.fromtimestamp(min(moments), UTC).date() if moments else None
