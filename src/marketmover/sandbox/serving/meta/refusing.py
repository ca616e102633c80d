"""Answers of the Graph API that are errors, in its own form. Source: Graph API guide, Handling errors."""

import json
from collections.abc import Sequence
from typing import Any

_TRACE = "SimulatedTrace"


class GraphError(Exception):
    """An error as the Graph API answers it: an HTTP status and the `error` object."""

    def __init__(
        self, code: int, message: str, *, subcode: int | None = None, status: int = 400, kind: str = "OAuthException",
        transient: bool = False, said: tuple[str, str] | None = None, blame: Sequence[Sequence[str]] = (),
    ) -> None:  # fmt: skip
        super().__init__(message)
        told: dict[str, Any] = {"message": message, "type": kind, "code": code}
        if subcode is not None:
            told["error_subcode"] = subcode
        told["is_transient"] = transient
        if said is not None:
            told["error_user_title"], told["error_user_msg"] = said
        if blame:
            told["error_data"] = json.dumps({"blame_field_specs": [list(path) for path in blame]})
        self.status = status
        self.body = {"error": {**told, "fbtrace_id": _TRACE}}


def invalid(field: str, words: str, *, subcode: int = 1487390, title: str = "Invalid parameter") -> GraphError:
    """A parameter that is not taken, with words for a person and the field to blame."""
    return GraphError(100, "Invalid parameter", subcode=subcode, said=(title, words), blame=[[field]])


def plain(message: str) -> GraphError:
    """A call that is not taken, said in its message alone."""
    return GraphError(100, f"(#100) {message}")


def missing(name: str) -> GraphError:
    """An object that is not there, or cannot be seen with this token."""
    message = (
        f"Unsupported request. Object with ID '{name}' does not exist, cannot be loaded due to missing permissions, "
        "or does not support this operation"
    )
    return GraphError(100, message, subcode=33, kind="GraphMethodException")


def expired() -> GraphError:
    """A token whose time is over."""
    return GraphError(190, "Error validating access token: Session has expired.", subcode=463, status=401)


def wrong_token() -> GraphError:
    """A token that never was good."""
    return GraphError(190, "Invalid OAuth access token - Cannot parse access token", status=401)


def not_imitated(what: str) -> GraphError:
    """Something that the Graph API can and the simulated account cannot: said, never pretended."""
    return GraphError(3, f"(#3) The simulated account does not offer this: {what}")


def busy() -> GraphError:
    """A failure that goes away by itself."""
    message = "An unexpected error has occurred. Please retry your request later."
    return GraphError(2, message, status=500, transient=True)


def too_much() -> GraphError:
    """A report that is too large to be answered at once."""
    message = "Please reduce the amount of data you're asking for, then retry your request"
    return GraphError(1, message, status=500)


def report_not_ready() -> GraphError:
    """The result of a report that is still being made."""
    said = ("Report run is not ready", "The report is not done yet. Try again when its status is Job Completed.")
    return GraphError(2601, "Error accessing adreport job.", subcode=1815107, transient=True, said=said)


def throttled(use: str) -> GraphError:
    """Too many calls. Source: Graph API guide, Rate limits; Marketing API, Rate limiting.

    Args:
        use: `insights`, `management`, or `account` for all others.
    """
    words = "There have been too many calls from this ad-account. Wait a bit and try again."
    codes = {"insights": (80000, 2446079), "management": (80004, 2446079), "account": (17, 2446079)}
    code, subcode = codes[use]
    message = f"(#{code}) {words}"
    return GraphError(code, message, subcode=subcode, transient=True, said=("Ad account has too many calls", words))


def planted(words: str) -> GraphError:
    """A refusal that a person asked for, with the words that they gave."""
    told = words or "The ad account may not do this at the moment."
    return GraphError(100, "Invalid parameter", subcode=1487202, said=("Your request was refused", told))
