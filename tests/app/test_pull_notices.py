"""Scheduled pulls that fail or fall behind: what people are told, once a day, and when it is over."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from marketmover.access import Account, add_account, find_account, note_access_ends
from marketmover.access.records import AccountRow
from marketmover.app.accounts.access_life import access_notice
from marketmover.app.opening import App
from marketmover.errors import MarketmoverError, PlatformError
from marketmover.history.pulls import Document, ExportChunk, SourceAccount
from marketmover.history.records import ExportPull
from marketmover.jobs import Job, StoppedError, holding
from marketmover.kit import utc_now
from marketmover.monitoring.notices import Notice
from marketmover.monitoring.notices.outbox import latest
from marketmover.settings import Settings

EXPIRED = PlatformError("The access to shop has run out.", "Sign in again.", kind="expired")
AWAY = PlatformError("Google Ads cannot be reached.", "Wait.", kind="unavailable")
TODAY = utc_now().date()


class Days:
    """An account with one row a day; `wrong` is raised instead of giving anything, `crm` instead of leads."""

    platform = "google_ads"
    today = TODAY
    wrong: MarketmoverError | None = None
    crm: PlatformError | None = None
    broken = False  # while the second of two files comes, the first one goes
    files = Path()

    def account(self) -> SourceAccount:
        if self.wrong is not None:
            raise self.wrong
        return SourceAccount("google_ads", "7", "Shop", "EUR", "UTC", self.today, simulated=True)

    def chunks(self, since: date, until: date) -> Sequence[ExportChunk]:
        daily = ExportChunk("daily", max(since, TODAY - timedelta(days=9)), until)
        if self.broken:
            return [daily, ExportChunk("ads")]
        return [daily, *([ExportChunk("leads", since, until, optional=True)] if self.crm else [])]

    def fetch(self, chunk: ExportChunk, resume: str | None, keep: Callable[[str], None]) -> Iterator[Document]:  # noqa: ARG002 - as the source is asked
        if chunk.kind == "ads":
            for file in self.files.rglob("daily*"):
                file.unlink()
            return
        assert chunk.first is not None
        assert chunk.last is not None
        if chunk.kind == "leads" and self.crm is not None:
            raise self.crm
        days = [chunk.first + timedelta(days=place) for place in range((chunk.last - chunk.first).days + 1)]
        yield {"results": [row(day) for day in days]}

    def close(self) -> None:
        """Nothing is held open."""


def row(day: date) -> dict[str, Any]:
    return {
        "customer": {"id": "7", "currencyCode": "EUR", "timeZone": "UTC"},
        "campaign": {"id": "1", "name": "Spring", "status": "ENABLED"},
        "adGroup": {"id": "11", "name": "All"},
        "metrics": {"impressions": "100", "clicks": "5", "costMicros": "3000000", "conversions": 1.0},
        "segments": {"date": day.isoformat()},
    }


class Home(App):
    """An installation with one connected account of the test's own."""

    source = Days()

    def exports_of(self, account: Account) -> Days:  # noqa: ARG002 - as its base has it
        return self.source


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(Settings(home=tmp_path / "home"))
    home.source = Days()
    home.source.files = tmp_path / "home/files"
    account = Account("shop", "google_ads", "7", {"simulated": "yes"}, utc_now())
    with home.home() as stores, stores.records.session() as session:
        add_account(session, home.secrets, home.workspace, account, {"token": "x"}, who="test")
    home.notices_file.write_text('[routes.log]\nto = "log"\n', encoding="utf-8")
    return home


def pull(home: Home) -> str:
    """Run the account's job; what it said, or went wrong."""
    (job,) = (job for job in home.jobs() if job.name == "pull shop")
    with home.home() as stores:
        try:
            with holding(stores.records, job.name) as run:
                return job.work(run)
        except MarketmoverError as error:
            return str(error)


def change_pulls(home: Home, **values: Any) -> None:
    with home.home() as stores, stores.records.session() as session:
        session.execute(update(ExportPull).values(values))


def told(home: Home) -> list[Notice]:
    """All in the outbox, newest first."""
    with home.home() as stores, stores.records.session(read_only=True) as session:
        return [notice for _, notice in latest(session, home.workspace, 100)]


def test_access_that_has_run_out_is_told_once_with_what_to_do_and_when_it_works_again(home: Home) -> None:
    pull(home)
    assert told(home) == []
    home.source.today = TODAY + timedelta(days=1)
    change_pulls(home, done_at=utc_now() - timedelta(hours=7))
    home.source.wrong = EXPIRED
    assert pull(home) == pull(home) == str(EXPIRED)
    (notice,) = told(home)
    assert (notice.kind, notice.severity, notice.step) == ("pull", "warning", "new")
    assert notice.title == "shop (simulated) cannot be pulled"
    yesterday = TODAY - timedelta(days=1)
    assert notice.body == f"The access to shop has run out. Its figures are known up to {yesterday}."
    assert notice.facts == (("What to do", "Sign in again. Then pull it: marketmover pull --account shop"),)
    home.source.wrong = None
    assert "rows in 1 file" in pull(home)
    pull(home)
    over, before = told(home)
    assert (over.step, over.title, over.thread) == ("resolved", "Over: shop (simulated) is pulled again", before.thread)
    assert before == notice


def test_a_platform_that_is_away_is_no_news_until_figures_are_more_than_a_day_late(home: Home) -> None:
    home.source.today = TODAY - timedelta(days=2)
    pull(home)
    change_pulls(home, done_at=utc_now() - timedelta(hours=7))
    home.source.wrong = AWAY
    pull(home)
    assert told(home) == []
    change_pulls(home, simulated=False)  # its days are counted by the clock, not by the sandbox's last word
    pull(home)
    (notice,) = told(home)
    assert notice.title == "The figures of shop (simulated) are late"
    assert "cannot be reached" in notice.body
    home.source.wrong, home.source.today = None, TODAY
    pull(home)
    assert [one.step for one in told(home)] == ["resolved", "new"]


def test_an_account_that_never_gave_a_day_is_told_after_a_day(home: Home) -> None:
    home.source.wrong = AWAY
    pull(home)
    assert told(home) == []
    with home.home() as stores, stores.records.session() as session:
        session.execute(update(AccountRow).values(added_at=utc_now() - timedelta(days=2)))
    pull(home)
    (notice,) = told(home)
    assert "No day of it is known yet." in notice.body


def test_a_pull_that_is_stopped_or_cannot_be_told_of_goes_on_as_it_would(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    home.source.wrong = StoppedError("It was asked to stop.")
    pull(home)
    home.notices_file.write_text("[routes.a]\n", encoding="utf-8")
    assert told(home) == []
    home.source.wrong = EXPIRED
    assert pull(home) == str(EXPIRED)
    assert "Nobody could be told how pull shop went" in capsys.readouterr().err
    home.notices_file.unlink()
    assert pull(home) == str(EXPIRED)
    assert told(home) == []


def end_in(home: Home, days: int | None) -> None:
    ends = None if days is None else utc_now().date() + timedelta(days)
    with home.home() as stores, stores.records.session() as session:
        note_access_ends(session, home.workspace, "shop", ends)


def test_credentials_that_run_out_are_told_in_time_more_often_near_the_end_and_when_renewed(home: Home) -> None:
    pull(home)
    end_in(home, 40)
    pull(home)
    assert told(home) == []
    for days in (13, 12, 6, 5, 0):
        end_in(home, days)
        pull(home)
        pull(home)
    titles = [notice.title for notice in reversed(told(home))]
    days = [title.rpartition(", ")[2] for title in titles[:-1]]
    assert days == ["in 13 days", "in 12 days", "in 6 days", "in 5 days"]
    assert "shop (simulated) ran out on" in titles[-1]
    end_in(home, None)
    pull(home)
    pull(home)
    assert (told(home)[0].step, told(home)[0].body) == ("resolved", "They do not run out.")
    assert len(told(home)) == 6


def test_days_that_pass_tell_of_the_same_end_at_fourteen_seven_three_one_and_none(home: Home) -> None:
    end, account = TODAY + timedelta(20), None
    end_in(home, 20)
    with home.home() as stores, stores.records.session(read_only=True) as session:
        account = find_account(session, home.workspace, "shop")
        found = [access_notice(session, home.workspace, account, end - timedelta(left)) for left in range(20, -3, -1)]
    assert account.access_ends == end
    keys = [notice.key for notice in found if notice is not None]
    assert [key.rpartition("/")[2] for key in dict.fromkeys(keys)] == ["14", "7", "3", "1", "0"]


def jobs(home: Home) -> dict[str, Job]:
    return {job.name: job for job in home.jobs()}


def test_each_account_is_pulled_in_a_lane_of_its_own_beside_landing_and_watching(home: Home) -> None:
    with home.home() as stores, stores.records.session() as session:
        account = Account("other", "google_ads", "8", {}, utc_now())
        add_account(session, home.secrets, home.workspace, account, {"token": "x"}, who="test")
    lanes = {name: job.lane for name, job in jobs(home).items()}
    own = [lanes[name] for name in ("pull shop", "pull other", "land", "watch", "notices")]
    assert len(set(own)) == len(own)


def test_a_pull_does_not_wait_for_another_that_lands_and_the_job_land_takes_what_it_left(home: Home) -> None:
    with home.home() as stores, holding(stores.records, "land"):
        assert "it waits to land: land is being done by process" in pull(home)
    with home.home() as stores, holding(stores.records, "land") as run:
        assert jobs(home)["land"].work(run) == "1 pull landed with 11 rows new or changed"


def test_what_cannot_be_read_is_fetched_again_after_waits_that_grow_and_told_once(home: Home) -> None:
    home.source.broken = True
    assert "pull 1 of Shop could not:" in pull(home)
    assert pull(home) == "nothing new is due"
    (notice,) = told(home)
    assert notice.title == "What is pulled of shop (simulated) cannot be read"
    for hours, due in ((0.6, True), (0.6, False), (1.1, True), (1.1, False), (2.1, True)):
        change_pulls(home, done_at=utc_now() - timedelta(hours=hours))
        assert (pull(home) != "nothing new is due") is due
    assert told(home) == [notice]
    change_pulls(home, done_at=utc_now() - timedelta(hours=25))
    home.source.broken = False
    assert "1 pull landed" in pull(home)
    assert [one.step for one in told(home)] == ["resolved", "new"]


def test_leads_that_a_crm_does_not_tell_are_told_and_when_they_come_again(home: Home) -> None:
    home.source.crm = PlatformError("The CRM at crm.example refused (status 404).", "Mend its address.", kind="refused")
    assert "no leads: The CRM at crm.example refused" in pull(home)
    (notice,) = told(home)
    assert notice.title == "shop (simulated) is pulled without leads"
    assert "status 404" in notice.body
    home.source.crm = None
    change_pulls(home, done_at=utc_now() - timedelta(hours=7))
    pull(home)
    assert [one.step for one in told(home)] == ["resolved", "new"]


def test_a_pull_that_waits_to_land_for_longer_than_an_hour_is_told(home: Home) -> None:
    with home.home() as stores, holding(stores.records, "land"):
        pull(home)
    change_pulls(home, problem="OSError(28, 'No space left on device')", done_at=utc_now() - timedelta(minutes=50))
    pull(home)
    assert told(home) == []
    change_pulls(home, done_at=utc_now() - timedelta(minutes=70))
    pull(home)
    (notice,) = told(home)
    assert notice.title == "What is pulled of shop (simulated) does not get into the lake"
    assert "No space left" in notice.body
