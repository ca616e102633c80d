"""What somebody may not do is not offered, and refused all the same; one workspace knows nothing of another."""

import re

from dashboard_home import BUSY, PASSWORD, VIEWER, Installation
from looking import Visit, settled
from playwright.sync_api import expect


def test_a_viewer_is_offered_nothing_that_changes_something(visit: Visit, installation: Installation) -> None:
    [plan, *_] = [one for one in installation.asks("/plans")["items"] if one["state"] == "draft"]
    page = visit(f"/plans/{plan['id']}", VIEWER)
    settled(page)
    expect(page.get_by_text("An owner or a manager approves it")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^(Approve…|Publish|Check what|Plan the rest)"))).to_have_count(0)
    page.goto("/compose")
    settled(page)
    expect(page.get_by_role("textbox", name="What does the client want?")).to_have_count(0)
    with installation.person(VIEWER) as viewer:
        for path, body in (
            (f"/v1/plans/{plan['id']}/approve", {}),
            (f"/v1/plans/{plan['id']}/publish", {"dry_run": True}),
            ("/v1/briefs", {"text": "EUR 100", "name": "a.txt"}),
        ):
            assert viewer.post(path, json=body).status_code == 403


def test_another_workspace_shows_nothing_of_the_first(visit: Visit) -> None:
    page = visit("/compose", BUSY)
    plan = page.get_by_role("link", name=re.compile("solar panels", re.IGNORECASE))
    expect(plan.first).to_be_visible()
    address = plan.first.get_attribute("href")
    page.get_by_role("combobox", name="Workspace").click()
    page.get_by_role("option", name="A new client").click()
    expect(page.get_by_role("heading", name="No campaign data yet")).to_be_visible()
    page.get_by_role("link", name="Compose").first.click()
    expect(page.get_by_text("No plans yet")).to_be_visible()
    expect(plan).to_have_count(0)
    other = visit("/", BUSY, errors="404")
    other.goto(str(address))
    expect(other.get_by_role("alert")).to_contain_text("no plan")


def test_who_signs_out_leaves_nothing_on_the_screen(visit: Visit) -> None:
    page = visit("/sign-in", None, errors="401")
    page.get_by_role("textbox", name="E-mail").fill(VIEWER)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    page.goto("/compose")
    page.get_by_role("button", name="Your account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
