"""The job that publishes on a plan's first day, and what people are told where that fails or needs them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from tests.campaigns.publishing.conftest import ANNE, START, make_plan, write_plan_folder
from tests.campaigns.publishing.file_platform import FilePlatform

from marketmover.access import Account
from marketmover.app.opening import App
from marketmover.campaigns.publishing.abandoning import abandon
from marketmover.campaigns.publishing.approving import approve
from marketmover.campaigns.publishing.opening import open_publisher
from marketmover.errors import MarketmoverError
from marketmover.jobs import holding
from marketmover.kit import utc_now
from marketmover.monitoring.notices import Notice
from marketmover.monitoring.notices.outbox import latest
from marketmover.settings import Settings


class Home(App):
    """An installation with two accounts, each a platform in a file, and a plan that waits for its first day."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Settings(home=folder / "home"))
        self.folder = folder
        self.plan = folder / "plan"

    def accounts(self, platform: str | None = None) -> list[Account]:
        ids = {"google_ads": "1234567890", "meta_ads": "444"}
        return [Account(name, name, number, {}, utc_now()) for name, number in ids.items() if platform in (None, name)]

    def platform_of(self, account: Account) -> FilePlatform:
        return self.at(account.platform)

    def at(self, platform: str) -> FilePlatform:
        return FilePlatform(self.folder / f"{platform}.json", platform)

    def it_is(self, day: date) -> None:
        for platform in ("google_ads", "meta_ads"):
            self.at(platform).set_today(day)

    def run(self) -> str:
        """Run the job `publish` once; what it says, or what it failed with."""
        (job,) = (job for job in self.jobs() if job.name == "publish")
        with self.home() as stores, holding(stores.records, job.name, lease_s=60.0) as run:
            try:
                return job.work(run)
            except MarketmoverError as error:
                return str(error)

    def told(self) -> Sequence[Notice]:
        with self.home() as stores, stores.records.session(read_only=True) as session:
            return [notice for _, notice in latest(session, self.workspace, 20)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    write_plan_folder(home.plan, make_plan())
    home.at("google_ads").add_line("55", "551", 80.0)
    home.at("meta_ads").add_line("77", "771", 60.0)
    home.it_is(date(2026, 1, 2))
    approve(home.plan, ANNE)
    with open_publisher(home) as publisher:
        publisher.publish(home.plan, ANNE)
    home.notices_file.write_text('[routes.log]\nto = "log"\n', encoding="utf-8")
    return home


def test_on_the_first_day_the_job_changes_running_lines_and_has_nothing_to_complain_of(home: Home) -> None:
    assert home.run() == "0 plans published on the first day, 1 waiting"
    home.it_is(START)
    assert home.run() == "1 plan published on the first day, 0 waiting"
    assert home.at("google_ads").objects()["55"]["budget"] == 100.0
    assert home.run() == "0 plans published on the first day, 0 waiting"
    assert home.told() == []


def test_a_refusal_is_told_once_a_day_and_that_it_is_over(home: Home) -> None:
    home.it_is(START)
    home.at("meta_ads").fault("refused", "change of", times=2)
    assert "wait again" in home.run()
    assert "wait again" in home.run()
    (notice,) = home.told()
    assert (notice.severity, notice.kind, notice.step) == ("critical", "publish", "new")
    assert "could not be published on its first day" in notice.title
    assert "plan publish" in dict(notice.facts)["What to do"]
    home.run()
    assert (home.told()[0].step, home.told()[0].severity) == ("resolved", "critical")  # to all who heard of it


@pytest.mark.parametrize(("ends", "words"), [("publish", "was published"), ("abandon", "was given up")])
def test_a_plan_that_a_person_published_or_gave_up_after_the_job_failed_is_told_to_be_over(
    home: Home, ends: str, words: str
) -> None:
    home.it_is(START)
    home.at("meta_ads").fault("refused", "change of")
    assert "wait again" in home.run()
    with open_publisher(home) as publisher:
        if ends == "publish":
            publisher.publish(home.plan, ANNE)
        else:
            abandon(publisher, home.plan, ANNE)
    for _ in range(2):
        home.run()
        over, trouble = home.told()
        assert (over.step, over.thread, over.severity) == ("resolved", trouble.thread, trouble.severity)
        assert words in over.title


def test_files_that_were_changed_since_need_a_person(home: Home) -> None:
    home.it_is(START)
    file = home.plan / "meta_ads.json"
    file.write_text(file.read_text().replace("10000", "99000"))
    assert "changed since Anne" in home.run()
    assert "changed since Anne" in home.told()[0].body
    assert home.at("meta_ads").objects()["771"]["budget"] == 60.0


def test_one_plan_that_fails_holds_back_no_other(home: Home) -> None:
    other = home.folder / "other"
    write_plan_folder(other, make_plan(["meta_ads:77:771"]))
    approve(other, ANNE)
    with open_publisher(home) as publisher:
        publisher.publish(other, ANNE)
    home.it_is(START)
    (home.plan / "google_ads.json").unlink()
    assert "google_ads.json" in home.run()
    assert home.at("meta_ads").objects()["771"]["budget"] == 100.0
    assert home.at("google_ads").objects()["55"]["budget"] == 80.0
