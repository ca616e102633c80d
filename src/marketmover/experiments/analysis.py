"""What a test has shown so far: each arm against the control, and whether the arms got their shares of people."""

from dataclasses import replace

import numpy as np

from marketmover.errors import InputError
from marketmover.experiments.findings import Finding, Terms
from marketmover.experiments.metrics import PEOPLE, Metric
from marketmover.experiments.models.mismatch import Mismatch, sample_ratio
from marketmover.experiments.pair import Pair
from marketmover.experiments.results import Floats, Results

_MANY_UNITS = 100


def analyse(results: Results, metric: Metric, terms: Terms) -> list[Finding]:
    """Compare each arm with the control; with several arms the level is shared out among them (Bonferroni).

    Raises:
        InputError: The metric cannot be compared in these data.
    """
    others = len(results.arms) - 1
    shares = planned_shares(terms, len(results.arms))
    each = replace(terms, alpha=terms.alpha / others)
    return [
        Pair(results.pair(place), metric, each, np.array([shares[0], shares[place]])).finding()
        for place in range(1, others + 1)
    ]


def check_sample(results: Results, terms: Terms) -> Mismatch | None:
    """The sample-ratio check, where the data count who was assigned to an arm."""
    counts = _assigned(results)
    if counts is None or counts.sum() <= 0:
        return None
    return sample_ratio(counts, planned_shares(terms, len(results.arms)), terms.sample_level)


def _assigned(results: Results) -> Floats | None:
    """Who was assigned, by arm and day; units count where there are so many that chance assigned them."""
    if results.units:
        counts = [len(next(iter(units.values()))) for units in results.units]
        return np.array(counts, np.float64)[:, None] if min(counts) >= _MANY_UNITS else None
    people = next((name for name in PEOPLE if name in results.columns), None)
    return None if people is None else results.columns[people]


def planned_shares(terms: Terms, arms: int) -> tuple[float, ...]:
    """Shares of the traffic by arm, the control's first, which add up to 1.

    Raises:
        InputError: There are not as many shares as arms.
    """
    if not terms.shares:
        return (1.0 / arms,) * arms
    if len(terms.shares) != arms or min(terms.shares) <= 0:
        raise InputError(
            f"The test was planned with {len(terms.shares)} shares, and the file holds {arms} arms.",
            "Give one share above 0 for each arm, the control's first: --shares 50,50.",
        )
    total = sum(terms.shares)
    return tuple(share / total for share in terms.shares)
