"""Colours are readable: WCAG 2.2 contrast, computed from the stylesheet's own variables, light and dark."""

import doctest
import importlib
import pkgutil
import re

import pytest

from marketmover import charts

_READ = 4.5  # AA for text
_SEEN = 3.0  # AA for marks and lines that carry meaning


def _variables(dark: bool) -> dict[str, str]:
    light_part, rest = charts.theme().split("@media screen and (prefers-color-scheme: dark)")
    dark_part = rest.split("}")[0]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light_part))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark_part)) if dark else {})


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_can_be_read_on_its_ground(dark: bool) -> None:
    colours = _variables(dark)
    grounds = ["paper", "sheet"]
    pairs = [(ink, ground) for ink in ("ink", "muted", "accent", "warn") for ground in grounds]
    pairs += [("ink", shade) for shade in ("p1", "p2", "p3", "p4", "m1", "m2", "m3", "m4", "warn-soft", "accent-soft")]
    pairs += [("accent-ink", "accent"), ("mark-ink", "mark"), ("ribbon-ink", "ribbon"), ("warn", "warn-soft")]
    poor = {pair: round(_contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in poor.items() if ratio < _READ} == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_marks_and_lines_can_be_seen(dark: bool) -> None:
    colours = _variables(dark)
    marks = [(mark, ground) for mark in ("accent", "today", "warn") for ground in ("paper", "sheet")]
    assert {pair for pair in marks if _contrast(colours[pair[0]], colours[pair[1]]) < _SEEN} == set()


def test_paper_gets_light_colours_even_from_a_dark_screen() -> None:
    assert "@media screen and (prefers-color-scheme: dark)" in charts.theme()


def test_every_colour_that_is_used_is_given() -> None:
    css = charts.theme()
    assert set(re.findall(r"var\(--([\w-]+)\)", css)) <= set(re.findall(r"--([\w-]+):", css))


def test_the_examples_in_the_docstrings_hold() -> None:
    names = [module.name for module in pkgutil.iter_modules(charts.__path__)]
    modules = [charts, *(importlib.import_module(f"marketmover.charts.{name}") for name in names)]
    results = [doctest.testmod(module) for module in modules]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) >= 8
