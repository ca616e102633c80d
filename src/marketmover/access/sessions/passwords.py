"""Passwords: which may be one, and their hashes by argon2id (RFC 9106; the cost is the first that OWASP names).

Hashing takes 46 MiB and some hundredths of a second. Only a few are hashed at once, so that a flood of sign-ins takes
time, never all memory.
"""

import threading
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from marketmover.errors import UsageError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

FEWEST = 12
MOST = 256
_FEWEST_LETTERS = 6  # different ones
_AT_ONCE = threading.BoundedSemaphore(2)
_FAMILIAR = ("password", "passwort", "qwerty", "azerty", "letmein", "welcome", "123456", "iloveyou", "marketmover")


def check_password(password: str, email: str) -> str:
    """A password that may be one: long enough, and not what is tried first (NIST SP 800-63B).

    Raises:
        UsageError: It may not; it is never repeated.
    """
    text = _normal(password)
    if not FEWEST <= len(text) <= MOST:
        raise UsageError(f"A password has {FEWEST} to {MOST} letters.", "Take several words.")
    rest = text.casefold()
    for part in (*_FAMILIAR, email.casefold(), email.casefold().partition("@")[0]):
        rest = rest.replace(part, "") if len(part) > 3 else rest
    if len(set(text)) < _FEWEST_LETTERS or len(rest) < FEWEST // 2:
        raise UsageError("The password is too easy to guess.", "Take several words that have nothing to do with you.")
    return password


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _AT_ONCE:
        return _hasher().hash(_normal(password))


def verify(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was kept. It takes as long where none was, so that nobody is found out."""
    from argon2.exceptions import InvalidHashError, VerificationError

    nobodys = _nobodys()  # before the kinds of accounts part, so that its first time costs all alike
    with _AT_ONCE:
        try:
            right = _hasher().verify(kept or nobodys, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
    return right and kept is not None


def is_outdated(kept: str) -> bool:
    """Whether a hash was made at a lower cost than is asked for now."""
    return _hasher().check_needs_rehash(kept)


@cache
def _hasher() -> "PasswordHasher":
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1)


@cache
def _nobodys() -> str:
    return _hasher().hash("nobody has this password")


def _normal(password: str) -> str:
    """The same text however a keyboard composes it (NIST SP 800-63B asks for NFKC)."""
    return unicodedata.normalize("NFKC", password)
