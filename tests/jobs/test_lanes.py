"""Jobs of several workspaces in one process: they come and go, share the lake by turns, and hold back nobody."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from marketmover.jobs import Done, Every, Job, JobRun, Served, Turns, run_until
from marketmover.store import Records

WEEKLY = Every(7 * 24 * 60)
WAIT_S = 60


@pytest.fixture
def both(records: Records, records_url: str) -> tuple[Records, Records]:
    """The records as `default` and as `acme` see them."""
    Records.open(sa.make_url(records_url), workspace="acme").close()
    return records, records.of_workspace("acme")


def served(records: Records, work: Callable[[JobRun], str], lane: str = "own", *names: str) -> Served:
    jobs = [Job(name, WEEKLY, work, lane=lane) for name in names or ("pull",)]
    return Served(records, lambda: jobs)


def test_workspaces_that_come_are_served_and_those_that_went_are_not(both: tuple[Records, Records]) -> None:
    stop, told = threading.Event(), list[tuple[str, str]]()
    default, acme = (served(records, lambda _: "did it") for records in both)

    def there() -> list[Served]:
        return [acme] if told else [default]

    def tell(done: Done) -> None:
        told.append((done.workspace, done.state))
        if len(told) == 2:
            stop.set()

    assert run_until(stop, there, tell=tell, look_s=0.02) == []
    assert told == [("default", "done"), ("acme", "done")]


def test_lanes_of_two_workspaces_run_side_by_side(both: tuple[Records, Records]) -> None:
    stop, met, told = threading.Event(), threading.Barrier(2, timeout=WAIT_S), list[Done]()

    def meet(_: JobRun) -> str:
        met.wait()
        stop.set()
        return "met"

    there = [served(records, meet) for records in both]
    assert run_until(stop, lambda: there, tell=told.append, look_s=0.02) == []
    assert sorted((done.workspace, done.said) for done in told) == [("acme", "met"), ("default", "met")]


def test_the_lake_is_one_for_all_and_each_look_serves_every_workspace(both: tuple[Records, Records]) -> None:
    stop, lake, order = threading.Event(), threading.Lock(), list[tuple[str, str]]()

    def alone(run: JobRun) -> str:
        assert lake.acquire(blocking=False)
        lake.release()
        return run.name

    def tell(done: Done) -> None:
        order.append((done.workspace, done.said))
        if len(order) == 3:
            stop.set()

    there = [served(both[0], alone, "lake", "pull a", "pull b"), served(both[1], alone, "lake")]
    assert run_until(stop, lambda: there, tell=tell, look_s=0.02) == []
    assert order == [("default", "pull a"), ("default", "pull b"), ("acme", "pull")]


def test_who_has_the_lake_holds_back_only_what_needs_it(both: tuple[Records, Records]) -> None:
    stop, turns, told = threading.Event(), Turns(), list[str]()

    def tell(done: Done) -> None:
        told.append(done.workspace)
        stop.set()

    there = [served(both[0], lambda _: "", "lake"), served(both[1], lambda _: "", "own")]
    with turns.taken(threading.Event()):
        assert run_until(stop, lambda: there, tell=tell, lake=turns, look_s=0.02) == []
    assert told == ["acme"]


def test_a_workspace_whose_jobs_cannot_be_read_holds_back_no_other(both: tuple[Records, Records]) -> None:
    stop, told = threading.Event(), dict[str, Done]()

    def unreadable() -> list[Job]:
        raise OSError("its settings are gone")

    def tell(done: Done) -> None:
        told[done.workspace] = done
        if done.workspace == "acme":
            stop.set()

    there = [Served(both[0], unreadable), served(both[1], lambda _: "")]
    assert run_until(stop, lambda: there, tell=tell, look_s=0.02) == []
    assert (told["default"].name, told["default"].state, told["acme"].state) == ("jobs", "failed", "done")


def test_while_no_workspace_can_be_read_it_looks_again(records: Records) -> None:
    stop, looks, told = threading.Event(), list[int](), list[str]()

    def there() -> list[Served]:
        looks.append(1)
        if len(looks) == 1:
            raise ConnectionError("the records are away")
        return [served(records, lambda _: "")]

    def tell(done: Done) -> None:
        told.append(done.name)
        if done.name == "pull":
            stop.set()

    assert run_until(stop, there, tell=tell, look_s=0.02) == []
    assert told == ["workspaces", "pull"]
