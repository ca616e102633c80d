"""The grid of lines and days: where each row of figures stands in the panel's arrays, each day once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from marketmover.history.loading.daily import COUNTS, KEYS, SHARES
from marketmover.history.loading.lines import Known, LineKey, line_keys
from marketmover.history.panel import Bools, Days, Floats


@dataclass(frozen=True)
class Grid:
    """Lines and days, with the platforms' own figures laid out on them.

    Attributes:
        keys: Lines in the order of the panel.
        days: Consecutive days.
        row_of: (platform, campaign, group) to a line's row; the group is empty for a whole campaign.
        figures: Each of `COUNTS`, shape (lines, days).
        shares: Each of `SHARES`, NaN where unknown.
        reach: People reached, NaN where unknown or where groups may share people.
        frequency: Impressions a person reached, over groups where there are several; NaN where unknown.
    """

    keys: list[LineKey]
    days: Days
    row_of: Mapping[tuple[str, str, str], int]
    observed: Bools
    figures: Mapping[str, Floats]
    shares: Mapping[str, Floats]
    reach: Floats
    frequency: Floats

    def line_of(self, platform: str | None, campaign_id: str | None, group_id: str) -> int | None:
        """The row that a campaign's or group's figures belong to, if there is one."""
        exact = self.row_of.get((platform or "", campaign_id or "", group_id))
        return self.row_of.get((platform or "", campaign_id or "", "")) if exact is None else exact

    def column_of(self, day: date) -> int | None:
        """The column of a day, if it lies within the panel."""
        if not self.days.size:
            return None
        column = int((np.datetime64(day, "D") - self.days[0]).astype(np.int64))
        return column if 0 <= column < self.days.size else None

    def lay_out(self, rows: Any, column: str) -> Floats:
        """A column of rows that have platform, account, campaign, group and day, shape (lines, days)."""
        owners = list(zip(*(rows[name].to_pylist() for name in KEYS[:4]), strict=True))
        days = rows["date"].to_numpy().astype("datetime64[D]")
        inside = (days >= self.days[0]) & (days <= self.days[-1]) if self.days.size else np.zeros(days.size, dtype=bool)
        kept = [owner for owner, keep in zip(owners, inside, strict=True) if keep]
        placing = Placing(self.keys, kept, days[inside], self.days)
        return placing.lay_out(np.nan_to_num(rows[column].to_numpy().astype(np.float64)[inside]))

    @classmethod
    def of(
        cls,
        table: Any,
        known: Known,
        accounts: Mapping[tuple[str, str], Any],
        currency: str,
        keys_of: Callable[[Iterable[tuple[str, str, str, str]], Known], list[LineKey]] = line_keys,
    ) -> "Grid":
        """Lay out the rows of `daily_figures` of the accounts in `currency`.

        Args:
            table: The rows.
            known: What else is known.
            accounts: Accounts by platform and id.
            currency: Whose accounts are laid out.
            keys_of: What the rows of the grid are, of owners that have figures; by default budget lines.
        """
        columns = {name: table[name].to_pylist() for name in ("platform", "account_id", "campaign_id", "group_id")}
        owners = list(zip(*columns.values(), strict=True))
        codes = {name: (row.get("currency") or currency) for name, row in accounts.items()}
        mine = np.array([codes.get(owner[:2], currency) == currency for owner in owners], dtype=bool)
        kept = [owner for owner, keep in zip(owners, mine, strict=True) if keep]
        keys = keys_of(dict.fromkeys(kept), known)
        days = table["date"].to_numpy().astype("datetime64[D]")[mine]
        span = np.arange(days.min(), days.max() + 1) if days.size else np.array([], dtype="datetime64[D]")
        placing = Placing(keys, kept, days, span)
        values = {
            name: np.nan_to_num(table[name].to_numpy().astype(np.float64)[mine])
            for name in (*COUNTS, *(f"{share}_{part}" for share in SHARES for part in ("sum", "weight")))
        }
        reach = table["reach"].to_numpy().astype(np.float64)[mine]
        shown = np.where(np.isfinite(reach), values["impressions"], 0.0)
        return cls(
            keys,
            span,
            placing.row_of,
            placing.observed(),
            {name: placing.lay_out(values[name]) for name in COUNTS},
            {name: placing.lay_out_share(values[f"{name}_sum"], values[f"{name}_weight"]) for name in SHARES},
            placing.lay_out_reach(reach),
            placing.lay_out_share(shown, np.nan_to_num(reach)),
        )


class Placing:
    """Where rows of (platform, account, campaign, group) and days stand in arrays of lines and days.

    A line that is a whole campaign may have rows of the campaign and rows of its groups for one day: the campaign's
    figure stands, and the groups' sum where it is 0 or missing; they are never added up.
    """

    def __init__(self, keys: Sequence[LineKey], owners: Sequence[tuple[str, ...]], days: Days, span: Days) -> None:
        self.shape = (len(keys), span.size)
        self.row_of: dict[tuple[str, str, str], int] = {}
        alone: Counter[tuple[str, str]] = Counter((key.platform, key.campaign_id) for key in keys)
        for row, key in enumerate(keys):
            self.row_of[key.platform, key.campaign_id, (key.group_id or "") if key.by_group else ""] = row
            if key.by_group and alone[key.platform, key.campaign_id] == 1:
                self.row_of[key.platform, key.campaign_id, ""] = row
        whole = {(key.platform, key.campaign_id) for key in keys if not key.by_group}
        places = [self._place(owner, whole) for owner in owners]
        self._rows = np.array([row for row, _ in places], dtype=np.int64)
        self._parts = np.array([part for _, part in places], dtype=bool)
        self._columns = (days - span[0]).astype(np.int64) if span.size else np.array([], dtype=np.int64)

    def _place(self, owner: tuple[str, ...], whole: set[tuple[str, str]]) -> tuple[int, bool]:
        """A row's line, and whether it is a group of it (-1: a campaign's row that no single ad set can claim)."""
        platform, _, campaign, group = owner
        if (platform, campaign) in whole:
            return self.row_of[platform, campaign, ""], group != ""
        return self.row_of.get((platform, campaign, group), -1), group != ""

    def _sum(self, values: Floats, *, parts: bool) -> Floats:
        laid: Floats = np.zeros(self.shape)
        chosen = (self._rows >= 0) & (self._parts == parts)
        np.add.at(laid, (self._rows[chosen], self._columns[chosen]), values[chosen])
        return laid

    def lay_out(self, values: Floats) -> Floats:
        """A count, shape (lines, days)."""
        campaign, groups = self._sum(values, parts=False), self._sum(values, parts=True)
        return np.where(campaign != 0, campaign, groups)

    def observed(self) -> Bools:
        """Where there is any row."""
        ones: Floats = np.ones(self._rows.size)
        return (self._sum(ones, parts=False) + self._sum(ones, parts=True)) > 0

    def lay_out_share(self, sums: Floats, weights: Floats) -> Floats:
        """A share weighted by impressions; NaN where unknown."""
        top, bottom = self.lay_out(sums), self.lay_out(weights)
        return np.divide(top, bottom, out=np.full(self.shape, np.nan), where=bottom > 0)

    def lay_out_reach(self, values: Floats) -> Floats:
        """People reached: a campaign's own figure, or its only group's; NaN where several groups may share people."""
        known = np.isfinite(values)
        ones = np.where(known, 1.0, 0.0)
        campaign, n_campaign = self._sum(np.nan_to_num(values), parts=False), self._sum(ones, parts=False)
        groups, n_groups = self._sum(np.nan_to_num(values), parts=True), self._sum(ones, parts=True)
        return np.where(n_campaign > 0, campaign, np.where(n_groups == 1, groups, np.nan))
