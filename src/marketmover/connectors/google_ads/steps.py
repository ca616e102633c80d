"""A request cut into steps: each a campaign with all that hangs on it, which Google takes or refuses as a whole."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from marketmover.campaigns.publishing.platform import Step
from marketmover.connectors.google_ads.places import place_names
from marketmover.connectors.google_ads.session import GoogleSession, Json
from marketmover.connectors.google_ads.words import campaigns_words, operations_words
from marketmover.errors import InputError
from marketmover.kit import line_id

_NAME = re.compile(r"customers/\d+/(\w+)/(-?\d+)")
_MARK = re.compile(r"\[(google_ads:new:\d+)\b[^\]]*\]")
_OWNED = {"adGroupAds": "adGroups", "adGroupCriteria": "adGroups", "campaignCriteria": "campaigns"}


@dataclass(frozen=True)
class Structure:
    """What hangs together in the account; keys are collection and id, such as `campaigns/55`.

    Attributes:
        names: Names of campaigns.
        campaigns: The campaigns of a budget or an ad group.
        groups: Ids of a campaign's ad groups.
        places: Names of places by resource.
    """

    names: Mapping[str, str] = field(default_factory=dict[str, str])
    campaigns: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    places: Mapping[str, str] = field(default_factory=dict[str, str])


def own_body(request: Mapping[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Of a request's bodies the one for this account.

    Raises:
        InputError: None is; a part of it is not filled in; or it would make something that runs at once.
    """
    bodies = [request, *cast("Sequence[Mapping[str, Any]]", request.get("more_requests", ()))]
    unfilled = sorted({word for text in _texts(request) for word in re.findall(r"INSERT_[A-Z_]+", text)})
    if unfilled:
        raise InputError(
            f"google_ads.json is not filled in: {', '.join(unfilled)} still stands in it.",
            "Put in what the plan's warnings say, or compose again with a history of this account.",
        )
    accounts = [str(body.get("customer_id", "")).replace("-", "") for body in bodies]
    if customer_id not in accounts:
        raise InputError(
            f"google_ads.json is for account {', '.join(accounts)}, but {customer_id} is connected.",
            "Connect the account that the plan is for: marketmover accounts add google_ads.",
        )
    body = bodies[accounts.index(customer_id)]
    _check_paused(body.get("mutateOperations", ()))
    return body


def steps_of(session: GoogleSession, operations: Sequence[Json]) -> list[Step]:
    """The steps of operations: those that make campaigns first, then those that change running ones."""
    structure = replace(read_structure(session, operations), places=place_names(session, operations))
    made = [_step(session.customer_id, part, structure) for part in _together(operations, structure)]
    _tell_apart(made)
    return sorted(made, key=lambda step: not step.creates)


def read_structure(session: GoogleSession, operations: Sequence[Json]) -> Structure:
    """What the account has of the running things that operations name; nothing is read if they name none."""
    keys = {key for one in operations for key in keys_of(one) if "/-" not in key}
    if not keys:
        return Structure()
    named: dict[str, str] = {}
    owners: dict[str, list[str]] = {}
    fields = "campaign.id, campaign.name, campaign_budget.resource_name"
    query = f"SELECT {fields} FROM campaign WHERE campaign.status != 'REMOVED'"  # noqa: S608 - GAQL
    for row in session.rows(query, "campaigns"):
        campaign = f"campaigns/{row['campaign']['id']}"
        named[campaign] = str(row["campaign"].get("name", ""))
        for key in _names(str(row.get("campaignBudget", {}).get("resourceName", ""))):
            owners.setdefault(key, []).append(campaign)
    groups = [key.partition("/")[2] for key in sorted(keys) if key.startswith("adGroups/")]
    owners |= _owners_of(session, groups)
    campaigns = {key for key in keys if key.startswith("campaigns/")} | {
        one for key in keys for one in owners.get(key, ())
    }
    return Structure(named, owners, _groups_of(session, sorted(campaigns)))


def keys_of(operation: Json) -> Iterator[str]:
    """What an operation names that others may name as well: campaigns, budgets, ad groups, and all that is new."""
    for text in _texts(operation):
        for key in _names(text):
            if "/-" in key or key.split("/", maxsplit=1)[0] in ("campaigns", "campaignBudgets", "adGroups"):
                yield key


def creates(operation: Json) -> Json | None:
    """What an operation creates, `None` if it does not create."""
    return next(iter(operation.values())).get("create")


def _names(text: str) -> Iterator[str]:
    for collection, number in _NAME.findall(text):
        yield f"{_OWNED.get(collection, collection)}/{number}"


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in cast("Mapping[str, Any]", value).values():
            yield from _texts(one)
    elif isinstance(value, list | tuple):
        for one in cast("Sequence[Any]", value):
            yield from _texts(one)


def _check_paused(operations: Sequence[Json]) -> None:
    for operation in operations:
        made = creates(operation)
        runs = made is not None and made.get("status") != "PAUSED"
        on_running = "adGroupAdOperation" in operation and made is not None and "/-" not in str(made.get("adGroup"))
        if runs and made is not None and ("campaignOperation" in operation or on_running):
            what = f"campaign “{made.get('name', '')}”" if "campaignOperation" in operation else "a new ad"
            raise InputError(
                f"google_ads.json would make {what} that runs at once.",
                "Everything is made paused, and switched on when a person has seen it: set its status to PAUSED.",
            )


def _owners_of(session: GoogleSession, groups: Sequence[str]) -> dict[str, list[str]]:
    if not groups:
        return {}
    query = f"SELECT campaign.id, ad_group.id FROM ad_group WHERE ad_group.id IN ({', '.join(groups)})"  # noqa: S608 - GAQL
    rows = session.rows(query, "ad groups")
    return {f"adGroups/{row['adGroup']['id']}": [f"campaigns/{row['campaign']['id']}"] for row in rows}


def _groups_of(session: GoogleSession, campaigns: Sequence[str]) -> dict[str, list[str]]:
    ids = [key.partition("/")[2] for key in campaigns if "/-" not in key]
    if not ids:
        return {}
    where = f"campaign.id IN ({', '.join(ids)}) AND ad_group.status != 'REMOVED'"
    found: dict[str, list[str]] = {}
    query = f"SELECT campaign.id, ad_group.id FROM ad_group WHERE {where}"  # noqa: S608 - GAQL
    for row in session.rows(query, "ad groups"):
        found.setdefault(f"campaigns/{row['campaign']['id']}", []).append(str(row["adGroup"]["id"]))
    return found


def _together(operations: Sequence[Json], structure: Structure) -> list[list[Json]]:
    """Operations that name the same thing, or things of one campaign, in one part; the order stays."""
    parts: list[tuple[set[str], list[int]]] = []
    for place, operation in enumerate(operations):
        keys = set(keys_of(operation))
        keys |= {campaign for key in keys for campaign in structure.campaigns.get(key, ())} or {f"operation {place}"}
        touching = [part for part in parts if part[0] & keys]
        merged = (keys.union(*(names for names, _ in touching)), [at for _, own in touching for at in own] + [place])
        parts = [part for part in parts if part not in touching] + [merged]
    ordered = sorted(sorted(places) for _, places in parts)
    return [[operations[at] for at in places] for places in ordered]


def _step(customer_id: str, operations: list[Json], structure: Structure) -> Step:
    keys = list(dict.fromkeys(key for one in operations for key in keys_of(one)))
    running = list(
        dict.fromkeys(own for key in keys for own in (key, *structure.campaigns.get(key, ())) if own in structure.names)
    )
    new = [made for one in operations if "campaignOperation" in one and (made := creates(one)) is not None]
    marks = [mark for made in new for mark in _MARK.findall(str(made.get("name", "")))]
    lines = [line_id("google_ads", key.partition("/")[2], _only(structure.groups.get(key, ()))) for key in running]
    first = marks or running or keys or ["operations"]
    names = [structure.names[key] for key in running]
    return Step(
        ref=first[0],
        line_ids=tuple(dict.fromkeys([*marks, *lines])),
        what=operations_words(operations, names, structure.places),
        body={
            "customer_id": customer_id,
            "mutateOperations": operations,
            "campaigns": campaigns_words(operations, names),
        },
        creates=all(creates(one) is not None for one in operations),
    )


def _only(groups: Sequence[str]) -> str | None:
    return groups[0] if len(groups) == 1 else None


def _tell_apart(steps: list[Step]) -> None:
    """Give steps of one reference a number each."""
    counts: dict[str, int] = {}
    for place, step in enumerate(steps):
        counts[step.ref] = counts.get(step.ref, 0) + 1
        if counts[step.ref] > 1:
            steps[place] = Step(f"{step.ref} ({counts[step.ref]})", step.line_ids, step.what, step.body, step.creates)
