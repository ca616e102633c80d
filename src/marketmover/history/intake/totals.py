"""What the files of an import hold, summed up for its report."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from marketmover.history.intake.facts import PLATFORMS

if TYPE_CHECKING:
    from marketmover.history.reading.staging import Staging


@dataclass(frozen=True)
class FactTotals:
    """The daily facts of one platform, summed up.

    Attributes:
        owners: Platform, account, campaign and group that have any, each once.
        first_date, last_date: None where there are none.
        spend: Micros by currency, each day once; `?` where no row names a currency.
    """

    owners: list[tuple[str, str, str, str]]
    first_date: date | None
    last_date: date | None
    spend: dict[str, int]


def rows_by_kind(staging: "Staging") -> dict[str, int]:
    """Staged rows by what they are."""
    counts: Counter[str] = Counter()
    for source in staging.sources:
        rows = staging.db.execute(f"SELECT kind, count(*) FROM {source}_rows GROUP BY kind").fetchall()  # noqa: S608 - our own names
        counts += Counter(dict(rows))
    return dict(sorted(counts.items()))


def fact_totals(staging: "Staging", source: str) -> FactTotals:
    """The daily facts of `google` or `meta`, in one pass where rows are of one level and not split."""
    rows = staging.db.execute(f"""
        SELECT account_id, campaign_id, group_id, coalesce(currency, '?'), min(date), max(date),
            bool_or(dims <> ''), coalesce(sum(cost_micros), 0)::HUGEINT
        FROM {source}_facts WHERE kind = 'daily' GROUP BY ALL ORDER BY ALL""").fetchall()  # noqa: S608 - our own names
    is_split = any(row[6] for row in rows) or len({row[2] == "" for row in rows}) > 1
    return FactTotals(
        list(dict.fromkeys((PLATFORMS[source], *row[:3]) for row in rows)),
        min((row[4] for row in rows), default=None),
        max((row[5] for row in rows), default=None),
        _spend_once(staging, source) if is_split else _sums((row[3], row[7]) for row in rows),
    )


def _sums(amounts: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for currency, micros in amounts:
        sums[currency] += micros
    return dict(sums)


def _spend_once(staging: "Staging", source: str) -> dict[str, int]:
    """Micros by currency, each day once, of rows that tell the same money at several levels or splits."""
    rows = staging.db.execute(f"""
        WITH keyed AS (SELECT campaign_id, group_id, date, dims, sum(cost_micros) AS cost, max(currency) AS currency
            FROM {source}_facts WHERE kind = 'daily' GROUP BY ALL),
        once AS (SELECT campaign_id, group_id, date, arg_min(cost, dims) AS cost, max(currency) AS currency
            FROM keyed GROUP BY ALL),
        levels AS (SELECT campaign_id, date, max(currency) AS currency, sum(cost) FILTER (group_id = '') AS whole,
            sum(cost) FILTER (group_id <> '') AS parts FROM once GROUP BY ALL)
        SELECT coalesce(currency, '?'), sum(coalesce(nullif(whole, 0), parts, 0))::HUGEINT
        FROM levels GROUP BY 1""").fetchall()  # noqa: S608 - our own names
    return dict(rows)
