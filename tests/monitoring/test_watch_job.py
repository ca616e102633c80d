"""The job `watch` over a home with pulls: what it puts into the outbox, told once, and no replay without news."""

from datetime import timedelta
from pathlib import Path

import pytest
from running_lines import FIRST, HISTORY, LIVE, PanelExports, panel_of, plan_of, planted

from marketmover.app import open_app
from marketmover.app.opening import App
from marketmover.errors import InputError
from marketmover.history.pulls import land_pulls, pull_exports
from marketmover.jobs import holding
from marketmover.kit import utc_now
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
    (job,) = (job for job in app.jobs() if job.name == "watch")
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
    line = next(line.id for line in panel_of(lines=4).lines if line.platform == "meta_ads")
    for name in ("spring", "summer", "draft", "over"):
        file = plan_of(1.0, 5 if name == "over" else LIVE, plans / name) / "plan.json"
        file.write_text(file.read_text().replace("google_ads:0:01", line).replace('"google_ads"', '"meta_ads"'))
        if name != "draft":
            (plans / name / "changes.jsonl").write_text(published())
    app.notices_file.write_text(f'{app.notices_file.read_text()}[watch]\nplan = "{plans}"\n', encoding="utf-8")
    with app.home() as stores:
        land_pulls(stores, now=utc_now, progress=lambda *_: None)
    said = watch(app)
    assert [part.partition(":")[0] for part in said.split("; ")] == ["spring", "summer"]
    assert len([notice for notice, _, _ in outbox(app) if notice.kind == "anomaly"]) == 1  # of two plans told once
    assert watch(app) == "nothing new was pulled since the last time"
    (plans / "spring" / "plan.json").write_text("no plan")
    with pytest.raises(InputError, match="spring"):
        watch(app)


def published() -> str:
    entry = LogEntry(
        id="p1", kind="publish", at=utc_now(), who="anne", mode="approve", why="", as_of=FIRST, follows=None,
        before=State(), after=State(),
    )  # fmt: skip
    return entry.model_dump_json(by_alias=True) + "\n"
