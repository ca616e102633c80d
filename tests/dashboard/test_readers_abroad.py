"""Figures and dates as the reader's own language writes them; a day of the calendar is the same day everywhere."""

import re
from datetime import timedelta

import pytest
from dashboard_home import Installation, shown
from looking import Visit, settled
from playwright.sync_api import expect


def test_a_german_reader_sees_german_figures(visit: Visit, installation: Installation) -> None:
    [plan] = [one for one in installation.asks("/plans")["items"] if one["total_budget"] == 9000][-1:]
    page = visit(f"/plans/{plan['id']}", locale="de-DE")
    settled(page)
    expect(page.get_by_text(re.compile(r"9\.000\s€ are expected to bring"))).to_be_visible()
    expect(
        page.get_by_text(re.compile(rf"\b{installation.first.day}\.\s\w+\.?\s{installation.first.year}"))
    ).not_to_have_count(0)


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Auckland"])
def test_no_time_zone_shifts_a_day(visit: Visit, installation: Installation, zone: str) -> None:
    [plan] = [one for one in installation.asks("/plans")["items"] if one["total_budget"] == 9000][-1:]
    page = visit(f"/plans/{plan['id']}", timezone_id=zone)
    settled(page)
    expect(page.get_by_text(f"{shown(installation.first)} to {shown(installation.last)}").first).to_be_visible()
    page.goto("/")
    known = installation.today - timedelta(days=1)
    expect(page.get_by_text(f"Figures up to {known:%B} {known.day}, {known.year}")).to_be_visible()
    expect(page.get_by_text(f"{shown(known - timedelta(days=6))} to {shown(known)}").first).to_be_visible()


def test_the_chosen_colours_are_there_before_the_page_is(visit: Visit) -> None:
    page = visit("/")
    settled(page)
    page.get_by_role("button", name="Dark colours").click()
    page.goto("/compose", wait_until="commit")
    page.wait_for_selector("#root", state="attached")
    assert page.evaluate("document.documentElement.dataset.mantineColorScheme") == "dark"
