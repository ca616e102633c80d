"""Analyses of the past over HTTP: what each is asked, and what it found."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from marketmover.campaigns.kept.forms import Asked, Seed
from marketmover.campaigns.kept.places import after_place, newest_first, page
from marketmover.campaigns.kept.records import AnalysisRow
from marketmover.errors import NotFoundError
from marketmover.plans import Outcome
from marketmover.web import Desk, Listing, Page
from marketmover.web.caching import tagged


class BacktestAsked(Asked):
    """Advice is to be tried on the past."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"weeks": 4}]})

    weeks: int = Field(default=4, ge=1, le=26, description="Weeks in a stretch: advised before, judged after.")
    objective: Outcome | None = Field(default=None, description="What is maximised and counted.")
    as_of: date | None = Field(default=None, description="Taken for today; nothing after it is used.")
    seed: Seed = 0


class ComparisonAsked(Asked):
    """Models are to be compared through time."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"weeks": 4, "trials": 8}]})

    weeks: int = Field(default=4, ge=1, le=26, description="Weeks in a stretch that is foretold.")
    trials: int = Field(default=8, ge=0, le=64, description="Settings tried each time a model is tuned.")
    as_of: date | None = Field(default=None, description="Taken for today; nothing after it is used.")
    seed: Seed = 0


class AnalysisSummary(BaseModel):
    """An analysis in a list: what it was asked, by whom, when; `headline` is its answer in a line, where it has one."""

    id: str
    arguments: dict[str, Any]
    headline: str
    who: str
    created_at: datetime

    @classmethod
    def of(cls, row: AnalysisRow) -> "AnalysisSummary":
        """A kept analysis in a list."""
        return cls(
            id=row.id,
            arguments=row.arguments,
            headline=str(row.found.get("headline", "")),
            who=row.who,
            created_at=row.created_at,
        )


class AnalysisAnswer(AnalysisSummary):
    """An analysis with all that it found."""

    found: dict[str, Any]


def list_analyses(desk: Desk, listing: Listing, kind: str, name: str) -> Page[AnalysisSummary]:
    """Analyses of a kind, the newest first; `name` is their table's."""
    with desk.session(read_only=True) as session:
        kept = newest_first(
            AnalysisRow, desk.workspace, after_place(listing.after), listing.most, AnalysisRow.kind == kind
        )
        rows = [AnalysisSummary.of(row) for row in session.scalars(kept)]
    return page(listing, rows, name)


def show_analysis(desk: Desk, request: Request, kind: str, name: str) -> Response:
    """An analysis by its id, with an ETag.

    Raises:
        NotFoundError: The workspace has none of this kind and id.
    """
    with desk.session(read_only=True) as session:
        row = session.get(AnalysisRow, (desk.workspace, name))
    if row is None or row.kind != kind:
        raise NotFoundError(f"There is no such analysis: {name[:64]}.", "It is there once its job is done.")
    found = AnalysisAnswer(**AnalysisSummary.of(row).model_dump(), found=row.found)
    return tagged(request, JSONResponse(found.model_dump(mode="json")))
