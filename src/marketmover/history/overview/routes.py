"""`/v1/history`: what campaigns did, from what is kept of the history."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Query, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response

from marketmover.errors import ConflictError, NotFoundError
from marketmover.history.forgetting import account_data
from marketmover.history.overview import days, forms, reading, sums
from marketmover.history.overview.ads import AdsAsked, ads_of
from marketmover.history.overview.days import Asked
from marketmover.history.overview.doubts import doubts_of
from marketmover.history.overview.rows import Whose, rows_behind
from marketmover.history.overview.told import (
    day_and_number,
    figures_told,
    line_told,
    main_currency,
    member_told,
    number_of,
    paged,
    quarantine_page,
    span_before,
    span_of,
    trends_told,
)
from marketmover.web import Desk, JobView, Listing, Page, accepted, csv_answer, listed, needs, room_router
from marketmover.web.caching import tagged

router = room_router("/history", "History")

Read = Annotated[Desk, needs("history:read")]
Rows = Annotated[Listing, listed()]
Compare = Literal["none", "previous", "year"]
_Id = Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9_.-]*$")]
_CampaignId = Annotated[str, Query(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]
_LineId = Annotated[str | None, Query(max_length=160, pattern=r"^[A-Za-z0-9_:.-]*$", description="A budget line.")]
_LinePath = Annotated[str, Path(max_length=160, pattern=r"^[a-z_]+:[A-Za-z0-9_.-]+:[A-Za-z0-9_.-]+$")]
_Format = Annotated[Literal["json", "csv"], Query(description="`csv`: as a table.")]


@dataclass(frozen=True)
class Of:
    """Whose figures are asked for."""

    platform: Annotated[forms.PlatformId | None, Query(description="Of this platform alone.")] = None
    campaign_id: _Id = None
    group_id: _Id = None
    line_id: _LineId = None

    def asked(self) -> dict[str, Any]:
        """As `Asked` takes it."""
        return {
            "platform": self.platform,
            "campaign_id": self.campaign_id or None,
            "group_id": self.group_id or None,
            "line_ids": [self.line_id] if self.line_id else None,
        }

    def level_of_facts(self) -> str | None:
        """The level of daily figures, where none is asked for."""
        if self.line_id:
            return None
        return "ad_group" if self.group_id else "campaign"

    def level(self) -> str | None:
        """The level that what is asked for is of; a line may be of two."""
        if self.line_id:
            return None
        return "ad_group" if self.group_id else "campaign" if self.campaign_id else "account"


@dataclass(frozen=True)
class Period:
    """Over which days."""

    first: Annotated[date | None, Query(description="First day; by default 28 days with the last.")] = None
    last: Annotated[date | None, Query(description="Last day; by default the last that is known.")] = None
    compare: Annotated[Compare, Query(description="With what before it: as many days before, or 52 weeks before.")] = (
        "none"
    )


@dataclass(frozen=True)
class Order:
    """Which come first, and which are left out."""

    sort: Annotated[sums.SortedBy | None, Query(description="By this figure, or `name`; by default by place.")] = None
    ascending: Annotated[bool, Query(description="The smallest first.")] = False
    search: Annotated[str, Query(max_length=200, description="Those whose name or id has this.")] = ""

    def asked(self) -> sums.Ranking:
        """As `ranked` takes it."""
        return sums.Ranking(self.sort, self.ascending, self.search.strip())


OfWhom = Annotated[Of, Depends()]
Ordered = Annotated[Order, Depends()]
Over = Annotated[Period, Depends()]


@router.get("/summary", summary="What the history holds", operation_id="read_history_summary")
def read_history_summary(desk: Read) -> forms.HistorySummary:
    """Span, spend, lines, gaps, odd days, what conversion actions count as, what could not be used."""
    with desk.session(read_only=True) as session:
        found = reading.summary(session, desk.workspace)
        if found is None:
            return forms.HistorySummary()
        missing, odd = reading.doubts(session, desk.workspace)
    about = {"crm": forms.numbers_of(found.content.get("crm")), "made_at": found.made_at}
    return forms.HistorySummary.model_validate({**found.content, **about, "missing_days": missing, "odd_days": odd})


@router.get(
    "/coverage", summary="Which days are there", operation_id="read_history_coverage", response_model=forms.Coverage
)
def read_history_coverage(
    desk: Read,
    request: Request,
    first: Annotated[date | None, Query(description="First day; by default a year before the last.")] = None,
    last: Annotated[date | None, Query(description="Last day; by default the last that is known.")] = None,
    platform: Annotated[forms.PlatformId | None, Query(description="Of this platform alone.")] = None,
    by: Annotated[Literal["platform", "account"], Query(description="Whose days are told apart.")] = "platform",
    format: _Format = "json",  # noqa: A002 - the parameter's name
) -> Response:
    """For each platform and day how many budget lines have figures, and how many lack them."""
    with desk.session(read_only=True) as session:
        span = span_of(session, desk.workspace, first, last, usual=366)
        asked = Asked(first=span[0], last=span[1], platform=platform)
        found = sums.calendar(session, desk.workspace, asked, by_account=by == "account")
    rows = [forms.CoverageDay.model_validate(row) for row in found]
    if format == "csv":
        return csv_answer([row.model_dump(mode="json") for row in rows], "coverage")
    told = forms.Coverage(first=span[0], last=span[1], days=rows)
    return tagged(request, JSONResponse(told.model_dump(mode="json")))


@router.get(
    "/lines", summary="List budget lines", operation_id="list_history_lines", response_model=Page[forms.LineView]
)
def list_history_lines(
    desk: Read,
    listing: Rows,
    platform: Annotated[forms.PlatformId | None, Query(description="Of this platform alone.")] = None,
    campaign_id: _Id = None,
) -> Page[forms.LineView] | Response:
    """Campaigns and ad sets that hold a budget: what is known of each, and what is missing."""
    with desk.session(read_only=True) as session:
        rows = reading.list_members(
            session,
            desk.workspace,
            platform=platform,
            campaign_id=campaign_id or None,
            lines_only=True,
            after=number_of(listing.after),
            limit=listing.most,
        )
    return paged(listing, [(row.number, line_told(row)) for row in rows], "lines")


@router.get("/doubts", summary="What figures of a period cannot tell", operation_id="read_history_doubts")
def read_history_doubts(desk: Read, over: Over, of: OfWhom) -> forms.Doubts:
    """Days that lack, accounts without figures of ad groups, and rows that could not be used."""
    with desk.session(read_only=True) as session:
        span = span_of(session, desk.workspace, over.first, over.last)
        found = doubts_of(session, desk.workspace, Asked(*span, **of.asked()))
    return forms.Doubts(first=span[0], last=span[1], **found)


@router.get("/lines/{line_id}", summary="Look at a budget line", operation_id="read_history_line")
def read_history_line(desk: Read, line_id: _LinePath) -> forms.LineDetail:
    """Its gaps, its odd days, how it is set and what was changed, and what it did in all."""
    with desk.session(read_only=True) as session:
        row = reading.member(session, desk.workspace, line_id)
        whole = sums.total(session, desk.workspace, Asked(line_ids=[line_id]))
    return forms.LineDetail(
        **line_told(row).model_dump(),
        gaps=row.content.get("gaps", []),
        outliers=row.content.get("outliers", []),
        totals=figures_told(whole),
        settings=row.content.get("settings"),
        changes=row.content.get("changes", []),
    )


@router.get("/facts", summary="List daily figures", operation_id="list_history_facts", response_model=Page[forms.Fact])
def list_history_facts(
    desk: Read,
    listing: Rows,
    of: OfWhom,
    level: Annotated[forms.Level | None, Query(description="By default campaigns, or the level of the line.")] = None,
    first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
) -> Page[forms.Fact] | Response:
    """Day by day, the last day first, at one level: accounts, campaigns or ad groups."""
    asked = Asked(first=first, last=last, level=level or of.level_of_facts(), **of.asked())
    after = day_and_number(listing.after)
    with desk.session(read_only=True) as session:
        rows = days.list_days(session, desk.workspace, asked, after=after, newest_first=True, limit=listing.most)
    facts = [([row.date.isoformat(), row.number], forms.Fact.model_validate(row)) for row in rows]
    return paged(listing, facts, "facts")


@router.get(
    "/rows",
    summary="Which rows figures rest on",
    operation_id="list_history_rows",
    response_model=Page[forms.SourceRow],
)
def list_history_rows(
    desk: Read,
    listing: Rows,
    platform: Annotated[forms.PlatformId, Query()],
    campaign_id: _CampaignId,
    day: Annotated[date, Query(alias="date")],
    group_id: _Id = None,
) -> Page[forms.SourceRow] | Response:
    """The rows of exports behind a day's figures, each with its import, file and place."""
    skip = max(0, number_of(listing.after))
    whose = Whose(platform, campaign_id, day, group_id=group_id or "")
    with desk.stores() as stores:
        found = rows_behind(stores.lake, whose, skip=skip, limit=min(listing.most, 10_000))
    rows = [(skip + place, forms.SourceRow.model_validate(row)) for place, row in enumerate(found, start=1)]
    return paged(listing, rows, "rows")


@router.get("/ads", summary="List a campaign's ads", operation_id="list_history_ads", response_model=Page[forms.AdView])
def list_history_ads(
    desk: Read,
    listing: Rows,
    platform: Annotated[forms.PlatformId, Query()],
    campaign_id: _CampaignId,
    group_id: _Id = None,
    first: Annotated[date | None, Query()] = None,
    last: Annotated[date | None, Query()] = None,
) -> Page[forms.AdView] | Response:
    """What each shows, and what came of it on the days that ads were exported for; those shown most first."""
    with desk.stores() as stores:
        found = ads_of(stores.lake, AdsAsked(platform, campaign_id, group_id or "", first, last))
    skip = max(0, number_of(listing.after))
    rows = [(place, forms.AdView.model_validate(row)) for place, row in enumerate(found, start=1)]
    return paged(listing, rows[skip : skip + listing.most], "ads")


@router.get(
    "/totals",
    summary="Compare campaigns over a period",
    operation_id="list_history_totals",
    response_model=Page[forms.MemberTotals],
)
def list_history_totals(
    desk: Read,
    listing: Rows,
    over: Over,
    of: OfWhom,
    order: Ordered,
    level: Annotated[forms.Level, Query()] = "campaign",
    currency: Annotated[str | None, Query(pattern=r"^([A-Z]{3})?$", description="Of this currency alone.")] = None,
) -> Page[forms.MemberTotals] | Response:
    """Each account's, campaign's or ad group's figures over some days, and over those before them."""
    with desk.session(read_only=True) as session:
        span = span_of(session, desk.workspace, over.first, over.last)
        about = {**of.asked(), "level": level, "currency": currency or None}
        now, skip = Asked(*span, **about), max(0, number_of(listing.after))
        found = sums.ranked(session, desk.workspace, now, order.asked(), skip=skip, limit=listing.most)
        before = span_before(span, over.compare)
        earlier: dict[int, sums.Sums] = {}
        if before is not None:
            numbers = [row.number for row, _ in found]
            earlier = sums.of_members(session, desk.workspace, Asked(*before, **about), numbers)
    told = [
        forms.MemberTotals(
            **member_told(row),
            figures=figures_told(one),
            before=figures_told(earlier.get(row.number)) if before else None,
        )
        for row, one in found
    ]
    return paged(listing, list(enumerate(told, start=skip + 1)), "totals")


@router.get("/trends", summary="Figures over time", operation_id="read_history_trends", response_model=forms.Trends)
def read_history_trends(
    desk: Read,
    request: Request,
    over: Over,
    of: OfWhom,
    by: Annotated[Literal["day", "week"], Query()] = "day",
    currency: Annotated[str | None, Query(pattern=r"^[A-Z]{3}$", description="By default that of most spend.")] = None,
    format: _Format = "json",  # noqa: A002 - the parameter's name
) -> Response:
    """All that is asked for together, by day or week, beside the same days before or a year ago."""
    with desk.session(read_only=True) as session:
        span = span_of(session, desk.workspace, over.first, over.last)
        code = currency or main_currency(session, desk.workspace)
        about = {**of.asked(), "level": of.level(), "currency": code}
        before = span_before(span, over.compare, whole_weeks=by == "week")
        told = trends_told(session, desk.workspace, by, span, before, about)
    if format == "csv":
        return csv_answer([point.model_dump(mode="json", exclude_none=True) for point in told.points], "trends")
    return tagged(request, JSONResponse(told.model_dump(mode="json")))


@router.get(
    "/quarantine",
    summary="List rows that could not be used",
    operation_id="list_quarantine",
    response_model=Page[forms.QuarantineRow],
)
def list_quarantine(
    desk: Read,
    listing: Rows,
    reason: Annotated[forms.Reason | None, Query(description="Set aside for this reason alone.")] = None,
) -> Page[forms.QuarantineRow] | Response:
    """Each with its file, its place and its reason, as it stood there; the newest imports first, up to 20,000."""
    return quarantine_page(desk, listing, None, reason)


@router.put(
    "/actions",
    summary="Say what a conversion action counts as",
    operation_id="map_history_action",
    status_code=202,
    response_model=JobView,
)
def map_history_action(desk: Annotated[Desk, needs("history:write")], mapping: forms.ActionMapping) -> JSONResponse:
    """From now on, in all figures; the answer is the job that brings them up to date."""
    return accepted(desk.submit("history.map", mapping.model_dump(), about=mapping.action))


@router.delete(
    "/accounts/{platform}/{account_id}",
    summary="Delete all that is known of an account",
    operation_id="delete_account_data",
    status_code=202,
    response_model=JobView,
)
def delete_account_data(
    desk: Annotated[Desk, needs("history:write")],
    platform: forms.PlatformId,
    account_id: Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")],
) -> JSONResponse:
    """Figures, structure, ads, leads, pulls, alerts; what plans rest on, and the log, stay. The job does it.

    While the account is connected the next pull brings its history back.
    """
    with desk.stores() as stores:
        account_data(stores, platform, account_id)
    arguments = {"platform": platform, "account_id": account_id}
    return accepted(desk.submit("history.delete_account", arguments, about=f"{platform} {account_id}"))


@router.post(
    "/sample",
    summary="Look around with sample data",
    operation_id="load_sample",
    status_code=202,
    response_model=JobView,
)
def load_sample(desk: Annotated[Desk, needs("history:write")]) -> JSONResponse:
    """Two simulated years that end yesterday, imported into a workspace without data; the job takes less than a minute.

    No advertiser, campaign or person in them exists. Refused where the workspace has campaign data.
    """
    with desk.session(read_only=True) as session:
        known = reading.summary(session, desk.workspace)
    if known is not None and known.content.get("first_date"):
        raise ConflictError(
            "This workspace has campaign data already, and sample data would mix with them.",
            "Look around with sample data in a new workspace, or delete the data that are here first.",
        )
    return accepted(desk.submit("history.sample", {}, about="sample data"))


@router.delete(
    "/sample", summary="Remove the sample data", operation_id="remove_sample", status_code=202, response_model=JobView
)
def remove_sample(desk: Annotated[Desk, needs("history:write")]) -> JSONResponse:
    """All that was simulated to look around; what was imported or pulled beside it stays, and so do plans."""
    with desk.session(read_only=True) as session:
        known = reading.summary(session, desk.workspace)
    if known is None or not known.content.get("sample"):
        raise NotFoundError("There are no sample data in this workspace.", "Nothing is to be removed.")
    return accepted(desk.submit("history.remove_sample", {}, about="sample data"))
