"""What was created through the APIs: campaigns, groups, ads, budgets, criteria, with their fields as sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

GONE = frozenset({"REMOVED", "DELETED", "ARCHIVED"})
"""States from which nothing comes back."""

ON = frozenset({"ENABLED", "ACTIVE"})
"""States in which something runs."""


class Key(NamedTuple):
    """What names an object: `google_ads` or `meta_ads`, what it is, its id."""

    platform: str
    what: str
    id: str


@dataclass(frozen=True)
class Thing:
    """An object that was created.

    Attributes:
        key: Its name.
        fields: As sent, references filled in.
        created: When, ISO 8601 in the account's time zone.
        line_id: The line that it belongs to, once that runs.
    """

    key: Key
    fields: Mapping[str, Any]
    created: str
    line_id: str | None = None

    @property
    def status(self) -> str:
        """Its own state; one that was sent without is on."""
        return str(self.fields.get("status") or ("ENABLED" if self.key.platform == "google_ads" else "ACTIVE"))

    @property
    def on(self) -> bool:
        """Whether its own state lets it run."""
        return self.status in ON

    @property
    def gone(self) -> bool:
        """Whether it was removed."""
        return self.status in GONE


@dataclass(frozen=True)
class Start:
    """A line that begins: what the market needs to know of it.

    Attributes:
        key: Its id as a plan's new line.
        line_id: Its id in exports.
        line: In the form of `plan.json`.
        served: How the platforms name it, as fields of `SimulatedLine`.
        budget: A day, in major units.
        target: The bidding target that it begins with, if any.
        campaign, groups: Ids of its parts.
        born: The day on which it begins, ISO 8601.
    """

    key: str
    line_id: str
    line: dict[str, Any]
    served: dict[str, Any]
    budget: float
    target: float | None
    campaign: str
    groups: tuple[str, ...]
    born: str

    @property
    def platform(self) -> str:
        """`google_ads` or `meta_ads`."""
        return self.key.partition(":")[0]


def merged(told: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with others laid over them; `None` clears one."""
    found = dict(told)
    for name, value in more.items():
        old = found.get(name)
        if value is None:
            found.pop(name, None)
        elif isinstance(value, Mapping) and isinstance(old, Mapping):
            found[name] = merged(old, value)
        else:
            found[name] = value
    return found


def tail(name: Any) -> str:
    """The id at the end of a resource name."""
    return str(name or "").rpartition("/")[2]
