"""Rows of a kind that no rule knows: counted, and told by what they seem to be, or by the keys that they have."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from marketmover.history.reading.columns import spellings
from marketmover.history.reading.sources import FOLDERS

if TYPE_CHECKING:
    from marketmover.history.reading.staging import Staging

_STRETCH = 50_000
"""Rows held at a time: a file may hold nothing but such rows."""
_SHOWN_KEYS = 6
_SHOWN_TEXT = 200
_FOLDER_OF = {source: folder for folder, source in FOLDERS.items()}
_GOOGLE = ("metrics", "segments", "customer", "campaignBudget", "adGroup", "adGroupCriterion", "campaignCriterion")
_SIGNS = {
    "google": frozenset(key for name in _GOOGLE for key in spellings(name, "both")),
    "meta": frozenset({"date_start", "spend", "account_currency", "daily_budget", "lifetime_budget", "targeting"}),
    "crm": frozenset({"lead_id"}),
}
_WRITTEN_BY = {"google": "rows of Google Ads", "meta": "rows of Meta Ads", "crm": "leads of a CRM"}


def unknown_kinds(staging: "Staging") -> dict[str, int]:
    """What such rows are to how many there are.

    A row that belongs into another folder and an API's error answer are told with their file and the remedy; others by
    their keys: `google: keywordPlan, metrics`.
    """
    counts: Counter[str] = Counter()
    for source in staging.sources:
        found = staging.db.execute(
            f"SELECT file, list(seq) FROM {source}_rows WHERE kind = 'unknown' GROUP BY file"  # noqa: S608 - our own names
        ).fetchall()
        for key, seqs in found:
            first, name = staging.first_seq(key), staging.name_of(key)
            for at in range(0, len(seqs), _STRETCH):
                rows = staging.raw_rows(key, {seq - first for seq in seqs[at : at + _STRETCH]})
                counts.update(_told(source, name, json.loads(raw)) for _, _, raw in rows.values())
    return dict(sorted(counts.items()))


def _told(source: str, file: str, value: Any) -> str:
    if not isinstance(value, dict):
        return f"{source}: {json.dumps(value)[:40]}"
    row = cast("Mapping[str, Any]", value)
    if isinstance(row.get("error"), dict):
        return f"{file}: the API answered with an error ({_error(row['error'])}); export what it kept back again"
    for other, signs in _SIGNS.items():
        if other != source and signs & row.keys():
            return f"{file}: {_WRITTEN_BY[other]}; move them to {_FOLDER_OF[other]}/"
    keys = sorted(row)
    shown = ", ".join(keys[:_SHOWN_KEYS]) or "no keys"
    return f"{source}: {shown}" + (", ..." if len(keys) > _SHOWN_KEYS else "")


def _error(error: Mapping[str, Any]) -> str:
    """What the error says: its status or type, and its message (Google's and the Graph API's forms)."""
    said = (error.get(name) for name in ("status", "type", "code", "message"))
    parts = [str(part) for part in said if isinstance(part, str | int)]
    return ": ".join(parts[:1] + parts[-1:] if len(parts) > 1 else parts)[:_SHOWN_TEXT] or "no message"
