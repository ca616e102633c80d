"""A plan published, changed and given up over HTTP, against platforms in files."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.campaigns.kept.conftest import Finisher
from tests.campaigns.kept.connected import api, published_id, served
from tests.campaigns.publishing.conftest import NEW_META, OLD_GOOGLE
from tests.campaigns.publishing.file_platform import FilePlatform

from marketmover.app.web.desks import WebDesk
from marketmover.app.web.served import ServedApp
from marketmover.campaigns.kept import plan_changes_after

__all__ = ["api", "published_id", "served"]
Ask = Callable[..., Any]


def kinds(ask: Ask, name: str) -> Sequence[str]:
    return [one["entry"]["kind"] for one in ask("GET", f"/plans/{name}/log").json()["items"]]


def test_a_plan_is_tried_approved_published_started_and_changed(
    ask: Ask, published_id: str, finish: Finisher, served: ServedApp
) -> None:
    path = f"/plans/{published_id}"
    tried = finish(ask("POST", f"{path}/publish", {"dry_run": True}))
    assert tried["result"]["steps"]
    assert kinds(ask, published_id) == []
    assert ask("POST", f"{path}/approve", {}).json()["state"] == "approved"
    done = finish(ask("POST", f"{path}/publish", {"why": "As agreed."}))
    assert done["state"] == "done", done["error"]
    assert NEW_META in done["result"]["lines"]
    again = finish(ask("POST", f"{path}/publish", {}))
    assert again["result"]["before"]
    started = finish(ask("POST", f"{path}/start", {}))
    assert started["result"]["started"]
    assert kinds(ask, published_id) == ["start", "publish", "approve"]
    entry = ask("GET", f"{path}/log").json()["items"][1]["entry"]
    assert (entry["who"].startswith("key "), entry["mode"], entry["why"]) == (True, "by_hand", "As agreed.")

    change = {"line_id": OLD_GOOGLE, "action": "set_daily_budget", "from": 100.0, "to": 90.0, "reason": "dear"}
    told = ask("POST", f"{path}/apply", {"changes": {"as_of": "2026-01-10", "changes": [change]}}).json()
    assert "the platforms have 1 change" in told["words"]
    google = FilePlatform(served.settings.home / "google_ads.json", "google_ads")
    assert google.read([OLD_GOOGLE])[0].daily_budget == 90.0
    assert ask("POST", f"{path}/undo", {}).json()["in_force"]["daily_budgets"][OLD_GOOGLE] == 100.0
    assert google.read([OLD_GOOGLE])[0].daily_budget == 100.0
    home = str(served.settings.home)
    assert all(home not in str(job) for job in (tried, done, again, started))
    told, _ = plan_changes_after(served, 0)
    assert [one["what"] for one in told] == ["approved", *["published"] * 3, *["changed"] * 2]
    assert {one["plan_id"] for one in told} == {published_id}


def test_what_is_published_whole_is_not_given_up(ask: Ask, published_id: str, finish: Finisher) -> None:
    job = finish(ask("POST", f"/plans/{published_id}/give-up", {}))
    assert job["state"] == "failed"
    assert published_id in job["error"]["detail"]
    assert "/plans/default" not in job["error"]["detail"]


def test_of_several_who_publish_a_plan_in_the_same_instant_one_is_let_through(
    ask: Ask, published_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/plans/{published_id}"
    assert ask("POST", f"{path}/approve", {}).json()["state"] == "approved"
    together, submit = threading.Barrier(4), WebDesk.submit

    def submit_together(*given: Any, **named: Any) -> Any:
        together.wait(10)
        return submit(*given, **named)

    with monkeypatch.context() as patch, ThreadPoolExecutor(4) as four:
        patch.setattr(WebDesk, "submit", submit_together)
        answers = list(four.map(lambda _: ask("POST", f"{path}/publish", {}), range(4)))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    [job] = [answer.json() for answer in answers if answer.status_code == 202]
    assert all(job["id"] in answer.json()["remedy"] for answer in answers if answer.status_code == 409)
    for step in ("publish", "start", "give-up"):
        assert ask("POST", f"{path}/{step}", {}).status_code == 409
