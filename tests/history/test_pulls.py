"""Pulls of connected accounts, from real accounts that serve what a sandbox market exported."""

import json
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest
from folder_exports import FolderExports, failing
from sqlalchemy import update
from sqlalchemy.orm import Session

from marketmover.access import Account
from marketmover.errors import InputError, NotFoundError, PlatformError, StoreError, UsageError
from marketmover.history import import_history, load_panel
from marketmover.history.pulls.facts import EXPORTS_PULLED, ExportsPulled
from marketmover.history.pulls.folders import lay_out_anew
from marketmover.history.pulls.lag import freshness
from marketmover.history.pulls.landing import Landed, land_pulls, raise_for_waiting
from marketmover.history.pulls.ledger import pulls_of
from marketmover.history.pulls.service import PullReport, pull_exports
from marketmover.history.pulls.source import Document, ExportChunk
from marketmover.history.records import ExportPull, ExportPullChunk
from marketmover.history.tables import FACTS, IMPORTS, LEADS, current_rows
from marketmover.jobs import LeaseLostError
from marketmover.monitoring import find_pulls
from marketmover.sandbox import create_market, write_history
from marketmover.store import Lake, StoreOpener, Stores

TODAY = date(2026, 1, 5)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("market") / "exported"
    market = create_market(4, 75, 5, end=TODAY - timedelta(days=1), sells="leads", currency="EUR", countries=("NL",))
    write_history(market, folder)
    return folder


@pytest.fixture
def stores(opener: StoreOpener) -> Generator[Stores]:
    with opener.home() as opened:
        yield opened


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 5, 6, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        self.at += timedelta(**time)


def pulled(stores: Stores, source: FolderExports, *, since: date | None = None, now: Clock | None = None) -> PullReport:
    return pull_exports(stores, source, since=since, now=now or Clock(), progress=lambda *_: None)


def landed(stores: Stores) -> list[str | None]:
    return [one.problem for one in land_pulls(stores, now=Clock(), progress=lambda *_: None)]


def facts(lake: Lake) -> list[tuple[object, ...]]:
    return sorted(
        (tuple(row[name] for name in (*FACTS.key, "impressions", "cost_micros")) for row in current_rows(lake, FACTS)),
        key=str,
    )


def test_what_was_pulled_is_what_an_import_of_the_same_exports_reads(
    stores: Stores, exported: Path, opener: StoreOpener
) -> None:
    for platform in ("google_ads", "meta_ads"):
        pulled(stores, FolderExports(exported, platform, TODAY))
    assert landed(stores) == [None, None]
    with opener.temporary() as other:
        import_history(other.lake, exported, now=Clock()(), as_of=TODAY, progress=lambda *_: None)
        ours = load_panel(stores.lake, as_of=TODAY)
        theirs = load_panel(other.lake, as_of=TODAY)
    assert ours.line_ids == theirs.line_ids
    assert ours.cost.tolist() == theirs.cost.tolist()
    assert ours.conversions == pytest.approx(theirs.conversions)  # summed up in another order
    assert ours.simulated


def test_a_second_pull_takes_the_last_thirty_days_again_and_adds_nothing_that_is_known(
    stores: Stores, exported: Path
) -> None:
    first = pulled(stores, FolderExports(exported, "google_ads", TODAY))
    assert first.first_day == TODAY - timedelta(days=730)
    landed(stores)
    before = facts(stores.lake)
    second = pulled(stores, FolderExports(exported, "google_ads", TODAY))
    assert (second.first_day, second.last_day) == (TODAY - timedelta(days=30), TODAY - timedelta(days=1))
    land = land_pulls(stores, now=Clock(), progress=lambda *_: None)
    assert land[0].report is not None
    assert land[0].report.added == 0
    assert facts(stores.lake) == before


def test_after_a_gap_the_days_missed_are_fetched_with_those_before_them(stores: Stores, exported: Path) -> None:
    pulled(stores, FolderExports(exported, "google_ads", TODAY - timedelta(days=5)))
    report = pulled(stores, FolderExports(exported, "google_ads", TODAY))
    assert report.first_day == TODAY - timedelta(days=34)
    assert report.last_day == TODAY - timedelta(days=1)


def test_since_says_where_to_begin(stores: Stores, exported: Path) -> None:
    since = date(2025, 12, 20)
    report = pulled(stores, FolderExports(exported, "google_ads", TODAY), since=since)
    landed(stores)
    assert report.first_day == since
    assert min(row[4] for row in facts(stores.lake)) == since  # pyright: ignore[reportArgumentType] - a date
    with pytest.raises(UsageError, match="no whole day from 2026-01-05"):
        pulled(stores, FolderExports(exported, "google_ads", TODAY), since=TODAY)


def test_a_pull_that_a_platform_cut_off_goes_on_where_it_was(stores: Stores, exported: Path) -> None:
    broken = FolderExports(exported, "google_ads", TODAY, on_step=failing("unavailable", "page actions"))
    with pytest.raises(PlatformError):
        pulled(stores, broken, since=date(2025, 11, 1))
    assert landed(stores) == []
    again = FolderExports(exported, "google_ads", TODAY)
    report = pulled(stores, again)
    assert report.number == 1
    assert report.first_day == date(2025, 11, 1)
    assert again.resumed == {"actions": "report of actions"}
    assert (again.fetched[0].kind, again.fetched[0].first) == ("actions", date(2025, 11, 1))
    assert report.fetched == report.chunks - 1
    assert landed(stores) == [None]


def test_what_was_fetched_of_recent_days_is_fetched_again_when_the_pull_goes_on_later(
    stores: Stores, exported: Path
) -> None:
    clock = Clock()
    broken = FolderExports(exported, "google_ads", TODAY - timedelta(days=1), on_step=failing("throttled", "begin ads"))
    with pytest.raises(PlatformError):
        pulled(stores, broken, since=date(2025, 11, 1), now=clock)
    clock.pass_by(days=1)
    again = FolderExports(exported, "google_ads", TODAY)
    report = pulled(stores, again, now=clock)
    fetched = {(chunk.kind, chunk.first) for chunk in again.fetched}
    assert ("daily", date(2025, 11, 1)) not in fetched  # over for good
    assert ("daily", date(2025, 12, 1)) in fetched
    assert ("daily", date(2025, 12, 31)) in fetched
    assert ("campaign_criteria", None) in fetched
    assert report.last_day == TODAY - timedelta(days=1)


def test_a_chunk_of_figures_that_is_refused_fails_the_pull_and_its_reason_is_kept(
    stores: Stores, exported: Path
) -> None:
    with pytest.raises(PlatformError, match="failed at begin daily"):
        pulled(stores, FolderExports(exported, "google_ads", TODAY, on_step=failing("refused", "begin daily")))
    with stores.records.session() as session:
        found = freshness(session, stores.workspace, Clock()())[0]
    assert (found.problem, found.last_day, found.under_way) == ("It failed at begin daily.", None, (0, 54))


def test_structure_that_an_account_does_not_offer_is_told_and_passed_over(stores: Stores, exported: Path) -> None:
    source = FolderExports(exported, "google_ads", TODAY, on_step=failing("refused", "begin campaign_simulations"))
    report = pulled(stores, source)
    assert report.refused == (("campaign_simulations", "It failed at begin campaign_simulations. Try again later."),)
    assert landed(stores) == [None]


def test_a_report_that_is_gone_is_asked_for_anew(stores: Stores, exported: Path) -> None:
    with pytest.raises(PlatformError):
        pulled(stores, FolderExports(exported, "meta_ads", TODAY, on_step=failing("throttled", "page insights")))
    again = FolderExports(exported, "meta_ads", TODAY, on_step=failing("refused", "begin insights"))
    pulled(stores, again)
    assert again.resumed == {"insights": "report of insights"}
    assert landed(stores) == [None]


def test_a_file_that_went_before_it_landed_is_told_and_its_days_are_fetched_again(
    stores: Stores, exported: Path
) -> None:
    pulled(stores, FolderExports(exported, "google_ads", TODAY), since=date(2025, 12, 1))
    for name in stores.files.list("pulls"):
        if "daily" in name:
            stores.files.delete(name)
    assert [problem is not None and "changed or went" in problem for problem in landed(stores)] == [True]
    assert pulled(stores, FolderExports(exported, "google_ads", TODAY)).first_day == TODAY - timedelta(days=730)
    assert landed(stores) == [None]


def test_a_file_that_changed_is_fetched_again_when_the_pull_goes_on(stores: Stores, exported: Path) -> None:
    with pytest.raises(PlatformError):
        pulled(stores, FolderExports(exported, "google_ads", TODAY, on_step=failing("expired", "begin ads")))
    with stores.records.session() as session:
        session.execute(update(ExportPullChunk).where(ExportPullChunk.place == 3).values(digest="something else"))
    again = FolderExports(exported, "google_ads", TODAY)
    pulled(stores, again)
    assert len([chunk for chunk in again.fetched if chunk.first is not None]) == 1
    assert landed(stores) == [None]


def test_a_file_that_nobody_knows_of_does_not_land(stores: Stores, exported: Path) -> None:
    pulled(stores, FolderExports(exported, "google_ads", TODAY))
    orphan = "pulls/google_ads-x/00001/google_ads/daily.json.gz"
    with stores.records.session() as session:
        folder = pulls_of(session, stores.workspace)[0]
    orphan = f"pulls/google_ads-{folder.account_id}/00001/google_ads/daily_1.json"
    stores.files.write_text(orphan, "no JSON at all")
    assert landed(stores) == [None]
    assert not stores.files.exists(orphan)


def test_an_import_that_was_cut_off_before_its_place_in_the_stream_was_kept_adds_nothing(
    stores: Stores, exported: Path
) -> None:
    pulled(stores, FolderExports(exported, "google_ads", TODAY))
    landed(stores)
    before = facts(stores.lake)
    with stores.records.session() as session:
        session.execute(update(ExportPull).values(state="done"))
    stores.stream.seek("lake", EXPORTS_PULLED, 0)
    land = land_pulls(stores, now=Clock(), progress=lambda *_: None)
    assert land[0].report is not None
    assert land[0].report.added == 0
    assert facts(stores.lake) == before


def test_late_and_corrected_figures_replace_earlier_ones(stores: Stores, exported: Path, tmp_path: Path) -> None:
    pulled(stores, FolderExports(exported, "google_ads", TODAY))
    landed(stores)
    later = tmp_path / "later"
    (later / "google_ads").mkdir(parents=True)
    for path in (exported / "google_ads").glob("*.json"):
        text = path.read_text(encoding="utf-8")
        if path.name.startswith("daily_"):
            text = text.replace('"costMicros":"', '"costMicros":"1')
        (later / "google_ads" / path.name).write_text(text, encoding="utf-8")
    before = {row[:7]: row for row in facts(stores.lake)}
    pulled(stores, FolderExports(later, "google_ads", TODAY))
    landed(stores)
    after = {row[:7]: row for row in facts(stores.lake)}
    assert after.keys() == before.keys()
    changed = {row[4] for key, row in before.items() if after[key] != row}
    assert min(changed) >= TODAY - timedelta(days=30)  # pyright: ignore[reportArgumentType] - dates
    assert len(changed) == 30


def test_freshness_tells_days_behind_what_waits_and_what_is_under_way(stores: Stores, exported: Path) -> None:
    pulled(stores, FolderExports(exported, "google_ads", TODAY))
    with stores.records.session() as session:
        waits = freshness(session, stores.workspace, Clock()() + timedelta(minutes=5))[0]
    assert (waits.last_day, waits.waiting, waits.lag_s, waits.under_way) == (None, 1, 300.0, None)
    landed(stores)
    with stores.records.session() as session:
        known = freshness(session, stores.workspace, Clock()())[0]
    assert (known.last_day, known.days_behind, known.waiting) == (TODAY - timedelta(days=1), 0, 0)
    late = FolderExports(exported, "google_ads", TODAY + timedelta(days=3), on_step=failing("expired", "begin ads"))
    with pytest.raises(PlatformError):
        pulled(stores, late)
    with stores.records.session() as session:
        behind = freshness(session, stores.workspace, Clock()())[0]
    assert (behind.days_behind, behind.problem, behind.under_way) == (3, "It failed at begin ads.", (5, 8))


def test_pulls_are_laid_out_as_a_history_up_to_a_day_and_each_days_pull_since(
    stores: Stores, exported: Path, tmp_path: Path, opener: StoreOpener
) -> None:
    start = date(2025, 12, 20)
    for today in (TODAY - timedelta(days=2), TODAY, TODAY):
        pulled(stores, FolderExports(exported, "google_ads", today), since=date(2025, 12, 1))
    laid = lay_out_anew(stores, tmp_path / "laid", start)
    assert laid.last_day == TODAY - timedelta(days=1)
    assert [day for day, _ in find_pulls(laid.live)] == [TODAY - timedelta(days=3), TODAY - timedelta(days=1)]
    with opener.temporary() as other:
        report = import_history(other.lake, laid.history, now=Clock()(), as_of=TODAY, progress=lambda *_: None)
    assert (report.first_date, report.last_date) == (date(2025, 12, 1), start - timedelta(days=1))
    assert (report.simulated, report.quarantine) == (True, {})
    with pytest.raises(InputError, match="holds something already"):
        lay_out_anew(stores, tmp_path / "laid", start)


def test_without_a_pull_there_is_nothing_to_lay_out(stores: Stores, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="holds no pulled exports"):
        lay_out_anew(stores, tmp_path / "laid")


def days_asked(
    stores: Stores, exported: Path, platform: str, todays: list[int], since: date | None = None
) -> list[int]:
    """How many days the pulls of an account take, one after the other on these days from TODAY on."""
    spans: list[int] = []
    for day in todays:
        report = pulled(stores, FolderExports(exported, platform, TODAY + timedelta(days=day)), since=since)
        spans.append((report.last_day - report.first_day).days + 1)
        since = None
    return spans


def test_once_a_week_googles_conversions_of_ninety_days_are_fetched_again(stores: Stores, exported: Path) -> None:
    assert days_asked(stores, exported, "google_ads", [0, 1, 6, 7, 8, 14, 14]) == [730, 30, 34, 90, 30, 95, 30]
    assert days_asked(stores, exported, "meta_ads", [0, 1, 7, 14]) == [730, 30, 35, 36]


def test_a_weekly_deeper_pull_does_not_reach_back_beyond_what_a_person_asked_for(
    stores: Stores, exported: Path
) -> None:
    since = TODAY - timedelta(days=40)
    assert days_asked(stores, exported, "google_ads", [0, 1, 8, 9], since) == [40, 30, 48, 30]


class WithCrm(FolderExports):
    """An account beside which a CRM tells leads; while `away` it raises that."""

    away: PlatformError | None = None

    def chunks(self, since: date, until: date) -> Sequence[ExportChunk]:
        return [*super().chunks(since, until), ExportChunk("leads", since, until, optional=True)]

    def fetch(self, chunk: ExportChunk, resume: str | None, keep: Callable[[str], None]) -> Iterator[Document]:
        if chunk.kind != "leads":
            yield from super().fetch(chunk, resume, keep)
            return
        self.fetched.append(chunk)
        if self.away is not None:
            raise self.away
        for path in sorted((self.folder / "crm").glob("*.json")):
            leads = json.loads(path.read_text(encoding="utf-8"))
            yield from (lead for lead in leads if lead["platform"] == self.platform)


@pytest.mark.parametrize("kind", ["refused", "unavailable"])
def test_figures_land_without_a_crm_and_the_leads_are_asked_for_again_from_the_first_day_missed(
    stores: Stores, exported: Path, kind: Literal["refused", "unavailable"]
) -> None:
    pulled(stores, FolderExports(exported, "google_ads", TODAY - timedelta(days=20)))  # before a CRM was named
    away = PlatformError("The CRM at crm.example does not tell leads.", "Look.", kind=kind)
    for day in (2, 1):
        source = WithCrm(exported, "google_ads", TODAY - timedelta(days=day))
        source.away = away
        report = pulled(stores, source, since=TODAY - timedelta(days=40) if day == 2 else None)
        assert report.missed == (("leads", str(away)),)
    assert landed(stores) == [None, None, None]
    with stores.records.session() as session:
        found = freshness(session, stores.workspace, Clock()())[0]
    assert (found.last_day, found.missing, found.problem) == (TODAY - timedelta(days=2), report.missed, None)
    source = WithCrm(exported, "google_ads", TODAY)
    assert pulled(stores, source).missed == ()
    assert (source.fetched[-1].kind, source.fetched[-1].first) == ("leads", TODAY - timedelta(days=40))
    landed(stores)
    assert current_rows(stores.lake, LEADS)
    with stores.records.session() as session:
        assert freshness(session, stores.workspace, Clock()())[0].missing == ()
    source = WithCrm(exported, "google_ads", TODAY)
    pulled(stores, source)
    assert source.fetched[-1].first == TODAY - timedelta(days=30)


def test_a_pull_that_fails_to_land_waits_with_those_after_it_and_other_accounts_land(
    stores: Stores, exported: Path
) -> None:
    for platform, today in (("google_ads", TODAY), ("google_ads", TODAY), ("meta_ads", TODAY)):
        pulled(stores, FolderExports(exported, platform, today), since=date(2025, 12, 1))
    full = OSError(28, "No space left on device")

    def fill_once(_: float, step: str, left: list[int] = [1]) -> None:  # noqa: B006 - counts over the calls
        if left[0] and step == "checking":
            left[0] -= 1
            raise full

    first, other = land_pulls(stores, now=Clock(), progress=fill_once)
    assert (first.pull.platform, first.waits, "No space left" in str(first.problem)) == ("google_ads", True, True)
    assert (other.pull.platform, other.problem) == ("meta_ads", None)
    with pytest.raises(StoreError, match="1 pull could not be read into the lake, and waits"):
        raise_for_waiting([first, other])
    with stores.records.session() as session:
        google, meta = freshness(session, stores.workspace, Clock()())
    assert (google.waiting, google.spoilt, meta.waiting) == (2, 0, 0)
    assert "No space left" in str(google.problem)
    assert landed(stores) == [None, None]  # and Meta's not a second time
    assert stores.stream.read(EXPORTS_PULLED, "lake") == []


def test_a_pull_whose_account_was_forgotten_meanwhile_holds_up_nothing(stores: Stores, exported: Path) -> None:
    with stores.records.session() as session:
        stores.stream.publish(session, EXPORTS_PULLED, ExportsPulled("google_ads", "gone", 1).payload(), key="gone")
    pulled(stores, FolderExports(exported, "google_ads", TODAY), since=date(2025, 12, 25))
    assert landed(stores) == [None]


def test_what_was_landed_while_another_process_took_over_is_not_written_down_as_landed(
    stores: Stores, exported: Path
) -> None:
    pulled(stores, FolderExports(exported, "google_ads", TODAY), since=date(2025, 12, 25))

    def taken_over(_: Session) -> None:
        raise LeaseLostError("It was taken over.")

    with pytest.raises(LeaseLostError):
        land_pulls(stores, now=Clock(), progress=lambda *_: None, confirm=taken_over)
    assert landed(stores) == [None]


def test_threads_that_land_the_same_pull_at_once_double_nothing_and_do_not_disturb_each_other(
    exported: Path, opener: StoreOpener
) -> None:
    with opener.home() as stores:
        pulled(stores, FolderExports(exported, "google_ads", TODAY), since=date(2025, 12, 1))
    start, found = threading.Barrier(3), list[Landed]()

    def land() -> None:
        with opener.home() as own:
            start.wait()
            found.extend(land_pulls(own, now=Clock(), progress=lambda *_: None))

    threads = [threading.Thread(target=land) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {one.problem for one in found} == {None}
    added = sorted(one.report.added for one in found if one.report)
    with opener.home() as stores:
        assert stores.lake.table(IMPORTS.name).count().to_pyarrow().as_py() == len(added)
        assert stores.lake.table(FACTS.name).count().to_pyarrow().as_py() <= added[-1]
    assert added[:-1] == [0] * (len(added) - 1)


def test_freshness_leaves_out_accounts_that_are_not_connected(stores: Stores, exported: Path) -> None:
    for platform in ("google_ads", "meta_ads"):
        pulled(stores, FolderExports(exported, platform, TODAY), since=date(2025, 12, 25))
    with stores.records.session() as session:
        meta = freshness(session, stores.workspace, Clock()())[1]
        connected = [Account("shop", meta.platform, meta.account_id, {}, Clock()())]
        assert freshness(session, stores.workspace, Clock()(), connected) == [meta]
        assert freshness(session, stores.workspace, Clock()(), []) == []
