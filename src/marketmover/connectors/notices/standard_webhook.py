"""Any program, by a POST that is signed as Standard Webhooks (standardwebhooks.com) have it."""

import base64
import binascii
import hmac
import json
from collections.abc import Sequence
from datetime import UTC
from hashlib import sha256
from typing import Any

from marketmover.connectors.notices.addresses import Target
from marketmover.connectors.notices.posting import TIMEOUT_S, failure, post
from marketmover.connectors.notices.targets import target_option
from marketmover.kit import utc_now
from marketmover.monitoring.notices import Message, Options

_PREFIX = "whsec_"
_LEAST_BYTES, _MOST_BYTES = 24, 64  # as the specification has it
_REMEDIES = {
    401: "Its secret may be another than the one in notices.toml.",
    404: "Check the address in notices.toml.",
    410: "It wants no more notices: take the route out of notices.toml, or write its new address.",
}
_LASTING = frozenset({410})


class WebhookNotifier:
    """Posts signed JSON to one address. Its id is the same on each try, so that a receiver can tell a repeat.

    Args:
        target: Where to.
        secrets: Keys; each signs, so that a receiver may know the old one or the new one while it is changed.
        ca_file: As in `post`.
        timeout_s: For one message.
    """

    def __init__(
        self, target: Target, secrets: Sequence[bytes], ca_file: str = "", timeout_s: float = TIMEOUT_S
    ) -> None:
        self._target = target
        self._secrets = secrets
        self._ca_file = ca_file
        self._timeout_s = timeout_s

    @property
    def shown(self) -> str:
        """Where it leads."""
        return f"webhook ({self._target.shown})"

    def send(self, message: Message) -> str:
        """Post it, once."""
        body = json.dumps(payload_of(message), ensure_ascii=False, separators=(",", ":")).encode()
        name, sent_at = f"msg_{message.id}", int(utc_now().timestamp())
        headers = {
            "webhook-id": name,
            "webhook-timestamp": str(sent_at),
            "webhook-signature": " ".join(signature(key, name, sent_at, body) for key in self._secrets),
        }
        answer = post(self._target, body, headers, timeout_s=self._timeout_s, ca_file=self._ca_file)
        if not answer.taken:
            raise failure(f"The webhook at {self._target.shown}", answer, _REMEDIES, lasting=_LASTING)
        return answer.said


def webhook(options: Options) -> WebhookNotifier:
    """Of a route's options: `url`, `secrets` (one, or several while one is changed), and `ca_file`, `timeout_s`."""
    target, ca_file, timeout_s = target_option(options)
    keys = [_key(options, text) for text in options.texts("secrets")]
    return WebhookNotifier(target, keys, ca_file, timeout_s)


def signature(key: bytes, name: str, sent_at: int, body: bytes) -> str:
    """Of `id.timestamp.body` by HMAC-SHA256, as `v1,BASE64`."""
    signed = b".".join([name.encode(), str(sent_at).encode(), body])
    return f"v1,{base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()}"


def payload_of(message: Message) -> dict[str, Any]:
    """The message as JSON: `notice` for one, `digest` for several together."""
    single = not message.digest and len(message.notices) == 1
    return {
        "type": f"notice.{message.notices[0].step}" if single else "notice.digest",
        "timestamp": message.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "severity": message.severity,
            "digest": message.digest or None,
            "notices": [notice.to_json() for notice in message.notices],
        },
    }


def _key(options: Options, text: str) -> bytes:
    remedy = (
        f"Write {_PREFIX} and the base64 of {_LEAST_BYTES} to {_MOST_BYTES} random bytes; make one with: "
        f"""echo "{_PREFIX}$(head -c 32 /dev/urandom | base64)\""""
    )
    try:
        key = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise options.wrong("secrets", "has one that is not base64", remedy) from error
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        raise options.wrong("secrets", f"has one of {len(key)} bytes", remedy)
    return key
