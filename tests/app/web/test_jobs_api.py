"""`/v1/jobs` and `/v1/schedules`: looking, cancelling, results, pages, and running a schedule now."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from marketmover.jobs import Done, Every, Job, JobRun, Work, ask_to_cancel, run_tasks, submit
from marketmover.kit import new_id

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from marketmover.app.web.served import ServedApp

NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
KeyMaker = Callable[..., dict[str, str]]


def asked(served: "ServedApp", kind: str = "plans.compose", at: int = 0, workspace: str = "default") -> str:
    with served.records.session() as session:
        moment = NOW + timedelta(seconds=at)
        return submit(session, workspace, kind, {"brief": "hidden"}, asked_by="ann", about="autumn", now=moment).id


def do_all(served: "ServedApp", works: dict[str, Work] | None = None) -> None:
    """Do what waits, as a server does."""
    stop = threading.Event()

    def tell(done: Done) -> None:
        del done
        stop.set()

    run_tasks(stop, served.records, works or served.works(), tell=tell)


def test_a_job_is_looked_at_until_it_is_done_and_its_result_is_got(
    client: "TestClient", key: KeyMaker, served: "ServedApp"
) -> None:
    task, reader = asked(served), key("jobs:read")
    shown = client.get(f"/v1/jobs/{task}", headers=reader).json()
    assert (shown["state"], shown["progress"], shown["about"]) == ("queued", 0, "autumn")
    early = client.get(f"/v1/jobs/{task}/result", headers=reader)
    assert (early.status_code, early.json()["detail"]) == (409, f"The job {task} is queued.")
    do_all(served, {"plans.compose": Work(lambda run: {"plan": run.arguments["brief"]})})
    assert client.get(f"/v1/jobs/{task}", headers=reader).json()["state"] == "done"
    assert client.get(f"/v1/jobs/{task}/result", headers=reader).json() == {
        "id": task,
        "kind": "plans.compose",
        "result": {"plan": "hidden"},
    }


def test_why_a_job_failed_is_told(client: "TestClient", key: KeyMaker, served: "ServedApp") -> None:
    task, reader = asked(served), key("jobs:read")

    def fail(_: object) -> dict[str, Any]:
        raise KeyError("password")

    do_all(served, {"plans.compose": Work(fail)})
    error = client.get(f"/v1/jobs/{task}", headers=reader).json()["error"]
    assert error["status"] == 500
    assert "password" not in str(error)
    assert client.get(f"/v1/jobs/{task}/result", headers=reader).status_code == 409


def test_a_job_is_cancelled_once_and_the_log_says_by_whom(
    client: "TestClient", key: KeyMaker, served: "ServedApp"
) -> None:
    from marketmover.access import audit

    task, runner = asked(served), key("jobs:run")
    for _ in range(2):
        answer = client.post(f"/v1/jobs/{task}/cancel", headers=runner)
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    with served.records.session(read_only=True) as session:
        entries = [entry for entry in audit.entries(session, "default") if entry.what == "job.cancelled"]
    assert [entry.about for entry in entries] == [f"job {task}"]
    assert client.get(f"/v1/jobs/{task}/result", headers=key("jobs:read")).status_code == 409


def test_jobs_come_by_pages_filters_and_as_a_table(client: "TestClient", key: KeyMaker, served: "ServedApp") -> None:
    there = [asked(served, kind, at) for at, kind in enumerate(["plans.compose", "plans.tune", "history.import"])]
    with served.records.session() as session:
        ask_to_cancel(session, "default", there[0], NOW)
    reader = key("jobs:read")
    found, cursor = list[str](), ""
    while cursor is not None:
        page = client.get(f"/v1/jobs?limit=2{f'&cursor={cursor}' if cursor else ''}", headers=reader).json()
        found += [job["id"] for job in page["items"]]
        cursor = page["next"]
    assert found == there[::-1]
    of_plans = client.get("/v1/jobs?kind=plans&state=queued", headers=reader).json()["items"]
    assert [job["id"] for job in of_plans] == [there[1]]
    table = client.get("/v1/jobs?format=csv", headers=reader)
    assert table.headers["content-type"].startswith("text/csv")
    assert len(table.text.splitlines()) == 4


@pytest.mark.parametrize("cursor", ["W10", "WyJhIiwiYiJd", "WyIyMDI2LTAxLTAxIiwiYiJd", "MQ", "eyJhIjoxfQ", "WzEsMl0"])
def test_a_cursor_of_another_list_is_refused(client: "TestClient", key: KeyMaker, cursor: str) -> None:
    for path in ("jobs", "schedules/tidy/runs"):
        answer = client.get(f"/v1/{path}?cursor={cursor}", headers=key("jobs:read"))
        assert answer.status_code in ({400} if path == "jobs" or cursor != "MQ" else {200})


def test_schedules_are_listed_run_now_and_their_runs_seen(
    client: "TestClient", key: KeyMaker, served: "ServedApp"
) -> None:
    reader, runner = key("jobs:read"), key("jobs:run")
    schedules = {row["name"]: row for row in client.get("/v1/schedules", headers=reader).json()["items"]}
    assert schedules["tidy"]["schedule"] == "daily at 03:15 UTC"
    assert schedules["tidy"]["last"] is None
    answer = client.post("/v1/schedules/tidy/run", headers=runner)
    assert answer.status_code == 202
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    do_all(served)
    result = client.get(f"{answer.headers['location']}/result", headers=reader).json()["result"]
    assert result["said"].startswith("0 runs of jobs")
    [run] = client.get("/v1/schedules/tidy/runs", headers=reader).json()["items"]
    assert (run["state"], run["number"], run["said"]) == ("done", 1, result["said"])
    schedules = {row["name"]: row for row in client.get("/v1/schedules?limit=500", headers=reader).json()["items"]}
    assert schedules["tidy"]["last"] == run
    first = client.get("/v1/schedules?limit=1", headers=reader).json()
    rest = client.get(f"/v1/schedules?cursor={first['next']}", headers=reader).json()
    assert [row["name"] for row in (*first["items"], *rest["items"])] == sorted(schedules)


def test_a_schedule_that_is_none_is_not_found(client: "TestClient", key: KeyMaker) -> None:
    for answer in (
        client.post("/v1/schedules/tidi/run", headers=key("jobs:run")),
        client.get("/v1/schedules/tidi/runs", headers=key("jobs:read")),
    ):
        assert (answer.status_code, "Did you mean 'tidy'?" in answer.json()["remedy"]) == (404, True)


def test_a_schedule_that_is_run_now_and_cancelled_ends_at_its_next_step(served: "ServedApp") -> None:
    class Slow(type(served)):
        def jobs(self) -> list[Job]:
            return [Job("slow", Every(60), self.work)]

        def work(self, run: JobRun) -> str:
            with self.records.session() as session:
                ask_to_cancel(session, "default", task, NOW)
            run.pause(60)
            return "never"

    with served.records.session() as session:
        task = submit(session, "default", "jobs.run", {"name": "slow"}, asked_by="ann", now=NOW).id
    slow = Slow(served.settings, served.records)
    do_all(slow)
    with served.records.session(read_only=True) as session:
        from marketmover.jobs import find_task
        from marketmover.jobs.runs import runs_of

        assert find_task(session, "default", task).state == "cancelled"
        assert [run.state for run in runs_of(session, "default", "slow")] == ["stopped"]


def test_another_workspaces_jobs_are_not_there(client: "TestClient", key: KeyMaker, served: "ServedApp") -> None:
    task, stranger = asked(served), key("jobs:read", "jobs:run", workspace="other-client")
    assert client.get("/v1/jobs", headers=stranger).json()["items"] == []
    for answer in (
        client.get(f"/v1/jobs/{task}", headers=stranger),
        client.get(f"/v1/jobs/{task}/result", headers=stranger),
        client.post(f"/v1/jobs/{task}/cancel", headers=stranger),
        client.get(f"/v1/jobs/{new_id()}", headers=key("jobs:read")),
    ):
        assert answer.status_code == 404
