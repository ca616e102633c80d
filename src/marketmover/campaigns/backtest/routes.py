"""Advice tried on the past, over HTTP: asked for as a job, kept as a result."""

from typing import Annotated, Any

from fastapi import Request, Response, status

from marketmover.campaigns.kept.analyses import (
    AnalysisAnswer,
    AnalysisSummary,
    BacktestAsked,
    list_analyses,
    show_analysis,
)
from marketmover.web import Desk, Identifier, JobView, Listing, Page, accepted, listed, needs, room_router

router = room_router("/backtests", "Backtests")
_KIND = "backtest"
_JOB: dict[int | str, dict[str, Any]] = {
    202: {"model": JobView, "description": "Under way: a job; its result names the backtest."}
}


@router.post(
    "",
    summary="Try advice on the past",
    operation_id="create_backtest",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=JobView,
    responses=_JOB,
)
def create_backtest(desk: Annotated[Desk, needs("plans:write")], asked: BacktestAsked) -> Response:
    """A job that advises on what was known then, stretch by stretch, and judges by the weeks after."""
    return accepted(desk.submit("plans.backtest", asked.model_dump(mode="json"), about=f"{asked.weeks} weeks"))


@router.get("", summary="List backtests", operation_id="list_backtests")
def list_backtests(
    desk: Annotated[Desk, needs("plans:read")], listing: Annotated[Listing, listed()]
) -> Page[AnalysisSummary]:
    """Backtests, the newest first."""
    return list_analyses(desk, listing, _KIND, "backtests")


@router.get(
    "/{backtest_id}", summary="Read a backtest", operation_id="read_backtest", response_model=AnalysisAnswer
)  # fmt: skip
def read_backtest(desk: Annotated[Desk, needs("plans:read")], backtest_id: Identifier, request: Request) -> Response:
    """What it found: how advice would have done, and how good the forecasts were."""
    return show_analysis(desk, request, _KIND, backtest_id)
