"""Which routes a notice takes, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from marketmover.monitoring.notices.hours import Digest, QuietHours
from marketmover.monitoring.notices.notice import SEVERITIES, Notice, Severity, Step

Gathered = Literal["", "daily", "weekly", "quiet"]


@dataclass(frozen=True)
class Route:
    """Who is told of what, and how.

    Attributes:
        name: As in `notices.toml`.
        to: The transport: `mail`, `slack`, `teams`, `webhook`, `log`, or one of a plug-in.
        from_severity: The mildest that is told.
        kinds: Of which kinds; empty for all.
        steps: Whether new troubles, those grown worse and those that are over are told.
        quiet: When nobody is disturbed.
        digest: When what has gathered is told together; without it each notice is told at once.
        critical_passes: Whether a critical trouble, new or grown worse, waits for neither quiet hours nor digest.
        tries: After how many failures a delivery is given up.
        options: What the transport needs.
    """

    name: str
    to: str
    from_severity: Severity
    kinds: frozenset[str]
    steps: frozenset[Step]
    quiet: QuietHours | None
    digest: Digest | None
    critical_passes: bool
    tries: int
    options: Mapping[str, Any]

    def takes(self, notice: Notice) -> bool:
        """Whether this route tells it. A test goes everywhere that it is sent."""
        if notice.kind == "test":
            return True
        grave = SEVERITIES.index(notice.severity) >= SEVERITIES.index(self.from_severity)
        return grave and (not self.kinds or notice.kind in self.kinds) and notice.step in self.steps

    def passes(self, notice: Notice) -> bool:
        """Whether it waits for nothing: a test, or a critical trouble where the route says so."""
        urgent = notice.severity == "critical" and notice.step != "resolved"
        return notice.kind == "test" or (urgent and self.critical_passes)

    def due(self, notice: Notice, now: datetime) -> tuple[datetime, Gathered]:
        """When to tell it, and with what else together."""
        if self.passes(notice):
            return now, ""
        if self.digest is not None:
            return self.disturbing(self.digest.after(now)), self.digest.every
        later = self.disturbing(now)
        return later, "" if later == now else "quiet"

    def disturbing(self, moment: datetime) -> datetime:
        """`moment`, or the end of the quiet hours that it falls into."""
        until = self.quiet.until(moment) if self.quiet else None
        return until or moment
