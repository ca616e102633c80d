"""Connected accounts of ad platforms: which there are, and what opens them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from marketmover.access import audit
from marketmover.access.records import AccountRow
from marketmover.access.secrets import Secrets
from marketmover.errors import ConflictError, NotFoundError, UsageError
from marketmover.kit import did_you_mean

_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}")


@dataclass(frozen=True)
class Account:
    """A connected account.

    Attributes:
        name: What it is called here, unique in its workspace.
        platform: `google_ads`, `meta_ads`, or another connector's name.
        account_id: The platform's id.
        settings: What is no secret: `title`, `currency`, `time_zone`, `simulated` (`yes` or empty), `sandbox`, the
            folder of the sandbox that it belongs to, and `access_ends`, the day on which its credentials run out.
        added_at: When it was connected.
    """

    name: str
    platform: str
    account_id: str
    settings: Mapping[str, str]
    added_at: datetime

    @property
    def access_ends(self) -> date | None:
        """The day on which its credentials run out, as the platform said last; `None` where it tells none."""
        told = self.settings.get("access_ends")
        return date.fromisoformat(told) if told else None

    @property
    def about(self) -> str:
        """What the log calls it."""
        return f"account {self.name}"


def add_account(
    session: Session, secrets: Secrets, workspace: str, account: Account, values: Mapping[str, str], *, who: str
) -> bool:
    """Connect an account, or renew how one is opened that is connected under this name already.

    Args:
        session: The caller commits.
        secrets: Where its credentials are sealed.
        workspace: Whose it is.
        account: What to connect; `added_at` is kept from the first time.
        values: Credentials, by the connector's names.
        who: Who does it, for the log.

    Returns:
        Whether it is new.

    Raises:
        UsageError: The name cannot be one.
        ConflictError: The name is another account's, or the account has another name here.
    """
    _require_name(account.name)
    row = session.get(AccountRow, (workspace, account.name))
    _require_same(row, account)
    _require_unnamed(session, workspace, account)
    before = None if row is None else _described(_account(row))
    kept = account if row is None else replace(account, added_at=row.added_at)
    session.merge(
        AccountRow(
            workspace_id=workspace,
            name=kept.name,
            platform=kept.platform,
            account_id=kept.account_id,
            settings=dict(kept.settings),
            added_at=kept.added_at,
        )
    )
    secrets.keep(session, _secret_of(kept), values)
    what = "account.added" if row is None else "account.renewed"
    after = {**_described(kept), "credentials": dict(values)}
    audit.append(session, workspace, who=who, what=what, about=kept.about, before=before, after=after)
    return row is None


def note_access_ends(session: Session, workspace: str, name: str, ends: date | None) -> None:
    """Keep the day on which an account's credentials run out, as the platform tells it now; the caller commits."""
    row = session.get(AccountRow, (workspace, name))
    if row is not None:
        row.settings = {**row.settings, "access_ends": ends.isoformat() if ends else ""}


def remove_account(session: Session, secrets: Secrets, workspace: str, account: Account, *, who: str) -> None:
    """Forget an account and what opens it. What was pulled from it stays."""
    row = session.get(AccountRow, (workspace, account.name))
    if row is not None:
        session.delete(row)
    secrets.forget(session, _secret_of(account))
    audit.append(session, workspace, who=who, what="account.removed", about=account.about, before=_described(account))


def accounts_of(session: Session, workspace: str, platform: str | None = None) -> list[Account]:
    """The connected accounts by name; of one platform alone where it is named."""
    chosen = select(AccountRow).where(AccountRow.workspace_id == workspace).order_by(AccountRow.name)
    if platform is not None:
        chosen = chosen.where(AccountRow.platform == platform)
    return [_account(row) for row in session.scalars(chosen)]


def find_account(session: Session, workspace: str, name: str) -> Account:
    """An account by its name, or by its platform's where that has one account.

    Raises:
        NotFoundError: There is none; those that there are, are named.
        UsageError: The platform has several.
    """
    there = accounts_of(session, workspace)
    if named := [account for account in there if account.name == name]:
        return named[0]
    if len(meant := [account for account in there if account.platform == name]) == 1:
        return meant[0]
    if meant:
        raise UsageError(
            f"{name} has several accounts here.", "Name one: " + ", ".join(account.name for account in meant)
        )
    raise NotFoundError(f"There is no account {name!r} in workspace {workspace}.", _which(name, there))


def credentials(session: Session, account: Account, secrets: Secrets) -> dict[str, str]:
    """What opens the account, by the connector's names, as it was sealed.

    Raises:
        SettingsError: It does not open with the keys that are here.
    """
    return secrets.reveal(session, _secret_of(account))


def _which(name: str, there: list[Account]) -> str:
    if not there:
        return "Connect one: marketmover accounts add PLATFORM"
    names = [account.name for account in there]
    return did_you_mean(name, names) or "There are: " + ", ".join(names)


def _secret_of(account: Account) -> str:
    return f"accounts/{account.name}"


def _account(row: AccountRow) -> Account:
    return Account(row.name, row.platform, row.account_id, row.settings, row.added_at)


def _described(account: Account) -> dict[str, object]:
    return {"platform": account.platform, "account_id": account.account_id, "settings": dict(account.settings)}


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} cannot name an account.",
            "Use 1 to 64 lower case letters, digits, - _ and . beginning with a letter or digit.",
        )


def _require_same(row: AccountRow | None, account: Account) -> None:
    if row is not None and (row.platform, row.account_id) != (account.platform, account.account_id):
        raise ConflictError(
            f"The name {account.name} is that of the account {row.account_id} of {row.platform} already.",
            f"Give this one another name, or remove {account.name} first.",
        )


def _require_unnamed(session: Session, workspace: str, account: Account) -> None:
    for other in accounts_of(session, workspace, account.platform):
        if other.account_id == account.account_id and other.name != account.name:
            raise ConflictError(
                f"The account {account.account_id} of {account.platform} is connected already, as {other.name}.",
                f"To renew its credentials add it under that name: {other.name}.",
            )
