"""Rows of a kind that no rule knows: counted, and named by the keys that they have."""

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from marketmover.history.reading.staging import Staging

_SHOWN_KEYS = 6


def unknown_kinds(staging: "Staging") -> dict[str, int]:
    """`google: keywordPlan, metrics` to how many such rows there are."""
    counts: Counter[str] = Counter()
    for source in ("google", "meta", "crm"):
        found = staging.db.execute(
            f"SELECT file, list(seq) FROM {source}_rows WHERE kind = 'unknown' GROUP BY file"  # noqa: S608 - our own names
        ).fetchall()
        for key, seqs in found:
            first = staging.first_seq(key)
            rows = staging.raw_rows(key, {seq - first for seq in seqs})
            counts.update(f"{source}: {_keys(raw)}" for _, _, raw in rows.values())
    return dict(sorted(counts.items()))


def _keys(raw: str) -> str:
    value: Any = json.loads(raw)
    if not isinstance(value, dict):
        return json.dumps(value)[:40]
    keys = sorted(map(str, value))
    return ", ".join(keys[:_SHOWN_KEYS]) + (", ..." if len(keys) > _SHOWN_KEYS else "") or "no keys"
