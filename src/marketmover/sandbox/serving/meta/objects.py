"""Campaigns, ad sets, ads and creatives as the Graph API shows them: those that run, and those made through it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Protocol, cast

from marketmover.sandbox.serving.meta.calls import Fields, Json
from marketmover.sandbox.serving.meta.refusing import plain

EDGES = {"campaigns": "campaign", "adsets": "adset", "ads": "ad", "adcreatives": "creative"}
"""Edges that list objects, and what the served account calls them."""

_SHARED = ("id", "account_id", "name", "status", "effective_status", "configured_status", "created_time")
_SHARED_MORE = ("updated_time", "start_time", "end_time", "stop_time", "daily_budget", "lifetime_budget")
_BOUGHT = ("bid_strategy", "bid_amount", "bid_constraints", "budget_remaining", "issues_info", "recommendations")
FIELDS: Mapping[str, frozenset[str]] = {
    "campaigns": frozenset({
        *_SHARED, *_SHARED_MORE, *_BOUGHT, "objective", "buying_type", "special_ad_categories", "spend_cap",
        "special_ad_category_country", "is_adset_budget_sharing_enabled", "smart_promotion_type", "pacing_type",
    }),
    "adsets": frozenset({
        *_SHARED, *_SHARED_MORE, *_BOUGHT, "campaign_id", "targeting", "optimization_goal", "billing_event",
        "promoted_object", "destination_type", "attribution_spec", "learning_stage_info", "is_dynamic_creative",
        "dsa_beneficiary", "dsa_payor",
    }),
    "ads": frozenset({*_SHARED, "updated_time", "adset_id", "campaign_id", "creative", "bid_amount", "issues_info"}),
    "adcreatives": frozenset({
        "id", "account_id", "name", "status", "title", "body", "call_to_action_type", "object_type", "video_id",
        "object_story_spec", "object_story_id", "effective_object_story_id", "image_hash", "image_url", "link_url",
        "asset_feed_spec", "thumbnail_url", "url_tags", "instagram_permalink_url",
    }),
}  # fmt: skip
"""Fields by edge; what the simulated account does not hold is left out of its rows."""

_GONE = "DELETED"
_RUNS = ("ACTIVE", "PAUSED", "ARCHIVED", "DELETED", "IN_PROCESS", "WITH_ISSUES")
_STATUSES: Mapping[str, tuple[str, ...]] = {
    "campaigns": _RUNS,
    "adsets": (*_RUNS, "CAMPAIGN_PAUSED"),
    "ads": (
        *(*_RUNS, "CAMPAIGN_PAUSED", "ADSET_PAUSED", "PENDING_REVIEW", "DISAPPROVED", "PREAPPROVED"),
        "PENDING_BILLING_INFO",
    ),
}


class ObjectsAccount(Protocol):
    """What objects need of the served account."""

    @property
    def meta_account(self) -> str:
        """Digits of the ad account's id."""
        ...

    def meta_rows(self, kind: str, first: date | None, last: date | None) -> Iterator[dict[str, Any]]:
        """Rows of a kind."""
        ...

    def objects(self, platform: str, what: str) -> list[dict[str, Any]]:
        """What was made through the API."""
        ...


def objects_of(account: ObjectsAccount, edge: str) -> list[Json]:
    """All objects of an edge, whole; those made through the API last."""
    if edge == "adcreatives":
        return list(_creatives(account).values())
    rows = [_completed(account, row) for row in account.meta_rows(edge, None, None)]
    if edge != "ads":
        return rows
    creatives, homes = _creatives(account), _homes(account)
    return [_whole_ad(row, creatives, homes) for row in rows]


def _creatives(account: ObjectsAccount) -> dict[str, Json]:
    """Whole creatives by id: those of ads that ran, and those made through the API."""
    shown = [row["creative"] for row in account.meta_rows("ads", None, None)]
    made = account.objects("meta_ads", "creative")
    whole = [row for row in (*shown, *made) if "id" in row]
    return {str(row["id"]): {**row, "account_id": account.meta_account, **_post_of(row)} for row in whole}


def _post_of(creative: Mapping[str, Any]) -> Json:
    """The post that a creative shows, whose comments are its ads'; ads with one creative share it."""
    spec = cast("Mapping[str, Any]", creative.get("object_story_spec") or {})
    page = spec.get("page_id")
    return {"effective_object_story_id": f"{page}_{creative['id']}"} if page else {}


def ads_of_post(account: ObjectsAccount, post: str) -> list[str] | None:
    """Ids of the ads that show a post; `None` where there is no such post."""
    if not any(one.get("effective_object_story_id") == post for one in _creatives(account).values()):
        return None
    rows = objects_of(account, "ads")
    return [str(row["id"]) for row in rows if row["creative"].get("effective_object_story_id") == post]


def _homes(account: ObjectsAccount) -> dict[str, str]:
    """Campaigns by ad set."""
    return {str(row["id"]): str(row["campaign_id"]) for row in account.meta_rows("adsets", None, None)}


def object_of(account: ObjectsAccount, name: str) -> tuple[str, Json] | None:
    """The edge and the whole of one object; `None` where there is none of that id."""
    for edge in EDGES:
        for row in objects_of(account, edge):
            if row["id"] == name:
                return edge, row
    return None


def _completed(account: ObjectsAccount, row: Mapping[str, Any]) -> Json:
    """An object as the API shows it: money as text, and what follows from the rest."""
    shown: Json = {"account_id": account.meta_account, "status": "ACTIVE", **row}
    for name in ("daily_budget", "lifetime_budget", "bid_amount"):
        if shown.get(name) is not None:
            shown[name] = str(shown[name])
    shown.setdefault("effective_status", shown["status"])
    shown.setdefault("configured_status", shown["status"])
    return shown


def _whole_ad(row: Json, creatives: Mapping[str, Json], homes: Mapping[str, str]) -> Json:
    """An ad with its campaign and its whole creative, which it was sent with by id alone."""
    given = cast("Mapping[str, Any]", row.get("creative") or {})
    name = str(given.get("id") or given.get("creative_id"))
    home = homes.get(str(row.get("adset_id")))
    return {**row, **({"campaign_id": home} if home else {}), "creative": creatives.get(name, {"id": name})}


def listed(rows: Sequence[Json], edge: str, statuses: Sequence[str]) -> list[Json]:
    """The objects that a listing shows: those of the statuses that are asked for, else all but what was deleted.

    Raises:
        GraphError: A status is not one that such objects have.
    """
    unknown = [status for status in statuses if status not in _STATUSES.get(edge, ())]
    if unknown:
        raise plain(f"Param effective_status must be one of {', '.join(_STATUSES.get(edge, ()))}, not {unknown[0]}")
    if statuses:
        return [row for row in rows if row.get("effective_status", row.get("status")) in statuses]
    return [row for row in rows if row.get("status") != _GONE]


def shown(row: Json, edge: str, fields: Fields) -> Json:
    """An object with the fields that are asked for, and its id always.

    Raises:
        GraphError: A field is not one of such objects.
    """
    kept: Json = {}
    for name, inner in fields.items():
        if name not in FIELDS[edge]:
            raise plain(f"Tried accessing nonexisting field ({name}) on node type ({EDGES[edge].title()})")
        if name in row:
            kept[name] = shown(row[name], "adcreatives", inner or {}) if name == "creative" else row[name]
    return {**kept, "id": row["id"]}
