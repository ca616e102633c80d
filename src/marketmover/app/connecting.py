"""Connectors by entry point: ad platforms and ways to tell people. Built-in ones come in by the same door as others.

A package of anybody's offers a platform by an entry point of the group `marketmover.ad_platforms`, and a way to tell
people by one of `marketmover.notifiers`; its name is the platform's or the way's.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from marketmover.errors import InputError, NotFoundError, SettingsError, UsageError
from marketmover.kit import did_you_mean

if TYPE_CHECKING:
    from marketmover.campaigns.publishing.platform import AdPlatform
    from marketmover.history.pulls.source import AdExports, SourceAccount

AD_PLATFORMS = "marketmover.ad_platforms"
NOTIFIERS = "marketmover.notifiers"
_CONNECTION = "connection.json"
_JSON_KEY = "json_key"


class AdConnector(Protocol):
    """What stands behind an entry point of `marketmover.ad_platforms`.

    Its methods raise `MissingExtraError` where the platform's SDK is not installed.
    """

    @property
    def needs(self) -> Sequence[str]:
        """The keys that credentials must hold."""
        ...

    def exports(self, credentials: Mapping[str, str]) -> "AdExports":
        """What pulls are made from."""
        ...

    def platform(self, credentials: Mapping[str, str]) -> "AdPlatform":
        """What plans are published to."""
        ...

    def check(self, credentials: Mapping[str, str]) -> "SourceAccount":
        """The account behind the credentials, asked of the platform."""
        ...


def connector_of(platform: str) -> AdConnector:
    """The connector of an ad platform.

    Raises:
        UsageError: There is none of that name.
        SettingsError: What stands behind its name cannot be loaded.
    """
    known = _by_name(AD_PLATFORMS)
    if platform not in known:
        raise UsageError(f"There is no ad platform {platform!r}.", did_you_mean(platform, sorted(known)))
    return cast("AdConnector", _load(known[platform]))


def needs_by_platform() -> dict[str, tuple[str, ...]]:
    """What credentials must hold, by the name of each ad platform that there is."""
    return {
        name: tuple(cast("AdConnector", _load(entry)).needs) for name, entry in sorted(_by_name(AD_PLATFORMS).items())
    }


def exports_of(platform: str, credentials: Mapping[str, str]) -> "AdExports":
    """What pulls are made from; leads with it where the credentials say by `crm` where they are told."""
    exports = connector_of(platform).exports(credentials)
    if not credentials.get("crm"):
        return exports
    from marketmover.connectors.leads import WithLeads

    return WithLeads(exports, credentials["crm"])


def notifiers() -> dict[str, Any]:
    """Ways to tell people, by name."""
    return {name: _load(entry) for name, entry in sorted(_by_name(NOTIFIERS).items())}


def _by_name(group: str) -> dict[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=group)}


def _load(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except (ImportError, AttributeError) as error:
        raise SettingsError(
            f"The connector {entry.name} ({entry.value}) cannot be loaded: {error}.",
            "Install the package that offers it anew, or remove it.",
        ) from error


def read_sandbox(folder: Path, platform: str) -> dict[str, str]:
    """What opens the simulated account of a sandbox, from the `connection.json` that its server writes.

    Raises:
        NotFoundError: The sandbox has never been served.
        InputError: It has no such platform.
    """
    path = folder / _CONNECTION
    if not path.exists():
        raise NotFoundError(
            f"{folder} holds no {_CONNECTION}: this sandbox has never been served.",
            f"Run in another terminal: marketmover sandbox serve {folder}",
        )
    whole = _read_json(path)
    section = whole.get(platform)
    if not isinstance(section, dict):
        there = ", ".join(name for name, part in whole.items() if isinstance(part, dict))
        raise InputError(f"{path} opens no account of {platform}.", f"It opens: {there or 'none'}.")
    found = _texts(cast("Mapping[str, Any]", section), path)
    found |= _texts({name: whole[name] for name in ("clock", "crm") if whole.get(name)}, path)
    if authority := found.get("ca"):
        found["ca"] = str((folder / authority).absolute())
    return found


def read_credentials(path: Path, platform: str) -> dict[str, str]:
    """Credentials from a JSON file: a map of texts, or one of such maps by platform.

    Raises:
        NotFoundError: The file is not there.
        InputError: It does not hold such a map.
    """
    if not path.exists():
        raise NotFoundError(f"There is no file {path}.")
    whole = _read_json(path)
    section = whole.get(platform, whole)
    if not isinstance(section, dict):
        raise InputError(f"{path} holds no map under {platform!r}.", _FORM)
    return _texts(cast("Mapping[str, Any]", section), path)


_FORM = 'Write it like {"customer_id": "1234567890", "developer_token": "..."}: docs/accounts.md says what is needed.'


def require_keys(platform: str, credentials: Mapping[str, str]) -> None:
    """See that credentials hold what the platform's connector needs.

    Raises:
        InputError: Something is missing; everything that is, is named.
    """
    missing = [key for key in connector_of(platform).needs if not credentials.get(key)]
    if missing:
        raise InputError(f"The credentials for {platform} lack {', '.join(missing)}.", _FORM)


def check_account(platform: str, credentials: Mapping[str, str]) -> "SourceAccount":
    """Ask the platform for the account behind credentials.

    Raises:
        InputError: Something is missing in the credentials.
        PlatformError: The platform cannot be reached, or does not take them.
        MissingExtraError: The platform's SDK is not installed.
    """
    require_keys(platform, credentials)
    return connector_of(platform).check(credentials)


def _read_json(path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError(f"{path} cannot be read as JSON: {_where(error)}.", _FORM) from error
    if not isinstance(read, dict):
        raise InputError(f"{path} holds no JSON object.", _FORM)
    return cast("dict[str, Any]", read)


def _is_key(name: str, value: object) -> bool:
    return name == _JSON_KEY and isinstance(value, dict)


def _where(error: Exception) -> str:
    """What is wrong, without repeating what the file holds."""
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    return error.strerror or "unreadable" if isinstance(error, OSError) else "it is not UTF-8 text"


def _texts(values: Mapping[str, Any], path: Path) -> dict[str, str]:
    """Values as texts; a service account's key may stand there as the object that it is."""
    values = {name: json.dumps(value) if _is_key(name, value) else value for name, value in values.items()}
    wrong = [name for name, value in values.items() if isinstance(value, dict | list | bool | float)]
    if wrong:
        raise InputError(f"In {path} the value of {', '.join(wrong)} is no text.", _FORM)
    return {name: str(value).strip() for name, value in values.items() if value not in (None, "")}
