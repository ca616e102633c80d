"""Media mix: contributions and speed beside PyMC-Marketing in one run, and on made-up families with known truth.

`python -m benchmarks.media_mix [--beside N]`; `--beside 1` has the peer fit one market of each made-up family as well,
at about a minute each. The peer is installed once, pinned, into an environment of its own in the user's cache folder.
An error is the sum over channels of |contribution - truth|, over all of the truth.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, print_figures
from benchmarks.media_mix_markets import FAMILIES, MadeUpMix, made_up_mix
from benchmarks.peers import peer_python
from marketmover.budget import MixResponse, fit_mix

Floats = NDArray[np.float64]
_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "mmm"
_PINNED = ("pymc-marketing==0.19.2", "pymc==5.28.5", "nutpie==0.16.8")
_PEER = Path(__file__).with_name("media_mix_peer.py")
_REPEATS, _SEEDS = 5, 12


@dataclass(frozen=True)
class _Answer:
    """A peer's answer: contributions, channel by period, and the seconds it took."""

    contributions: Floats
    whole_s: float
    whole_cpu_s: float
    sampling_s: float


def run(beside: int = 0) -> list[Figure]:
    """Measure the test file beside the peer, then the made-up families."""
    python = peer_python(*_PINNED)
    figures = [*_test_file(python), *(figure for family in FAMILIES for figure in _family(family))]
    return [*figures, *_made_up_beside(python, beside)] if python and beside else figures


def _test_file(python: Path | None) -> list[Figure]:
    file = _DATA / "small_business.csv"
    if not file.exists():
        print(f"{file} is not there, so there is no comparison on it")
        return []
    columns = _columns(file)
    channels = [name for name in columns if name.startswith("x")]
    known = _columns(_DATA / "small_business__truth_transformed_spend.csv")
    truth = np.stack([known[f"contribution_{name}"] for name in channels])
    controls = {name: columns[name] for name in ("c1", "c2")}

    def fit(seed: int) -> MixResponse:
        return fit_mix(columns["y"], {name: columns[name] for name in channels}, controls=controls, seed=seed)

    wall_s, cpu_s, fits = _timed(fit)
    errors = [_error(found.expected(), truth) for found in fits]
    ours, weekly = float(np.mean(errors)), float(np.mean([_weekly(found.expected(), truth) for found in fits]))
    floor = _floor(columns["y"], truth, list(controls.values()))
    figures = [
        Figure("our error on small_business.csv, mean of 5 seeds (range)", _spread(errors)),
        Figure("our error week by week", f"{weekly:.1%}"),
        Figure("error to be expected of least squares told the true shapes", f"{floor:.1%}"),
        Figure("our whole fit, median of 5: wall; CPU", f"{wall_s:.2f} s; {cpu_s:.2f} s"),
    ]
    for sampler in ("default", "nutpie") if python else ():
        peer = _peer(python, file, "y", channels, list(controls), sampler) if python else None
        if peer is not None:
            figures += _beside(peer, truth, (ours, weekly), (wall_s, cpu_s), sampler)
    return figures


def _timed(fit: Callable[[int], MixResponse]) -> tuple[float, float, list[MixResponse]]:
    """Median wall and processor seconds of fits with seeds 0 to 4, after one that imports what is needed."""
    fit(0)
    walls, cpus, fits = list[float](), list[float](), list[MixResponse]()
    for seed in range(_REPEATS):
        wall, cpu = time.perf_counter(), time.process_time()
        fits.append(fit(seed))
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return float(np.median(walls)), float(np.median(cpus)), fits


def _beside(
    peer: _Answer, truth: Floats, ours: tuple[float, float], took: tuple[float, float], sampler: str
) -> list[Figure]:
    error, weekly = _error(peer.contributions, truth), _weekly(peer.contributions, truth)
    faster, whole = peer.sampling_s / took[0], peer.whole_s / took[0]
    name = f"PyMC-Marketing, {sampler} sampler"
    return [
        Figure(f"our error over {name}'s", f"{ours[0] / error:.2f} of {error:.1%}", "<= 0.50", ours[0] <= error / 2),
        Figure("the same week by week", f"{ours[1] / weekly:.2f} of {weekly:.1%}", "<= 0.50", ours[1] <= weekly / 2),
        Figure(
            f"our whole fit beside {name}: its sampling alone",
            f"{faster:.0f} times faster than {peer.sampling_s:.1f} s",
            ">= 20",
            faster >= 20,
        ),
        Figure(
            "the same: its model, compilation and sampling",
            f"{whole:.0f} times faster than {peer.whole_s:.0f} s; CPU {peer.whole_cpu_s / took[1]:.0f} times",
            ">= 20",
            whole >= 20,
        ),
    ]


def _peer(
    python: Path, file: Path, outcome: str, channels: list[str], controls: list[str], sampler: str
) -> _Answer | None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "peer.json"
        asked = ["--date", "date", "--outcome", outcome, "--spend", ",".join(channels), "--sampler", sampler]
        asked += ["--controls", ",".join(controls), "--out", str(out)]
        done = subprocess.run([python, _PEER, file, *asked], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            print(f"PyMC-Marketing ({sampler}) failed, so it is left out: {done.stderr.strip()[-400:]}")
            return None
        said = json.loads(out.read_text(encoding="utf-8"))
    brought = np.array([said["contributions"][name] for name in channels])
    return _Answer(brought, said["whole_s"], said["whole_cpu_s"], said["sampling_s"])


def _family(family: str) -> list[Figure]:
    """Errors, and how often 80% ranges of channels' totals hold the truth, over markets of a family."""
    errors, held = list[float](), list[bool]()
    for seed in range(_SEEDS):
        market = made_up_mix(family, seed)
        found, true = fit_mix(market.outcome, market.spend, controls=market.controls), market.contributions.sum(axis=1)
        low, _, high = found.totals()
        errors.append(_error(found.expected(), market.contributions))
        held += list((low <= true) & (true <= high))
    cover = float(np.mean(held))
    return [
        Figure(f"made up, {family}: error, median of {_SEEDS} markets", f"{np.median(errors):.1%}"),
        Figure(f"made up, {family}: 80% ranges of totals hold", f"{cover:.0%}", "70 to 92%", 0.7 <= cover <= 0.92),
    ]


def _made_up_beside(python: Path, markets: int) -> list[Figure]:
    """Both on markets that neither was made for, `markets` of each family."""
    ours, theirs = list[float](), list[float]()
    for family in FAMILIES:
        for seed in range(100, 100 + markets):
            market = made_up_mix(family, seed, periods=104)
            peer = _peer_on(python, market)
            if peer is not None:
                found = fit_mix(market.outcome, market.spend, controls=market.controls)
                ours.append(_error(found.expected(), market.contributions))
                theirs.append(_error(peer.contributions, market.contributions))
    if not ours:
        return []
    ratio = float(np.exp(np.mean(np.log(ours)) - np.mean(np.log(theirs))))
    return [
        Figure(
            f"made up, all families, {len(ours)} markets: our error over PyMC-Marketing's, geometric mean",
            f"{ratio:.2f} ({np.mean(ours):.1%} beside {np.mean(theirs):.1%})",
            "<= 0.50",
            ratio <= 0.5,
        )
    ]


def _peer_on(python: Path, market: MadeUpMix) -> _Answer | None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "market.csv"
        columns = {"y": market.outcome, **market.spend, **market.controls}
        with file.open("w", encoding="utf-8", newline="") as written:
            writer = csv.writer(written)
            writer.writerow(["date", *columns])
            for week, row in enumerate(zip(*columns.values(), strict=True)):
                writer.writerow([date(2023, 1, 2) + timedelta(weeks=week), *row])
        return _peer(python, file, "y", list(market.spend), list(market.controls), "nutpie")


def _columns(file: Path) -> dict[str, Floats]:
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0] if name not in {"date", "geo", ""}}


def _error(found: Floats, truth: Floats) -> float:
    return float(np.abs(found.sum(axis=1) - truth.sum(axis=1)).sum() / truth.sum())


def _weekly(found: Floats, truth: Floats) -> float:
    return float(np.abs(found - truth).sum() / truth.sum())


def _floor(outcome: Floats, truth: Floats, controls: list[Floats]) -> float:
    """What noise alone leaves of error where each channel's shape is known and only its size is not."""
    known = np.column_stack([*truth, np.ones_like(outcome), *controls])
    left = outcome - known @ np.linalg.lstsq(known, outcome, rcond=None)[0]
    variance = float(left @ left) / (len(outcome) - known.shape[1])
    deviations = np.sqrt(variance * np.diag(np.linalg.pinv(known.T @ known)))[: len(truth)]
    return float(np.sqrt(2 / np.pi) * deviations @ truth.sum(axis=1) / truth.sum())


def _spread(errors: list[float]) -> str:
    return f"{np.mean(errors):.1%} ({min(errors):.1%} to {max(errors):.1%})"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", type=int, default=0, help="markets of each made-up family for the peer as well")
    print_figures("Media mix beside PyMC-Marketing", run(parser.parse_args(sys.argv[1:]).beside))
