"""What holds for every endpoint, walked one by one: who may call it, and what a stranger learns."""

from collections.abc import Mapping
from importlib import import_module
from typing import cast

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from tests.app.web.conftest import OTHER, KeyMaker

from marketmover.access.permissions import CATALOGUE
from marketmover.app.web.api import ROUTES
from marketmover.web.desk import Needs, Open

OPEN = {
    "read_version",
    "sign_in",
    "look_at_link",
    "redeem_link",
    "start_oidc",
    "finish_oidc",
    "read_session",
    "sign_out",
    "show_link_page",
    "look_at_shared",
    "comment_shared",
    "approve_shared",
    "answer_shared_survey",
    "read_shared_pdf",
    "read_shared_calendar",
    "follow_shared_calendar",
}
"""Endpoints that nobody need sign in for. Whoever adds one says so here, and in docs/threat-model.md."""


def routes_of(api: FastAPI) -> list[APIRoute]:
    """The rooms' routes; beside them the application has only what `test_nothing_else_is_mounted` names."""
    del api
    found = [route for name in ROUTES for route in import_module(name).router.routes]
    assert all(isinstance(route, APIRoute) for route in found)
    return cast("list[APIRoute]", found)


def methods_of(route: APIRoute) -> set[str]:
    return set(route.methods or ())


def guards_of(route: APIRoute) -> list[Needs | Open]:
    return [part.call for part in route.dependant.dependencies if isinstance(part.call, Needs | Open)]


def address(route: APIRoute, parameters: Mapping[str, str]) -> str:
    """The route's path, with an id that nothing has in each place."""
    path = f"/v1{route.path}"
    for name in route.param_convertors:
        path = path.replace(f"{{{name}}}", parameters.get(name, "0" * 32)).replace(f"{{{name}:path}}", "none")
    return path


def test_each_endpoint_says_once_who_may_call_it_by_a_permission_that_there_is(api: FastAPI) -> None:
    assert len(routes_of(api)) > 1
    wrong = [route.path for route in routes_of(api) if len(guards_of(route)) != 1]
    assert wrong == []
    named = {guard.permission for route in routes_of(api) for guard in guards_of(route) if isinstance(guard, Needs)}
    assert named - {None} <= CATALOGUE.keys()


def test_nothing_else_is_mounted(api: FastAPI) -> None:
    plain = {getattr(route, "path", "") for route in api.routes if not type(route).__name__.startswith("_Included")}
    dashboard = {"/{path:beside_api}", "/v1/links/page"}
    assert plain <= {"/healthz", "/readyz", "/metrics", "/v1/openapi.json"} | dashboard
    described = set(api.openapi()["paths"])
    assert described == {f"/v1{route.path}" for route in routes_of(api)}


def test_only_the_endpoints_that_are_listed_are_open_to_all(api: FastAPI) -> None:
    unlocked = {route.operation_id for route in routes_of(api) if isinstance(guards_of(route)[0], Open)}
    assert unlocked <= OPEN


def test_each_endpoint_has_a_name_a_summary_and_a_form_of_its_own(api: FastAPI) -> None:
    names = [route.operation_id for route in routes_of(api)]
    assert None not in names
    assert len(set(names)) == len(names)
    assert [route.path for route in routes_of(api) if not route.summary] == []


def test_nobody_gets_in_anywhere_without_a_key(api: FastAPI) -> None:
    let_in: dict[str, int] = {}
    for number, route in enumerate(routes_of(api)):
        if isinstance(guards_of(route)[0], Open):
            continue
        # each from a place of its own: strangers of one place may ask but so often a minute
        client = TestClient(api, raise_server_exceptions=False, client=(f"place-{number}", 1))
        for method in methods_of(route):
            for headers in ({}, {"Authorization": "Bearer mm_" + "0" * 16 + "_" + "A" * 43}):
                answer = client.request(method, address(route, {}), headers=headers)
                if answer.status_code != 401:
                    let_in[f"{method} {route.path}"] = answer.status_code
    assert let_in == {}


def test_a_key_that_may_do_all_but_what_an_endpoint_needs_is_refused_there(
    api: FastAPI, client: TestClient, key: KeyMaker
) -> None:
    refused: dict[str, int] = {}
    shown: dict[str, dict[str, str]] = {}
    for route in routes_of(api):
        guard = guards_of(route)[0]
        if isinstance(guard, Open) or guard.permission is None:
            continue
        if guard.permission not in shown:
            shown[guard.permission] = key(*(CATALOGUE.keys() - {guard.permission}))
        for method in methods_of(route):
            answer = client.request(method, address(route, {}), headers=shown[guard.permission])
            if answer.status_code != 403 or guard.permission not in answer.text:
                refused[f"{method} {route.path}"] = answer.status_code
    assert refused == {}


def test_a_key_of_one_workspace_opens_no_other_by_naming_it(api: FastAPI, client: TestClient, key: KeyMaker) -> None:
    of_other = key("owner", workspace=OTHER)
    told: dict[str, int] = {}
    for route in routes_of(api):
        if isinstance(guards_of(route)[0], Open) or "GET" not in methods_of(route):
            continue
        headers = of_other | {"Marketmover-Workspace": "default"}
        answers = [client.get(address(route, {}), headers=headers)]
        answers.append(client.get(address(route, {}), params={"workspace": "default"}, headers=of_other))
        told.update((route.path, answer.status_code) for answer in answers if answer.status_code != 404)
    assert told == {}


@pytest.mark.parametrize(
    "nasty", ["../../etc/passwd", "%00", "a" * 5_000, "\ud800".encode("utf-16", "surrogatepass").hex(), "🦊"]
)
def test_no_endpoint_fails_inside_whatever_stands_in_its_path(
    api: FastAPI, client: TestClient, key: KeyMaker, nasty: str
) -> None:
    owner = key("owner")
    failed: dict[str, int] = {}
    for route in routes_of(api):
        if not route.param_convertors:
            continue
        path = address(route, dict.fromkeys(route.param_convertors, nasty))
        for method in methods_of(route) - {"DELETE"}:
            answer = client.request(method, path, headers=owner)
            if answer.status_code >= 500 or answer.status_code == 200:
                failed[f"{method} {route.path}"] = answer.status_code
    assert failed == {}
