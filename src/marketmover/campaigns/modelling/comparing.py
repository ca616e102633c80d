"""Models beside the structural one, through time: fitted on what was known, judged on the weeks after."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.backtest import KnownThen, Tally
from marketmover.campaigns.modelling.as_known import past_as_known
from marketmover.campaigns.modelling.rows import Rows, rows_of
from marketmover.campaigns.modelling.structural import STRUCTURAL, Foretold, foretell
from marketmover.console import Progress
from marketmover.history import AdText, Panel
from marketmover.learning import (
    LEARNERS,
    Examples,
    Fitted,
    FoldScore,
    Forecast,
    Stack,
    fit,
    fit_stack,
    rolling_origins,
    tune,
)

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

OUTCOMES = ("leads", "conversions", "qualified_leads")
MOST_FOLDS = 13
LEAST_JUDGED = 3
_MOST_WARM_UP = 4  # folds that only teach weights; a third of all where they are few
_LEAST_KNOWN_DAYS = 150
_STEP_DAYS = 7
_TUNE_EVERY = 6


@dataclass(frozen=True)
class Fold:
    """One origin: forecasts of the lines that ran after it, by model, and what was counted.

    Attributes:
        origin: Place of the day in the panel.
        known_at: Place of the day on which what was counted is known in full.
        forecasts: Model to forecast, the structural one first.
        target: What was counted, shape (rows,).
    """

    origin: int
    known_at: int
    forecasts: Mapping[str, Forecast]
    target: Floats


@dataclass
class Trial:
    """All that came of one outcome.

    Attributes:
        outcome: Its name.
        settling: Days after which its counts are taken as final.
        folds: Ascending; the first `warm_up` only teach weights.
        warm_up: How many.
        scores: Model, or combination (`with:MODEL`, `together`, `structural:scaled`), to its scores in judged folds.
        final: The combinations' weights as learned on all folds.
        fitted: The learners' models, fitted on all that is known.
        seconds: CPU seconds by learner, tuning and fits of all folds.
    """

    outcome: str
    settling: int
    folds: list[Fold]
    warm_up: int
    scores: dict[str, list[FoldScore]] = field(default_factory=dict[str, list[FoldScore]])
    final: dict[str, Stack] = field(default_factory=dict[str, Stack])
    fitted: dict[str, Fitted] = field(default_factory=dict[str, Fitted])
    seconds: dict[str, float] = field(default_factory=dict[str, float])


@dataclass(frozen=True)
class Design:
    """How models are compared.

    Attributes:
        length: Days of a stretch.
        seed: Of all that is drawn.
        trials: Settings that are tried each time a learner is tuned.
    """

    length: int = 28
    seed: int = 0
    trials: int = 8


def outcomes_of(panel: Panel) -> list[Tally]:
    """What the history counts of leads, conversions and qualified leads; what is the same counts stands once."""
    found: list[Tally] = []
    for name in OUTCOMES:
        tally = Tally.of(panel, name)
        if tally.counts.size and tally.counts.sum() > 0 and not any(_same(tally, other) for other in found):
            found.append(tally)
    return found


def _same(first: Tally, second: Tally) -> bool:
    return bool(np.allclose(first.counts, second.counts))


def compare_models(
    panel: Panel, known: KnownThen, ads: Sequence[AdText], design: Design, tell: Progress
) -> list[Trial]:
    """Every outcome that the history counts, each over rolling origins; empty where the history is too short.

    Args:
        panel: The history.
        known: What was known on a day, for the structural model.
        ads: Its ads.
        design: How.
        tell: Told of the share done and the present step.
    """
    tallies = outcomes_of(panel)
    origins = origins_of(panel, tallies, design.length)
    if not origins:
        return []
    started = time.process_time()
    foretold: dict[int, Foretold] = {}
    for done, origin in enumerate(reversed(origins)):
        tell(0.4 * done / len(origins), f"the structural model as of {panel.dates[origin]}")
        names = [tally.metric for tally in tallies]
        foretold[origin] = foretell(panel, known, origin, design.length, names, design.seed)
    seconds = time.process_time() - started
    trials: list[Trial] = []
    for place, tally in enumerate(tallies):
        mine = [origin for origin in origins if _settled(panel, tally, origin, design.length)]
        mine = [origin for origin in mine if tally.metric in foretold[origin].outcomes]
        if len(mine) > LEAST_JUDGED:
            tell(0.4 + 0.6 * place / len(tallies), f"models of {tally.metric.replace('_', ' ')}")
            trial = _trial(panel, ads, tally, mine, foretold, design)
            if trial is not None:
                trial.seconds[STRUCTURAL] = seconds
                trials.append(trial)
    return trials


def origins_of(panel: Panel, tallies: Sequence[Tally], length: int) -> list[int]:
    """Places of the days on which forecasts are judged."""
    if not tallies:
        return []
    last = len(panel.dates) - 1 - length - min(tally.settling for tally in tallies)
    soonest = max(_LEAST_KNOWN_DAYS, len(panel.dates) // 4)
    origins = rolling_origins(last, length, soonest, MOST_FOLDS)
    return origins if len(origins) > LEAST_JUDGED else []


def _settled(panel: Panel, tally: Tally, origin: int, length: int) -> bool:
    return origin + length + tally.settling < len(panel.dates)


def _trial(
    panel: Panel,
    ads: Sequence[AdText],
    tally: Tally,
    origins: list[int],
    foretold: Mapping[int, Foretold],
    design: Design,
) -> Trial | None:
    """One outcome; `None` where too few stretches counted any of it."""
    rows = rows_of(panel, ads, tally, learning_origins(panel, origins[-1], design.length), design.length)
    known_by_now = rows.examples.known_on(len(panel.dates) - 1)
    seconds = dict.fromkeys((learner.name for learner in LEARNERS), 0.0)
    settings: dict[str, dict[str, float]] = {}
    folds: list[Fold] = []
    for place, origin in enumerate(origins):
        seen = rows.examples.known_on(origin)
        ahead, there = _ahead(panel, ads, tally, rows, origin, foretold[origin].known, design)
        use = foretold[origin].lines[there]
        if seen.target.sum() <= 0 or ahead.take(use).target.sum() <= 0:
            continue
        structural = foretold[origin].outcomes[tally.metric]
        forecasts = {STRUCTURAL: Forecast(structural.mean[there[use]], structural.spread[there[use]])}
        for learner in LEARNERS:
            started = time.process_time()
            if place % _TUNE_EVERY == 0 or learner.name not in settings:
                settings[learner.name] = tune(learner, seen, trials=design.trials, seed=design.seed)
            model = fit(learner, seen, settings[learner.name], seed=design.seed)
            forecasts[learner.name] = model.predict(ahead.take(use))
            seconds[learner.name] += time.process_time() - started
        folds.append(Fold(origin, origin + design.length + tally.settling, forecasts, ahead.take(use).target))
    if len(folds) <= LEAST_JUDGED:
        return None
    trial = Trial(tally.metric, tally.settling, folds, max(1, min(_MOST_WARM_UP, len(folds) // 3)), seconds=seconds)
    _score(trial)
    _fit_final(trial, known_by_now, settings, design)
    return trial


def _ahead(
    panel: Panel,
    ads: Sequence[AdText],
    tally: Tally,
    rows: Rows,
    origin: int,
    known: Panel | None,
    design: Design,
) -> tuple[Examples, Integers]:
    """The rows that are foretold on a day, by what was known on it, and the panel's row of each one's line."""
    if known is None:
        return rows.examples.made_on(origin), rows.lines[rows.examples.made_at == origin]
    past = past_as_known(panel, known, tally.metric, origin)
    own = rows_of(panel, ads, tally, [origin], design.length, past)
    return own.examples, own.lines


def learning_origins(panel: Panel, last: int, length: int) -> list[int]:
    """Places of the days whose forecasts are learned from: weekly, and reaching to the last stretch that has ended."""
    every = range(last % _STEP_DAYS, len(panel.dates) - length, _STEP_DAYS)
    return list(every)


def combinations() -> dict[str, tuple[str, ...]]:
    """What is stacked on the structural model, by the combination's name."""
    each = {f"with:{learner.name}": (learner.name,) for learner in LEARNERS}
    return {f"{STRUCTURAL}:scaled": ()} | each | {"together": tuple(learner.name for learner in LEARNERS)}


def _score(trial: Trial) -> None:
    """Score each model and each combination in the judged folds; weights see folds that were known by then only."""
    judged = trial.folds[trial.warm_up :]
    for name in (STRUCTURAL, *(learner.name for learner in LEARNERS)):
        trial.scores[name] = [FoldScore.of(fold.forecasts[name], fold.target) for fold in judged]
    for name, parts in combinations().items():
        scores: list[FoldScore] = []
        for fold in judged:
            earlier = [one for one in trial.folds if one.known_at <= fold.origin]
            scores.append(FoldScore.of(_stack(earlier, parts).combine(fold.forecasts), fold.target))
        trial.scores[name] = scores
        trial.final[name] = _stack(trial.folds, parts)


def _stack(folds: Sequence[Fold], parts: Sequence[str]) -> Stack:
    names, nothing = (STRUCTURAL, *parts), np.zeros(0)
    forecasts = {
        name: Forecast(
            np.concatenate([nothing, *(fold.forecasts[name].mean for fold in folds)]),
            np.concatenate([nothing, *(fold.forecasts[name].spread for fold in folds)]),
        )
        for name in names
    }
    return fit_stack(forecasts, np.concatenate([nothing, *(fold.target for fold in folds)]), STRUCTURAL)


def _fit_final(trial: Trial, known: Examples, settings: Mapping[str, Mapping[str, float]], design: Design) -> None:
    """Fit each learner on all that is known by the end of the history."""
    for learner in LEARNERS:
        trial.fitted[learner.name] = fit(learner, known, settings[learner.name], seed=design.seed)
