"""The terms of a plan's own test, from the plan's folder."""

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from marketmover.errors import InputError, NotFoundError
from marketmover.experiments.findings import Terms
from marketmover.kit import days_between
from marketmover.plans import ABTest, Plan


@dataclass(frozen=True)
class PlannedTest:
    """A plan's test as its analysis needs it: terms, metric, the plan's currency, and arms, the usual one first."""

    terms: Terms
    metric: str
    currency: str
    arms: tuple[str, ...]
    simulated: bool


def planned_test(folder: Path) -> PlannedTest:
    """Read the test that comes with the plan in a folder (or in a `plan.json`).

    Raises:
        NotFoundError: There is no plan.
        InputError: It is none, or its plan has no test.
    """
    path = folder / "plan.json" if folder.is_dir() else folder
    try:
        plan = Plan.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no plan at {path}.", "Name the folder that `compose --out` wrote.") from error
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, ValidationError) as error:
        raise InputError(f"{path} is not a plan: {error}.", "Name the folder that `compose --out` wrote.") from error
    test = plan.ab_test
    if test is None or not test.arms:
        raise InputError(
            f"The plan at {path} comes without a test: {test.words if test else 'it was made without a history.'}",
            "Give --metric and --days instead of --plan.",
        )
    return PlannedTest(_terms(test), test.metric, plan.currency, tuple(arm.name for arm in test.arms), plan.simulated)


def _terms(test: ABTest) -> Terms:
    return Terms(
        alpha=test.alpha,
        shares=tuple(arm.share for arm in test.arms),
        planned_days=days_between(test.start_date, test.end_date),
        smallest_effect=test.smallest_effect,
    )
