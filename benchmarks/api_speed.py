"""The API under load: reads at 50 requests a second, then what-if, of a real `marketmover serve` on one core.

`python -m benchmarks.api_speed [--home HOME] [--seconds N]`; the demo's workspace by default (`make demo`): some 16
lines over 730 days, and a plan. Requests are sent when they are due, whether or not earlier ones were answered, and
times count from when they were due: a server that stalls is not flattered. The client has another core, if there is.
"""

import argparse
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks.figures import Figure, print_figures

_READ_MS, _WHAT_IF_MS = 50.0, 150.0
_RATE = 50.0
_WHAT_IF_RATE = 4.0
_DEMO = Path("demo/home")
_READS = (
    "/v1/version",
    "/v1/plans",
    "/v1/plans/{plan}",
    "/v1/plans/{plan}/lines",
    "/v1/plans/{plan}/curves",
    "/v1/plans/{plan}/state",
    "/v1/history/summary",
    "/v1/history/lines",
    "/v1/history/trends?first={first}&last={last}",
    "/v1/history/facts?first={first}&last={last}",
    "/v1/alerts",
    "/v1/jobs",
    "/v1/accounts",
)


def run(home: Path = _DEMO, seconds: float = 30.0) -> list[Figure]:
    """p50 and p99 by endpoint and over all, beside the limits; nothing where there is no demo."""
    if not home.is_dir():
        return [Figure("API under load", "not measured: run make demo first")]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "home"
        shutil.copytree(home, copy)
        with _served(copy) as (address, key):
            return asyncio.run(_measured(address, key, seconds))


async def _measured(address: str, key: str, seconds: float) -> list[Figure]:
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(
        base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=30, limits=limits, trust_env=False
    ) as client:
        names = await _names(client)
        reads = [one.format_map(names) for one in _READS]
        for one in reads:  # what is made once is made
            (await client.get(one)).raise_for_status()
        times = await _sent(client, [("GET", one, None) for one in reads], _RATE, seconds)
        figures = [_figure(name, found, None) for name, found in sorted(times.items())]
        every = [one for found in times.values() for one in found]
        figures.append(_figure(f"all reads, {_RATE:.0f} a second", every, _READ_MS))
        split = ("POST", f"/v1/plans/{names['plan']}/what-if", {"total": 30_000})
        (await client.post(split[1], json=split[2])).raise_for_status()
        asked = await _sent(client, [split], _WHAT_IF_RATE, seconds / 2)
        what_if = [one for found in asked.values() for one in found]
        return [*figures, _figure(f"what-if, {_WHAT_IF_RATE:.0f} a second", what_if, _WHAT_IF_MS)]


async def _names(client: httpx.AsyncClient) -> dict[str, str]:
    plans = (await client.get("/v1/plans")).raise_for_status().json()["items"]
    known = (await client.get("/v1/history/summary")).raise_for_status().json()
    last = str(known["last_date"])
    return {"plan": plans[0]["id"], "first": f"{last[:8]}01", "last": last}


Asked = tuple[str, str, Mapping[str, Any] | None]


async def _sent(
    client: httpx.AsyncClient, asked: Sequence[Asked], rate: float, seconds: float
) -> dict[str, list[float]]:
    """Send requests in turn, each when it is due; milliseconds by endpoint, from when each was due."""
    times: dict[str, list[float]] = defaultdict(list)
    began = time.perf_counter() + 0.1

    async def send(number: int) -> None:
        method, path, body = asked[number % len(asked)]
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        answer = await client.request(method, path, json=body)
        took = (time.perf_counter() - due) * 1_000
        if answer.status_code != 200:
            raise RuntimeError(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        times[_shape(path)].append(took)

    async with asyncio.TaskGroup() as group:
        for number in range(int(rate * seconds)):
            group.create_task(send(number))
    return times


def _shape(path: str) -> str:
    return "/".join("{id}" if len(part) == 32 else part for part in path.partition("?")[0].split("/"))


def _figure(name: str, times: list[float], limit_ms: float | None) -> Figure:
    ranked = sorted(times)
    p50, p99 = (ranked[min(len(ranked) - 1, int(len(ranked) * share))] for share in (0.5, 0.99))
    measured = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, slowest {ranked[-1]:.0f} ms"
    beside = "" if limit_ms is None else f"p99 {limit_ms:.0f} ms"
    return Figure(name, measured, beside, None if limit_ms is None else p99 <= limit_ms)


@contextmanager
def _served(home: Path) -> Generator[tuple[str, str]]:
    """A server on the first core; its address, and a key."""
    cores = sorted(os.sched_getaffinity(0))
    set_ = {**os.environ, "MARKETMOVER_HOME": str(home), "MARKETMOVER_RATE_LIMIT": "1000000", "OMP_NUM_THREADS": "1"}
    command = [str(Path(sys.executable).parent / "marketmover")]
    subprocess.run([*command, "upgrade"], env=set_, check=True, capture_output=True)
    made = subprocess.run(
        [*command, "keys", "create", "--name", f"load {time.time_ns()}", "--scope", "owner"],
        env=set_, check=True, capture_output=True, text=True,
    )  # fmt: skip
    os.sched_setaffinity(0, {cores[0]})  # what is started now stays there
    log = home / "serve.log"
    with log.open("w") as said, subprocess.Popen([*command, "serve", "--port", "0"], env=set_, stderr=said) as server:
        os.sched_setaffinity(0, {cores[-1]})
        try:
            yield _address(log, server), made.stdout.strip()
        finally:
            os.sched_setaffinity(0, set(cores))
            server.send_signal(signal.SIGTERM)


def _address(log: Path, server: "subprocess.Popen[bytes]") -> str:
    while server.poll() is None:
        if "serving http" in (said := log.read_text(encoding="utf-8")):
            return said.split("serving ")[1].split()[0]
        time.sleep(0.1)
    raise RuntimeError(log.read_text(encoding="utf-8"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=_DEMO)
    parser.add_argument("--seconds", type=float, default=30.0)
    given = parser.parse_args()
    print_figures("The API under load", run(given.home, given.seconds))
