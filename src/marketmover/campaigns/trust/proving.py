"""What backtests and comparisons say for a model, as the workspace kept them."""

from collections.abc import Sequence

from marketmover.campaigns.kept.records import AnalysisRow
from marketmover.campaigns.trust.calibrating import held_ranges, metric_words, stretch_words
from marketmover.campaigns.trust.forms import ModelProof, PastProof, ProofFigure
from marketmover.kit import counted

_PARTS = {"backtest": "windows", "models": "outcomes"}


def newest(rows: Sequence[AnalysisRow], kind: str) -> AnalysisRow | None:
    """The newest of a kind that found something; `None` where none did. `rows` are the newest first."""
    return next((row for row in rows if row.kind == kind and row.found.get(_PARTS[kind])), None)


def proofs_here(rows: Sequence[AnalysisRow]) -> list[ModelProof]:
    """The newest backtest's, then the newest comparison's."""
    backtest, compared = newest(rows, "backtest"), newest(rows, "models")
    return [*([_of_backtest(backtest)] if backtest else []), *([_of_comparison(compared)] if compared else [])]


def past_proof(row: AnalysisRow) -> PastProof:
    """A backtest or a comparison in a list."""
    found, headline = row.found, str(row.found.get("headline", ""))
    weeks = int(found.get("weeks") or 0)
    if row.kind == "models":
        stretches = max((int(one["folds"]) for one in found.get("outcomes") or []), default=0)
        return PastProof(
            id=row.id, kind="comparison", at=row.created_at, headline=headline, weeks=weeks, stretches=stretches
        )
    windows = found.get("windows") or []
    held, ranges = held_ranges(windows)
    return PastProof(
        id=row.id,
        kind="backtest",
        at=row.created_at,
        headline=headline,
        weeks=weeks,
        metric=found.get("metric"),
        stretches=len(windows),
        better=found.get("better") if windows else None,
        gain=found.get("gain"),
        held=held if windows else None,
        ranges=ranges if windows else None,
    )


def _of_backtest(row: AnalysisRow) -> ModelProof:
    found = row.found
    windows, score = found["windows"], found["forecast"]
    metric = metric_words(found["metric"])
    figures = [
        ProofFigure(name=f"Total {metric} foretold to within", measured=f"{score['total_error']:.0%}"),
        ProofFigure(name="Going on as in the last four weeks", measured=f"{score['total_error_by_last_weeks']:.0%}"),
    ]
    many = counted(len(windows), "stretch", "stretches")
    return ModelProof(
        where="here",
        headline=found["headline"],
        sentences=list(found["sentences"]),
        figures=figures,
        source=f"Advice tried on your own past: {many} of {stretch_words(found['weeks'])}",
        at=row.created_at,
        backtest_id=row.id,
    )


def _of_comparison(row: AnalysisRow) -> ModelProof:
    found = row.found
    return ModelProof(
        where="here",
        headline=found["headline"],
        sentences=list(found["sentences"]),
        source=f"Models compared on your own past: stretches of {stretch_words(found['weeks'])}",
        at=row.created_at,
        comparison_id=row.id,
    )
