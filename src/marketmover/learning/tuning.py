"""Turning a learner's dials: rolling origins within the rows that are given, so that nothing later is seen."""

from typing import TYPE_CHECKING

import numpy as np

from marketmover.learning.examples import Examples
from marketmover.learning.forecast import deviance
from marketmover.learning.learner import Dial, Learner, Settings, foretold_means

if TYPE_CHECKING:
    import optuna

_CUTS = (0.5, 0.75, 1.0)
_LEAST_ROWS = 40


def tune(learner: Learner, examples: Examples, *, trials: int, seed: int) -> dict[str, float]:
    """The settings that foretell later rows best from earlier ones, by mean Poisson deviance.

    The first trial is the usual settings, so tuning never ends up worse than they are on the rows that it sees. The
    search is by tree-structured Parzen estimators: Bergstra et al. (2011), Algorithms for hyper-parameter optimization.

    Args:
        learner: What learns.
        examples: Rows whose outcomes are known; only they are used.
        trials: Settings that are tried; 0 for the usual ones.
        seed: The same seed and rows give the same settings.
    """
    usual = {dial.name: dial.usual for dial in learner.dials}
    blocks = _blocks(examples)
    if trials < 1 or not usual or not blocks:
        return usual
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=5))
    study.enqueue_trial(usual)
    study.optimize(lambda trial: _loss(learner, blocks, _suggested(trial, learner.dials), seed), n_trials=trials)
    return {name: float(value) for name, value in study.best_params.items()}


def _blocks(examples: Examples) -> list[tuple[Examples, Examples]]:
    """What was known on a day beside what was foretold from then on, for two days."""
    found: list[tuple[Examples, Examples]] = []
    if not len(examples):
        return found
    days = [int(np.quantile(examples.made_at, share)) for share in _CUTS]
    for day, until in zip(days, (*days[1:-1], days[-1] + 1), strict=False):
        seen = examples.known_on(day)
        ahead = examples.take((examples.made_at >= day) & (examples.made_at < until))
        if min(len(seen), len(ahead)) >= _LEAST_ROWS and seen.target.sum() > 0:
            found.append((seen, ahead))
    return found


def _suggested(trial: "optuna.Trial", dials: tuple[Dial, ...]) -> dict[str, float]:
    return {
        dial.name: float(
            trial.suggest_int(dial.name, int(dial.low), int(dial.high))
            if dial.whole
            else trial.suggest_float(dial.name, dial.low, dial.high, log=dial.log)
        )
        for dial in dials
    }


def _loss(learner: Learner, blocks: list[tuple[Examples, Examples]], settings: Settings, seed: int) -> float:
    return float(
        np.mean(
            [
                deviance(foretold_means(learner, seen, ahead, settings, seed), ahead.target).mean()
                for seen, ahead in blocks
            ]
        )
    )
