"""Boxes of forms: what was not ticked is not said."""

import pytest

from marketmover.campaigns.brief import read_brief


@pytest.mark.parametrize(
    ("text", "include"),
    [
        ("Channels: \u2610 Google  \u2612 Facebook/Instagram  \u2610 radio", ["meta_ads"]),
        ("Platforms:\n- [ ] Google\n- [x] Facebook", ["meta_ads"]),
        ("Channels:\n[x] Google\n[ ] Meta\n[ ] other: ______", ["google_ads"]),
        ("Channels: ( ) Google (x) Instagram", ["meta_ads"]),
    ],
)
def test_what_was_not_ticked_is_not_said(text: str, include: list[str]) -> None:
    assert read_brief(text).platforms.include == include


def test_open_tasks_are_read() -> None:
    brief = read_brief("Note to self\n\n- [x] pay the invoice\n- [ ] tell them: ads on Google, 900 EUR in total\n")
    assert brief.platforms.include == ["google_ads"]
    assert brief.budget is not None
    assert brief.budget.amount == 900
