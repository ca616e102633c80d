"""Objects made, changed and removed through the Graph API, each checked as Meta checks it before anything is done."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Protocol

from marketmover.sandbox.serving.meta.calls import Call, Json
from marketmover.sandbox.serving.meta.checks import (
    check_ad,
    check_ad_set,
    check_campaign,
    check_change,
    check_creative,
)
from marketmover.sandbox.serving.meta.objects import EDGES, ObjectsAccount, object_of, objects_of
from marketmover.sandbox.serving.meta.refusing import invalid, missing, not_imitated

_NOT_FIELDS = frozenset({"access_token", "appsecret_proof", "execution_options", "summary", "fields"})
_BELOW = {"campaigns": ("adsets", "campaign_id"), "adsets": ("ads", "adset_id")}
_CHECKS = {"campaigns": check_campaign, "adsets": check_ad_set, "ads": check_ad, "adcreatives": check_creative}
_OBJECTS = ("targeting", "creative", "object_story_spec", "asset_feed_spec", "promoted_object", "bid_constraints")
_LISTS = ("special_ad_categories", "special_ad_category_country", "pacing_type", "attribution_spec")
_FLAGS = ("is_adset_budget_sharing_enabled", "is_dynamic_creative")
_SHAPES: dict[str, tuple[type, str]] = {
    **dict.fromkeys(_OBJECTS, (dict, "an object")),
    **dict.fromkeys(_LISTS, (list, "a list")),
    **dict.fromkeys(_FLAGS, (bool, "true or false")),
}
_UNSUPPORTED = "unsupported"


class WritableAccount(ObjectsAccount, Protocol):
    """What writing needs of the served account."""

    @property
    def today(self) -> date:
        """The day after the last one lived."""
        ...

    def change(self, *changes: Mapping[str, Any]) -> dict[str, str]:
        """Do all of the changes or none; ids by reference."""
        ...

    def check(self, *changes: Mapping[str, Any]) -> object:
        """Refuse what `change` would refuse; nothing is done."""
        ...


def create(account: WritableAccount, edge: str, call: Call) -> Json:
    """Make an object on one of the account's edges; its id.

    Raises:
        GraphError: Meta would not take it.
    """
    return _create(account, edge, fields_of(call), only_check="validate_only" in call.names("execution_options"))


def copy(account: WritableAccount, source: Json, call: Call) -> Json:
    """Copy an ad into an ad set, as `AD/copies` does; the copy's id."""
    status, renaming = call.text("status_option", "PAUSED"), call.mapped("rename_options")
    fields: Json = {
        "name": f"{renaming.get('rename_prefix', '')}{source['name']}{renaming.get('rename_suffix', ' - Copy')}",
        "adset_id": call.text("adset_id") or str(source.get("adset_id")),
        "status": str(source["status"]) if status == "INHERITED_FROM_SOURCE" else status,
        "creative": {"creative_id": source["creative"]["id"]},
    }
    made = _create(account, "ads", fields, only_check=False)["id"]
    return {"copied_ad_id": made, "ad_object_ids": [{"ad_object_type": "ad", "copied_id": made}]}


def _create(account: WritableAccount, edge: str, fields: Json, *, only_check: bool) -> Json:
    _CHECKS[edge](account, fields)
    wanted = {"kind": "create", "platform": "meta_ads", "what": EDGES[edge], "ref": "made", "fields": fields}
    made = _done(account, [wanted], only_check=only_check)
    return {"success": True} if only_check else {"id": made["made"]}


def update(account: WritableAccount, name: str, call: Call) -> Json:
    """Change an object.

    Raises:
        GraphError: It is not there, or Meta would not take the change.
    """
    found = object_of(account, name)
    if found is None:
        raise missing(name)
    edge, row = found
    fields = fields_of(call)
    check_change(account, edge, row, fields)
    wanted = {"kind": "update", "platform": "meta_ads", "what": EDGES[edge], "id": name, "fields": fields}
    _done(account, [wanted] * bool(fields), only_check="validate_only" in call.names("execution_options"))
    return {"success": True}


def remove(account: WritableAccount, name: str) -> Json:
    """Remove an object, and all below it.

    Raises:
        GraphError: It is not there, or is one of the market's own.
    """
    found = object_of(account, name)
    if found is None or found[1].get("status") == "DELETED":
        raise missing(name)
    gone = [
        {"kind": "remove", "platform": "meta_ads", "what": what, "id": one}
        for what, one in _all(account, found[0], name)
    ]
    _done(account, gone, only_check=False)
    return {"success": True}


def fields_of(call: Call) -> Json:
    """What a call sets, as plain JSON values: objects, lists and flags read, all else as text.

    Raises:
        GraphError: What must be an object, a list or a flag is none.
    """
    return {name: _value(name, text) for name, text in call.given.items() if name not in _NOT_FIELDS}


def _value(name: str, text: str) -> Any:
    if name not in _SHAPES:
        return text
    shape, words = _SHAPES[name]
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, shape):
        raise invalid(name, f"{name} must be {words}.")
    return found


def _all(account: WritableAccount, edge: str, name: str) -> list[tuple[str, str]]:
    """An object and all below it, the lowest first."""
    found: list[tuple[str, str]] = []
    if edge in _BELOW:
        below, key = _BELOW[edge]
        for row in objects_of(account, below):
            if row.get(key) == name and row.get("status") != "DELETED":
                found += _all(account, below, row["id"])
    return [*found, (EDGES[edge], name)]


def _done(account: WritableAccount, changes: list[Json], *, only_check: bool) -> dict[str, str]:
    """Let the account do it; what it refuses becomes an error that blames the field."""
    try:
        if only_check:
            account.check(*changes)
            return {}
        return account.change(*changes)
    except ValueError as error:
        if getattr(error, "code", "") == _UNSUPPORTED:
            raise not_imitated(str(error)) from error
        raise invalid(str(getattr(error, "field", "") or "params"), str(error)) from error
