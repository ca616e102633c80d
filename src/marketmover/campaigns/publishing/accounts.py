"""The connected accounts that a plan is published to, and which of its lines stand where."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from marketmover.campaigns.publishing.ledger import Sending
from marketmover.campaigns.publishing.platform import AdPlatform, LiveLine
from marketmover.campaigns.publishing.requests import PLATFORM_NAMES, PlatformRequest, plain_account
from marketmover.errors import NotFoundError
from marketmover.plans import Plan


@dataclass(frozen=True)
class Connection:
    """A connected account, opened when it is first used."""

    name: str
    platform: str
    account_id: str
    connect: Callable[[], AdPlatform]

    @cached_property
    def opened(self) -> AdPlatform:
        """The account, ready to be asked."""
        return self.connect()

    @property
    def title(self) -> str:
        """What people call it."""
        return f"{PLATFORM_NAMES.get(self.platform, self.platform)} account {self.account_id}"


def connection_for(connections: Iterable[Connection], platform: str, account_id: str) -> Connection | None:
    """The connected account of this id."""
    asked = plain_account(account_id)
    found = (one for one in connections if one.platform == platform and plain_account(one.account_id) == asked)
    return next(found, None)


def needed(connections: Sequence[Connection], request: PlatformRequest) -> Connection:
    """The account that a request is for.

    Raises:
        NotFoundError: It is not connected.
    """
    found = connection_for(connections, request.platform, request.account_id)
    if found is None:
        name = PLATFORM_NAMES[request.platform]
        others = [one.account_id for one in connections if one.platform == request.platform]
        there = f"; connected there: {', '.join(others)}" if others else ""
        raise NotFoundError(
            f"The plan is for {name} account {request.account_id}, which is not connected{there}.",
            f"Connect it: `marketmover accounts add {request.platform}`, or publish the rest with --only.",
        )
    return found


@dataclass(frozen=True)
class Place:
    """Where a line of a plan stands: in which account, and under which id."""

    platform: str
    account: str
    live_id: str


def places_of(plan: Plan, published: Iterable[Sending]) -> dict[str, Place]:
    """Where each line of a plan stands, of what was published."""
    found: dict[str, Place] = {}
    for sending in published:
        made = sending.made
        for line in plan.lines:
            live = made.get(line.id) if line.is_new else (line.id if line.id in sending.before else None)
            if live is not None:
                found[line.id] = Place(sending.key.platform, sending.key.account, live)
    return found


def waiting_lines(plan: Plan, places: Mapping[str, Place], waiting: Iterable[Sending]) -> set[str]:
    """The running lines whose changes wait for the plan's first day."""
    accounts = {(one.key.platform, one.key.account) for one in waiting}
    running = {line.id for line in plan.lines if not line.is_new}
    return {name for name, place in places.items() if name in running and (place.platform, place.account) in accounts}


def read_lines(connections: Sequence[Connection], places: Mapping[str, Place]) -> dict[str, LiveLine]:
    """Lines as the platforms have them now, by the plan's ids."""
    found: dict[str, LiveLine] = {}
    for place in dict.fromkeys((one.platform, one.account) for one in places.values()):
        connection = connection_for(connections, *place)
        if connection is None:
            continue
        asked = {one.live_id: name for name, one in places.items() if (one.platform, one.account) == place}
        found |= {asked[line.line_id]: line for line in connection.opened.read(sorted(asked)) if line.line_id in asked}
    return found
