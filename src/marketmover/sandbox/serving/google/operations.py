"""One operation of a mutate: what it asks for, looked at by the rules, and as a change of the served account."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marketmover.sandbox.serving.google.masks import masked
from marketmover.sandbox.serving.google.refusing import Complaint
from marketmover.sandbox.serving.google.rules import TEMPORARY, Looked, Rule
from marketmover.sandbox.serving.google.rules_campaigns import campaign_rules, group_rules
from marketmover.sandbox.serving.google.rules_details import ad_rules, campaign_criterion_rules, group_criterion_rules
from marketmover.sandbox.serving.google.rules_money import budget_rules
from marketmover.sandbox.serving.google.standing import KINDS, Kind, Standing

_RULES: dict[str, Rule] = {
    "budget": budget_rules,
    "campaign": campaign_rules,
    "group": group_rules,
    "ad": ad_rules,
    "ad_group_criterion": group_criterion_rules,
    "campaign_criterion": campaign_criterion_rules,
}
_NOT_SHARED = {"budget": {"explicitlyShared": True}}  # what Google takes where a new object does not say


@dataclass
class Step:
    """An operation after it was looked at.

    Attributes:
        complaints: Why it is refused; without any it is done.
        change: For the served account.
        kind: What it is about; `None` where it is not served.
        name: The resource's name: temporary, or empty, for new ones.
        verb: `create`, `update` or `remove`.
    """

    complaints: list[Complaint] = field(default_factory=list[Complaint])
    change: dict[str, Any] = field(default_factory=dict[str, Any])
    kind: Kind | None = None
    name: str = ""
    verb: str = ""


def look(standing: Standing, place: int, operation: Any) -> Step:
    """Look at the operation at `place` of a request; what it makes or changes stands from then on."""
    name = operation.WhichOneof("operation")
    if name is None:
        return _wrong("request_error", "OPERATION_REQUIRED", "An operation is required.", place)
    if name not in KINDS:
        words = f"The sandbox does not simulate {name}: it takes {', '.join(KINDS)}."
        return _wrong("operator_error", "OPERATOR_NOT_SUPPORTED", words, place, name)
    inner, kind = getattr(operation, name), KINDS[name]
    verb = inner.WhichOneof("operation")
    if verb is None:
        return _wrong("request_error", "OPERATION_REQUIRED", "An operation is required.", place, name)
    step = {"create": _create, "update": _update, "remove": _remove}[verb](standing, place, name, inner)
    step.kind, step.verb = kind, verb
    step.change |= {"platform": "google_ads", "what": kind.what}
    if step.complaints and TEMPORARY.fullmatch(step.name):
        standing.failed.add(step.name)
    return step


def _wrong(kind: str, code: str, words: str, place: int, *names: str) -> Step:
    path = (("mutate_operations", place), *((name, None) for name in names))
    return Step([Complaint(kind, code, words, path)])


def _create(standing: Standing, place: int, name: str, inner: Any) -> Step:
    from google.protobuf.json_format import MessageToDict

    fields = MessageToDict(inner.create)
    ref = str(fields.pop("resourceName", ""))
    what = KINDS[name].what
    looked = Looked(standing, place, name, "create", fields, {})
    complaints = [*_ref_rules(looked, ref), *_enum_rules(looked, inner.create)]
    complaints += [] if complaints else list(_RULES[what](looked))
    if not complaints:
        standing.put(what, ref or f"operation {place}", _NOT_SHARED.get(what, {}) | fields)
    return Step(complaints, {"kind": "create", "ref": ref or f"operation {place}", "fields": fields}, name=ref)


def _ref_rules(looked: Looked, ref: str) -> Iterator[Complaint]:
    if not ref:
        return
    if "-" not in ref.rpartition("/")[2]:
        words = "A new object may have a temporary id only: a negative one."
        yield looked.complain(
            "new_resource_creation_error", "CANNOT_SET_ID_FOR_CREATE", words, "resourceName", trigger=ref
        )
    elif not ref.startswith(f"{looked.standing.prefix}{KINDS[looked.operation].collection}/"):
        yield looked.complain(
            "request_error", "RESOURCE_NAME_MALFORMED", "Malformed name.", "resourceName", trigger=ref
        )
    elif any(ref.rpartition("/")[2] == one.rpartition("/")[2] for one in looked.standing.made | looked.standing.failed):
        words = "A temporary id may be given once only."
        yield looked.complain("new_resource_creation_error", "DUPLICATE_TEMP_IDS", words, "resourceName", trigger=ref)


def _enum_rules(looked: Looked, message: Any, *path: str | int) -> Iterator[Complaint]:
    """Values that are no choice: unknown numbers, UNKNOWN, UNSPECIFIED; and REMOVED, which has its own operation."""
    for descriptor, value in message.ListFields():
        here = (*path, descriptor.json_name)
        if descriptor.enum_type is not None and not descriptor.is_repeated:
            named = descriptor.enum_type.values_by_number.get(value)
            if named is None or named.name in {"UNKNOWN", "UNSPECIFIED", "REMOVED"}:
                words, shown = "Enum value is not permitted.", named.name if named else value
                yield looked.complain("enum_error", "ENUM_VALUE_NOT_PERMITTED", words, *here, trigger=shown)
        elif descriptor.message_type is not None and not descriptor.is_repeated:
            yield from _enum_rules(looked, value, *here)


def _update(standing: Standing, place: int, name: str, inner: Any) -> Step:
    from google.protobuf.json_format import MessageToDict

    kind, whole = KINDS[name], MessageToDict(inner.update)
    target = str(whole.pop("resourceName", ""))
    empty = Looked(standing, place, name, "update", {}, {})
    complaints = list(_target_rules(empty, kind, target))
    if complaints:
        return Step(complaints, name=target)
    fields, complaints = masked(empty, kind.what, inner)
    before = standing.find(kind.what, target) or {}
    looked = Looked(standing, place, name, "update", fields, before)
    complaints += list(_enum_rules(looked, inner.update))
    complaints += [] if complaints else list(_RULES[kind.what](looked))
    if not complaints:
        standing.put(kind.what, target, looked.after)
    change = {"kind": "update", "id": target.rpartition("/")[2], "fields": fields}
    return Step(complaints, change, name=target)


def _target_rules(looked: Looked, kind: Kind, name: str) -> Iterator[Complaint]:
    """The object must be there, and not removed."""
    found = looked.standing.all(kind.what).get(name)
    if not name:
        yield looked.complain("request_error", "RESOURCE_NAME_MISSING", "The resource name is missing.", "resourceName")
    elif not name.startswith(f"{looked.standing.prefix}{kind.collection}/"):
        yield looked.complain(
            "request_error", "RESOURCE_NAME_MALFORMED", "Malformed name.", "resourceName", trigger=name
        )
    elif found is None:
        yield looked.complain(
            "mutate_error", "RESOURCE_NOT_FOUND", "Resource was not found.", "resourceName", trigger=name
        )
    elif found.get("status") == "REMOVED":
        code = "OPERATION_NOT_PERMITTED_FOR_REMOVED_RESOURCE"
        words = "The resource was removed, and nothing can be done to it."
        yield looked.complain("operation_access_denied_error", code, words, "resourceName", trigger=name)


def _remove(standing: Standing, place: int, name: str, inner: Any) -> Step:
    kind, target = KINDS[name], str(inner.remove)
    looked = Looked(standing, place, name, "remove", {}, {})
    complaints = [one._replace(path=looked.at()) for one in _target_rules(looked, kind, target)]
    if not complaints:
        complaints = list(_in_use(looked, kind, target))
    if not complaints:
        before: Mapping[str, Any] = standing.find(kind.what, target) or {}
        standing.put(kind.what, target, {**before, "status": "REMOVED"})
    return Step(complaints, {"kind": "remove", "id": target.rpartition("/")[2]}, name=target)


def _in_use(looked: Looked, kind: Kind, name: str) -> Iterator[Complaint]:
    users = (one.get("campaignBudget") for _, one in looked.standing.live("campaign"))
    if kind.what == "budget" and name in users:
        words = "A budget of a campaign that was not removed cannot be removed."
        yield looked.complain("campaign_budget_error", "CAMPAIGN_BUDGET_IN_USE", words, trigger=name)
    campaign = looked.standing.find("campaign", name) if kind.what == "campaign" else None
    if campaign is not None and campaign.get("advertisingChannelType") == "VIDEO":
        yield looked.complain(
            "mutate_error", "MUTATE_NOT_ALLOWED", "A campaign of this type cannot be changed by the API."
        )
