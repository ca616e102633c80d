import contextlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.engine import make_url
from tests.campaigns.publishing.conftest import (
    ANNE,
    NEW_GOOGLE,
    NEW_META,
    OLD_GOOGLE,
    OLD_META,
    Desk,
    desk_publisher,
)
from tests.campaigns.publishing.file_platform import FilePlatform

from marketmover.campaigns.plan_file import load_plan
from marketmover.campaigns.publishing import service
from marketmover.campaigns.publishing.abandoning import abandon
from marketmover.campaigns.publishing.approving import approve
from marketmover.campaigns.publishing.platform import Step
from marketmover.campaigns.tuning.in_force import InForce, apply_changes
from marketmover.errors import ConflictError, PlatformError
from marketmover.jobs import LeaseLostError
from marketmover.jobs.records import JobLease
from marketmover.plans import Changes, LogEntry
from marketmover.store import Records


def named(desk: Desk) -> list[str]:
    """Names of everything that bears the plan's marks."""
    every = [*desk.google.objects().values(), *desk.meta.objects().values()]
    return sorted(f"{one['kind']} {one['name']}" for one in every if "[" in one["name"])


def sums(desk: Desk) -> tuple[float, float]:
    """Daily budgets of the lines that ran before."""
    return desk.google.objects()["55"]["budget"], desk.meta.objects()["771"]["budget"]


def test_a_plan_is_published_paused_and_reads_back_as_asked(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    done = desk.publisher.publish(desk.folder, ANNE)
    assert len(named(desk)) == len(set(named(desk))) == 5  # a Google campaign; campaign, ad set, creative, ad at Meta
    assert {one["status"] for one in desk.google.objects().values() if "[" in one["name"]} == {"PAUSED"}
    assert sums(desk) == (100.0, 100.0)
    assert (list(done.differences), done.started) == ([], False)
    assert set(done.lines) == {NEW_GOOGLE, NEW_META}
    assert [entry.kind for entry in InForce.read(desk.folder).life] == ["approve", "publish"]


def test_a_second_publish_makes_nothing(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    before, calls = (desk.google.objects(), desk.meta.objects()), len(desk.meta.calls())
    again = desk.publisher.publish(desk.folder, ANNE)
    assert (desk.google.objects(), desk.meta.objects()) == before
    assert (len(desk.meta.calls()), list(again.differences)) == (calls, [])
    assert [entry.kind for entry in InForce.read(desk.folder).life] == ["approve", "publish"]


def test_nothing_is_sent_before_a_person_approved_just_these_files(desk: Desk) -> None:
    with pytest.raises(ConflictError, match="not approved"):
        desk.publisher.publish(desk.folder, ANNE)
    approve(desk.folder, ANNE)
    file = desk.folder / "meta_ads.json"
    file.write_text(file.read_text().replace("10000", "99000"))
    with pytest.raises(ConflictError, match=r"meta_ads.json in .* changed since Anne"):
        desk.publisher.publish(desk.folder, ANNE)
    assert named(desk) == desk.google.calls() == []


def test_a_dry_run_tells_what_would_be_done_and_what_is_refused(desk: Desk) -> None:
    desk.meta.fault("refused", "campaign", when="check")
    told = desk.publisher.publish(desk.folder, ANNE, dry_run=True)
    assert [one.words for one in told.refusals] == ["It says no beforehand."]
    assert "is not approved" in told.notes[0]
    assert named(desk) == []
    assert not (desk.folder / "state.json").exists()


def test_a_refusal_half_way_leaves_nothing_behind(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("refused", "ad-meta")
    with pytest.raises(PlatformError, match="what was made is gone") as error:
        desk.publisher.publish(desk.folder, ANNE)
    assert error.value.kind == "refused"
    assert named(desk) == []
    assert sums(desk) == (80.0, 60.0)
    done = desk.publisher.publish(desk.folder, ANNE)
    assert (len(named(desk)), list(done.differences)) == (5, [])


def test_running_lines_are_put_back_where_a_later_one_is_refused(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("refused", "change of")
    with pytest.raises(PlatformError, match="what was made is gone"):
        desk.publisher.publish(desk.folder, ANNE)
    assert (named(desk), sums(desk)) == ([], (80.0, 60.0))


def test_what_cannot_be_taken_back_is_said_and_found_again(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("refused", "creative-meta")
    desk.google.fault("unavailable", "line", times=3, when="take_back")
    with pytest.raises(PlatformError, match=r"Not all of it could be taken back: campaign .*google_ads:new:1"):
        desk.publisher.publish(desk.folder, ANNE)
    assert len(named(desk)) == 1
    desk.publisher.publish(desk.folder, ANNE)
    assert len(named(desk)) == len(set(named(desk))) == 5


@pytest.mark.parametrize("where", ["line", "campaign-", "adset-", "ad-meta", "change of meta", "change of 55"])
def test_a_lost_answer_makes_nothing_twice(desk: Desk, where: str) -> None:
    approve(desk.folder, ANNE)
    desk.google.fault("lost", where)
    desk.meta.fault("lost", where)
    done = desk.publisher.publish(desk.folder, ANNE)
    assert (len(named(desk)), len(set(named(desk))), list(done.differences)) == (5, 5, [])


def test_a_busy_platform_is_tried_again_and_then_left_clean(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("throttled", "adset-", times=2)
    desk.publisher.publish(desk.folder, ANNE)
    assert len(named(desk)) == 5


def test_an_outage_leaves_nothing_behind(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("unavailable", "adset-", times=99)
    with pytest.raises(PlatformError, match="says unavailable"):
        desk.publisher.publish(desk.folder, ANNE)
    assert named(desk) == []


def test_other_files_after_a_cut_are_sent_alone(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("refused", "ad-meta")
    with pytest.raises(PlatformError, match="left there, paused"):
        desk.publisher.publish(desk.folder, ANNE, keep=True)
    assert len(named(desk)) == 4
    file = desk.folder / "meta_ads.json"
    body = json.loads(file.read_text())
    body["operations"] = [one for one in body["operations"] if one["edge"].split("/")[-1] not in {"ads", "adcreatives"}]
    file.write_text(json.dumps(body))
    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    assert len(named(desk)) == len(set(named(desk))) == 3


def test_what_is_made_starts_where_the_approval_says_so(desk: Desk) -> None:
    approve(desk.folder, ANNE, may_start=True)
    done = desk.publisher.publish(desk.folder, ANNE)
    assert done.started
    assert list(done.differences) == []
    assert desk.meta.objects()[done.lines[NEW_META].split(":")[2]]["status"] == "ACTIVE"
    assert [entry.kind for entry in InForce.read(desk.folder).life] == ["approve", "publish", "start"]


def test_platforms_that_are_published_one_by_one_start_one_by_one(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    first = desk.publisher.publish(desk.folder, ANNE, only="google_ads", start=True)
    second = desk.publisher.publish(desk.folder, ANNE, only="meta_ads")
    assert (first.started, list(first.differences)) == (True, [])
    assert (second.started, list(second.differences)) == (False, [])
    line = second.lines[NEW_META].split(":")[2]
    assert desk.meta.objects()[line]["status"] == "PAUSED"
    third = desk.publisher.publish(desk.folder, ANNE, start=True)
    assert (third.started, list(third.differences)) == (True, [])
    assert desk.meta.objects()[line]["status"] == "ACTIVE"
    starts = [entry.lines.keys() for entry in InForce.read(desk.folder).life if entry.kind == "start"]
    assert starts == [{NEW_GOOGLE}, {NEW_META}]
    desk.publisher.publish(desk.folder, ANNE, start=True)
    assert [entry.kind for entry in InForce.read(desk.folder).life].count("start") == 2


def test_who_was_away_while_another_took_over_sends_nothing_more(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    send = FilePlatform.send

    def followed(self: FilePlatform, step: Step, made: Mapping[str, str]) -> dict[str, str]:
        ids = send(self, step, made)
        with desk.records.session() as session:
            session.execute(update(JobLease).values(owner="another", token=JobLease.token + 1))
        return ids

    approve(desk.folder, ANNE)
    with monkeypatch.context() as here:
        here.setattr(FilePlatform, "send", followed)
        with pytest.raises(LeaseLostError):
            desk.publisher.publish(desk.folder, ANNE)
    assert len(named(desk)) == 1
    with desk.records.session() as session:
        session.execute(update(JobLease).values(owner=None))
    desk.publisher.publish(desk.folder, ANNE)
    assert len(named(desk)) == len(set(named(desk))) == 5


def test_what_differs_is_told_and_not_switched_on(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    done = desk.publisher.publish(desk.folder, ANNE)
    with desk.google._open() as world:  # pyright: ignore[reportPrivateUsage] - somebody at work in the account
        world["objects"]["55"]["budget"] = 70.0
        world["objects"][done.lines[NEW_GOOGLE].split(":")[1]]["budget"] = 10.0
    again = desk.publisher.publish(desk.folder, ANNE, start=True)
    assert not again.started
    assert [one.line_id for one in again.differences] == [OLD_GOOGLE, NEW_GOOGLE]
    assert "daily budget 100.00 USD, the platform has 70.00 USD" in again.differences[0].words
    assert "Nothing was switched on" in again.notes[0]


def test_the_audit_log_says_who_published_what(desk: Desk) -> None:
    from marketmover.access import audit

    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    with desk.records.session() as session:
        told = audit.entries(session, desk.records.workspace)
    assert {(entry.who, entry.what) for entry in told} == {("Anne", "plan.publish.done")}
    assert told[0].before is not None
    assert {OLD_GOOGLE, OLD_META} & {*told[0].before, *(told[1].before or {})}


def test_a_start_that_is_cut_short_before_the_log_tells_of_it_is_finished_by_the_next_publish(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = service.record

    def cut(now: InForce, kind: str, *more: object) -> None:
        if kind == "start":
            raise KeyboardInterrupt
        record(now, kind, *more)  # pyright: ignore[reportArgumentType] - handed through as it came

    approve(desk.folder, ANNE, may_start=True)
    with monkeypatch.context() as here:
        here.setattr(service, "record", cut)
        with pytest.raises(KeyboardInterrupt):
            desk.publisher.publish(desk.folder, ANNE, start=True)
    found = desk.publisher.publish(desk.folder, ANNE, start=True)
    assert found.started
    assert desk.publisher.ledger.sendings(found.plan.digest, "open") == []
    assert [entry.kind for entry in InForce.read(desk.folder).life][-1] == "start"


def test_budgets_raised_by_hand_after_the_approval_are_not_sent_until_a_person_approves_them(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    state = json.loads((desk.folder / "state.json").read_text(encoding="utf-8"))
    state["daily_budgets"][OLD_GOOGLE] = 900.0
    (desk.folder / "state.json").write_text(json.dumps(state), encoding="utf-8")
    with pytest.raises(ConflictError, match=f"set by hand since .*{OLD_GOOGLE}"):
        desk.publisher.publish(desk.folder, ANNE)
    assert sums(desk) == (80.0, 60.0)
    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    assert sums(desk) == (900.0, 100.0)


def test_what_was_applied_by_the_book_needs_no_new_approval(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    change = {"line_id": OLD_GOOGLE, "action": "set_daily_budget", "from": 100.0, "to": 110.0, "reason": "more"}
    plan = load_plan(desk.folder)
    apply_changes(desk.folder, Changes.model_validate({"as_of": plan.start_date, "changes": [change]}), ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    assert sums(desk)[0] == 110.0


def test_a_very_long_name_is_kept_as_far_as_records_take_it(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, replace(ANNE, who="A" * 400))
    (last, *_) = desk.publisher.ledger.sendings(load_plan(desk.folder).digest, "done")
    assert len(last.who) == 255


def test_an_account_that_cannot_be_read_leaves_nothing_begun(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("expired", "read", when="read")
    with pytest.raises(PlatformError, match="says expired"):
        desk.publisher.publish(desk.folder, ANNE)
    assert desk.publisher.ledger.sendings(load_plan(desk.folder).digest, "open") == []
    assert named(desk) == []


def test_a_cut_start_is_not_finished_where_the_last_approval_says_nothing_of_starting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    with monkeypatch.context() as here:
        here.setattr(FilePlatform, "send", _cut_off)
        with pytest.raises(KeyboardInterrupt):
            desk.publisher.publish(desk.folder, ANNE, start=True)
    told = desk.publisher.publish(desk.folder, ANNE)
    assert not told.started
    assert "began to switch on" in told.notes[0]
    assert {one["status"] for one in desk.google.objects().values() if "[" in one["name"]} == {"PAUSED"}
    assert desk.publisher.publish(desk.folder, ANNE, start=True).started


def _cut_off(*_more: object) -> dict[str, str]:
    raise KeyboardInterrupt


def test_putting_back_waits_for_a_busy_platform_as_sending_does(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("refused", "change of")
    desk.google.fault("throttled", "set_daily_budget", times=2)
    desk.google.fault("throttled", "line", times=2, when="take_back")
    with pytest.raises(PlatformError, match="running lines are as before"):
        desk.publisher.publish(desk.folder, ANNE)
    assert (named(desk), sums(desk)) == ([], (80.0, 60.0))


def test_a_running_lines_audience_is_put_back_where_a_later_step_is_refused(desk: Desk) -> None:
    reached = {"age_min": 30, "age_max": 65, "geo_locations": {"countries": ["US"]}}
    desk.meta.change("771", audience=reached)
    file = desk.folder / "meta_ads.json"
    body = json.loads(file.read_text())
    change = next(one for one in body["operations"] if one["edge"] == "771")
    other = {**change, "ref": "771-other", "params": {"audience": {"age_min": 18, "age_max": 24}}}
    body["operations"] += [other, {**change, "ref": "771-refused"}]
    file.write_text(json.dumps(body))
    desk.meta.fault("refused", "771-refused")
    approve(desk.folder, ANNE)
    with pytest.raises(PlatformError, match="running lines are as before"):
        desk.publisher.publish(desk.folder, ANNE)
    assert (sums(desk), desk.meta.objects()["771"]["audience"]) == ((80.0, 60.0), reached)


@pytest.mark.parametrize("where", ["line", "campaign-", "adset-", "creative-"])
def test_what_was_made_is_taken_back_also_where_its_answer_was_lost(desk: Desk, where: str) -> None:
    approve(desk.folder, ANNE)
    desk.google.fault("lost", where)
    desk.meta.fault("lost", where)
    desk.meta.fault("refused", "ad-meta")
    with pytest.raises(PlatformError, match="what was made is gone"):
        desk.publisher.publish(desk.folder, ANNE)
    assert named(desk) == []
    desk.publisher.publish(desk.folder, ANNE)
    assert len(named(desk)) == len(set(named(desk))) == 5


def test_what_a_person_was_told_to_remove_and_is_found_again_is_never_taken_back(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("refused", "creative-")
    desk.meta.fault("refused", "campaign-", when="take_back")
    with pytest.raises(PlatformError, match="Not all of it could be taken back"):
        desk.publisher.publish(desk.folder, ANNE)
    desk.meta.fault("refused", "campaign-", when="take_back")
    assert abandon(desk.publisher, desk.folder, ANNE).left
    desk.meta.fault("refused", "creative-")
    with pytest.raises(PlatformError, match=r"found by its mark \("):
        desk.publisher.publish(desk.folder, ANNE)
    assert [name.partition(" ")[0] for name in named(desk)] == ["campaign"]  # whoever has it in hand keeps it
    desk.publisher.publish(desk.folder, ANNE)
    assert len(named(desk)) == len(set(named(desk))) == 5


def test_a_second_home_is_told_what_another_made_of_the_same_plan_and_sends_nothing(desk: Desk, tmp_path: Path) -> None:
    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    made, sent = named(desk), desk.meta.calls()
    with contextlib.closing(Records.open(make_url(f"sqlite:///{tmp_path / 'other.sqlite'}"))) as other:
        second = desk_publisher(desk.folder, other)
        assert len(second.publish(desk.folder, ANNE, dry_run=True).refusals) == 2
        with pytest.raises(PlatformError, match=r"nothing was sent.*google_ads:new:1.*meta_ads:new:1") as error:
            second.publish(desk.folder, ANNE)
    assert error.value.kind == "refused"
    assert (named(desk), desk.meta.calls()) == (made, sent)


def test_files_that_change_between_the_check_and_the_sending_are_not_sent(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, check = desk.folder / "meta_ads.json", service.check_approved

    def then_changed(now: InForce, files: Mapping[str, bytes]) -> LogEntry:
        found = check(now, files)
        file.write_text(file.read_text().replace("10000", "99000"))
        return found

    approve(desk.folder, ANNE)
    monkeypatch.setattr(service, "check_approved", then_changed)
    desk.publisher.publish(desk.folder, ANNE)
    assert sums(desk) == (100.0, 100.0)
