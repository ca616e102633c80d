"""What was typed and not sent outlives a reload and the end of a session; nobody else is shown it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dashboard_home import BUSY, OWNER, PASSWORD, Installation
from looking import Visit, settled
from playwright.sync_api import Locator, Page, expect
from test_the_way_in import show_password

if TYPE_CHECKING:
    from playwright.sync_api import StorageState

WORDS = "EUR 9,000 for leads in Porto from 1 to 28 March"


def brief_of(page: Page) -> Locator:
    return page.get_by_role("textbox", name="What does the client want?")


def test_a_brief_that_was_not_sent_waits_for_whoever_typed_it_and_for_nobody_else(
    visit: Visit, signed_in: Callable[[str], "StorageState"]
) -> None:
    page = visit("/compose", BUSY, errors="401")
    brief_of(page).fill(WORDS)
    page.reload()
    expect(brief_of(page)).to_have_value(WORDS)
    page.context.clear_cookies()
    page.get_by_role("button", name="Read the brief").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    kept: Any = signed_in(OWNER).get("cookies", [])
    page.context.add_cookies(kept)
    page.goto("/compose")
    expect(brief_of(page)).to_have_value("")
    page.context.clear_cookies()
    page.reload()
    show_password(page, BUSY, PASSWORD)
    expect(brief_of(page)).to_have_value(WORDS)
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert WORDS not in page.evaluate("JSON.stringify(sessionStorage)")


def test_wishes_for_a_plan_outlive_a_reload_and_are_seen_to_hold(visit: Visit) -> None:
    page = visit("/compose")
    brief_of(page).fill(WORDS)
    page.get_by_role("button", name="Read the brief").click()
    expect(page.get_by_role("heading", name="What I understood")).to_be_visible()
    assert WORDS not in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_role("button", name="Before you compose").click()
    page.get_by_role("textbox", name="In all (EUR)").fill("8000")
    page.reload()
    expect(page.get_by_role("textbox", name="In all (EUR)")).to_have_value("8,000")


def test_a_clients_comment_outlives_a_reload_until_it_is_sent(visit: Visit, installation: Installation) -> None:
    link = installation.asks(f"/plans/{installation.draft()}/shares", {"name": "Mia", "allows": ["comment"]})["link"]
    token = link.partition("#")[2]
    page = visit(f"/shared#{token}", None)
    page.get_by_text("Comment", exact=True).click()
    page.get_by_role("textbox", name="Your name").fill("Mia")
    field = page.get_by_role("textbox", name="Your comment")
    field.fill("Less on Display, please.")
    page.reload()
    settled(page)
    page.get_by_text("Comment", exact=True).click()
    expect(field).to_have_value("Less on Display, please.")
    assert token not in page.evaluate("JSON.stringify(sessionStorage)")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Thank you.")).to_be_visible()
    expect(field).to_have_value("")
    assert "Display" not in page.evaluate("JSON.stringify(sessionStorage)")
