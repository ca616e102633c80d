"""Scheduled pulls that fail or fall behind: what people are told, once a day, and when it is over."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from marketmover.access import Account, add_account
from marketmover.access.records import AccountRow
from marketmover.app.opening import App
from marketmover.errors import MarketmoverError, PlatformError
from marketmover.history.pulls import Document, ExportChunk, SourceAccount
from marketmover.history.records import ExportPull
from marketmover.jobs import StoppedError, holding
from marketmover.kit import utc_now
from marketmover.monitoring.notices import Notice
from marketmover.monitoring.notices.outbox import latest
from marketmover.settings import Settings

EXPIRED = PlatformError("The access to shop has run out.", "Sign in again.", kind="expired")
AWAY = PlatformError("Google Ads cannot be reached.", "Wait.", kind="unavailable")
TODAY = utc_now().date()


class Days:
    """An account with one row a day; `wrong` is raised instead of giving anything."""

    platform = "google_ads"
    today = TODAY
    wrong: MarketmoverError | None = None

    def account(self) -> SourceAccount:
        if self.wrong is not None:
            raise self.wrong
        return SourceAccount("google_ads", "7", "Shop", "EUR", "UTC", self.today, simulated=True)

    def chunks(self, since: date, until: date) -> Sequence[ExportChunk]:
        return [ExportChunk("daily", max(since, TODAY - timedelta(days=9)), until)]

    def fetch(self, chunk: ExportChunk, resume: str | None, keep: Callable[[str], None]) -> Iterator[Document]:  # noqa: ARG002 - as the source is asked
        assert chunk.first is not None
        assert chunk.last is not None
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
