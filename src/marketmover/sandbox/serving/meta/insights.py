"""The insights edge over the simulated account's own rows: levels, days, breakdowns, fields.

Source: Marketing API, Insights (parameters, breakdowns, limits). Counts that people are shared in (`reach`) are not
added up over days or ad sets: there they are left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Protocol, cast

from marketmover.sandbox.serving.meta.calls import Call, Json
from marketmover.sandbox.serving.meta.filtering import Condition, passes, read_filtering
from marketmover.sandbox.serving.meta.refusing import GraphError, plain

_LEVELS: dict[str, tuple[str, ...]] = {
    "account": (),
    "campaign": ("campaign_id", "campaign_name"),
    "adset": ("campaign_id", "campaign_name", "adset_id", "adset_name"),
    "ad": ("campaign_id", "campaign_name", "adset_id", "adset_name", "ad_id", "ad_name"),
}
_WITHIN: dict[str, str] = {"act": "account", "campaigns": "campaign", "adsets": "adset", "ads": "ad"}
_KINDS: dict[str, frozenset[str]] = {
    "insights_by_age_gender": frozenset({"age", "gender"}),
    "insights_by_publisher_platform": frozenset({"publisher_platform"}),
}
_COUNTS = ("impressions", "clicks", "inline_link_clicks")
_LISTS = ("actions", "action_values")
_USUAL = ("impressions", "spend")
_NAMED = (*_LEVELS["ad"], "account_id", "account_currency", "account_name", "objective", "date_start", "date_stop")
_DERIVED = ("cpm", "ctr", "cpc", "frequency", "reach")
_ELSEWHERE = (
    *("buying_type", "optimization_goal", "attribution_setting", "conversions", "conversion_values", "unique_clicks"),
    *("inline_link_click_ctr", "outbound_clicks", "cost_per_action_type", "purchase_roas", "video_play_actions"),
    *("quality_ranking", "engagement_rate_ranking", "conversion_rate_ranking", "created_time", "updated_time"),
)
FIELDS = frozenset({*_COUNTS, *_LISTS, *_NAMED, *_DERIVED, *_ELSEWHERE, "spend"})
"""Fields that can be asked for; those that the simulated account does not fill are left out of its rows."""

_OLDEST_MONTHS = 37
_PRESETS = {"yesterday": 1, "last_3d": 3, "last_7d": 7, "last_14d": 14, "last_28d": 28, "last_30d": 30, "last_90d": 90}


class InsightsAccount(Protocol):
    """What insights need of the served account."""

    @property
    def today(self) -> date:
        """The day after the last one lived."""
        ...

    def meta_rows(self, kind: str, first: date | None, last: date | None) -> Iterator[dict[str, Any]]:
        """Rows of a kind between two days, both included."""
        ...


@dataclass(frozen=True)
class Asked:
    """A report that is asked for.

    Attributes:
        level: `account`, `campaign`, `adset` or `ad`.
        first, last: Its days, both included.
        increment: Days in a row's period; 0 for all of them, -1 for calendar months.
        fields: Wanted of each row, in order.
        breakdowns: Dimensions that split rows.
        conditions: Which rows are wanted.
    """

    level: str
    first: date
    last: date
    increment: int
    fields: tuple[str, ...]
    breakdowns: tuple[str, ...]
    conditions: tuple[Condition, ...]


def read_asked(call: Call, today: date, within: tuple[str, str]) -> Asked:
    """The report that a call asks for.

    Args:
        call: A call of an `insights` edge.
        today: The account's present day.
        within: Kind (`act`, `campaigns`, `adsets`, `ads`) and id of the object whose edge it is.

    Raises:
        GraphError: A parameter is not taken.
    """
    kind, name = within
    level = call.text("level") or _WITHIN[kind]
    if level not in _LEVELS:
        raise plain(f"level must be one of the following values: {', '.join(_LEVELS)}")
    fields = tuple(call.fields()) or _USUAL
    unknown = [field for field in fields if field not in FIELDS]
    if unknown:
        raise plain(
            f"{', '.join(unknown)} are not valid for fields param. please check https://developers.facebook.com"
        )
    breakdowns = tuple(call.names("breakdowns"))
    _kind_of(level, breakdowns)
    first, last = _days(call, today)
    own = () if kind == "act" else (Condition(f"{_WITHIN[kind]}.id", "EQUAL", name),)
    return Asked(level, first, last, _increment(call), fields, breakdowns, (*own, *read_filtering(call)))


def _increment(call: Call) -> int:
    text = call.text("time_increment", "all_days")
    if text in {"all_days", "monthly"}:
        return 0 if text == "all_days" else -1
    if not text.isdigit() or not 1 <= int(text) <= 90:
        raise plain("time_increment must be an integer between 1 and 90, or one of monthly, all_days")
    return int(text)


def _days(call: Call, today: date) -> tuple[date, date]:
    given = call.mapped("time_range")
    if not given:
        preset = call.text("date_preset", "last_30d")
        if preset == "maximum":
            return _oldest(today), today
        if preset not in _PRESETS:
            raise plain(f"date_preset must be one of the following values: maximum, {', '.join(_PRESETS)}")
        return today - timedelta(_PRESETS[preset]), today - timedelta(1)
    try:
        first, last = (date.fromisoformat(str(given[name])) for name in ("since", "until"))
    except (KeyError, ValueError):
        raise plain("Must be a time range with since and until, each YYYY-MM-DD: time_range") from None
    if last < first:
        raise plain("Must be a time range with since not later than until: time_range")
    if first < _oldest(today):
        message = (
            f"(#3018) The start date of the time range cannot be beyond {_OLDEST_MONTHS} months from the current date"
        )
        raise GraphError(3018, message)
    return first, last


def _oldest(today: date) -> date:
    years, month = divmod(today.year * 12 + today.month - 1 - _OLDEST_MONTHS, 12)
    return date(years, month + 1, 1)


def _kind_of(level: str, breakdowns: Sequence[str]) -> str:
    """Which of the account's kinds of rows a report is made of."""
    wanted = frozenset(breakdowns)
    if not wanted:
        return "insights_by_ad" if level == "ad" else "insights"
    found = next((kind for kind, names in _KINDS.items() if wanted <= names), None)
    if found is None or level == "ad":
        known = sorted(name for names in _KINDS.values() for name in names)
        words = f"the simulated account breaks down by {', '.join(known)}, not below the ad set"
        raise plain(f"Current combination of data breakdown columns is invalid: {', '.join(breakdowns)} ({words})")
    return found


def rows_of(account: InsightsAccount, asked: Asked) -> list[Json]:
    """The rows of a report, oldest days first within each object, as the wire has them."""
    last = min(asked.last, account.today - timedelta(1))
    if last < asked.first:
        return []
    rows = account.meta_rows(_kind_of(asked.level, asked.breakdowns), asked.first, last)
    found = [_shown(row, asked) for row in _summed(rows, asked)]
    return [row for row in found if row]


def _summed(rows: Iterable[Json], asked: Asked) -> Iterator[Json]:
    """Rows added up to the level, period and breakdowns that are asked for; what needs no adding stays as it is."""
    groups: dict[tuple[Any, ...], list[Json]] = {}
    for row in rows:
        if passes(row, asked.conditions):
            groups.setdefault(_key(row, asked), []).append(row)
    for (start, stop, *_), members in groups.items():
        row = members[0] if len(members) == 1 else _sum(members, asked)
        yield {**row, "date_start": start, "date_stop": stop}


def _key(row: Json, asked: Asked) -> tuple[Any, ...]:
    start, stop = _period(date.fromisoformat(row["date_start"]), asked)
    ids = [row.get(name) for name in _LEVELS[asked.level] if name.endswith("_id")]
    return (start.isoformat(), stop.isoformat(), *ids, *(row.get(name) for name in asked.breakdowns))


def _period(day: date, asked: Asked) -> tuple[date, date]:
    if asked.increment == 0:
        return asked.first, asked.last
    if asked.increment < 0:
        start = day.replace(day=1)
        stop = (start + timedelta(32)).replace(day=1) - timedelta(1)
    else:
        start = asked.first + timedelta((day - asked.first).days // asked.increment * asked.increment)
        stop = start + timedelta(asked.increment - 1)
    return max(start, asked.first), min(stop, asked.last)


def _sum(members: Sequence[Json], asked: Asked) -> Json:
    first = members[0]
    kept = ("account_id", "account_currency", "objective", *_LEVELS[asked.level], *asked.breakdowns)
    if asked.level == "account":
        kept = tuple(name for name in kept if name != "objective")
    total: Json = {name: first[name] for name in kept if name in first}
    for name in _COUNTS:
        total[name] = str(sum(int(row.get(name, "0")) for row in members))
    total["spend"] = str(sum((Decimal(row["spend"]) for row in members), Decimal(0)))
    for name in _LISTS:
        if added := _added(row.get(name) for row in members):
            total[name] = added
    return total | _rates(total)


def _added(lists: Iterable[Any]) -> list[Json]:
    sums: dict[str, Decimal] = {}
    for entries in lists:
        for entry in cast("list[dict[str, str]]", entries or []):
            kind = entry["action_type"]
            sums[kind] = sums.get(kind, Decimal(0)) + Decimal(entry["value"])
    return [{"action_type": kind, "value": str(value)} for kind, value in sums.items()]


def _rates(row: Json) -> Json:
    shown, clicks, spend = int(row["impressions"]), int(row["clicks"]), float(row["spend"])
    rates: Json = {}
    if shown:
        rates |= {"cpm": f"{1000.0 * spend / shown:.6f}", "ctr": f"{100.0 * clicks / shown:.6f}"}
    if clicks:
        rates["cpc"] = f"{spend / clicks:.6f}"
    return rates


def _shown(row: Json, asked: Asked) -> Json:
    """A row with what is asked for; its days and its breakdowns always."""
    below = {name for names in _LEVELS.values() for name in names} - set(_LEVELS[asked.level])
    wanted = [name for name in asked.fields if name not in below]
    names = dict.fromkeys((*wanted, *asked.breakdowns, "date_start", "date_stop"))
    return {name: row[name] for name in names if name in row}
