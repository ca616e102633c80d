"""The main path, as a manager walks it who has read nothing: from a client's words to a plan that is published."""

import re

import pytest
from dashboard_home import VIEWER, Installation
from looking import Visit, settled
from playwright.sync_api import Page, expect


@pytest.mark.parametrize("width", [1440, 390])
def test_an_example_brief_is_there_to_be_tried(visit: Visit, width: int) -> None:
    page = visit("/compose", width=width)
    page.get_by_role("button", name="Try an example").click()
    page.get_by_role("button", name="Read the brief").click()
    expect(page.get_by_role("heading", name="What I understood")).to_be_visible()


def test_a_brief_becomes_a_plan_that_is_approved_checked_and_published(
    visit: Visit, installation: Installation
) -> None:
    page = visit("/compose", errors="422")
    page.get_by_role("textbox", name="What does the client want?").fill(installation.brief)
    page.get_by_role("button", name="Read the brief").click()
    _correct(page, "Budget: €9,000 in total", "12k euros in total", "€12,000 in total")
    page.get_by_role("button", name="Compose a plan").click()
    page.wait_for_url("**/plans/*")
    expect(page.get_by_text("€12,000 are expected to bring", exact=False)).to_be_visible()
    _try_another_split(page)
    page.get_by_role("button", name="Approve…").click()
    page.get_by_role("dialog").get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator("[aria-current=step]")).to_contain_text("Publish")
    _sees_but_does_not_publish(visit(page.url, VIEWER))
    page.get_by_role("button", name="Check what would be sent").click()
    expect(page.get_by_text("The platforms would take all of it")).to_be_visible()
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(
        page.get_by_role(
            "heading",
            name=f"It goes out on {installation.first:%B} {installation.first.day}, {installation.first.year}",
        )
    ).to_be_visible()
    plan = page.url.rpartition("/")[2]
    assert installation.asks(f"/plans/{plan}/state")["waits_until"] == installation.first.isoformat()
    assert [one["entry"]["kind"] for one in installation.asks(f"/plans/{plan}/log")["items"]][-1] == "approve"


def _correct(page: Page, chip: str, words: str, becomes: str) -> None:
    """Corrects what was understood, once with words that mean nothing there."""
    page.get_by_role("button", name=chip).click()
    field = page.get_by_role("textbox", name="Budget", exact=True)
    field.fill("bananas")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    field.fill(words)
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_role("button", name=f"Budget: {becomes} · corrected")).to_be_visible()


def _try_another_split(page: Page) -> None:
    """Moves a line, looks at what that would bring, and takes it back: nothing of the plan is changed by it."""
    handle = page.get_by_role("slider").first
    before = handle.get_attribute("aria-valuetext")
    handle.focus()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_text(re.compile(r"As you have it: .+ leads \(the plan: .+\)"))).to_be_visible()
    expect(handle).not_to_have_attribute("aria-valuetext", before or "")
    page.get_by_role("button", name="Back to the plan").click()
    expect(handle).to_have_attribute("aria-valuetext", before or "")


def _sees_but_does_not_publish(page: Page) -> None:
    settled(page)
    expect(page.get_by_text("An owner or a manager publishes it")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^(Publish|Check what)"))).to_have_count(0)
