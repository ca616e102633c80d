"""A publication given up: what can be taken back is, and a person is told of the rest by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from marketmover.campaigns.publishing.accounts import places_of
from marketmover.campaigns.publishing.approving import started_on
from marketmover.campaigns.publishing.ledger import ALL_BACK, GIVEN_UP, OPEN, WAITING, Sending
from marketmover.campaigns.publishing.requests import PLATFORM_NAMES
from marketmover.campaigns.publishing.service import Publisher
from marketmover.campaigns.publishing.words import about
from marketmover.campaigns.tuning.in_force import Author, InForce, locked, record
from marketmover.errors import ConflictError, InputError, PlatformError
from marketmover.plans import Plan


@dataclass(frozen=True)
class Abandoned:
    """What became of a publication that was given up.

    Attributes:
        accounts: The accounts that it was for.
        left: What may still be there and is for a person to look at, in words; empty where all was taken back.
        standing: The platforms' ids of what of the plan is still published, by the plan's.
    """

    accounts: Sequence[str]
    left: Sequence[str]
    standing: dict[str, str]


def abandon(publisher: Publisher, path: Path, author: Author) -> Abandoned:
    """Give up what was cut short, or waits for the plan's first day, so that the plan can be published anew.

    What this home made is removed and what it changed is put back, where the account can still be reached. All else is
    told by name, and closed all the same. What is published whole stays as it is.

    Args:
        publisher: Whose ledger and accounts.
        path: The plan's folder.
        author: Who gives it up.

    Raises:
        ConflictError: Nothing of the plan is cut short or waits.
        HeldError: Somebody sends for the plan right now.
    """
    with locked(path) as now, publisher.held(now.plan):
        halves = publisher.ledger.sendings(now.plan.digest, OPEN, WAITING)
        if not halves:
            raise ConflictError(
                f"Nothing of the plan in {now.folder} was cut short or waits for its first day.",
                "What is published whole is changed by `marketmover plan apply`, `undo` and `rollback`.",
            )
        left = [words for one in reversed(halves) for words in _given_up(publisher, now, one, author)]
        whole = publisher.ledger.sendings(now.plan.digest, "done")
        places = places_of(now.plan, [one for one in whole if one.kind == "publish"])
        standing = {name: place.live_id for name, place in places.items()}
        record(now, "abandon", author, {"lines": standing, "waits_until": None})
    accounts = dict.fromkeys(_account(one) for one in halves)
    return Abandoned(list(accounts), left, standing)


def _given_up(publisher: Publisher, now: InForce, sending: Sending, author: Author) -> list[str]:
    """Close a sending, with what it did taken back as far as that goes; says what may be left.

    What came into force all the same, and was cut short only then, stays.
    """
    ledger, plan = publisher.ledger, now.plan
    in_force = {entry.id for entry in now.life}
    if sending.about in in_force or (sending.kind == "start" and sending.key.platform in started_on(now)):
        ledger.close(sending, "done", about=about(plan), who=author.who, after={})
        return []
    try:
        remains = publisher.remains(sending)
    except (InputError, PlatformError) as error:
        remains = [f"{_account(sending)}: {error.message}"]
    left = [*remains, *_known(plan, sending)] if remains else []
    ledger.close(
        sending, GIVEN_UP if left else ALL_BACK, about=about(plan), who=author.who, after={"left": left} if left else {}
    )
    return left


def _known(plan: Plan, sending: Sending) -> list[str]:
    """What is known to be there, or may be, by name; and how running lines were before."""
    names = {line.id: line.name or line.id for line in plan.lines}
    account, there = _account(sending), [step for step in sending.steps.values() if step.may_be_there]
    made = [
        f"{account}: {step.what}{_ids(step.ids)} {'is' if step.is_there else 'may be'} there; remove it by hand."
        for step in there
        if step.creates
    ]
    if all(step.creates for step in there):
        return made
    lines = [
        f"{account}: {names.get(line, line)} ({line}) may be changed; before it was {was['status'].lower()}"
        f"{_budget(was['daily_budget'], plan.currency)}: set it back by hand."
        for line, was in sorted(sending.before.items())
    ]
    return [*made, *lines]


def _ids(ids: dict[str, str]) -> str:
    return f" ({', '.join(dict.fromkeys(ids.values()))})" if ids else ""


def _budget(daily: float | None, currency: str) -> str:
    return "" if daily is None else f" with {daily:,.2f} {currency} a day"


def _account(sending: Sending) -> str:
    return f"{PLATFORM_NAMES.get(sending.key.platform, sending.key.platform)} account {sending.key.account}"
