"""Bad rows, made of good ones: one function a reason, for each source."""

import copy
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]
Spoil = Callable[[Row, str], Any]
"""Makes a bad row of a copied good one; the text is a day on which no good row lies."""

_FAR_FUTURE = "2099-01-01"


def _google(change: Callable[[Row], None]) -> Spoil:
    def spoil(row: Row, day: str) -> Row:
        row["segments"]["date"] = day
        change(row)
        return row

    return spoil


def _drop_google_ids(row: Row) -> None:
    for part in ("campaign", "adGroup"):
        for key in ("id", "resourceName"):
            row.get(part, {}).pop(key, None)


def _drop_date(row: Row) -> None:
    del row["segments"]["date"]


def _metric(name: str, value: Callable[[Row], str]) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        row["metrics"][name] = value(row["metrics"])

    return change


def _put(*path: str, value: str) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        for key in path[:-1]:
            row = row[key]
        row[path[-1]] = value

    return change


def _garbled(_row: Row, _day: str) -> str:
    return "row lost in transfer"


GOOGLE: dict[str, Spoil] = {
    "unreadable": _garbled,
    "missing_date": _google(_drop_date),
    "missing_id": _google(_drop_google_ids),
    "wrong_type": _google(_metric("impressions", lambda _: "many")),
    "negative_cost": _google(_metric("costMicros", lambda _: "-2500000")),
    "negative_count": _google(_metric("clicks", lambda _: "-3")),
    "impossible_clicks": _google(_metric("clicks", lambda metrics: str(int(metrics["impressions"]) + 7))),
    "other_currency": _google(_put("customer", "currencyCode", value="XAF")),
    "future": _google(_put("segments", "date", value=_FAR_FUTURE)),
}
"""For daily facts of Google Ads."""


def _flat(day_keys: tuple[str, ...], change: Callable[[Row], None]) -> Spoil:
    def spoil(row: Row, day: str) -> Row:
        for key in day_keys:
            row[key] = day + row[key][10:]
        change(row)
        return row

    return spoil


_META_DAYS = ("date_start", "date_stop")


def _without(*keys: str) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        for key in keys:
            row.pop(key, None)

    return change


def _too_many_clicks(row: Row) -> None:
    row["inline_link_clicks"] = row["clicks"] = str(int(row["impressions"]) + 7)


META: dict[str, Spoil] = {
    "unreadable": _garbled,
    "missing_date": _flat(_META_DAYS, _without(*_META_DAYS)),
    "missing_id": _flat(_META_DAYS, _without("campaign_id", "adset_id")),
    "wrong_type": _flat(_META_DAYS, _put("spend", value="a lot")),
    "negative_cost": _flat(_META_DAYS, _put("spend", value="-12.50")),
    "negative_count": _flat(_META_DAYS, _put("impressions", value="-40")),
    "impossible_clicks": _flat(_META_DAYS, _too_many_clicks),
    "other_currency": _flat(_META_DAYS, _put("account_currency", value="XAF")),
    "future": _flat((), lambda row: row.update(dict.fromkeys(_META_DAYS, _FAR_FUTURE))),
}
"""For insights of Meta Ads."""

CRM: dict[str, Spoil] = {
    "missing_date": _flat((), _without("created_at")),
    "missing_id": _flat((), _without("lead_id")),
    "wrong_type": _flat((), _put("created_at", value="last Tuesday")),
    "future": _flat((), _put("created_at", value=f"{_FAR_FUTURE}T09:00:00Z")),
}
"""For leads."""


def bad_row(spoil: Spoil, good: Row, day: date) -> Any:
    """A bad row like `good`, on a day on which no good row lies."""
    return spoil(copy.deepcopy(good), day.isoformat())


class FreeDays:
    """Days before the history, one after the other: no good row has them."""

    def __init__(self, first: date) -> None:
        self._next = first

    def take(self) -> date:
        """The next one."""
        self._next -= timedelta(1)
        return self._next
