"""What the room's commands and jobs need of the installation; `app` offers it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from marketmover.monitoring.notices.configuration import Configuration
from marketmover.monitoring.notices.notice import Notifier
from marketmover.monitoring.notices.routing import Route
from marketmover.store import Stores


class Installation(Protocol):
    """An installation that can tell people things."""

    @property
    def notices_file(self) -> Path:
        """`notices.toml` in the home."""
        ...

    def home(self) -> AbstractContextManager[Stores]:
        """The home's stores."""
        ...

    def notices(self) -> Configuration | None:
        """The routes; `None` where there is no `notices.toml`."""
        ...

    def notifier_of(self, configuration: Configuration) -> Callable[[Route], Notifier]:
        """Makes the notifier of a route."""
        ...

    def keep_notice_secret(self, name: str, value: str) -> None:
        """Seal what `secret:NAME` stands for in `notices.toml`."""
        ...
