"""Bodies as strangers send them: too large, too deep, never whole, or from somebody who may not send any."""

import asyncio
import re
import socket
from collections.abc import Generator
from contextlib import contextmanager

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send
from tests.app.web.conftest import KeyMaker

from marketmover.app.serving.listening import listening
from marketmover.app.serving.patience import PatientProtocol
from marketmover.app.web.guards import BodyLimit

FORM = "multipart/form-data; boundary=x"


@contextmanager
def told(api: FastAPI, head: str) -> Generator[socket.socket]:
    """A connection to a real server on which the head of a request was sent, and no body."""
    with listening(api, "127.0.0.1", 0, grace_s=1) as address:
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(head.encode())
            yield connection


def whole_answer(connection: socket.socket) -> bytes:
    """Head and body of one answer, however many pieces it comes in."""
    answer = b""
    while (end := answer.find(b"\r\n\r\n")) < 0:
        answer += received(connection)
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", answer)
    assert length is not None, answer
    while len(answer) < end + 4 + int(length[1]):
        answer += received(connection)
    return answer


def received(connection: socket.socket) -> bytes:
    piece = connection.recv(4_000)
    assert piece, "the connection was closed in mid-answer"
    return piece


def head(path: str, kind: str, **headers: str) -> str:
    more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 1500000000\r\n{more}\r\n"


def test_a_stranger_is_turned_away_before_a_byte_of_an_upload_is_read(api: FastAPI) -> None:
    with told(api, head("/v1/imports", FORM)) as connection:
        assert b" 401 " in connection.recv(100)


def test_who_may_not_import_is_turned_away_before_a_byte_of_an_upload_is_read(api: FastAPI, key: KeyMaker) -> None:
    with told(api, head("/v1/imports", FORM, **key("viewer"))) as connection:
        assert b" 403 " in connection.recv(100)


@pytest.mark.parametrize("kind", ["application/zip", "application/octet-stream", FORM])
def test_what_takes_no_files_takes_no_large_body_whatever_it_calls_itself(api: FastAPI, kind: str) -> None:
    with told(api, head("/v1/session", kind)) as connection:
        assert b" 413 " in connection.recv(100)


def test_a_body_that_nests_without_end_is_refused(client: TestClient, key: KeyMaker) -> None:
    headers = key("owner") | {"Content-Type": "application/json"}
    for body in ("[" * 500_000, '{"a":' * 100_000):
        assert client.post("/v1/briefs", content=body, headers=headers).status_code in {400, 422}


@pytest.mark.parametrize("number", ["9" * 5_000, "1e999", "NaN", "-Infinity"])
def test_numbers_beyond_all_measure_are_refused(client: TestClient, key: KeyMaker, number: str) -> None:
    headers = key("owner") | {"Content-Type": "application/json"}
    body = f'{{"brief": {{"total_budget": {number}}}}}'
    assert client.post("/v1/plans", content=body, headers=headers).status_code in {400, 422}


def test_a_body_that_does_not_come_is_waited_for_a_while_alone() -> None:
    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, send
        await receive()

    async def never() -> Message:
        await asyncio.Event().wait()
        raise AssertionError("nothing comes")

    async def send(message: Message) -> None:
        raise AssertionError(message)

    guarded = BodyLimit(reads, 1_000, patience_s=0.01)
    with pytest.raises(HTTPException) as refused:
        asyncio.run(guarded({"type": "http", "path": "/", "headers": []}, never, send))
    assert refused.value.status_code == 408


@pytest.mark.parametrize("said", ["", "GET /v1/version HT"])
def test_a_connection_on_which_no_request_comes_is_closed(
    api: FastAPI, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    monkeypatch.setattr(PatientProtocol, "head_s", 0.05)
    with told(api, said) as connection:
        assert connection.recv(100) == b""


def test_a_connection_on_which_a_request_came_is_kept_for_the_next(api: FastAPI) -> None:
    asked = "GET /v1/version HTTP/1.1\r\nHost: x\r\n\r\n"
    with told(api, asked) as connection:
        assert b" 200 " in whole_answer(connection)
        connection.sendall(asked.encode())
        assert b" 200 " in whole_answer(connection)


def test_answers_go_out_at_once_and_do_not_wait_for_the_other_side(
    api: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick: list[bool] = []

    class Seen(PatientProtocol):
        def connection_made(self, transport: asyncio.Transport) -> None:
            connection: socket.socket = transport.get_extra_info("socket")
            quick.append(bool(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)))
            super().connection_made(transport)

    monkeypatch.setattr("marketmover.app.serving.patience.PatientProtocol", Seen)
    with told(api, "GET /v1/version HTTP/1.1\r\nHost: x\r\n\r\n") as connection:
        assert b" 200 " in connection.recv(4_000)
    assert quick == [True]
