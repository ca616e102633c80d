"""The A/B test that comes with a plan: the advised split and settings against those of today."""

from datetime import date
from typing import Literal

from marketmover.plans.base import Form, Platform


class ABTestArm(Form):
    """An arm: its share of people (and so of the budget), what runs in it, and what it is expected to count.

    `daily_budget` is the arm's own, in account currency; `expected` is of the test's metric over the test's dates.
    """

    name: Literal["usual", "advised"]
    share: float
    daily_budget: float
    expected: float
    what: str


class ABTestWay(Form):
    """How the arms are kept apart on a platform: `region_split`, `split_test` (Meta) or `campaign_experiment` (Google).

    `line_ids` are the lines that differ between the arms.
    """

    platform: Platform
    method: Literal["region_split", "split_test", "campaign_experiment"]
    line_ids: list[str]
    words: str


class ABTest(Form):
    """A test of the plan against today's split and settings.

    Attributes:
        verdict: `ready` where the expected difference would be seen in the plan's dates, `too_small` where not,
            `nothing_to_test` where the plan changes next to nothing.
        words: The test in a client's words.
        metric: What decides.
        expected_effect: What the plan expects of it, relative: 0.06 for 6% more.
        smallest_effect: The smallest relative difference that the test sees by its end; `None` if it sees none.
        weeks: How long it runs, at most the plan's dates.
        weeks_needed: How long it would have to run to see the expected difference; `None` beyond ten years.
        power, alpha: Chance to see the smallest effect, and chance of a false verdict over all looks.
        dispersion: Variance over mean of what is counted a day, from the history; 1 is pure chance.
        held_back: What of the metric is expected to be given up by leaving the usual arm as it is.
        decision_rule: When to stop, and for what.
    """

    verdict: Literal["ready", "too_small", "nothing_to_test"]
    words: str
    metric: str
    expected_effect: float
    smallest_effect: float | None = None
    start_date: date
    end_date: date
    weeks: int
    weeks_needed: int | None = None
    power: float = 0.8
    alpha: float = 0.05
    dispersion: float = 1.0
    held_back: float = 0.0
    arms: list[ABTestArm] = []
    ways: list[ABTestWay] = []
    decision_rule: str = ""
