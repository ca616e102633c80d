"""Routes and deliveries as tables on a terminal."""

from collections.abc import Sequence
from typing import Any

from marketmover.console import Table, print_table, print_text, say

_MOST_TITLE, _MOST_SAID = 60, 80


def print_routes(routes: Sequence[dict[str, Any]]) -> None:
    """Who is told what, and when; what is wrong with a route goes below."""
    rows: list[Sequence[str]] = [
        [
            one["route"],
            one["leads_to"] or f"{one['to']}: cannot be used",
            one["from_severity"],
            ", ".join(one["kinds"]) or "all",
            _when(one),
        ]
        for one in routes
    ]
    print_table(Table("Routes", ["route", "leads to", "from", "kinds", "when"], rows))
    for one in routes:
        if one["wrong"]:
            say(one["wrong"])


def print_deliveries(deliveries: Sequence[dict[str, Any]]) -> None:
    """What became of notices, newest first."""
    if not deliveries:
        print_text("Nothing has been told yet. Tell alerts with: marketmover notices send --alerts alerts.json")
        return
    rows: list[Sequence[str]] = [
        [
            one["severity"],
            _cut(one["title"], _MOST_TITLE),
            one["route"],
            one["state"].replace("_", " "),
            str(one["tries"]),
            _cut(_detail(one), _MOST_SAID),
        ]
        for one in deliveries
    ]
    print_table(Table("Notices", ["severity", "notice", "route", "state", "tries", "what was said"], rows))


def _when(route: dict[str, Any]) -> str:
    digest = f"digest {route['digest']}" if route["digest"] else "at once"
    quiet = f"; quiet {route['quiet']}" if route["quiet"] else ""
    waits = route["digest"] or route["quiet"]
    return f"{digest}{quiet}{'; critical passes' if route['critical_passes'] and waits else ''}"


def _detail(delivery: dict[str, Any]) -> str:
    due = f"due {delivery['due_at'][:16].replace('T', ' ')} UTC" if delivery["due_at"] else ""
    return ". ".join(filter(None, (due, delivery["said"])))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
