"""Models compared through time, over HTTP: asked for as a job, kept as a result."""

from typing import Annotated, Any

from fastapi import Request, Response, status

from marketmover.campaigns.kept.analyses import (
    AnalysisAnswer,
    AnalysisSummary,
    ComparisonAsked,
    list_analyses,
    show_analysis,
)
from marketmover.web import Desk, Identifier, JobView, Listing, Page, accepted, listed, needs, room_router

router = room_router("/models", "Models")
_KIND = "models"
_JOB: dict[int | str, dict[str, Any]] = {
    202: {"model": JobView, "description": "Under way: a job; its result names the comparison."}
}


@router.post(
    "/compare",
    summary="Compare models through time",
    operation_id="compare_models",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=JobView,
    responses=_JOB,
)
def compare_models(desk: Annotated[Desk, needs("models:write")], asked: ComparisonAsked) -> Response:
    """A job that compares models on the past, records every run, and registers the winners as new versions."""
    return accepted(desk.submit("models.compare", asked.model_dump(mode="json"), about=f"{asked.weeks} weeks"))


@router.get("/comparisons", summary="List comparisons of models", operation_id="list_comparisons")
def list_comparisons(
    desk: Annotated[Desk, needs("models:read")], listing: Annotated[Listing, listed()]
) -> Page[AnalysisSummary]:
    """Comparisons, the newest first."""
    return list_analyses(desk, listing, _KIND, "comparisons")


@router.get(
    "/comparisons/{comparison_id}",
    summary="Read a comparison of models",
    operation_id="read_comparison",
    response_model=AnalysisAnswer,
)
def read_comparison(
    desk: Annotated[Desk, needs("models:read")], comparison_id: Identifier, request: Request
) -> Response:
    """What each model foretold how well, stretch by stretch, and which were registered."""
    return show_analysis(desk, request, _KIND, comparison_id)
