"""`/v1/platforms`: the ad platforms whose accounts can be connected, and what each asks for."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

from pydantic import BaseModel, Field

from marketmover.app.connecting import needs_by_platform, read_sandbox
from marketmover.errors import InputError, NotFoundError
from marketmover.web import Desk, Page, needs, room_router

if TYPE_CHECKING:
    from marketmover.app.opening import App

router = room_router("/platforms", "Accounts")


class PlatformView(BaseModel):
    """An ad platform."""

    platform: str = Field(examples=["google_ads"])
    needs: list[str] = Field(description="What its credentials must hold.", examples=[["account_id", "access_token"]])
    simulated: bool = Field(description="Whether a simulated account of it can be connected here, without credentials.")


@router.get("", summary="List ad platforms", operation_id="list_platforms")
def list_platforms(desk: Annotated[Desk, needs("accounts:read")]) -> Page[PlatformView]:
    """Those whose accounts can be connected, by name."""
    app = cast("App", desk.app)
    found = needs_by_platform()
    items = [
        PlatformView(platform=name, needs=list(keys), simulated=_has_sandbox(app, name)) for name, keys in found.items()
    ]
    return Page[PlatformView](items=items, next=None)


def sandbox_of(app: "App") -> Path:
    """The folder of the sandbox whose simulated accounts may be connected from afar.

    Raises:
        NotFoundError: There is none.
    """
    if not app.settings.sandbox:
        raise NotFoundError(
            "No simulated platforms are offered here.", "Whoever runs the server offers them by MARKETMOVER_SANDBOX."
        )
    return Path(app.settings.sandbox).expanduser()


def simulated_credentials(app: "App", platform: str) -> dict[str, str]:
    """What opens the simulated account of a platform.

    Raises:
        NotFoundError: No sandbox is offered, or it does not run, or has no such platform.
    """
    folder = sandbox_of(app)
    try:
        return read_sandbox(folder, platform)
    except InputError as error:  # their words name folders of the server
        raise NotFoundError(
            f"The simulated platforms of this server have no account of {platform} now.",
            "Ask whoever runs the server to start them.",
        ) from error


def _has_sandbox(app: "App", platform: str) -> bool:
    try:
        return bool(simulated_credentials(app, platform))
    except NotFoundError:
        return False
