"""The error tree. What a user meets names the thing, the place, and what to do about it.

`exit_code` and `status` stand on the class: the command line and the web API translate an error once, at the edge.
"""

from collections.abc import Sequence
from typing import ClassVar, Literal


class MarketmoverError(Exception):
    """Something that a person can understand and mend.

    Args:
        message: What is wrong, naming the thing and the place.
        remedy: What to do about it, as a whole sentence; may be empty where the message says it.
    """

    exit_code: ClassVar[int] = 1
    status: ClassVar[int] = 500

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(MarketmoverError):
    """A command or call was put together wrongly: an unknown option value, two that exclude each other."""

    exit_code = 2
    status = 400


class InputError(MarketmoverError):
    """A file, folder or value from outside cannot be used as it is."""

    status = 422


class NotFoundError(InputError):
    """A file, folder or record that was named is not there."""

    status = 404


class SettingsError(MarketmoverError):
    """A setting is missing, unknown, or names something that is not there."""


class MissingExtraError(SettingsError):
    """A setting asks for a backend whose package is not installed."""

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(f"{what} needs a package that is not installed.", f"Run: pip install 'marketmover[{extra}]'")
        self.extra = extra


class StoreError(MarketmoverError):
    """A store cannot be opened, read or written."""

    status = 503


class StoreBusyError(StoreError):
    """Another process holds a store that one process holds at a time; later it is free."""


class NewerSchemaError(StoreError):
    """A database was written by a newer marketmover than this one."""


class ConflictError(MarketmoverError):
    """What was asked for contradicts what is there already."""

    status = 409


class UnauthenticatedError(MarketmoverError):
    """It takes somebody who is signed in, and nobody is, or what they showed does not hold."""

    status = 401


class SecondFactorError(UnauthenticatedError):
    """The password is right, and a code of the person's app is asked for besides."""


class ForbiddenError(MarketmoverError):
    """Who asks is known, and may not do this."""

    status = 403


class NoWorkspaceError(ForbiddenError):
    """Who asks is known, and belongs to no workspace (any more)."""


class TooLargeError(InputError):
    """What was sent is larger than what is taken."""

    status = 413


class RateLimitError(MarketmoverError):
    """Too much was asked for in too short a time.

    Args:
        message: By whom, and how much there may be.
        remedy: What to do.
        wait_s: Seconds after which to try again.
    """

    status = 429

    def __init__(self, message: str, remedy: str = "", *, wait_s: float) -> None:
        super().__init__(message, remedy)
        self.wait_s = wait_s


class PlatformError(MarketmoverError):
    """An outside platform did not do what it was asked.

    Args:
        message: In plain words, with the platform and the account; never a secret.
        remedy: What to do.
        kind: `refused`: it said no, and nothing was done; `expired`: the connection must be renewed by a person;
            `throttled`: too many calls; `unavailable`: it could not be reached, or failed, and nothing was done;
            `unknown`: an answer was lost, so that nobody knows whether it was done.
        wait_s: Seconds after which to try again, where the platform says so.
        codes: The platform's own codes.
    """

    status = 502

    def __init__(
        self,
        message: str,
        remedy: str = "",
        *,
        kind: Literal["refused", "expired", "throttled", "unavailable", "unknown"],
        wait_s: float | None = None,
        codes: Sequence[str] = (),
    ) -> None:
        super().__init__(message, remedy)
        self.kind: Literal["refused", "expired", "throttled", "unavailable", "unknown"] = kind
        self.wait_s = wait_s
        self.codes = tuple(codes)
