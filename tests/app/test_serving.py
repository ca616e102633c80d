"""`marketmover serve` as real processes: they run what is due, end when asked, and follow one that was killed."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from marketmover.app import open_app
from marketmover.app.scheduled import read_schedules, unknown_schedules
from marketmover.cli.main import run
from marketmover.errors import SettingsError
from marketmover.jobs import Every, submit
from marketmover.jobs.records import TaskRow
from marketmover.jobs.runs import PastRun, runs_of
from marketmover.kit import utc_now
from marketmover.settings import Settings
from marketmover.store import Records
from programs import line_from, running

COMMAND = str(Path(sys.executable).parent / "marketmover")

# Work of ten steps, each kept in a transaction of its own; it goes on where it was left.
_SERVE = """
import sys
from pathlib import Path
from sqlalchemy import func, select
from marketmover.app.opening import App
from marketmover.app.serving.service import run
from marketmover.app.web.served import ServedApp
from marketmover.jobs import Every, Job, submit
from marketmover.jobs.records import TaskRow
from marketmover.kit import utc_now
from marketmover.settings import Settings

home, url, me, lease_s, grace_s = sys.argv[1:]

class Serving(ServedApp):
    def jobs(self):
        return [Job("steps", Every(10_080), self.work, lease_s=float(lease_s))]

    def work(self, job_run):
        while True:
            with self.records.session() as session:
                steps = session.scalar(select(func.count()).where(TaskRow.kind == "step"))
                if steps == 10:
                    return "all ten steps"
                submit(session, self.workspace, "step", {}, asked_by=me, now=utc_now())
                job_run.confirm(session)
            print(me, steps, flush=True)
            sys.stdin.readline()
            job_run.go_on()

app = App(Settings.model_validate({"home": home, "records_url": url}))
run(app, "127.0.0.1", 0, float(grace_s), look_s=0.1, serving=Serving)
print("ended", flush=True)
"""


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def past(url: str) -> list[PastRun]:
    records = Records.open(sa.make_url(url))
    with records.session(read_only=True) as session:
        found = runs_of(session, "default", "steps")
    records.close()
    return found


def steps(url: str) -> int:
    records = Records.open(sa.make_url(url))
    with records.session(read_only=True) as session:
        found = session.scalar(sa.select(sa.func.count()).where(TaskRow.kind == "step"))
    records.close()
    return found or 0


def test_a_process_that_is_asked_to_stop_ends_at_the_next_step_and_the_next_one_goes_on(
    records_url: str, tmp_path: Path
) -> None:
    with running(_SERVE, str(tmp_path), records_url, "one", "60", "30") as one:
        assert [line_from(one), go_on(one), line_from(one)] == ["one 0", None, "one 1"]
        one.send_signal(signal.SIGTERM)
        done = 2
        go_on(one)
        while (said := line_from(one)) != "ended":  # a step may be under way when the signal comes
            assert said == f"one {done}"
            done += 1
            go_on(one)
        assert one.wait() == 0
    assert done < 10
    assert [run.state for run in past(records_url)] == ["stopped"]
    with running(_SERVE, str(tmp_path), records_url, "two", "60", "30") as two:
        for number in range(done, 10):
            assert line_from(two) == f"two {number}"
            go_on(two)
    assert steps(records_url) == 10


def test_a_process_killed_in_mid_job_is_followed_by_another_and_no_step_is_lost_or_done_twice(
    records_url: str, tmp_path: Path
) -> None:
    with running(_SERVE, str(tmp_path), records_url, "one", "3", "30") as one:
        assert line_from(one) == "one 0"
        with running(_SERVE, str(tmp_path), records_url, "two", "3", "30") as two:
            os.kill(one.pid, signal.SIGKILL)
            for number in range(1, 10):
                assert line_from(two) == f"two {number}"
                go_on(two)
            two.send_signal(signal.SIGTERM)
            assert line_from(two) == "ended"
    assert steps(records_url) == 10
    assert ("lost", 1) in [(run.state, run.attempt) for run in past(records_url)]


def test_work_that_does_not_end_in_time_is_left_to_its_lease(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'records.sqlite'}"
    with running(_SERVE, str(tmp_path), url, "one", "60", "0") as one:
        assert line_from(one) == "one 0"
        one.send_signal(signal.SIGTERM)
        assert line_from(one) == ""
        assert one.wait() == 0
    assert [run.state for run in past(url)] == ["running"]


@contextmanager
def served(home: Path, *arguments: str, **environment: str) -> Generator[tuple[subprocess.Popen[str], str]]:
    """The command itself; with the address that it says it answers on."""
    process = subprocess.Popen(
        [COMMAND, "serve", "--port", "0", *arguments],
        env={**os.environ, "MARKETMOVER_HOME": str(home), **environment},
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        try:
            yield process, line_with(process, "serving ").partition("serving ")[2].partition(" ")[0]
        finally:
            process.kill()


def line_with(process: subprocess.Popen[str], words: str) -> str:
    """The next line that it says with these words in it; none where it ended first."""
    assert process.stderr is not None
    return next((line for line in iter(process.stderr.readline, "") if words in line), "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_runs_what_is_due_answers_for_its_health_and_ends_well(tmp_path: Path, number: int) -> None:
    with served(tmp_path / "home", MARKETMOVER_SCHEDULES="land: off; notices: off; publish: off; watch: off") as (
        process,
        address,
    ):
        for probe in ("healthz", "readyz", "v1/version"):
            with urllib.request.urlopen(f"{address}/{probe}") as answer:  # noqa: S310 - this machine
                assert (answer.status, json.load(answer)["status"]) == (200, "ok")
        with pytest.raises(urllib.error.HTTPError) as nothing:
            urllib.request.urlopen(f"{address}/secret.key")  # noqa: S310 - this machine
        nothing.value.close()
        assert nothing.value.code == 404
        assert f"{address}/v1/links/page#" in line_with(process, "nobody can sign in yet")
        assert line_with(process, "tidy: done: 0 runs")
        process.send_signal(number)
        assert line_with(process, "stopped").endswith("stopped\n")
        assert process.wait() == 0


def test_a_port_that_is_taken_and_a_schedule_that_is_none_are_told_at_the_start(tmp_path: Path) -> None:
    with served(tmp_path / "home") as (_, address):
        port = address.rsplit(":", maxsplit=1)[-1]
        environment = {**os.environ, "MARKETMOVER_HOME": str(tmp_path / "home")}
        taken = subprocess.run(
            [COMMAND, "serve", "--port", port], env=environment, capture_output=True, text=True, check=False
        )
        assert (taken.returncode, f"Port {port} of 127.0.0.1" in taken.stderr) == (2, True)
    wrong = subprocess.run(
        [COMMAND, "serve"],
        env={**environment, "MARKETMOVER_SCHEDULES": "tidy: now and then"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 1
    assert "MARKETMOVER_SCHEDULES, tidy: 'now and then' says no schedule." in wrong.stderr


def test_jobs_are_listed_and_run_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MARKETMOVER_SCHEDULES", "land: off")
    assert run(["jobs", "run", "tidi"]) == 1
    assert "Did you mean 'tidy'?" in capsys.readouterr().err
    assert run(["jobs", "run", "tidy"]) == 0
    assert capsys.readouterr().out == (
        "tidy: 0 runs of jobs and 0 tasks older than 90 days forgotten, 0 files of old pulls thinned out\n"
    )
    assert run(["jobs", "list"]) == 0
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()}
    assert " done " in rows["tidy"]
    assert rows["land"].split()[1:] == ["by", "hand", "never", "off"]
    assert run(["jobs", "list", "--json"]) == 0
    [tidy] = [job for job in json.loads(capsys.readouterr().out) if job["name"] == "tidy"]
    assert (tidy["schedule"], tidy["last"]["state"]) == ("daily at 03:15 UTC", "done")


def test_a_schedule_for_a_job_that_is_none_is_warned_of(tmp_path: Path) -> None:
    app = open_app(Settings(home=tmp_path, schedules="pul: every 5 minutes; tidy: off"))
    assert unknown_schedules(app) == ["pul"]


def test_schedules_are_set_by_name_or_by_the_first_word_and_may_be_off(tmp_path: Path) -> None:
    assert read_schedules(" pull: every 30 minutes ;; pull shop-2 : off;") == {"pull": Every(30), "pull shop-2": None}
    with pytest.raises(SettingsError, match="pull every day"):
        read_schedules("pull every day")
    off = open_app(Settings(home=tmp_path, schedules="tidy: off"))
    assert {job.name for job in off.jobs() if job.schedule is None} == {"tidy"}


def test_tasks_are_listed_shown_and_cancelled_by_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("MARKETMOVER_HOME", str(home))
    with open_app(Settings(home=home)).home() as stores, stores.records.session() as session:
        task = submit(session, "default", "jobs.run", {"name": "tidy"}, asked_by="ann", about="tidy", now=utc_now())
    assert run(["jobs", "tasks", "--state", "queued", "--kind", "jobs"]) == 0
    assert f"{task.id[:12]}  jobs.run  tidy" in capsys.readouterr().out
    assert run(["jobs", "tasks", "--state", "ready"]) == 2
    assert "queued, running, done" in capsys.readouterr().err
    assert run(["jobs", "cancel", task.id[:8]]) == 0
    assert capsys.readouterr().out == f"{task.id}: cancelled\n"
    assert run(["jobs", "cancel", task.id]) == 0
    assert "cancelled already" in capsys.readouterr().out
    assert run(["jobs", "show", task.id[:8]]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["state"], shown["arguments"], shown["result"]) == ("cancelled", {"name": "tidy"}, None)
    assert run(["jobs", "show", "%"]) == 1
    assert "There is no task '%'" in capsys.readouterr().err


def test_the_command_does_tasks_and_the_jobs_of_other_workspaces(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with open_app(Settings(home=home, workspace="acme")).home() as stores, stores.records.session() as session:
        submit(session, "acme", "jobs.run", {"name": "notices"}, asked_by="ann", now=utc_now())
    schedules = "land: off; notices: off; publish: off; watch: off; tidy: daily at 03:15 UTC"
    with served(home, MARKETMOVER_SCHEDULES=schedules) as (process, _):
        said = {line_with(process, ": done: ").split(" ", 2)[2].split(": ")[0] for _ in range(4)}
    assert {"jobs.run of acme", "tidy", "tidy of acme"} <= said
