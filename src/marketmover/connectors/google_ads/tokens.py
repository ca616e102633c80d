"""What Google's access tokens are made from: a person's refresh token, or the key of a service account.

Sources: RFC 6749 (section 6) and RFC 7523, in the form of Google's page "Using OAuth 2.0 for Server to Server
Applications". Nothing that opens an account is ever sent elsewhere than to Google, or to a sandbox on this machine.
"""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from marketmover.errors import InputError

SCOPE = "https://www.googleapis.com/auth/adwords"
_TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105 - an address
_FORMER_URI = "https://accounts.google.com/o/oauth2/token"  # in keys of former years
_ENDPOINT = "googleads.googleapis.com"
_LOOPBACK = re.compile(r"(?:https?://)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?(?:/[^@]*)?")
_SECRETS = ("developer_token", "client_secret", "refresh_token", "json_key")
_KEY_NEEDS = ("client_email", "private_key", "token_uri")


def is_here(address: str) -> bool:
    """Whether an address is on this machine."""
    return bool(_LOOPBACK.fullmatch(address))


def token_address(given: Mapping[str, str]) -> str:
    """Where access tokens are asked for."""
    if given.get("json_key"):
        return str(_key_in(given)["token_uri"])
    return given.get("token_uri") or _TOKEN_URI


def check_addresses(given: Mapping[str, str]) -> None:
    """Refuse credentials that lead elsewhere than to Google or this machine.

    A service account's key is for Google even where the rest is a sandbox's, unless its own address is here.

    Raises:
        InputError: They do, or the service account's key cannot be used.
    """
    own = {"endpoint": {_ENDPOINT}, "token_uri": {_TOKEN_URI, _FORMER_URI}}
    addresses = [(name, given.get(name)) for name in own]
    if given.get("json_key"):
        addresses.append(("token_uri", str(_key_in(given)["token_uri"])))
    for name, value in addresses:
        if value and value not in own[name] and not is_here(value):
            raise InputError(
                f"{name} of the Google Ads account leads elsewhere than to Google or this machine: nothing is sent.",
                "Take it out of the credentials, and add the account again.",
            )


def secrets_in(given: Mapping[str, str]) -> frozenset[str]:
    """What of credentials must never be shown."""
    found = {value for name, value in given.items() if name in _SECRETS and value}
    if given.get("json_key"):
        key = str(_key_in(given)["private_key"])
        found |= {key, json.dumps(key)[1:-1], *(line for line in key.splitlines() if len(line) > 40)}
    return frozenset(found)


def tokens_of(given: Mapping[str, str]) -> Any:
    """The credentials of google-auth, which ask for an access token when one is needed.

    Raises:
        InputError: The private key of the service account cannot be read.
    """
    if given.get("json_key"):
        return _service_account(given)
    from google.oauth2.credentials import Credentials

    return Credentials(
        None,
        refresh_token=given["refresh_token"],
        client_id=given["client_id"],
        client_secret=given["client_secret"],
        token_uri=token_address(given),
    )


def _service_account(given: Mapping[str, str]) -> Any:
    from google.oauth2.service_account import Credentials

    build: Any = Credentials.from_service_account_info
    try:
        return build(_key_in(given), scopes=[SCOPE], subject=given.get("impersonated_email") or None)
    except ValueError:
        # `from None`: the text of these errors may hold a part of the key
        raise _unusable("its private key cannot be read") from None


def _key_in(given: Mapping[str, str]) -> dict[str, Any]:
    try:
        key: Any = json.loads(given["json_key"])
    except ValueError:
        raise _unusable("it is no JSON") from None
    if not isinstance(key, dict):
        raise _unusable("it is no JSON object")
    whole = cast("dict[str, Any]", key)
    if whole.get("type") != "service_account":
        raise _unusable(f"it is a key of type {whole.get('type')!r}")
    if missing := [name for name in _KEY_NEEDS if not isinstance(whole.get(name), str)]:
        raise _unusable(f"it lacks {', '.join(missing)}")
    return whole


def _unusable(why: str) -> InputError:
    return InputError(
        f"json_key of the Google Ads account is not the key of a service account: {why}.",
        "Put in the whole JSON file that Google Cloud gave: IAM, Service accounts, Keys, Add key.",
    )
