from pathlib import Path

import pytest

from marketmover.errors import InputError, NotFoundError
from marketmover.language.sentiment.tuning.labels_file import read_labels


def labels(folder: Path, content: str | bytes, name: str = "labels.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_texts_and_labels_are_read_whatever_the_columns_order_and_the_labels_spelling(tmp_path: Path) -> None:
    path = labels(tmp_path, 'id,Label,TEXT\n1,pos,"Good, very"\n2,-1,"bad\nover two lines"\n3,Neutral,so so\n')
    read = read_labels([path])
    assert read.texts == ["Good, very", "bad\nover two lines", "so so"]
    assert read.labels == ["positive", "negative", "neutral"]
    assert read.counts() == {"negative": 1, "neutral": 1, "positive": 1}


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbftext,label\r\nfine,positive\r\n",
        b"text;label\nfine;positive\n",
        b"text\tlabel\nfine\tpositive\n\n",
        b"text,label\rfine,positive",
    ],
)
def test_files_as_spreadsheets_write_them_are_read(tmp_path: Path, content: bytes) -> None:
    assert read_labels([labels(tmp_path, content)]).texts == ["fine"]


def test_every_fault_is_named_by_the_line_that_it_begins_on(tmp_path: Path) -> None:
    path = labels(tmp_path, 'text,label\n"two\nlines",positive\nfine,positve\n ,neutral\nx,5\n')
    with pytest.raises(InputError) as caught:
        read_labels([path])
    told = caught.value.message
    assert "3 rows" in told
    assert "line 4: the label 'positve'" in told
    assert "Did you mean 'positive'?" in told
    assert "line 5: the text is empty" in told
    assert "line 6" in told


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_labels_are_read_in_every_encoding_that_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    path = labels(tmp_path, "text,label\nCafé superb,positive\n".encode(encoding))
    assert read_labels([path]).texts == ["Café superb"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        ("comment,mood\nx,y\n", "no columns text and label"),
        ("text,label\nwell, well,positive\n", "line 2: 3 columns where the header has 2"),
        ('text,label\n"open,positive\n', "line 2"),
        (b"\x89PNG\r\n\x1a\n\0\0", "is no text"),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error_that_names_it_and_the_place(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    path = labels(tmp_path, content)
    with pytest.raises(InputError, match=words) as caught:
        read_labels([path])
    assert str(path) in caught.value.message


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        read_labels([tmp_path / "nowhere.csv"])


def test_a_text_counts_once_and_one_with_two_labels_not_at_all(tmp_path: Path) -> None:
    first = labels(tmp_path, "text,label\nThanks!,positive\nOK,neutral\nlate,negative\n", "a.csv")
    second = labels(tmp_path, "text,label\nthanks!  ,positive\nok,positive\n", "b.csv")
    read = read_labels([first, second])
    assert read.texts == ["Thanks!", "late"]
    assert "1 row." in read.notes[0]
    assert "1 text (a.csv line 3 and b.csv line 3)" in read.notes[1]


def test_the_fingerprint_follows_the_labels_and_not_their_order(tmp_path: Path) -> None:
    one = read_labels([labels(tmp_path, "text,label\na,positive\nb,negative\n", "1.csv")])
    other = read_labels([labels(tmp_path, "text,label\nb,negative\na,positive\n", "2.csv")])
    changed = read_labels([labels(tmp_path, "text,label\nb,negative\na,neutral\n", "3.csv")])
    assert one.fingerprint == other.fingerprint != changed.fingerprint
