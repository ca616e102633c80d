"""A plan that is published before its first day: what is new at once, what changes running lines on that day."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from tests.campaigns.publishing.conftest import ANNE, NEW_GOOGLE, NEW_META, OLD_GOOGLE, OLD_META, START, Desk

from marketmover.campaigns.publishing import service
from marketmover.campaigns.publishing.abandoning import abandon
from marketmover.campaigns.publishing.approving import approve, was_published
from marketmover.campaigns.publishing.carrying import Carrier
from marketmover.campaigns.tuning.in_force import InForce, apply_changes, undo
from marketmover.errors import ConflictError, PlatformError
from marketmover.plans import Change, Changes

EVE = START - timedelta(days=3)


def sums(desk: Desk) -> tuple[float, float]:
    return desk.google.objects()["55"]["budget"], desk.meta.objects()["771"]["budget"]


def made(desk: Desk) -> list[str]:
    every = [*desk.google.objects().values(), *desk.meta.objects().values()]
    return sorted(f"{one['kind']} {one['name']}" for one in every if "[" in one["name"])


def it_is(desk: Desk, day: date) -> None:
    desk.google.set_today(day)
    desk.meta.set_today(day)


def states(desk: Desk) -> list[str]:
    digest = InForce.read(desk.folder).plan.digest
    return [
        one.state for one in desk.publisher.ledger.sendings(digest, "open", "waiting", "done") if one.kind == "publish"
    ]


def budget(line: str, was: float, to: float) -> Changes:
    change = Change(line_id=line, action="set_daily_budget", before=was, to=to, reason="so")
    return Changes(as_of=EVE, changes=[change])


@pytest.fixture
def eve(desk: Desk) -> Desk:
    """Three days before, published."""
    it_is(desk, EVE)
    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    return desk


def test_before_the_first_day_only_what_is_new_is_sent(eve: Desk) -> None:
    assert (sums(eve), len(made(eve)), states(eve)) == ((80.0, 60.0), 5, ["waiting", "waiting"])
    again = eve.publisher.publish(eve.folder, ANNE)
    assert (again.waits_until, list(again.differences), again.before[:4]) == (START, [], "Anne")
    assert (sums(eve), len(made(eve))) == ((80.0, 60.0), 5)
    assert InForce.read(eve.folder).state.waits_until == START


def test_on_the_first_day_of_an_account_its_running_lines_change_and_no_other_ones(eve: Desk) -> None:
    eve.google.set_today(START)
    done = eve.publisher.publish_due(eve.folder)
    assert done is not None
    assert (done.waits_until, sums(eve)) == (START, (100.0, 60.0))
    assert InForce.read(eve.folder).state.waits_until == START
    it_is(eve, START + timedelta(days=1))
    done = eve.publisher.publish_due(eve.folder)
    assert done is not None
    assert (done.waits_until, list(done.differences), sums(eve)) == (None, [], (100.0, 100.0))
    assert (states(eve), eve.publisher.ledger.folders_waiting()) == (["done", "done"], [])
    assert InForce.read(eve.folder).state.waits_until is None
    assert len(made(eve)) == len(set(made(eve))) == 5
    told = [(entry.kind, entry.who, entry.mode) for entry in InForce.read(eve.folder).life]
    assert told[-1] == ("publish", "marketmover", "automatic")


def test_before_that_day_the_job_sends_nothing(eve: Desk) -> None:
    it_is(eve, START - timedelta(days=1))
    assert eve.publisher.publish_due(eve.folder) is None
    assert sums(eve) == (80.0, 60.0)
    assert eve.publisher.ledger.folders_waiting() == [str(eve.folder)]


def test_who_cannot_wait_changes_running_lines_at_once(eve: Desk) -> None:
    done = eve.publisher.publish(eve.folder, ANNE, at_once=True)
    assert (done.waits_until, sums(eve), states(eve)) == (None, (100.0, 100.0), ["done", "done"])


def test_what_is_new_is_switched_on_beforehand_only_where_a_person_says_so(eve: Desk) -> None:
    it_is(eve, START)
    done = eve.publisher.publish_due(eve.folder)
    assert done is not None
    assert not done.started
    assert eve.google.objects()[done.lines[NEW_GOOGLE].split(":")[1]]["status"] == "PAUSED"


def test_changes_of_running_lines_wait_with_the_plan_and_those_of_new_ones_go_out(eve: Desk) -> None:
    carrier = Carrier(eve.publisher)
    apply_changes(eve.folder, budget(OLD_GOOGLE, 100.0, 130.0), ANNE, carry=carrier)
    assert (sums(eve), carrier.sent, carrier.waits) == ((80.0, 60.0), 0, 1)
    assert "first day" in carrier.words
    carrier = Carrier(eve.publisher)
    apply_changes(eve.folder, budget(NEW_META, 100.0, 90.0), ANNE, carry=carrier)
    assert carrier.sent == 1
    assert InForce.read(eve.folder).state.waits_until == START
    it_is(eve, START)
    done = eve.publisher.publish_due(eve.folder)
    assert done is not None
    assert (sums(eve), list(done.differences)) == ((130.0, 100.0), [])


def test_what_was_changed_before_that_day_can_be_undone_before_it_and_after(eve: Desk) -> None:
    apply_changes(eve.folder, budget(OLD_GOOGLE, 100.0, 130.0), ANNE, carry=Carrier(eve.publisher))
    undo(eve.folder, ANNE, as_of=START, carry=Carrier(eve.publisher))
    apply_changes(eve.folder, budget(OLD_META, 100.0, 70.0), ANNE, carry=Carrier(eve.publisher))
    it_is(eve, START)
    eve.publisher.publish_due(eve.folder)
    assert sums(eve) == (100.0, 70.0)
    undo(eve.folder, ANNE, as_of=START, carry=Carrier(eve.publisher))
    assert sums(eve) == (100.0, 100.0)
    assert InForce.read(eve.folder).state.waits_until is None


def test_a_refusal_on_the_day_puts_running_lines_back_and_leaves_what_is_new(eve: Desk) -> None:
    it_is(eve, START)
    eve.google.change("55", budget=85.0)  # somebody at work in the account since
    eve.meta.fault("refused", "change of")
    with pytest.raises(PlatformError, match="wait again; what is new stays"):
        eve.publisher.publish_due(eve.folder)
    assert (sums(eve), len(made(eve)), states(eve)) == ((85.0, 60.0), 5, ["waiting", "waiting"])
    eve.publisher.publish_due(eve.folder)
    assert (sums(eve), states(eve)) == ((100.0, 100.0), ["done", "done"])


@pytest.mark.parametrize("at", ["hold", "release", "close", "record"])
def test_who_is_cut_off_anywhere_loses_and_doubles_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    it_is(desk, EVE)
    approve(desk.folder, ANNE, may_start=True)
    with cut_at(monkeypatch, at, desk):
        desk.publisher.publish(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    it_is(desk, START)
    with cut_at(monkeypatch, at, desk):
        desk.publisher.publish_due(desk.folder)
    desk.publisher.publish(desk.folder, ANNE)
    assert (sums(desk), len(made(desk)), len(set(made(desk)))) == ((100.0, 100.0), 5, 5)
    assert states(desk) == ["done", "done"]
    assert desk.publisher.ledger.sendings(InForce.read(desk.folder).plan.digest, "open", "waiting") == []


@contextmanager
def cut_at(monkeypatch: pytest.MonkeyPatch, at: str, desk: Desk) -> Generator[None]:
    """Whoever is within is cut off at the first such call, if there is one."""

    def cut(*_more: Any, **_told: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as here:
        here.setattr(service if at == "record" else type(desk.publisher.ledger), at, cut)
        try:
            yield
        except KeyboardInterrupt:
            return


def test_a_plan_that_waits_can_be_abandoned_and_published_anew(eve: Desk) -> None:
    done = abandon(eve.publisher, eve.folder, ANNE)
    assert (list(done.left), done.standing, made(eve), sums(eve)) == ([], {}, [], (80.0, 60.0))
    now = InForce.read(eve.folder)
    assert (was_published(now), now.state.waits_until, now.life[-1].kind) == (False, None, "abandon")
    assert eve.publisher.ledger.folders_waiting() == []
    eve.publisher.publish(eve.folder, ANNE)
    assert (len(made(eve)), was_published(InForce.read(eve.folder))) == (5, True)


def test_what_is_published_whole_is_not_abandoned(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    with pytest.raises(ConflictError, match="was cut short or waits"):
        abandon(desk.publisher, desk.folder, ANNE)


def test_a_half_publication_whose_account_is_gone_is_given_up_by_name(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    desk.meta.fault("refused", "ad-meta")
    with pytest.raises(PlatformError, match="left there, paused"):
        desk.publisher.publish(desk.folder, ANNE, keep=True)
    publisher = desk.publisher
    publisher.connections = [one for one in publisher.connections if one.platform == "google_ads"]
    done = abandon(publisher, desk.folder, ANNE)
    assert sum("meta_ads:new:1" in one and "remove it by hand" in one for one in done.left) == 3
    assert [one for one in made(desk) if "google_ads" in one] == []
    assert publisher.ledger.sendings(InForce.read(desk.folder).plan.digest, "open") == []
    again = desk.publisher.publish(desk.folder, ANNE)  # connected again: what was left is found by its marks
    assert (len(made(desk)), len(set(made(desk))), list(again.differences)) == (5, 5, [])


def test_giving_up_is_told_in_the_log_and_the_audit(eve: Desk) -> None:
    from marketmover.access import audit

    abandon(eve.publisher, eve.folder, ANNE)
    with eve.records.session() as session:
        told = [(entry.who, entry.what) for entry in audit.entries(session, eve.records.workspace)]
    assert ("Anne", "plan.publish.taken_back") in told
    assert (InForce.read(eve.folder).life[-1].who, len(InForce.read(eve.folder).log)) == ("Anne", 0)


def test_platforms_that_are_published_one_by_one_wait_one_by_one(eve: Desk) -> None:
    it_is(eve, START)
    done = eve.publisher.publish(eve.folder, ANNE, only="google_ads")
    assert (sums(eve), done.waits_until, InForce.read(eve.folder).state.waits_until) == ((100.0, 60.0), START, START)
    eve.publisher.publish(eve.folder, ANNE)
    assert (sums(eve), InForce.read(eve.folder).state.waits_until) == ((100.0, 100.0), None)


def test_a_change_that_came_into_force_before_it_was_cut_short_is_not_abandoned(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(desk.folder, ANNE)
    desk.publisher.publish(desk.folder, ANNE)
    with cut_at(monkeypatch, "close", desk):
        apply_changes(desk.folder, budget(OLD_GOOGLE, 100.0, 130.0), ANNE, carry=Carrier(desk.publisher))
    assert list(abandon(desk.publisher, desk.folder, ANNE).left) == []
    assert (sums(desk), InForce.read(desk.folder).state.daily_budgets[OLD_GOOGLE]) == ((130.0, 100.0), 130.0)
