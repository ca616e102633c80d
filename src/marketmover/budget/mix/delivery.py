"""A media mix for people and programs: a table, JSON, and two CSV files to chart."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.mix.files import MixFile
from marketmover.budget.mix.response import MixResponse
from marketmover.console import Table
from marketmover.store import write_together

Floats = NDArray[np.float64]
_CURVE_POINTS = np.linspace(0.0, 2.0, 21)
"""Spend of a curve's points over the highest spend of a period."""


def as_json(found: MixResponse, series: MixFile, seed: int) -> dict[str, Any]:
    """All figures by channel: expected, and low, middle and high at 10, 50 and 90%."""
    expected, spend = found.expected().sum(axis=1), found.spend.sum(axis=1)
    totals, roas, marginal = found.totals(), found.roas(), found.marginal_roas()
    outcome = float(found.outcome.sum())
    return {
        "periods": len(found.outcome),
        "periods_per_year": round(series.periods_per_year, 3),
        "first": series.dates[0].isoformat() if series.dates else None,
        "last": series.dates[-1].isoformat() if series.dates else None,
        "seed": seed,
        "outcome": outcome,
        "base": {"expected": outcome - float(expected.sum()), **_range(found.base())},
        "channels": [
            {
                "name": name,
                "spend": float(spend[index]),
                "contribution": {"expected": float(expected[index]), **_range(totals[:, index])},
                "share_of_outcome": float(expected[index]) / outcome,
                "roas": {"expected": float(expected[index] / spend[index]), **_range(roas[:, index])},
                "marginal_roas": _range(marginal[:, index]),
                "mean_lag_periods": float(found.curves.mean_lag[:, index].mean()),
            }
            for index, name in enumerate(found.channels)
        ],
        "fit": {
            "r_squared": found.fit.r_squared,
            "residual_autocorrelation": found.fit.residual_autocorrelation,
            "noise": found.fit.noise,
            "convergence": found.fit.convergence,
        },
    }


def _range(three: Floats) -> dict[str, float]:
    return {name: float(value) for name, value in zip(("low", "mid", "high"), three, strict=True)}


def table(found: MixResponse) -> Table:
    """One row a channel, and the base."""
    columns = ["Channel", "Spend", "Brought", "Range", "Share", "Return", "Range of return", "Next unit returns"]
    shown = Table("What each channel brought", columns, right=frozenset(columns[1:]))
    expected, spend, outcome = found.expected().sum(axis=1), found.spend.sum(axis=1), found.outcome.sum()
    totals, roas, marginal = found.totals(), found.roas(), found.marginal_roas()
    for index, name in enumerate(found.channels):
        shown.rows.append(
            [
                name,
                f"{spend[index]:,.0f}",
                f"{expected[index]:,.0f}",
                f"{totals[0, index]:,.0f} to {totals[2, index]:,.0f}",
                f"{expected[index] / outcome:.1%}",
                _figure(expected[index] / spend[index]),
                f"{_figure(roas[0, index])} to {_figure(roas[2, index])}",
                f"{_figure(marginal[0, index])} to {_figure(marginal[2, index])}",
            ]
        )
    low, _, high = found.base()
    base = outcome - expected.sum()
    shown.rows.append(["(base)", "", f"{base:,.0f}", f"{low:,.0f} to {high:,.0f}", f"{base / outcome:.1%}", "", "", ""])
    return shown


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def remarks(found: MixResponse) -> list[str]:
    """What a reader should know of the fit, worst first."""
    fit = found.fit
    accounted = f"The fit accounts for {fit.r_squared:.0%} of the outcome's variance"
    left = f"what is left correlates {fit.residual_autocorrelation:+.2f} with the period before"
    said = [f"{accounted}; {left}. Ranges are meant to hold 8 times in 10."]
    if abs(fit.residual_autocorrelation) > 0.4:
        said.insert(0, "Something slow moves the outcome that no column tells: add controls (prices, holidays, stock).")
    if fit.convergence > 1.15:
        said.insert(0, f"Sampling has not settled (R-hat {fit.convergence:.2f}): give more --draws.")
    return said


def write(folder: Path, found: MixResponse, series: MixFile, seed: int) -> Path:
    """Write `mix.json`, `contributions.csv` and `curves.csv` into `folder`; says where the folder is.

    Raises:
        InputError: The folder cannot be written to.
    """
    texts = {
        "mix.json": json.dumps(as_json(found, series, seed), indent=2, ensure_ascii=False) + "\n",
        "contributions.csv": _csv(["period", "channel", "expected", "low", "mid", "high"], _periods(found, series)),
        "curves.csv": _csv(["channel", "spend_per_period", "low", "mid", "high"], _curves(found)),
    }
    write_together(folder, texts, "The media mix")
    return folder


def _periods(found: MixResponse, series: MixFile) -> list[list[Any]]:
    expected, ranges = found.expected(), found.contributions()
    return [
        [series.dates[period] if series.dates else period + 1, name, expected[index, period], *ranges[:, index, period]]
        for index, name in enumerate(found.channels)
        for period in range(len(found.outcome))
    ]


def _curves(found: MixResponse) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for index, name in enumerate(found.channels):
        spend = found.spend[index].max() * _CURVE_POINTS
        rows += [[name, at, *three] for at, three in zip(spend, found.curve(name, spend).T, strict=True)]
    return rows


def _csv(header: list[str], rows: list[list[Any]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([f"{cell:.10g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    return written.getvalue()
