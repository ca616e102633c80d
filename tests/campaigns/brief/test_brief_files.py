"""Files that briefs come in: odd encodings, Word, PDF, pages; and those that mean harm."""

import struct
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketmover.campaigns.brief import load_brief, load_text, read_brief
from marketmover.campaigns.brief.document import read_document
from marketmover.campaigns.brief.files.mails import text_of_mail
from marketmover.campaigns.brief.files.pages import text_of_html
from marketmover.campaigns.brief.letters import content_lines
from marketmover.errors import InputError

WORDS = "Budget: £4,000 for our café – we’d like leads"
SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32", b""),
        ("cp1252", b""),
        ("mac_roman", b""),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_encoding_is_told_by_the_bytes(tmp_path: Path, encoding: str, mark: bytes, end: str) -> None:
    path = tmp_path / "brief.txt"
    path.write_bytes(mark + f"{WORDS}{end}Start 1 March 2026{end}".encode(encoding))
    assert load_text(path) == f"{WORDS}\nStart 1 March 2026\n"


def _word(body: str, *, head: str = "", name: str = "word/document.xml") -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(name, f'{head}<w:document xmlns:w="{SPACE}"><w:body>{body}</w:body></w:document>')
    return file.getvalue()


def _paragraph(text: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr>' if style else ""
    return f"<w:p>{properties}<w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_word_document_is_read_with_its_headings_tables_and_without_what_was_deleted(tmp_path: Path) -> None:
    cells = "".join(f"<w:tc>{_paragraph(text)}</w:tc>" for text in ("Budget", "12.500 EUR"))
    body = (
        _paragraph("Timing", "Heading1")
        + "<w:p><w:r><w:t>1 May 2026 </w:t></w:r><w:r><w:t>- 31 May 2026</w:t></w:r></w:p>"
        + f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
        + "<w:p><w:del><w:r><w:delText>Budget 99k USD</w:delText></w:r></w:del><w:r><w:t>Leads</w:t><w:br/><w:t>please"
        "</w:t></w:r></w:p>"
    )
    path = tmp_path / "brief.docx"
    path.write_bytes(_word(body))
    assert load_text(path) == "# Timing\n1 May 2026 - 31 May 2026\nBudget | 12.500 EUR\nLeads\nplease\n"
    brief = load_brief(path)
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency, brief.duration_days) == (12500, "EUR", 31)


BOMB = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {two} "{"&" + one + ";" * 1}{("&" + one + ";") * 9}">'
    for one, two in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (_word(_paragraph("&i;"), head=BOMB + "]>"), "damaged"),
        (_word(_paragraph("&e;"), head='<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "damaged"),
        (_word(_paragraph("x" * 40_000_000)), "more than 32 MB"),
        (_word("<w:p>"), "damaged"),
        (_word(_paragraph("x"), name="xl/workbook.xml"), "no Word document"),
        (_word(_paragraph("x"))[:200], "damaged or locked"),
        (b"PK\x03\x04" + b"\x00" * 60, "damaged or locked"),
    ],
    ids=["entity bomb", "foreign entity", "zip bomb", "cut XML", "a workbook", "cut archive", "no archive"],
)
def test_documents_that_are_damaged_or_mean_harm_are_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "brief.docx"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"brief\.docx") as raised:
        load_text(path)
    assert told in raised.value.message


def test_a_pdf_without_text_or_that_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "brief.pdf"
    path.write_bytes(b"%PDF-1.4\nnothing\n%%EOF")
    pytest.importorskip("pypdf")
    with pytest.raises(InputError, match=r"brief\.pdf"):
        load_text(path)


def _pdf(words: str) -> bytes:
    """The smallest PDF that shows words."""
    stream = f"BT /F1 12 Tf 20 100 Td ({words}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 200] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, places = b"%PDF-1.4\n", list[int]()
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(data)
    return data + b"xref\n0 6\n0000000000 65535 f \n" + table + end


def test_a_pdf_is_read(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    path = tmp_path / "brief.pdf"
    path.write_bytes(_pdf("We need leads, our budget is 5k USD"))
    budget = load_brief(path).budget
    assert budget is not None
    assert (budget.amount, budget.currency) == (5000, "USD")


@given(st.binary(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_bytes_after_a_mails_headers_become_text_or_an_error_in_words(data: bytes) -> None:
    head = b"From: a@example.com\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    with suppress(InputError):  # where there is nothing to read, and then nothing else goes wrong
        assert text_of_mail(head + data, lambda _name, _data: "", "a.eml").encode("utf-8", "surrogatepass")


@given(st.lists(st.sampled_from(["<p>", "</p>", "<blockquote>", "</div>", "<td>", "x", "&#160;", "<style>", "<br"])))
def test_any_tags_become_text(pieces: list[str]) -> None:
    assert text_of_html("".join(pieces)).endswith("\n")


MARKS = st.sampled_from(
    [
        "> ", "From: a@b.com\n", "Subject: x\n", "Sent: x\n", "On Monday a wrote:\n", "-----Original Message-----\n",
        "Best regards,\n", "Client: yes\n", "Agency: budget?\n", "9:02 AM\n", "[12.03.26, 09:14] Bea: ", "Bea\n",
        "Budget\n", "5k EUR\n", "\n", "00:01.000 --> 00:02.000\n", "WEBVTT\n", "| a | b |\n", "\u200b", "\u202f",
        "\uff22", "From 1 March\n",
    ]
)  # fmt: skip


@given(st.lists(MARKS | st.text(max_size=6), max_size=24).map("".join))
@settings(max_examples=300, deadline=None)
def test_every_line_of_content_keeps_its_place_in_the_text(text: str) -> None:
    for line in content_lines(text):
        assert 0 <= line.start <= line.end <= max(len(text), 1)
    document = read_document(text)
    assert all(0 <= place < len(text) for place in document.places)
    assert all(words in text for words in read_brief(text).evidence.values())


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mail.msg"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + struct.pack("<100I", *range(100)))
    with pytest.raises(InputError, match="is not text"):
        load_text(path)
