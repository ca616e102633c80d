"""What changes elsewhere shows up without a reload; a server that is gone is said, and found again."""

import re
from urllib.parse import urlsplit

import httpx
from dashboard_home import BUSY, Installation
from looking import Visit, settled
from playwright.sync_api import expect

from marketmover.app.serving.listening import listening
from marketmover.app.web.api import make_api


def test_a_plan_that_was_composed_elsewhere_shows_up_by_itself(visit: Visit, installation: Installation) -> None:
    page = visit("/")
    with page.expect_response(lambda answer: answer.url.endswith("/v1/events")):
        page.goto("/compose")
    settled(page)
    plans = page.get_by_role("region", name="Plans").get_by_role("link")
    known = plans.count()
    page.evaluate("window.stayed = true")
    brief = installation.asks("/briefs", {"text": installation.brief, "name": "brief.txt"})
    installation.asks("/plans", {"brief_id": brief["id"], "seed": 3})
    expect(plans).to_have_count(known + 1)
    assert page.evaluate("window.stayed")


def test_what_another_person_and_a_client_do_shows_on_a_plans_page_that_is_open(
    visit: Visit, installation: Installation
) -> None:
    plan = installation.draft()
    page = visit("/")
    with page.expect_response(lambda answer: answer.url.endswith("/v1/events")):
        page.goto(f"/plans/{plan}")
    settled(page)
    expect(page.get_by_role("heading", name="Next: approve it")).to_be_visible()
    page.evaluate("window.stayed = true")
    token = installation.asks(f"/plans/{plan}/shares", {"name": "Mia"}, BUSY)["link"].partition("#")[2]
    expect(page.get_by_role("region", name="The client")).to_contain_text("Mia")
    said = {"token": token, "name": "Mia", "text": "Less on Display, please.", "kind": "changes"}
    httpx.post(f"{installation.address}/v1/shared/comment", json=said).raise_for_status()
    expect(page.get_by_text("Less on Display, please.")).to_be_visible()
    installation.asks(f"/plans/{plan}/approve", {"why": "Agreed by phone"}, BUSY)
    expect(page.get_by_role("heading", name="Next: publish it")).to_be_visible()
    expect(page.get_by_text("Agreed by phone")).to_be_visible()
    assert page.evaluate("window.stayed")


def test_a_server_that_is_gone_is_said_and_found_again(visit: Visit, installation: Installation) -> None:
    def served(port: int = 0):  # noqa: ANN202 - what `listening` gives
        return listening(make_api(installation.served), "127.0.0.1", port, grace_s=1)

    with served() as address:
        page = visit("/", address=address, errors="ERR_|Failed to load|Failed to fetch")
        settled(page)
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Compose").click()
    problem = page.get_by_role("alert").filter(has_text="The server cannot be reached").first
    expect(problem).to_be_visible()
    expect(problem).not_to_contain_text(re.compile("fetch|ERR_|TypeError"))
    with served(urlsplit(address).port or 0):
        page.get_by_role("button", name="Try again").first.click()
        expect(page.get_by_role("link", name=re.compile("solar", re.IGNORECASE)).first).to_be_visible()
