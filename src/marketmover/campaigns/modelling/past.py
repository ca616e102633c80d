"""What was known of lines on a day: prices, rates and their trends, by line."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget import completeness
from marketmover.campaigns.backtest import Tally
from marketmover.history import Panel

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_HALF_LIFE_DAYS = 28.0
_PRIOR_COUNTS = 3.0  # a line's own rate is trusted as much as its platform's once it has counted this many
_MONTH_DAYS = 28
_ODD = 5.0
_LATE_DAYS = 30
_LATE_IN_CRM_DAYS = 90
_YEAR_DAYS = 364  # whole weeks, so that weekdays meet


@dataclass(frozen=True)
class Past:
    """A panel, summed up so that any stretch of it is read at once. Arrays of shape (lines, days + 1).

    Outcomes of the last days are still coming in. What they are a rate of counts only as far as they are known:
    `due_cost` and `due_clicks` are spend and clicks times the share of the day's outcomes that is known.
    """

    sums: dict[str, Floats]
    fading: dict[str, Floats]
    platform: Integers

    @classmethod
    def of(cls, panel: Panel, tally: Tally) -> "Past":
        """Sum up a panel and what it counted."""
        known = _known_share(panel, tally)
        days = {
            "cost": panel.cost,
            "clicks": panel.clicks,
            "impressions": panel.impressions,
            "due_cost": panel.cost * known,
            "due_clicks": panel.clicks * known,
            "outcome": _tamed(tally.counts),
            "running": (panel.cost > 0).astype(np.float64),
        }
        for name in ("search_impression_share", "budget_lost_share", "rank_lost_share"):
            values = getattr(panel, name)
            days |= {name: np.nan_to_num(values), f"{name}_known": np.isfinite(values).astype(np.float64)}
        platform = np.unique([line.platform for line in panel.lines], return_inverse=True)[1].astype(np.int64)
        fading = {name: _fading(days[name]) for name in ("due_cost", "outcome")}
        return cls({name: _summed(values) for name, values in days.items()}, fading, platform)

    def between(self, name: str, first: int, stop: int) -> Floats:
        """Sum of days `first` to `stop` (not included), shape (lines,)."""
        sums = self.sums[name]
        return sums[:, max(min(stop, sums.shape[1] - 1), 0)] - sums[:, max(min(first, sums.shape[1] - 1), 0)]

    def rate(self, day: int) -> Floats:
        """Outcomes per unit of money as known at the end of a day up to which there was spend, shape (lines,).

        Recent days count more; a line that has counted little is drawn to its platform, and that to the account.
        """
        outcome, cost = self.fading["outcome"][:, day + 1], self.fading["due_cost"][:, day + 1]
        whole = (outcome.sum() + 0.5) / max(float(cost.sum()), 1e-9)
        among = np.stack([_of_platform(values, self.platform) for values in (outcome, cost)])
        kin = (among[0] + _PRIOR_COUNTS) / (among[1] + _PRIOR_COUNTS / whole)
        return (outcome + _PRIOR_COUNTS) / (cost + _PRIOR_COUNTS / kin)

    def known(self, day: int, length: int) -> dict[str, Floats]:
        """Columns of what was known at the end of a day, for a forecast of the next `length` days, each (lines,)."""
        now, rate = day + 1, self.rate(day)
        month = {name: self.between(name, now - 28, now) for name in ("cost", "clicks", "impressions")}
        week = {name: self.between(name, now - 7, now) for name in ("cost", "clicks")}
        columns: dict[str, Floats] = {
            "days_run": np.log1p(self.between("running", 0, now)),
            "days_run_lately": self.between("running", now - 28, now) / 28.0,
            "spend_trend": _log_ratio(4.0 * week["cost"], month["cost"], 0.02 * float(month["cost"].mean()) + 1e-9),
            "clicks_trend": self._trend(week, month),
            "clicks_trend_of_platform": self._trend_of_platform(week, month),
            "clicks_for_money": self._against_kin(month["clicks"], month["cost"]),
            "clicks_for_views": self._against_kin(month["clicks"], month["impressions"]),
            "outcome_for_clicks": self._against_kin(
                self.between("outcome", now - 84, now), self.between("due_clicks", now - 84, now)
            ),
            "outcome_for_money": np.log(rate / np.maximum(_of_platform_mean(rate, self.platform), 1e-12)),
        }
        for weeks in (1, 2, 4, 13, 26):
            counted, cost = (self.between(name, now - 7 * weeks, now) for name in ("outcome", "due_cost"))
            columns[f"outcome_{weeks}_weeks"] = _log_ratio(counted, cost * rate, _PRIOR_COUNTS)
        columns["outcome_of_platform"] = self._lately_of_platform(now, rate)
        columns["outcome_last_year"] = self._last_year(day, length)
        return columns | self._shares(now)

    def _trend(self, week: dict[str, Floats], month: dict[str, Floats]) -> Floats:
        """Clicks of the last week against what its spend bought over the month."""
        usual = month["clicks"] * week["cost"] / np.maximum(month["cost"], 1e-9)
        return _log_ratio(week["clicks"], usual, 10.0)

    def _trend_of_platform(self, week: dict[str, Floats], month: dict[str, Floats]) -> Floats:
        usual = month["clicks"] * week["cost"] / np.maximum(month["cost"], 1e-9)
        return _log_ratio(_of_platform(week["clicks"], self.platform), _of_platform(usual, self.platform), 10.0)

    def _lately_of_platform(self, now: int, rate: Floats) -> Floats:
        counted, cost = (self.between(name, now - 14, now) for name in ("outcome", "due_cost"))
        return _log_ratio(_of_platform(counted, self.platform), _of_platform(cost * rate, self.platform), _PRIOR_COUNTS)

    def _last_year(self, day: int, length: int) -> Floats:
        """What the platform counted in these weeks a year ago against its rate of then; 0 where that is not known."""
        then = day - _YEAR_DAYS
        if then < 56:
            return np.zeros(len(self.platform))
        counted, cost = (self.between(name, then + 1, then + 1 + length) for name in ("outcome", "cost"))
        usual = _of_platform(cost * self.rate(then), self.platform)
        return _log_ratio(_of_platform(counted, self.platform), usual, 10.0)

    def _against_kin(self, counts: Floats, per: Floats) -> Floats:
        """Log of a line's ratio over its platform's."""
        kin = _of_platform(counts, self.platform) / np.maximum(_of_platform(per, self.platform), 1e-9)
        return _log_ratio(counts, per * kin, 10.0)

    def _shares(self, now: int) -> dict[str, Floats]:
        columns: dict[str, Floats] = {}
        for name in ("search_impression_share", "budget_lost_share", "rank_lost_share"):
            days = self.between(f"{name}_known", now - 28, now)
            columns[name] = self.between(name, now - 28, now) / np.maximum(days, 1.0)
        told = self.between("search_impression_share_known", now - 28, now) > 0
        return columns | {"shares_known": told.astype(np.float64)}


def _known_share(panel: Panel, tally: Tally) -> Floats:
    """Share of each day's outcomes that is known by the last day, shape (days,); 1 for old days."""
    exposure = panel.clicks if panel.clicks.sum() > 0 else panel.cost
    longest = _LATE_DAYS if tally.metric != "qualified_leads" else _LATE_IN_CRM_DAYS
    return completeness(np.maximum(tally.counts, 0.0), exposure, exposure > 0, longest)


def _tamed(counts: Floats) -> Floats:
    """A day's counts, at most five times the mean of the four weeks before it and ten: a fault is no trend."""
    counts = np.maximum(counts, 0.0)
    sums = _summed(counts)
    days = np.arange(counts.shape[1])
    first = np.maximum(days - _MONTH_DAYS, 0)
    usual = (sums[:, days] - sums[:, first]) / np.maximum(days - first, 1)
    return np.minimum(counts, _ODD * (2.0 + usual))


def _summed(days: Floats) -> Floats:
    return np.concatenate([np.zeros((len(days), 1)), days.cumsum(axis=1)], axis=1)


def _fading(days: Floats) -> Floats:
    """Sums up to a day in which older days count less, shape (lines, days + 1)."""
    keep = 0.5 ** (1.0 / _HALF_LIFE_DAYS)
    sums = np.zeros((days.shape[0], days.shape[1] + 1))
    for day in range(days.shape[1]):
        sums[:, day + 1] = keep * sums[:, day] + days[:, day]
    return sums


def _of_platform(values: Floats, platform: Integers) -> Floats:
    """Each line's platform's sum."""
    sums = np.bincount(platform, values, minlength=int(platform.max(initial=0)) + 1)
    return np.asarray(sums[platform], dtype=np.float64)


def _of_platform_mean(values: Floats, platform: Integers) -> Floats:
    means = _of_platform(np.log(values), platform) / _of_platform(np.ones(len(values)), platform)
    return np.asarray(np.exp(means), dtype=np.float64)


def _log_ratio(counted: Floats, usual: Floats, prior: float) -> Floats:
    """Log of counted over usual, drawn to 0 where both are small."""
    return np.log((np.maximum(counted, 0.0) + prior) / (np.maximum(usual, 0.0) + prior))
