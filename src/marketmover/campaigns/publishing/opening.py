"""A publisher over the home's ledger and the accounts that are connected there."""

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Protocol

from marketmover.campaigns.publishing.accounts import Connection
from marketmover.campaigns.publishing.ledger import Ledger
from marketmover.campaigns.publishing.platform import AdPlatform
from marketmover.campaigns.publishing.service import Publisher

if TYPE_CHECKING:
    from marketmover.access import Account
    from marketmover.store import Stores


class ConnectedApp(Protocol):
    """What publishing uses of an installation."""

    def home(self) -> "AbstractContextManager[Stores]":
        """The home's stores."""
        ...

    def accounts(self, platform: str | None = None) -> "Sequence[Account]":
        """The connected accounts."""
        ...

    def platform_of(self, account: "Account") -> AdPlatform:
        """An account, opened for publishing."""
        ...


@contextmanager
def open_publisher(app: ConnectedApp) -> Generator[Publisher]:
    """A publisher for as long as the block lasts."""
    with app.home() as stores:
        yield Publisher(Ledger(stores.records), [_connection(app, account) for account in app.accounts()])


def _connection(app: ConnectedApp, account: "Account") -> Connection:
    return Connection(account.name, account.platform, account.account_id, lambda: app.platform_of(account))
