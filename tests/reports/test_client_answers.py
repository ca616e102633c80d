"""What clients say of plans by their links, and what their yes does."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from types import SimpleNamespace
from typing import Any, cast

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import delete, update
from sqlalchemy.engine import make_url
from tests.campaigns.page.sample_plans import ordinary
from tests.reports.conftest import ANA, KeyMaker, SignedIn, moved, published, put_plan

from marketmover.access import audit
from marketmover.access.records import MembershipRow
from marketmover.app.web.served import ServedApp
from marketmover.campaigns.kept import KeptPlan, read_plan
from marketmover.campaigns.kept.records import PlanRow
from marketmover.campaigns.kept.standing import Life
from marketmover.campaigns.publishing.approving import check_approved
from marketmover.campaigns.publishing.requests import read_files
from marketmover.campaigns.tuning import InForce
from marketmover.campaigns.tuning.in_force import locked
from marketmover.errors import NotFoundError
from marketmover.kit import utc_now
from marketmover.monitoring.notices.records import NoticeRow
from marketmover.plans import Plan
from marketmover.reports.answers import service
from marketmover.reports.records import RemarkRow, ShareRow
from marketmover.reports.shares import visiting
from marketmover.reports.shares.service import Maker, Terms, make_share
from marketmover.reports.shares.visiting import Visit, visited
from marketmover.store import Records

Ask = Callable[..., Any]
Share = Callable[..., str]


def say_yes(shared: Ask, token: str, **more: Any) -> Any:
    told = shared("look", token).json()
    return shared("approve", token, **{"name": "Mia Example", "content": told["content"], "agreed": True, **more})


def test_a_comment_stands_at_the_plan_with_its_link_and_in_the_log(
    ask: Ask, share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    token = share()
    said = shared("comment", token, name="Mia Example", text="Less on Display,\nplease. <b>&</b>", kind="changes")
    assert said.status_code == 200, said.text
    row = ask("GET", f"/plans/{plan_id}/comments").json()["items"][0]
    assert (row["name"], row["kind"], row["link"], row["stands"]) == ("Mia Example", "changes", "Studio Ä", True)
    assert row["text"] == "Less on Display,\nplease. <b>&</b>"
    assert shared("look", token).json()["remarks"][0]["text"] == row["text"]
    with served.records.session(read_only=True) as session:
        told = {(one.what, one.who) for one in audit.entries(session, "default", about=f"plan {plan_id}")}
    assert ("plan.changes_wished", "Mia Example by link 'Studio Ä'") in told


def test_one_links_client_does_not_read_what_anothers_said(share: Share, shared: Ask) -> None:
    first, second = share(), share()
    shared("comment", first, name="Mia", text="for your eyes")
    assert "for your eyes" not in shared("look", second).text


def test_a_yes_is_recorded_and_waits_for_somebody_here(ask: Ask, share: Share, shared: Ask, plan_id: str) -> None:
    answer = say_yes(shared, share(), text="Go ahead")
    assert answer.status_code == 200, answer.text
    assert answer.json()["yes"]["name"] == "Mia Example"
    assert answer.json()["approved"] is False
    assert ask("GET", f"/plans/{plan_id}").json()["state"] == "draft"
    waiting = ask("GET", "/client-remarks?kind=approval").json()["items"]
    assert [(row["plan_id"], row["waits"]) for row in waiting] == [(plan_id, True)]
    assert ask("POST", f"/plans/{plan_id}/approve", {}).status_code == 200
    waiting = ask("GET", "/client-remarks").json()["items"]
    assert [row["waits"] for row in waiting] == [False]


def test_a_yes_said_twice_is_one(ask: Ask, share: Share, shared: Ask, plan_id: str) -> None:
    token = share()
    assert [say_yes(shared, token).status_code for _ in range(2)] == [200, 200]
    assert len(ask("GET", f"/plans/{plan_id}/comments").json()["items"]) == 1


def test_a_yes_to_what_was_changed_meanwhile_is_refused_and_an_earlier_one_holds_no_more(
    ask: Ask, share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    token, other = share(), share()
    say_yes(shared, other)
    read = shared("look", token).json()
    file = served.settings.home / "plans" / "default" / plan_id / "plan.json"
    other_plan = moved(ordinary(), 7).model_copy(update={"risks": ["A new one."]})
    file.write_text(other_plan.model_dump_json(), encoding="utf-8")
    answer = shared("approve", token, name="Mia", content=read["content"], agreed=True)
    assert answer.status_code == 409
    assert "changed since you opened it" in answer.json()["detail"]
    assert shared("look", other).json()["yes"] is None
    row = ask("GET", f"/plans/{plan_id}/comments").json()["items"][0]
    assert (row["stands"], row["waits"]) == (False, False)


def test_a_yes_that_approves_signs_the_plan_in_the_clients_and_the_makers_name(
    sign_in: SignedIn, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    made = sign_in(ANA).post(f"/v1/plans/{plan_id}/shares", json={"name": "Studio Ä", "yes": "approves"}).json()
    answer = say_yes(shared, made["link"].partition("#")[2], text="Agreed on the phone")
    assert answer.json()["approved"] is True
    folder = served.settings.home / "plans" / "default" / plan_id
    entry = check_approved(InForce.read(folder), read_files(folder))
    assert entry.who == f"Mia Example by link 'Studio Ä' of {ANA}"
    assert (entry.why, entry.may_start) == ("Agreed on the phone", False)
    with served.records.session(read_only=True) as session:
        told = [one.what for one in audit.entries(session, "default", about=f"plan {plan_id}")]
    assert told[:2] == ["plan.approved", "plan.client_approved"]


def test_a_link_approves_no_more_once_its_maker_may_not(
    sign_in: SignedIn, ask: Ask, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    made = sign_in(ANA).post(f"/v1/plans/{plan_id}/shares", json={"name": "A", "yes": "approves"}).json()
    with served.records.session() as session:
        for row in session.query(MembershipRow).filter_by(workspace_id="default", role="owner"):
            row.role = "analyst"
    answer = say_yes(shared, made["link"].partition("#")[2])
    assert (answer.status_code, answer.json()["approved"]) == (200, False)
    assert ask("GET", "/client-remarks").json()["items"][0]["waits"] is True


def test_a_link_takes_only_what_it_was_made_for(share: Share, shared: Ask) -> None:
    token = share(allows=[])
    content = shared("look", token).json()["content"]
    answers = [
        shared("comment", token, name="Mia", text="x"),
        shared("approve", token, name="Mia", content=content, agreed=True),
        shared("survey", token, name="Mia", score=5),
    ]
    assert [answer.status_code for answer in answers] == [403] * 3


def test_a_yes_needs_a_name_and_the_tick(share: Share, shared: Ask) -> None:
    token = share()
    assert say_yes(shared, token, name="  ").status_code == 422
    assert say_yes(shared, token, agreed=False).status_code == 422


def test_a_plan_that_is_under_way_takes_no_yes_any_more(
    share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    token = share()
    published(served, plan_id, utc_now().date())
    assert shared("look", token).json()["standing"] == "under_way"
    assert say_yes(shared, token).status_code == 409


def test_who_writes_without_end_is_told_to_wait(share: Share, shared: Ask, ask: Ask, plan_id: str) -> None:
    token, other = share(), share()
    told = [shared("comment", token, name="Mia", text=f"{number}").status_code for number in range(21)]
    assert told == [200] * 20 + [429]
    assert shared("comment", other, name="Bo", text="still heard").status_code == 200
    assert len(ask("GET", f"/plans/{plan_id}/comments").json()["items"]) == 21


@pytest.mark.parametrize("name", ["x" * 121, "a\x00b", "", "\u202eaiM", "a\x1b[2Jb"])
def test_names_that_cannot_be_kept_are_refused(share: Share, shared: Ask, name: str) -> None:
    assert shared("comment", share(), name=name, text="hello").status_code == 422


def test_those_who_are_told_of_things_are_told_once_what_a_client_said(
    ask: Ask, share: Share, shared: Ask, served: ServedApp
) -> None:
    assert (
        ask("PUT", "/notices/configuration", {"routes": {"team": {"to": "log", "kinds": ["client"]}}}).status_code
        == 200
    )
    token = share()
    shared("comment", token, name="Mia", text="Less on Display", kind="changes")
    for _ in range(2):
        say_yes(shared, token)
    with served.records.session(read_only=True) as session:
        told = sorted(row.content["title"].partition(" the plan")[0] for row in session.query(NoticeRow))
    assert told == ["Mia Example said yes to", "Mia asks for changes of"]


def test_a_comment_is_kept_where_nobody_can_be_told(share: Share, shared: Ask, served: ServedApp) -> None:
    (served.settings.home / "notices.toml").write_text("routes = 7", encoding="utf-8")
    assert shared("comment", share(), name="Mia", text="hello").status_code == 200


def test_a_yes_while_somebody_is_at_work_on_the_plan_is_refused_and_counts_when_it_is_said_again(
    sign_in: SignedIn, ask: Ask, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    made = sign_in(ANA).post(f"/v1/plans/{plan_id}/shares", json={"name": "A", "yes": "approves"}).json()
    token = made["link"].partition("#")[2]
    with locked(served.settings.home / "plans" / "default" / plan_id):
        refused = say_yes(shared, token)
    assert (refused.status_code, "at work on this plan" in refused.json()["detail"]) == (409, True)
    assert ask("GET", f"/plans/{plan_id}/comments").json()["items"] == []
    assert say_yes(shared, token).json()["approved"] is True


def test_a_yes_to_a_plan_that_was_replaced_or_is_over_waits_for_nobody(
    ask: Ask, share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    today = put_plan(served, moved(ordinary(), 0))
    for token in (share(), share(plan=today)):
        assert say_yes(shared, token).status_code == 200
    waiting = {row["plan_id"]: row["waits"] for row in ask("GET", "/client-remarks").json()["items"]}
    assert waiting == {plan_id: True, today: True}
    share(plan=put_plan(served, moved(ordinary(), 7), parent=plan_id))
    with served.records.session() as session:
        session.execute(
            update(PlanRow).where(PlanRow.id == today).values(end_date=utc_now().date() - timedelta(days=1))
        )
    waiting = {row["plan_id"]: row["waits"] for row in ask("GET", "/client-remarks").json()["items"]}
    assert waiting == {plan_id: False, today: False}


@pytest.mark.parametrize("how", ["withdrawn", "forgotten"])
def test_nothing_is_taken_by_a_link_that_was_withdrawn_while_the_client_wrote(
    share: Share, served: ServedApp, how: str
) -> None:
    visit = visited(cast("Any", served), share(), utc_now())
    with served.records.session() as session:
        session.execute(update(ShareRow).values(revoked_at=utc_now()) if how == "withdrawn" else delete(ShareRow))
    with served.records.session() as session:
        with pytest.raises(NotFoundError):
            service.remark(session, visit, "comment", service.Said("Mia", "x"), utc_now())
        with pytest.raises(NotFoundError):
            service.say_yes(session, visit, visit.content, service.Said("Mia"), utc_now())


def test_who_approves_a_plan_that_is_approved_is_not_told_to_approve_it(
    ask: Ask, share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    ask("PUT", "/notices/configuration", {"routes": {"team": {"to": "log", "kinds": ["client"]}}})
    assert ask("POST", f"/plans/{plan_id}/approve", {}).status_code == 200
    assert say_yes(shared, share()).status_code == 200
    with served.records.session(read_only=True) as session:
        (notice,) = [row.content for row in session.query(NoticeRow)]
    assert "approve it" not in str(notice)


def test_yeses_that_come_at_once_by_one_link_are_one(postgres_url: str) -> None:
    records = Records.open(make_url(postgres_url))
    try:
        assert _yeses_at_once(records, 4) == 1
    finally:
        records.close()


def _yeses_at_once(records: Records, many: int) -> int:
    """How many yeses are kept where so many threads say yes by one link at the same moment."""
    now, gate = utc_now(), Barrier(many)
    with records.session() as session:
        made = make_share(
            session, "default", "p1", now.date(), Terms("Mia", "Ana"), by=Maker("Ana", None), now=now
        )  # fmt: skip
    row = PlanRow(id="p1", title="P", start_date=now.date(), end_date=now.date())
    kept = KeptPlan(row, Life(), Path())
    home = SimpleNamespace(workspace="default")  # which keeps no such plan, so that nobody is told of it
    app = cast("Any", SimpleNamespace(home=lambda: nullcontext(home)))
    visit = Visit(app, made.share, kept, ordinary(), "c" * 64, "", replaced=False)

    def yes(_: int) -> None:
        gate.wait(30)
        with records.session() as session:
            service.say_yes(session, visit, visit.content, service.Said("Mia"), now)

    with ThreadPoolExecutor(many) as pool:
        list(pool.map(yes, range(many)))
    with records.session(read_only=True) as session:
        return len(session.query(RemarkRow).all())


def test_a_plan_that_is_replaced_while_it_is_read_is_not_taken_for_the_one_that_was_read(
    share: Share, served: ServedApp, plan_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = served.settings.home / "plans" / "default" / plan_id / "plan.json"
    before = hashlib.sha256(file.read_bytes()).hexdigest()

    def read_then_replaced(folder: Path) -> Plan:
        plan = read_plan(folder)
        file.write_text(plan.model_copy(update={"risks": ["A new one."]}).model_dump_json(), encoding="utf-8")
        return plan

    monkeypatch.setattr(visiting, "read_plan", read_then_replaced)
    assert visited(cast("Any", served), share(), utc_now()).content == before


def test_a_name_stands_on_one_line(ask: Ask, share: Share, shared: Ask, plan_id: str) -> None:
    shared("comment", share(), name="Mia\n by\tlink", text="x")
    assert ask("GET", f"/plans/{plan_id}/comments").json()["items"][0]["name"] == "Mia by link"


def test_the_client_reads_the_teams_answer_below_their_words_and_other_links_do_not(
    ask: Ask, share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    token, other = share(sender="Ana"), share()
    remark = shared("comment", token, name="Mia", text="Less on Display?", kind="changes").json()["id"]
    for text in ("No.", "Display gets 500 less."):
        answer = ask("PUT", f"/plans/{plan_id}/comments/{remark}/reply", {"text": text})
        assert answer.status_code == 200, answer.text
    (said,) = shared("look", token).json()["remarks"]
    assert (said["reply"]["name"], said["reply"]["text"]) == ("Ana", "Display gets 500 less.")
    (told,) = ask("GET", f"/plans/{plan_id}/comments").json()["items"]
    assert told["reply"] | {"name": "Ana"} == said["reply"]
    assert "500 less" not in shared("look", other).text
    with served.records.session(read_only=True) as session:
        log = [one for one in audit.entries(session, "default") if one.what == "plan.replied"]
    assert [(one.who, one.after) for one in log] == [(told["reply"]["name"], {"link": "Studio Ä", "name": "Mia"})] * 2


def test_an_answer_takes_who_may_change_plans_a_remark_of_the_plan_and_a_link_that_holds(
    client: TestClient, key: KeyMaker, ask: Ask, share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    remark, other = shared("comment", share(), name="Mia", text="x").json()["id"], put_plan(served, ordinary())
    body, reader = {"text": "y"}, key("plans:read")
    refused = client.put(f"/v1/plans/{plan_id}/comments/{remark}/reply", json=body, headers=reader)
    assert refused.status_code == 403
    assert ask("PUT", f"/plans/{other}/comments/{remark}/reply", body).status_code == 404
    assert ask("PUT", f"/plans/{plan_id}/comments/{remark}/reply", {"text": " "}).status_code == 422
    with served.records.session() as session:
        session.execute(update(ShareRow).values(revoked_at=utc_now()))
    gone = ask("PUT", f"/plans/{plan_id}/comments/{remark}/reply", body)
    assert (gone.status_code, "nobody would read" in gone.json()["detail"]) == (409, True)
