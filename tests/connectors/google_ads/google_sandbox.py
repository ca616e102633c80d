"""A simulated account behind the sandbox's own servers, to which the official SDK connects."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from marketmover.connectors.google_ads import GoogleConnector
from marketmover.connectors.google_ads.limits import Retries
from marketmover.sandbox.serving.serving import Serving


@dataclass
class Sandbox:
    """The servers, what one connects with, and the waits that the connector asked for instead of waiting."""

    servers: Serving
    credentials: dict[str, str]
    waits: list[float] = field(default_factory=list[float])

    @property
    def connector(self) -> GoogleConnector:
        return GoogleConnector(Retries(seed=7, pause=self.waits.append))

    def step_clock(self, days: int) -> None:
        self._post("clock", {"days": days})

    def show_fault(self, kind: str, **more: Any) -> None:
        self._post("faults", {"where": "google", "kind": kind, **more})

    def _post(self, name: str, told: dict[str, Any]) -> None:
        httpx.post(f"{self.servers.told()['control']}/{name}", json=told, trust_env=False).raise_for_status()


def credentials_in(path: Path) -> dict[str, str]:
    """What `connection.json` says of the Google account, with the certificates' own place and the clock."""
    told = json.loads(path.read_text(encoding="utf-8"))
    own = told["google_ads"]
    return {**own, "ca": str(path.with_name(own["ca"])), "clock": told["clock"]}
