"""The rows that answer a query, in REST form."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from marketmover.sandbox.serving.account import ServedAccount
from marketmover.sandbox.serving.google.asking import Asked
from marketmover.sandbox.serving.google.figures import added, single
from marketmover.sandbox.serving.google.filtering import sortable, value_of
from marketmover.sandbox.serving.google.resources import ACTION_SEGMENTS

Json = dict[str, Any]

_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_OWNERS = {
    "adGroup": "campaign",
    "adGroupAd": "adGroup",
    "adGroupCriterion": "adGroup",
    "campaignCriterion": "campaign",
    "campaign": "campaignBudget",
}
_CRITERIA = {"adGroupCriterion", "campaignCriterion"}
_TYPES = ("keyword", "ageRange", "gender", "userInterest", "userList", "location", "language")
_WHOLE = {"campaign", "campaignBudget", "adGroup"}
_BUDGET = {"period": "DAILY", "deliveryMethod": "STANDARD", "explicitlyShared": False, "status": "ENABLED"}


def answered(account: ServedAccount, asked: Asked) -> list[Json]:
    """All rows of the answer, sorted and cut as asked; figures of a day or split with nothing in them have no row."""
    rows = list(_figures(account, asked) if _with_figures(asked) else _as_they_stand(account, asked))
    rows = [row for row in rows if all(test(row) for test in asked.after)]
    for field, downwards in reversed(asked.order):
        rows.sort(key=lambda row, field=field: sortable(field, row), reverse=downwards)
    return rows[: asked.limit]


def answered_parts(account: ServedAccount, kind: str) -> Iterator[Json]:
    """Rows of a kind without days, whole."""
    parts = _Parts(account)
    return (parts.joined(row) for row in account.google_rows(kind, None, None))


def _with_figures(asked: Asked) -> bool:
    return bool(asked.metrics or asked.segments or asked.after or not asked.served.rows)


def _as_they_stand(account: ServedAccount, asked: Asked) -> Iterator[Json]:
    days = (asked.first, asked.last) if asked.resource == "change_event" else (None, None)
    parts = _Parts(account)
    for row in account.google_rows(asked.served.rows, *days):
        whole = parts.joined(row)
        if all(test(whole) for test in asked.standing):
            yield whole


def _figures(account: ServedAccount, asked: Asked) -> Iterator[Json]:
    """Rows by resource and segments; without segments also those of which there are no figures."""
    groups: dict[tuple[Any, ...], list[Json]] = {}
    parts, split = _Parts(account), [field.path for field in asked.segments]
    owners = {asked.resource, *(field.owner for field in asked.select)} - {"metrics", "segments"}
    own, others = camel(asked.resource), sorted(camel(owner) for owner in owners)
    for row in _daily(account, asked):
        whole = parts.joined(row)
        if all(test(whole) for test in (*asked.standing, *asked.split)):
            of = (_name(whole, part) for part in others)
            key = (_name(whole, own), *of, *(str(value_of(whole, path)) for path in split))
            groups.setdefault(key, []).append(whole)
    for members in groups.values():
        metrics = single(members[0].get("metrics", {})) if len(members) == 1 else added(members)
        yield members[0] | {"metrics": metrics}
    if not asked.segments and asked.served.rows:
        known = {key[0] for key in groups}
        for row in account.google_rows(asked.served.rows, None, None):
            whole = parts.joined(row)
            if _name(whole, own) not in known and all(test(whole) for test in asked.standing):
                yield whole | {"metrics": added(())}


def _daily(account: ServedAccount, asked: Asked) -> Iterator[Json]:
    """The daily rows that are added up."""
    names, served = {field.leaf for field in asked.segments}, asked.served
    kind = served.actions if names & ACTION_SEGMENTS else served.devices if "device" in names else served.facts
    first, last = asked.first, min(asked.last or date.max, account.today - timedelta(1))
    for row in account.google_rows(kind, first, last):
        segments = row.get("segments", {})
        yield row | {"segments": segments | _calendar(date.fromisoformat(segments["date"]))}


def _calendar(day: date) -> Json:
    month = day.replace(day=1)
    return {
        "week": (day - timedelta(day.weekday())).isoformat(),
        "month": month.isoformat(),
        "quarter": month.replace(month=(day.month - 1) // 3 * 3 + 1).isoformat(),
        "year": day.year,
        "dayOfWeek": _DAYS[day.weekday()],
    }


class _Parts:
    """Campaigns and ad groups as they stand today: rows of any day show these."""

    def __init__(self, account: ServedAccount) -> None:
        campaigns = list(account.google_rows("campaign", None, None))
        self._campaigns = _by_name(campaigns, "campaign")
        self._by_budget = _by_name(campaigns, "campaignBudget")
        self._groups = _by_name(account.google_rows("ad_group", None, None), "adGroup")

    def joined(self, row: Json) -> Json:
        """A row with its campaign, budget and ad group whole, and with the names of what these belong to."""
        group = self._groups.get(_name(row, "adGroup"), {})
        campaign = self._campaigns.get(_name(row, "campaign"), {})
        if "campaign" not in row and "campaignBudget" in row:
            campaign = self._by_budget.get(_name(row, "campaignBudget"), {})
        found = row | {part: whole for part, whole in (campaign | group).items() if part in _WHOLE}
        for part, owner in _OWNERS.items():
            if part in found and owner not in found[part] and _name(found, owner):
                found[part] = found[part] | {owner: _name(found, owner)}
        for part in _CRITERIA & set(found):
            found[part] = {"type": _type_of(found[part])} | found[part]
        budget = found.get("campaignBudget")
        if budget and "id" not in budget:
            found["campaignBudget"] = _BUDGET | budget | {"id": _name(found, "campaignBudget").rpartition("/")[2]}
        return found


def _type_of(criterion: Mapping[str, Any]) -> str:
    """Google tells the type by what a criterion holds."""
    return next((snake(name).upper() for name in _TYPES if name in criterion), "UNKNOWN")


def _by_name(rows: Iterable[Json], part: str) -> dict[str, Json]:
    return {_name(row, part): row for row in rows}


def _name(row: Mapping[str, Any], part: str) -> str:
    return str((row.get(part) or {}).get("resourceName", ""))


def snake(name: str) -> str:
    """A REST field as Google's messages name it.

    >>> snake("targetCpaMicros")
    'target_cpa_micros'
    """
    return _CAPITAL.sub("_", name).lower()


def camel(name: str) -> str:
    """A field's name as REST has it.

    >>> camel("ad_group_ad")
    'adGroupAd'
    """
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)
