"""What is asked of an OpenID provider: where its doors are, and who came through (OpenID Connect Core 1.0).

No redirect is followed, answers are small, and every address is https, or on this machine. Tokens are signed with the
provider's public keys alone (RFC 8725): never by a shared secret, never by nothing.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import quote, urlencode, urlsplit

from marketmover.access.rules import Oidc
from marketmover.errors import PlatformError, UnauthenticatedError

_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
_MOST_BYTES = 1_000_000
_TIMEOUT_S = 10.0
_LEEWAY_S = 60
_LOCAL = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class Provider:
    """Where a provider's doors are.

    Attributes:
        issuer: As its tokens name it.
        authorization: Where browsers go.
        token: Where codes are exchanged.
        keys: Its public keys.
        by_post: Whether it takes our secret in the body alone.
        names_itself: Whether it sends `iss` along with each code (RFC 9207).
    """

    issuer: str
    authorization: str
    token: str
    keys: str
    by_post: bool
    names_itself: bool


@dataclass(frozen=True)
class Identity:
    """Who came: what the provider calls them, for good, and their e-mail, which the provider has seen to be theirs."""

    subject: str
    email: str
    name: str


def discover(oidc: Oidc) -> Provider:
    """Ask the provider where its doors are.

    Raises:
        PlatformError: It cannot be reached, or does not say so, or calls itself something else.
    """
    address = f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
    found = _json(oidc, "GET", address)
    if found.get("issuer") != oidc.issuer:
        raise _broken(oidc, f"calls itself {str(found.get('issuer'))[:200]!r}")
    ways = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Provider(
        issuer=oidc.issuer,
        authorization=_door(oidc, found, "authorization_endpoint"),
        token=_door(oidc, found, "token_endpoint"),
        keys=_door(oidc, found, "jwks_uri"),
        by_post=isinstance(ways, list) and "client_secret_basic" not in ways,
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
    )


def sign_in_address(oidc: Oidc, provider: Provider, *, redirect: str, state: str, nonce: str, verifier: str) -> str:
    """Where to send a browser; the code that comes back is of use to whoever has `verifier` alone (PKCE, RFC 7636)."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    asked = {
        "response_type": "code",
        "client_id": oidc.client_id,
        "redirect_uri": redirect,
        "scope": "openid email profile",
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    joint = "&" if urlsplit(provider.authorization).query else "?"
    return f"{provider.authorization}{joint}{urlencode(asked)}"


def identify(
    oidc: Oidc, provider: Provider, *, code: str, redirect: str, nonce: str, verifier: str, now: datetime
) -> Identity:
    """Exchange a code for a token, and read from it who came.

    Raises:
        PlatformError: The provider cannot be reached.
        UnauthenticatedError: It does not take the code, its token does not hold, or the e-mail is not verified.
    """
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect, "code_verifier": verifier}
    answer = _json(oidc, "POST", provider.token, form, _proof(oidc, provider, form), refused=True)
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise _refused("it gave no token of identity")
    claims = _claims(oidc, token, _json(oidc, "GET", provider.keys))
    _check(oidc, claims, nonce, now)
    return _identity(claims)


def _proof(oidc: Oidc, provider: Provider, form: dict[str, str]) -> dict[str, str]:
    """Headers that prove who we are; the form is added to where the provider wants it there."""
    if not oidc.client_secret or provider.by_post:
        form["client_id"] = oidc.client_id
        if oidc.client_secret:
            form["client_secret"] = oidc.client_secret
        return {}
    pair = f"{quote(oidc.client_id, safe='')}:{quote(oidc.client_secret, safe='')}"  # encoded first: RFC 6749, 2.3.1
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def _claims(oidc: Oidc, token: str, keys: dict[str, Any]) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    try:
        return dict(jwt.decode(token, KeySet.import_key_set(cast("Any", keys)), algorithms=_ALGORITHMS).claims)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise _refused(f"its token is not signed by {oidc.issuer}") from error


def _check(oidc: Oidc, claims: dict[str, Any], nonce: str, now: datetime) -> None:
    audience = claims.get("aud")
    meant = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", oidc.client_id if len(meant) == 1 else None)
    ends, began, at = claims.get("exp"), claims.get("iat"), now.timestamp()
    wrong = {
        "it is another provider's": claims.get("iss") != oidc.issuer,
        "it is for another client": oidc.client_id not in meant or party != oidc.client_id,
        "it is too old": not _is_time(ends) or cast("float", ends) + _LEEWAY_S <= at,
        "it is of the future": not _is_time(began) or cast("float", began) - _LEEWAY_S > at,
        "it is for another sign-in": not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()),
    }
    for why in (why for why, holds in wrong.items() if holds):
        raise _refused(f"its token does not hold: {why}")


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _identity(claims: dict[str, Any]) -> Identity:
    subject, email = claims.get("sub"), claims.get("email")
    if not isinstance(subject, str) or not 1 <= len(subject) <= 255:
        raise _refused("it does not say who you are")
    verified = claims.get("email_verified")
    if not isinstance(email, str) or not (verified is True or verified == "true"):
        raise UnauthenticatedError(
            "The provider does not say that your e-mail is yours.", "Have it verified there, and sign in again."
        )
    name = claims.get("name")
    return Identity(subject, email, name if isinstance(name, str) and name.isprintable() else email.partition("@")[0])


def _door(oidc: Oidc, found: dict[str, Any], name: str) -> str:
    address = found.get(name)
    parts = urlsplit(address) if isinstance(address, str) else urlsplit("")
    local = parts.scheme == "http" and parts.hostname in _LOCAL and urlsplit(oidc.issuer).hostname in _LOCAL
    if not isinstance(address, str) or not parts.hostname or not (parts.scheme == "https" or local):
        raise _broken(oidc, f"names no safe {name}")
    return address


def _json(
    oidc: Oidc,
    method: str,
    address: str,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    *,
    refused: bool = False,
) -> dict[str, Any]:
    import httpx

    wanted = {"Accept": "application/json", **(headers or {})}
    try:
        with (
            httpx.Client(timeout=_TIMEOUT_S, follow_redirects=False) as client,
            client.stream(method, address, data=form, headers=wanted) as response,
        ):
            body = _read(oidc, response)
            status = response.status_code
    except httpx.HTTPError as error:
        raise _broken(oidc, f"cannot be reached ({type(error).__name__})") from error
    if refused and 400 <= status < 500:
        raise _refused("it does not take the code")
    if status != 200:
        raise _broken(oidc, f"answers {status}")
    try:
        found: Any = json.loads(body)
    except ValueError as error:
        raise _broken(oidc, "does not answer in JSON") from error
    if not isinstance(found, dict):
        raise _broken(oidc, "answers something else than was asked for")
    return cast("dict[str, Any]", found)


def _read(oidc: Oidc, response: Any) -> bytes:
    body = b""
    for part in response.iter_bytes():
        body += part
        if len(body) > _MOST_BYTES:
            raise _broken(oidc, "answers too much")
    return body


def _broken(oidc: Oidc, what: str) -> PlatformError:
    return PlatformError(
        f"The OpenID provider {oidc.issuer} {what}.",
        "See MARKETMOVER_OIDC_ISSUER, and docs/access.md.",
        kind="unavailable",
    )


def _refused(why: str) -> UnauthenticatedError:
    return UnauthenticatedError(f"The provider does not let you in: {why}.", "Sign in again.")
