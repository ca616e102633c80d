"""The dashboard's packages: pinned by digest, under licences that fit, and named with their terms in the build."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from marketmover.app.web import pages

ROOT = Path(__file__).resolve().parent.parent
LOCK_TEXT = (ROOT / "web/package-lock.json").read_text(encoding="utf-8")
LOCK: dict[str, dict[str, Any]] = json.loads(LOCK_TEXT)["packages"]
PACKAGES = {place.rpartition("node_modules/")[2]: told for place, told in LOCK.items() if place}
FITS = {"0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT", "Unlicense", "Zlib"}
"""What may stand in a work under Apache-2.0, with no more asked for than that its terms are handed on."""

needs_build = pytest.mark.skipif(
    not (pages.BUILT / "index.html").is_file(), reason="the dashboard is not built: make web"
)


def fits(licence: str) -> bool:
    """Whether a licence by SPDX fits; of several to choose from, one has to."""
    choices = licence.strip("()").split(" OR ")
    return any(all(part.strip("() ") in FITS for part in choice.split(" AND ")) for choice in choices)


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True),
        ("(MIT OR CC0-1.0)", True),
        ("MIT AND BSD-3-Clause", True),
        ("(GPL-3.0 OR MIT)", True),
        ("MIT AND GPL-3.0", False),
        ("SEE LICENSE IN FILE", False),
        ("", False),
    ],
)
def test_licences_are_read_as_their_terms_are_meant(licence: str, may: bool) -> None:
    assert fits(licence) is may


def test_every_package_that_may_be_in_the_build_has_a_licence_that_fits() -> None:
    bundled = {name: told.get("license", "") for name, told in PACKAGES.items() if not told.get("dev")}
    assert len(bundled) > 30
    assert {name: licence for name, licence in bundled.items() if not fits(licence)} == {}


def test_every_package_is_pinned_with_its_digest() -> None:
    assert [name for name, told in PACKAGES.items() if not told.get("integrity", "").startswith("sha512-")] == []
    asked = LOCK[""]["dependencies"] | LOCK[""]["devDependencies"]
    assert {name: version for name, version in asked.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)} == {}


def test_the_lock_names_no_registry_and_no_address_to_download_from() -> None:
    assert [name for name, told in PACKAGES.items() if "resolved" in told] == []
    assert "://" not in LOCK_TEXT  # whoever adds a package takes its "funding" out


def test_tools_of_other_machines_are_in_the_lock_too() -> None:
    """A lock made on one machine may leave out what another needs: `npm ci` would then install half a tool there."""
    for tool in ("@biomejs/cli", "@rolldown/binding", "lightningcss"):
        there = [name for name in PACKAGES if name.startswith(f"{tool}-")]
        assert {machine for machine in ("darwin-arm64", "linux-x64", "linux-arm64", "win32-x64") for name in there
                if machine in name} == {"darwin-arm64", "linux-x64", "linux-arm64", "win32-x64"}, tool  # fmt: skip


@needs_build
def test_the_build_hands_on_the_terms_of_every_package_in_it() -> None:
    told = (pages.BUILT / "licences.txt").read_text(encoding="utf-8")
    parts = {head[1]: head[2] for head in re.finditer(r"^-{80}\n(\S+) \S+ \((.+)\)\n", told, re.MULTILINE)}
    assert {"react", "react-dom", "@mantine/core", "echarts", "zrender", "@tanstack/query-core"} <= parts.keys()
    assert [name for name, licence in parts.items() if not fits(licence) or name not in PACKAGES] == []
    for name in parts:
        terms = told.partition(f"\n{name} ")[2].partition("-" * 80)[0]
        assert re.search("Permission|Redistribution|Apache License", terms), name
        assert len(terms) > 500, name
    assert "The Apache Software Foundation" in told  # NOTICE of ECharts
    assert 'rel="license" href="/licences.txt"' in (pages.BUILT / "index.html").read_text(encoding="utf-8")
