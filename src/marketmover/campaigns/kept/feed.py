"""What happened to plans of the home, told in order to whoever has a page open."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, Protocol

from marketmover.campaigns.kept.records import PlanRow

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from marketmover.store import Stores

Happened = Literal[
    "composed", "deleted", "approved", "published", "given_up", "changed", "tuned", "shared", "opened", "said", "rated"
]
_TOPIC = "plans.changed"


class HomeApp(Protocol):
    """An installation, as far as the feed needs it."""

    def home(self) -> "AbstractContextManager[Stores]":
        """The home's stores."""
        ...


def note(stores: "Stores", session: "Session", plan_id: str, what: Happened) -> None:
    """Tell that something happened to a plan, once the transaction is committed; of plans beside the home nothing.

    Who did it, and what was said, is left to the plan's own pages.
    """
    if session.get(PlanRow, (stores.workspace, plan_id)) is not None:
        stores.stream.publish(session, _TOPIC, {"plan_id": plan_id, "what": what}, key=plan_id)


def note_change(app: HomeApp, session: "Session", plan_id: str, what: Happened) -> None:
    """As `note`, over the records that the session is of."""
    with app.home() as stores:
        note(stores, session, plan_id, what)


def tell_change(app: HomeApp, plan_id: str, what: Happened) -> None:
    """Tell of what happened to a plan's files, which no transaction holds."""
    with app.home() as stores, stores.records.session() as session:
        note(stores, session, plan_id, what)


@contextmanager
def telling(app: HomeApp, plan_id: str, what: Happened) -> Generator[None]:
    """Tell what the block did to a plan's files when it ends, also where it ends halfway."""
    try:
        yield
    finally:
        tell_change(app, plan_id, what)


def plan_changes_after(app: HomeApp, after: int | None = None, limit: int = 100) -> tuple[list[dict[str, Any]], int]:
    """What happened to a workspace's plans after a place, and the place that leads on from there.

    Args:
        app: The installation, seen from the workspace.
        after: The place until which it was read; `None`: from now on, so that nothing comes but a place.
        limit: At most so many.
    """
    with app.home() as stores:
        last = stores.stream.last(_TOPIC)
        if after is None or after >= last:
            return [], last
        facts = stores.stream.replay(_TOPIC, after, limit)
    return [_shown(fact.payload, fact.at.isoformat()) for fact in facts], facts[-1].sequence


def _shown(payload: Mapping[str, Any], at: str) -> dict[str, Any]:
    return {"plan_id": payload["plan_id"], "what": payload["what"], "at": at}
