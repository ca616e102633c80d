"""What commands are handed: the stores, and what else the settings name, each opened when it is first used."""

from typing import TYPE_CHECKING

from marketmover.store import StoreOpener

if TYPE_CHECKING:
    from marketmover.language import TextModel


class App(StoreOpener):
    """An installation, as its settings have it."""

    def text_model(self) -> "TextModel | None":
        """The language model that helps to read briefs; `None` where the settings name none."""
        if not self.settings.llm_url:
            return None
        from marketmover.app.language_model import chat_client

        return chat_client(self)
