"""The main job as a user runs it: cold processes, from exports and a brief to the plan's files.

`python -m benchmarks.main_job [--lines 5,20,50,100,200] [--runs N] [--plot FILE]`: seconds by the clock and of the
processor, and each process's own peak memory, by lines of a simulated history of two years. The page plots the growth.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from markupsafe import Markup

from benchmarks.figures import Figure, print_figures
from marketmover.charts import BandPoint, Formats, Measure, join, page, response_curve, save_page, tag

ROOT = Path(__file__).resolve().parent.parent
COMMAND = str(Path(sys.executable).parent / "marketmover")
BRIEF = ROOT / "examples" / "brief.txt"
PAGE = ROOT / "build" / "main_job.html"
LINES = (5, 20, 50, 100, 200)
_SECONDS = {20: 10.0, 200: 60.0}
_MEMORY_MIB = 2048.0


@dataclass(frozen=True)
class Run:
    """One cold process: seconds by the clock, seconds of the processor, and its peak memory in MiB."""

    clock: float
    cpu: float
    memory: float


def run(lines: Sequence[int] = LINES, runs: int = 1, plot: Path = PAGE) -> list[Figure]:
    """Time and memory of `compose` by lines, and of a command's start; the growth is plotted into `plot`."""
    figures = [_start("brief --help", 0.5), _start("compose --help", 0.5)]
    measured: dict[int, list[Run]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for count in sorted(lines):
            measured[count] = _composed(Path(folder), count, runs)
            figures += _figures(count, measured[count])
    plot.parent.mkdir(parents=True, exist_ok=True)
    save_page(_growth(measured), plot)
    print(f"growth: {plot}")
    return figures


def _start(arguments: str, limit: float) -> Figure:
    taken = min(_timed([COMMAND, *arguments.split()]).clock for _ in range(5))
    return Figure(f"start of `marketmover {arguments}` (s, best of 5)", f"{taken:.2f}", f"< {limit}", taken < limit)


def _composed(folder: Path, lines: int, runs: int) -> list[Run]:
    history = folder / f"history-{lines}"
    _timed([COMMAND, "sandbox", "create", str(history), "--lines", str(lines), "--seed", "3", "--country", "US"])
    command = [COMMAND, "compose", "--history", str(history), "--brief", str(BRIEF), "--out"]
    return [_timed([*command, str(folder / f"plan-{lines}-{number}")]) for number in range(runs)]


def _figures(lines: int, runs: Sequence[Run]) -> list[Figure]:
    name = f"`compose --history`, {lines} lines x 730 days, cold"
    clock, cpu, memory = (median(values) for values in zip(*((r.clock, r.cpu, r.memory) for r in runs), strict=True))
    limit = _SECONDS.get(lines)
    return [
        Figure(
            f"{name} (s)", f"{clock:.1f}", f"< {limit:.0f}" if limit else "", None if limit is None else clock < limit
        ),
        Figure(f"{name} (s of processor)", f"{cpu:.1f}"),
        Figure(f"{name} (MiB, peak)", f"{memory:.0f}", f"< {_MEMORY_MIB:.0f}", memory < _MEMORY_MIB),
    ]


def _growth(measured: dict[int, list[Run]]) -> str:
    """The page of growth: a curve for each measure, from the least to the most of its runs."""
    parts = [
        _curve(measured, "Seconds by the clock", lambda one: one.clock),
        _curve(measured, "Seconds of the processor", lambda one: one.cpu),
        _curve(measured, "Peak memory, MiB", lambda one: one.memory),
    ]
    title = "A cold compose by budget lines"
    return page(title, tag("main", tag("h1", title), join(*parts)), simulated=True)


def _curve(measured: dict[int, list[Run]], name: str, value: Callable[[Run], float]) -> Markup:
    points = []
    for lines, runs in measured.items():
        values = [value(one) for one in runs]
        points.append(BandPoint(lines, min(values), median(values), max(values)))
    return response_curve(
        name, points, spend=Formats().count_measure("Budget lines"), outcome=Measure(name, _written, _written)
    )


def _written(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _timed(command: list[str]) -> Run:
    started = time.monotonic()
    with tempfile.TemporaryFile() as said, subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} failed:\n{said.read().decode(errors='replace')}")
    return Run(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description="The main job: time and memory.")
    parser.add_argument("--lines", default=",".join(map(str, LINES)), help="budget lines of each history")
    parser.add_argument("--runs", type=int, default=1, help="runs of each; the median is held against the limit")
    parser.add_argument("--plot", type=Path, default=PAGE, help="page to plot the growth into")
    asked = parser.parse_args()
    counts = [int(count) for count in asked.lines.split(",")]
    print_figures("The main job: time and memory", run(counts, asked.runs, asked.plot))


if __name__ == "__main__":
    main()
