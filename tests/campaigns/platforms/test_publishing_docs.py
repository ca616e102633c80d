"""What docs/publishing.md says of the files is so."""

import re
from pathlib import Path

from marketmover.campaigns.platforms import payload
from marketmover.campaigns.platforms.google import GOOGLE_API_VERSIONS
from marketmover.campaigns.platforms.limits import META_WHOLE_CURRENCIES

ROOT = Path(__file__).parents[3]
TEXT = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")


def test_every_placeholder_is_told() -> None:
    placeholders = {name for name in vars(payload) if name.startswith("INSERT_")}
    assert placeholders == set(re.findall(r"`(INSERT_\w+)`", TEXT))
    assert all(getattr(payload, name) == name for name in placeholders)


def test_the_currencies_without_cents_are_told() -> None:
    (sentence,) = re.findall(r"whole units for ([A-Z, \n]+ and [A-Z]{3})", TEXT)
    assert set(re.findall(r"[A-Z]{3}", sentence)) == META_WHOLE_CURRENCIES


def test_the_api_version_and_the_script_that_are_told_exist() -> None:
    assert set(re.findall(r"\bv2\d\b", TEXT)) <= set(GOOGLE_API_VERSIONS)
    for script in re.findall(r"scripts/\w+\.py", TEXT):
        assert (ROOT / script).is_file()
