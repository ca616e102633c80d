"""What-if: how long another split of a plan takes over HTTP, beside composing anew, and whether figures are the plan's.

`python -m benchmarks.what_if_speed [--lines N ...]`; simulated accounts, one core, the client in the same process.
"""

import argparse
import random
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from benchmarks.figures import Figure, print_figures
from marketmover.access.api_keys.service import create_key
from marketmover.access.permissions import Asker
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.campaigns.kept import Shelf, read_plan
from marketmover.campaigns.kept.plans import Making, Order, compose_into_home, note_plan
from marketmover.history import import_history
from marketmover.kit import new_id, utc_now
from marketmover.language.embeddings import default_embedder
from marketmover.plans import Brief, Plan
from marketmover.sandbox import create_market, write_history
from marketmover.settings import Settings
from marketmover.store import Lake, Records
from marketmover.store.database import database_url

_LIMIT_MS = 150.0
_USUAL = 20  # lines, as the demo has; the limit is for these
_SPLITS = 100
_LAST_DAY = date(2026, 10, 31)


def run(sizes: tuple[int, ...] = (16, 60)) -> list[Figure]:
    """Median and slowest times of many splits, by number of lines."""
    return [figure for lines in sizes for figure in _of_account(lines)]


def _of_account(lines: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        order, anew_s = _composed(home, lines)
        plan = read_plan(Shelf(home, "default").place / order.plan_id)
        records = Records.open(database_url("", home))
        try:
            with records.session() as session:
                note_plan(session, "default", order, plan, utc_now())
                _, key = create_key(session, "default", "bench", ["owner"], by=Asker("bench"), now=utc_now())
            served = ServedApp(Settings(home=home, rate_limit=1_000_000), records)
            client = TestClient(make_api(served), headers={"Authorization": f"Bearer {key}"})
            return _figures(client, f"/v1/plans/{order.plan_id}/what-if", plan, anew_s)
        finally:
            records.close()


def _composed(home: Path, lines: int) -> tuple[Order, float]:
    write_history(create_market(lines, 365, 1, end=_LAST_DAY, sells="leads", currency="EUR"), home / "history")
    lake = Lake.open(home / "lake.duckdb")
    import_history(lake, home / "history", now=utc_now(), as_of=None, progress=lambda _share, _step: None)
    order = Order(new_id(), Brief(objective="leads"), "bench")
    begun = time.process_time()
    compose_into_home(Shelf(home, "default"), order, Making(lake, _LAST_DAY, default_embedder()))
    took = time.process_time() - begun
    lake.close()
    return order, took


def _figures(client: TestClient, address: str, plan: Plan, anew_s: float) -> list[Figure]:
    first_ms, own = _asked(client, address, {})
    same = own["expected"] == {name: one.model_dump() for name, one in plan.expected.items()}
    chance = random.Random(1)  # noqa: S311 - made-up budgets
    moved = [line for line in plan.lines if line.budget > 0]
    times = sorted(_asked(client, address, _split(plan, moved, chance))[0] for _ in range(_SPLITS))
    slow, middle = times[int(0.99 * _SPLITS) - 1], times[_SPLITS // 2]
    name = f"{len(plan.lines)} lines"
    limit = f"at most {_LIMIT_MS:.0f} ms" if len(plan.lines) <= _USUAL else ""
    return [
        Figure(f"{name}: what-if, median (ms)", f"{middle:.0f}", f"composing anew {anew_s * 1000:,.0f} ms"),
        Figure(f"{name}: what-if, 99th of 100 (ms)", f"{slow:.0f}", limit, slow <= _LIMIT_MS if limit else None),
        Figure(f"{name}: the first after a start (ms)", f"{first_ms:.0f}"),
        Figure(f"{name}: the plan's budgets give its figures", "yes" if same else "no", "yes", same),
    ]


def _split(plan: Plan, moved: list[Any], chance: random.Random) -> dict[str, Any]:
    """One line's slider moved; in one case of four the total as well."""
    line = chance.choice(moved)
    asked: dict[str, Any] = {"budgets": {line.id: round(line.budget * chance.uniform(0.2, 1.0), 2)}}
    more = chance.choice((1.0, 1.0, 1.0, chance.uniform(0.8, 1.5)))
    return asked | {"total": round(plan.total_budget * more, 2)}


def _asked(client: TestClient, address: str, body: dict[str, Any]) -> tuple[float, dict[str, Any]]:
    """How long an answer took of this process's time, in ms, and the answer."""
    begun = time.process_time()
    answer = client.post(address, json=body)
    took = 1000 * (time.process_time() - begun)
    answer.raise_for_status()
    return took, answer.json()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[16, 60])
    print_figures("What-if", run(tuple(parser.parse_args().lines)))
