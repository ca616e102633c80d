"""The keys that seal secrets. They lie outside the database: in a setting, or in a file of the home.

The first key of several seals; the others only open what was sealed before it came.
"""

import base64
import binascii
import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from marketmover.errors import SettingsError
from marketmover.kit import new_id

_BYTES = 32  # AES-256
FILE = "secret.key"
_SETTING = "MARKETMOVER_SECRET_KEY"


@dataclass(frozen=True)
class Key:
    """A key for AES-256-GCM; `id` names it without telling it."""

    id: str
    value: bytes

    @classmethod
    def of(cls, value: bytes) -> "Key":
        """A key by its 32 bytes."""
        return cls(hashlib.blake2b(value, digest_size=4, person=b"marketmover-key").hexdigest(), value)

    def __repr__(self) -> str:
        return f"Key({self.id})"


class Keys:
    """The keys of an installation.

    Args:
        setting: Keys by base64, 32 bytes each, separated by commas: the first seals. Empty: the file is used.
        home: The home, whose file `secret.key` holds them where the setting is empty. It is made, for its owner alone,
            when something is first sealed.
    """

    def __init__(self, setting: str, home: Path) -> None:
        self._setting = setting.strip()
        self._path = home / FILE

    @property
    def from_setting(self) -> bool:
        """Whether they stand in the setting rather than in the file."""
        return bool(self._setting)

    @property
    def place(self) -> str:
        """Where they are, for messages."""
        return _SETTING if self._setting else str(self._path)

    def all(self) -> Sequence[Key]:
        """Every key there is, the sealing one first; none before the first was made.

        Raises:
            SettingsError: The setting or the file does not hold keys, or others may read the file.
        """
        if self._setting:
            return _read(self._setting.replace(",", "\n"), _SETTING)
        try:
            text = self._path.read_text(encoding="ascii")
        except FileNotFoundError:
            return ()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError(f"The key file {self._path} cannot be read: {error}.", _RESTORE) from error
        _require_private(self._path)
        return _read(text, str(self._path))

    def text(self) -> str:
        """All keys as the file holds them, for a backup that is to hold them."""
        return "".join(f"{base64.b64encode(key.value).decode()}\n" for key in self.all())

    def sealing(self) -> Key:
        """The key to seal with; the file is made where there is none."""
        if not (keys := self.all()):
            _write_first(self._path, [new_key()])
            keys = self.all()  # another process may have been first
        return keys[0]

    def begin_rotation(self) -> Key:
        """Put a new key before those in the file; the setting's first key is taken as the new one.

        Raises:
            SettingsError: The setting holds one key alone.
        """
        if not self._setting:
            fresh = new_key()
            _replace(self._path, [fresh, *self.all()])
            return fresh
        if len(keys := self.all()) < 2:
            raise SettingsError(
                f"{_SETTING} holds one key, and a key in a setting can only be changed by whoever sets it.",
                f"Make one (openssl rand -base64 32), set {_SETTING}=NEW,OLD for all processes, and run this again.",
            )
        return keys[0]

    def end_rotation(self) -> None:
        """Forget all keys of the file but the first; what stands in a setting is left to whoever sets it."""
        if not self._setting:
            _replace(self._path, self.all()[:1])


_RESTORE = "Put it back from your backup: without it the accounts must be added anew."


def new_key() -> Key:
    """A random key."""
    return Key.of(os.urandom(_BYTES))


def _read(text: str, place: str) -> list[Key]:
    keys: list[Key] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            value = base64.b64decode(line.replace("-", "+").replace("_", "/"), validate=True)
        except (binascii.Error, ValueError):
            value = b""
        if len(value) != _BYTES:
            raise SettingsError(
                f"{place} holds no key: it must be 32 bytes by base64.", "Make one: openssl rand -base64 32"
            )
        keys.append(Key.of(value))
    if not keys:
        raise SettingsError(f"{place} holds no key.", _RESTORE)
    return keys


def _require_private(path: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SettingsError(f"The key file {path} may be read by others.", f"Run: chmod 600 {path}")


def _write_first(path: Path, keys: Sequence[Key]) -> None:
    """Write it unless it is there: of two processes that start at once, one makes it, and both use that one."""
    aside = _written_aside(path, keys)
    try:
        path.hardlink_to(aside)
        _sync_folder(path.parent)
    except FileExistsError:
        return
    finally:
        aside.unlink()


def _replace(path: Path, keys: Sequence[Key]) -> None:
    _written_aside(path, keys).replace(path)
    _sync_folder(path.parent)


def _written_aside(path: Path, keys: Sequence[Key]) -> Path:
    aside = path.with_name(f".{path.name}-{new_id()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as handle:
        handle.write(b"".join(base64.b64encode(key.value) + b"\n" for key in keys))
        handle.flush()
        os.fsync(handle.fileno())
    return aside


def _sync_folder(folder: Path) -> None:
    """See that the file's new name outlives a power failure; a system that cannot do this has no folders to open."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
