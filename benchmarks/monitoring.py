"""Alerts on simulated live windows: precision, recall, delay, and quiet where nothing is wrong.

`python -m benchmarks.monitoring [A-B]` watches the markets of these seeds, each with three to five troubles a month for
14 lines and with none. Seeds 1 to 20 are those that the parameters were chosen on; the others were left alone.
"""

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from benchmarks.figures import Figure, print_figures
from marketmover.kit import utc_now
from marketmover.monitoring import watch_exports
from marketmover.sandbox.judge import Watched, watch, watch_cases, watch_figures
from marketmover.store import StoreOpener

_SEEDS = (21, 26)
_KEPT = {"kept": True, "excellent": True, "missed": False}
_AHEAD = timedelta(days=3650)  # simulated windows may lie after today


def run(seeds: tuple[int, int] = _SEEDS) -> list[Figure]:
    """Watch the markets of the seeds, both included."""
    scores = list(watch(watch_cases(range(seeds[0], seeds[1] + 1)), _alerts))
    return [
        Figure(one.name, "-" if one.measured is None else f"{one.measured:.3f}", _due(one.due), _KEPT.get(one.verdict))
        for one in watch_figures(scores)
    ]


def _alerts(given: Watched) -> list[dict[str, Any]]:
    today = (utc_now() + _AHEAD).date()
    found = watch_exports(StoreOpener(), given.history, given.live, as_of=today, progress=lambda *_: None)
    return [alert.model_dump(mode="json") for alert in found.alerts]


def _due(due: tuple[float, float] | None) -> str:
    if due is None:
        return ""
    return f"at least {due[0]:g}" if due[1] >= 1.0 and due[0] > 0 else f"at most {due[1]:g}"


def _seeds(arguments: Sequence[str]) -> tuple[int, int]:
    if not arguments:
        return _SEEDS
    first, _, last = arguments[0].partition("-")
    return int(first), int(last or first)


if __name__ == "__main__":
    print_figures("Alerts on simulated live windows", run(_seeds(sys.argv[1:])))
