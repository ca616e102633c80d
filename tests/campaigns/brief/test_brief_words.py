"""The lists of words that rules use, and how their entries are written."""

import re
from pathlib import Path

import pytest

from marketmover.campaigns.brief import vocabulary

WORDS = Path(vocabulary.__file__).parent / "words"


@pytest.mark.parametrize(
    ("entry", "fits", "fails"),
    [
        ("enquir(y|ies)", ["enquiry", "enquiries"], ["enquir"]),
        ("[new ]lead[s]", ["lead", "new leads"], ["old lead"]),
        ("[new |old ...]lead", ["lead", "new old lead"], ["odd lead"]),
        ("( very){0-2} good", [" good", " very very good"], [" very very very good"]),
        ("advertis*", ["advertis", "advertising"], ["advert"]),
        ("enquir+", ["enquiry"], ["enquir"]),
        ("book + tours", ["book boat tours"], ["book tours"]),
        ("lead_gen", ["lead gen", "lead-gen"], ["leadgen"]),
        ("sales{not before:  (team|rep)}", ["sales"], ["sales team"]),
        ("{not after: of |for }course", ["course"], []),
        ("<number> km", ["15 km"], ["x km"]),
        (r"\(free\)", ["(free)"], ["free"]),
        ("50.5%", ["50.5%"], ["5005%"]),
    ],
)
def test_an_entry_fits_what_its_signs_say(entry: str, fits: list[str], fails: list[str]) -> None:
    pattern = re.compile(vocabulary.any_of([entry]))
    assert [text for text in fits if not pattern.fullmatch(text)] == []
    assert [text for text in fails if pattern.fullmatch(text)] == []


def test_what_stands_before_can_rule_an_entry_out() -> None:
    pattern = re.compile(vocabulary.any_of(["{not after: of |for }course[s]"]))
    assert pattern.search("book a course")
    assert not pattern.search("of course")


def test_a_second_language_adds_to_the_sections_of_the_first(tmp_path: Path) -> None:
    for language, text in (("en", "# Signs.\n\n== leads ==\nenquir(y|ies)\n"), ("it", "== leads ==\nrichiest(a|e)\n")):
        (tmp_path / f"{language}.txt").write_text(text, encoding="utf-8")
    found = vocabulary.sections([tmp_path / "en.txt", tmp_path / "it.txt"])
    assert found == {"leads": ["enquir(y|ies)", "richiest(a|e)"]}
    assert re.fullmatch(vocabulary.any_of(found["leads"]), "richieste")


@pytest.mark.parametrize("path", sorted(WORDS.glob("*/*.txt")), ids=lambda path: path.stem)
def test_every_list_can_be_read_and_says_nothing_twice(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
    if "\n== " not in path.read_text(encoding="utf-8"):
        entries = vocabulary.words(path.stem)
        assert sorted(set(entries)) == sorted(entries)
        return
    for name, entries in vocabulary.sections([path]).items():
        assert sorted(set(entries)) == sorted(entries), name
        assert entries, name
    assert all(re.compile(pattern) for pattern in vocabulary.phrases(path.stem).values())
