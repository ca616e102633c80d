"""The control and one arm in one metric, look by look: the effect, its bounds, and what was clear when."""

from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri, ndtri, stdtrit

from marketmover.errors import InputError
from marketmover.experiments.findings import Finding, Interval, Look, Method, Terms
from marketmover.experiments.metrics import Metric
from marketmover.experiments.models.always_valid import boundary, p_values, tuned
from marketmover.experiments.models.better import belief
from marketmover.experiments.models.clusters import Units, by_units
from marketmover.experiments.models.days import by_days
from marketmover.experiments.models.estimate import Estimate, Scale
from marketmover.experiments.models.people import Sums, by_people
from marketmover.experiments.models.planned import FIRST_DAY, FIRST_DAY_BY_DAYS, planned_bounds
from marketmover.experiments.results import Floats, Results

_WEAK_PRIOR = 0.5  # log ratio: halving and doubling are thinkable, ten times is not
_VARIES_MORE = 0.01  # level at which days are taken to vary more than people alone would
_ENOUGH = 20.0  # outcomes in each arm before anything is said
_FEWEST_UNITS = 4
_USUAL_DAYS = 28
_USUAL_EFFECT = 0.1
_NO_ERROR = 1e-12


class Pair:
    """The control and one arm, in one metric, look by look."""

    def __init__(self, results: Results, metric: Metric, terms: Terms, shares: Floats) -> None:
        self.results, self.metric, self.terms, self.shares = results, metric, terms, shares
        self.top = results.columns[metric.numerator]
        self.bottom = self._bottom()
        self.scale: Scale = "ratio" if self.top.min() >= 0 and (self.top.sum(axis=1) > 0).all() else "difference"
        if (self.bottom.sum(axis=1) <= 0).any():
            arm = results.arms[int(np.argmin(self.bottom.sum(axis=1)))]
            raise InputError(f"{metric.words}: arm {arm!r} has no {metric.denominator}.", "Choose another --metric.")
        self.reduction = 0.0
        self.together = np.flatnonzero(results.present.all(axis=0))
        self.method: Method = self._method()

    def finding(self) -> Finding:
        """The finding as of the last look."""
        looks = self._looks()
        estimates = [self._estimate(look) for look in looks]
        last = estimates[-1]
        effects, variances = np.array([one.on(self.scale) for one in estimates]).T
        errors, dof = np.maximum(np.sqrt(variances), _NO_ERROR), np.array([one.dof for one in estimates])
        enough = np.array([self._enough(look) for look in looks]) & (variances > 0)
        ratio = self._mixture(np.array(looks), errors, last.control)
        anytime = boundary(ratio, self.terms.alpha, dof)
        deciding = self._deciding(np.array(looks), dof, anytime)
        intervals = [self._interval(*one) for one in zip(effects, errors * deciding, strict=True)]
        clear = np.flatnonzero(enough & (np.abs(effects) > errors * deciding))
        believed = belief(effects[-1], errors[-1], dof[-1], self._prior(last.control))
        lower = self.metric.lower_is_better
        return Finding(
            metric=self.metric,
            arm=self.results.arms[1],
            control=self.results.arms[0],
            control_value=last.control,
            arm_value=last.arm,
            counted=(float(self.top[0].sum()), float(self.top[1].sum())),
            scale=self.scale,
            method=self.method,
            deciding=_narrowed(intervals, enough),
            anytime=self._interval(effects[-1], errors[-1] * anytime[-1]),
            once=self._interval(effects[-1], errors[-1] * quantile(self.terms.alpha, float(dof[-1]))),
            p_value=float(p_values(np.where(enough, effects / errors, 0.0), ratio, dof)[-1]),
            probability=1.0 - believed.probability if lower else believed.probability,
            loss=believed.loss + believed.mean if lower else believed.loss,
            clear_on=self._date(looks[clear[0]]) if clear.size else None,
            was_clear=bool(clear.size),
            reduction=self.reduction,
            first_day=self._first(),
            days=self._days(),
            per_day=self._per_day(),
            standard_error=float(errors[-1]),
            dof=float(dof[-1]),
            looks=tuple(Look(self._date(look), look, one) for look, one in zip(looks, intervals, strict=True)),
            enough=bool(enough[-1]),
        )

    def _deciding(self, looks: NDArray[np.int64], dof: Floats, anytime: Floats) -> Floats:
        """Bounds that decide: those of the planned length where there is one, else those that hold at any time."""
        planned = self.terms.planned_days
        if planned is None or not self.results.dates:
            return anytime
        return planned_bounds(
            np.minimum(looks, planned).astype(np.float64), planned, self.terms.alpha, dof, self._first()
        )

    def _bottom(self) -> Floats:
        if self.metric.denominator is not None:
            return self.results.columns[self.metric.denominator]
        if self.results.units:
            counts = np.array([[float(len(units[self.metric.numerator]))] for units in self.results.units])
            return counts * np.ones(self.top.shape[1])
        return self.shares[:, None] * np.ones(self.top.shape[1])

    def _method(self) -> Method:
        if self.results.units:
            if min(len(units[self.metric.numerator]) for units in self.results.units) < _FEWEST_UNITS:
                raise InputError(
                    f"An arm has fewer than {_FEWEST_UNITS} units, too few to tell how much units vary.",
                    "Take the column that names units out of the file, and arms are compared by days.",
                )
            return "units"
        if not self._person_by_person():
            if len(self.together) < 2:
                why = "no two days have rows of both arms" if self.results.dates else "the file has no dates"
                raise InputError(
                    f"{self.metric.words} cannot be judged: {why}.",
                    "Give one row an arm and day, or a column that counts people (users, visitors) or names units.",
                )
            return "days"
        return "days" if self._days_vary_more() else "people"

    def _person_by_person(self) -> bool:
        """Whether what people vary by is known: yes or no for each, or sums of squares."""
        if not self.metric.per_person:
            return False
        if f"{self.metric.numerator}_squared" in self.results.columns:
            return True
        whole = bool((self.top == np.round(self.top)).all()) and not self.metric.in_money
        return whole and bool((self.top <= self.bottom).all())

    def _days_vary_more(self) -> bool:
        """Whether days vary more than people alone would, so that people of one day are not independent."""
        days = len(self.together)
        if days < FIRST_DAY:
            return False
        among_days = self._by_days(days).on(self.scale)[1]
        among_people = self._by_people(self.top.shape[1]).on(self.scale)[1]
        return among_days > among_people * float(chdtri(days - 1, _VARIES_MORE)) / (days - 1)

    def _looks(self) -> list[int]:
        """After how many days there was something to see; only the last where units are compared."""
        days = self._days()
        if self.method == "units" or days <= self._first():
            return [days]
        return list(range(self._first(), days + 1))

    def _first(self) -> int:
        """The first day on which there may be a verdict."""
        first = FIRST_DAY_BY_DAYS if self.method == "days" else FIRST_DAY
        return min(first, self.terms.planned_days or first)

    def _days(self) -> int:
        return len(self.together) if self.method == "days" else self.top.shape[1]

    def _estimate(self, look: int) -> Estimate:
        if self.method == "units":
            found = by_units(*(self._units(place) for place in (0, 1)))
            self.reduction = found.reduction
            return found.estimate
        return self._by_days(look) if self.method == "days" else self._by_people(look)

    def _units(self, place: int) -> Units:
        return self.results.arm_units(place, self.metric.numerator, self.metric.denominator)

    def _by_days(self, look: int) -> Estimate:
        kept = self.together[:look]
        return by_days(self.top[:, kept], self.bottom[:, kept])

    def _by_people(self, look: int) -> Estimate:
        squares = self.results.columns.get(f"{self.metric.numerator}_squared", self.top)
        sums = [
            Sums(*(float(values[place, :look].sum()) for values in (self.bottom, self.top, squares)))
            for place in (0, 1)
        ]
        return by_people(*sums)

    def _mixture(self, looks: NDArray[np.int64], errors: Floats, control: float) -> Floats:
        """Width of the mixture at each look, fixed beforehand in days or as the size of an effect."""
        if self.method == "days":
            return tuned(self.terms.alpha) * looks / (self.terms.planned_days or _USUAL_DAYS)
        effect = np.log1p(abs(self.terms.smallest_effect or _USUAL_EFFECT))
        width = effect if self.scale == "ratio" else effect * abs(control)
        return np.maximum(width**2 / errors**2, 1e-9)

    def _prior(self, control: float) -> float:
        return _WEAK_PRIOR if self.scale == "ratio" else _WEAK_PRIOR * max(abs(control), 1e-9)

    def _interval(self, effect: float, half: float) -> Interval:
        low, mid, high = float(effect - half), float(effect), float(effect + half)
        if self.scale == "difference":
            return Interval(low, mid, high)
        return Interval(*(float(np.expm1(min(value, 50.0))) for value in (low, mid, high)))

    def _enough(self, look: int) -> bool:
        """Whole weeks, and outcomes enough for the ratio of two sums to be near normal."""
        if self.results.dates and look < self._first():
            return False
        counts = [values for values, money in ((self.top, self.metric.in_money), (self.bottom, False)) if not money]
        if self.metric.denominator is None:
            counts = counts[:-1]
        kept = self.together[:look] if self.method == "days" else slice(None if self.method == "units" else look)
        return all(values[:, kept].sum(axis=1).min() >= _ENOUGH for values in counts)

    def _per_day(self) -> float:
        if not self.results.dates:
            return float("nan")
        if self.metric.denominator is None and not self.results.units:
            return 1.0
        total = self.bottom.sum() if self.metric.denominator else self.bottom[:, 0].sum()
        return float(total / self.top.shape[1] / self.shares.sum())

    def _date(self, look: int) -> date | None:
        if not self.results.dates:
            return None
        return self.results.dates[int(self.together[look - 1]) if self.method == "days" else look - 1]


def _narrowed(intervals: list[Interval], enough: NDArray[np.bool_]) -> Interval:
    """The last interval within all that counted before it: bounds that hold at every look hold together.

    Where the effect has moved out of what was known before, the last interval stands alone.
    """
    last = intervals[-1]
    known = [one for one, counts in zip(intervals, enough, strict=True) if counts]
    low, high = (max((one.low for one in known), default=last.low), min((one.high for one in known), default=last.high))
    return Interval(low, last.mid, high) if low < last.mid < high else last


def quantile(alpha: float, dof: float) -> float:
    """Two-sided quantile of Student's t, or of the normal where `dof` is infinite."""
    return float(stdtrit(dof, 1 - alpha / 2)) if np.isfinite(dof) else -float(ndtri(alpha / 2))
