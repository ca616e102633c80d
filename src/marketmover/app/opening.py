"""What commands are handed: the stores, and what else the settings name, each opened when it is first used."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.store import StoreOpener

if TYPE_CHECKING:
    from marketmover.language import TextModel


class App(StoreOpener):
    """An installation, as its settings have it."""

    def text_model(self) -> "TextModel | None":
        """The language model that helps to read briefs; `None` where the settings name none."""
        if (self._given is None and _nothing_is_set()) or not self.settings.llm_url:
            return None
        from marketmover.app.language_model import chat_client

        return chat_client(self)


def _nothing_is_set() -> bool:
    """Whether no variable and no `.env` can say anything: then reading them is a tenth of a short command's time."""
    return not Path(".env").exists() and not any(name.upper().startswith("MARKETMOVER_") for name in os.environ)
