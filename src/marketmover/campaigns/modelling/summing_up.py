"""From trials to tables, and to the verdict."""

import hashlib
from collections.abc import Sequence
from dataclasses import fields
from datetime import date

import numpy as np

from marketmover.campaigns.modelling.comparing import Design, Trial
from marketmover.campaigns.modelling.report import Comparison, ModelRow, OutcomeTable, Stretch, Verdict
from marketmover.campaigns.modelling.structural import STRUCTURAL
from marketmover.history import Panel
from marketmover.learning import LEARNERS, Added, pooled

STRUCTURAL_LABEL = "Structural model"
_WORTH_IT = 0.02


def comparison_of(panel: Panel, trials: Sequence[Trial], design: Design, notes: Sequence[str]) -> Comparison:
    """All tables of a history."""
    days = len(panel.dates)
    return Comparison(
        simulated=panel.simulated,
        first_date=day(panel, 0) if days else None,
        last_date=day(panel, days - 1) if days else None,
        lines=len(panel.lines),
        weeks=design.length // 7,
        seed=design.seed,
        trials=design.trials,
        fingerprint=fingerprint(panel),
        outcomes=tuple(_table(panel, trial, design) for trial in trials),
        notes=tuple(notes),
    )


def verdict_of(adds: Added, saves: Added) -> Verdict:
    """Models earn their place where they add to the log score beyond doubt, and save error that is worth it."""
    return "earns its place" if adds.low > 0 and saves.mid >= _WORTH_IT else "structural model stays"


def fingerprint(panel: Panel) -> str:
    """A hash that follows from the history's figures, days and lines alone."""
    found = hashlib.blake2b(digest_size=8)
    for item in fields(panel):
        value = getattr(panel, item.name)
        if isinstance(value, np.ndarray):
            found.update(item.name.encode() + np.ascontiguousarray(value).tobytes())
    found.update("\n".join(panel.line_ids).encode())
    return found.hexdigest()


def day(panel: Panel, place: int) -> date:
    """The day at a place of the panel."""
    found: date = panel.dates[place].astype(object)
    return found


def _table(panel: Panel, trial: Trial, design: Design) -> OutcomeTable:
    judged = trial.folds[trial.warm_up :]
    base = pooled(trial.scores[STRUCTURAL])
    together = _stacked(trial, "together", "All together", None)
    assert together.adds is not None  # noqa: S101 - whatever is stacked has it
    assert together.saves is not None  # noqa: S101 - likewise
    stack = trial.final["together"]
    return OutcomeTable(
        outcome=trial.outcome,
        verdict=verdict_of(together.adds, together.saves),
        folds=len(judged),
        warm_up=trial.warm_up,
        forecasts=base.rows,
        counted=base.counted,
        first_date=day(panel, judged[0].origin + 1),
        last_date=day(panel, judged[-1].origin + design.length),
        settling_days=trial.settling,
        models=(_structural(trial), *(_stacked(trial, f"with:{one.name}", one.label, one.name) for one in LEARNERS)),
        together=together,
        weights=tuple(stack.weights.items()),
        width=stack.width,
        stretches=_stretches(panel, trial, design),
    )


def _stretches(panel: Panel, trial: Trial, design: Design) -> tuple[Stretch, ...]:
    judged = zip(trial.folds[trial.warm_up :], trial.scores[STRUCTURAL], trial.scores["together"], strict=True)
    return tuple(
        Stretch(
            first_date=day(panel, fold.origin + 1),
            last_date=day(panel, fold.origin + design.length),
            forecasts=own.rows,
            counted=own.counted,
            error=own.error,
            held=own.covered,
            stacked_error=stacked.error,
            stacked_held=stacked.covered,
        )
        for fold, own, stacked in judged
    )


def _structural(trial: Trial) -> ModelRow:
    own = pooled(trial.scores[STRUCTURAL])
    return ModelRow(
        STRUCTURAL,
        STRUCTURAL_LABEL,
        own.error,
        own.log_score / own.rows,
        own.deviance / own.rows,
        own.covered / own.rows,
        seconds=trial.seconds[STRUCTURAL],
    )


def _stacked(trial: Trial, combination: str, label: str, model: str | None) -> ModelRow:
    """A model's row: on its own, and stacked on the structural one.

    What it adds is held against the structural model with its ranges scaled by the same means, where that serves it.
    """
    base = max(
        (trial.scores[STRUCTURAL], trial.scores[f"{STRUCTURAL}:scaled"]), key=lambda folds: pooled(folds).log_score
    )
    mine = trial.scores[combination]
    stacked, own = pooled(mine), pooled(trial.scores[model]) if model else None
    stack = trial.final[combination]
    return ModelRow(
        name=model or combination,
        label=label,
        error=own.error if own else None,
        log_score=own.log_score / own.rows if own else None,
        deviance=own.deviance / own.rows if own else None,
        cover=own.covered / own.rows if own else None,
        stacked_error=stacked.error,
        stacked_cover=stacked.covered / stacked.rows,
        adds=Added.to_log_score(mine, base),
        saves=Added.saved_error(mine, base),
        weight=1.0 - stack.weights[STRUCTURAL],
        settings=tuple(trial.fitted[model].settings.items()) if model else (),
        seconds=trial.seconds[model] if model else sum(trial.seconds.values()),
    )
