"""The room's verbs: compare models on a history, and keep what came of it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from marketmover.campaigns.backtest import KnownThen, known_by_lake
from marketmover.campaigns.modelling.comparing import Design, Trial, compare_models
from marketmover.campaigns.modelling.report import Comparison, ModelRow, OutcomeTable
from marketmover.campaigns.modelling.structural import STRUCTURAL
from marketmover.campaigns.modelling.summing_up import comparison_of
from marketmover.console import Progress
from marketmover.errors import UsageError
from marketmover.history import AdText, Panel, load_creatives, load_panel
from marketmover.kit import counted
from marketmover.learning import Run, Stack, Tracker
from marketmover.store import Lake

WEEKS = 4
MOST_WEEKS = 13
TRIALS = 8
MOST_TRIALS = 200
EXPERIMENT = "models"


def compare(
    lake: Lake,
    *,
    weeks: int = WEEKS,
    as_of: date | None = None,
    seed: int = 0,
    trials: int = TRIALS,
    progress: Progress | None = None,
) -> tuple[Comparison, list[Trial]]:
    """Compare models on the history in a lake; gives the tables and what they were made from.

    Args:
        lake: Holds the history.
        weeks: Length of a stretch that is foretold.
        as_of: The last day to see.
        seed: The same seed and history give the same tables.
        trials: Settings that are tried each time a model is tuned; 0 leaves all dials where they usually stand.
        progress: Told of each step.

    Raises:
        UsageError: The weeks or trials make no sense.
    """
    check_asked(weeks, trials)
    panel = load_panel(lake, as_of=as_of)
    ads = load_creatives(lake, as_of=as_of)
    known = known_by_lake(lake, panel.currency)
    return run(panel, known, ads, Design(7 * weeks, seed, trials), progress)


def run(
    panel: Panel, known: KnownThen, ads: Sequence[AdText], design: Design, progress: Progress | None = None
) -> tuple[Comparison, list[Trial]]:
    """Compare models on a panel; `known` says what was known of it on a day. Otherwise as `compare`."""
    trials = compare_models(panel, known, ads, design, progress or _tell_nobody)
    return comparison_of(panel, trials, design, _notes(trials) if trials else _why_not(panel, design)), trials


def check_asked(weeks: int, trials: int) -> None:
    """Refuse what makes no comparison.

    Raises:
        UsageError: The weeks or the trials are out of their range.
    """
    if not 1 <= weeks <= MOST_WEEKS:
        raise UsageError(f"--weeks {weeks} makes no stretch.", f"Choose 1 to {MOST_WEEKS}; {WEEKS} are usual.")
    if not 0 <= trials <= MOST_TRIALS:
        raise UsageError(f"--trials {trials} cannot be.", f"Choose 0 to {MOST_TRIALS}; {TRIALS} are usual.")


def keep(tracker: Tracker, found: Comparison, trials: Sequence[Trial]) -> dict[str, int]:
    """Record every run, and register each outcome's winner as a new version; gives outcome to version.

    What is registered is the structural model alone where it stays, else the stack with its models as fitted on all
    that is known, with what it did in cross-validation and the fingerprint of the data.
    """
    versions: dict[str, int] = {}
    for table, trial in zip(found.outcomes, trials, strict=True):
        labels = {"outcome": table.outcome, "fingerprint": found.fingerprint, "verdict": table.verdict}
        whole = Run(
            f"{table.outcome} until {found.last_date}",
            {"weeks": found.weeks, "seed": found.seed, "trials": found.trials, "lines": found.lines},
            {"folds": table.folds, "forecasts": table.forecasts, "counted": table.counted},
            labels=labels,
        )
        run_id = tracker.record(EXPERIMENT, whole, [_run_of(trial, row) for row in (*table.models, table.together)])
        kind = "stack" if table.verdict == "earns its place" else STRUCTURAL
        labels = {**labels, "kind": kind, "last_date": str(found.last_date), "error": f"{_winner(table):.4f}"}
        content = _content(found, table, trial, kind)
        versions[table.outcome] = tracker.register(table.outcome, content, run_id, labels).number
    return versions


def _winner(table: OutcomeTable) -> float:
    row = table.together.stacked_error if table.verdict == "earns its place" else table.structural.error
    return float(row or 0.0)


def _run_of(trial: Trial, row: ModelRow) -> Run:
    combination = "together" if row.name == "together" else row.name
    scores = trial.scores[combination]
    figures = {
        name: float(value)
        for name in ("error", "log_score", "deviance", "cover", "stacked_error", "stacked_cover", "weight", "seconds")
        if (value := getattr(row, name)) is not None
    }
    for name in ("adds", "saves"):
        if (added := getattr(row, name)) is not None:
            figures |= {f"{name}_low": added.low, f"{name}_mid": added.mid, f"{name}_high": added.high}
    folds = {
        "error": [score.error for score in scores],
        "log_score": [score.log_score / score.rows for score in scores],
        "cover": [score.covered / score.rows for score in scores],
    }
    return Run(row.label, dict(row.settings), figures, folds, {"outcome": trial.outcome, "model": row.name})


def _content(found: Comparison, table: OutcomeTable, trial: Trial, kind: str) -> dict[str, Any]:
    chosen = trial.final["together"] if kind == "stack" else Stack({STRUCTURAL: 1.0})
    scores = trial.scores["together" if kind == "stack" else STRUCTURAL]
    used = [name for name, weight in chosen.weights.items() if weight > 0 and name != STRUCTURAL]
    return {
        "version": 1,
        "outcome": table.outcome,
        "kind": kind,
        "weeks": found.weeks,
        "seed": found.seed,
        "last_date": str(found.last_date),
        "fingerprint": found.fingerprint,
        "stack": chosen.to_json(),
        "models": {name: trial.fitted[name].to_json() for name in used},
        "validation": [asdict(score) for score in scores],
    }


def _tell_nobody(_share: float, _step: str) -> None:
    """Progress that nobody watches."""


def _notes(trials: Sequence[Trial]) -> tuple[str, ...]:
    settling = max(trial.settling for trial in trials)
    what = (
        "A forecast is of one line's outcome in one stretch, made on the evening before it, told the money that was "
        "then really spent. Models are fitted, tuned and weighed on what was known by then."
    )
    known = (
        f"All models see the same days. Those of a stretch are learned from once its outcomes have settled (up to "
        f"{settling} days). Where no import of that time is kept, days before a forecast are seen with final figures, "
        "which flatters all models alike."
    )
    figures = (
        "Error is the sum of absolute errors over what was counted. Adds is the mean gain in log score, saves the "
        "share of the structural model's error that is gone, both by the stack on the structural model, held "
        "against that model with its ranges scaled alike, where that serves it; intervals are 95% over stretches."
    )
    today = "Campaign settings and ads are those of today: what they were earlier is not in every export."
    return what, known, figures, today


def _why_not(panel: Panel, design: Design) -> tuple[str, ...]:
    days = len(panel.dates)
    if not days:
        return ("The history holds no daily figures: import exports first.",)
    return (
        (
            f"The history holds {days} days of {counted(len(panel.lines), 'line')}. Models are compared over at least "
            f"four stretches of {counted(design.length // 7, 'week')} after the first five months, with time for late "
            "results to come in: import older exports, or ask for shorter stretches."
        ),
    )
