"""Random tokens: what a cookie, a key or a link carries. The database holds hashes alone.

Tokens are 256 random bits, so one pass of SHA-256 is enough: there is nothing to guess (OWASP, Session Management).
"""

import base64
import hashlib
import hmac
import secrets

_BYTES = 32
_CSRF = b"marketmover csrf"


def new_token() -> str:
    """A token of 256 random bits, 43 letters that fit into an address."""
    return secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token: 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def matches(token: str, kept: str) -> bool:
    """Whether a token is the one that was kept, in a time that does not tell how far it is right."""
    return hmac.compare_digest(token_hash(token), kept)


def csrf_of(token: str) -> str:
    """The CSRF token of a session: it follows from the session's token, so that it changes with it."""
    mac = hmac.new(token.encode("utf-8", "surrogatepass"), _CSRF, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def csrf_matches(token: str, shown: str | None) -> bool:
    """Whether a CSRF token is that of the session with this token."""
    given = (shown or "").encode("utf-8", "surrogatepass")
    return hmac.compare_digest(csrf_of(token).encode(), given)
