"""What tasks of pulls do."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from marketmover.errors import ConflictError
from marketmover.history.pulls.choosing import chosen_accounts
from marketmover.history.pulls.rounds import Installation, pull_round
from marketmover.jobs import HeldError
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from marketmover.jobs import TaskRun


def pull_asked(run: "TaskRun", app: Installation) -> Mapping[str, Any]:
    """Pull accounts and land what came; the result is the round. Cut off, it goes on where it was.

    Raises:
        ConflictError: All of them are being pulled already.
        MarketmoverError: What failed, where nothing came; else it stands in the result.
    """
    since = run.arguments.get("since")
    accounts = chosen_accounts(app, run.arguments.get("platform"), run.arguments.get("account"))
    day = date.fromisoformat(since) if since else None
    found = pull_round(app, accounts, since=day, now=utc_now, progress=run.report)
    if not found.pulls:
        if found.failed and all(isinstance(error, HeldError) for error in found.failed.values()):
            raise ConflictError("New figures are being fetched already.", "Wait some minutes: they come by themselves.")
        found.raise_for_failures()
    return found.to_json()
