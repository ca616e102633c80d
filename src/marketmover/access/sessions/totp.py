"""Second factors: codes of an app that change every 30 seconds (TOTP, RFC 6238), and recovery codes.

A code is taken once: its time step is kept, and no code of that step or an earlier one is taken again. Recovery codes
are 80 random bits, kept as hashes, each good for once.
"""

import base64
import hmac
import os
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from marketmover.access.keys import Keys
from marketmover.access.records import PersonRow, RecoveryRow, TotpRow
from marketmover.access.secrets import Secrets
from marketmover.access.tokens import token_hash
from marketmover.errors import ConflictError, SecondFactorError, UnauthenticatedError, UsageError

_STEP_S = 30
_DIGITS = 6
_RECOVERY = 10
_ISSUER = "marketmover"


def begin_totp(session: Session, keys: Keys, workspace: str, person: PersonRow, now: datetime) -> tuple[str, str]:
    """Make a seed for a person's app. Codes are asked for once one of them was shown to `confirm_totp`.

    Args:
        session: The caller commits.
        keys: What seals the seed.
        workspace: Among whose secrets it is kept.
        person: Whose app.
        now: The present moment.

    Returns:
        The seed by base32, and the `otpauth:` address that apps read as a QR code.

    Raises:
        ConflictError: Codes are asked for already.
    """
    from pyotp import random_base32
    from pyotp.totp import TOTP

    row = session.get(TotpRow, person.id)
    if row is not None and row.confirmed_at is not None:
        raise ConflictError("A second factor is on already.", "Turn it off first.")
    forget_totp(session, keys, person.id)
    session.add(TotpRow(person_id=person.id, workspace_id=workspace, confirmed_at=None, last_step=0))
    seed = random_base32()
    Secrets(keys, workspace).keep(session, _secret_of(person.id), {"seed": seed}, now)
    return seed, TOTP(seed).provisioning_uri(name=person.email, issuer_name=_ISSUER)


def qr_code(uri: str) -> str:
    """An `otpauth:` address as a QR code: an SVG, black on white whatever a page's colours, as a `data:` address."""
    import segno

    return segno.make_qr(uri, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")


def confirm_totp(session: Session, keys: Keys, person: PersonRow, code: str, now: datetime) -> list[str]:
    """Turn the second factor on by a code of the app. Returns recovery codes; they are told this once.

    Raises:
        UsageError: No seed was made, or the code is not the app's.
        ConflictError: It is on already.
    """
    row = session.get(TotpRow, person.id)
    if row is None:
        raise UsageError("No second factor was begun.", "POST /v1/session/totp begins it.")
    if row.confirmed_at is not None:
        raise ConflictError("A second factor is on already.")
    if not _take_code(session, keys, row, code, now):
        raise UsageError("The code is not the one that the app shows now.", "Check the clock of the phone.")
    row.confirmed_at = now
    return renew_recovery(session, person.id)


def renew_recovery(session: Session, person_id: str) -> list[str]:
    """New recovery codes in place of the former."""
    session.execute(delete(RecoveryRow).where(RecoveryRow.person_id == person_id))
    codes = [_recovery_code() for _ in range(_RECOVERY)]
    session.add_all(RecoveryRow(person_id=person_id, code_hash=token_hash(_plain(code))) for code in codes)
    session.flush()
    return codes


def require_second_factor(session: Session, keys: Keys, person: PersonRow, code: str, now: datetime) -> None:
    """See that a person whose second factor is on shows a code, of the app or for recovery; it is used up.

    Raises:
        SecondFactorError: It is on, and no code was shown.
        UnauthenticatedError: The code is wrong, or was used.
    """
    row = session.get(TotpRow, person.id)
    if row is None or row.confirmed_at is None:
        return
    if not code:
        raise SecondFactorError("A code of your app is asked for.", "Send it as `code`, or a recovery code.")
    if not (_take_code(session, keys, row, code, now) or _take_recovery(session, person.id, code)):
        raise UnauthenticatedError("The code is wrong, or was used already.", "Wait for the next one.")


def forget_totp(session: Session, keys: Keys, person_id: str) -> bool:
    """Turn a person's second factor off; whether it was on."""
    row = session.get(TotpRow, person_id)
    if row is None:
        return False
    session.execute(delete(RecoveryRow).where(RecoveryRow.person_id == person_id))
    Secrets(keys, row.workspace_id).forget(session, _secret_of(person_id))
    session.delete(row)
    session.flush()
    return row.confirmed_at is not None


def totp_state(session: Session, person_id: str) -> tuple[bool, int]:
    """Whether a person's second factor is on, and how many recovery codes are left."""
    row = session.get(TotpRow, person_id)
    left = session.scalar(select(func.count()).where(RecoveryRow.person_id == person_id)) or 0
    return row is not None and row.confirmed_at is not None, left


def _take_code(session: Session, keys: Keys, row: TotpRow, code: str, now: datetime) -> bool:
    """Use up a code of the app: of this step, the one before or the one after, and later than any that was used."""
    from pyotp.totp import TOTP

    if len(code) != _DIGITS or not (code.isascii() and code.isdigit()):
        return False
    seed = Secrets(keys, row.workspace_id).reveal(session, _secret_of(row.person_id))["seed"]
    totp, step = TOTP(seed), int(now.timestamp()) // _STEP_S
    right = [near for near in (step - 1, step, step + 1) if hmac.compare_digest(totp.generate_otp(near), code)]
    if not right:
        return False
    used = update(TotpRow).where(TotpRow.person_id == row.person_id, TotpRow.last_step < right[-1])
    used = used.values(last_step=right[-1]).returning(TotpRow.person_id)
    return session.scalar(used) is not None  # of two at once, the database lets one through


def _take_recovery(session: Session, person_id: str, code: str) -> bool:
    used = delete(RecoveryRow).where(
        RecoveryRow.person_id == person_id, RecoveryRow.code_hash == token_hash(_plain(code))
    )
    return session.scalar(used.returning(RecoveryRow.person_id)) is not None


def _recovery_code() -> str:
    letters = base64.b32encode(os.urandom(10)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").lower()


def _secret_of(person_id: str) -> str:
    return f"people/{person_id}/totp"
