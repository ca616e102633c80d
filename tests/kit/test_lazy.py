import sys

import pytest

from marketmover import language
from marketmover.kit import on_demand


def test_a_name_is_found_in_its_module_only_when_it_is_asked_for() -> None:
    sys.modules.pop("xml.sax.saxutils", None)
    find, _ = on_demand("xml", {"escape": "sax.saxutils"})
    assert "xml.sax.saxutils" not in sys.modules
    assert find("escape")("<") == "&lt;"


def test_any_other_name_is_missing_as_in_any_module() -> None:
    with pytest.raises(AttributeError, match="module 'xml' has no attribute 'unescape'"):
        on_demand("xml", {"escape": "sax.saxutils"})[0]("unescape")


def test_a_package_lists_what_it_has_and_what_it_would_import() -> None:
    _, names = on_demand("xml", {"escape": "sax.saxutils"})
    assert {"escape", "__doc__"} <= set(names())


def test_every_public_name_of_a_room_is_listed() -> None:
    assert set(language.__all__) <= set(dir(language))
