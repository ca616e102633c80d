from datetime import date
from typing import Any

import pytest
from tests.campaigns.publishing.conftest import ANNE, NEW_GOOGLE, NEW_META, OLD_GOOGLE, OLD_META, Desk

from marketmover.campaigns.publishing.approving import approve
from marketmover.campaigns.publishing.carrying import Carrier
from marketmover.campaigns.publishing.ledger import Ledger, Sending
from marketmover.campaigns.publishing.service import Published
from marketmover.campaigns.tuning.in_force import InForce, apply_changes, roll_back, undo
from marketmover.errors import PlatformError
from marketmover.plans import Change, Changes


def changes(*told: tuple[str, str, Any, Any], day: int = 11) -> Changes:
    made = [Change(line_id=line, action=action, before=was, to=to, reason="so") for line, action, was, to in told]  # pyright: ignore[reportArgumentType] - a test's words
    return Changes(as_of=date(2026, 1, day), changes=made)


MORE = changes((OLD_GOOGLE, "set_daily_budget", 100.0, 120.0), (NEW_META, "set_daily_budget", 100.0, 80.0),
               (OLD_META, "pause", None, None))  # fmt: skip


@pytest.fixture
def published(desk: Desk) -> Published:
    approve(desk.folder, ANNE, may_start=True)
    return desk.publisher.publish(desk.folder, ANNE)


def there(desk: Desk, done: Published) -> dict[str, tuple[float, str]]:
    """Daily budget and status of the plan's lines on the platforms."""
    google, meta = desk.google.objects(), desk.meta.objects()
    at = {OLD_GOOGLE: google["55"], OLD_META: meta["771"], NEW_GOOGLE: google[done.lines[NEW_GOOGLE].split(":")[1]],
          NEW_META: meta[done.lines[NEW_META].split(":")[2]]}  # fmt: skip
    return {name: (one["budget"], one["status"]) for name, one in at.items()}


COMPOSED = {OLD_GOOGLE: (100.0, "ENABLED"), NEW_GOOGLE: (100.0, "ENABLED"), OLD_META: (100.0, "ACTIVE"),
            NEW_META: (100.0, "ACTIVE")}  # fmt: skip
CHANGED = COMPOSED | {OLD_GOOGLE: (120.0, "ENABLED"), NEW_META: (80.0, "ACTIVE"), OLD_META: (100.0, "PAUSED")}


def test_what_is_applied_is_sent_and_what_is_undone_is_put_back(desk: Desk, published: Published) -> None:
    carrier = Carrier(desk.publisher)
    apply_changes(desk.folder, MORE, ANNE, carry=carrier)
    assert (there(desk, published), carrier.notes, carrier.sent) == (CHANGED, [], 3)
    undo(desk.folder, ANNE, as_of=date(2026, 1, 12), carry=Carrier(desk.publisher))
    assert there(desk, published) == COMPOSED
    apply_changes(desk.folder, MORE, ANNE, carry=Carrier(desk.publisher))  # the same again is another sending
    assert there(desk, published) == CHANGED
    roll_back(desk.folder, "plan", ANNE, as_of=date(2026, 1, 13), carry=Carrier(desk.publisher))
    assert there(desk, published) == COMPOSED
    assert desk.publisher.ledger.sendings(published.plan.digest, "open") == []


def test_a_refused_change_leaves_platforms_and_state_as_they_were(desk: Desk, published: Published) -> None:
    desk.google.fault("refused", "set_daily_budget")
    before = InForce.read(desk.folder).state
    with pytest.raises(PlatformError, match="taken back"):
        apply_changes(desk.folder, MORE, ANNE, carry=Carrier(desk.publisher))
    assert there(desk, published) == COMPOSED
    assert InForce.read(desk.folder).state == before
    apply_changes(desk.folder, MORE, ANNE, carry=Carrier(desk.publisher))
    assert there(desk, published) == CHANGED


def test_what_another_process_left_half_sent_is_put_back_before_other_changes(desk: Desk, published: Published) -> None:
    class CutError(Exception):
        pass

    def cut(_now: Any, entry: Any) -> Any:
        Carrier(desk.publisher)(_now, entry)
        raise CutError

    with pytest.raises(CutError):
        apply_changes(desk.folder, MORE, ANNE, carry=cut)
    assert there(desk, published) == CHANGED  # sent, but never in force
    carrier = Carrier(desk.publisher)
    apply_changes(desk.folder, changes((NEW_GOOGLE, "set_daily_budget", 100.0, 90.0)), ANNE, carry=carrier)
    assert there(desk, published) == COMPOSED | {NEW_GOOGLE: (90.0, "ENABLED")}
    assert "was put back first" in carrier.notes[0]


def test_changes_from_before_publishing_stay_where_it_was_cut_short_at_its_very_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    close, closed = Ledger.close, list[str]()

    def cut(self: Ledger, sending: Sending, *more: Any, **told: Any) -> None:
        if len(closed) == 2:
            raise KeyboardInterrupt
        closed.append(sending.kind)
        close(self, sending, *more, **told)

    apply_changes(desk.folder, MORE, ANNE, carry=Carrier(desk.publisher))
    approve(desk.folder, ANNE, may_start=True)
    with monkeypatch.context() as here:
        here.setattr(Ledger, "close", cut)
        with pytest.raises(KeyboardInterrupt):
            desk.publisher.publish(desk.folder, ANNE)
    done = desk.publisher.publish(desk.folder, ANNE)
    apply_changes(
        desk.folder, changes((NEW_GOOGLE, "set_daily_budget", 100.0, 90.0), day=12), ANNE, carry=Carrier(desk.publisher)
    )
    assert there(desk, done) == CHANGED | {NEW_GOOGLE: (90.0, "ENABLED")}


def test_a_plan_that_is_not_published_is_changed_here_alone(desk: Desk) -> None:
    apply_changes(desk.folder, MORE, ANNE, carry=Carrier(desk.publisher))
    assert InForce.read(desk.folder).state.daily_budgets[OLD_GOOGLE] == 120.0
    assert desk.google.calls() == []
    approve(desk.folder, ANNE, may_start=True)
    done = desk.publisher.publish(desk.folder, ANNE)  # what is in force goes out with it
    assert there(desk, done) == CHANGED
    assert list(done.differences) == []


def test_new_ads_are_left_to_people(desk: Desk, published: Published) -> None:
    carrier = Carrier(desk.publisher)
    apply_changes(desk.folder, changes((OLD_GOOGLE, "rotate_creative", None, None)), ANNE, carry=carrier)
    assert "by hand" in carrier.notes[0]
    undo(desk.folder, ANNE, as_of=date(2026, 1, 12), carry=Carrier(desk.publisher))
    assert there(desk, published) == COMPOSED


def test_a_line_that_never_started_is_not_switched_on_by_a_change(desk: Desk) -> None:
    approve(desk.folder, ANNE)
    done = desk.publisher.publish(desk.folder, ANNE)
    for told in (changes((NEW_META, "pause", None, None)), changes((NEW_META, "resume", None, None), day=12)):
        apply_changes(desk.folder, told, ANNE, carry=Carrier(desk.publisher))
    assert there(desk, done)[NEW_META] == (100.0, "PAUSED")


def test_a_preview_tells_refusals_and_sends_nothing(desk: Desk, published: Published) -> None:
    desk.google.fault("refused", "set_daily_budget", when="check")
    now = InForce.read(desk.folder)
    after = apply_changes(desk.folder, MORE, ANNE, dry_run=True)
    assert [one.line_ids for one in Carrier(desk.publisher).preview(now, after)] == [(OLD_GOOGLE,)]
    assert there(desk, published) == COMPOSED
