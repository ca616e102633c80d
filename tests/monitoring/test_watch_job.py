"""The job `watch` over a home with pulls: what it puts into the outbox, told once, and no replay without news."""

from datetime import timedelta
from pathlib import Path

import pytest
from running_lines import FIRST, HISTORY, LIVE, PanelExports, panel_of, plan_of, planted
from sqlalchemy import select

from marketmover.app import open_app
from marketmover.app.opening import App
from marketmover.errors import InputError
from marketmover.history.pulls import land_pulls, pull_exports
from marketmover.jobs import holding
from marketmover.kit import utc_now
from marketmover.monitoring.kept.feed import changes_of
from marketmover.monitoring.kept.records import AlertRow
from marketmover.monitoring.notices import Notice
from marketmover.monitoring.notices.outbox import latest
from marketmover.plans import LogEntry, State
from marketmover.settings import Settings

UNTIL = 9  # live days that were pulled: the trouble began on the sixth


@pytest.fixture
def app(tmp_path: Path) -> App:
    """An installation that tells all to one route, with two pulls; one of two lines has lost most of its clicks."""
    app = open_app(Settings(home=tmp_path / "home"))
    pull(app, 0)
    pull(app, UNTIL)
    app.notices_file.write_text(f'[routes.log]\nto = "log"\nfile = "{tmp_path / "told.log"}"\n', encoding="utf-8")
    return app


def pull(app: App, live: int) -> None:
    panel = panel_of(lines=4, factors=planted("ctr", [3], 5, LIVE, 0.3, lines=4))
    source, since = PanelExports(panel, live), FIRST + timedelta(HISTORY - 60)
    with app.home() as stores:
        pull_exports(stores, source, since=since, now=utc_now, progress=lambda *_: None)


def watch(app: App) -> str:
    """Run the job as `jobs run` does; what it said."""
    return run_job(app, "watch")


def run_job(app: App, name: str) -> str:
    (job,) = (job for job in app.jobs() if job.name == name)
    with app.home() as stores, holding(stores.records, job.name) as run:
        run.said = job.work(run)
    return run.said


def outbox(app: App) -> list[tuple[Notice, str, str]]:
    with app.home() as stores, stores.records.session(read_only=True) as session:
        return [(notice, row.route, row.state) for row, notice in latest(session, app.workspace, 100)]


def test_a_trouble_in_the_pulls_waits_in_the_outbox_and_is_told_once(app: App) -> None:
    assert "1 alert as of" in watch(app)
    ((notice, route, state),) = outbox(app)
    assert (route, state, notice.kind, notice.step) == ("log", "waiting", "anomaly", "new")
    assert "Line 3" in notice.title
    assert dict(notice.facts)["Note"].startswith("Simulated data")
    assert watch(app) == "nothing new was pulled since the last time"
    pull(app, UNTIL + 1)
    assert watch(app).endswith("0 to tell, 0 deliveries")
    assert outbox(app) == [(notice, route, state)]


def test_a_goal_that_is_set_later_is_looked_at_though_nothing_new_was_pulled(app: App, tmp_path: Path) -> None:
    watch(app)
    goals = tmp_path / "goals.json"
    goals.write_text('{"leads": {"at_least": 100000}}')
    app.notices_file.write_text(f'{app.notices_file.read_text()}[watch]\ngoals = "{goals}"\n', encoding="utf-8")
    watch(app)
    assert sorted(notice.kind for notice, _, _ in outbox(app)) == ["anomaly", "underperforming"]
    assert watch(app) == "nothing new was pulled since the last time"
    goals.write_text('{"leads": {"at_least": 1}}')
    watch(app)
    (over,) = (notice for notice, _, _ in outbox(app) if notice.step == "resolved")
    assert over.kind == "underperforming"


def test_without_a_pull_it_says_what_to_do(tmp_path: Path) -> None:
    app = open_app(Settings(home=tmp_path / "home"))
    assert "nobody is told" in watch(app)
    app.notices_file.write_text('[routes.log]\nto = "log"\n', encoding="utf-8")
    assert "holds no pulled exports" in watch(app)
    pull(app, UNTIL)
    assert "1 alert as of" in watch(app)


def test_each_plan_of_a_folder_is_watched_that_is_published_and_has_not_ended(app: App, tmp_path: Path) -> None:
    plans = tmp_path / "plans"
    for name in ("spring", "summer", "draft", "over"):
        plan_on_meta(plans / name, 5 if name == "over" else LIVE)
        if name != "draft":
            (plans / name / "changes.jsonl").write_text(published())
    app.notices_file.write_text(f'{app.notices_file.read_text()}[watch]\nplan = "{plans}"\n', encoding="utf-8")
    land(app)
    said = watch(app)
    assert [part.partition(":")[0] for part in said.split("; ")] == ["spring", "summer"]
    assert len([notice for notice, _, _ in outbox(app) if notice.kind == "anomaly"]) == 1  # of two plans told once
    assert watch(app) == "nothing new was pulled since the last time"
    (plans / "spring" / "plan.json").write_text("no plan")
    with pytest.raises(InputError, match="spring"):
        watch(app)


def test_what_was_told_of_a_plan_is_closed_when_the_plan_ends(app: App, tmp_path: Path) -> None:
    folder = plan_on_meta(tmp_path / "plans" / "spring", UNTIL)
    (folder / "changes.jsonl").write_text(published())
    app.notices_file.write_text(f'{app.notices_file.read_text()}[watch]\nplan = "{folder.parent}"\n', encoding="utf-8")
    land(app)
    assert "1 alert as of" in watch(app)
    assert states(app) == [("open", "")]
    pull(app, UNTIL + 1)
    land(app)
    assert watch(app) == "no plan runs; 1 alert closed with its plan"
    over, trouble = (notice for notice, _, _ in outbox(app))
    assert (over.step, over.thread, over.severity) == ("resolved", trouble.thread, trouble.severity)
    assert over.title.startswith("Closed: ")
    assert "watched no more" in over.body
    assert states(app) == [("resolved", "The plan that it was found for is watched no more.")]
    pull(app, UNTIL + 2)
    assert watch(app) == "no plan runs"
    assert len(outbox(app)) == 2


def test_what_was_told_of_a_plan_of_the_home_is_closed_when_it_ends_and_other_watches_keep_theirs(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, running = plan_on_meta(tmp_path / "p1", LIVE), ["p1"]
    monkeypatch.setattr(App, "running_plans", lambda _: running)
    monkeypatch.setattr(App, "plan_folder", lambda *_: folder)
    assert run_job(app, "watch-plans").startswith("p1: 1 alert as of")
    running.clear()
    assert run_job(app, "watch-plans") == (
        "no plan runs; the job watch looks at all lines; 1 alert closed with its plan"
    )
    assert [notice.step for notice, _, _ in outbox(app)] == ["resolved", "new"]
    assert "1 alert as of" in watch(app)  # it is found again, by the watch of all lines
    assert run_job(app, "watch-plans") == "no plan runs; the job watch looks at all lines"
    assert outbox(app)[0][0].step == "new"


def plan_on_meta(folder: Path, days: int) -> Path:
    """A plan of one line that was pulled."""
    line = next(line.id for line in panel_of(lines=4).lines if line.platform == "meta_ads")
    file = plan_of(1.0, days, folder) / "plan.json"
    file.write_text(file.read_text().replace("google_ads:0:01", line).replace('"google_ads"', '"meta_ads"'))
    return folder


def land(app: App) -> None:
    with app.home() as stores:
        land_pulls(stores, now=utc_now, progress=lambda *_: None)


def states(app: App) -> list[tuple[str, str]]:
    """The alerts that are kept: how each stands, and why."""
    with app.home() as stores, stores.records.session(read_only=True) as session:
        rows = session.scalars(select(AlertRow).where(AlertRow.workspace_id == app.workspace)).all()
        return [(row.state, changes_of(session, app.workspace, row.key)[-1].reason) for row in rows]


def published() -> str:
    entry = LogEntry(
        id="p1", kind="publish", at=utc_now(), who="anne", mode="approve", why="", as_of=FIRST, follows=None,
        before=State(), after=State(),
    )  # fmt: skip
    return entry.model_dump_json(by_alias=True) + "\n"
