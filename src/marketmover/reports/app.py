"""What the room's routes use of an installation."""

from typing import TYPE_CHECKING, Protocol

from marketmover.campaigns.kept import HomeApp, Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from marketmover.access import Rules
    from marketmover.monitoring.notices import Configuration
    from marketmover.plans import Plan
    from marketmover.settings import Settings
    from marketmover.store import Records


class ReportsApp(HomeApp, Protocol):
    """An installation, seen from one workspace."""

    @property
    def settings(self) -> "Settings":
        """As they are set."""
        ...

    @property
    def workspace(self) -> str:
        """The workspace."""
        ...

    @property
    def records(self) -> "Records":
        """Its records."""
        ...

    @property
    def rules(self) -> "Rules":
        """Where browsers reach it."""
        ...

    def of(self, workspace: str) -> "ReportsApp":
        """The same installation seen from another workspace."""
        ...

    def plan_folder(self, plan_id: str) -> "Path":
        """Where a plan of the home lies."""
        ...

    def notices(self) -> "Configuration | None":
        """Who is told of what; `None` where nobody is."""
        ...

    def plan_of(self, plan_id: str) -> "Plan":
        """A plan of the home; nobody may change it."""
        ...


def shelf_of(app: ReportsApp) -> Shelf:
    """Where the workspace's plans lie."""
    return Shelf(app.settings.home, app.workspace)
