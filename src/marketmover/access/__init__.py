"""Who may do what: connected accounts with their secrets, and the log of who did what."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.access import audit
    from marketmover.access.accounts import (
        Account,
        accounts_of,
        add_account,
        credentials,
        find_account,
        remove_account,
    )
    from marketmover.access.keys import Keys
    from marketmover.access.secrets import Secrets, rotate
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Account": "accounts",
            "Keys": "keys",
            "Secrets": "secrets",
            "accounts_of": "accounts",
            "add_account": "accounts",
            "credentials": "accounts",
            "find_account": "accounts",
            "remove_account": "accounts",
            "rotate": "secrets",
        },
    )

__all__ = [
    "Account",
    "Keys",
    "Secrets",
    "accounts_of",
    "add_account",
    "audit",
    "credentials",
    "find_account",
    "remove_account",
    "rotate",
]
