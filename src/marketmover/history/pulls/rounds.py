"""A round of pulls: every account asked for, one after the other, and what came read into the lake."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from marketmover.errors import MarketmoverError
from marketmover.history.pulls.service import PullReport, pull_exports
from marketmover.history.pulls.source import AdExports
from marketmover.jobs import holding

if TYPE_CHECKING:
    from marketmover.history.pulls.landing import Landed
    from marketmover.store import Stores

Progress = Callable[[float, str], None]


@dataclass
class Round:
    """What a round brought: pulls, those that failed by the account's name, and what landed."""

    pulls: list[PullReport] = field(default_factory=list[PullReport])
    failed: dict[str, MarketmoverError] = field(default_factory=dict[str, MarketmoverError])
    landed: "list[Landed]" = field(default_factory=list["Landed"])


def pull_round(
    stores: "Stores",
    sources: Iterable[tuple[str, Callable[[], AdExports]]],
    *,
    since: date | None = None,
    now: Callable[[], datetime],
    progress: Progress,
) -> Round:
    """Pull accounts and land what came. One account's failure does not keep the others.

    Args:
        stores: The home's.
        sources: By the account's name what opens it.
        since: First day to fetch, where a person asks for one.
        now: The clock.
        progress: Called with the share done and the present step.

    Raises:
        ConflictError: Another process pulls one of them.
    """
    from marketmover.history.pulls.landing import land_pulls

    found, listed = Round(), list(sources)
    for place, (name, opened) in enumerate(listed):

        def told(share: float, step: str, name: str = name, place: int = place) -> None:
            progress(0.9 * (place + share) / len(listed), f"{name}: {step}")

        try:
            with holding(stores.records, f"pull {name}") as run:
                report = pull_exports(stores, opened(), since=since, now=now, progress=told, go_on=run.go_on)
        except MarketmoverError as error:
            found.failed[name] = error
        else:
            found.pulls.append(report)
    found.landed = land_pulls(stores, now=now, progress=lambda share, step: progress(0.9 + 0.1 * share, step))
    return found
