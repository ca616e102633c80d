"""Everything without a mouse."""

import re

import pytest
from dashboard_home import Installation
from looking import Visit, settled
from playwright.sync_api import Page, expect

FOCUSED = "document.activeElement.id || document.activeElement.getAttribute('aria-label')"


def tab_to(page: Page, role: str, name: str, most: int = 60) -> None:
    """Presses Tab until something has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True)  # pyright: ignore[reportArgumentType] - a role's name
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("all => all.includes(document.activeElement)"):
            return
    pytest.fail(f"{most} times Tab did not lead to {role} {name!r}")


def test_the_first_tab_skips_the_navigation(visit: Visit) -> None:
    page = visit("/")
    settled(page)
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the page")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED) == "main"


def test_a_new_page_has_the_focus_and_its_own_title(visit: Visit) -> None:
    page = visit("/")
    settled(page)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Data").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Data")
    expect(page).to_have_title("Data · marketmover")
    assert page.evaluate(FOCUSED) == "main"


@pytest.mark.parametrize("keys", ["Control+k", "Meta+k"])
def test_the_palette_finds_pages_and_plans(visit: Visit, keys: str) -> None:
    page = visit("/")
    settled(page)
    page.keyboard.press(keys)
    search = page.get_by_role("searchbox", name="Find or do").or_(page.get_by_role("textbox", name="Find or do"))
    expect(search).to_be_focused()
    page.keyboard.type("zzzz")
    expect(page.get_by_text("Nothing of that name")).to_be_visible()
    search.fill("solar")
    expect(page.get_by_role("button", name=re.compile("solar", re.IGNORECASE)).first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/(plans|briefs)/"))
    expect(search).to_have_count(0)
    page.keyboard.press(keys)
    expect(search).to_be_focused()
    page.keyboard.press("Escape")
    expect(search).to_have_count(0)


def test_the_palette_keeps_the_keyboard_though_the_page_behind_it_comes_later(visit: Visit) -> None:
    page = visit("/")
    settled(page)
    search = page.get_by_role("textbox", name="Find or do")
    page.keyboard.press("Control+k")
    expect(search).to_be_focused()
    page.keyboard.press("Escape")
    expect(search).to_have_count(0)
    page.evaluate("""() => {
      document.querySelector("nav a[href='/data']").click();
      window.dispatchEvent(new KeyboardEvent("keydown", {key: "k", ctrlKey: true}));
    }""")
    expect(page.get_by_role("heading", level=1, name="Data", include_hidden=True)).to_be_attached()
    page.wait_for_timeout(300)
    expect(search).to_be_focused(timeout=2000)


def test_a_brief_is_read_and_corrected_without_a_mouse(visit: Visit, installation: Installation) -> None:
    page = visit("/compose")
    settled(page)
    tab_to(page, "textbox", "What does the client want?")
    page.keyboard.insert_text(installation.brief)
    tab_to(page, "button", "Read the brief")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What I understood")).to_be_visible()
    tab_to(page, "button", "Budget: €9,000 in total")
    page.keyboard.press("Enter")
    field = page.get_by_role("textbox", name="Budget", exact=True)
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(field).to_have_count(0)
    expect(page.get_by_role("button", name="Budget: €9,000 in total")).to_be_focused()
    page.keyboard.press("Enter")
    field.fill("8,000 EUR in total")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Budget: €8,000 in total")).to_be_visible()
    assert installation.asks(f"/briefs/{page.url.rpartition('/')[2]}")["brief"]["budget"]["amount"] == 8000
