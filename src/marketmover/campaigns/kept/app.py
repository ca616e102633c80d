"""What the room's routes and works use of an installation."""

from typing import TYPE_CHECKING, Protocol

from marketmover.campaigns.kept.folders import Shelf
from marketmover.campaigns.publishing.opening import ConnectedApp

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from marketmover.language import TextModel
    from marketmover.plans import Plan
    from marketmover.settings import Settings
    from marketmover.store import Stores


def shelf_of(app: "CampaignsApp") -> Shelf:
    """Where the workspace's plans lie."""
    return Shelf(app.settings.home, app.workspace)


class CampaignsApp(ConnectedApp, Protocol):
    """An installation, seen from one workspace."""

    @property
    def settings(self) -> "Settings":
        """As they are set."""
        ...

    @property
    def workspace(self) -> str:
        """The workspace."""
        ...

    def temporary(self) -> "AbstractContextManager[Stores]":
        """Stores that are gone when the block ends."""
        ...

    def text_model(self) -> "TextModel | None":
        """The language model that helps to read briefs."""
        ...

    def plan_folder(self, plan_id: str) -> "Path":
        """Where a plan of the home lies."""
        ...

    def plan_of(self, plan_id: str) -> "Plan":
        """A plan of the home; nobody may change it."""
        ...
