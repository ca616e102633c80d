"""Refusals as Google Ads sends them: a status, and a `GoogleAdsFailure` in the trailing metadata."""

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

ROOT = "google.ads.googleads"

Path = tuple[tuple[str, int | None], ...]
"""Where in a request: field names with the index in repeated ones."""


class Complaint(NamedTuple):
    """One error: the enum (`query_error`), its value (`UNRECOGNIZED_FIELD`), words, and the place.

    `trigger` is the value that caused it; `wait_s` how long to wait, for exhausted quotas.
    """

    kind: str
    code: str
    words: str
    path: Path = ()
    trigger: str = ""
    wait_s: int = 0


class GoogleRefusalError(Exception):
    """A call that is not answered. `status` is the name of the gRPC status."""

    def __init__(
        self, complaints: Sequence[Complaint], status: str = "INVALID_ARGUMENT", message: str | None = None
    ) -> None:
        super().__init__(message or "Request contains an invalid argument.")
        self.complaints, self.status = tuple(complaints), status


def refused(kind: str, code: str, words: str, *, status: str = "INVALID_ARGUMENT") -> GoogleRefusalError:
    """A refusal with a single error that has no place."""
    return GoogleRefusalError([Complaint(kind, code, words)], status)


def failure_of(version: str, complaints: Sequence[Complaint], request_id: str) -> Any:
    """The `GoogleAdsFailure` message of a version."""
    made = import_module(f"{ROOT}.{version}.errors.types.errors").GoogleAdsFailure.pb()(request_id=request_id)
    for one in complaints:
        error = made.errors.add(message=one.words)
        values = error.error_code.DESCRIPTOR.fields_by_name[one.kind].enum_type.values_by_name
        setattr(error.error_code, one.kind, values[one.code].number)
        for name, index in one.path:
            part = error.location.field_path_elements.add(field_name=name)
            if index is not None:
                part.index = index
        if one.trigger:
            error.trigger.string_value = one.trigger
        if one.wait_s:
            quota = error.details.quota_error_details
            quota.rate_scope, quota.rate_name = (
                quota.DESCRIPTOR.fields_by_name["rate_scope"].enum_type.values_by_name["ACCOUNT"].number,
                "Requests per service per method",
            )
            quota.retry_delay.seconds = one.wait_s
    return made
