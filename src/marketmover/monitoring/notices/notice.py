"""What people are told, and what a way of telling them must offer."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from urllib.parse import urlsplit

Severity = Literal["info", "warning", "critical"]
Step = Literal["new", "worse", "resolved"]

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "critical")
"""From the mildest."""

_NOT_PRINTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


@dataclass(frozen=True)
class Notice:
    """One thing to tell.

    Attributes:
        severity: Of what it is about; news that it is over has that of the trouble, so that it reaches who knew of it.
        title: One line that says what is wrong and where, without a full stop.
        body: What happened, in whole sentences.
        link: `http` or `https`, where more stands; empty for none.
        key: The same on each try to tell the same thing; one key is told once.
        kind: What routes choose by: an alert's kind (`tracking`, ...), `publish`, `pull`, `test`, ...
        step: Whether the trouble is new, has grown worse, or is over.
        thread: What belongs together: all notices of one alert. Empty: it stands alone.
        subject: The title of the thread's first notice; empty where this is it.
        facts: Further things by name, in order: what it costs, why, what to do.
        money: What decides which comes first among notices of one severity.
    """

    severity: Severity
    title: str
    body: str
    link: str = ""
    key: str = ""
    kind: str = "notice"
    step: Step = "new"
    thread: str = ""
    subject: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    money: float = 0.0

    def __post_init__(self) -> None:
        if self.severity not in SEVERITIES:
            raise ValueError(f"a notice's severity is one of {', '.join(SEVERITIES)}, not {self.severity!r}")
        if self.link and urlsplit(self.link).scheme not in {"http", "https"}:
            raise ValueError(f"a notice's link begins with https:// or http://, not {self.link!r}")

    def to_json(self) -> dict[str, object]:
        """As the outbox keeps it and webhooks send it."""
        return {
            "severity": self.severity,
            "title": self.title,
            "body": self.body,
            "link": self.link,
            "key": self.key,
            "kind": self.kind,
            "step": self.step,
            "thread": self.thread,
            "subject": self.subject,
            "facts": [list(pair) for pair in self.facts],
            "money": self.money,
        }


@dataclass(frozen=True)
class Message:
    """What one route is sent at once: a notice, or several together.

    Attributes:
        id: The same on each try, so that a receiver who keeps ids can tell a repeat.
        notices: Gravest first.
        at: When it was put together; the same on each try.
        digest: `daily`, `weekly`, `quiet` (what came in quiet hours), or empty for a notice by itself.
        repeated: An earlier try may have got through, though nobody knows.
    """

    id: str
    notices: tuple[Notice, ...]
    at: datetime
    digest: Literal["", "daily", "weekly", "quiet"] = ""
    repeated: bool = False

    @property
    def severity(self) -> Severity:
        """Of the gravest notice."""
        return SEVERITIES[max(SEVERITIES.index(one.severity) for one in self.notices)]


class Notifier(Protocol):
    """One configured way to tell people: a mailbox, a channel, an address."""

    @property
    def shown(self) -> str:
        """Where it leads, for people, without any secret."""
        ...

    def send(self, message: Message) -> str:
        """Send it, once, within half a minute or so.

        Returns:
            What the other side said, for the record.

        Raises:
            PlatformError: `refused`: it will never be taken like this, and is not tried again; any other kind: it is.
        """
        ...


class Options(Protocol):
    """What a route says of its transport. Each method raises `SettingsError` naming the file, the route and the key."""

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Hosts, or `host:port`, that may lie on this machine or in private networks."""
        ...

    @property
    def from_afar(self) -> bool:
        """Whether they were set over the API: then nothing may be reached in private networks but `allowed_hosts`."""
        ...

    def text(self, key: str, default: str | None = None) -> str:
        """A text; needed where there is no default. `env:NAME` and `secret:NAME` are looked up."""
        ...

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Texts: a list, or one text alone."""
        ...

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number."""
        ...

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """One of several words."""
        ...

    def wrong(self, key: str, why: str, remedy: str) -> Exception:
        """The error to raise where a value cannot be used; `why` follows "`key`"."""
        ...


Transport = Callable[[Options], Notifier]
"""A way of telling people, found by the entry point `marketmover.notifiers`.

Raises:
    SettingsError: An option is missing, wrong or unknown.
"""


def one_line(text: str, most: int = 300) -> str:
    r"""Text from outside as one line of at most `most` characters, without what is not printed.

    >>> one_line("Spring\r\nBcc: x@example.com", 12)
    'Spring Bcc:…'
    """
    flat = " ".join(_NOT_PRINTED.sub(" ", text).split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
