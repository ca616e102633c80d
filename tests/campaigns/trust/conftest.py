"""A served home, and what backtests of a made-up past keep in it."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.app.web.conftest import OTHER, KeyMaker, api, client, key, served
from tests.campaigns.kept.conftest import ask

from marketmover.app.web.served import ServedApp
from marketmover.campaigns.backtest import Backtest, run
from marketmover.campaigns.backtest.known import known_by_cutting
from marketmover.campaigns.backtest.writing import as_data
from marketmover.campaigns.kept.works import keep_analysis
from marketmover.kit import new_id

sys.path.append(str(Path(__file__).parents[1] / "backtest"))
from pasts import past  # pyright: ignore[reportMissingImports] - it stands beside the backtest's tests

__all__ = ["OTHER", "KeyMaker", "api", "ask", "client", "key", "served"]

FIRST = date(2026, 1, 5)


@dataclass
class Done:
    """A job that kept an analysis."""

    task_id: str = field(default_factory=new_id)
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    asked_by: str = "ana@example.com"


@pytest.fixture(scope="session")
def replayed() -> Backtest:
    """The past of four lines, replayed in stretches of four weeks."""
    panel = past(7, days=220, spends=(30.0, 300.0, 40.0, 500.0), elasticities=(0.7,) * 4).panel
    return run(panel, known_by_cutting(panel), weeks=4)


@pytest.fixture
def keep(served: ServedApp) -> Callable[..., str]:
    """Keeps what an analysis found, as its job does; gives its id."""

    def kept(kind: str, found: Mapping[str, Any]) -> str:
        job = Done()
        keep_analysis(job, served, kind, found)  # pyright: ignore[reportArgumentType] - what it uses of a job
        return job.task_id

    return kept


@pytest.fixture
def data(replayed: Backtest) -> dict[str, Any]:
    """What a backtest's job keeps."""
    return as_data(replayed)


def window(number: int, *places: float, said: float = 0.9, was: float = 0.9) -> dict[str, Any]:
    """A stretch as a backtest keeps it: lines that were to count 80 to 120, by where they came among their draws."""
    start = FIRST + timedelta(days=28 * number)
    lines = [
        {"expected": {"low": 80.0, "mid": 100.0, "high": 120.0}, "counted": 75.0 + 50.0 * one, "place": one}
        for one in places
    ]
    return {
        "start": str(start), "end": str(start + timedelta(days=27)), "lines": lines, "place": places[0],
        "forecast": lines[0]["expected"], "counted": lines[0]["counted"], "promised_better": said,
        "probability_better": was,
    }  # fmt: skip
