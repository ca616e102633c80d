"""Briefs come as text, mail and JSON, in any encoding; what cannot be read is told plainly."""

import base64
import json
from pathlib import Path

import pytest

from marketmover.campaigns.brief import load_brief, load_text, read_brief
from marketmover.errors import InputError, NotFoundError

MAIL = """From: owner@example.com
To: agency@example.com
Date: Mon, 3 Nov 2025 10:00:00 +0000
Subject: =?utf-8?q?Caf=C3=A9_campaign?=
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/{kind}; charset="iso-8859-1"
Content-Transfer-Encoding: quoted-printable

{body}
--b--
"""


def test_a_mail_gives_its_subject_and_text_and_no_other_header(tmp_path: Path) -> None:
    path = tmp_path / "brief.eml"
    path.write_text(MAIL.format(kind="plain", body="Budget: 5.000 =80 for our caf=E9."), encoding="ascii")
    text = load_text(path)
    assert "Caf\u00e9 campaign" in text
    assert "for our caf\u00e9" in text
    assert "owner@example.com" not in text
    assert "2025" not in text


def test_the_html_part_of_a_mail_is_read_where_there_is_no_plain_one(tmp_path: Path) -> None:
    path = tmp_path / "brief.eml"
    body = (
        "<style>p {color: red}</style><p>Budget: <b>$4,000</b></p><ul><li>leads</li></ul><blockquote>older</blockquote>"
    )
    path.write_text(MAIL.format(kind="html", body=body.replace("=", "=3D")), encoding="ascii")
    text = load_text(path)
    assert "Budget: $4,000" in text
    assert "- leads" in text
    assert "> older" in text
    assert "color" not in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_usual_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes("Budget: \u00a34,000 for our caf\u00e9".encode(encoding))
    budget = load_brief(path).budget
    assert budget is not None
    assert (budget.amount, budget.currency) == (4000, "GBP")


def test_a_brief_that_was_printed_as_json_is_read_back_as_it_was(tmp_path: Path) -> None:
    brief = read_brief("Leads in Spain, budget 5k EUR, no Facebook.")
    path = tmp_path / "brief.json"
    path.write_text(brief.model_dump_json(), encoding="utf-8")
    assert load_brief(path) == brief


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"objective": "leads",\n "budget": }', "line 2"),
        (json.dumps({"objective": "fame"}), "`objective`"),
        (json.dumps({"budget": {"amount": -5}}), "`budget.amount`"),
        (json.dumps({"targets": [{"metric": "cpl", "value": 3, "comparison": "at_most"}]}), "`targets.0.metric`"),
        (json.dumps({"start_date": "2026-02-01", "end_date": "2026-01-01"}), "before start_date"),
        (json.dumps({"colour": "red"}), "`colour`"),
    ],
)
def test_json_that_is_no_brief_is_refused_with_the_field_and_the_place(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "brief.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"brief\.json") as raised:
        load_brief(path)
    assert told in raised.value.message


def test_what_is_missing_empty_binary_or_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"nowhere\.txt"):
        load_text(tmp_path / "nowhere.txt")
    (tmp_path / "empty.txt").write_text(" \n")
    (tmp_path / "photo.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    for name, told in (("empty.txt", "is empty"), ("photo.txt", "is not text"), (".", "is a folder")):
        with pytest.raises(InputError, match=told):
            load_text(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("brief.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"\.msg.*\.docx"),
        ("brief.rtf", rb"{\rtf1\ansi Budget \'805,000 a month}", r"rich text.*\.docx"),
    ],
)
def test_files_that_look_like_text_to_people_and_are_not_say_what_to_save_them_as(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told):
        load_text(tmp_path / name)


HEADERS = b"From: Ana <ana@x.example>\r\nSubject: Brief\r\nMIME-Version: 1.0\r\nContent-Type: "
BASE64 = b"text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
WORDS = base64.b64encode(b"More leads in Leeds, please. " * 4)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (bytes(range(256)) * 8, "is no mail"),
        (HEADERS + BASE64 + base64.b64encode(bytes(range(256))), "its text is damaged"),
        (HEADERS + b"multipart/alternative; boundary=abc\r\n\r\n--abc\r\nContent-Type: text/plain\r\n", "cut off"),
        (HEADERS + b"multipart/mixed; boundary=abc\r\n\r\n--xyz\r\n\r\nMore leads.\r\n--xyz--\r\n", "cut off"),
        (HEADERS + b"multipart/mixed\r\n\r\nMore leads.\r\n", "cut off"),
        (HEADERS + b"multipart/encrypted; boundary=abc\r\n\r\n--abc\r\n\r\nVersion: 1\r\n--abc--\r\n", "is encrypted"),
        (HEADERS + b"image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n" + WORDS, "holds image/png alone"),
    ],
)
def test_a_mail_without_anything_to_read_says_why(tmp_path: Path, data: bytes, why: str) -> None:
    mail = tmp_path / "brief.eml"
    mail.write_bytes(data)
    with pytest.raises(InputError, match=why) as caught:
        load_text(mail)
    assert str(mail) in caught.value.message


def test_a_mail_that_breaks_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    mail = tmp_path / "brief.eml"
    mail.write_bytes(HEADERS + BASE64 + WORDS[:61])
    assert "More leads in Leeds, please." in load_text(mail)


def test_a_mail_that_says_all_in_its_subject_is_read(tmp_path: Path) -> None:
    mail = tmp_path / "brief.eml"
    mail.write_bytes(b"From: Ana <ana@x.example>\r\nSubject: 40 leads by May for 2k GBP\r\nMIME-Version: 1.0\r\n\r\n")
    assert load_text(mail) == "Subject: 40 leads by May for 2k GBP\n"
