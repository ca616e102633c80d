"""The composition root: where settings become stores and rooms are put together. Nothing else wires anything."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketmover.app.opening import App
    from marketmover.settings import Settings

__all__ = ["open_app"]


def open_app(settings: "Settings | None" = None) -> "App":
    """What every command is handed: it opens the stores that the settings name, when they are first used.

    Args:
        settings: Without them the environment and `.env` are read, and only once a command asks for them, so that
            `--help` needs neither.
    """
    from marketmover.app.opening import App

    return App(settings)
