"""A small OpenID provider on 127.0.0.1: it checks what a real one checks, and can be told to misbehave."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "marketmover", "s3cret/with:marks"


@cache
def _key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig"})


@dataclass
class Provider:
    """What it says of who signs in, and where it lies."""

    issuer: str
    person: dict[str, Any] = field(
        default_factory=lambda: {"sub": "u-1", "email": "ana@example.com", "email_verified": True, "name": "Ana"}
    )
    claims: dict[str, Any] = field(default_factory=dict[str, Any])
    document: dict[str, Any] = field(default_factory=dict[str, Any])
    algorithm: str = "RS256"
    foreign_key: bool = False
    redirect_keys: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    key: RSAKey = field(default_factory=lambda: _key("1"))

    def discovery(self) -> dict[str, Any]:
        """The document that says where its doors are."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            **self.document,
        }

    def code_for(self, asked: dict[str, str]) -> str:
        """A code for a sign-in that was begun with these parameters."""
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return code

    def exchange(self, authorization: str, form: dict[str, str]) -> dict[str, Any] | None:
        """A token for a code, once, for whoever proves to have begun with it."""
        asked = self.codes.pop(form.get("code", ""), None)
        identifier, _, secret = base64.b64decode(authorization.partition(" ")[2]).decode().partition(":")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or (unquote(identifier), unquote(secret)) != (CLIENT, SECRET)
            or asked["code_challenge"] != challenge.decode().rstrip("=")
            or asked["redirect_uri"] != form.get("redirect_uri")
            or form.get("grant_type") != "authorization_code"
        ):
            return None
        return {"access_token": "x", "token_type": "Bearer", "id_token": self.token(asked["nonce"])}

    def token(self, nonce: str) -> str:
        """A token of identity."""
        now = int(time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        claims |= self.claims
        if self.algorithm in {"none", "HS256"}:
            head = {"alg": self.algorithm, "kid": "1"}
            text = ".".join(_base64(json.dumps(part).encode()) for part in (head, claims))
            known = self.key.as_pem(private=False)  # HS256 by what everybody knows: the public key
            mac = b"" if self.algorithm == "none" else hmac.new(known, text.encode(), hashlib.sha256).digest()
            return f"{text}.{_base64(mac)}"
        return jwt.encode({"alg": self.algorithm, "kid": "1"}, claims, _key("other") if self.foreign_key else self.key)


def _base64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@contextmanager
def serving() -> Generator[Provider]:
    """The provider, served while the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_address[1]}")  # pyright: ignore[reportAttributeAccessIssue] - for the handler
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.provider  # pyright: ignore[reportAttributeAccessIssue] - set above
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider = self._provider
        path = urlsplit(self.path)
        if path.path == "/.well-known/openid-configuration":
            self._answer(provider.discovery())
        elif path.path == "/keys" and provider.redirect_keys:
            self.send_response(302)
            self.send_header("Location", f"{provider.issuer}/other-keys")
            self.end_headers()
        elif path.path in {"/keys", "/other-keys"}:
            self._answer({"keys": [provider.key.as_dict(private=False)]})
        elif path.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(path.query).items()}
            back = urlencode({"code": provider.code_for(asked), "state": asked["state"], "iss": provider.issuer})
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?{back}")
            self.end_headers()
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        token = self._provider.exchange(self.headers.get("Authorization", ""), form)
        self._answer(token or {"error": "invalid_grant"}, 200 if token else 400)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the server has it
        """Say nothing."""

    @property
    def _provider(self) -> Provider:
        return self.server.provider  # pyright: ignore[reportAttributeAccessIssue] - set where it is served

    def _answer(self, told: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
