"""`kill -9` at any moment of publishing and of changing: nothing is made twice, and nothing is left half-done."""

import json
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.campaigns.publishing.conftest import ANNE, NEW_GOOGLE, OLD_GOOGLE, OLD_META, Desk, desk_publisher

from marketmover.campaigns.publishing.approving import approve
from marketmover.campaigns.publishing.carrying import Carrier
from marketmover.campaigns.publishing.service import Publisher
from marketmover.campaigns.tuning.in_force import InForce, apply_changes
from marketmover.kit import utc_now
from marketmover.plans import Change, Changes

KILLED = -9
ROOT = Path(__file__).parents[3]


@pytest.fixture
def once(desk: Desk, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the work in a process that kills itself at a given call, each a minute after the one before."""
    minute = 0

    def run(kill_at: int, changes: Path | None = None) -> subprocess.CompletedProcess[str]:
        nonlocal minute
        minute += 1
        told = [str(desk.folder), str(tmp_path / "records.sqlite"), str(kill_at), str(minute)]
        more = [str(changes)] if changes else []
        command = [sys.executable, "-m", "tests.campaigns.publishing.publish_once", *told, *more]
        return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)

    return run


def later(desk: Desk) -> Publisher:
    return desk_publisher(desk.folder, desk.records, lambda: utc_now() + timedelta(hours=3))


def names(desk: Desk) -> list[str]:
    every = [*desk.google.objects().values(), *desk.meta.objects().values()]
    return [f"{one['kind']} {one['name']}" for one in every if "[" in one["name"]]


def budgets(desk: Desk) -> tuple[float, float]:
    return desk.google.objects()["55"]["budget"], desk.meta.objects()["771"]["budget"]


@pytest.mark.parametrize("seed", range(1, 3))
def test_publishing_that_is_killed_again_and_again_makes_everything_once(
    desk: Desk, once: Callable[..., subprocess.CompletedProcess[str]], seed: int
) -> None:
    approve(desk.folder, ANNE, may_start=True)
    chance = random.Random(seed)  # noqa: S311 - moments to die
    kills = 0
    for _ in range(4):
        done = once(int(chance.uniform(200, 12_000)))
        assert done.returncode in {0, KILLED}, done.stderr
        kills += done.returncode == KILLED
    found = later(desk).publish(desk.folder, ANNE, start=True)
    assert kills > 0
    assert len(names(desk)) == len(set(names(desk))) == 5
    assert (list(found.differences), found.started, budgets(desk)) == ([], True, (100.0, 100.0))
    assert later(desk).ledger.sendings(found.plan.digest, "open") == []
    kinds = [entry.kind for entry in InForce.read(desk.folder).life]
    assert (kinds[0], kinds[-1]) == ("approve", "start")


@pytest.mark.parametrize("seed", range(1, 3))
def test_changes_that_are_killed_are_in_force_on_both_sides_or_on_neither(
    desk: Desk, once: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, seed: int
) -> None:
    approve(desk.folder, ANNE, may_start=True)
    desk.publisher.publish(desk.folder, ANNE)
    change = {"action": "set_daily_budget", "from": 100.0, "to": 130.0, "reason": "more"}
    told = {"as_of": "2026-01-11", "changes": [{"line_id": line, **change} for line in (OLD_GOOGLE, OLD_META)]}
    (tmp_path / "changes.json").write_text(json.dumps(told))
    done = once(int(random.Random(seed).uniform(500, 6_000)), tmp_path / "changes.json")  # noqa: S311
    assert done.returncode in {0, KILLED}, done.stderr
    carrier = Carrier(later(desk))
    other = Change(line_id=NEW_GOOGLE, action="set_daily_budget", before=100.0, to=90.0, reason="less")
    state = apply_changes(desk.folder, Changes(as_of=date(2026, 1, 11), changes=[other]), ANNE, carry=carrier)
    assert budgets(desk) == (state.daily_budgets[OLD_GOOGLE], state.daily_budgets[OLD_META])
    assert state.daily_budgets[OLD_GOOGLE] == state.daily_budgets[OLD_META]
    assert later(desk).ledger.sendings(InForce.read(desk.folder).plan.digest, "open") == []
