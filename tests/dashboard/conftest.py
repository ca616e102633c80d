"""A real browser before a real installation; whatever goes wrong in a page fails the test that opened it."""

import os
import re
import subprocess
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

import pytest
from dashboard_home import OWNER, Installation, copied, made_once
from looking import PICTURES, ROOT, Visit
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from marketmover.app.web import pages

if TYPE_CHECKING:
    from playwright.sync_api import StorageState

_PATIENCE_MS = 120_000  # of a slow machine; nothing waits longer than it needs
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_TESTED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remembers of each test whether it went well, for the pictures of what did not."""
    report = yield
    if call.when == "call":
        item.stash[_TESTED] = report.passed
    return report


@pytest.fixture(scope="module")
def browser() -> Generator[Browser]:
    """A Chromium for one file of tests. Playwright's loop runs in this thread, where no other test may meet it.

    (A fixture of a package without `__init__.py` lives to the end of the whole run.)
    """
    if not (pages.BUILT / "index.html").is_file():
        pytest.fail("The dashboard is not built. Run: make web", pytrace=False)
    found = subprocess.run([ROOT / "scripts/browser.sh", "--find"], capture_output=True, text=True, check=False)
    if found.returncode:
        pytest.fail(found.stderr, pytrace=False)
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as tools:
        chromium = tools.chromium.launch(executable_path=found.stdout.strip(), args=_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Generator[Installation]:
    """This process' own; the tests that change something make a plan of their own for it."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    with copied(made_once(shared), tmp_path_factory.mktemp("dashboard")) as there:
        yield there


@pytest.fixture(scope="session")
def signed_in(installation: Installation) -> Callable[[str], "StorageState"]:
    """What a browser holds in which somebody signed in; asked for once for each."""
    kept: dict[str, StorageState] = {}

    def state(email: str) -> "StorageState":
        if email not in kept:
            with installation.person(email) as client:
                cookies: list[Any] = [
                    {"name": one.name, "value": one.value or "", "domain": "127.0.0.1", "path": "/", "expires": -1}
                    | {"httpOnly": True, "secure": False, "sameSite": "Lax"}
                    for one in client.cookies.jar
                ]
            kept[email] = {"cookies": cookies, "origins": []}
        return kept[email]

    return state


@pytest.fixture
def visit(
    request: pytest.FixtureRequest,
    browser: Browser,
    installation: Installation,
    signed_in: Callable[[str], "StorageState"],
) -> Generator[Visit]:
    """Opens a page as somebody, or as nobody. An error that a page tells its console fails the test.

    Errors that the test brings about are named by `errors`, a pattern.
    """
    opened: list[tuple[BrowserContext, Page]] = []
    troubles: list[str] = []

    def visited(
        path: str,
        who: str | None = OWNER,
        *,
        address: str = "",
        errors: str = "(?!)",
        width: int = 1440,
        **options: Any,
    ) -> Page:
        kept = signed_in(who) if who else None
        own = (address or installation.address, "data:", "blob:")
        chosen: dict[str, Any] = {
            "base_url": address or installation.address,
            "storage_state": kept,
            "viewport": {"width": width, "height": 900},
            "locale": "en-US",
            "timezone_id": "Europe/Amsterdam",
            "reduced_motion": "reduce",
        } | options
        context = browser.new_context(**chosen)
        context.set_default_timeout(_PATIENCE_MS)
        page = context.new_page()
        opened.append((context, page))

        def heard(words: str) -> None:
            if not re.search(errors, words):
                troubles.append(f"{page.url}: {words}")

        page.on("console", lambda said: heard(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: heard(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith(own) else heard(f"asks {sent.url}"))
        page.goto(path)
        return page

    yield visited
    for number, (context, page) in enumerate(opened):
        if not request.node.stash.get(_TESTED, False):
            page.screenshot(path=PICTURES / "failed" / f"{request.node.name}-{number}.png", full_page=True)
        context.close()
    assert troubles == []
