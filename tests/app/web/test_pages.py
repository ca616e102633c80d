"""The dashboard's files: how they are served, how large they are, and what is said where they are missing."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from marketmover.app.web import pages

_FIRST_LOAD = 300_000  # bytes of script, compressed
_HTML = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>here</title>")
    (tmp_path / "assets" / "app-1a2b.js").write_text("run()")
    (tmp_path / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(b"run()"))
    (tmp_path / "manifest.json").write_text("{}")
    return tmp_path


def browser_of(built: Path) -> TestClient:
    api = FastAPI()
    api.add_api_route("/v1/plans", lambda: ["a plan"], methods=["GET"])
    pages.mount(api, built)
    return TestClient(api)


@pytest.mark.parametrize("path", ["/", "/plans/7f1e", "/sign-in", "/link", "/v10", "/plans/a.b"])
def test_every_address_beside_the_api_opens_the_dashboard_anew_each_time(built: Path, path: str) -> None:
    answer = browser_of(built).get(path, headers=_HTML)
    assert (answer.status_code, "here" in answer.text) == (200, True)
    assert answer.headers["cache-control"] == "no-cache"


def test_nothing_but_our_own_files_may_run(built: Path) -> None:
    policy = browser_of(built).get("/", headers=_HTML).headers["content-security-policy"]
    parts = {name: rest for name, _, rest in (part.strip().partition(" ") for part in policy.split(";"))}
    assert parts["default-src"] == "'none'"
    assert parts["script-src"] == "'self'"
    assert parts["frame-ancestors"] == "'none'"


def test_hashed_files_are_kept_for_long_and_come_packed(built: Path) -> None:
    browser = browser_of(built)
    answer = browser.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip"})
    assert (answer.text, answer.headers["content-encoding"]) == ("run()", "gzip")
    assert "immutable" in answer.headers["cache-control"]
    assert "javascript" in answer.headers["content-type"]
    plain = browser.get("/assets/app-1a2b.js", headers={"Accept-Encoding": "gzip;q=0"})
    assert (plain.text, plain.headers.get("content-encoding")) == ("run()", None)
    again = browser.get("/assets/app-1a2b.js", headers={"If-None-Match": plain.headers["etag"], "Accept-Encoding": ""})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/plans/7f1e", "/assets/gone.js", "/manifest.json", "/../secret.key", "/%2e%2e/secret.key", "/a%00b.js"]
)
def test_a_program_gets_no_page_for_what_is_not_there_or_lies_elsewhere(built: Path, path: str) -> None:
    (built.parent / "secret.key").write_text("secret")
    assert browser_of(built).get(path, headers={"Accept": "*/*"}).status_code == 404


def test_the_api_answers_for_its_own_addresses(built: Path) -> None:
    browser = browser_of(built)
    assert browser.get("/v1/plans", headers=_HTML).json() == ["a plan"]
    assert browser.get("/v1/nothing", headers=_HTML).status_code == 404
    assert browser.get("/v1", headers=_HTML).status_code == 404
    assert browser.post("/v1/plans").status_code == 405


def test_where_it_was_not_built_words_say_how(tmp_path: Path) -> None:
    answer = browser_of(tmp_path).get("/", headers=_HTML)
    assert (answer.status_code, "make web" in answer.text) == (503, True)


def test_one_time_links_lead_to_the_dashboard_where_it_was_built(built: Path, tmp_path: Path) -> None:
    api = FastAPI()
    pages.take_over_links(api, built)
    answer = TestClient(api).get("/v1/links/page", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/link")
    bare = FastAPI()
    pages.take_over_links(bare, tmp_path / "none")
    assert TestClient(bare).get("/v1/links/page").status_code == 404


needs_build = pytest.mark.skipif(
    not (pages.BUILT / "index.html").is_file(), reason="the dashboard is not built: make web"
)


@needs_build
def test_the_first_page_loads_less_than_300_kb_of_script_and_no_charts() -> None:
    manifest = json.loads((pages.BUILT / "manifest.json").read_text())
    names = _loaded(manifest, "index.html") | _loaded(manifest, "src/pages/home/Home.tsx")
    assert not [name for name in names if "Chart" in name]
    assert sum((pages.BUILT / f"{name}.gz").stat().st_size for name in names) < _FIRST_LOAD


@needs_build
def test_the_built_page_runs_no_script_within_itself_and_asks_nothing_of_others() -> None:
    html = (pages.BUILT / "index.html").read_text()
    scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", html, re.DOTALL)
    assert scripts
    assert all(" src=" in asked and not within.strip() for asked, within in scripts)
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", html)


def _loaded(manifest: dict[str, Any], entry: str) -> set[str]:
    """A file and all that it loads at once."""
    told = manifest.get(entry)
    if told is None:
        return set()
    return {told["file"], *(name for other in told.get("imports", ()) for name in _loaded(manifest, other))}
