"""All that the judge found, in one piece."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

import numpy as np

from marketmover.sandbox.judge.breakdowns import (
    Bin,
    Cover,
    Slice,
    Suspect,
    by_family,
    by_manager,
    by_season,
    calibration,
    cover_by_family,
    suspects,
)
from marketmover.sandbox.judge.figures import Figure, figures_of
from marketmover.sandbox.judge.scores import Score
from marketmover.sandbox.truth_files import TRUTH_VERSION


@dataclass(frozen=True)
class Report:
    """What the judge found.

    Attributes:
        scores: Every market under every objective.
        figures: What advice is held to.
        calibration: How P(better) holds what it says, main objective.
        managers, families, seasons: The figures by kind of market.
        covers: Cover of ranges by the response family of lines, main objective.
        suspects: Markets worth a look, main objective.
    """

    scores: tuple[Score, ...]
    figures: tuple[Figure, ...]
    calibration: tuple[Bin, ...]
    managers: tuple[Slice, ...]
    families: tuple[Slice, ...]
    seasons: tuple[Slice, ...]
    covers: tuple[Cover, ...]
    suspects: tuple[Suspect, ...]

    @property
    def markets(self) -> int:
        """How many markets were judged on."""
        return len({score.case for score in self.scores})

    def to_json(self) -> dict[str, Any]:
        """For machines: figures to six digits, no times, so that the same seeds give the same bytes."""
        told = {
            "simulated": True,
            "truth_version": TRUTH_VERSION,
            "markets": self.markets,
            "figures": [figure_json(figure) for figure in self.figures],
            "calibration": [asdict(one) for one in self.calibration],
            "by_manager": [asdict(one) for one in self.managers],
            "by_family": [asdict(one) for one in self.families],
            "by_season": [asdict(one) for one in self.seasons],
            "cover_by_family": [asdict(one) for one in self.covers],
            "worst": [
                {"reason": one.reason, "value": one.value, "command": one.score.case.command} for one in self.suspects
            ],
            "scores": [_score(score) for score in self.scores],
        }
        return tidy(told)


def report_on(scores: Sequence[Score]) -> Report:
    """Sum up scores."""
    main = [score for score in scores if score.main]
    return Report(
        scores=tuple(scores),
        figures=tuple(figures_of(scores)),
        calibration=tuple(calibration(main)),
        managers=tuple(by_manager(scores)),
        families=tuple(by_family(scores)),
        seasons=tuple(by_season(scores)),
        covers=tuple(cover_by_family(main)),
        suspects=tuple(suspects(main)),
    )


def figure_json(figure: Figure) -> dict[str, Any]:
    """A figure for machines."""
    return {
        "key": figure.key,
        "name": figure.name,
        "markets": len(figure.values),
        "measured": figure.measured,
        "quartiles": figure.quartiles,
        "worst": figure.worst,
        "due": _bounds(figure.due),
        "excellent": _bounds(figure.excellent),
        "verdict": figure.verdict,
    }


def _bounds(limits: tuple[float, float] | None) -> list[float | None] | None:
    return None if limits is None else [bound if np.isfinite(bound) else None for bound in limits]


def _score(score: Score) -> dict[str, Any]:
    derived = {name: getattr(score, name) for name in ("gain", "possible", "share", "boldest_share", "above_rule")}
    return {**asdict(score), "start": score.start.isoformat(), **derived}


def tidy(told: dict[str, Any]) -> dict[str, Any]:
    """Numbers to six digits: the last ones differ between machines."""
    return cast("dict[str, Any]", _tidy(told))


def _tidy(value: object) -> object:
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {name: _tidy(held) for name, held in cast("dict[str, object]", value).items()}
    if isinstance(value, list | tuple):
        return [_tidy(held) for held in cast("list[object]", value)]
    return value
