"""How much of its calls an account has used, by the headers of an answer, and how long to wait before the next.

Source: Graph API guide, Rate limits; Marketing API, Rate limiting (`X-Business-Use-Case-Usage`, `X-Ad-Account-Usage`,
`X-FB-Ads-Insights-Throttle`, `X-App-Usage`). Shares are percentages of what is allowed.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

_SLOW, _STOP = 75.0, 95.0
_SLOWEST_S = 10.0
_STOPPED_S = 60.0
_SHARES = ("call_count", "total_cputime", "total_time", "acc_id_util_pct", "app_id_util_pct")
_HEADERS = (
    "x-business-use-case-usage", "x-ad-account-usage", "x-fb-ads-insights-throttle", "x-app-usage",
)  # fmt: skip


@dataclass(frozen=True)
class Usage:
    """Where an account stands.

    Attributes:
        share: The fullest of its limits, in per cent.
        regained_s: Seconds until calls are taken again, where they are refused.
    """

    share: float = 0.0
    regained_s: float = 0.0

    @property
    def pause_s(self) -> float:
        """Seconds to wait before the next call: none at first, more and more from three quarters on."""
        if self.regained_s > 0.0:
            return self.regained_s
        if self.share >= _STOP:
            return _STOPPED_S
        return max(0.0, (self.share - _SLOW) / (_STOP - _SLOW)) * _SLOWEST_S


def read_usage(headers: Mapping[str, str] | None) -> Usage:
    """The usage that the headers of an answer tell; none where they tell nothing that can be read."""
    found = [entry for name, text in (headers or {}).items() if name.lower() in _HEADERS for entry in _entries(text)]
    shares = [_number(entry.get(name)) for entry in found for name in _SHARES]
    minutes = [_number(entry.get("estimated_time_to_regain_access")) for entry in found]
    return Usage(max(shares, default=0.0), 60.0 * max(minutes, default=0.0))


def _entries(text: str) -> Iterator[Mapping[str, Any]]:
    """The usages in a header: one, or lists of them by business."""
    try:
        told = json.loads(text)
    except json.JSONDecodeError:
        return
    if not isinstance(told, dict):
        return
    usage = cast("dict[str, Any]", told)
    yield usage
    for part in usage.values():
        if isinstance(part, list):
            yield from (cast("dict[str, Any]", one) for one in cast("list[Any]", part) if isinstance(one, dict))


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
