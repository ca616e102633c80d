"""Long work as the API shows it, and the answer to what takes long: it is under way, and where to look."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from fastapi import status
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field


class JobError(BaseModel):
    """Why a job failed."""

    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(description="As HTTP would say it.", examples=[422])
    detail: str = Field(description="What is wrong.", examples=["The brief names no budget."])
    remedy: str = Field(default="", description="What to do about it.", examples=["Say how much may be spent."])
    id: str | None = Field(default=None, description="Where it is our fault: under this id the server's log has more.")


class JobView(BaseModel):
    """Long work that somebody asked for, as it stands."""

    model_config = ConfigDict(title="Job")

    id: str = Field(examples=["0b6f3f4c0e6f4b3c8a8d5d1f2c3b4a59"])
    kind: str = Field(description="What is done.", examples=["plans.compose"])
    about: str = Field(description="What it is done to, in a few words.", examples=["autumn"])
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    progress: float = Field(ge=0, le=1, examples=[0.4])
    step: str = Field(description="What it is at.", examples=["fitting response curves"])
    error: JobError | None = None
    asked_by: str = Field(description="A person's e-mail, or a key.", examples=["key reports"])
    created_at: datetime
    started_at: datetime | None = Field(default=None, description="When it began last.")
    ended_at: datetime | None = None
    cancel_asked: bool = Field(description="Whether it ends at its next step.")
    attempt: int = Field(description="How often it began; above 1 where a process of the server died.", examples=[1])


def accepted(job: Mapping[str, Any]) -> JSONResponse:
    """202 with the job, and its address in `Location`."""
    return JSONResponse(
        jsonable_encoder(job), status.HTTP_202_ACCEPTED, {"Location": f"/v1/jobs/{job['id']}", "Retry-After": "1"}
    )
