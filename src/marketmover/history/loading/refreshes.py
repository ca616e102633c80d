"""When lines got new creatives: by the figures of their ads, by the days ads were made, and by change events.

A new ad among several is a part of a refresh: it counts for the share of the line that it took over. Figures of ads
say that best, but platforms hand them out for some weeks only; elsewhere each new or rewritten ad counts for one of
those that run.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from marketmover.history.loading.daily import ArrowTable, Cut
from marketmover.history.loading.grid import Grid
from marketmover.history.loading.lines import Known, Row
from marketmover.history.panel import Floats

if TYPE_CHECKING:
    from marketmover.history.tables import IbisTable
    from marketmover.store import Lake

_TAKEN_OVER_DAYS = 7  # within which a new ad shows what share of its line it takes over
_RUNNING = ("ACTIVE", "ENABLED")
_META_REFRESHES = ("create_ad", "update_ad_creative")
_GOOGLE_CREATIVE_FIELDS = ("headline", "description", "image", "video", "asset", "text")


def load_refreshed(lake: "Lake", cut: Cut, grid: Grid, known: Known) -> Floats | None:
    """Share of each line's ads that were new on a day, shape (lines, days); `None` where no export speaks of it.

    NaN on days of which the exports do not say: before a line's first ad with a known day, before an account's first
    change of a creative, and up to the first day with figures of ads.
    """
    told = _by_days_made(grid, known)
    for row, laid in _by_changes(grid, known).items():
        told[row] = np.fmax(told[row], laid)
    for row, laid in _by_ad_figures(grid, _ad_days(lake, cut)).items():
        told[row] = np.where(np.isfinite(laid), laid, told[row])
    return told if np.isfinite(told).any() else None


def _by_days_made(grid: Grid, known: Known) -> Floats:
    """By the days on which ads were made, from the first of each line on, shape (lines, days)."""
    told = np.full(grid.observed.shape, np.nan)
    running = _running(grid, known)
    made = [(_row_of(grid, ad), grid.column_of(day)) for ad in _ads(known) if (day := ad.get("created_on"))]
    placed = [(column, row) for row, column in made if row is not None and column is not None]
    for column, row in sorted(placed):
        if not np.isfinite(told[row]).any():
            told[row, column:] = 0.0
        told[row, column] = min(1.0, told[row, column] + 1.0 / max(running[row], 1))
    return told


def _by_changes(grid: Grid, known: Known) -> dict[int, Floats]:
    """By change events, from the first change of a creative of each account on, by line."""
    homes = {ad["ad_id"]: _row_of(grid, ad) for ad in _ads(known)}
    running = _running(grid, known)
    since: dict[tuple[str, str], int] = {}
    changed: list[tuple[int, int]] = []
    for change in (row for rows in known.changes.values() for row in rows):
        column = grid.column_of(change["date"]) if change["date"] else None
        row = homes.get(change["object_id"].rsplit("/", 1)[-1].rsplit("~", 1)[-1], _row_of(grid, change))
        if column is None or row is None or not _refreshes(change):
            continue
        account = grid.keys[row].platform, grid.keys[row].account_id
        since[account] = min(since.get(account, column), column)
        changed.append((row, column))
    told: dict[int, Floats] = {}
    for row, key in enumerate(grid.keys):
        if (key.platform, key.account_id) in since:
            told[row] = np.full(grid.days.size, np.nan)
            told[row][since[key.platform, key.account_id] :] = 0.0
    for row, column in changed:
        told[row][column] = min(1.0, told[row][column] + 1.0 / max(running[row], 1))
    return told


def _refreshes(change: Row) -> bool:
    """Whether a change brings a new creative: an ad made, or its texts or pictures replaced."""
    if change["platform"] == "meta_ads":
        return change["what"] in _META_REFRESHES
    if change["what"] not in ("AD", "AD_GROUP_AD"):
        return False
    if change["what"] == "AD_GROUP_AD" and not change["before"] and change["after"]:
        return True
    return any(name in change["fields"].lower() for name in _GOOGLE_CREATIVE_FIELDS)


def _by_ad_figures(grid: Grid, figures: ArrowTable) -> dict[int, Floats]:
    """By figures of ads: an ad is new on the first day it shows, after the first day with figures of the account.

    It counts for the share of impressions that it has in the week from then on.
    """
    shown: dict[int, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    spans: dict[tuple[str, str], tuple[int, int]] = {}
    for fact in figures.to_pylist():
        row, column = (
            grid.line_of(fact["platform"], fact["campaign_id"], fact["group_id"]),
            grid.column_of(fact["date"]),
        )
        if row is None or column is None:
            continue
        account = fact["platform"], fact["account_id"]
        first, last = spans.get(account, (column, column))
        spans[account] = min(first, column), max(last, column)
        of_ad = shown[row][fact["ad_id"]]
        of_ad[column] = of_ad.get(column, 0.0) + float(fact["impressions"])
    return {row: _taken_over(grid, row, ads, spans) for row, ads in shown.items()}


def _taken_over(
    grid: Grid, row: int, ads: dict[str, dict[int, float]], spans: dict[tuple[str, str], tuple[int, int]]
) -> Floats:
    """The share of a line that new ads take over, (days,)."""
    key = grid.keys[row]
    first, last = spans[key.platform, key.account_id]
    total: Floats = np.zeros(grid.days.size + _TAKEN_OVER_DAYS)
    for days in ads.values():
        np.add.at(total, list(days), list(days.values()))
    told = np.full(grid.days.size, np.nan)
    began_later = not grid.observed[row, : first + 1].any()
    told[first if began_later else first + 1 : last + 1] = 0.0
    for days in ads.values():
        new = min(days)
        week = range(new, new + _TAKEN_OVER_DAYS)
        shown = float(total[new : new + _TAKEN_OVER_DAYS].sum())
        if np.isfinite(told[new]) and shown > 0:
            told[new] = min(1.0, told[new] + sum(days.get(day, 0.0) for day in week) / shown)
    return told


def _ad_days(lake: "Lake", cut: Cut) -> ArrowTable:
    """Impressions of ads by day, from rows that are split by nothing but the ad."""
    facts: IbisTable = cut.facts(lake, "ad")
    facts = facts.filter((facts.dims == "") & ~facts.segment.contains(",") & (facts.impressions > 0))
    facts = facts.mutate(ad_id=facts.segment.substr(len("ad=")))
    names = ("platform", "account_id", "campaign_id", "group_id", "ad_id", "date", "impressions")
    return facts.select(*names).order_by([*names[:-1]]).to_pyarrow()


def _ads(known: Known) -> Iterator[Row]:
    return (row for rows in known.creatives.values() for row in rows)


def _running(grid: Grid, known: Known) -> list[int]:
    """How many ads each line runs today."""
    count = [0] * len(grid.keys)
    for ad in _ads(known):
        row = _row_of(grid, ad)
        if row is not None and ad["status"] in _RUNNING:
            count[row] += 1
    return count


def _row_of(grid: Grid, row: Row) -> int | None:
    return grid.line_of(row["platform"], row["campaign_id"], row["group_id"] or "")
