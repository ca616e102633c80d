"""`/v1/alerts`, watching, and running plans against what came."""

from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from fastapi import Query, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from marketmover.errors import UsageError
from marketmover.kit import utc_now
from marketmover.monitoring import forms
from marketmover.monitoring.kept import feed, people, reading
from marketmover.monitoring.kept.against_plan import actual
from marketmover.monitoring.kept.goals import goals_of, set_goals
from marketmover.web import Desk, Identifier, JobView, Listing, Page, accepted, csv_answer, listed, needs, room_router
from marketmover.web.caching import tagged

if TYPE_CHECKING:
    from marketmover.monitoring.kept.records import AlertRow
    from marketmover.monitoring.works import Plans

router = room_router("", "Monitoring")

_Read = Annotated[Desk, needs("monitoring:read")]
_Write = Annotated[Desk, needs("monitoring:write")]
_Rows = Annotated[Listing, listed()]
_LineId = Annotated[str | None, Query(max_length=160, pattern=r"^[A-Za-z0-9_:.-]+$")]


@router.get("/alerts", summary="List alerts", operation_id="list_alerts", response_model=Page[forms.AlertView])
def list_alerts(
    desk: _Read,
    listing: _Rows,
    state: Annotated[
        Literal["current", "open", "acknowledged", "resolved"] | None, Query(description="`current`: not over.")
    ] = None,
    severity: Annotated[Literal["info", "warning", "critical"] | None, Query()] = None,
    kind: Annotated[Literal["underperforming", "anomaly", "pacing", "delivery", "tracking"] | None, Query()] = None,
    plan_id: Annotated[Identifier | None, Query()] = None,
    line_id: _LineId = None,
    snoozed: Annotated[bool, Query(description="With those that are put off.")] = True,
) -> Page[forms.AlertView] | Response:
    """By money, the dearest first; those that are over last."""
    asked = reading.AlertFilter(
        state=state,
        severity=severity,
        kind=kind,
        plan_id=plan_id,
        line_id=line_id,
        awake_at=None if snoozed else utc_now(),
    )
    after = None if listing.after is None else _place(listing.after)
    with desk.session(read_only=True) as session:
        rows = reading.list_alerts(session, desk.workspace, asked, after=after, limit=listing.most)
    places = {row.key: reading.place_of(row) for row in rows}
    return listing.answer([_alert(row) for row in rows], lambda row: places[row.id], "alerts")


@router.get("/alerts/summary", summary="What needs somebody now", operation_id="count_alerts")
def count_alerts(desk: _Read) -> forms.AlertCounts:
    """Open alerts that are not put off, by severity, and what they are worth."""
    with desk.session(read_only=True) as session:
        found = reading.count_alerts(session, desk.workspace, utc_now())
    rows = [
        forms.SeverityCount(severity=severity, alerts=found[severity].many, worth=found[severity].worth)
        for severity in ("critical", "warning", "info")
        if severity in found
    ]
    return forms.AlertCounts(open=rows)


@router.get("/alerts/{alert_id}", summary="Look at an alert", operation_id="read_alert")
def read_alert(desk: _Read, alert_id: Identifier) -> forms.AlertDetail:
    """With the daily figures that it rests on, and what happened to it."""
    with desk.session(read_only=True) as session:
        return _detail(desk, session, reading.find_alert(session, desk.workspace, alert_id, with_evidence=True))


@router.get(
    "/alerts/{alert_id}/evidence",
    summary="Get the daily figures of an alert as a table",
    operation_id="read_alert_evidence",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "A table."}},
)
def read_alert_evidence(desk: _Read, alert_id: Identifier) -> Response:
    """A row for each of its lines and days, as CSV."""
    with desk.session(read_only=True) as session:
        row = reading.find_alert(session, desk.workspace, alert_id, with_evidence=True)
        evidence = row.evidence
    rows = [
        {"line_id": one["line_id"], **day, "expected": one["expected"] if day["in_trouble"] else None}
        for one in evidence
        for day in one["days"]
    ]
    return csv_answer(rows, f"alert-{alert_id}")


@router.post("/alerts/{alert_id}/acknowledge", summary="Acknowledge an alert", operation_id="acknowledge_alert")
def acknowledge_alert(desk: _Write, alert_id: Identifier, settled: forms.Settled) -> forms.AlertDetail:
    """Say that it is seen to. It opens again by itself where it grows worse or comes back."""
    with desk.session() as session:
        row = people.acknowledge(
            session, desk.workspace, alert_id, who=desk.caller.who, reason=settled.reason, now=utc_now()
        )
        return _settled(desk, session, row, "alert.acknowledged")


@router.post("/alerts/{alert_id}/snooze", summary="Put an alert off", operation_id="snooze_alert")
def snooze_alert(desk: _Write, alert_id: Identifier, snoozed: forms.Snoozed) -> forms.AlertDetail:
    """Until a moment; sooner where it grows worse."""
    with desk.session() as session:
        row = people.snooze(
            session,
            desk.workspace,
            alert_id,
            until=snoozed.until,
            who=desk.caller.who,
            reason=snoozed.reason,
            now=utc_now(),
        )
        return _settled(desk, session, row, "alert.snoozed")


@router.post("/alerts/{alert_id}/reopen", summary="Open an alert again", operation_id="reopen_alert")
def reopen_alert(desk: _Write, alert_id: Identifier, settled: forms.Settled) -> forms.AlertDetail:
    """Take back that it was seen to, or put off."""
    with desk.session() as session:
        row = people.reopen(
            session, desk.workspace, alert_id, who=desk.caller.who, reason=settled.reason, now=utc_now()
        )
        return _settled(desk, session, row, "alert.reopened")


@router.post("/watch", summary="Watch running lines", operation_id="watch", status_code=202, response_model=JobView)
def watch(desk: _Write, asked: forms.WatchAsked) -> JSONResponse:
    """Replay the pulled days now; the alerts are kept, and who is to know is told."""
    if asked.plan_id is not None:
        cast("Plans", desk.app).plan_folder(asked.plan_id)
    about = f"plan {asked.plan_id}" if asked.plan_id else "all lines"
    return accepted(desk.submit("monitoring.watch", {"plan_id": asked.plan_id}, about=about))


@router.get("/plans/{plan_id}/goals", summary="What a plan is to reach", operation_id="read_plan_goals")
def read_plan_goals(desk: _Read, plan_id: Identifier) -> forms.Goals:
    """Nothing where nobody said so."""
    cast("Plans", desk.app).plan_folder(plan_id)
    with desk.session(read_only=True) as session:
        return forms.Goals(goals=goals_of(session, desk.workspace, plan_id))


@router.put("/plans/{plan_id}/goals", summary="Say what a plan is to reach", operation_id="set_plan_goals")
def set_plan_goals(desk: _Write, plan_id: Identifier, goals: forms.Goals) -> forms.Goals:
    """In place of what was said before; the next watch goes by it."""
    cast("Plans", desk.app).plan_folder(plan_id)
    with desk.session() as session:
        before = forms.Goals(goals=goals_of(session, desk.workspace, plan_id))
        set_goals(session, desk.workspace, plan_id, goals.goals, who=desk.caller.who, now=utc_now())
        desk.audit(session, "goals.set", f"plan {plan_id}", before.model_dump(), goals.model_dump())
    return goals


@router.get(
    "/plans/{plan_id}/actual",
    summary="A plan against what came",
    operation_id="read_plan_actual",
    response_model=forms.ActualView,
)
def read_plan_actual(
    desk: _Read,
    request: Request,
    plan_id: Identifier,
    format: Annotated[Literal["json", "csv"], Query(description="`csv`: its days as a table.")] = "json",  # noqa: A002 - the parameter's name
) -> Response:
    """Spend and results by day against the plan's pacing and what was expected, and line by line."""
    folder = cast("Plans", desk.app).plan_folder(plan_id)
    with desk.session(read_only=True) as session:
        told = forms.ActualView.model_validate(actual(session, desk.workspace, folder))
    if format == "csv":
        return csv_answer([day.model_dump(mode="json", exclude_none=True) for day in told.days], f"plan-{plan_id}")
    return tagged(request, JSONResponse(told.model_dump(mode="json")))


def _settled(desk: Desk, session: Any, row: "AlertRow", what: str) -> forms.AlertDetail:
    desk.audit(session, what, f"alert {row.key}", after={"state": row.state, "reason": row.reason})
    return _detail(desk, session, reading.find_alert(session, desk.workspace, row.key, with_evidence=True))


def _detail(desk: Desk, session: Any, row: "AlertRow") -> forms.AlertDetail:
    names = forms.AlertHappening.model_fields
    happened = [
        forms.AlertHappening.model_validate({name: getattr(one, name) for name in names})
        for one in feed.changes_of(session, desk.workspace, row.key)
    ]
    return forms.AlertDetail(**_alert(row).model_dump(), evidence=cast("Any", row.evidence), happened=happened)


def _alert(row: "AlertRow") -> forms.AlertView:
    own = {"state", "plan_id", "currency", "worth", "simulated", "snoozed_until", "handled_by", "handled_at", "reason",
           "found_at", "changed_at"}  # fmt: skip
    told = {**row.content, **{name: getattr(row, name) for name in own}, "id": row.key}
    told |= {"plan_id": row.plan_id or None, "resolved_on": row.resolved_on}
    return forms.AlertView.model_validate(told)


def _place(after: Any) -> tuple[int, float, str]:
    match after:
        case [int() as over, int() | float() as worth, str() as key] if over in {0, 1} and key.isalnum():
            return over, float(worth), key
        case _:
            raise UsageError("The cursor is not one that this list gave.", "Begin without one.")
