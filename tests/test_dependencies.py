"""Packages of others: pinned by their hashes, under licences that fit, and audited as they are locked."""

import re
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from email.message import Message

ROOT = Path(__file__).resolve().parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINS = re.split(r"\n(?=\S)", LOCK.strip())
FITS = re.compile(
    r"apache|mit\b|bsd|isc\b|python software|psf|mpl|mozilla|unlicense|zlib|0bsd|public domain|cc0|lgpl|lesser general"
    r"|postgresql|hpnd|historical permission|boost|bsl-1\.0|wtfpl|mit-0|permission is hereby granted, free of charge",
    re.IGNORECASE,
)

OWN_TERMS = {"facebook-business", "capi-param-builder-python"}
"""Meta's SDK, of the extra `meta`: under Meta's platform licence, for use with its services, which is its use here."""


def name_of(pin: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[=<>\[ ;]", pin, maxsplit=1)[0]).lower()


def licence_of(package: Distribution) -> str:
    told = cast("Message", package.metadata)
    classified = [line for line in told.get_all("Classifier") or [] if line.startswith("License")]
    return " ".join([told.get("License-Expression") or "", (told.get("License") or "")[:200], *classified])


def test_every_package_is_pinned_with_its_hashes() -> None:
    assert len(PINS) > 50
    loose = [
        pin.splitlines()[0] for pin in PINS if not re.match(r"[\w.\[\]-]+==\S", pin) or "--hash=sha256:" not in pin
    ]
    assert loose == []


def test_every_installed_package_has_a_licence_that_fits() -> None:
    locked = {name_of(pin) for pin in PINS}
    there = [one for one in distributions() if name_of(one.metadata["Name"]) in locked]
    assert len(there) > 50
    wrong = {name_of(one.metadata["Name"]): licence_of(one) for one in there if not FITS.search(licence_of(one))}
    assert wrong.keys() <= OWN_TERMS, wrong


def test_what_is_audited_is_what_is_locked() -> None:
    chore = re.search(r"^audit:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert chore is not None
    assert "requirements.lock" in chore[1]
    assert "--require-hashes" in chore[1]
