"""GrowthBook's gbstats and statsmodels on the same tests, run inside an environment of its own by `experiments`."""

# pyright: reportMissingImports=false
# The peers' packages live in their own environment, not in ours.

import json
import sys
import time
from typing import Any


def main() -> None:
    """Read tests as JSON from stdin, write the peers' answers as JSON to stdout."""
    asked = json.load(sys.stdin)
    started = time.process_time()
    last = [_compared(test, len(test["people"][0]) - 1, asked["alpha"]) for test in asked["tests"]]
    seconds = time.process_time() - started
    answer = {
        "tests": last,
        "seconds": seconds,
        "clear": [_ever_clear(test, asked) for test in asked["tests"]],
        "sizes": [_size(rate, effect) for rate, effect in asked["sizes"]],
    }
    json.dump(answer, sys.stdout)


def _statistics(test: dict[str, Any], day: int) -> tuple[Any, Any]:
    from gbstats.models.statistics import ProportionStatistic

    control, arm = (
        ProportionStatistic(n=int(test["people"][place][day]), sum=float(test["orders"][place][day]))
        for place in (0, 1)
    )
    return control, arm


def _compared(test: dict[str, Any], day: int, alpha: float) -> dict[str, Any]:
    """Difference of shares and its interval for a single look."""
    from gbstats.frequentist.tests import FrequentistConfig, TwoSidedTTest

    config = FrequentistConfig(alpha=alpha, difference_type="absolute")
    found = TwoSidedTTest(*_statistics(test, day), config).compute_result()
    return {"difference": float(found.expected), "low": float(found.ci[0]), "high": float(found.ci[1])}


def _ever_clear(test: dict[str, Any], asked: dict[str, Any]) -> bool:
    """Whether the sequential interval, tuned to the planned number of people, ever left out no effect."""
    from gbstats.frequentist.tests import SequentialConfig, SequentialTwoSidedTTest

    planned = float(test["people"][0][-1] + test["people"][1][-1])
    config = SequentialConfig(alpha=asked["alpha"], difference_type="relative", sequential_tuning_parameter=planned)
    for day in range(asked["first_day"] - 1, len(test["people"][0])):
        low, high = SequentialTwoSidedTTest(*_statistics(test, day), config).compute_result().ci
        if low > 0 or high < 0:
            return True
    return False


def _size(rate: float, effect: float) -> float:
    """People in each arm, by the normal approximation to the difference of two proportions."""
    from statsmodels.stats.proportion import samplesize_proportions_2indep_onetail

    return float(
        samplesize_proportions_2indep_onetail(rate * effect, rate, power=0.8, alpha=0.05, alternative="two-sided")
    )


if __name__ == "__main__":
    main()
