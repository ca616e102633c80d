"""The books of a live window: what happened, and what the platforms and the CRM had counted by a day."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from marketmover.kit import coin_of
from marketmover.sandbox.arrays import Floats, Ints
from marketmover.sandbox.exports.crm import Lead
from marketmover.sandbox.ledger import Ledger, booked
from marketmover.sandbox.models.market_day import Flow
from marketmover.sandbox.streams import stream
from marketmover.sandbox.truth import Truth

_EVE = 1  # arrays as exported begin with the day before the window


class Books:
    """Counts by line and day, drawn from flows; each line and day has chance of its own, whatever else is run.

    Args:
        line_ids: All lines.
        days: How long the window is.
        counted: Share of the conversions of a day that are counted, shape (lines, days); 1 unless tracking is broken.
        currency: Sums are whole where it has no hundredths.
        pace: How many days a lead takes until it is decided, and won (medians).
        seed: The market's and the window's.
    """

    def __init__(
        self, line_ids: Sequence[str], days: int, counted: Floats, currency: str, pace: tuple[float, float],
        seed: tuple[int, int],
    ) -> None:  # fmt: skip
        self._line_ids, self._days, self._counted, self._seed = line_ids, days, counted, seed
        self.unit, self._pace = coin_of(currency), pace
        shape = (len(line_ids), days)
        self._sums = {name: np.zeros(shape, np.int64) for name in ("cost_cents", "impressions", "clicks")}
        self._arrived = {name: np.zeros((*shape, days), np.int64) for name in ("leads", "sales")}
        self._order_value = np.zeros(shape)
        self.leads: list[Lead] = []

    def keep(self, truth: Truth, flow: Flow, day: int, at: int) -> None:
        """Draw a day (from 0 on, `at` on the time axis of the history) from its flow of shape (lines,)."""
        for line in np.flatnonzero(flow.spend > 0.0):
            self._keep(truth, Flow(*(values[line] for values in flow)), int(line), day, at)

    def _keep(self, truth: Truth, flow: Flow, line: int, day: int, at: int) -> None:
        """The same chances as in the history's books (`ledger.keep_books`), with the moment of every conversion."""
        rng = stream(self._seed[0], "live books", str(self._seed[1]), self._line_ids[line], str(day))
        cents = booked(np.asarray(flow.spend * np.exp(rng.normal(0.0, 0.05) - 0.00125)), self.unit)
        shown = rng.poisson(flow.impressions * np.exp(rng.normal(0.0, 0.06) - 0.0018))
        clicks = rng.poisson(flow.clicks * rng.gamma(100.0, 0.01))
        spread = float(truth.dispersion[()])
        happened = rng.poisson(flow.conversions * rng.gamma(1.0 / spread, spread))
        self._order_value[line, day] = truth.order_value[line] * np.exp(
            rng.normal(0.0, 0.55 / np.sqrt(max(happened, 1)))
        )
        if cents <= 0:
            return
        shown = max(shown, 1)
        clicks = min(clicks, shown)
        for name, count in (("cost_cents", cents), ("impressions", shown), ("clicks", clicks)):
            self._sums[name][line, day] = count
        happened = min(happened, clicks)
        leads = rng.binomial(happened, truth.lead_share[line])
        lags = np.minimum(np.searchsorted(truth.lag, rng.random(happened), side="right"), len(truth.lag) - 1)
        seen = rng.random(happened)
        for name, part in (("leads", slice(0, leads)), ("sales", slice(leads, None))):
            self._arrive(name, line, day, lags[part], seen[part])
        self._follow(truth, flow, line, at, lags[:leads], rng)

    def _arrive(self, name: str, line: int, day: int, lags: Ints, seen: Floats) -> None:
        """Conversions of a day's clicks come in then and later; those that come while tracking is broken are lost."""
        comes = day + lags
        within = comes[(comes < self._days)]
        kept = within[seen[comes < self._days] < self._counted[line, within]]
        np.add.at(self._arrived[name][line, day], kept, 1)

    def _follow(self, truth: Truth, flow: Flow, line: int, at: int, lags: Ints, rng: np.random.Generator) -> None:
        """What becomes of a day's leads in the CRM, which no broken tag keeps from getting there."""
        count, (decides, wins) = len(lags), self._pace
        known, good, sold, pick = rng.random((4, count))
        created = at + lags + np.clip(rng.normal(0.58, 0.18, count), 0.0, 0.999)
        decided = created + np.exp(rng.normal(np.log(decides), 0.6, count))
        won_at = decided + np.exp(rng.normal(np.log(wins), 0.6, count))
        value = truth.deal_value[line] * np.exp(rng.normal(0.0, 0.55, count) - 0.5 * 0.55**2)
        digits = 0 if self.unit > 1 else 2
        for one in np.flatnonzero(known < float(truth.coverage[()])):
            qualified = bool(good[one] < flow.qualification)
            won = qualified and bool(sold[one] < truth.win_rate[line])
            self.leads.append(
                Lead(
                    line, float(created[one]), qualified, float(decided[one]), won, float(won_at[one]),
                    round(float(value[one]), digits), float(pick[one]),
                )
            )  # fmt: skip

    def as_of(self, day: int, *, late: int = 0) -> Ledger:
        """What platforms had counted at the end of a day, shape (lines, the day before the window and its days).

        Days to come are empty. What the platforms cannot know (`qualified`, ...) is left at 0. With `late`, conversions
        are those that were known so many days before.
        """
        shape = (len(self._line_ids), self._days + _EVE)
        empty = np.zeros(shape, np.int64)

        def shown(values: Ints | Floats) -> Ints:
            whole = np.zeros(shape, values.dtype)
            whole[:, _EVE : day + 1 + _EVE] = values[:, : day + 1]
            return np.asarray(whole, np.int64)

        known = max(day + 1 - late, 0)
        leads, sales = (self._arrived[name][:, :, :known].sum(axis=2) for name in ("leads", "sales"))
        return Ledger(
            cost_cents=shown(self._sums["cost_cents"]),
            impressions=shown(self._sums["impressions"]),
            clicks=shown(self._sums["clicks"]),
            leads=empty,
            sales=empty,
            crm_leads=empty,
            qualified=empty,
            won=empty,
            reported_leads=shown(leads),
            reported_sales=shown(sales),
            sales_cents=shown(booked(sales * self._order_value, self.unit)),
            tracking_lost=np.zeros(shape, np.bool_),
        )


class LateOnes:
    """Conversions of the history's last days that come in during the window.

    Args:
        ledger: The history's books.
        lag: Share of conversions known after 0, 1, 2, ... days.
        gap: Days between the history and the window.
        counted: As in `Books`.
        seed: The market's and the window's.
    """

    def __init__(self, ledger: Ledger, lag: Floats, gap: int, counted: Floats, seed: tuple[int, int]) -> None:
        self._ledger = ledger
        days, longest = ledger.leads.shape[1], len(lag)
        self.first = max(days - longest + 1, 0)
        rng = stream(seed[0], "live late ones", str(seed[1]))
        chances = np.diff(lag, prepend=0.0)
        window = counted.shape[1]
        self._arrived: dict[str, Ints] = {}
        for name in ("leads", "sales"):
            arrived = np.zeros((len(ledger.leads), days - self.first, window), np.int64)
            late = getattr(ledger, name) - getattr(ledger, f"reported_{name}")
            for day in range(self.first, days):
                ahead = chances[days - day :]
                for line in np.flatnonzero((late[:, day] > 0) & ~ledger.tracking_lost[:, day]):
                    comes = rng.multinomial(late[line, day], ahead / ahead.sum())[gap : gap + window]
                    kept = rng.binomial(comes, counted[line, : len(comes)])
                    arrived[line, day - self.first, : len(kept)] = kept
            self._arrived[name] = arrived

    def as_of(self, day: int, order_value: Floats, unit: int) -> Ledger:
        """The history's books as platforms showed them at the end of a day of the window."""
        more = {name: arrived[:, :, : day + 1].sum(axis=2) for name, arrived in self._arrived.items()}
        part = slice(self.first, None)
        leads, sales, cents = (
            getattr(self._ledger, name).copy() for name in ("reported_leads", "reported_sales", "sales_cents")
        )
        before = sales[:, part]
        each = np.where(before > 0, cents[:, part] / np.maximum(before, 1) / 100.0, order_value[:, None])
        cents[:, part] += booked(more["sales"] * each, unit)
        leads[:, part] += more["leads"]
        sales[:, part] += more["sales"]
        return replace(self._ledger, reported_leads=leads, reported_sales=sales, sales_cents=cents)
