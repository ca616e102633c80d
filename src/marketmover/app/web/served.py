"""The installation as one process serves it: one pool of connections to records, over all workspaces."""

from contextlib import contextmanager
from typing import TYPE_CHECKING

from marketmover.app.opening import App

if TYPE_CHECKING:
    from collections.abc import Generator

    from marketmover.jobs import Work
    from marketmover.settings import Settings
    from marketmover.store import Records, Stores


class ServedApp(App):
    """An installation whose records stay open; the lake is opened for each use, so that commands find it free.

    Args:
        settings: Where the stores are.
        records: Open, of the same workspace as the settings.
    """

    def __init__(self, settings: "Settings", records: "Records") -> None:
        super().__init__(settings)
        self._records = records
        self._others: dict[str, ServedApp] = {}

    @property
    def records(self) -> "Records":
        """The open records of this workspace."""
        return self._records

    def works(self) -> "dict[str, Work]":
        """How tasks are done, by kind, in whichever workspace they were asked for."""
        from marketmover.app.works import works_of

        return works_of(self)

    def of(self, workspace: str) -> "ServedApp":
        """The same installation seen from another workspace."""
        if workspace == self.workspace:
            return self
        if workspace not in self._others:
            settings = self.settings.model_copy(update={"workspace": workspace})
            self._others[workspace] = type(self)(settings, self._records.of_workspace(workspace))
        return self._others[workspace]

    @contextmanager
    def home(self) -> "Generator[Stores]":
        """The home's stores, over the open records."""
        from marketmover.store import Stores
        from marketmover.store.opening import made_home, refuse_half_restored, store_urls

        home = made_home(self.settings.home)
        refuse_half_restored(home)
        stores = Stores(home, store_urls(self.settings), self.workspace, self._records)
        try:
            yield stores
        finally:
            stores.close()
