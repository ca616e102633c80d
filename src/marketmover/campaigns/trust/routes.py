"""Models over HTTP: what decides here, its proof and calibration, and which version is in use."""

from typing import Annotated

from fastapi import Request
from starlette.responses import JSONResponse, Response

from marketmover.campaigns.trust.forms import ModelAnswer, ModelList, UseAsked
from marketmover.campaigns.trust.service import model_of, models_of
from marketmover.campaigns.trust.using import SENTIMENT, use_version
from marketmover.errors import ConflictError
from marketmover.web import Desk, Identifier, needs, room_router
from marketmover.web.caching import tagged

router = room_router("/models", "Models")


@router.get("", summary="Models that decide here", operation_id="list_models", response_model=ModelList)
def list_models(desk: Annotated[Desk, needs("models:read")], request: Request) -> Response:
    """What each model is, what it decides, what it learned from, and what speaks for it. There are few: no pages."""
    return tagged(request, JSONResponse(ModelList(items=models_of(desk)).model_dump(mode="json")))


@router.get("/{model_id}", summary="Read a model", operation_id="read_model", response_model=ModelAnswer)
def read_model(desk: Annotated[Desk, needs("models:read")], model_id: Identifier, request: Request) -> Response:
    """A model with its proof (`here` first, then as `shipped`), its calibration, and its versions."""
    return tagged(request, JSONResponse(model_of(desk, model_id).model_dump(mode="json")))


@router.post("/{model_id}/use", summary="Put a version in use", operation_id="use_model", response_model=ModelAnswer)
def use_model(desk: Annotated[Desk, needs("models:write")], model_id: Identifier, asked: UseAsked) -> ModelAnswer:
    """Put another of a model's versions in use: the next text is read by it. It is entered into the audit log."""
    found = model_of(desk, model_id)
    if model_id != SENTIMENT:
        raise ConflictError(
            f"{found.name} has no other version to use.", "It comes with marketmover, and learns from your own history."
        )
    use_version(desk, asked.version)
    return model_of(desk, model_id)
