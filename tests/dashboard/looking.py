"""What every page is looked at for."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
PICTURES = Path(os.environ.get("SCREENSHOTS") or ROOT / "build" / "screenshots")
Visit = Callable[..., Page]
"""Opens a page: the fixture `visit`."""

_AXE = (ROOT / "web/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_FOUND = """rules => axe.run({runOnly: rules, resultTypes: ["violations"]}).then(told => told.violations.map(one =>
  one.id + ": " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 200)
  + " " + (node.any[0] || node.all[0] || node.none[0] || {message: ""}).message).join(" | ")))"""

_STILL = """() => document.fonts.ready.then(() => new Promise(requestAnimationFrame)).then(() => Promise.all(
  document.getAnimations().filter(one => one.effect.getComputedTiming().endTime !== Infinity)
  .map(one => one.finished.catch(() => null))))"""
"""Colours that are on their way from one theme to the other have arrived."""


def settled(page: Page) -> None:
    """Waits until the page has its title and nothing in it is still being fetched."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator('[aria-busy="true"], [aria-label="Loading"], .mantine-Skeleton-root')).to_have_count(0)
    page.evaluate(_STILL)


def hindrances(page: Page) -> list[str]:
    """What keeps people out, of WCAG 2.2 AA, as far as a program finds it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    found: Any = page.evaluate(_FOUND, _RULES)
    return [str(one) for one in found]


def sideways(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def links(page: Page) -> list[str]:
    """Addresses within the dashboard that the page leads to."""
    found: list[str] = page.locator("a[href^='/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return sorted({one for one in found if not one.startswith("/v1/")})
