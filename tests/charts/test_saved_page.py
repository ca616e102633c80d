from pathlib import Path

import pytest
from markupsafe import Markup

from marketmover.charts import page, save_page
from marketmover.errors import InputError


def test_a_page_is_written_as_it_was_made(tmp_path: Path) -> None:
    made = page("Été «夏»", Markup("<p>Hello</p>"))
    save_page(made, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == made


@pytest.mark.parametrize("place", [".", "nowhere/page.html"])
def test_a_page_that_cannot_be_written_is_told_with_its_place(place: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written") as refused:
        save_page("", tmp_path / place)
    assert str(tmp_path) in refused.value.message
    assert refused.value.remedy == "Name a file in a folder that is there."
