"""A plan published, changed and given up over HTTP, against platforms in files."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.campaigns.kept.conftest import Finisher
from tests.campaigns.kept.connected import api, published_id, served
from tests.campaigns.publishing.conftest import NEW_META, OLD_GOOGLE
from tests.campaigns.publishing.file_platform import FilePlatform

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
