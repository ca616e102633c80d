"""What commands are handed: the stores, and what else the settings name, each opened when it is first used."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.errors import NotFoundError, SettingsError
from marketmover.store import StoreOpener

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketmover.language import TextModel
    from marketmover.monitoring.notices import Configuration, Notifier
    from marketmover.monitoring.notices.routing import Route


class App(StoreOpener):
    """An installation, as its settings have it."""

    def text_model(self) -> "TextModel | None":
        """The language model that helps to read briefs; `None` where the settings name none."""
        if (self._given is None and _nothing_is_set()) or not self.settings.llm_url:
            return None
        from marketmover.app.language_model import chat_client

        return chat_client(self)

    @property
    def notices_file(self) -> Path:
        """Where the routes of notices stand."""
        from marketmover.monitoring.notices.configuration import FILE

        return self.settings.home / FILE

    def notices(self) -> "Configuration | None":
        """Who is told of what; `None` where there is no `notices.toml`."""
        from marketmover.monitoring.notices import read_configuration

        return read_configuration(self.notices_file) if self.notices_file.exists() else None

    def notifier_of(self, configuration: "Configuration") -> "Callable[[Route], Notifier]":
        """Makes the notifier of a route, its secrets looked up in the environment or unsealed."""
        from marketmover.app.notifying import notifiers_by

        return notifiers_by(configuration, self.notifiers(), self._notice_secret)

    def keep_notice_secret(self, name: str, value: str) -> None:
        """Seal what `secret:NAME` stands for in `notices.toml`."""
        with self.home() as stores, stores.records.session() as session:
            self.secrets.keep(session, f"{_NOTICES}/{name}", {"value": value})

    def _notice_secret(self, name: str) -> str:
        with self.home() as stores, stores.records.session(read_only=True) as session:
            try:
                return self.secrets.reveal(session, f"{_NOTICES}/{name}")["value"]
            except NotFoundError as error:
                raise SettingsError(
                    f"There is no secret {name!r}.", f"Keep it with: marketmover notices secret {name}"
                ) from error


_NOTICES = "notices"


def _nothing_is_set() -> bool:
    """Whether no variable and no `.env` can say anything: then reading them is a tenth of a short command's time."""
    return not Path(".env").exists() and not any(name.upper().startswith("MARKETMOVER_") for name in os.environ)
