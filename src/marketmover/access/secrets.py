"""Secrets at rest: sealed by AES-256-GCM with a key that is not in the database.

What a secret is for (its workspace and name) is sealed with it as additional data: a row that somebody copies to
another name or workspace does not open there (NIST SP 800-38D; the nonce is 96 random bits, fresh for each sealing).
"""

import base64
import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import TextClause, delete, select, text
from sqlalchemy.orm import Session

from marketmover.access.keys import Key, Keys
from marketmover.access.records import SecretRow
from marketmover.errors import NotFoundError, SettingsError
from marketmover.kit import utc_now

_NONCE_BYTES = 12
_ROW_WRITER = text("LOCK TABLE secrets IN ROW EXCLUSIVE MODE")
_ALL_WRITERS = text("LOCK TABLE secrets IN EXCLUSIVE MODE")


class Secrets:
    """Secrets of a workspace, by name: `accounts/google_ads`, `notices/mail`. Each is a map of texts.

    Nothing here commits: the caller's transaction does.
    """

    def __init__(self, keys: Keys, workspace: str) -> None:
        self._keys = keys
        self._workspace = workspace

    def keep(self, session: Session, name: str, values: Mapping[str, str], at: datetime | None = None) -> None:
        """Seal `values` under `name`, in place of what was there."""
        _lock(session, _ROW_WRITER)
        key = self._keys.sealing()
        sealed = seal(key, json.dumps(dict(values)), context=_context(self._workspace, name))
        session.merge(
            SecretRow(workspace_id=self._workspace, name=name, key_id=key.id, sealed=sealed, changed_at=at or utc_now())
        )

    def reveal(self, session: Session, name: str) -> dict[str, str]:
        """What was kept under `name`.

        Raises:
            NotFoundError: Nothing was.
            SettingsError: The key that sealed it is not here, or the row was changed by other hands.
        """
        row = session.get(SecretRow, (self._workspace, name))
        if row is None:
            raise NotFoundError(f"There is no secret {name!r} in workspace {self._workspace}.")
        return json.loads(_opened(row, self._keys))

    def forget(self, session: Session, name: str) -> None:
        """Delete what was kept under `name`, if anything was."""
        session.execute(delete(SecretRow).where(SecretRow.workspace_id == self._workspace, SecretRow.name == name))


class SecretName(NamedTuple):
    """Whose a secret is, and what it is called: `accounts/google_ads`."""

    workspace: str
    name: str

    @property
    def about(self) -> str:
        """What the log calls what it opens: `account google_ads`."""
        kind, _, name = self.name.partition("/")
        return {"accounts": f"account {name}", "notices": f"notices secret {name}"}.get(kind, f"secret {self.name}")


def rotate(session: Session, keys: Keys, at: datetime | None = None) -> list[SecretName]:
    """Seal every secret of every workspace anew with the first key; the caller commits before former keys go.

    Returns:
        Those that were sealed anew, by workspace and name.
    """
    _lock(session, _ALL_WRITERS)
    key = keys.sealing()
    former = select(SecretRow).where(SecretRow.key_id != key.id)
    rows = session.scalars(former.order_by(SecretRow.workspace_id, SecretRow.name)).all()
    for row in rows:
        row.sealed = seal(key, _opened(row, keys), context=_context(row.workspace_id, row.name))
        row.key_id = key.id
        row.changed_at = at or utc_now()
    return [SecretName(row.workspace_id, row.name) for row in rows]


def seal(key: Key, plain: str, *, context: str) -> str:
    """Encrypt `plain` so that it opens only with `key` and for `context`: base64 of nonce, ciphertext and tag."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE_BYTES)
    return base64.b64encode(nonce + AESGCM(key.value).encrypt(nonce, plain.encode(), context.encode())).decode()


def unseal(key: Key, sealed: str, *, context: str) -> str:
    """Decrypt what `seal` made.

    Raises:
        ValueError: It was sealed with another key or for something else, or was changed since.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    raw = base64.b64decode(sealed)
    try:
        return AESGCM(key.value).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], context.encode()).decode()
    except InvalidTag as error:
        raise ValueError("not sealed with this key for this") from error


def _lock(session: Session, statement: TextClause) -> None:
    """Take the lock before the key is read: else a secret sealed with the former key could be kept after a rotation.

    On SQLite every transaction that may write is alone from its beginning.
    """
    if session.connection().dialect.name == "postgresql":
        session.execute(statement)


def _opened(row: SecretRow, keys: Keys) -> str:
    key = next((key for key in keys.all() if key.id == row.key_id), None)
    shown = f"The secret {row.name!r} of workspace {row.workspace_id}"
    if key is None:
        raise SettingsError(
            f"{shown} was sealed with the key {row.key_id}, which is not in {keys.place}.",
            "Put that key back (the file secret.key of the home that sealed it, or the setting "
            "MARKETMOVER_SECRET_KEY), or add the account anew.",
        )
    try:
        return unseal(key, row.sealed, context=_context(row.workspace_id, row.name))
    except ValueError as error:
        raise SettingsError(
            f"{shown} does not open: its row was changed by other hands.", "Add the account anew."
        ) from error


def _context(workspace: str, name: str) -> str:
    return f"{workspace}/{name}"
