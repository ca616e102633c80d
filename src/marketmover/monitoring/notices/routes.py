"""`/v1/notices`: who is told of what, and whether it reached them. Secrets come in and are sealed; none go out."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol, cast

from fastapi import Path, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from marketmover.errors import NotFoundError, UsageError
from marketmover.kit import utc_now
from marketmover.monitoring.notices import outbox
from marketmover.monitoring.notices.kept import forget_notices, notices_kept, set_notices
from marketmover.monitoring.notices.service import routes_shown
from marketmover.web import Desk, JobView, Listing, Page, accepted, listed, needs, room_router

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.monitoring.notices.installation import Installation

router = room_router("/notices", "Notices")

_Read = Annotated[Desk, needs("notices:read")]
_Write = Annotated[Desk, needs("notices:write")]
_ROUTE = r"^[a-z0-9][a-z0-9_-]{0,63}$"
_Text = Annotated[str, Field(max_length=4_000, pattern=r"^[^\x00]*$")]
_Short = Annotated[str, Field(max_length=255, pattern=r"^[^\x00]*$")]
_Option = Annotated[list[_Text], Field(max_length=200)] | _Text | bool | int


class Seals(Protocol):
    """What these routes need of an installation to keep secrets."""

    @property
    def secrets(self) -> Any:
        """The workspace's secrets."""
        ...

    def notifiers(self) -> dict[str, Any]:
        """Ways to tell people, by name."""
        ...


class NoticeRoute(BaseModel):
    """Who is told of what, and how. docs/notices.md has what each transport needs."""

    model_config = ConfigDict(extra="forbid")

    to: _Short = Field(description="The transport.", examples=["slack"])
    from_severity: Literal["info", "warning", "critical"] = "info"
    kinds: list[_Short] = Field(default_factory=list[str], max_length=50, description="Of these alone; empty: all.")
    steps: list[Literal["new", "worse", "resolved"]] = Field(
        default_factory=list[Literal["new", "worse", "resolved"]], max_length=3, description="Empty: all."
    )
    time_zone: _Short = Field(default="", description="Whose clock it goes by; empty: that of all.")
    quiet: _Short = Field(default="", description="Hours in which nothing is told.", examples=["22:00-07:00"])
    quiet_days: list[_Short] = Field(default_factory=list[str], max_length=7, examples=[["saturday", "sunday"]])
    digest: _Short = Field(default="", description="All at once, then.", examples=["daily 08:00"])
    critical_passes: bool = Field(default=False, description="Whether what is critical is told in quiet hours, too.")
    tries: int = Field(default=8, ge=1, le=20)
    options: dict[str, _Option] = Field(
        default_factory=dict[str, Any],
        max_length=50,
        description="What the transport needs. Passwords, addresses and keys are sealed, and shown as `secret:NAME`.",
        examples=[{"url": "https://hooks.slack.com/services/..."}],
    )


class NoticesSet(BaseModel):
    """Who is told of what."""

    model_config = ConfigDict(extra="forbid")

    time_zone: _Short = Field(default="UTC", examples=["Europe/Berlin"])
    link: _Short = Field(default="", description="A page that notices lead to.", examples=["https://ads.example.com"])
    routes: dict[Annotated[str, Field(pattern=_ROUTE)], NoticeRoute] = Field(min_length=1, max_length=100)


class RouteShown(BaseModel):
    """A route as it works."""

    route: str
    to: str
    leads_to: str = Field(description="Where to, without what must stay secret.")
    from_severity: str
    kinds: list[str]
    steps: list[str]
    quiet: str | None
    digest: str | None
    critical_passes: bool
    wrong: str = Field(description="Why it cannot send; empty where it can.")


class NoticesShown(BaseModel):
    """Who is told of what, and who said so."""

    source: Literal["api", "file", "none"] = Field(description="Set by the API, or by `notices.toml` on the server.")
    changed_at: datetime | None
    changed_by: str | None
    routes: list[RouteShown]
    transports: list[str] = Field(description="Ways to tell people that there are.", examples=[["log", "mail"]])
    set: NoticesSet | None = Field(description="As it was set by the API, to be changed and sent again.")


class DeliveryView(BaseModel):
    """What became of a notice on a route."""

    id: str
    title: str
    severity: str
    step: str
    kind: str
    route: str
    state: Literal["waiting", "sending", "sent", "dead", "passed_over"]
    tries: int
    raised_at: datetime
    due_at: datetime
    sent_at: datetime | None
    said: str = Field(description="What the other side said, or why it was given up.")


class RetryAsked(BaseModel):
    """What to try again."""

    model_config = ConfigDict(extra="forbid")

    route: str | None = Field(default=None, pattern=_ROUTE, description="This route alone.")


class Revived(BaseModel):
    """What waits again."""

    deliveries: int


@router.get("/configuration", summary="Who is told of what", operation_id="read_notices")
def read_notices(desk: _Read) -> NoticesShown:
    """The routes as they work, and what is wrong with each."""
    with desk.session(read_only=True) as session:
        return _shown(desk, session)


@router.put("/configuration", summary="Say who is told of what", operation_id="set_notices")
def put_notices(desk: _Write, asked: NoticesSet) -> NoticesShown:
    """In place of all that was said before. What names files or variables of the server is refused."""
    secrets = cast("Seals", desk.app).secrets
    with desk.session() as session:
        before = notices_kept(session, desk.workspace)

        def seal(name: str, value: str) -> None:
            secrets.keep(session, f"notices/{name}", {"value": value})

        kept = set_notices(
            session, desk.workspace, asked.model_dump(mode="json"), seal, who=desk.caller.who, now=utc_now()
        )
        was = dict(before.content) if before else None
        desk.audit(session, "notices.set", "notices", was, dict(kept.content))
    with desk.session(read_only=True) as session:  # what was sealed is seen once it is kept
        return _shown(desk, session)


@router.delete(
    "/configuration", summary="Take back who is told of what", operation_id="forget_notices", status_code=204
)
def delete_notices(desk: _Write) -> None:
    """`notices.toml` on the server holds again, where there is one."""
    with desk.session() as session:
        before = notices_kept(session, desk.workspace)
        if not forget_notices(session, desk.workspace):
            raise NotFoundError("Nobody set by the API who is told of what.", "See GET /v1/notices/configuration.")
        desk.audit(session, "notices.forgotten", "notices", dict(before.content) if before else None)


@router.post(
    "/routes/{route}/test",
    summary="Send a test",
    operation_id="test_notice_route",
    status_code=202,
    response_model=JobView,
)
def test_notice_route(desk: _Write, route: Annotated[str, Path(pattern=_ROUTE)]) -> JSONResponse:
    """By a route, at once; the job tells what the other side said."""
    configuration = cast("Installation", desk.app).notices()
    if configuration is None:
        raise NotFoundError("Nobody is told of anything yet.", "Set who is: PUT /v1/notices/configuration")
    configuration.route(route)
    return accepted(desk.submit("notices.test", {"route": route}, about=route))


@router.get("/deliveries", summary="List notices", operation_id="list_deliveries", response_model=Page[DeliveryView])
def list_deliveries(
    desk: _Read,
    listing: Annotated[Listing, listed()],
    state: Annotated[Literal["waiting", "sending", "sent", "dead", "passed_over"] | None, Query()] = None,
    route: Annotated[str | None, Query(pattern=_ROUTE)] = None,
) -> Page[DeliveryView] | Response:
    """What became of each notice on each route, the newest first."""
    after = None if listing.after is None else _place(listing.after)
    with desk.session(read_only=True) as session:
        found = outbox.listed(session, desk.workspace, state=state, route=route, after=after, limit=listing.most)
    rows = [DeliveryView.model_validate(row) for row in found]
    return listing.answer(rows, lambda row: [row.raised_at.isoformat(), row.id], "deliveries")


@router.post("/deliveries/retry", summary="Try again what was given up", operation_id="retry_deliveries")
def retry_deliveries(desk: _Write, asked: RetryAsked) -> Revived:
    """It waits again, and goes out within a minute."""
    with desk.session() as session:
        many = outbox.revive(session, desk.workspace, utc_now(), asked.route)
        desk.audit(session, "notices.retried", "notices", after={"route": asked.route, "deliveries": many})
    return Revived(deliveries=many)


def _shown(desk: Desk, session: "Session") -> NoticesShown:
    app = cast("Installation", desk.app)
    kept = notices_kept(session, desk.workspace)
    configuration = app.notices()
    routes = routes_shown(configuration, app.notifier_of(configuration)) if configuration else []
    return NoticesShown(
        source="api" if kept else "file" if configuration else "none",
        changed_at=kept.changed_at if kept else None,
        changed_by=kept.changed_by if kept else None,
        routes=[RouteShown.model_validate(route) for route in routes],
        transports=sorted(cast("Seals", desk.app).notifiers()),
        set=NoticesSet.model_validate(kept.content) if kept else None,
    )


def _place(after: Any) -> tuple[datetime, str]:
    match after:
        case [str() as moment, str() as delivery] if delivery.isalnum() and delivery.isascii():
            try:
                parsed = datetime.fromisoformat(moment)
            except ValueError as error:
                raise UsageError(_FOREIGN, "Begin without one.") from error
            if parsed.tzinfo is not None:
                return parsed, delivery
        case _:
            pass
    raise UsageError(_FOREIGN, "Begin without one.")


_FOREIGN = "The cursor is not one that this list gave."
