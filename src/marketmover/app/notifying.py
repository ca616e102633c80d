"""How an installation tells people: the transports behind its routes, and where their secrets are looked up."""

import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from marketmover.errors import SettingsError

if TYPE_CHECKING:
    from marketmover.monitoring.notices import Configuration, Notifier, Transport
    from marketmover.monitoring.notices.routing import Route


def notifiers_by(
    configuration: "Configuration", transports: Mapping[str, "Transport"], secret: Callable[[str], str]
) -> "Callable[[Route], Notifier]":
    """Makes the notifier of a route.

    Args:
        configuration: The routes.
        transports: By name.
        secret: Looks up a sealed secret by its name; raises SettingsError where there is none.
    """

    def reveal(reference: str) -> str:
        source, _, name = reference.partition(":")
        return secret(name) if source == "secret" else _from_environment(name)

    return lambda route: configuration.notifier(route, transports, reveal)


def _from_environment(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SettingsError(f"The environment has no {name}.", f"Set it where marketmover runs: export {name}=...")
    return value
