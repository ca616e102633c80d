"""What a platform's connector must offer so that plans can be published and changed there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True)
class Step:
    """One request that the platform takes or refuses as a whole.

    Attributes:
        ref: Its name within the request, unique and the same on each try.
        line_ids: The plan's lines that it is for.
        what: In plain words, for people: "campaign 'Search | Core' with 2 ad groups".
        body: The platform's own request, references to earlier steps not filled in yet.
        creates: Whether it makes something that was not there; such steps go before those that change what runs.
    """

    ref: str
    line_ids: tuple[str, ...]
    what: str
    body: Mapping[str, Any]
    creates: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why the platform would not take a step, in plain words, with what to do.

    `code` is the platform's own; `by_hand` says that its API cannot be asked for this, but a person can do it there.
    """

    ref: str
    line_ids: tuple[str, ...]
    words: str
    remedy: str
    code: str


@dataclass(frozen=True)
class LiveLine:
    """A line as the platform has it now.

    Attributes:
        line_id: As in exports (`google_ads:CAMPAIGN:GROUP`).
        name: Of its campaign, with the mark of new lines where the plan opened it.
        status: The platform's own word.
        daily_budget: In major units; `None` where it has none of its own.
        bidding: Strategy and target, as `plan.json` writes them.
        start, end: Its dates.
        audience: Whom it reaches, by its part (an ad set), whole and as the platform writes it: sent back by the action
            `restore_audience`. Empty where `take_back` puts back what steps changed of it.
    """

    line_id: str
    name: str
    status: str
    daily_budget: float | None
    bidding: Mapping[str, Any] = field(default_factory=dict[str, Any])
    start: date | None = None
    end: date | None = None
    audience: Mapping[str, Any] = field(default_factory=dict[str, Any])


class AdPlatform(Protocol):
    """A connected account that plans can be published to.

    Every method raises `marketmover.errors.PlatformError`. Reads have been tried again before; writes never are.
    """

    platform: str

    def steps(self, request: Mapping[str, Any]) -> Sequence[Step]:
        """The steps of a request (`google_ads.json`, `meta_ads.json`, or one of changes), in the order to send them."""
        ...

    def check(self, step: Step) -> Sequence[Refusal]:
        """Let the platform check a step without doing it; none where it cannot be checked before others are done."""
        ...

    def send(self, step: Step, made: Mapping[str, str]) -> dict[str, str]:
        """Do it, once. Everything that is created is created paused.

        Args:
            step: What to do.
            made: Ids by reference, of the steps before.

        Returns:
            The platform's ids by reference, of what this step made or changed.

        Raises:
            PlatformError: `refused`: nothing was done (with the code `by_hand` where a person can do it there, and the
                rest goes on without it); `unknown`: nobody knows whether it was done.
        """
        ...

    def find(self, step: Step, made: Mapping[str, str]) -> dict[str, str] | None:
        """What `send` would have returned, if the step was done, by the marks in names; `None` if it was not."""
        ...

    def take_back(self, step: Step, ids: Mapping[str, str]) -> None:
        """Remove what a step created, also beside changes of what runs; nothing where it created nothing.

        What it changed is put back by a request of changes instead, from what `read` told before.

        Raises:
            PlatformError: It cannot be; with the code `by_hand` where only a person can do it there.
        """
        ...

    def read(self, line_ids: Sequence[str]) -> Sequence[LiveLine]:
        """Lines as they are now; those that are not there are left out."""
        ...

    def today(self) -> date:
        """What day it is for the account, in its own time zone."""
        ...
