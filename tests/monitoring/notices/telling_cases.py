"""What tests of notices share: alerts as `monitor` writes them, routes, and a transport that fails as it is told to."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from marketmover.errors import PlatformError
from marketmover.monitoring.notices import Configuration, Message, Notice, read_configuration
from marketmover.monitoring.notices.alerts_file import AlertsFile, alerts_of

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)  # a Tuesday


def alert(**changes: Any) -> dict[str, Any]:
    """A line of Meta that is hardly shown since 8 March."""
    found: dict[str, Any] = {
        "detected_on": "2026-03-09",
        "platform": "meta_ads",
        "campaign_id": "77",
        "ad_group_id": "771",
        "line_ids": ["meta_ads:77:771"],
        "kind": "delivery",
        "metric": "impressions",
        "direction": "down",
        "observed": 12.0,
        "expected": {"low": 700.0, "mid": 900.0, "high": 1100.0},
        "severity": "critical",
        "probability": 0.999,
        "money_at_risk": 412.0,
        "money_lost": 60.0,
        "since": "2026-03-08",
        "updated_on": "2026-03-09",
        "resolved_on": None,
        "cause": {"factor": "spend", "share": {"spend": 1.0}, "split_of": "conversions",
                  "found": [{"kind": "change_log", "words": "an ad was rejected on 8 March"}]},
        "recommendations": [{"action": "check", "line_id": "meta_ads:77:771", "reason": "look for a rejected ad"}],
        "who": "Spring sale (Meta Ads)",
        "words": "Spring sale (Meta Ads): since 8 March it is hardly shown.",
    }  # fmt: skip
    return {**found, **changes}


def alerts(*found: dict[str, Any], as_of: str = "2026-03-09", first: str = "2026-03-01") -> AlertsFile:
    """A file of alerts, read."""
    held = {"first": first, "as_of": as_of, "currency": "EUR", "simulated": False, "alerts": list(found)}
    return alerts_of(json.loads(json.dumps(held)), "alerts.json", "a plan")


def notice(key: str, **changes: Any) -> Notice:
    """A warning."""
    given: dict[str, Any] = {"severity": "warning", "title": f"Trouble {key}", "body": "It is so.", **changes}
    return Notice(key=key, **given)


def configured(folder: Path, text: str) -> Configuration:
    """`notices.toml` with this text, read."""
    path = folder / "notices.toml"
    path.write_text(text, encoding="utf-8")
    return read_configuration(path)


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Line:
    """A way to tell people that keeps what it is sent, or fails as it is told to."""

    sent: list[Message] = field(default_factory=list[Message])
    failures: list[BaseException] = field(default_factory=list[BaseException])
    tried: int = 0
    before: Callable[[], object] = lambda: None
    shown: str = "a line"

    def send(self, message: Message) -> str:
        self.tried += 1
        self.before()
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return "taken"

    @property
    def titles(self) -> list[list[str]]:
        return [[one.title for one in message.notices] for message in self.sent]


def away(wait_s: float | None = None) -> PlatformError:
    """Nobody was there."""
    return PlatformError("The line is away.", kind="unavailable", wait_s=wait_s)
