"""The main job as a user runs it: cold processes, from exports and a brief to the plan's files.

`python -m benchmarks.main_job`; the history is simulated.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import Figure, print_figures

ROOT = Path(__file__).resolve().parent.parent
COMMAND = str(Path(sys.executable).parent / "marketmover")
BRIEF = ROOT / "examples" / "brief.txt"


def run() -> list[Figure]:
    """Time and memory of `compose` for 20 and 200 lines by 730 days, and of a command's start."""
    figures = [_start("brief --help", 0.5), _start("compose --help", 0.5)]
    with tempfile.TemporaryDirectory() as folder:
        for lines, seconds in ((20, 10.0), (200, 60.0)):
            figures += _compose(Path(folder), lines, seconds)
    return figures


def _start(arguments: str, limit: float) -> Figure:
    taken = min(_timed([COMMAND, *arguments.split()])[0] for _ in range(5))
    return Figure(f"start of `marketmover {arguments}` (s, best of 5)", f"{taken:.2f}", f"< {limit}", taken < limit)


def _compose(folder: Path, lines: int, limit: float) -> list[Figure]:
    history = folder / f"history-{lines}"
    _timed([COMMAND, "sandbox", "create", str(history), "--lines", str(lines), "--seed", "3", "--country", "US"])
    taken, memory = _timed(
        [COMMAND, "compose", "--history", str(history), "--brief", str(BRIEF), "--out", str(folder / f"plan-{lines}")]
    )
    name = f"`compose --history`, {lines} lines x 730 days, cold"
    return [
        Figure(f"{name} (s)", f"{taken:.1f}", f"< {limit:.0f}", taken < limit),
        Figure(f"{name} (MiB, peak of any command so far)", f"{memory:.0f}", "< 2048", memory < 2048),
    ]


def _timed(command: list[str]) -> tuple[float, float]:
    started = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    return time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    print_figures("The main job: time and memory", run())
