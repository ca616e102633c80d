"""How one connects to a simulated account: ids and secrets, made once and kept in `DIR/connection.json`."""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from marketmover.errors import InputError
from marketmover.sandbox.exports.account import Account, account_of
from marketmover.sandbox.exports.ids import numeric_id
from marketmover.sandbox.market import Market

if TYPE_CHECKING:
    from datetime import date

    from marketmover.sandbox.serving.service_account import ServiceAccount

FILE = "connection.json"
TOKEN_LIFE_S = 3_600


@dataclass(frozen=True)
class Connection:
    """Ids and secrets of the two simulated accounts. None of them opens anything but the sandbox."""

    customer_id: str
    login_customer_id: str
    meta_account: str
    developer_token: str
    client_id: str
    client_secret: str
    refresh_token: str
    app_id: str
    app_secret: str
    access_token: str

    def told(self, grpc_port: int, http_port: int) -> dict[str, Any]:
        """What `connection.json` says while the servers listen on these ports."""
        http = f"http://127.0.0.1:{http_port}"
        return {
            "simulated": True,
            "google_ads": {
                "endpoint": f"localhost:{grpc_port}",
                "ca": "ca.pem",
                "token_uri": f"{http}/token",
                "customer_id": self.customer_id,
                "login_customer_id": self.login_customer_id,
                "developer_token": self.developer_token,
                "client_id": self.client_id,
                "client_secret": self.client_secret,
                "refresh_token": self.refresh_token,
            },
            "meta_ads": {
                "url": http,
                "account_id": f"act_{self.meta_account}",
                "app_id": self.app_id,
                "app_secret": self.app_secret,
                "access_token": self.access_token,
            },
            "clock": f"{http}/sandbox/clock",
            "crm": f"{http}/crm/leads",
        }

    def write(self, folder: Path, grpc_port: int, http_port: int) -> Path:
        """Write `connection.json` for its owner's eyes, all at once; returns where."""
        path, draft = folder / FILE, folder / f".{FILE}.new"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(json.dumps(self.told(grpc_port, http_port), indent=2) + "\n")
        draft.replace(path)
        return path


def connection_of(folder: Path, market: Market) -> Connection:
    """The connection of a folder that was served before, else a new one.

    Raises:
        InputError: `connection.json` is there and cannot be used.
    """
    account = account_of(market)
    path = folder / FILE
    if not path.exists():
        return _new(account)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        google, meta = told["google_ads"], told["meta_ads"]
        names = ("developer_token", "client_id", "client_secret", "refresh_token")
        kept = {name: str(google[name]) for name in names}
        kept |= {name: str(meta[name]) for name in ("app_id", "app_secret", "access_token")}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path} cannot be used: {error!r}.", "Take it away; the accounts are then connected anew.") \
            from error  # fmt: skip
    return Connection(account.customer_id, _manager(account), account.meta_id, **kept)


def _new(account: Account) -> Connection:
    client = f"{numeric_id(account.customer_id, 'client')}-sandbox.apps.googleusercontent.com"
    return Connection(
        account.customer_id,
        _manager(account),
        account.meta_id,
        developer_token=secrets.token_urlsafe(16),
        client_id=client,
        client_secret=f"SANDBOX-{secrets.token_urlsafe(20)}",
        refresh_token=f"1//{secrets.token_urlsafe(32)}",
        app_id=numeric_id(account.meta_id, "app", digits=15),
        app_secret=secrets.token_hex(16),
        access_token=f"EAAsandbox{secrets.token_urlsafe(40)}",
    )


def _manager(account: Account) -> str:
    return numeric_id(account.customer_id, "manager", digits=10)


class Tokens:
    """The access tokens that `/token` gave out and Google's server takes. A restart forgets them, as if they expired.

    Attributes:
        developer_token: The only one that is taken.
        service_account: The one that may ask for access tokens by a signed request; `None` before one was made.
        meta_ends: The simulated day on which Meta's access token runs out; `None`: never, as a system user's.
    """

    def __init__(self, connection: Connection) -> None:
        self._lock, self._good = RLock(), set[str]()
        self.connection, self.developer_token = connection, connection.developer_token
        self.meta_ends: date | None = None
        self.service_account: ServiceAccount | None = None

    def issue(self) -> str:
        """A new access token."""
        token = f"ya29.sandbox-{secrets.token_urlsafe(24)}"
        with self._lock:
            self._good.add(token)
        return token

    def good(self, access_token: str) -> bool:
        """Whether a token was given out and has not expired."""
        with self._lock:
            return access_token in self._good

    def expire(self) -> None:
        """Let all tokens expire."""
        with self._lock:
            self._good.clear()
