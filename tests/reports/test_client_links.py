"""Links by which clients read plans: made, opened, ended, withdrawn; and that they open one memo and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update
from tests.campaigns.page.sample_plans import ordinary
from tests.reports.conftest import ANA, BO, KeyMaker, SignedIn, moved, put_plan

from marketmover.access import audit
from marketmover.app.web.served import ServedApp
from marketmover.campaigns.kept import Shelf
from marketmover.kit import utc_now
from marketmover.reports import forget_gone
from marketmover.reports.records import RemarkRow, ShareRow
from marketmover.reports.shares.service import calendar_token
from marketmover.store.records import Workspace

Ask = Callable[..., Any]
Share = Callable[..., str]


def test_a_client_without_an_account_reads_the_memo_in_their_own_words(share: Share, shared: Ask, plan_id: str) -> None:
    answer = shared("look", share())
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["name"], told["standing"], told["yes"]) == ("Studio Ä", "open", None)
    assert told["memo"]["total_budget"] == ordinary().total_budget
    assert abs(sum(group["budget"] for group in told["memo"]["groups"]) - told["memo"]["total_budget"]) < 0.01
    assert told["days"][0]["kind"] == "start"
    assert plan_id not in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_memo_names_no_instruction_to_whoever_books_and_no_id_of_a_platform(share: Share, shared: Ask) -> None:
    text = shared("look", share()).text
    plan = ordinary()
    assert not [words for words in (*plan.warnings, *plan.set_up) if words in text]
    assert not [line.id for line in plan.lines if line.id in text]


def test_the_token_is_told_once_and_kept_as_its_hash_alone(
    ask: Ask, share: Share, served: ServedApp, plan_id: str
) -> None:
    token = share()
    listed = ask("GET", f"/plans/{plan_id}/shares")
    assert listed.json()["items"][0]["name"] == "Studio Ä"
    with served.records.session(read_only=True) as session:
        rows = session.query(ShareRow).all()
        log = [str(entry) for entry in audit.entries(session, "default")]
    kept = repr([vars(row) for row in rows]) + "".join(log) + listed.text
    assert token not in kept
    assert calendar_token(token) not in kept


def test_a_link_made_with_an_idempotency_key_is_not_told_again(
    ask: Ask, plan_id: str, client: TestClient, key: KeyMaker
) -> None:
    headers = key("owner") | {"Idempotency-Key": "one"}
    first = client.post(f"/v1/plans/{plan_id}/shares", json={"name": "A"}, headers=headers)
    again = client.post(f"/v1/plans/{plan_id}/shares", json={"name": "A"}, headers=headers)
    token = first.json()["link"].partition("#")[2]
    assert first.headers["cache-control"] == "no-store"
    assert again.status_code == 409
    assert token not in again.text
    assert len(ask("GET", f"/plans/{plan_id}/shares").json()["items"]) == 1


def test_visits_are_counted_and_written_down_with_the_links_name(
    ask: Ask, share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    token = share()
    shared("look", token)
    shared("look", token)  # within the same half hour
    with served.records.session() as session:
        session.execute(update(ShareRow).values(opened_at=utc_now() - timedelta(hours=2)))
    shared("look", token)
    row = ask("GET", f"/plans/{plan_id}/shares").json()["items"][0]
    assert row["opened"] == 2
    assert row["opened_at"] is not None
    with served.records.session(read_only=True) as session:
        visits = [one for one in audit.entries(session, "default") if one.what == "plan.opened_by_link"]
    assert [one.who for one in visits] == ["link 'Studio Ä'"] * 2


def test_a_withdrawn_link_opens_nothing_its_calendar_neither(
    ask: Ask, share: Share, shared: Ask, client: TestClient, plan_id: str
) -> None:
    token = share()
    feed = f"/v1/shared/calendar.ics?token={calendar_token(token)}"
    assert client.get(feed).status_code == 200
    share_id = ask("GET", f"/plans/{plan_id}/shares").json()["items"][0]["id"]
    assert ask("DELETE", f"/plans/{plan_id}/shares/{share_id}").status_code == 204
    told = [shared(what, token) for what in ("look", "memo.pdf", "calendar.ics")]
    assert [answer.status_code for answer in (*told, client.get(feed))] == [404] * 4
    assert "withdrawn" in told[0].json()["detail"]
    assert ask("GET", f"/plans/{plan_id}/shares").json()["items"][0]["state"] == "revoked"


def test_a_link_ends_by_itself_and_says_so(share: Share, shared: Ask, served: ServedApp) -> None:
    token = share(days=1)
    with served.records.session() as session:
        session.execute(update(ShareRow).values(expires_at=utc_now() - timedelta(seconds=1)))
    answer = shared("look", token)
    assert answer.status_code == 404
    assert "ended on" in answer.json()["detail"]


def test_a_link_holds_for_thirty_days_and_with_the_survey_beyond_the_plans_end(ask: Ask, served: ServedApp) -> None:
    plan = put_plan(served, moved(ordinary(), 60))
    short = ask("POST", f"/plans/{plan}/shares", {"name": "A", "allows": ["comment"]}).json()
    long = ask("POST", f"/plans/{plan}/shares", {"name": "B"}).json()
    chosen = ask("POST", f"/plans/{plan}/shares", {"name": "C", "days": 3}).json()
    end = ask("GET", f"/plans/{plan}").json()["end_date"]
    assert days_of(short) == 30
    assert long["expires_at"][:10] > end
    assert days_of(chosen) == 3
    assert ask("POST", f"/plans/{plan}/shares", {"name": "D", "days": 366}).status_code == 422


def days_of(made: dict[str, Any]) -> int:
    from datetime import datetime

    first, last = (datetime.fromisoformat(made[name]) for name in ("made_at", "expires_at"))
    return (last - first).days


def test_a_link_to_a_plan_that_was_deleted_or_replaced_says_so(
    ask: Ask, share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    token = share()
    later = put_plan(served, moved(ordinary(), 7), parent=plan_id)
    assert shared("look", token).json()["standing"] == "open"  # a trial that nobody was shown
    share(plan=later)
    told = shared("look", token).json()
    assert told["standing"] == "replaced"
    refused = shared("approve", token, name="Mia", content=told["content"], agreed=True)
    assert (refused.status_code, "replaced" in refused.json()["detail"]) == (409, True)
    assert ask("DELETE", f"/plans/{plan_id}").status_code == 204
    gone = shared("look", token)
    assert (gone.status_code, "taken back" in gone.json()["detail"]) == (404, True)


def test_links_of_an_archived_workspace_open_nothing(share: Share, shared: Ask, served: ServedApp) -> None:
    token = share()
    with served.records.session() as session:
        session.execute(update(Workspace).where(Workspace.id == "default").values(archived_at=utc_now()))
    assert shared("look", token).status_code == 404


@pytest.mark.parametrize("token", ["A" * 43, "x" * 200, "a b", "A" * 43 + ".", "Ä>"])
def test_a_token_that_nobody_made_opens_nothing_and_the_client_is_told_what_to_do(
    shared: Ask, share: Share, token: str
) -> None:
    share()
    answer = shared("look", token)
    assert (answer.status_code, "copied whole" in answer.json()["remedy"]) == (404, True)


def test_a_plan_that_cannot_be_read_is_told_to_its_client_without_its_inside(
    share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    token = share(sender="Ana")
    (served.settings.home / "plans" / "default" / plan_id / "plan.json").write_text("{broken", encoding="utf-8")
    answer = shared("look", token)
    assert (answer.status_code, answer.json()["remedy"]) == (422, "Tell Ana.")
    assert plan_id not in answer.text


def test_the_calendars_token_opens_neither_the_memo_nor_an_answer(share: Share, shared: Ask) -> None:
    token = share()
    content = shared("look", token).json()["content"]
    feed = calendar_token(token)
    assert shared("look", feed).status_code == 404
    assert shared("memo.pdf", feed).status_code == 404
    assert shared("approve", feed, name="Mia", content=content, agreed=True).status_code == 404


def test_only_who_may_change_plans_makes_and_withdraws_links(client: TestClient, key: KeyMaker, plan_id: str) -> None:
    reader = key("plans:read")
    assert client.get(f"/v1/plans/{plan_id}/shares", headers=reader).status_code == 200
    refused = client.post(f"/v1/plans/{plan_id}/shares", json={"name": "A"}, headers=reader)
    assert refused.status_code == 403


def test_a_link_whose_yes_approves_is_made_by_a_person_who_may_approve(
    sign_in: SignedIn, ask: Ask, plan_id: str
) -> None:
    body = {"name": "A", "yes": "approves"}
    assert ask("POST", f"/plans/{plan_id}/shares", body).status_code == 403  # a key, whatever it may do
    assert sign_in(BO).post(f"/v1/plans/{plan_id}/shares", json=body).status_code == 403
    assert sign_in(ANA).post(f"/v1/plans/{plan_id}/shares", json=body).status_code == 201
    contradiction = sign_in(ANA).post(f"/v1/plans/{plan_id}/shares", json=body | {"allows": ["comment"]})
    assert contradiction.status_code == 400


def test_links_to_deleted_plans_are_forgotten_with_what_was_said_once_they_ended(
    ask: Ask, share: Share, shared: Ask, served: ServedApp, plan_id: str
) -> None:
    shelf, stays = Shelf(served.settings.home, "default"), put_plan(served, moved(ordinary(), 7))
    shared("comment", share(), name="Mia", text="x")
    shared("comment", share(plan=stays), name="Mia", text="x")
    ask("DELETE", f"/plans/{plan_id}")
    with served.records.session() as session:
        assert forget_gone(session, shelf, utc_now()) == 0  # it has not ended
        session.execute(update(ShareRow).values(expires_at=utc_now() - timedelta(days=1)))
        assert forget_gone(session, shelf, utc_now()) == 1
        left = [row.plan_id for row in session.query(RemarkRow)]
    assert left == [stays]
