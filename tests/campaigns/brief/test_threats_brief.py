"""Briefs that are made to keep a server busy."""

import pytest

from marketmover.campaigns.brief import text_of_file


@pytest.mark.parametrize("run", [" " * 150_000, "\t" * 150_000, "\n" * 150_000, "\u00a0" * 50_000, " \n" * 70_000])
def test_a_run_of_blanks_or_empty_lines_is_made_short(run: str) -> None:
    text = text_of_file(f"300 leads{run}for 20,000 euros".encode(), "brief", forms=False)
    assert len(text) < 300
    assert (text[:9], text[-16:]) == ("300 leads", "for 20,000 euros")


def test_texts_as_people_write_them_stay_as_they_are() -> None:
    text = "Budget:\n\n\n   20,000 euros\n" + "-" * 200 + "\n"
    assert text_of_file(text.encode(), "brief", forms=False) == text
