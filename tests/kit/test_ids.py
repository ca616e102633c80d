import pytest

from marketmover.kit import LineId, line_id, new_id, stable_hash


def test_a_line_id_survives_being_taken_apart() -> None:
    for text in ("google_ads:55:551", "meta_ads:77:-", "google_ads:new:1"):
        assert str(LineId.parse(text)) == text


def test_a_campaign_without_a_single_group_has_a_dash() -> None:
    assert line_id("google_ads", "55", None) == "google_ads:55:-"
    assert LineId.parse("google_ads:55:-").group_id is None


def test_what_is_not_a_line_id_is_refused() -> None:
    with pytest.raises(ValueError, match="unpack"):
        LineId.parse("55:551")


def test_a_hash_follows_from_its_parts_and_their_borders() -> None:
    assert stable_hash("a", "b") == stable_hash("a", "b")
    assert stable_hash("ab", "") != stable_hash("a", "b")


def test_random_ids_differ() -> None:
    assert len({new_id() for _ in range(100)}) == 100
