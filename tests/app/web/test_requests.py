"""What the API does with every request: ids, headers, sizes, hosts, rates, and errors in words."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from tests.app.web.conftest import BO, KeyMaker, SignedIn

from marketmover.access.people.service import give_role
from marketmover.access.permissions import Asker
from marketmover.app.observe.metrics import Metrics
from marketmover.app.serving.listening import listening
from marketmover.app.web.api import make_api
from marketmover.app.web.served import ServedApp
from marketmover.jobs import submit
from marketmover.kit import utc_now
from marketmover.settings import Settings
from marketmover.store import Records


def test_each_answer_has_an_id_and_the_headers_that_keep_browsers_from_harm(client: TestClient) -> None:
    answer = client.get("/v1/version")
    assert len(answer.headers["x-request-id"]) >= 8
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert client.get("/v1/version", headers={"X-Request-Id": "from-the-proxy-1"}).headers["x-request-id"] == (
        "from-the-proxy-1"
    )
    assert client.get("/v1/version", headers={"X-Request-Id": 'bad id"><'}).headers["x-request-id"] != 'bad id"><'


def test_what_is_not_there_is_a_problem_that_names_its_request(client: TestClient) -> None:
    answer = client.get("/v1/nothing")
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], told["instance"]) == (404, answer.headers["x-request-id"])
    assert "/v1/openapi.json" in told["remedy"]


def test_an_error_that_nobody_expected_tells_an_id_and_no_trace(api: FastAPI, caplog: pytest.LogCaptureFixture) -> None:
    @api.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError("password=hunter2")

    answer = TestClient(api, raise_server_exceptions=False).get("/v1/broken")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text
    assert answer.headers["x-request-id"] in answer.json()["remedy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "RuntimeError" in caplog.text


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(client: TestClient, key: KeyMaker) -> None:
    headers = key("owner") | {"Content-Type": "application/json"}
    assert client.post("/v1/nothing", content=b"x" * 5_000_000, headers=headers).status_code == 413
    assert client.post("/v1/nothing", headers=headers | {"Content-Length": "no number"}).status_code == 413


def test_a_name_that_is_not_ours_is_not_answered_to(served: ServedApp) -> None:
    client = TestClient(make_api(served, hosts=("127.0.0.1", "[::1]", "brain.example")))
    for ours in ("127.0.0.1:8000", "[::1]:8000", "brain.example"):
        assert client.get("/v1/version", headers={"Host": ours}).status_code == 200
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200
    refused = client.get("/v1/version", headers={"Host": "evil.example"})
    assert (refused.status_code, refused.headers["content-type"]) == (421, "application/problem+json")


def test_who_asks_too_often_is_told_when_to_come_again(served: ServedApp, records_of: Records, key: KeyMaker) -> None:
    few = ServedApp(Settings(home=served.settings.home, rate_limit=3), records_of)
    client, owner, other = TestClient(make_api(few)), key("owner"), key("owner")
    assert [client.get("/v1/jobs", headers=owner).status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/v1/jobs", headers=owner)
    assert int(refused.headers["retry-after"]) > 0
    assert client.get("/v1/jobs", headers=other).status_code == 200


def test_who_is_refused_is_counted_too(
    served: ServedApp, records_of: Records, sign_in: SignedIn, key: KeyMaker
) -> None:
    few = ServedApp(Settings(home=served.settings.home, rate_limit=3), records_of)
    cookie = sign_in(BO).cookies["marketmover"]
    for headers, said in (
        ({"Cookie": f"marketmover={cookie}"}, 403),  # without its CSRF token
        (key("owner") | {"Marketmover-Workspace": "of-others"}, 404),
        ({"Authorization": "Bearer mm_of_nobody"}, 401),
    ):
        client = TestClient(make_api(few))
        told = [client.post("/v1/jobs/1/cancel", headers=headers).status_code for _ in range(3)]
        otherwise = {name: value.replace("Bearer ", "bearer  ") for name, value in headers.items()}
        assert [*told, client.post("/v1/jobs/1/cancel", headers=otherwise).status_code] == [said, said, said, 429]


def test_behind_a_proxy_nobody_passes_for_many_places_by_what_they_say_of_themselves(
    served: ServedApp, records_of: Records
) -> None:
    """A proxy on this machine adds where it was asked from behind what the client wrote."""
    few = ServedApp(Settings(home=served.settings.home, rate_limit=3), records_of)
    with listening(make_api(few), "127.0.0.1", 0, grace_s=1) as address:

        def asked(places: str) -> int:
            return httpx.get(f"{address}/v1/version", headers={"X-Forwarded-For": places}).status_code

        assert [asked(f"192.0.2.{number}, 198.51.100.7") for number in range(4)] == [200, 200, 200, 429]
        assert asked("198.51.100.7, 198.51.100.8") == 200


@pytest.fixture
def records_of(served: ServedApp) -> Records:
    return served.records


def test_a_server_that_is_about_to_stop_says_that_it_is_not_ready(api: FastAPI, client: TestClient) -> None:
    assert client.get("/readyz").status_code == 200
    api.state.stopping.set()
    assert client.get("/readyz").json()["status"] == "stopping"
    assert client.get("/healthz").status_code == 200


def test_a_server_whose_records_are_away_lives_but_is_not_ready(served: ServedApp, client: TestClient) -> None:
    served.records.close()
    (served.settings.home / "records.sqlite").unlink()
    (served.settings.home / "records.sqlite").mkdir()
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    (served.settings.home / "records.sqlite").rmdir()


def test_metrics_are_told_to_this_machine_or_by_a_token_and_count_by_template(served: ServedApp) -> None:
    api = make_api(served, metrics=Metrics())
    local = TestClient(api, client=("127.0.0.1", 5))
    local.get("/v1/jobs/0123", headers={"Authorization": "Bearer none"})
    told = local.get("/metrics")
    assert told.headers["content-type"].startswith("text/plain")
    assert 'marketmover_http_requests_total{method="GET",route="/v1/jobs/{job_id}",status="401"} 1.0' in told.text
    for by_proxy in ("X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via"):
        assert local.get("/metrics", headers={by_proxy: "203.0.113.9"}).status_code == 401
    assert TestClient(api, client=("203.0.113.9", 5)).get("/metrics").status_code == 401


def test_metrics_go_anywhere_with_the_token(served: ServedApp) -> None:
    settings = served.settings.model_copy(update={"metrics_token": SecretStr("scrape-me")})
    far = TestClient(make_api(ServedApp(settings, served.records), metrics=Metrics()), client=("203.0.113.9", 5))
    assert far.get("/metrics", headers={"Authorization": "Bearer scrape-me"}).status_code == 200
    assert far.get("/metrics", headers={"Authorization": "Bearer scrape"}).status_code == 401


def test_who_may_less_since_is_not_told_again_what_was_answered(sign_in: SignedIn, served: ServedApp) -> None:
    def role_of_bo(name: str) -> None:
        with served.records.session() as session:
            give_role(session, "default", BO, name, by=Asker("test"), now=utc_now())

    role_of_bo("manager")
    with served.records.session() as session:
        task = submit(session, "default", "plans.compose", {}, asked_by="ann", about="autumn", now=utc_now())
    bo = sign_in(BO)
    asked: list[tuple[str, dict[str, str] | None]] = [
        (f"/v1/jobs/{task.id}/cancel", None),
        ("/v1/briefs", {"text": "We sell crm software, EUR 20k."}),
    ]
    for path, body in asked:
        first = bo.post(path, json=body, headers={"Idempotency-Key": path})
        assert first.status_code < 300, first.text
        again = bo.post(path, json=body, headers={"Idempotency-Key": path})
        assert (again.headers["idempotency-replayed"], again.content) == ("true", first.content)
        role_of_bo("viewer")
        refused = bo.post(path, json=body, headers={"Idempotency-Key": path})
        assert (refused.status_code, "idempotency-replayed" in refused.headers) == (403, False)
        role_of_bo("manager")
