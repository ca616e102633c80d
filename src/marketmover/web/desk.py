"""What a request works with, and what it needs: every endpoint says by `needs` or `open_to_all` who may call it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from fastapi import Depends, Request

from marketmover.errors import ForbiddenError, UnauthenticatedError
from marketmover.web.caller import Caller

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from marketmover.store import Stores


class Desk(Protocol):
    """What a request works with: its caller's workspace, and nothing of any other."""

    @property
    def caller(self) -> Caller:
        """Who asks."""
        ...

    @property
    def workspace(self) -> str:
        """The workspace that is worked in."""
        ...

    @property
    def app(self) -> Any:
        """The installation seen from this workspace; a room takes it as its own protocol, as its commands do."""
        ...

    def session(self, *, read_only: bool = False) -> "AbstractContextManager[Session]":
        """One transaction of records. With an idempotency key, what it keeps is never done a second time."""
        ...

    def stores(self) -> "AbstractContextManager[Stores]":
        """The stores, with a connection to the lake of its own."""
        ...

    def submit(
        self,
        kind: str,
        arguments: Mapping[str, Any],
        *,
        about: str = "",
        check: "Callable[[Session], None] | None" = None,
    ) -> Mapping[str, Any]:
        """Have long work done; the job as the API shows it, for `accepted`.

        `check` looks, in the transaction that asks for it, whether it may be asked for, and raises where it may not.
        """
        ...

    def audit(
        self,
        session: "Session",
        what: str,
        about: str,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Write down who did what, in the transaction that does it."""
        ...


class Desks(Protocol):
    """Opens desks; the application's state holds it as `desks`."""

    def caller_of(self, request: Request) -> Caller | None:
        """Who asks; `None` where nobody signed in. Asked once a request."""
        ...

    def desk(self, request: Request, caller: Caller) -> Desk:
        """What the request works with."""
        ...

    def hall(self, request: Request) -> Any:
        """What a request without a caller works with: the installation, before any workspace."""
        ...


def _nobody(*, by_key: bool) -> UnauthenticatedError:
    if by_key:
        return UnauthenticatedError(
            "What is sent as Authorization opens nothing: the key is unknown, has ended, or was revoked.",
            "Send Authorization: Bearer KEY; marketmover keys list shows which there are, keys create makes one.",
        )
    return UnauthenticatedError(
        "Nobody is signed in.", "Sign in, or send a key: Authorization: Bearer KEY (marketmover keys create)."
    )


class Needs:
    """A dependency that gives the request's `Desk` to those who have a permission; tests read `permission`.

    Raises:
        UnauthenticatedError: Nobody signed in.
        ForbiddenError: The caller lacks the permission.
    """

    def __init__(self, permission: str | None) -> None:
        self.permission = permission

    def __call__(self, request: Request) -> Desk:
        """The desk, or an error."""
        desks: Desks = request.app.state.desks
        caller = desks.caller_of(request)
        if caller is None:
            raise _nobody(by_key="authorization" in request.headers)
        if self.permission is not None and not caller.may(self.permission):
            raise ForbiddenError(
                f"{caller.who} may not do this: it takes the permission {self.permission}.",
                f"Ask an owner of the workspace {caller.workspace} for a role or a key that has it.",
            )
        return desks.desk(request, caller)


class Open:
    """A dependency of the few endpoints that are open to all: it gives the installation, before any workspace."""

    def __call__(self, request: Request) -> Any:
        """What such a request works with."""
        desks: Desks = request.app.state.desks
        return desks.hall(request)


def needs(permission: str | None) -> Any:
    """The desk of a caller who has a permission.

    An endpoint asks for it by `desk: Annotated[Desk, needs("plans:read")]`.

    Args:
        permission: `None`: anyone who signed in, whatever they may do.
    """
    return Depends(Needs(permission))


def open_to_all() -> Any:
    """For an endpoint that nobody need sign in for.

    It asks for it by `hall: Annotated[Any, open_to_all()]`.
    """
    return Depends(Open())
