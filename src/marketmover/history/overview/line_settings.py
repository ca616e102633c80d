"""What is set on a budget line, and what was changed of it, as it is kept."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from marketmover.history.loading.changes import both_values
from marketmover.history.loading.lines import Known, LineKey, Row, describe_line
from marketmover.history.loading.money import money_kind, money_values

_MOST_CHANGES = 100
_MOST_WORDS = 30
_MOST_TEXT = 300
_LISTS = ("countries", "places", "genders", "interests", "keywords")
_PLAIN = (
    "objective",
    "bidding_strategy",
    "bidding_target",
    "daily_budget",
    "budget_level",
    "age_min",
    "age_max",
    "learning_since",
)


def line_told(key: LineKey, known: Known, currency: str) -> dict[str, Any]:
    """Its `settings` (those of `LineSettings`) and `changes` (of `SettingsChange`, the newest first), ready for JSON.

    Args:
        key: The line.
        known: All that is known but figures.
        currency: Of its account.
    """
    told = {"settings": _settings(key, known), "changes": _changes(key, known, currency)}
    return json.loads(json.dumps(told, default=str))  # days as text


def _settings(key: LineKey, known: Known) -> dict[str, Any]:
    line = describe_line(key, known, None)
    campaign = known.settings.get((key.campaign_id, ""), {})
    own = known.settings.get((key.campaign_id, key.group_id or ""), {}) if key.by_group else campaign
    lists = {name: list(getattr(line, name)) for name in _LISTS}
    return {
        **{name: getattr(line, name) for name in _PLAIN},
        **{name: found[:_MOST_WORDS] for name, found in lists.items()},
        "not_shown": sum(max(0, len(found) - _MOST_WORDS) for found in lists.values()),
        "shared_budget": line.shared_budget is not None,
        "lifetime_budget": own.get("lifetime_budget") or None,
        "optimization_goal": own.get("optimization_goal"),
        "start_date": own.get("start_date") or campaign.get("start_date"),
        "end_date": own.get("end_date") or campaign.get("end_date"),
    }


def _changes(key: LineKey, known: Known, currency: str) -> list[dict[str, Any]]:
    rows = [row for row in _rows(key, known) if row["date"] is not None]
    newest = sorted(rows, key=lambda row: str(row["changed_at"]), reverse=True)[:_MOST_CHANGES]
    return [_change(row, currency) for row in newest]


def _rows(key: LineKey, known: Known) -> Iterable[Row]:
    """Changes of the campaign, and of the ad sets that share its budget, or of the one that is the line."""
    for (campaign, group), rows in known.changes.items():
        if campaign == key.campaign_id and (not group or not key.by_group or group == key.group_id):
            yield from rows


def _change(row: Row, currency: str) -> dict[str, Any]:
    kind = money_kind(row)
    before, after = money_values(row, kind, currency) if kind else (None, None)
    return {
        "date": row["date"],
        "kind": kind or "other",
        "what": row["what"] or "",
        "fields": row["fields"] or "",
        "value_before": before,
        "value_after": after,
        **dict(zip(("before", "after"), _texts(row), strict=True)),
        "restarts_learning": bool(row["restarts_learning"]),
        "group_id": row["group_id"] or "",
    }


def _texts(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """As exported, cut short."""
    before, after = both_values(row["after"]) if row["platform"] == "meta_ads" else (row["before"], row["after"])
    return (before[:_MOST_TEXT] if before else None), (after[:_MOST_TEXT] if after else None)
