"""What-if over HTTP: other splits of a plan's budget, and its response curves."""

from typing import Annotated, cast

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from marketmover.campaigns.kept.app import CampaignsApp
from marketmover.campaigns.kept.folders import read_plan, told_by_id
from marketmover.campaigns.kept.forms import Asked, Money
from marketmover.campaigns.what_if import LineCurve, WhatIf, Wishes, curves_of, read_basis, what_if, wished_cents
from marketmover.web import Desk, Identifier, needs, room_router
from marketmover.web.caching import tagged

router = room_router("/plans", "Plans")
_Key = Annotated[str, Field(max_length=255)]


class SplitAsked(Asked):
    """Budgets that are tried, over the plan's dates and in its currency; what is not named follows."""

    model_config = ConfigDict(
        extra="forbid",
        allow_inf_nan=False,
        json_schema_extra={"examples": [{"budgets": {"google_ads:55:551": 9000}, "total": 30000}]},
    )

    budgets: dict[_Key, Money] = Field(default_factory=dict, max_length=2_000, description="By line.")
    platforms: dict[_Key, Money] = Field(
        default_factory=dict, max_length=10, description="Sums by platform; its other lines share in proportion."
    )
    total: Money | None = Field(
        default=None,
        description="The whole; lines that are not named share what is left in proportion to the plan's split. Without "
        "it they keep the plan's budgets.",
    )


class Curves(BaseModel):
    """Response curves: expected outcome of each line by its budget over the plan's dates, with 80% ranges."""

    metric: str
    metrics: list[str] = Field(description="What may be asked for.")
    currency: str
    lines: list[LineCurve]


@router.post("/{plan_id}/what-if", summary="Try another split", operation_id="try_split", response_model=WhatIf)
def try_split(desk: Annotated[Desk, needs("plans:read")], plan_id: Identifier, asked: SplitAsked) -> Response:
    """What a split would bring, with ranges, and how likely it beats today's; nothing is kept or changed.

    It rests on the forecast that the plan was composed with: the plan's own budgets give the plan's own figures.
    """
    folder = cast("CampaignsApp", desk.app).plan_folder(plan_id)
    with told_by_id(folder):
        plan = read_plan(folder)
        cents = wished_cents(plan, Wishes(asked.budgets, asked.platforms, asked.total))
        found = what_if(read_basis(folder), plan, cents)
    return Response(found.model_dump_json(), media_type="application/json")


@router.get("/{plan_id}/curves", summary="Read response curves", operation_id="read_curves", response_model=Curves)
def read_curves(
    desk: Annotated[Desk, needs("plans:read")],
    plan_id: Identifier,
    request: Request,
    metric: Annotated[str | None, Query(max_length=64, description="By default what the plan maximises.")] = None,
) -> Response:
    """The curves of all lines, ready for a chart."""
    folder = cast("CampaignsApp", desk.app).plan_folder(plan_id)
    with told_by_id(folder):
        plan, basis = read_plan(folder), read_basis(folder)
        chosen = metric or basis.aim.metric
        lines = curves_of(plan, chosen, basis)
    found = Curves(metric=chosen, metrics=list(basis.response.metrics), currency=plan.currency, lines=lines)
    return tagged(request, JSONResponse(found.model_dump(mode="json")))
