"""Whether a step was done: what it makes is found by name, or by what it says; what it changes, by how it stands."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

from marketmover.connectors.google_ads.queries import STRATEGIES, quoted
from marketmover.connectors.google_ads.session import GoogleSession, Json
from marketmover.connectors.google_ads.steps import creates
from marketmover.kit import line_id

_MARK = re.compile(r"\[(google_ads:new:\d+)\b[^\]]*\]")
_STRATEGIES = {field: strategy for strategy, field in STRATEGIES.items()} | {"targetSpend": "TARGET_SPEND"}


class _Kind(NamedTuple):
    """A kind of operation: the resource to ask for, its key in rows, and the key of what it hangs below."""

    resource: str
    key: str
    parent: str = ""


_KINDS = {
    "campaignBudgetOperation": _Kind("campaign_budget", "campaignBudget"),
    "campaignOperation": _Kind("campaign", "campaign"),
    "adGroupOperation": _Kind("ad_group", "adGroup", "campaign"),
    "adGroupAdOperation": _Kind("ad_group_ad", "adGroupAd", "adGroup"),
    "adGroupCriterionOperation": _Kind("ad_group_criterion", "adGroupCriterion", "adGroup"),
    "campaignCriterionOperation": _Kind("campaign_criterion", "campaignCriterion", "campaign"),
}


def kept_name(operation: Json, place: int) -> str | None:
    """The reference of what an operation makes or changes; `None` for what goes when a new campaign goes."""
    kind, inner = next(iter(operation.items()))
    made = inner.get("create")
    if made is None:
        return None if "remove" in inner else str(inner["update"]["resourceName"])
    if "resourceName" in made:
        return str(made["resourceName"])
    below_new = "/-" in str(made.get(_KINDS[kind].parent if kind in _KINDS else "", ""))
    return None if below_new else f"{kind} {place}"


def ids_of(operations: Sequence[Json], names: Sequence[str]) -> dict[str, str]:
    """What a step made or changed: real names by reference, and the ids of new lines by those of the plan.

    Args:
        operations: The step's.
        names: The real resource name of each, in their order.
    """
    ids = {
        key: name
        for place, (one, name) in enumerate(zip(operations, names, strict=True))
        if (key := kept_name(one, place))
    }
    return ids | _new_lines(operations, ids)


def _new_lines(operations: Sequence[Json], ids: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for operation in operations:
        made = creates(operation)
        if "campaignOperation" not in operation or made is None:
            continue
        below = [creates(one) for one in operations if "adGroupOperation" in one]
        groups = [one["resourceName"] for one in below if one and one.get("campaign") == made["resourceName"]]
        group = _last(ids[groups[0]]) if len(groups) == 1 and groups[0] in ids else None
        for mark in _MARK.findall(str(made.get("name", ""))):
            found[mark] = line_id("google_ads", _last(ids[made["resourceName"]]), group)
    return found


def find_done(session: GoogleSession, operations: Sequence[Json]) -> dict[str, str] | None:
    """The ids of a step that was done, `None` if it was not.

    A step is done as a whole or not at all, so a campaign that it makes tells of all the rest. Such a campaign counts
    as this step's only where its name, channel and dates are the same.

    Raises:
        PlatformError: The account cannot be read.
    """
    if any("campaignOperation" in one and creates(one) is not None for one in operations):
        return _found_campaigns(session, operations)
    names: list[str] = []
    for operation in operations:
        name = _done(session, operation)
        if name is None:
            return None
        names.append(name)
    return ids_of(operations, names)


def _found_campaigns(session: GoogleSession, operations: Sequence[Json]) -> dict[str, str] | None:
    known: dict[str, str] = {}
    for operation in operations:
        made = creates(operation)
        if made is None or "campaignOperation" not in operation:
            continue
        row = _campaign_named(session, made)
        if row is None:
            return None
        known[str(made["resourceName"])] = str(row["campaign"]["resourceName"])
        known[str(made.get("campaignBudget"))] = str(row["campaignBudget"]["resourceName"])
        known |= _groups_below(session, operations, made, str(row["campaign"]["id"]))
    names = [known.get(kept_name(one, place) or "", "") for place, one in enumerate(operations)]
    return {key: name for key, name in ids_of(operations, names).items() if name}


def _campaign_named(session: GoogleSession, made: Json) -> Json | None:
    """The campaign of this name, if it is like the one to be made."""
    fields = ("name", "advertising_channel_type", "start_date_time", "end_date_time")
    asked = ", ".join(f"campaign.{name}" for name in ("id", *fields))
    query = (
        f"SELECT {asked}, campaign_budget.resource_name FROM campaign "  # noqa: S608 - GAQL, and the name is quoted
        f"WHERE campaign.name = {quoted(str(made['name']))} AND campaign.status != 'REMOVED'"
    )
    alike = [_camel(name) for name in fields]
    for row in session.rows(query, "campaigns"):
        if all(made.get(name) in (None, row["campaign"].get(name)) for name in alike):
            return row
    return None


def _groups_below(session: GoogleSession, operations: Sequence[Json], made: Json, campaign_id: str) -> dict[str, str]:
    asked = [one for operation in operations if "adGroupOperation" in operation and (one := creates(operation))]
    named = {str(one["name"]): str(one["resourceName"]) for one in asked if one.get("campaign") == made["resourceName"]}
    if not named:
        return {}
    query = f"SELECT ad_group.id, ad_group.name FROM ad_group WHERE campaign.id IN ({campaign_id})"  # noqa: S608 - GAQL
    rows = [row["adGroup"] for row in session.rows(query, "ad groups")]
    return {named[row["name"]]: str(row["resourceName"]) for row in rows if row.get("name") in named}


def _done(session: GoogleSession, operation: Json) -> str | None:
    """The real name of what an operation made, changed or removed; `None` if that was not done."""
    kind, inner = next(iter(operation.items()))
    if kind not in _KINDS:
        return None
    if "update" in inner:
        return _updated(session, _KINDS[kind], inner["update"], str(inner.get("updateMask", "")))
    if "remove" in inner:
        there = _rows(session, _KINDS[kind], (), str(inner["remove"]))
        return None if any(row.get("status") != "REMOVED" for row in there) else str(inner["remove"])
    made: Json = inner["create"]
    if kind == "campaignBudgetOperation":
        query = (
            "SELECT campaign_budget.resource_name FROM campaign_budget "  # noqa: S608 - GAQL, and the name is quoted
            f"WHERE campaign_budget.name = {quoted(str(made['name']))} AND campaign_budget.status != 'REMOVED'"
        )
        found = [row["campaignBudget"] for row in session.rows(query, "budgets")]
        return str(found[0]["resourceName"]) if found else None
    return _made_below(session, _KINDS[kind], made)


def _updated(session: GoogleSession, kind: _Kind, asked: Json, mask: str) -> str | None:
    paths = [path.split(".") for path in mask.split(",") if path]
    fields = [".".join(_snake(part) for part in path) for path in paths]
    strategy = next((_STRATEGIES[path[0]] for path in paths if path[0] in _STRATEGIES), None)
    extra = ["bidding_strategy_type"] if strategy and kind.resource == "campaign" else []
    name = str(asked["resourceName"])
    for row in _rows(session, kind, (*fields, *extra), name):
        same = all(_same(_at(asked, path), _at(row, path)) for path in paths)
        if same and (not extra or row.get("biddingStrategyType") == strategy):
            return name
    return None


def _made_below(session: GoogleSession, kind: _Kind, made: Json) -> str | None:
    """What says the same below the same parent, such as an ad with these texts."""
    asked = {key: value for key, value in made.items() if key not in (kind.parent, "status", "resourceName")}
    fields = list(dict.fromkeys(".".join(_snake(part) for part in path) for path in _leaves(asked)))
    for row in _rows(session, kind, (*fields, "status"), f"{made[kind.parent]}~"):
        if row.get("status") != "REMOVED" and _holds(asked, row):
            return str(row["resourceName"])
    return None


def _rows(session: GoogleSession, kind: _Kind, fields: Sequence[str], name: str) -> list[Json]:
    """Things of a kind by resource name, or, where that ends in `~`, by their parent's name."""
    number = _last(name)
    parent, _, child = number.partition("~")
    resource, key = kind.resource, kind.key
    if resource == "campaign_budget":
        where = f"campaign_budget.resource_name = {quoted(name)}"
    elif kind.parent and "~" in number:
        where = f"{_snake(kind.parent)}.id = {parent}"
    else:
        where = f"{resource}.id = {number}"
    status = () if resource == "campaign_budget" or "status" in fields else ("status",)
    asked = ", ".join(f"{resource}.{field}" for field in ("resource_name", *fields, *status))
    found = [row[key] for row in session.rows(f"SELECT {asked} FROM {resource} WHERE {where}", "what was done")]  # noqa: S608
    return [row for row in found if not child or row["resourceName"] == name]


def _leaves(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Paths of the fields that hold something; lists are fields of their own."""
    for key, one in value.items():
        if isinstance(one, Mapping):
            yield from _leaves(cast("Mapping[str, Any]", one), (*path, key))
        else:
            yield (*path, key)


def _holds(asked: Any, there: Any) -> bool:
    """Whether all that was asked for is there, in any order."""
    if isinstance(asked, Mapping):
        found = cast("Mapping[str, Any]", there if isinstance(there, Mapping) else {})
        return all(_holds(value, found.get(key)) for key, value in cast("Mapping[str, Any]", asked).items())
    if isinstance(asked, list):
        mine, theirs = cast("list[Any]", asked), cast("list[Any]", there if isinstance(there, list) else [])
        return len(mine) == len(theirs) and all(any(_holds(one, other) for other in theirs) for one in mine)
    return _same(asked, there)


def _same(asked: Any, there: Any) -> bool:
    """Whether two values are the same to Google, for whom nothing, 0 and a text of a number are alike."""
    try:
        return abs(float(asked or 0) - float(there or 0)) < 1e-9
    except (TypeError, ValueError):
        return (asked or "") == (there or "")


def _at(row: Json, path: Sequence[str]) -> Any:
    value: Any = row
    for part in path:
        value = cast("Mapping[str, Any]", value).get(part) if isinstance(value, Mapping) else None
    return value


def _last(name: str) -> str:
    return name.rpartition("/")[2]


def _snake(name: str) -> str:
    return re.sub(r"([A-Z])", lambda found: f"_{found[1].lower()}", name)


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)
