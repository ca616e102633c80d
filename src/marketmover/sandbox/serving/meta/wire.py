"""The Graph API's calls and answers on an HTTP connection, spoilt ones included."""

from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qsl, urlsplit

from marketmover.sandbox.serving.meta.calls import Call

_MOST_BYTES = 4 << 20


@dataclass(frozen=True)
class Answer:
    """What is answered.

    Attributes:
        status: HTTP status.
        text: The body.
        headers: Beside those of every answer.
        spoilt: `cut`: the connection breaks within the body; `short_body`: half a body, told as whole.
    """

    status: int
    text: str
    headers: dict[str, str] = field(default_factory=dict[str, str])
    spoilt: str = ""


def read_call(handler: BaseHTTPRequestHandler) -> Call:
    """The call that a request is; parameters of the query and of a form's body together."""
    url = urlsplit(handler.path)
    told = handler.headers.get("Content-Length") or "0"
    size = min(int(told), _MOST_BYTES) if told.isdigit() else 0
    handler.close_connection = handler.close_connection or told != str(size)  # what is left unread is no request
    body = handler.rfile.read(size).decode("utf-8", "replace") if size else ""
    given = dict(parse_qsl(url.query, keep_blank_values=True)) | dict(parse_qsl(body, keep_blank_values=True))
    bearer = handler.headers.get("Authorization", "")
    if bearer.startswith("Bearer "):
        given.setdefault("access_token", bearer.removeprefix("Bearer "))
    version, *parts = [part for part in url.path.split("/") if part]
    return Call(handler.command or "", version, tuple(parts), given)


def write_answer(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Write an answer, and close the connection where it breaks within the body."""
    data = answer.text.encode()
    told = len(data)
    if answer.spoilt:
        data = data[: len(data) // 2]
        told = told if answer.spoilt == "cut" else len(data)
        handler.close_connection = True
    handler.send_response(answer.status)
    headers = {"Content-Type": "application/json; charset=UTF-8", **answer.headers, "Content-Length": str(told)}
    if answer.spoilt:
        headers["Connection"] = "close"
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(data)
