"""Plans over HTTP: from a client's words to a plan, other splits tried, approved, changed and taken back."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.campaigns.kept.conftest import BRIEF, LAST_DAY, OTHER, Finisher, KeyMaker

from marketmover.app.web.served import ServedApp
from marketmover.campaigns.brief import read_brief
from marketmover.campaigns.kept import Shelf
from marketmover.campaigns.kept.plans import Making, Order, compose_into_home
from marketmover.campaigns.kept.works import compose_plan
from marketmover.campaigns.plan_file import load_plan
from marketmover.jobs import CancelledError
from marketmover.kit import new_id
from marketmover.language.embeddings import default_embedder
from marketmover.store import Lake

Ask = Callable[..., Any]


def test_a_clients_words_become_a_plan_that_is_planned_again_once_with_a_line_locked(
    ask: Ask, with_history: ServedApp, finish: Finisher
) -> None:
    brief = ask("POST", "/briefs", {"text": BRIEF}).json()
    job = finish(ask("POST", "/plans", {"brief_id": brief["id"], "seed": 3}))
    assert job["state"] == "done", job
    first = ask("GET", f"/plans/{job['result']['plan_id']}").json()
    assert (first["state"], first["total_budget"], first["brief_id"]) == ("draft", 20_000.0, brief["id"])
    assert abs(sum(line["budget"] for line in first["plan"]["lines"]) - 20_000) < 0.005
    locked = first["plan"]["lines"][0]

    again = finish(ask("POST", f"/plans/{first['id']}/replan", {"locked": {locked["id"]: None}, "total": 24_000}))
    second = ask("GET", f"/plans/{again['result']['plan_id']}").json()
    assert (second["parent_id"], second["total_budget"], second["start_date"]) == (
        first["id"], 24_000.0, first["start_date"],
    )  # fmt: skip
    assert {line["id"]: line["budget"] for line in second["plan"]["lines"]}[locked["id"]] == locked["budget"]
    told = ask("GET", f"/plans/{second['id']}/diff?against={first['id']}").json()
    assert {one["name"] for one in (told["old"], told["new"])} == {first["id"], second["id"]}
    listed = ask("GET", f"/plans?parent_id={first['id']}").json()["items"]
    assert [one["id"] for one in listed] == [second["id"]]

    class Again:
        """The same job, taken up by another process after the first was cut off."""

        arguments = job_arguments(with_history, again["id"])
        asked_by = again["asked_by"]

        def report(self, share: float, step: str = "") -> None:
            """Nobody listens."""

    compose_plan(Again(), with_history)  # pyright: ignore[reportArgumentType] - what the work uses of a job
    assert len(ask("GET", "/plans").json()["items"]) == 2

    class Cancelled(Again):
        """It is no longer wanted by the time it is composed."""

        def report(self, share: float, step: str = "") -> None:
            if share > 0.9:
                raise CancelledError(f"Cancelled while {step}.")

    shelf = with_history.settings.home / "plans" / "default"
    with pytest.raises(CancelledError):
        compose_plan(Cancelled(), with_history)  # pyright: ignore[reportArgumentType] - what the work uses of a job
    assert len(list(shelf.iterdir())) == 2, "a plan that is in the list stays"
    name = new_id()
    shutil.copytree(shelf / second["id"], shelf / name)
    Cancelled.arguments = {**Cancelled.arguments, "plan_id": name}
    with pytest.raises(CancelledError):
        compose_plan(Cancelled(), with_history)  # pyright: ignore[reportArgumentType] - what the work uses of a job
    assert not (shelf / name).exists(), "what nobody entered goes with the job"


def job_arguments(served: ServedApp, name: str) -> Any:
    from marketmover.jobs import find_task

    with served.records.session(read_only=True) as session:
        return find_task(session, "default", name).arguments


def test_the_plans_own_budgets_give_the_plans_own_figures(ask: Ask, plan_id: str, composed: Path) -> None:
    plan = load_plan(composed)
    told = ask("POST", f"/plans/{plan_id}/what-if", {"budgets": {line.id: line.budget for line in plan.lines}}).json()
    assert told["expected"] == {name: one.model_dump() for name, one in plan.expected.items()}
    assert told["expected_today"] == {name: one.model_dump() for name, one in plan.baseline.expected.items()}
    assert told["probability_better_than_baseline"] == plan.probability_better_than_baseline
    assert told["probability_better"] == plan.probability_better
    for shown, line in zip(told["lines"], plan.lines, strict=True):
        assert shown["expected"] == {name: one.model_dump() for name, one in line.expected.items()}


def test_another_total_is_shared_to_the_cent_and_more_money_brings_more(ask: Ask, plan_id: str, composed: Path) -> None:
    plan = load_plan(composed)
    line = plan.lines[0]
    told = ask("POST", f"/plans/{plan_id}/what-if", {"budgets": {line.id: 1234.56}, "total": 30_000.01}).json()
    assert round(sum(one["budget"] for one in told["lines"]), 2) == 30_000.01
    assert told["lines"][0]["budget"] == 1234.56
    more = ask("POST", f"/plans/{plan_id}/what-if", {"total": 30_000}).json()
    assert more["expected"]["leads"]["mid"] > plan.expected["leads"].mid
    assert more["probability_better_than_plan"] > 0.9


def test_what_cannot_be_tried_is_told(ask: Ask, plan_id: str, composed: Path) -> None:
    line = load_plan(composed).lines[0].id
    refused = {
        404: [{"budgets": {"google_ads:9:9": 1}}, {"platforms": {"tv": 1}}],
        422: [
            {"budgets": {line: -1}},
            {"budgets": {line: 500}, "total": 400},
            {"strange": 1},
            {"total": "NaN"},
            {"total": 1e300},
        ],
    }
    for status, bodies in refused.items():
        for body in bodies:
            answer = ask("POST", f"/plans/{plan_id}/what-if", body)
            assert (answer.status_code, body) == (status, body)
            assert answer.json()["detail"]


def test_curves_rise_with_the_budget_and_hold_the_plans_place(ask: Ask, plan_id: str, composed: Path) -> None:
    planned = {line.id: line.expected["leads"].model_dump() for line in load_plan(composed).lines}
    told = ask("GET", f"/plans/{plan_id}/curves").json()
    assert told["metric"] == "leads"
    for line in told["lines"]:
        mids = [point["mid"] for point in line["points"]]
        assert mids == sorted(mids)
        assert all(point["low"] <= point["mid"] <= point["high"] for point in line["points"])
        assert line["points"][-1]["budget"] >= line["budget"]
        assert line["today"] in [point["budget"] for point in line["points"]]
        own = next(point for point in line["points"] if point["budget"] == line["budget"])
        assert {name: own[name] for name in ("low", "mid", "high")} == planned[line["id"]], "the plan's own range"
    clicks = ask("GET", f"/plans/{plan_id}/curves?metric=clicks").json()
    assert clicks["lines"][0]["points"][-1]["mid"] > told["lines"][0]["points"][-1]["mid"]
    assert ask("GET", f"/plans/{plan_id}/curves?metric=smiles").status_code == 422


def test_a_plan_is_approved_changed_undone_and_rolled_back_in_the_callers_name(
    ask: Ask, plan_id: str, composed: Path
) -> None:
    plan = load_plan(composed)
    line = plan.lines[0]
    change = {
        "as_of": str(plan.start_date),
        "changes": [
            {"line_id": line.id, "action": "set_daily_budget", "from": line.daily_budget,
             "to": round(line.daily_budget * 0.9, 2), "reason": "dear"}
        ],
    }  # fmt: skip
    approved = ask("POST", f"/plans/{plan_id}/approve", {"may_start": True}).json()
    assert approved["state"] == "approved"
    assert approved["approved_by"].startswith("key ")
    assert ask("POST", f"/plans/{plan_id}/approve", {"by": "Somebody Else"}).status_code == 422
    tried = ask("POST", f"/plans/{plan_id}/apply", {"changes": change, "dry_run": True}).json()
    assert tried["in_force"]["daily_budgets"][line.id] == round(line.daily_budget * 0.9, 2)
    assert ask("GET", f"/plans/{plan_id}/state").json()["daily_budgets"][line.id] == line.daily_budget

    done = ask("POST", f"/plans/{plan_id}/apply", {"changes": change}).json()
    assert done["in_force"]["daily_budgets"][line.id] == round(line.daily_budget * 0.9, 2)
    rows = ask("GET", f"/plans/{plan_id}/lines").json()["items"]
    assert {row["id"]: row["in_force"] for row in rows}[line.id] == round(line.daily_budget * 0.9, 2)
    assert ask("POST", f"/plans/{plan_id}/undo", {}).json()["in_force"]["daily_budgets"][line.id] == line.daily_budget
    assert ask("POST", f"/plans/{plan_id}/rollback", {"to": "c2"}).json()["in_force"]["may_undo"] == "c2"
    log = ask("GET", f"/plans/{plan_id}/log").json()["items"]
    assert [one["entry"]["kind"] for one in log] == ["rollback", "undo", "apply", "approve"]
    assert ask("DELETE", f"/plans/{plan_id}").status_code == 409


def test_nothing_that_is_told_names_the_servers_folders(ask: Ask, plan_id: str, served: ServedApp) -> None:
    home = str(served.settings.home)
    answers = [
        ask("POST", f"/plans/{plan_id}/undo", {}),
        ask("POST", f"/plans/{plan_id}/rollback", {"to": "c9"}),
        ask("GET", f"/plans/{plan_id}"),
        ask("GET", f"/plans/{plan_id}/state"),
    ]
    (served.settings.home / "plans" / "default" / plan_id / "state.json").write_text("{")
    answers.append(ask("GET", f"/plans/{plan_id}/state"))
    assert answers[-1].status_code == 422
    assert [answer.url.path for answer in answers if home in answer.text] == []


@pytest.mark.parametrize("verb", ["publish", "start"])
def test_what_nobody_approved_is_not_even_begun(ask: Ask, plan_id: str, verb: str) -> None:
    refused = ask("POST", f"/plans/{plan_id}/{verb}", {})
    assert refused.status_code == 409
    assert (refused.json()["detail"], ask("GET", "/jobs?kind=plans.publish").json()["items"]) == (
        f"The plan in {plan_id} is not approved.",
        [],
    )
    assert refused.json()["remedy"] == "Read it, then approve it."


def test_what_is_being_published_is_not_published_a_second_time_at_once(ask: Ask, plan_id: str) -> None:
    assert ask("POST", f"/plans/{plan_id}/approve", {}).status_code == 200
    first = ask("POST", f"/plans/{plan_id}/publish", {}).json()
    for verb in ("publish", "start", "give-up"):
        refused = ask("POST", f"/plans/{plan_id}/{verb}", {})
        assert refused.status_code == 409
        assert "already" in refused.json()["detail"]
        assert first["id"] in refused.json()["remedy"]
    assert ask("POST", f"/jobs/{first['id']}/cancel").json()["state"] == "cancelled"
    assert ask("POST", f"/plans/{plan_id}/publish", {"dry_run": True}).status_code == 202


def test_a_tuning_is_a_proposal_that_is_applied_once(ask: Ask, plan_id: str, served: ServedApp, composed: Path) -> None:
    from marketmover.campaigns.kept import tunings
    from marketmover.kit import new_id, utc_now
    from marketmover.plans import Change, Changes

    plan = load_plan(composed)
    line = plan.lines[0]
    change = Change(line_id=line.id, action="set_daily_budget", before=line.daily_budget, to=5.0, reason="dear")
    with served.records.session() as session:
        row = tunings.propose(
            session, "default", new_id(), plan_id=plan_id, changes=Changes(as_of=plan.start_date, changes=[change]),
            who="Anne", now=utc_now(),
        )  # fmt: skip
        name = row.id
    assert [one["state"] for one in ask("GET", f"/plans/{plan_id}/tunings").json()["items"]] == ["proposed"]
    assert ask("GET", f"/plans/{plan_id}/tunings/{name}").json()["proposed"]["changes"][0]["to"] == 5.0
    done = ask("POST", f"/plans/{plan_id}/apply", {"tuning_id": name})
    assert done.json()["in_force"]["daily_budgets"][line.id] == 5.0
    told = ask("GET", f"/plans/{plan_id}/tunings/{name}").json()["tuning"]
    assert (told["state"], told["entry_id"]) == ("applied", done.json()["in_force"]["change_id"])
    assert ask("POST", f"/plans/{plan_id}/apply", {"tuning_id": name}).status_code == 409
    assert ask("POST", f"/plans/{plan_id}/tunings/{name}/decline", {}).status_code == 409


def test_a_draft_is_taken_away_with_its_files(ask: Ask, plan_id: str, served: ServedApp) -> None:
    assert ask("DELETE", f"/plans/{plan_id}").status_code == 204
    assert ask("GET", f"/plans/{plan_id}").status_code == 404
    assert list((served.settings.home / "plans" / "default").iterdir()) == []


def test_files_are_those_that_compose_wrote_and_the_page_may_run_nothing(
    ask: Ask, plan_id: str, composed: Path
) -> None:
    for name in ("plan.json", "split.csv", "split.xlsx", "google_ads.json", "meta_ads.json", "plan.html"):
        assert ask("GET", f"/plans/{plan_id}/files/{name}").content == (composed / name).read_bytes()
    page = ask("GET", f"/plans/{plan_id}/files/plan.html")
    assert page.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    for name in ("response.npz", "changes.jsonl", "..%2fplan.json", "%2e%2e"):
        assert ask("GET", f"/plans/{plan_id}/files/{name}").status_code in {404, 422}


def test_a_plan_that_did_not_change_is_not_sent_again(ask: Ask, plan_id: str, key: KeyMaker) -> None:
    first = ask("GET", f"/plans/{plan_id}")
    headers = key("plans:read") | {"If-None-Match": first.headers["etag"]}
    assert ask("GET", f"/plans/{plan_id}", headers=headers).status_code == 304
    ask("POST", f"/plans/{plan_id}/approve", {})
    assert ask("GET", f"/plans/{plan_id}", headers=headers).status_code == 200


def test_another_workspace_finds_nothing_of_it(ask: Ask, plan_id: str, key: KeyMaker) -> None:
    stranger = key("owner", workspace=OTHER)
    brief = ask("POST", "/briefs", {"text": BRIEF}).json()["id"]
    assert ask("GET", "/plans", headers=stranger).json()["items"] == []
    paths = [("GET", f"/briefs/{brief}", None), ("PATCH", f"/briefs/{brief}", {"corrections": {"product": "tea"}})]
    paths += [("POST", f"/briefs/{brief}/answers", {"reply": "1. tea"})]
    paths += [("GET", f"/plans/{plan_id}{part}", None) for part in ("", "/lines", "/curves", "/log", "/state",
                                                                   "/files/plan.json", "/tunings")]  # fmt: skip
    paths += [("POST", f"/plans/{plan_id}/{verb}", {}) for verb in ("what-if", "replan", "approve", "publish", "start",
                                                                  "undo", "tune")]  # fmt: skip
    paths += [("POST", f"/plans/{plan_id}/rollback", {"to": "plan"}), ("DELETE", f"/plans/{plan_id}", None)]
    paths += [("POST", f"/plans/{plan_id}/apply", {"tuning_id": "0" * 32})]
    paths += [("POST", "/plans", {"brief_id": brief})]
    told = {(method, path): ask(method, path, body, headers=stranger).status_code for method, path, body in paths}
    assert {place: status for place, status in told.items() if status != 404} == {}
    assert ask("GET", f"/plans/{plan_id}").json()["state"] == "draft"


def test_plans_are_filtered_by_where_they_stand_and_come_as_a_table(ask: Ask, plan_id: str) -> None:
    assert [one["id"] for one in ask("GET", "/plans?state=draft").json()["items"]] == [plan_id]
    assert ask("GET", "/plans?state=ended").json()["items"] == []
    assert ask("GET", "/plans?state=happy").status_code == 422
    table = ask("GET", "/plans?format=csv").text.splitlines()
    assert table[0].startswith("id,title,state")
    assert plan_id in table[1]
    lines = ask("GET", f"/plans/{plan_id}/lines?format=csv").text.splitlines()
    assert "expected.leads.mid" in lines[0]
    for cursor in ("AAAA", "W10", "WyJ4IiwieSJd", "bnVsbA"):
        assert ask("GET", f"/plans?cursor={cursor}").status_code in {200, 400}


def test_what_a_plan_is_called_holds_no_dates_since_they_stand_beside_it(ask: Ask, plan_id: str) -> None:
    plan = ask("GET", f"/plans/{plan_id}").json()
    assert plan["title"] == "Crm software"
    assert plan["start_date"] == "2026-11-16"


def test_composing_tells_how_far_it_is_and_ends_where_it_is_told_to(lake_file: Path, tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []

    def progress(share: float, step: str) -> None:
        told.append((share, step))
        if step.startswith("comparing"):
            raise CancelledError("Not wanted any more.")

    lake = Lake.open(lake_file)
    order = Order(new_id(), read_brief(BRIEF), "Anne")
    with pytest.raises(CancelledError):
        compose_into_home(Shelf(tmp_path, "default"), order, Making(lake, LAST_DAY, default_embedder(), None, progress))
    lake.close()
    shares, steps = zip(*told, strict=True)
    assert list(shares) == sorted(shares)
    assert len(set(steps)) == len(steps) >= 6
    assert steps[0] == "reading the campaigns' history"
    assert "learning what spend brings: qualified leads" in steps
    assert not list((tmp_path / "plans" / "default").iterdir()), "nothing is left of it"
