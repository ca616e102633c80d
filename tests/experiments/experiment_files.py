"""Results of made-up tests as files."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

START = date(2026, 1, 5)


def written(folder: Path, lines: list[str], name: str = "results.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def leads(
    folder: Path, effect: float, days: int = 28, seed: int = 1, arms: tuple[str, str] = ("usual", "advised")
) -> Path:
    """A campaign test by days: impressions, clicks, cost, leads; the second arm has `effect` more leads."""
    random = np.random.default_rng(seed)
    lines = ["arm,date,impressions,clicks,cost,leads"]
    for day in range(days):
        season = float(np.exp(random.normal(0, 0.2)))
        for arm, level in zip(arms, (1.0, 1.0 + effect), strict=True):
            counted = random.poisson(60 * season * level)
            spent = random.normal(900, 20)
            lines.append(
                f"{arm},{START + timedelta(days=day)},{int(9e3 * season)},{int(200 * season)},{spent:.2f},{counted}"
            )
    return written(folder, lines)


def orders(folder: Path, effect: float, days: int = 28, seed: int = 1, lost: float = 0.0) -> Path:
    """A test of a website: visitors and orders; the second arm loses a share of its visitors."""
    random = np.random.default_rng(seed)
    lines = ["Arm;Day;Visitors;Orders"]
    for day in range(days):
        for arm, rate, kept in (("A", 0.05, 1.0), ("B", 0.05 * (1.0 + effect), 1.0 - lost)):
            visitors = random.poisson(1000 * kept)
            lines.append(f"{arm};{START + timedelta(days=day)};{visitors};{random.binomial(visitors, rate)}")
    return written(folder, lines)


def regions(folder: Path, effect: float, many: int = 40, days: int = 28, seed: int = 1) -> Path:
    """A test by region, with what each brought before."""
    random = np.random.default_rng(seed)
    lines = ["arm,region,date,leads,leads_before"]
    for region in range(many):
        arm, level = ("usual", 1.0) if region % 2 else ("advised", 1.0 + effect)
        size = float(random.lognormal(1.0, 0.8))
        before = random.poisson(size * days)
        lines += [
            f"{arm},r{region},{START + timedelta(days=day)},{random.poisson(size * level)},{before}"
            for day in range(days)
        ]
    return written(folder, lines)
