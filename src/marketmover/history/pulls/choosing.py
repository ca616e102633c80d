"""Which connected accounts a person means."""

from typing import TYPE_CHECKING

from marketmover.errors import NotFoundError, UsageError
from marketmover.history.pulls.rounds import Installation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketmover.access import Account


def chosen_accounts(installation: Installation, platform: str | None, name: str | None) -> "Sequence[Account]":
    """The accounts of a platform, the one of a name, or all.

    Raises:
        NotFoundError: There is none.
        UsageError: The one of that name is of another platform.
    """
    if name is not None:
        account = installation.account(name)
        if platform is not None and account.platform != platform:
            raise UsageError(
                f"The account {name} is of {account.platform}, not of {platform}.", "Leave one of them out."
            )
        return [account]
    accounts = installation.accounts(platform)
    if not accounts:
        what = f"account of {platform}" if platform else "account"
        raise NotFoundError(
            f"No {what} is connected.",
            f"Connect one: marketmover accounts add {platform or 'google_ads|meta_ads'} --credentials FILE "
            "(or --sandbox DIR for a simulated one).",
        )
    return accounts
