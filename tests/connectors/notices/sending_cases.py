"""What tests of transports share: notices, options of a route, and servers that are not there."""

import socket
from datetime import UTC, datetime
from typing import Any

from marketmover.errors import SettingsError
from marketmover.monitoring.notices import Message, Notice
from marketmover.monitoring.notices.options import Values

AT = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LOOPBACK = ("localhost", "127.0.0.1")


def options(allowed_hosts: tuple[str, ...] = LOOPBACK, /, **values: Any) -> Values:
    """A route's options, with nothing to look up elsewhere."""

    def nothing(reference: str) -> str:
        raise SettingsError(f"There is no {reference}.")

    return Values(
        "notices.toml, [routes.team]", {key.rstrip("_"): one for key, one in values.items()}, nothing, allowed_hosts
    )


def notice(key: str = "a", **changes: Any) -> Notice:
    """A trouble as an alert tells it."""
    given: dict[str, Any] = {
        "severity": "critical",
        "title": "Spring sale (Meta Ads): hardly shown any more (412 EUR at risk)",
        "body": "Since 8 March it is hardly shown: 12 impressions a day instead of about 900.",
        "link": "https://example.com/alerts",
        "kind": "delivery",
        "thread": f"alert/{key}",
        "facts": (("What it costs", "412 EUR are at risk."), ("What to do", "Look for a rejected ad.")),
        **changes,
    }
    return Notice(key=key, **given)


def message(*notices: Notice, **changes: Any) -> Message:
    """One message of these notices."""
    return Message(**{"id": "0123456789abcdef", "notices": notices or (notice(),), "at": AT, **changes})


def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
