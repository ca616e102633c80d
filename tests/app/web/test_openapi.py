"""What the API promises: the written promise is kept, and the watch over it sees what would break callers."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def scripts_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))


def test_the_written_promise_is_what_the_code_does() -> None:
    import openapi  # pyright: ignore[reportMissingImports] - scripts are on the path in these tests alone

    fresh = openapi.generated()
    promised = openapi.PROMISED.read_text(encoding="utf-8")
    broken = openapi.breaking_changes(json.loads(promised), fresh)
    assert broken == []
    assert promised == openapi.as_text(fresh), "Run: python scripts/openapi.py"


_JSON = "application/json"
_BEFORE: dict[str, Any] = {
    "paths": {
        "/v1/plans": {
            "get": {
                "operationId": "list_plans",
                "parameters": [{"in": "query", "name": "limit", "schema": {"type": "integer"}}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Plan"}}}}
                },
            },
            "post": {
                "operationId": "create_plan",
                "requestBody": {"content": {_JSON: {"schema": {"$ref": "#/components/schemas/Asked"}}}},
                "responses": {"202": {}},
            },
        }
    },
    "components": {
        "schemas": {
            "Plan": {"type": "object", "properties": {"id": {"type": "string"}, "total": {"type": "number"}}},
            "Asked": {
                "type": "object",
                "properties": {"seed": {"type": "integer"}, "objective": {"enum": ["leads", "revenue"]}},
                "required": ["objective"],
            },
        }
    },
}


def _without(path: str) -> dict[str, Any]:
    after = copy.deepcopy(_BEFORE)
    *steps, last = path.split("|")
    place = after
    for step in steps:
        place = place[step]
    del place[last]
    return after


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("paths|/v1/plans", "GET /v1/plans is gone"),
        ("paths|/v1/plans|post", "POST /v1/plans is gone"),
        ("paths|/v1/plans|get|parameters", "GET /v1/plans: the parameter limit is gone"),
        ("paths|/v1/plans|post|responses|202", "POST /v1/plans: it no longer answers 202"),
        ("components|schemas|Plan|properties|total", "GET /v1/plans 200: total is gone"),
    ],
)
def test_what_is_taken_away_breaks_callers(path: str, told: str) -> None:
    from openapi_changes import breaking_changes  # pyright: ignore[reportMissingImports]

    assert told in breaking_changes(_BEFORE, _without(path))


def test_what_is_newly_asked_for_or_of_another_type_breaks_callers() -> None:
    from openapi_changes import breaking_changes  # pyright: ignore[reportMissingImports]

    after = copy.deepcopy(_BEFORE)
    asked = after["components"]["schemas"]["Asked"]
    asked["required"] = ["objective", "seed"]
    asked["properties"]["objective"]["enum"] = ["leads"]
    after["components"]["schemas"]["Plan"]["properties"]["id"]["type"] = "integer"
    after["paths"]["/v1/plans"]["get"]["parameters"][0]["required"] = True
    assert sorted(breaking_changes(_BEFORE, after)) == [
        "GET /v1/plans 200: id tells integer, not string",
        "GET /v1/plans: the parameter limit is now required",
        "POST /v1/plans: body.objective no longer takes revenue",
        "POST /v1/plans: body.seed is now required",
    ]


def test_what_is_added_breaks_nobody() -> None:
    from openapi_changes import breaking_changes  # pyright: ignore[reportMissingImports]

    after = copy.deepcopy(_BEFORE)
    after["paths"]["/v1/new"] = {"get": {"operationId": "new", "responses": {}}}
    after["components"]["schemas"]["Asked"]["properties"]["limits"] = {"type": "object"}
    after["components"]["schemas"]["Plan"]["properties"]["title"] = {"type": "string"}
    after["paths"]["/v1/plans"]["get"]["parameters"].append({"in": "query", "name": "q", "schema": {"type": "string"}})
    assert breaking_changes(_BEFORE, after) == []
