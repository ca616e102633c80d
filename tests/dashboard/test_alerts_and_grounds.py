"""An alert is read, met in one click and that taken back; a figure is followed to the rows that it was read from."""

import re

from dashboard_home import Installation
from looking import Visit, hindrances, settled
from playwright.sync_api import expect
from test_every_page import SOME, look_at


def test_a_remedy_of_an_alert_is_taken_back_within_the_minute(visit: Visit, installation: Installation) -> None:
    plan = installation.draft()
    alert, line = installation.alert(plan)
    page = visit(f"/monitor/alerts/{alert}")
    expect(page.get_by_role("region", name="What is wrong")).to_contain_text("a lead costs twice what it should")
    expect(page.get_by_role("region", name="What to do")).to_contain_text("It costs more than it brings.")
    look_at(page, "alert", SOME)
    page.get_by_role("button", name="Pause this line").click()
    undo = page.get_by_role("button", name=re.compile("^Undo: "))
    expect(undo).to_be_visible()
    expect(page.get_by_role("region", name="What happened to it")).to_contain_text("Seen to by")
    assert installation.asks(f"/plans/{plan}/state")["paused"] == [line]
    page.goto("/")
    undo.click()
    expect(page.get_by_text(re.compile("^Taken back: "))).to_be_visible()
    assert installation.asks(f"/plans/{plan}/state")["paused"] == []
    assert installation.asks(f"/alerts/{alert}")["state"] == "open"


def test_a_figure_is_followed_to_the_rows_that_it_was_read_from(visit: Visit) -> None:
    page = visit("/campaigns")
    settled(page)
    opener = page.get_by_role("button", name="What these figures rest on")
    opener.click()
    drawer = page.get_by_role("dialog")
    for heading in ("Day", "Campaign"):
        expect(drawer.get_by_role("columnheader", name=heading, exact=True)).to_be_visible()
        drawer.get_by_role("row").nth(1).get_by_role("button").click()
    expect(
        drawer.get_by_text(re.compile(r", row [\d,]+ of those that could be read; import 1 of ")).first
    ).to_be_visible()
    assert hindrances(page) == []
    drawer.get_by_role("button", name="Back").click()
    expect(drawer.get_by_role("columnheader", name="Campaign", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(opener).to_be_focused()
