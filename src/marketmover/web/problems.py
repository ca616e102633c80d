"""Errors as problem details (RFC 9457): what is wrong, and what to do about it; never a trace."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from marketmover.errors import MarketmoverError, PlatformError, RateLimitError, UnauthenticatedError

MEDIA = "application/problem+json"
_MOST_FAULTS = 20


class Fault(BaseModel):
    """One thing that is wrong in a request."""

    place: str = Field(description="Where: `body.brief`, `query.limit`.")
    detail: str


class Problem(BaseModel):
    """Problem details as RFC 9457 has them, and what to do."""

    type: str = Field(description="What kind of error it is; the same for all of a kind.")
    title: str = Field(description="The kind in words.")
    status: int
    detail: str = Field(description="What is wrong here.")
    remedy: str = Field(default="", description="What to do about it.")
    instance: str = Field(default="", description="The request's id, which the server's log names as well.")
    faults: list[Fault] = Field(default_factory=list, description="What is wrong in the request, place by place.")


def problem(
    request: Request,
    status: int,
    detail: str,
    remedy: str = "",
    *,
    kind: str | None = None,
    faults: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """An error as an answer."""
    title = HTTPStatus(status).phrase
    told = Problem(
        type=f"urn:marketmover:problem:{kind or title.lower().replace(' ', '-')}",
        title=title,
        status=status,
        detail=detail,
        remedy=remedy,
        instance=getattr(request.state, "request_id", ""),
        faults=list(faults),
    )
    return JSONResponse(told.model_dump(), status, headers, media_type=MEDIA)


def install(api: FastAPI) -> None:
    """Have an application answer errors as problems."""
    api.add_exception_handler(MarketmoverError, _of_ours)
    api.add_exception_handler(RequestValidationError, _of_validation)
    api.add_exception_handler(HTTPException, _of_http)


async def _of_ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, MarketmoverError)  # noqa: S101 - it is registered for these alone
    headers: dict[str, str] = {}
    if isinstance(error, UnauthenticatedError):
        headers["WWW-Authenticate"] = "Bearer"
    wait = error.wait_s if isinstance(error, PlatformError | RateLimitError) else None
    if wait is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    return problem(request, error.status, error.message, error.remedy, kind=_kind(error), headers=headers)


def _kind(error: MarketmoverError) -> str:
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in type(error).__name__)
    return words.strip("-").removesuffix("-error")


async def _of_validation(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - it is registered for these alone
    faults = [_fault(part) for part in error.errors()[:_MOST_FAULTS]]
    first = faults[0] if faults else Fault(place="request", detail="cannot be read")
    return problem(
        request,
        422,
        f"{first.place}: {first.detail}.",
        "See /v1/openapi.json for what this address takes.",
        kind="input",
        faults=faults,
    )


def _fault(part: Mapping[str, Any]) -> Fault:
    if part["type"] == "json_invalid":
        why = str(part.get("ctx", {}).get("error", "")) or "cannot be read"
        return Fault(place="body", detail=_printable(f"not JSON at character {part['loc'][-1]}: {why}"))
    place = ".".join(str(step) for step in part["loc"])
    return Fault(place=_printable(place), detail=_printable(str(part["msg"]).removeprefix("Value error, ")).rstrip("."))


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:500]


async def _of_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - it is registered for these alone
    remedy = "See /v1/openapi.json for what there is." if error.status_code in {404, 405} else ""
    return problem(request, error.status_code, f"{error.detail}.", remedy, headers=error.headers)
