"""What every learner is: dials to tune, a fit on examples, and a forecast with its spread."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from marketmover.errors import InputError
from marketmover.learning.examples import Examples
from marketmover.learning.forecast import Forecast, fitted_spread

Floats = NDArray[np.float64]
Settings = Mapping[str, float]

_USUAL_SPREAD = 0.4
_ROW_SPREAD = 0.3
_LEAST_ROWS = 20
_ODD = 4.0


@dataclass(frozen=True)
class Dial:
    """Something to tune: its range, where it usually stands, whether on a log scale and in whole numbers."""

    name: str
    low: float
    high: float
    usual: float
    log: bool = False
    whole: bool = False


class MeanModel(Protocol):
    """What was learned: log of what to multiply the offset by."""

    def log_ratio(self, features: Floats) -> Floats:
        """Shape (rows,)."""
        ...

    def to_json(self) -> dict[str, Any]:
        """All that it holds; never a pickle, which whoever opens it runs."""
        ...


class Learner(Protocol):
    """A way of learning. Nothing about the subject, no store: examples in, a model of the mean out.

    `fit` is given each row's offset, levelled over all rows, as `expected`; the same seed gives the same model.
    """

    name: ClassVar[str]
    """In code, in files and in MLflow."""
    label: ClassVar[str]
    """For people."""
    dials: ClassVar[tuple[Dial, ...]]
    """What can be tuned."""

    def fit(self, examples: Examples, expected: Floats, settings: Settings, seed: int) -> MeanModel:
        """Learn what to multiply the offset by."""
        ...

    def from_json(self, found: dict[str, Any]) -> MeanModel:
        """Back from the model's `to_json`."""
        ...


@dataclass(frozen=True)
class Fitted:
    """A learner's model, ready to foretell.

    Attributes:
        learner: The learner's name.
        names: Columns that it was fitted on.
        core: What it learned of the mean.
        level: What the offset is multiplied by on the whole.
        bound: No forecast leaves the levelled offset by more than this, in logs: nothing further was seen.
        spread: How far its means were off on rows that it had not seen, as a share.
        settings: How its dials stood.
    """

    learner: str
    names: tuple[str, ...]
    core: MeanModel
    level: float
    bound: float
    spread: float
    settings: dict[str, float]

    def predict(self, examples: Examples) -> Forecast:
        """Foretell rows.

        Raises:
            InputError: They have other columns than it was fitted on.
        """
        if examples.names != self.names:
            odd = sorted(set(examples.names) ^ set(self.names))
            raise InputError(
                f"The model {self.learner} was fitted on other columns: {', '.join(odd[:5]) or 'another order'}.",
                "Compare and register models anew: marketmover models compare",
            )
        return Forecast.of(_mean(self.core, examples, self.level, self.bound), self.spread)

    def to_json(self) -> dict[str, Any]:
        """As JSON holds it."""
        plain = {"learner": self.learner, "names": list(self.names), "core": self.core.to_json()}
        return plain | {"level": self.level, "bound": self.bound, "spread": self.spread, "settings": self.settings}


def information(expected: Floats) -> Floats:
    """How much a row says of its rate, in counts: large rows say less than their counts, since their rates differ too.

    The working weight of a negative binomial (McCullagh and Nelder 1989) whose rates differ by 30%.
    """
    return expected / (1.0 + _ROW_SPREAD**2 * expected)


def fit(learner: Learner, examples: Examples, settings: Settings | None = None, *, seed: int) -> Fitted:
    """Fit a learner. Its spread is measured on the latest quarter of forecasts, by a fit on what was known before them.

    Args:
        learner: What learns.
        examples: Rows whose outcomes are known.
        settings: Where its dials stand; by default where they usually do.
        seed: The same seed and rows give the same model.

    Raises:
        InputError: There are no rows, or nothing was ever counted.
    """
    if not len(examples) or examples.target.sum() <= 0:
        raise InputError(f"There is nothing to fit {learner.label.lower()} on: no outcome was counted.")
    chosen = {dial.name: dial.usual for dial in learner.dials} | dict(settings or {})
    examples = _tamed(examples)
    core, level, bound = _fit_mean(learner, examples, chosen, seed)
    return Fitted(
        learner.name, examples.names, core, level, bound, _spread_ahead(learner, examples, chosen, seed), chosen
    )


def foretold_means(learner: Learner, seen: Examples, ahead: Examples, settings: Settings, seed: int) -> Floats:
    """Means that a fit on `seen` gives for the rows `ahead`, shape (rows,)."""
    core, level, bound = _fit_mean(learner, _tamed(seen), settings, seed)
    return _mean(core, ahead, level, bound)


def _tamed(examples: Examples) -> Examples:
    """Targets of at most four times what the simple rule expects and eight: beyond that lie faults, not effects."""
    return replace(examples, target=np.minimum(examples.target, _ODD * (2.0 + examples.offset)))


def _fit_mean(learner: Learner, examples: Examples, settings: Settings, seed: int) -> tuple[MeanModel, float, float]:
    level = max(float(examples.target.sum()), 0.5) / float(examples.offset.sum())
    expected = examples.offset * level
    ratio = np.abs(np.log((examples.target + 1.0) / (expected + 1.0)))
    return learner.fit(examples, expected, settings, seed), level, max(float(np.quantile(ratio, 0.99)), 0.1)


def _mean(core: MeanModel, examples: Examples, level: float, bound: float) -> Floats:
    return examples.offset * level * np.exp(np.clip(core.log_ratio(examples.features), -bound, bound))


def _spread_ahead(learner: Learner, examples: Examples, settings: Settings, seed: int) -> float:
    cut = int(np.quantile(examples.made_at, 0.75))
    seen, ahead = examples.known_on(cut), examples.take(examples.made_at >= cut)
    if min(len(seen), len(ahead)) < _LEAST_ROWS or seen.target.sum() <= 0:
        return _USUAL_SPREAD
    return fitted_spread(foretold_means(learner, seen, ahead, settings, seed), ahead.target)
