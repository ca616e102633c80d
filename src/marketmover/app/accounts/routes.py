"""`/v1/accounts`: connected accounts of ad platforms. Credentials come in and are sealed; they never go out."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from marketmover.access import accounts_of, add_account, find_account, note_access_ends, remove_account
from marketmover.access.accounts import Account
from marketmover.app.accounts.asking import asked_within
from marketmover.app.accounts.platforms import sandbox_of, simulated_credentials
from marketmover.app.accounts.service import name_for
from marketmover.app.connecting import connector_of, require_keys
from marketmover.errors import NotFoundError, PlatformError, UsageError
from marketmover.kit import utc_now
from marketmover.web import Desk, Listing, Page, listed, needs, room_router

if TYPE_CHECKING:
    from marketmover.app.opening import App

router = room_router("/accounts", "Accounts")

_NAME = r"^[a-z0-9][a-z0-9_.-]{0,63}$"
_Read = Annotated[Desk, needs("accounts:read")]
_Write = Annotated[Desk, needs("accounts:write")]
_Name = Annotated[str, Path(pattern=_NAME, description="What it is called here.", examples=["google_ads"])]
_MOST_KEYS = 64
_MOST_VALUE = 20_000
_LEADS_ELSEWHERE = {"url", "clock", "ca", "crm", "host", "endpoint", "token_uri"}
"""Where an account's figures are fetched: only who works on the server may say so."""


class AccountView(BaseModel):
    """A connected account, without what opens it."""

    name: str = Field(examples=["google_ads"])
    platform: str = Field(examples=["google_ads"])
    account_id: str = Field(description="The platform's id.", examples=["1234567890"])
    title: str = Field(description="As the platform calls it.", examples=["Acme US"])
    currency: str = Field(examples=["USD"])
    time_zone: str = Field(examples=["America/New_York"])
    simulated: bool = Field(description="Whether it is a sandbox's: no advertiser, campaign or person in it exists.")
    added_at: datetime
    access_ends: date | None = Field(
        description="The day on which its credentials run out, as the platform said last; null where it tells none."
    )


class AccountAdded(BaseModel):
    """An account to connect."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "platform": "meta_ads",
                    "name": "meta_ads",
                    "credentials": {"account_id": "act_1234567890", "access_token": "EAAB..."},
                }
            ]
        },
    )

    platform: str = Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")
    name: str | None = Field(default=None, pattern=_NAME, description="By default the platform's name.")
    credentials: dict[str, str] = Field(
        default_factory=dict[str, str],
        max_length=_MOST_KEYS,
        description="What opens it, by the names that docs/accounts.md has. They are sealed.",
    )
    simulated: bool = Field(
        default=False, description="The simulated account of `GET /v1/platforms`, which needs no credentials."
    )


class AccountChecked(BaseModel):
    """What a platform says of an account."""

    works: bool
    problem: str = Field(description="Why it does not work; empty where it does.")
    remedy: str
    title: str | None = None
    currency: str | None = None
    time_zone: str | None = None
    today: date | None = Field(default=None, description="The day it is there.")


@router.get("", summary="List connected accounts", operation_id="list_accounts", response_model=Page[AccountView])
def list_accounts(desk: _Read, listing: Annotated[Listing, listed()]) -> Page[AccountView] | Response:
    """By name."""
    with desk.session(read_only=True) as session:
        found = accounts_of(session, desk.workspace)
    rows = [_shown(account) for account in found if listing.after is None or account.name > str(listing.after)]
    return listing.answer(rows[: listing.most], lambda row: row.name, "accounts")


@router.post("", summary="Connect an account", operation_id="add_account", status_code=201)
def connect_account(desk: _Write, added: AccountAdded) -> AccountView:
    """The platform is asked for the account first; credentials that it does not take are not kept.

    An account that is connected under this name already gets the new credentials.
    """
    app = cast("App", desk.app)
    values = _clean(added.credentials)
    connector_of(added.platform)
    if added.simulated:
        values = simulated_credentials(app, added.platform)
    require_keys(added.platform, values)
    found = asked_within(added.platform, lambda: app.check_account(added.platform, values))
    settings = {
        "title": found.name,
        "currency": found.currency,
        "time_zone": found.time_zone,
        "simulated": "yes" if found.simulated else "",
        "sandbox": str(sandbox_of(app).absolute()) if added.simulated else "",
        "access_ends": found.access_ends.isoformat() if found.access_ends else "",
    }
    with desk.session() as session:
        name = added.name or name_for(added.platform, found.account_id, accounts_of(session, desk.workspace))
        account = Account(name, added.platform, found.account_id, settings, utc_now())
        add_account(session, app.secrets, desk.workspace, account, values, who=desk.caller.who)
        return _shown(find_account(session, desk.workspace, name))


@router.get("/{name}", summary="Look at a connected account", operation_id="read_account")
def read_account(desk: _Read, name: _Name) -> AccountView:
    """What is known of it, without what opens it."""
    return _shown(_found(desk, name))


@router.post("/{name}/check", summary="Check a connected account", operation_id="check_account")
def check_account(desk: _Write, name: _Name) -> AccountChecked:
    """Ask the platform whether what opens it still does."""
    app = cast("App", desk.app)
    account = _found(desk, name)
    try:
        opens = app.credentials(account)
        found = asked_within(account.platform, lambda: app.check_account(account.platform, opens))
    except PlatformError as error:
        return AccountChecked(works=False, problem=error.message, remedy=error.remedy)
    with desk.session() as session:
        note_access_ends(session, desk.workspace, name, found.access_ends)
    told = {"title": found.name, "currency": found.currency, "time_zone": found.time_zone, "today": found.today}
    return AccountChecked.model_validate({"works": True, "problem": "", "remedy": "", **told})


@router.delete("/{name}", summary="Let go of an account", operation_id="remove_account", status_code=204)
def disconnect_account(desk: _Write, name: _Name) -> None:
    """Forget it and what opens it. What was pulled from it stays."""
    app = cast("App", desk.app)
    account = _found(desk, name)
    with desk.session() as session:
        remove_account(session, app.secrets, desk.workspace, account, who=desk.caller.who)


def _found(desk: Desk, name: str) -> Account:
    with desk.session(read_only=True) as session:
        account = find_account(session, desk.workspace, name)
    if account.name != name:  # a platform's name stands for its only account in commands alone
        raise NotFoundError(f"There is no account {name!r}.", "See /v1/accounts for those that there are.")
    return account


def _clean(credentials: Mapping[str, str]) -> dict[str, str]:
    """Credentials as they may come from afar.

    Raises:
        UsageError: A value is too long, or one says where to connect to.
    """
    for key, value in credentials.items():
        plain = value.replace("\n", "").replace("\r", "").replace("\t", "")
        if len(key) > _MOST_KEYS or len(value) > _MOST_VALUE or not (key + plain).isprintable():
            raise UsageError(f"The credential {key[:64]!r} cannot be kept.", "Send it as the platform gave it.")
        if _leads_elsewhere(key, value):
            raise UsageError(
                f"`{key}` cannot be set from afar: it says where to connect to.",
                "Connect such an account on the server: marketmover accounts add",
            )
    return {key: value.strip() for key, value in credentials.items() if value.strip()}


def _leads_elsewhere(key: str, value: str) -> bool:
    """Whether a credential says where to connect to; also one that a connector of somebody else's calls otherwise."""
    if key == "json_key":
        return not _asks_google(value)
    return key.strip().lower() in _LEADS_ELSEWHERE or "://" in value


def _asks_google(json_key: str) -> bool:
    """Whether a service account's key asks Google for its tokens, and nobody else."""
    try:
        told: Any = json.loads(json_key)
    except (ValueError, RecursionError):
        return True  # the connector says what is wrong with it
    address = str(cast("dict[str, Any]", told).get("token_uri", "")) if isinstance(told, dict) else ""
    return not address or address.startswith(("https://oauth2.googleapis.com/", "https://accounts.google.com/"))


def _shown(account: Account) -> AccountView:
    told = {name: account.settings.get(name, "") for name in ("title", "currency", "time_zone")}
    return AccountView(
        name=account.name,
        platform=account.platform,
        account_id=account.account_id,
        simulated=account.settings.get("simulated") == "yes",
        added_at=account.added_at,
        access_ends=account.access_ends,
        **told,
    )
