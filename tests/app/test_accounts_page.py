"""The page on accounts holds true: its commands lead from nothing to a connected, pulled, simulated account."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "accounts.md").read_text(encoding="utf-8")


def blocks(terminal: int) -> list[str]:
    return re.findall(rf"```sh terminal {terminal}\n(.*?)```", PAGE, re.DOTALL)


def environment(folder: Path) -> dict[str, str]:
    binaries = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    source = f"{ROOT / 'src'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"  # of this tree, wherever it is run from
    return {**os.environ, "MARKETMOVER_HOME": str(folder / "home"), "PATH": binaries, "PYTHONPATH": source}


@contextmanager
def served(folder: Path, command: str) -> Generator[None]:
    """The first terminal, once it has printed its line."""
    process = subprocess.Popen(
        ["bash", "-c", f"exec {command.strip()}"],
        cwd=folder,
        env=environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            assert '"simulated": true' in process.stdout.readline()
            yield
            process.send_signal(signal.SIGTERM)
            assert process.wait() == 0
        finally:
            process.kill()


def test_its_commands_lead_from_nothing_to_a_connected_sandbox_account(tmp_path: Path) -> None:
    [first] = blocks(1)
    connect, week, serve = blocks(2)
    assert serve == "marketmover serve\n"
    with served(tmp_path, first):
        for block in (connect, week):
            done = subprocess.run(
                ["bash", "-e", "-c", block],
                cwd=tmp_path,
                env=environment(tmp_path),
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            said = done.stdout
            if block == connect:
                assert "Connected: google_ads, simulated account" in said
                assert "Connected: meta_ads, simulated account" in said
            else:
                assert re.search(r"pull google_ads .* done ", said)
