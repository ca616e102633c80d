"""What a person asked for on the command line, as the room's verbs take it."""

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from marketmover.errors import UsageError
from marketmover.experiments.baseline import Baseline
from marketmover.experiments.decision import Money
from marketmover.experiments.design import Design, Rules, shares, size, smallest_effect
from marketmover.experiments.findings import Terms
from marketmover.experiments.planned import planned_test
from marketmover.experiments.reading import read_results
from marketmover.experiments.service import Report, read_experiment


@dataclass(frozen=True)
class Asked:
    """The options of `experiment read`; what is `None` comes from the plan, or is usual."""

    plan: Path | None = None
    metric: str | None = None
    control: str | None = None
    shares: str | None = None
    days: int | None = None
    effect: float | None = None
    alpha: float | None = None
    value: float | None = None
    currency: str | None = None


@dataclass(frozen=True)
class Examined:
    """A report, the currency of its money, and whether its plan says that it is simulated."""

    report: Report
    currency: str | None
    simulated: bool


def examine(file: Path, asked: Asked) -> Examined:
    """Read a test's results under what was asked for.

    Raises:
        NotFoundError, InputError, UsageError: A file or an option cannot be used.
    """
    if asked.alpha is not None and not 0 < asked.alpha < 0.5:
        raise UsageError(f"--alpha is {asked.alpha:g}.", "It lies between 0 and 0.5; 0.05 is usual.")
    if asked.currency is not None and not (len(asked.currency) == 3 and asked.currency.isalpha()):
        raise UsageError(f"--currency {asked.currency!r} is not a currency.", "Write its ISO 4217 code: EUR, USD, GBP.")
    planned = planned_test(asked.plan) if asked.plan else None
    base = planned.terms if planned else Terms()
    terms = Terms(
        alpha=asked.alpha or base.alpha,
        shares=_shares(asked.shares) if asked.shares else base.shares,
        planned_days=asked.days or base.planned_days,
        smallest_effect=asked.effect or base.smallest_effect,
        matters=asked.effect,
    )
    currency = asked.currency.upper() if asked.currency else planned.currency if planned else None
    results = read_results(file, asked.control, planned.arms if planned else ())
    metric = asked.metric or (planned.metric if planned else None)
    report = read_experiment(results, metric, terms, Money(currency, asked.value))
    return Examined(report, currency, planned.simulated if planned else False)


def _shares(text: str) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.replace("/", ",").split(","))
    except ValueError:
        found = ()
    if len(found) < 2 or not all(0 < share < math.inf for share in found):
        raise UsageError(f"--shares {text}: these are no shares.", "Write one above 0 for each arm: 50,50.")
    return found


@dataclass(frozen=True)
class Sized:
    """A design with what else a person asks of it: the smallest effects in the days given, and other shares."""

    design: Design
    smallest: tuple[float, float] | None
    by_share: list[tuple[float, float, float]]

    def as_json(self) -> dict[str, Any]:
        """The design as plain values; what is infinite is `null`."""

        def finite(value: float) -> float | None:
            return value if math.isfinite(value) else None

        one = self.design
        return {
            "effect": one.effect,
            "rules": asdict(one.rules),
            "sequential": {key: finite(value) for key, value in asdict(one.sequential).items()},
            "always": {key: finite(value) for key, value in asdict(one.always).items()},
            "fixed": {key: finite(value) for key, value in asdict(one.fixed).items()},
            "naive_alarms": finite(one.naive_alarms),
            "smallest_effect": (
                {"sequential": finite(self.smallest[0]), "fixed": finite(self.smallest[1])} if self.smallest else None
            ),
            "by_share": [
                {"share": share, "sequential_days": finite(daily), "fixed_days": finite(once)}
                for share, once, daily in self.by_share
            ],
        }


def designed(baseline: Baseline, effect: float, rules: Rules, days: float | None) -> Sized:
    """Size a test, and say what the days that there are would show.

    Raises:
        UsageError: The effect or the days cannot be.
    """
    smallest = (
        (smallest_effect(baseline, days, rules), smallest_effect(baseline, days, rules, sequential=False))
        if days is not None
        else None
    )
    return Sized(size(baseline, effect, rules), smallest, shares(baseline, effect, rules))


def asked_baseline(
    per_day: float, *, rate: float | None, mean: float | None, sd: float | None, count: bool, dispersion: float
) -> Baseline:
    """What a test starts from, as a person states it.

    Raises:
        UsageError: None or several of `rate`, `mean` and `count` were given, or a figure cannot be.
    """
    if (rate is not None) + (mean is not None) + count != 1:
        raise UsageError(
            "What is measured is not clear.",
            "Give one of --rate 0.03, --mean 42 --sd 60, or --count [--dispersion 1.5].",
        )
    if rate is not None:
        return Baseline.proportion(rate, per_day)
    if mean is not None:
        if sd is None:
            raise UsageError("A mean needs --sd.", "Give how much one person's value varies: --sd 60.")
        return Baseline.mean(mean, sd, per_day)
    return Baseline.count(per_day, dispersion)
