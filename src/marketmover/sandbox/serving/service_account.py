"""A simulated service account: a key pair, and the check of what is signed with it (RFC 7523, RS256)."""

import base64
import binascii
import json
import time
from dataclasses import dataclass
from typing import Any, Self

from marketmover.kit import stable_hash

_BITS = 2048
_LONGEST_S = 3_600
_SKEW_S = 60
_AUDIENCE = "https://oauth2.googleapis.com/token"  # what Google's own libraries write, wherever the key leads


@dataclass(frozen=True)
class ServiceAccount:
    """Who may ask for access tokens by a signed request.

    Attributes:
        email: Of the account.
        key_id: Of its key.
        public: The key's public half, PEM; nobody but the asker has the other.
    """

    email: str
    key_id: str
    public: bytes

    @classmethod
    def made(cls, name: str, token_uri: str) -> tuple[Self, dict[str, str]]:
        """A new one, and its key in the form of the JSON file that Google Cloud gives."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        key = rsa.generate_private_key(65537, _BITS)
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        email, key_id = f"{name}@simulated.iam.gserviceaccount.com", stable_hash(public.decode())[:40]
        told = {
            "type": "service_account",
            "project_id": "simulated",
            "private_key_id": key_id,
            "private_key": private.decode(),
            "client_email": email,
            "token_uri": token_uri,
        }
        return cls(email, key_id, public), told

    def refuses(self, assertion: str, token_uri: str, scope: str) -> str:
        """Why a signed request gets no token, in Google's words; empty where it gets one."""
        try:
            head, body, signature = assertion.split(".")
            header, claims = json.loads(_decoded(head)), json.loads(_decoded(body))
            signed = _decoded(signature)
        except (ValueError, binascii.Error):
            return "Invalid JWT: it is not three parts in base64url."
        if not self._has_signed(f"{head}.{body}".encode(), signed, header):
            return "Invalid JWT Signature."
        return self._wrong(claims, token_uri, scope)

    def _has_signed(self, content: bytes, signature: bytes, header: dict[str, Any]) -> bool:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import padding, rsa

        key = serialization.load_pem_public_key(self.public)
        if header.get("alg") != "RS256" or header.get("kid") != self.key_id or not isinstance(key, rsa.RSAPublicKey):
            return False
        try:
            key.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            return False
        return True

    def _wrong(self, claims: dict[str, Any], token_uri: str, scope: str) -> str:
        now = time.time()
        if claims.get("iss") != self.email:
            return "Invalid JWT: unknown issuer."
        if claims.get("aud") not in {token_uri, _AUDIENCE}:
            return "Invalid JWT: the audience is not this token endpoint."
        if scope not in str(claims.get("scope", "")).split():
            return "Invalid OAuth scope or ID token audience provided."
        begun, ends = float(claims.get("iat", 0)), float(claims.get("exp", 0))
        if not (begun <= now + _SKEW_S and now - _SKEW_S <= ends <= begun + _LONGEST_S):
            return "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
        return ""


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
