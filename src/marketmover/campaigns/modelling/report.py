"""What a comparison of models found, outcome by outcome. Errors are shares of what was counted."""

from dataclasses import asdict, dataclass
from datetime import date
from math import isfinite
from typing import Any, Literal

from marketmover.learning import Added, Check

Verdict = Literal["earns its place", "structural model stays"]


@dataclass(frozen=True)
class ModelRow:
    """One model, or all together, in the judged folds.

    Attributes:
        name, label: The model.
        error: Weighted absolute percentage error of a line's forecasts, on its own; `None` for what only stands on
            others.
        log_score: Mean log score of a forecast, on its own; higher is better.
        deviance: Mean Poisson deviance of a forecast, on its own.
        cover: Share of the 80% ranges that held, on its own.
        stacked_error, stacked_cover: The same once it is stacked on the structural model.
        adds: What stacking it adds to the structural model's mean log score.
        saves: Share of the structural model's error that stacking it saves.
        weight: Its weight in that stack as learned on all folds.
        settings: How its dials stand.
        seconds: CPU seconds of tuning and of the fits of all folds. It differs from run to run and stands in no file.
    """

    name: str
    label: str
    error: float | None
    log_score: float | None
    deviance: float | None
    cover: float | None
    stacked_error: float | None = None
    stacked_cover: float | None = None
    adds: Added | None = None
    saves: Added | None = None
    weight: float | None = None
    settings: tuple[tuple[str, float], ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True)
class Stretch:
    """A judged stretch: how the structural model alone foretold it, and all models stacked on it.

    Attributes:
        first_date, last_date: Its days, both included.
        forecasts: Forecasts that were judged, one a line.
        counted: What was counted in it.
        error, stacked_error: Sums of absolute errors over what was counted.
        held, stacked_held: 80% ranges that held.
    """

    first_date: date
    last_date: date
    forecasts: int
    counted: float
    error: float
    held: int
    stacked_error: float
    stacked_held: int


@dataclass(frozen=True)
class OutcomeTable:
    """All models on one outcome.

    Attributes:
        outcome: `leads`, `conversions` or `qualified_leads`.
        verdict: Whether all models, stacked, clearly foretell better than the structural one alone.
        folds: Stretches that were judged; `warm_up` more came before and only taught weights.
        forecasts: Forecasts that were judged, one a line and stretch.
        counted: What was counted in them.
        first_date, last_date: Of the judged days.
        settling_days: Days after which counts are taken as final.
        models: The structural one first.
        together: All of them stacked.
        weights: Model to weight when all are stacked, as learned on all folds.
        width: What the ranges are multiplied by then.
        stretches: The judged ones, ascending.
    """

    outcome: str
    verdict: Verdict
    folds: int
    warm_up: int
    forecasts: int
    counted: float
    first_date: date
    last_date: date
    settling_days: int
    models: tuple[ModelRow, ...]
    together: ModelRow
    weights: tuple[tuple[str, float], ...]
    width: float
    stretches: tuple[Stretch, ...]

    @property
    def structural(self) -> ModelRow:
        """The row of the structural model alone."""
        return self.models[0]


@dataclass(frozen=True)
class Comparison:
    """The whole comparison.

    Attributes:
        simulated: Whether the history says of itself that it is simulated.
        first_date, last_date: Of the history, `None` where it holds no days.
        lines: Lines of the history.
        weeks, seed, trials: How it was made; with the same history they give the same figures.
        fingerprint: Of the history's figures.
        outcomes: One table each; none where the history is too short.
        notes: What a reader must know, in words.
    """

    simulated: bool
    first_date: date | None
    last_date: date | None
    lines: int
    weeks: int
    seed: int
    trials: int
    fingerprint: str
    outcomes: tuple[OutcomeTable, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As `models.json` holds it, with the answer in words; without times, which differ from run to run."""
        from marketmover.campaigns.modelling.words import answer

        said = answer(self)
        return {"version": 1, "headline": said[0], "sentences": list(said[1:]), **_plain(asdict(self))}


@dataclass(frozen=True)
class CheckedModel:
    """A registered model held against what came after it.

    Attributes:
        outcome: What it foretells.
        version: Its version.
        kind: `structural`, or `stack`.
        weeks: Length of the stretches that it was judged by.
        since: The last day that it was chosen on.
        check: How it did since, `None` where no stretch since is known in full.
        ready_on: The day on which the first stretch will be known in full, where none is yet.
    """

    outcome: str
    version: int
    kind: str
    weeks: int
    since: date
    check: Check | None
    ready_on: date | None = None

    def to_json(self) -> dict[str, Any]:
        """As `models check --json` prints it, with the finding in words."""
        from marketmover.campaigns.modelling.words import check_sentence

        standing = self.check.standing if self.check else "too early"
        return {"standing": standing, "sentence": check_sentence(self), **_plain(asdict(self))}


def _plain(value: Any) -> Any:
    """Days as ISO 8601, pairs as objects, figures to six significant digits (more would be noise)."""
    if isinstance(value, dict):
        return {
            str(key): dict(item) if key in {"weights", "settings"} else _plain(item)
            for key, item in value.items()
            if key != "seconds"
        }
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, float):
        return value
    return float(f"{value:.6g}") if isfinite(value) else None
