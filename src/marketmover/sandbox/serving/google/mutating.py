"""Mutate: operations of several kinds, all or none of them, or as many as can be done."""

from collections.abc import Sequence
from typing import Any

from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.google.operations import Step, look
from marketmover.sandbox.serving.google.reading import message_type
from marketmover.sandbox.serving.google.refusing import Complaint, GoogleRefusalError, failure_of, refused
from marketmover.sandbox.serving.google.rows import snake
from marketmover.sandbox.serving.google.standing import Standing
from marketmover.sandbox.serving.refusal import ServingRefusal

_MOST_OPERATIONS = 10_000
_INVALID_ARGUMENT = 3
_MUTABLE_RESOURCE = 2  # ResponseContentTypeEnum
_CODES = {
    "not_found": ("mutate_error", "RESOURCE_NOT_FOUND"),
    "required": ("field_error", "REQUIRED"),
    "immutable": ("field_error", "IMMUTABLE_FIELD"),
    "invalid": ("field_error", "INVALID_VALUE"),
    "unsupported": ("mutate_error", "MUTATE_NOT_ALLOWED"),
}
_DUPLICATES = {
    "budget": ("campaign_budget_error", "DUPLICATE_NAME"),
    "campaign": ("campaign_error", "DUPLICATE_CAMPAIGN_NAME"),
    "group": ("ad_group_error", "DUPLICATE_ADGROUP_NAME"),
}


def mutated(account: ServedAccount, version: str, request: Any, request_id: str) -> Any:
    """Do the operations of a `MutateGoogleAdsRequest`.

    Raises:
        GoogleRefusalError: One of them is refused, and the caller did not ask for as many as can be done.
    """
    operations = request.mutate_operations
    if not operations:
        raise refused("request_error", "REQUIRED_FIELD_MISSING", "There are no operations.")
    if len(operations) > _MOST_OPERATIONS:
        raise refused(
            "request_error", "TOO_MANY_MUTATE_OPERATIONS", f"Too many operations: at most {_MOST_OPERATIONS}."
        )
    if request.response_content_type == _MUTABLE_RESOURCE:
        raise refused("operator_error", "OPERATOR_NOT_SUPPORTED", "The sandbox answers with resource names alone.")
    standing = Standing(account)
    steps = [look(standing, place, operation) for place, operation in enumerate(operations)]
    if not request.partial_failure:
        _stop_at_complaints(steps)
    ids = _done(account, steps, partial=request.partial_failure, validate_only=request.validate_only)
    return _answer(version, request, request_id, steps, ids)


def _stop_at_complaints(steps: Sequence[Step]) -> None:
    complaints = [one for step in steps for one in step.complaints]
    if complaints:
        raise GoogleRefusalError(complaints)


def _done(account: ServedAccount, steps: Sequence[Step], *, partial: bool, validate_only: bool) -> dict[str, str]:
    """Do the steps that nothing is wrong with; ids of what they made. What the account refuses has a complaint then."""
    while True:
        good = [(place, step) for place, step in enumerate(steps) if not step.complaints]
        if not good:
            return {}
        try:
            changes = [step.change for _, step in good]
            if validate_only:
                account.check(*changes)
                return {}
            return account.change(*changes)
        except ServingRefusal as refusal:
            place, step = good[refusal.place]
            step.complaints.append(_complaint(place, step, refusal))
            if not partial:
                _stop_at_complaints(steps)


def _complaint(place: int, step: Step, refusal: ServingRefusal) -> Complaint:
    """What the account refuses, in Google's words."""
    what = step.kind.what if step.kind else ""
    kind, code = _DUPLICATES.get(what, _CODES["invalid"]) if refusal.code == "duplicate_name" else _CODES[refusal.code]
    operation = f"{_OPERATIONS.get(what, what)}_operation"
    blamed = "resourceName" if refusal.field == "id" else refusal.field
    names = (snake(part) for part in blamed.split(".") if part and step.verb != "remove")
    path = (("mutate_operations", place), (operation, None), (step.verb, None), *((name, None) for name in names))
    return Complaint(kind, code, refusal.words, path)


_OPERATIONS = {"budget": "campaign_budget", "group": "ad_group", "ad": "ad_group_ad"}


def _answer(version: str, request: Any, request_id: str, steps: Sequence[Step], ids: dict[str, str]) -> Any:
    made = message_type(version, "MutateGoogleAdsResponse")()
    complaints = [one for step in steps for one in step.complaints]
    if complaints:
        made.partial_failure_error.code = _INVALID_ARGUMENT
        made.partial_failure_error.message = f"Multiple errors in 'details'. First error: {complaints[0].words}"
        made.partial_failure_error.details.add().Pack(failure_of(version, complaints, request_id))
    if request.validate_only:
        return made
    customer = f"customers/{request.customer_id}"
    for step in steps:
        one = made.mutate_operation_responses.add()
        if step.kind is not None and not step.complaints:
            name = (
                f"{customer}/{step.kind.collection}/{ids[step.change['ref']]}" if step.verb == "create" else step.name
            )
            getattr(one, f"{_OPERATIONS.get(step.kind.what, step.kind.what)}_result").resource_name = name
    return made
