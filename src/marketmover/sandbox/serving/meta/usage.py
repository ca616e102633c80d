"""How much of its calls an account has used, as the headers tell it. Source: Graph API guide, Rate limits."""

import json
from datetime import date

_MOST = 100_000
_TIER = "standard_access"


class Usage:
    """Calls of one account on its present day, by use."""

    def __init__(self, account_id: str) -> None:
        self._account = account_id
        self._day: date | None = None
        self._calls: dict[str, int] = {}
        self._waits: dict[str, int] = {}

    def count(self, use: str, today: date) -> None:
        """One more call of a use (`insights` or `management`)."""
        if today != self._day:
            self._day, self._calls, self._waits = today, {}, {}
        self._calls[use] = self._calls.get(use, 0) + 1
        self._waits.pop(use, None)

    def throttle(self, use: str, minutes: int) -> None:
        """The use is closed for some minutes."""
        self._waits[use] = minutes

    def headers(self, use: str) -> dict[str, str]:
        """The headers that tell of it; percentages of what is allowed."""
        wait = self._waits.get(use, 0)
        share = 100 if wait else min(100, 100 * self._calls.get(use, 0) // _MOST)
        case = {
            "type": f"ads_{use}",
            "call_count": share,
            "total_cputime": share,
            "total_time": share,
            "estimated_time_to_regain_access": wait,
            "ads_api_access_tier": _TIER,
        }
        own = {"acc_id_util_pct": float(share), "reset_time_duration": 60 * wait, "ads_api_access_tier": _TIER}
        told = {"x-business-use-case-usage": {self._account: [case]}, "x-ad-account-usage": own}
        if use == "insights":
            told["x-fb-ads-insights-throttle"] = {
                "app_id_util_pct": 0.0,
                "acc_id_util_pct": float(share),
                "ads_api_access_tier": _TIER,
            }
        return {name: json.dumps(value) for name, value in told.items()}
