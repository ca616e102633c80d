"""Values of `notices.toml`, read with errors that name the file, the route, the key and the remedy."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from marketmover.errors import SettingsError
from marketmover.kit import did_you_mean

Reveal = Callable[[str], str]
"""Looks up `env:NAME` or `secret:NAME`.

Raises:
    SettingsError: There is none of the name.
"""


@dataclass
class Values:
    """One table of the file. What is asked for is remembered, so that `done` can refuse the rest.

    Args:
        place: For errors: `notices.toml, [routes.team]`.
        values: As TOML has them.
        reveal: Looks up what stands elsewhere.
        allowed_hosts: Hosts that may lie on this machine or in private networks.
        from_afar: Whether they were set over the API, by somebody who may not work on the server.
    """

    place: str
    values: Mapping[str, Any]
    reveal: Reveal
    allowed_hosts: tuple[str, ...] = ()
    asked: set[str] = field(default_factory=set[str])
    from_afar: bool = False

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; needed where there is no default. `env:` and `secret:` are looked up."""
        value = self._get(key, default)
        if value == "" and default == "":
            return ""
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, "is not a text", f'Write {key} = "..." in quotation marks.')
        return self._revealed(key, value.strip())

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """Texts: a list of them, or one alone."""
        value = self._get(key, default)
        found = [value] if isinstance(value, str) else list(value) if isinstance(value, list | tuple) else [None]
        if not all(isinstance(one, str) and one.strip() for one in found):
            raise self.wrong(key, "is not a list of texts", f'Write {key} = ["...", "..."].')
        if not found and default is None:
            raise self.wrong(key, "is empty", f'Write {key} = ["..."].')
        return tuple(self._revealed(key, str(one).strip()) for one in found)

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number within bounds."""
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.wrong(key, f"is {value!r}", f"Write a whole number from {least} to {most}.")
        return value

    def yes(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, f"is {value!r}", "Write true or false, without quotation marks.")
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        """One of several words."""
        return self._one_of(key, self._get(key, default), choices)

    def choices(self, key: str, choices: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
        """Some of several words."""
        return tuple(self._one_of(key, one, choices) for one in self.texts(key, default))

    def wrong(self, key: str, why: str, remedy: str) -> SettingsError:
        """The error to raise where a value cannot be used; `why` follows the key's name."""
        return SettingsError(f"{self.place}: `{key}` {why}.", remedy)

    def rest(self) -> dict[str, Any]:
        """What was not asked for."""
        return {key: value for key, value in self.values.items() if key not in self.asked}

    def done(self) -> None:
        """Refuse what nobody asked for: a key that is misspelt must not be passed over.

        Raises:
            SettingsError: There is such a key.
        """
        for key in self.rest():
            raise self.wrong(key, "is not known here", did_you_mean(key, sorted(self.asked), most=20))

    def _one_of(self, key: str, value: Any, choices: tuple[str, ...]) -> str:
        if not isinstance(value, str) or value.lower() not in choices:
            raise self.wrong(key, f"is {value!r}", f"Write one of: {', '.join(choices)}.")
        return value.lower()

    def _get(self, key: str, default: Any) -> Any:
        self.asked.add(key)
        value = self.values.get(key, default)
        if value is None:
            raise self.wrong(key, "is missing", "Add it; docs/notices.md shows each transport.")
        return value

    def _revealed(self, key: str, value: str) -> str:
        if not value.startswith(("env:", "secret:")):
            return value
        try:
            return self.reveal(value)
        except SettingsError as error:
            raise SettingsError(f"{self.place}: `{key}`: {error.message}", error.remedy) from error
