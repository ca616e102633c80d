"""Programs that tests start, to kill them or to have them hold something."""

import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def running(program: str, *arguments: str) -> Generator[subprocess.Popen[str]]:
    """A Python program that runs beside the test, and is killed where the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line_from(process: subprocess.Popen[str]) -> str:
    """The next line that the program prints; empty where it ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()
