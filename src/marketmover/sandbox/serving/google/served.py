"""What the server needs of the account behind it."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Protocol


class Fault(Protocol):
    """A fault that was asked for. `kind` says what goes wrong; a slow one holds the call until it is let go."""

    @property
    def kind(self) -> str:
        """`throttle`, `server_error`, `expired_token`, `slow`, `cut`, `short_body` or `refuse`."""
        ...

    @property
    def words(self) -> str:
        """What a refusal says."""
        ...

    @property
    def wait_s(self) -> float:
        """How long the caller of a throttled call is told to wait."""
        ...

    def hold(self) -> None:
        """Wait until the fault is let go."""
        ...


class Faults(Protocol):
    """Faults on demand."""

    def take(self, where: str, call: str = "") -> Fault | None:
        """The fault that this call is to show, used up by asking."""
        ...


class Tokens(Protocol):
    """What was handed out by the token endpoint."""

    @property
    def developer_token(self) -> str:
        """The only developer token that is taken."""
        ...

    def good(self, access_token: str) -> bool:
        """Whether an access token is in force."""
        ...


class GoogleAccount(Protocol):
    """A simulated account, as `ServedAccount` offers it."""

    @property
    def google_customer(self) -> str:
        """Its customer id, ten digits."""
        ...

    @property
    def login_customer_id(self) -> str:
        """The manager account that calls come through; empty where there is none."""
        ...

    @property
    def currency(self) -> str:
        """ISO 4217 code."""
        ...

    @property
    def today(self) -> date:
        """The day after the last one lived."""
        ...

    @property
    def faults(self) -> Faults:
        """Faults on demand."""
        ...

    @property
    def tokens(self) -> Tokens:
        """Access tokens."""
        ...

    def google_rows(self, kind: str, first: date | None, last: date | None) -> Iterator[dict[str, Any]]:
        """Rows of a kind in REST form; kinds without days take `None` twice."""
        ...

    def check(self, *changes: Mapping[str, Any]) -> None:
        """Refuse what `change` would refuse, and do nothing."""
        ...

    def change(self, *changes: Mapping[str, Any]) -> dict[str, str]:
        """Do all or none; ids by reference of what was created."""
        ...


class Certificates(Protocol):
    """A server's certificate, PEM."""

    @property
    def key(self) -> bytes:
        """The private key."""
        ...

    @property
    def chain(self) -> bytes:
        """The certificate and those above it."""
        ...
