"""`/v1/events`: what changes, told for as long as it may be seen."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi import FastAPI, Request
from tests.app.web.conftest import BO, SignedIn

from marketmover.access.people.service import end_sessions, find_member, give_role, remove_member
from marketmover.access.permissions import Asker
from marketmover.app.web import events
from marketmover.app.web.served import ServedApp
from marketmover.jobs import submit
from marketmover.kit import utc_now


async def nothing_more() -> Any:
    await asyncio.sleep(3_600)


def stream(api: FastAPI, cookie: str) -> AsyncIterator[bytes]:
    """The events of whoever has a cookie."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "path": "/v1/events",
        "query_string": b"",
        "headers": [(b"cookie", f"marketmover={cookie}".encode())],
        "client": ("127.0.0.1", 5),
        "app": api,
    }
    request, desks = Request(scope, nothing_more), api.state.desks
    caller = desks.caller_of(request)
    assert caller is not None
    answer: Any = events.stream_events(request, desks.desk(request, caller), None)
    return answer.body_iterator


def ask_for_work(served: ServedApp, about: str) -> None:
    with served.records.session() as session:
        submit(session, "default", "plans.compose", {}, asked_by="ann", about=about, now=utc_now())


@pytest.mark.parametrize("how", ["role", "removed", "signed out"])
@pytest.mark.parametrize("news", [True, False], ids=["with news", "while it is quiet"])
def test_a_stream_ends_where_its_caller_may_not_see_it_any_more(
    served: ServedApp, api: FastAPI, sign_in: SignedIn, monkeypatch: pytest.MonkeyPatch, how: str, news: bool
) -> None:
    monkeypatch.setattr(events, "_LOOK_S", 0.01)
    monkeypatch.setattr(events, "_QUIET_S", 3_600.0 if news else 0.0)
    cookie, by = sign_in(BO).cookies["marketmover"], Asker("test")

    def take_away() -> None:
        with served.records.session() as session:
            if how == "role":
                give_role(session, "default", BO, "nothing", by=by, now=utc_now())
            elif how == "removed":
                remove_member(session, "default", BO, by=by, now=utc_now())
            else:
                end_sessions(session, find_member(session, "default", BO).id)

    async def told() -> str:
        parts = stream(api, cookie)
        await anext(parts)
        first = asyncio.ensure_future(_news(parts))
        await asyncio.sleep(0.1)
        ask_for_work(served, "winter")
        text = await asyncio.wait_for(first, 20)
        take_away()
        if news:
            ask_for_work(served, "secret summer")
        async with asyncio.timeout(20):
            return text + "".join([part.decode() async for part in parts])

    with served.records.session() as session:
        from marketmover.access.people.roles import keep_role

        keep_role(session, "default", "nothing", ["plans:read"], by=by, now=utc_now())
    text = asyncio.run(told())
    assert "winter" in text
    assert "secret summer" not in text


async def _news(parts: AsyncIterator[bytes]) -> str:
    while True:
        part = (await anext(parts)).decode()
        if part.startswith("event: "):
            return part
