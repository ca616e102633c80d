"""What `doctor` looks at: Python, settings, home, disk, stores and extras. It makes and changes nothing."""

import os
import platform
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from marketmover.errors import MarketmoverError
from marketmover.kit import counted, utc_now
from marketmover.settings import Settings
from marketmover.store import Finding, StoreOpener, inspect_stores
from marketmover.store.opening import UNFINISHED

_PACKAGE = "marketmover"
_OLDEST_PYTHON = (3, 11)
_LOW_BYTES = 1_000_000_000
_FULL_BYTES = 100_000_000
_OLD_BACKUP_DAYS = 7
_SHOWN = ("ibis-framework", "duckdb", "sqlalchemy", "alembic", "pyarrow", "numpy")


def examine(opener: StoreOpener) -> list[Finding]:
    """Everything that can be wrong with an installation, one finding each."""
    findings = [_python(), _versions()]
    try:
        settings = opener.settings
    except MarketmoverError as error:
        return [*findings, Finding("settings", "broken", error.message, error.remedy), *_extras()]
    found = [_settings(settings), _home(settings.home), _disk(settings.home), *_stores(settings)]
    found += [_upgrade(settings), _backup(settings.home)] if settings.home.is_dir() else []
    return [*findings, *found, _secret_key(settings), _language_model(opener), *_extras()]


def _python() -> Finding:
    found = f"{platform.python_version()} at {sys.executable}"
    if sys.version_info < _OLDEST_PYTHON:
        return Finding("python", "broken", found, "Install Python 3.11 or newer, and marketmover in it.")
    return Finding("python", "ok", found)


def _versions() -> Finding:
    return Finding("versions", "ok", ", ".join(f"{name} {version(name)}" for name in (_PACKAGE, *_SHOWN)))


def _settings(settings: Settings) -> Finding:
    return Finding("settings", "ok", f"workspace {settings.workspace}")


def _home(home: Path) -> Finding:
    remedy = "Set MARKETMOVER_HOME to a folder that you may write."
    if home.is_file():
        return Finding("home", "broken", f"{home} is a file, not a folder", remedy)
    if not home.exists():
        return Finding("home", "warning", f"{home} is not there yet", "Run: marketmover init")
    if not os.access(home, os.W_OK | os.X_OK):
        return Finding("home", "broken", f"{home} may not be written by this user", remedy)
    return Finding("home", "ok", str(home))


def _disk(home: Path) -> Finding:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free = shutil.disk_usage(there).free
    found, remedy = f"{free / 1e9:.1f} GB free at {there}", "Free some space, or move the home by MARKETMOVER_HOME."
    if free < _LOW_BYTES:
        return Finding("disk", "broken" if free < _FULL_BYTES else "warning", found, remedy)
    return Finding("disk", "ok", found)


def _stores(settings: Settings) -> list[Finding]:
    return [] if settings.home.is_file() else inspect_stores(settings)


def _upgrade(settings: Settings) -> Finding:
    """What an upgrade would do; a store that cannot be looked at tells why under its own name."""
    from marketmover.app.operating.places import Places
    from marketmover.app.operating.upgrade import pending

    try:
        steps = pending(Places.of(settings), 0)
    except MarketmoverError:
        return Finding("upgrade", "warning", "not known: a store could not be looked at")
    if not steps:
        return Finding("upgrade", "ok", "nothing is behind")
    told = "; ".join(f"{one.store} from {one.before} to {one.after}" for one in steps)
    return Finding("upgrade", "warning", f"waits: {told}", "Run: marketmover upgrade, which takes a backup before.")


def _backup(home: Path) -> Finding:
    """When the last backup was taken, and whether a restore was cut off."""
    from marketmover.app.operating.memory import last_backup

    if (home / UNFINISHED).exists():
        return Finding(
            "backup", "broken", "a restore of this home was cut off", "Run it again: marketmover restore FILE --replace"
        )
    last = last_backup(home)
    if last is None:
        return Finding("backup", "ok", "none was taken here yet; to take one: marketmover backup FILE")
    days = (utc_now() - last.at).days
    found = f"taken {last.at:%Y-%m-%d %H:%M} UTC, {counted(days, 'day')} ago, to {last.path}"
    if days > _OLD_BACKUP_DAYS:
        return Finding("backup", "warning", found, "Run: marketmover backup FILE")
    return Finding("backup", "ok", found)


def _secret_key(settings: Settings) -> Finding:
    """Whether the key that seals credentials can be used; which it is, by its name alone."""
    from marketmover.access import Keys

    keys = Keys(settings.secret_key.get_secret_value(), settings.home)
    try:
        names = [key.id for key in keys.all()]
    except MarketmoverError as error:
        return Finding("secret key", "broken", error.message, error.remedy)
    if not names and _has_secrets(settings):
        missing = f"{keys.place} is not there, and credentials are sealed with it"
        return Finding(
            "secret key", "broken", missing, "Put it back, or connect the accounts anew: marketmover accounts"
        )
    return Finding("secret key", "ok", f"{', '.join(names)} in {keys.place}" if names else "none needed yet")


def _has_secrets(settings: Settings) -> bool:
    """Whether anything is sealed; records that cannot be read tell why under their own name."""
    from sqlalchemy import inspect, text
    from sqlalchemy.exc import SQLAlchemyError

    from marketmover.app.operating.places import Places, is_there
    from marketmover.store import database

    try:
        url = Places.of(settings).records
        if not is_there(url):
            return False
        with database.connect(url, pooled=False).execution_options(**database.READ_ONLY).connect() as connection:
            there = inspect(connection).has_table("secrets")
            return there and connection.execute(text("SELECT 1 FROM secrets LIMIT 1")).first() is not None
    except (MarketmoverError, SQLAlchemyError):
        return False


def _language_model(opener: StoreOpener) -> Finding:
    """Whether the endpoint answers, by its list of models: nothing of a client's is sent, and nothing is billed."""
    if not opener.settings.llm_url:
        return Finding("language model", "ok", "none set: briefs are read by rules, and nothing leaves the machine")
    from marketmover.app.language_model import chat_client

    try:
        client = chat_client(opener)
        return Finding("language model", "ok", client.look() if client else "none set")
    except MarketmoverError as error:
        return Finding("language model", "broken", error.message, error.remedy or "Briefs are read by rules till then.")


def _extras() -> list[Finding]:
    """Extras by the package's own metadata; one that is missing is no fault until a setting asks for it."""
    packages: dict[str, list[str]] = {}
    for requirement in requires(_PACKAGE) or ():
        if found := re.match(r"""([\w.-]+).*extra\s*==\s*["']([\w-]+)["']""", requirement):
            packages.setdefault(found.group(2), []).append(found.group(1))
    return [_extra(name, packages[name]) for name in sorted(packages)]


def _extra(name: str, packages: list[str]) -> Finding:
    installed = {package: _installed(package) for package in packages}
    if all(installed.values()):
        return Finding(f"extra {name}", "ok", ", ".join(f"{package} {found}" for package, found in installed.items()))
    return Finding(f"extra {name}", "ok", f"not installed; if needed: pip install 'marketmover[{name}]'")


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
