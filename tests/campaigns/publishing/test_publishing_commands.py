import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from tests.campaigns.publishing.conftest import OLD_GOOGLE, OLD_META, Desk, make_plan, write_plan_folder
from tests.campaigns.publishing.file_platform import FilePlatform
from typer.testing import CliRunner

from marketmover.access import Account, audit
from marketmover.campaigns.commands import app
from marketmover.kit import utc_now
from marketmover.settings import Settings
from marketmover.store import StoreOpener


class Connected(StoreOpener):
    """An installation with two accounts, each a platform in a file."""

    def __init__(self, home: Path, accounts: Path) -> None:
        super().__init__(Settings(home=home))
        self._accounts = accounts

    def accounts(self, platform: str | None = None) -> Sequence[Account]:
        ids = {"google_ads": "1234567890", "meta_ads": "444"}
        return [Account(name, name, number, {}, utc_now()) for name, number in ids.items() if platform in (None, name)]

    def platform_of(self, account: Account) -> FilePlatform:
        return FilePlatform(self._accounts / f"{account.platform}.json", account.platform)


@dataclass(frozen=True)
class Answer:
    code: int
    out: str


class Person:
    """Somebody at a terminal."""

    def __init__(self, home: StoreOpener) -> None:
        self.home = home

    def says(self, *words: str | Path) -> Answer:
        done = CliRunner().invoke(app, [str(word) for word in words], obj=self.home)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            return Answer(getattr(done.exception, "exit_code", 99), str(done.exception))
        return Answer(done.exit_code, done.output)


@pytest.fixture
def person(desk: Desk, tmp_path: Path) -> Person:
    return Person(Connected(tmp_path / "home", desk.folder.parent))


def test_a_plan_is_published_changed_and_taken_back_from_the_command_line(
    desk: Desk, person: Person, tmp_path: Path
) -> None:
    assert "not approved" in person.says("publish", desk.folder).out
    assert person.says("approve", desk.folder).code == 2
    assert person.says("approve", desk.folder, "--by", "Anne").code == 0
    assert "nothing was sent" in person.says("publish", desk.folder, "--dry-run").out.lower()
    assert "is paused" in person.says("publish", desk.folder, "--by", "Anne").out
    assert person.says("publish", desk.folder, "--start").code == 2
    assert "What is new is switched on." in person.says("publish", desk.folder, "--start", "--by", "Anne").out
    change = {"line_id": OLD_GOOGLE, "action": "set_daily_budget", "from": 100.0, "to": 130.0, "reason": "more"}
    (tmp_path / "changes.json").write_text(json.dumps({"as_of": "2026-01-11", "changes": [change]}))
    applied = person.says("apply", desk.folder, "--changes", tmp_path / "changes.json", "--by", "Bo")
    assert "the platforms have 1 change" in applied.out
    assert desk.google.objects()["55"]["budget"] == 130.0
    assert person.says("undo", desk.folder, "--as-of", "2026-01-12").code == 0
    assert desk.google.objects()["55"]["budget"] == 100.0
    with person.home.home() as stores, stores.records.session() as session:
        done = [(entry.who, entry.what) for entry in audit.entries(session, "default")]
    assert ("Anne", "plan.approved") in done
    assert ("Bo", "plan.apply.done") in done


def test_changes_of_a_plan_that_is_not_published_need_no_home(desk: Desk, person: Person, tmp_path: Path) -> None:
    change = {"line_id": OLD_GOOGLE, "action": "pause", "reason": "dear"}
    (tmp_path / "changes.json").write_text(json.dumps({"as_of": "2026-01-11", "changes": [change]}))
    told = person.says("apply", desk.folder, "--changes", tmp_path / "changes.json")
    assert "nothing was sent to the platforms" in told.out
    assert not (tmp_path / "home").exists()


def test_json_is_for_programs(desk: Desk, person: Person) -> None:
    person.says("approve", desk.folder, "--by", "Anne")
    told = json.loads(CliRunner().invoke(app, ["publish", str(desk.folder), "--json"], obj=person.home).stdout)
    assert set(told) == {"steps", "refusals", "lines", "differences", "started", "notes", "waits_until"}
    assert told["differences"] == []


def test_a_start_of_a_plan_without_anything_new_claims_to_switch_on_nothing(desk: Desk, person: Person) -> None:
    write_plan_folder(desk.folder, make_plan([OLD_GOOGLE, OLD_META]))
    person.says("approve", desk.folder, "--by", "Anne")
    told = person.says("publish", desk.folder, "--start", "--by", "Anne").out
    assert "Nothing in it is new, so nothing was switched on." in told


def test_a_plan_waits_for_its_day_and_what_waits_is_told_and_abandoned(desk: Desk, person: Person) -> None:
    for platform in (desk.google, desk.meta):
        platform.set_today(date(2026, 1, 2))
    person.says("approve", desk.folder, "--by", "Anne")
    assert "would change on 5 January 2026" in person.says("publish", desk.folder, "--dry-run").out
    told = person.says("publish", desk.folder, "--by", "Anne").out
    assert "Running lines change on 5 January 2026, the plan's first day." in told
    assert desk.google.objects()["55"]["budget"] == 80.0
    assert "its running lines change on 5 January 2026" in person.says("show", desk.folder).out
    assert "2026-01-05" in person.says("log", desk.folder).out
    gone = person.says("abandon", desk.folder, "--by", "Bo", "--why", "another plan")
    assert "All of it was taken back." in gone.out
    assert set(desk.google.objects()) == {"55"}
    assert "its running lines change" not in person.says("show", desk.folder).out
    assert person.says("abandon", desk.folder, "--by", "Bo").code == 1
    assert "is paused" in person.says("publish", desk.folder, "--now", "--by", "Anne").out
    assert desk.google.objects()["55"]["budget"] == 100.0


def test_the_log_tells_truly_who_approved_and_who_did_what(desk: Desk, person: Person, tmp_path: Path) -> None:
    person.says("approve", desk.folder, "--by", "Anne", "--start")
    person.says("publish", desk.folder, "--by", "Bo")
    change = {"line_id": OLD_GOOGLE, "action": "set_daily_budget", "from": 100.0, "to": 130.0, "reason": "more"}
    (tmp_path / "changes.json").write_text(json.dumps({"as_of": "2026-01-11", "changes": [change]}))
    person.says("apply", desk.folder, "--changes", tmp_path / "changes.json", "--by", "Cy")
    person.says("undo", desk.folder, "--as-of", "2026-01-12", "--by", "Di")
    entries = json.loads(person.says("log", desk.folder, "--json").out)["entries"]
    assert [(one["kind"], one["who"], one["mode"]) for one in entries] == [
        ("approve", "Anne", "approve"),
        ("publish", "Bo", "by_hand"),
        ("start", "Bo", "automatic"),
        ("apply", "Cy", "approve"),
        ("undo", "Di", "by_hand"),
    ]
    assert "by hand" in person.says("log", desk.folder).out
