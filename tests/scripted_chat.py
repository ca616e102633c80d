"""A real HTTP server that speaks the protocol of OpenAI-compatible chat endpoints, and says what a script tells it.

It is no language model: what it answers shows how failures are met and what is checked, never how well briefs are read.
"""

import json
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Said:
    """What the server says to one request."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    content_type: str = "application/json"
    promised_bytes: int | None = None
    """A Content-Length that is not kept: the connection closes before."""
    drips: bool = False
    """Whether it sends a byte now and then, and never ends."""


@dataclass
class Asked:
    """What the server received in one request."""

    method: str
    path: str
    headers: dict[str, str]
    raw: str

    @property
    def body(self) -> dict[str, Any]:
        return json.loads(self.raw)

    @property
    def response_format(self) -> str:
        return self.body.get("response_format", {}).get("type", "text")


Script = Callable[[Asked], Said]


@dataclass
class ScriptedChat:
    """The server: `script` holds what is said in turn, the last of it again and again."""

    url: str
    script: list[Said | Script] = field(default_factory=list[Said | Script])
    asked: list[Asked] = field(default_factory=list[Asked])
    over: threading.Event = field(default_factory=threading.Event)

    def says(self, *answers: Said | Script | dict[str, Any]) -> None:
        """Set the script; a plain dictionary is the content of a completion."""
        self.script = [completion(one) if isinstance(one, dict) else one for one in answers]

    @property
    def received(self) -> str:
        """Everything that ever reached the server."""
        return "\n".join(f"{one.path} {one.headers} {one.raw}" for one in self.asked)


def completion(content: Any, *, usage: bool = True, finish_reason: str = "stop", **message: Any) -> Said:
    """A completion as OpenAI's API has it."""
    words = content if isinstance(content, str) else json.dumps(content)
    choice = {"index": 0, "message": {"role": "assistant", "content": words, **message}, "finish_reason": finish_reason}
    counted = {"usage": {"prompt_tokens": 1000, "completion_tokens": 200}} if usage else {}
    return Said({"id": "x", "object": "chat.completion", "choices": [choice], **counted})


def refusal(message: str, status: int = 400, **more: str) -> Said:
    """An error as OpenAI's API has it."""
    return Said({"error": {"message": message, "type": "invalid_request_error", **more}}, status)


@contextmanager
def scripted_chat() -> Generator[ScriptedChat]:
    """A server on 127.0.0.1 for the time of the block."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    chat = ScriptedChat(f"http://127.0.0.1:{server.server_address[1]}/v1")
    server.daemon_threads = True
    server.chat = chat  # pyright: ignore[reportAttributeAccessIssue] - its handlers find it here
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield chat
    finally:
        chat.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
        """Stay quiet."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        chat: ScriptedChat = self.server.chat  # pyright: ignore[reportAttributeAccessIssue] - set above
        raw = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        asked = Asked(method, self.path, {name.lower(): value for name, value in self.headers.items()}, raw)
        chat.asked.append(asked)
        step = chat.script.pop(0) if len(chat.script) > 1 else chat.script[0]
        self._say(step if isinstance(step, Said) else step(asked), chat.over)

    def _say(self, said: Said, over: threading.Event) -> None:
        content = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
        self.send_response(said.status)
        self.send_header("Content-Type", said.content_type)
        self.send_header("Connection", "close")
        for name, value in said.headers.items():
            self.send_header(name, value)
        length = said.promised_bytes or (1_000_000 if said.drips else len(content))
        self.send_header("Content-Length", str(length))
        self.end_headers()
        try:
            while said.drips and not over.wait(0.02):
                self.wfile.write(b" ")
                self.wfile.flush()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            pass
        self.close_connection = True
