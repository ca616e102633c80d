"""Who may do what: people, roles, sessions, keys, connected accounts and their secrets, and the log of who did what."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.access import audit, tokens
    from marketmover.access.accounts import (
        Account,
        accounts_of,
        add_account,
        credentials,
        find_account,
        note_access_ends,
        remove_account,
    )
    from marketmover.access.authentication import Entry, authenticate, note_entry
    from marketmover.access.keys import Keys
    from marketmover.access.links.service import first_link
    from marketmover.access.people.roles import permissions_now
    from marketmover.access.rules import Oidc, Rules
    from marketmover.access.secrets import Secrets, rotate
    from marketmover.access.sessions.service import forget_expired
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "Account": "accounts",
            "Entry": "authentication",
            "Keys": "keys",
            "Oidc": "rules",
            "Rules": "rules",
            "Secrets": "secrets",
            "accounts_of": "accounts",
            "add_account": "accounts",
            "authenticate": "authentication",
            "credentials": "accounts",
            "find_account": "accounts",
            "note_access_ends": "accounts",
            "first_link": "links.service",
            "forget_expired": "sessions.service",
            "note_entry": "authentication",
            "permissions_now": "people.roles",
            "remove_account": "accounts",
            "rotate": "secrets",
        },
    )

__all__ = [
    "Account",
    "Entry",
    "Keys",
    "Oidc",
    "Rules",
    "Secrets",
    "accounts_of",
    "add_account",
    "audit",
    "authenticate",
    "credentials",
    "find_account",
    "first_link",
    "forget_expired",
    "note_access_ends",
    "note_entry",
    "permissions_now",
    "remove_account",
    "rotate",
    "tokens",
]
