"""The outbox: each notice once on each route, tried again with growing waits, given up with the reason."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from telling_cases import NOON, Clock, Line, away, configured, notice

from marketmover.errors import PlatformError, SettingsError
from marketmover.monitoring.notices import Configuration, Delivered, Notice, deliver, notify
from marketmover.monitoring.notices.delivering import wait_s
from marketmover.monitoring.notices.outbox import LEASE, claim, latest, revive, settle
from marketmover.store import Records, StoreOpener

ONE = '[routes.team]\nto = "line"\n'


@pytest.fixture
def routes(tmp_path: Path) -> Configuration:
    return configured(tmp_path, ONE)


def put(records: Records, routes: Configuration, *notices: Notice, clock: Clock | None = None) -> int:
    with records.session() as session:
        return notify(session, records.workspace, notices, routes.routes.values(), (clock or Clock())())


def send(records: Records, routes: Configuration, line: Line, clock: Clock) -> Delivered:
    return deliver(records, routes, lambda _route: line, clock)


def states(records: Records) -> list[tuple[str, str, int, str]]:
    with records.session(read_only=True) as session:
        rows = latest(session, records.workspace, 100)
        return sorted((told.title, row.state, row.attempts, row.said) for row, told in rows)


def test_a_notice_is_told_once_on_each_route_that_takes_it(records: Records, tmp_path: Path) -> None:
    routes = configured(tmp_path, ONE + '[routes.boss]\nto = "line"\nfrom_severity = "critical"\n')
    line, clock = Line(), Clock()
    assert put(records, routes, notice("a"), notice("b", severity="critical")) == 3
    assert put(records, routes, notice("a"), notice("b", severity="critical")) == 0
    assert send(records, routes, line, clock).sent == 3
    assert send(records, routes, line, clock).sent == 0
    assert sorted(title for (title,) in line.titles) == ["Trouble a", "Trouble b", "Trouble b"]
    assert len({message.id for message in line.sent}) == 3


def test_what_is_put_in_by_a_transaction_that_fails_is_not_told(records: Records, routes: Configuration) -> None:
    def fail_after_it() -> None:
        with records.session() as session:
            notify(session, records.workspace, [notice("a")], routes.routes.values(), NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_it()
    line = Line()
    assert send(records, routes, line, Clock()).sent == 0
    assert line.tried == 0


def test_a_notice_without_a_key_is_refused(records: Records, routes: Configuration) -> None:
    with pytest.raises(ValueError, match="no key"):
        put(records, routes, notice(""))


def test_a_route_that_fails_is_tried_again_after_a_while_under_the_same_id(
    records: Records, routes: Configuration
) -> None:
    line, clock = Line(failures=[away(), away()]), Clock()
    put(records, routes, notice("a"))
    first = send(records, routes, line, clock)
    assert (first.sent, first.put_off, first.problems) == (0, 1, ["team: The line is away."])
    assert send(records, routes, line, clock).put_off == 0  # not due yet
    clock.move(seconds=37)
    assert send(records, routes, line, clock).put_off == 1
    clock.move(seconds=60)
    assert send(records, routes, line, clock).sent == 0
    clock.move(seconds=90)
    assert send(records, routes, line, clock).sent == 1
    assert line.tried == 3
    assert not line.sent[0].repeated
    assert states(records) == [("Trouble a", "sent", 3, "taken")]


def test_waits_grow_four_times_and_end_at_six_hours_and_heed_what_is_asked() -> None:
    waits = [wait_s(attempt, "id") for attempt in range(1, 12)]
    for wait, usual in zip(waits, [30, 120, 480, 1920, 7680, *[21600] * 6], strict=True):
        assert 0.8 * usual <= wait <= 1.2 * usual
    assert wait_s(1, "id", 900) == 900
    assert wait_s(1, "id", 10**9) == 86400
    assert wait_s(10**6, "id") <= 1.2 * 21600
    assert len({wait_s(1, str(name)) for name in range(50)}) == 50


def test_a_route_that_asks_for_time_is_given_it(records: Records, routes: Configuration) -> None:
    line, clock = Line(failures=[away(wait_s=600)]), Clock()
    put(records, routes, notice("a"))
    send(records, routes, line, clock)
    clock.move(seconds=599)
    assert send(records, routes, line, clock).sent == 0
    clock.move(seconds=2)
    assert send(records, routes, line, clock).sent == 1


def test_after_its_tries_it_is_given_up_with_the_reason_and_can_be_tried_again(
    records: Records, tmp_path: Path
) -> None:
    routes = configured(tmp_path, ONE + "tries = 2\n")
    line, clock = Line(failures=[away(), away()]), Clock()
    put(records, routes, notice("a"))
    send(records, routes, line, clock)
    clock.move(hours=1)
    assert send(records, routes, line, clock).given_up == 1
    clock.move(days=30)
    assert send(records, routes, line, clock).sent == 0
    assert states(records) == [("Trouble a", "dead", 2, "The line is away.")]
    with records.session() as session:
        assert revive(session, records.workspace, clock(), "other") == 0
        assert revive(session, records.workspace, clock(), "team") == 1
    assert send(records, routes, line, clock).sent == 1


def test_what_is_refused_is_given_up_at_once_and_holds_up_nothing_else(records: Records, routes: Configuration) -> None:
    line = Line(failures=[PlatformError("Too long.", "Shorten it.", kind="refused")])
    put(records, routes, notice("a"), notice("b"))
    done = send(records, routes, line, Clock())
    assert (done.sent, done.given_up) == (1, 1)
    assert {(state, said) for _, state, _, said in states(records)} == {
        ("dead", "Too long. Shorten it."),
        ("sent", "taken"),
    }


def test_a_route_that_is_down_is_left_alone_for_the_rest_of_the_pass_and_others_go_on(
    records: Records, tmp_path: Path
) -> None:
    routes = configured(tmp_path, ONE + '[routes.boss]\nto = "line"\n')
    down, up = Line(failures=[away() for _ in range(9)]), Line()
    put(records, routes, *(notice(str(number)) for number in range(5)))
    done = deliver(records, routes, lambda route: down if route.name == "team" else up, Clock())
    assert (done.sent, done.put_off, down.tried) == (5, 1, 1)


def test_a_lost_answer_is_tried_again_as_a_repeat(records: Records, routes: Configuration) -> None:
    line, clock = Line(failures=[PlatformError("No answer.", kind="unknown")]), Clock()
    put(records, routes, notice("a"))
    send(records, routes, line, clock)
    clock.move(hours=1)
    send(records, routes, line, clock)
    assert [message.repeated for message in line.sent] == [True]


def test_a_route_that_cannot_be_used_is_told_of_and_keeps_what_waits(records: Records, routes: Configuration) -> None:
    def broken(_route: object) -> Line:
        raise SettingsError("`url` is missing.")

    put(records, routes, notice("a"))
    assert deliver(records, routes, broken, Clock()).problems == ["`url` is missing."]
    assert send(records, routes, Line(), Clock()).sent == 1


def test_what_waits_on_a_route_that_is_gone_is_given_up_with_the_reason(
    records: Records, routes: Configuration, tmp_path: Path
) -> None:
    put(records, routes, notice("a"))
    done = send(records, configured(tmp_path, '[routes.new]\nto = "line"\n'), Line(), Clock())
    assert done.given_up == 1
    assert states(records)[0][3] == "Its route is no longer in notices.toml."


def test_newer_news_of_a_thread_take_the_place_of_what_still_waits(records: Records, routes: Configuration) -> None:
    line, clock = Line(failures=[away()]), Clock()
    put(records, routes, notice("a1", thread="a"), notice("b1", thread="b"))
    send(records, routes, line, clock)
    put(records, routes, notice("a2", thread="a", step="resolved"), clock=clock)
    clock.move(hours=1)
    send(records, routes, line, clock)
    assert sorted(line.titles) == [["Trouble a2"], ["Trouble b1"]]
    assert ("Trouble a1", "passed_over") in {(title, state) for title, state, _, _ in states(records)}


def test_two_processes_never_claim_the_same_message(records: Records, routes: Configuration) -> None:
    put(records, routes, notice("a"))
    every = routes.routes.values()
    with records.session() as session:
        mine = claim(session, records.workspace, every, NOON)
    with records.session() as session:
        assert claim(session, records.workspace, every, NOON) is None
    assert mine is not None
    with records.session() as session:
        settle(session, mine, "sent", "taken", now=NOON)
    assert [state for _, state, _, _ in states(records)] == ["sent"]


def test_a_claim_whose_process_died_is_taken_up_after_its_lease_as_a_repeat_under_the_same_id(
    records: Records, routes: Configuration
) -> None:
    put(records, routes, notice("a"))
    with records.session() as session:
        lost = claim(session, records.workspace, routes.routes.values(), NOON)
    assert lost is not None
    line, clock = Line(), Clock(NOON + LEASE - timedelta(seconds=1))
    assert send(records, routes, line, clock).sent == 0
    clock.move(seconds=2)
    assert send(records, routes, line, clock).sent == 1
    assert (line.sent[0].id, line.sent[0].repeated, line.sent[0].at) == (lost.message.id, True, NOON)
    with records.session() as session:  # the lost process wakes up after all: what it knows is too old to count
        settle(session, lost, "dead", "late", now=clock())
    assert [state for _, state, _, _ in states(records)] == ["sent"]


def test_a_message_that_kills_its_process_each_time_is_given_up(records: Records, tmp_path: Path) -> None:
    routes, clock = configured(tmp_path, ONE + "tries = 2\n"), Clock()
    put(records, routes, notice("a"))
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            send(records, routes, Line(failures=[KeyboardInterrupt()]), clock)
        clock.move(hours=1)
    line = Line()
    assert send(records, routes, line, clock).sent == 0
    assert [state for _, state, _, _ in states(records)] == ["dead"]


def test_another_workspace_sees_nothing_of_it(records: Records, routes: Configuration) -> None:
    put(records, routes, notice("a"))
    other = Records.open(records.engine.url, "other")
    line = Line()
    assert send(other, routes, line, Clock()).sent == 0
    assert put(other, routes, notice("a")) == 1
    assert send(other, routes, line, Clock()).sent == 1
    other.close()


def test_processes_that_are_killed_lose_nothing_and_repeat_only_what_they_were_in_the_midst_of(
    opener: StoreOpener, tmp_path: Path
) -> None:
    routes = configured(tmp_path, ONE)
    with opener.home() as stores:
        for number in range(8):
            put(stores.records, routes, notice(str(number)), clock=Clock(NOON + timedelta(seconds=number - 8)))
    kills = [(1, "before"), (2, "after"), (1, "before"), (3, "after"), (1, "after"), (99, "never")]
    codes = [killed(opener.settings.home, tmp_path, run, *kill) for run, kill in enumerate(kills)]
    assert codes == [-signal.SIGKILL] * 5 + [0]
    # Killed before it was written down: told once, as the repeat that it might have been. Killed after: told again.
    assert (tmp_path / "told.txt").read_text().split() == [
        "0:repeat", "1", "1:repeat", "2", "3", "3:repeat", "3:repeat", "4", "5", "6", "7"
    ]  # fmt: skip
    with opener.home() as stores:
        assert {state for _, state, _, _ in states(stores.records)} == {"sent"}


def killed(home: Path, folder: Path, run: int, at: int, moment: str) -> int:
    """Deliver in a process of its own, ten minutes after the one before, which kills itself at a message."""
    program = Path(__file__).with_name("deliver_and_die.py")
    arguments = [str(home), str(folder), str(run), str(at), moment]
    return subprocess.run([sys.executable, str(program), *arguments], check=False).returncode
