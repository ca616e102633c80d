"""`/v1/pulls`: fetching exports of connected accounts, and how fresh they are."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from marketmover.errors import UsageError
from marketmover.history.pulls import ledger
from marketmover.history.pulls.choosing import chosen_accounts
from marketmover.history.pulls.lag import freshness
from marketmover.kit import utc_now
from marketmover.web import Desk, JobView, Listing, Page, accepted, listed, needs, room_router

if TYPE_CHECKING:
    from marketmover.access import Account
    from marketmover.history.records import ExportPull

router = room_router("/pulls", "Pulls")

_Read = Annotated[Desk, needs("history:read")]
_Rows = Annotated[Listing, listed()]
_PLATFORM = r"^[a-z][a-z0-9_]{0,31}$"
_ACCOUNT = r"^[a-z0-9][a-z0-9_.-]{0,63}$"


class HasAccounts(Protocol):
    """What these routes need of an installation."""

    def accounts(self, platform: str | None = None) -> "Sequence[Account]":
        """The connected accounts."""
        ...

    def account(self, name: str) -> "Account":
        """One by its name."""
        ...


class PullAsked(BaseModel):
    """What to pull; all connected accounts where nothing is said."""

    model_config = ConfigDict(extra="forbid")

    platform: str | None = Field(default=None, pattern=_PLATFORM, examples=["google_ads"])
    account: str | None = Field(default=None, pattern=_ACCOUNT, description="A connected account's name.")
    since: date | None = Field(default=None, description="First day; else what is new, and the last 30 days.")


class PullView(BaseModel):
    """One pull of an account's exports."""

    platform: str
    account_id: str
    number: int = Field(description="Counts the account's pulls.")
    name: str
    simulated: bool
    first_day: date
    last_day: date
    state: Literal["fetching", "done", "landed", "spoilt"]
    problem: str | None
    started_at: datetime
    done_at: datetime | None
    landed_at: datetime | None
    rows: int
    added: int | None = Field(description="Rows that were new or changed, once it has landed.")


class FreshnessView(BaseModel):
    """How fresh what is known of an account is."""

    model_config = ConfigDict(from_attributes=True)

    platform: str
    account_id: str
    name: str
    simulated: bool
    last_day: date | None = Field(description="The last day that is known.")
    days_behind: int | None
    pulled_at: datetime | None
    landed_at: datetime | None
    lag_s: float | None = Field(description="Seconds from the last whole pull to its landing, so far if it waits.")
    waiting: int = Field(description="Whole pulls that have not landed yet.")
    under_way: tuple[int, int] | None = Field(description="Files that came, and all, of a pull that is under way.")
    problem: str | None


@router.post("", summary="Pull exports", operation_id="create_pull", status_code=202, response_model=JobView)
def create_pull(desk: Annotated[Desk, needs("accounts:write")], asked: PullAsked) -> JSONResponse:
    """Fetch what is new of connected accounts and read it in; the result of the job tells each account's pull."""
    chosen = chosen_accounts(desk.app, asked.platform, asked.account)
    about = asked.account or ", ".join(account.name for account in chosen)
    return accepted(desk.submit("pulls.pull", asked.model_dump(mode="json"), about=about[:200]))


@router.get("", summary="List pulls", operation_id="list_pulls", response_model=Page[PullView])
def list_pulls(
    desk: _Read,
    listing: _Rows,
    platform: Annotated[str | None, Query(pattern=_PLATFORM)] = None,
    account_id: Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")] = None,
) -> Page[PullView] | Response:
    """What was pulled, the newest first."""
    before = None if listing.after is None else _place(listing.after)
    with desk.session(read_only=True) as session:
        found = ledger.newest_pulls(session, desk.workspace, platform, account_id, before=before, limit=listing.most)
    rows = [_pull(row) for row in found]
    return listing.answer(
        rows, lambda row: [row.started_at.isoformat(), row.platform, row.account_id, row.number], "pulls"
    )


@router.get(
    "/freshness", summary="How fresh accounts are", operation_id="list_freshness", response_model=Page[FreshnessView]
)
def list_freshness(desk: _Read, listing: _Rows) -> Page[FreshnessView] | Response:
    """Each account that was ever pulled: days behind, what waits to be read in, what is under way."""
    with desk.session(read_only=True) as session:
        found = freshness(session, desk.workspace, utc_now())
    rows = [FreshnessView.model_validate(one) for one in found]
    if listing.after is not None:
        rows = [row for row in rows if [row.platform, row.account_id] > listing_place(listing.after)]
    return listing.answer(rows[: listing.most], lambda row: [row.platform, row.account_id], "freshness")


def listing_place(after: Any) -> list[str]:
    """Platform and account behind which a list goes on.

    Raises:
        UsageError: The cursor is of another list.
    """
    match after:
        case [str() as platform, str() as account]:
            return [platform, account]
        case _:
            raise _foreign()


def _place(after: Any) -> tuple[datetime, str, str, int]:
    match after:
        case [str() as moment, str() as platform, str() as account, int() as number] if not isinstance(number, bool):
            try:
                parsed = datetime.fromisoformat(moment)
            except ValueError as error:
                raise _foreign() from error
            sound = parsed.tzinfo is not None and "\x00" not in platform + account and abs(number) < 2**31
            if sound and (platform + account).isascii():
                return parsed, platform, account, number
        case _:
            pass
    raise _foreign()


def _foreign() -> UsageError:
    return UsageError("The cursor is not one that this list gave.", "Begin without one.")


def _pull(row: "ExportPull") -> PullView:
    return PullView.model_validate({name: getattr(row, name) for name in PullView.model_fields})
