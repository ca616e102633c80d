"""Store URLs: which backend a URL names, which file it points to, and how it is shown without its password."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from marketmover.errors import SettingsError

UPGRADE = "pip install --upgrade marketmover"
_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]+):")
_PASSWORD = re.compile(r"(?<=://)([^?#\s]*)@")  # up to the last @: a password may hold / and @ by mistake
_SECRET_PARAMETER = re.compile(r"(?i)([?&](?:[a-z_.-]*(?:password|secret|token|key|credential)[a-z_.-]*)=)[^&#\s]*")


def scheme_of(url: str) -> str:
    """The scheme in lower case (`postgresql`), without a driver (`+psycopg`); empty for a plain path or `C:` drive."""
    found = _SCHEME.match(url)
    return found.group(1).lower().split("+")[0] if found else ""


def redacted(url: str) -> str:
    """The URL as it may be shown: no password, no secret in its query.

    >>> redacted("postgresql://ana:s3cret@db/marketing")
    'postgresql://ana:***@db/marketing'
    """
    return _SECRET_PARAMETER.sub(r"\1***", _PASSWORD.sub(_without_password, url))


def _without_password(found: re.Match[str]) -> str:
    user, colon, _ = found.group(1).partition(":")
    return f"{user}:***@" if colon else f"{user}@"


def unsupported(setting: str, url: str, supported: str) -> SettingsError:
    """The error for a URL that no backend of this store answers to."""
    variable = f"MARKETMOVER_{setting.upper()}"
    return SettingsError(
        f"The setting {setting} is {redacted(url)!r}, which no backend answers to.",
        f"Set {variable} to {supported}, or leave it empty for the embedded default.",
    )


def file_path(setting: str, url: str, home: Path) -> Path:
    """The file that `sqlite:///PATH` or `duckdb:///PATH` names; a relative PATH is taken from the home.

    Three slashes and a relative path, four and an absolute one, as SQLAlchemy reads it.

    Raises:
        SettingsError: The URL names a host or no file.
    """
    parts = urlsplit(url)
    if parts.netloc or parts.query or len(parts.path) < 2 or not parts.path.startswith("/"):
        scheme = parts.scheme
        raise SettingsError(
            f"The setting {setting} is {redacted(url)!r}, which names no file.",
            f"Write {scheme}:///PATH for a path within the home, or {scheme}:////PATH for an absolute one.",
        )
    return home / parts.path[1:]
