"""Every page, at two widths and in both themes: it says what it is, fits, keeps nobody out, and logs no error.

The pictures that are taken on the way are for a person to look at: `make screenshots`.
"""

import re

import pytest
from dashboard_home import NEWCOMER, Installation
from looking import PICTURES, ROOT, Visit, hindrances, links, settled, sideways
from playwright.sync_api import Page, expect

PLACES = re.findall(
    r'\{ to: "([^"]+)", label: "([^"]+)"',
    (ROOT / "web/src/shell/pages.ts").read_text(encoding="utf-8"),
)
SECTIONS = re.findall(
    r'\{ to: "(\w+)", label:', (ROOT / "web/src/pages/settings/sections.ts").read_text(encoding="utf-8")
)
WITHIN = [
    *(f"/data/{tab}" for tab in ("imports", "quarantine", "pulls", "actions")),
    *(f"/models/{tab}" for tab in ("past", "comparisons")),
    *(f"/settings/{section}" for section in SECTIONS),
]
BEHIND = [
    ("/campaigns", r"/campaigns/google_ads(\?.*)?"),
    ("/campaigns/google_ads", r"/campaigns/google_ads/[^/?]+(\?.*)?"),
    ("/data/imports", r"/data/imports/[^/?]+"),
]
"""Where a page is, and which of its links leads to the one that is meant."""

PHONE, DESK = 390, 1440
ALL = ((DESK, "light"), (DESK, "dark"), (PHONE, "dark"), (PHONE, "light"))
SOME = ((DESK, "light"), (PHONE, "dark"))


def look_at(page: Page, name: str, views: tuple[tuple[int, str], ...] = ALL) -> None:
    """Looks at a page at widths and in themes, and keeps the pictures."""
    found: list[str] = []
    for width, theme in views:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        settled(page)
        page.screenshot(path=PICTURES / f"{name}-{width}-{theme}.png", full_page=True)
        found += [f"{width} {theme}: {one}" for one in hindrances(page)]
        if over := sideways(page):
            found.append(f"{width} {theme}: {over} pixels too wide")
    assert found == []


def test_the_places_are_read_from_the_navigation() -> None:
    assert len(PLACES) >= 7
    assert len(SECTIONS) >= 5


@pytest.mark.parametrize(("path", "label"), PLACES)
def test_each_place_is_whole(visit: Visit, path: str, label: str) -> None:
    page = visit(path)
    settled(page)
    expect(page).to_have_title(re.compile(r".+ · marketmover$"))
    expect(page.get_by_role("navigation", name="Pages").get_by_role("link", name=label)).to_have_attribute(
        "aria-current", "page"
    )
    look_at(page, label.lower())


@pytest.mark.parametrize(("path", "label"), PLACES)
def test_each_place_is_whole_where_nothing_is_known_yet(visit: Visit, path: str, label: str) -> None:
    page = visit(path, NEWCOMER)
    settled(page)
    look_at(page, f"{label.lower()}-empty")


@pytest.mark.parametrize("path", WITHIN)
def test_each_page_within_a_place_is_whole(visit: Visit, path: str) -> None:
    page = visit(path)
    settled(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Nothing is here")
    look_at(page, path.strip("/").replace("/", "-"), SOME)


@pytest.mark.parametrize(("start", "wanted"), BEHIND)
def test_what_a_page_leads_to_is_whole(visit: Visit, start: str, wanted: str) -> None:
    page = visit(start)
    settled(page)
    [first, *_] = [one for one in links(page) if re.fullmatch(wanted, one)]
    page.goto(first)
    settled(page)
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Nothing is here")
    look_at(page, f"{start.strip('/').replace('/', '-')}-within", SOME)


def test_what_a_client_is_shown_by_a_link_is_whole(visit: Visit, installation: Installation) -> None:
    [plan, *_] = installation.asks("/plans")["items"]
    link = installation.asks(f"/plans/{plan['id']}/shares", {"name": "Mia"})["link"]
    page = visit("/shared#" + link.partition("#")[2], None)
    look_at(page, "shared")


def test_a_plan_is_whole(visit: Visit, installation: Installation) -> None:
    [plan, *_] = installation.asks("/plans")["items"]
    look_at(visit(f"/plans/{plan['id']}"), "plan")


def test_a_brief_is_whole(visit: Visit, installation: Installation) -> None:
    brief = installation.asks("/briefs", {"text": installation.brief, "name": "brief.txt"})
    look_at(visit(f"/briefs/{brief['id']}"), "brief")


def test_an_address_that_leads_nowhere_says_so(visit: Visit) -> None:
    page = visit("/plans-of-mars")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing is here")
    look_at(page, "missing")


def test_the_way_in_is_whole(visit: Visit) -> None:
    page = visit("/", None)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    look_at(page, "sign-in")
