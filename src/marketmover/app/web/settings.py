"""`/v1/settings`: how the installation is set up, without a secret in it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, SecretStr
from starlette.responses import Response

from marketmover.settings import Settings, source_of, variable
from marketmover.web import Desk, Listing, Page, listed, needs, room_router

router = room_router("/settings", "Settings")

_OF_THE_SERVER = {"home", "sandbox"}
"""Told as set or not, like secrets: where things lie on the server is nobody's business."""


class SettingView(BaseModel):
    """A setting of the installation."""

    name: str = Field(description="The environment variable.", examples=["MARKETMOVER_RATE_LIMIT"])
    description: str
    source: Literal["environment", "file", "default"] = Field(
        description="Where its value comes from: a variable of the server, its file `.env`, or nobody set it."
    )
    is_set: bool = Field(description="Whether it differs from what it is by default.")
    secret: bool = Field(description="Whether its value is never shown.")
    value: str | int | float | bool | None = Field(description="Null where it is secret.", examples=[6000])


@router.get("", summary="List settings", operation_id="list_settings", response_model=Page[SettingView])
def list_settings(
    desk: Annotated[Desk, needs("settings:read")], listing: Annotated[Listing, listed()]
) -> Page[SettingView] | Response:
    """By name. They are changed on the server, by environment variables: docs/settings.md."""
    rows = sorted((_shown(desk.app.settings, name) for name in Settings.model_fields), key=lambda row: row.name)
    if listing.after is not None:
        rows = [row for row in rows if row.name > str(listing.after)]
    return listing.answer(rows[: listing.most], lambda row: row.name, "settings")


def _shown(settings: Settings, name: str) -> SettingView:
    form = Settings.model_fields[name]
    value: Any = getattr(settings, name)
    secret = isinstance(value, SecretStr)
    hidden = secret or name in _OF_THE_SERVER or "url" in name
    default = form.get_default(call_default_factory=True)
    plain = value.get_secret_value() if isinstance(value, SecretStr) else value
    usual = default.get_secret_value() if isinstance(default, SecretStr) else default
    told = plain if isinstance(plain, str | int | float | bool) else str(plain)
    return SettingView(
        name=variable(name),
        description=form.description or "",
        source=source_of(name),
        is_set=plain != usual,
        secret=hidden,
        value=None if hidden else told,
    )
