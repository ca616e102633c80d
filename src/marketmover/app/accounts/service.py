"""Connecting an account: the platform is asked first, so that what is kept works."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.access import Account, accounts_of, add_account, find_account, remove_account, rotate
from marketmover.app.connecting import connector_of, read_credentials, read_sandbox, require_keys
from marketmover.errors import PlatformError, UsageError
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from marketmover.app.opening import App
    from marketmover.history.pulls.source import SourceAccount


@dataclass(frozen=True)
class Connected:
    """An account that was connected, what the platform says of it, and whether it is new here."""

    account: Account
    found: "SourceAccount"
    new: bool


def connect(
    app: "App", platform: str, *, sandbox: Path | None, file: Path | None, name: str | None, who: str
) -> Connected:
    """Connect an account by a sandbox's folder or a file of credentials.

    Raises:
        UsageError: Neither or both are given, or there is no such platform.
        PlatformError: The platform does not take the credentials; nothing is kept then.
        ConflictError: The name, or the account, is here already in another way.
    """
    credentials = _credentials(platform, sandbox, file)
    found = _checked(app, platform, credentials, sandbox)
    settings = {
        "title": found.name,
        "currency": found.currency,
        "time_zone": found.time_zone,
        "simulated": "yes" if found.simulated else "",
        "sandbox": str(sandbox.absolute()) if sandbox is not None else "",
        "access_ends": found.access_ends.isoformat() if found.access_ends else "",
    }
    with app.home() as stores, stores.records.session() as session:
        name = name or name_for(platform, found.account_id, accounts_of(session, app.workspace))
        account = Account(name, platform, found.account_id, settings, utc_now())
        new = add_account(session, app.secrets, app.workspace, account, credentials, who=who)
    return Connected(account, found, new)


def disconnect(app: "App", name: str, *, who: str) -> Account:
    """Forget an account and its credentials; what was pulled from it stays.

    Raises:
        NotFoundError: There is none of that name.
    """
    with app.home() as stores, stores.records.session() as session:
        account = find_account(session, app.workspace, name)
        remove_account(session, app.secrets, app.workspace, account, who=who)
    return account


def change_key(app: "App", *, who: str) -> int:
    """Seal every secret of every workspace with a new key; returns how many.

    A process that dies in the middle loses nothing: until all is sealed anew, both keys are kept.

    Raises:
        SettingsError: The key stands in a setting that holds no new one yet, or a secret does not open.
        ConflictError: Another process does it just now.
    """
    from marketmover.access import audit
    from marketmover.jobs import holding

    with app.home() as stores, holding(stores.records.of_installation(), "rotate-key"):
        key = app.keys.begin_rotation()
        with stores.records.session() as session:
            sealed = rotate(session, app.keys)
            for one in sealed:
                after = {"sealed_with": key.id}
                audit.append(session, one.workspace, who=who, what="key.rotated", about=one.about, after=after)
            if not any(one.workspace == app.workspace for one in sealed):
                audit.append(session, app.workspace, who=who, what="key.rotated", about="no secret of this workspace")
        app.keys.end_rotation()
    return len(sealed)


def _credentials(platform: str, sandbox: Path | None, file: Path | None) -> Mapping[str, str]:
    connector_of(platform)  # a name that is none is told before all else
    if (sandbox is None) == (file is None):
        raise UsageError(
            f"To connect an account of {platform} say where its credentials are.",
            "Give --credentials FILE.json, or --sandbox DIR for the simulated account of a sandbox.",
        )
    credentials = read_sandbox(sandbox, platform) if sandbox is not None else read_credentials(_given(file), platform)
    require_keys(platform, credentials)
    return credentials


def _checked(app: "App", platform: str, credentials: Mapping[str, str], sandbox: Path | None) -> "SourceAccount":
    try:
        return app.check_account(platform, credentials)
    except PlatformError as error:
        if sandbox is None or error.kind != "unavailable":
            raise
        raise PlatformError(
            f"The sandbox {sandbox} does not answer as {platform}: it is not served now.",
            f"Run in another terminal: marketmover sandbox serve {sandbox}",
            kind="unavailable",
        ) from error


def _given(file: Path | None) -> Path:
    assert file is not None  # noqa: S101 - one of the two is given: `_credentials` has seen to it
    return file


def name_for(platform: str, account_id: str, there: list[Account]) -> str:
    """The platform's name, with a number where it is another account's; the present one where it is connected."""
    for account in there:
        if (account.platform, account.account_id) == (platform, account_id):
            return account.name
    taken = {account.name for account in there}
    names = (platform, *(f"{platform}-{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
