"""Models by name from a hub: a real client against a server on this machine that answers as a hub does."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tiny_models import require

from marketmover.errors import NotFoundError, SettingsError
from marketmover.language.hub import model_folder

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "config.json": b'{"model_type": "bert"}',
    "model.safetensors": b"weights",
    "tokenizer.json": b"{}",
    "pytorch_model.bin": b"a pickle",
    "own.py": b"code",
}


class Hub(BaseHTTPRequestHandler):
    """Knows one model with one revision."""

    asked: list[str]

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing."""

    def _answer(self, *, with_body: bool) -> None:
        self.asked.append(self.path)
        path = self.path.partition("?")[0]
        known = [f"/api/models/house/mood/revision/{name}" for name in (COMMIT, "v1")]
        listed = [{"rfilename": name} for name in FILES]
        tree = [{"type": "file", "path": name, "size": len(body), "oid": name} for name, body in FILES.items()]
        if path in [name.replace("/revision/", "/tree/") for name in known]:
            self._send(200, json.dumps(tree).encode(), with_body)
        elif path in known:
            self._send(200, json.dumps({"id": "house/mood", "sha": COMMIT, "siblings": listed}).encode(), with_body)
        elif path.startswith("/house/mood/resolve/") and path.rpartition("/")[2] in FILES:
            self._send(200, FILES[path.rpartition("/")[2]], with_body)
        elif path.startswith("/api/models/house/mood/"):
            self._send(404, b"{}", with_body, "RevisionNotFound")
        elif path.startswith("/api/models/house/closed/"):
            self._send(403, b"{}", with_body, "GatedRepo")
        else:
            self._send(404, b"{}", with_body, "RepoNotFound")

    def _send(self, status: int, body: bytes, with_body: bool, fault: str = "") -> None:
        self.send_response(status)
        headers = {"ETag": f'"{hash(body)}"', "X-Repo-Commit": COMMIT, "Content-Length": str(len(body))}
        for name, value in ({**headers, "X-Error-Code": fault} if fault else headers).items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)


@pytest.fixture
def hub() -> Generator[ThreadingHTTPServer]:
    Hub.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def told(model: str, home: Path, port: int, **environment: str) -> str:
    """What becomes of a model's name in a process of its own: the client reads its settings when it is imported."""
    code = (
        "import sys\n"
        "from marketmover.errors import MarketmoverError\n"
        "from marketmover.language.hub import model_folder\n"
        "try:\n"
        "    print(*sorted(path.name for path in model_folder(sys.argv[1]).iterdir()))\n"
        "except MarketmoverError as error:\n"
        "    print(type(error).__name__, error)\n"
    )
    names = {"HF_HOME": str(home), "HF_ENDPOINT": f"http://127.0.0.1:{port}", "HF_HUB_DISABLE_XET": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code, model],
        env={**os.environ, **names, "NO_PROXY": "127.0.0.1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_pinned_revision_is_fetched_once_without_pickles_and_code(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    require("huggingface_hub")
    found, again = (told(f"house/mood@{COMMIT}", tmp_path, hub.server_port) for _ in range(2))
    assert found == again == "config.json model.safetensors tokenizer.json"
    assert sum("/resolve/" in path and path.endswith("config.json") for path in Hub.asked) <= 2  # HEAD and GET, once
    assert not [path for path in Hub.asked if path.endswith((".bin", ".py"))]
    offline = told(f"house/mood@{COMMIT}", tmp_path, hub.server_port, HF_HUB_OFFLINE="1")
    assert offline == found


@pytest.mark.parametrize(
    ("model", "words"),
    [
        ("house/nonesuch@v1", ["NotFoundError", "no model house/nonesuch", "HF_TOKEN"]),
        ("house/mood@v9", ["NotFoundError", "no revision v9"]),
        ("house/closed@v1", ["InputError", "accepted its terms"]),
    ],
)
def test_what_the_hub_refuses_is_told_in_words(
    hub: ThreadingHTTPServer, tmp_path: Path, model: str, words: list[str]
) -> None:
    require("huggingface_hub")
    found = told(model, tmp_path, hub.server_port)
    assert all(word in found for word in words), found


def test_offline_a_model_that_was_never_fetched_is_named_and_nobody_is_asked(
    hub: ThreadingHTTPServer, tmp_path: Path
) -> None:
    require("huggingface_hub")
    found = told(f"house/mood@{COMMIT}", tmp_path, hub.server_port, HF_HUB_OFFLINE="1")
    assert "SettingsError" in found
    assert "HF_HUB_OFFLINE forbids" in found
    assert Hub.asked == []


def test_a_name_without_a_revision_is_not_followed() -> None:
    with pytest.raises(SettingsError, match="names no revision") as caught:
        model_folder("house/mood")
    assert "house/mood@COMMIT" in caught.value.remedy


@pytest.mark.parametrize("model", ["./nowhere", "/no/such/folder", "mood", "house/mood@", "@v1", "a/b/c@v1", "../x@y"])
def test_what_is_neither_a_folder_nor_a_pinned_name_is_refused(model: str) -> None:
    with pytest.raises((NotFoundError, SettingsError)) as caught:
        model_folder(model)
    assert model in caught.value.message


def test_without_the_extra_the_install_line_is_told(tmp_path: Path) -> None:
    """Also where it is installed: a process that cannot see it."""
    code = (
        "import sys; sys.modules['huggingface_hub'] = None; sys.modules['torch'] = None\n"
        "from marketmover.errors import MissingExtraError\n"
        "from marketmover.language.hub import model_folder\n"
        "from marketmover.language.sentiment.choosing import load_engine\n"
        "for ask in (lambda: model_folder('a/b@c'), lambda: load_engine(sys.argv[1])):\n"
        "    try: ask()\n"
        "    except MissingExtraError as error: print(error.remedy)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["Run: pip install 'marketmover[transformers]'"] * 2, done.stderr
