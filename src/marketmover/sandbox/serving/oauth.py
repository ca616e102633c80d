"""The token endpoint of the simulated Google accounts.

It gives an access token for a refresh token (RFC 6749, section 6), or for what a service account signed (RFC 7523).
"""

import hmac
from collections.abc import Mapping
from typing import Any

from marketmover.sandbox.serving.connection import TOKEN_LIFE_S, Tokens

Answer = tuple[int, dict[str, Any]]
_SIGNED = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SCOPE = "https://www.googleapis.com/auth/adwords"


def answer(tokens: Tokens, form: Mapping[str, str], address: str) -> Answer:
    """Status and body for the form that was posted to `/token`, whose whole address is `address`."""
    grant = form.get("grant_type")
    if grant == _SIGNED:
        return _for_signed(tokens, form.get("assertion", ""), address)
    if grant != "refresh_token":
        return _refused(400, "unsupported_grant_type", f"The sandbox knows grant_type=refresh_token and {_SIGNED}.")
    wanted = tokens.connection
    given = (form.get("client_id", ""), form.get("client_secret", ""))
    if not all(map(_equal, given, (wanted.client_id, wanted.client_secret))):
        return _refused(401, "invalid_client", "The OAuth client was not found.")
    if not _equal(form.get("refresh_token", ""), wanted.refresh_token):
        return _refused(400, "invalid_grant", "Token has been expired or revoked.")
    return _given(tokens)


def _for_signed(tokens: Tokens, assertion: str, address: str) -> Answer:
    if tokens.service_account is None:
        return _refused(400, "invalid_grant", "Invalid grant: account not found")
    why = tokens.service_account.refuses(assertion, address, _SCOPE)
    return _refused(400, "invalid_grant", why) if why else _given(tokens)


def _given(tokens: Tokens) -> Answer:
    told = {"access_token": tokens.issue(), "expires_in": TOKEN_LIFE_S - 1, "scope": _SCOPE, "token_type": "Bearer"}
    return 200, told


def revoked() -> Answer:
    """What a refresh token that was taken back gets."""
    return _refused(400, "invalid_grant", "Token has been expired or revoked.")


def _refused(status: int, error: str, words: str) -> Answer:
    return status, {"error": error, "error_description": words}


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
