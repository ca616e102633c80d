"""Briefs from files: text, mails, chats, forms, Word; or a brief that was understood before, as JSON."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from marketmover.campaigns.brief.bounds import squeezed
from marketmover.campaigns.brief.reader import read_brief
from marketmover.console import warn
from marketmover.errors import InputError, MarketmoverError, NotFoundError
from marketmover.language import is_binary, text_of
from marketmover.plans import Brief

_READABLE = "Name a file with the client's words: text, Markdown, .eml, .mbox, .html, .docx, .odt, .csv or .json."
_UNREAD = (
    (
        b"\xd0\xcf\x11\xe0",
        "an Outlook message (.msg) or an old Office file (.doc, .xls)",
        "Save it as .eml, .docx or .csv.",
    ),
    (b"{\\rtf", "rich text (.rtf)", "Save it as .docx or as plain text."),
)
_HEADERS = re.compile(rb"\s*(?:\xef\xbb\xbf)?(?:From |[A-Za-z][A-Za-z0-9-]*:)")
_MOST_BYTES = 64 * 1024 * 1024


def load_text(path: Path | str, *, forms: bool = True) -> str:
    """The text of a brief from a file, or from standard input for `-`; what a file is shows in its content.

    Text, Markdown, chats and transcripts stand as they are. Of a mail, the subject and the text are read, then what was
    forwarded or attached; of a mailbox, all mails as one thread. HTML, `.docx`, `.odt`, PDF (extra `pdf`) and a form's
    answers in JSON, CSV or TSV become plain text; without `forms`, JSON stays as it is.

    Raises:
        NotFoundError: There is no such file.
        InputError: The file is a folder, empty, damaged, or no text.
        MissingExtraError: It is a PDF, and the extra `pdf` is not installed.
    """
    name = str(path)
    return text_of_file(_bytes(name), name, forms=forms)


def text_of_file(data: bytes, name: str, *, forms: bool = True) -> str:
    """The text of a file's content, as `load_text`; `name` is what it is called, which tells mails and tables."""
    if not data.strip():
        raise InputError(f"{_shown(name)} is empty.", "Write what the client wants into it, or name another file.")
    text = _text(name, data, forms=forms)
    if not text.strip():
        raise InputError(f"{_shown(name)} holds no text.", _READABLE)
    return squeezed(text.replace("\r\n", "\n").replace("\r", "\n"))


def _text(name: str, data: bytes, *, forms: bool = True) -> str:
    # Each reader is imported where it is needed, since most briefs are plain text and the standard library's mail
    # package alone costs as much as reading one.
    if data.startswith((b"PK\x03\x04", b"%PDF")):
        from marketmover.campaigns.brief.files.word import text_of_pdf, text_of_word

        return (text_of_pdf if data.startswith(b"%PDF") else text_of_word)(data, _shown(name))
    if name.lower().endswith(".eml") or _HEADERS.match(data):
        from marketmover.campaigns.brief.files.mails import is_mail, is_mailbox, text_of_mail, text_of_mailbox

        if is_mailbox(data):
            return text_of_mailbox(data, _attached)
        if is_mail(name, data):
            return text_of_mail(data, _attached, _shown(name))
    for mark, what, remedy in _UNREAD:
        if data.startswith(mark):
            raise InputError(f"{_shown(name)} is not text, but {what}.", remedy)
    if is_binary(data):
        raise InputError(f"{_shown(name)} is not text.", _READABLE)
    return _plain(name, text_of(data), forms=forms)


def _plain(name: str, text: str, *, forms: bool) -> str:
    """Words as they stand, or those within HTML, a posted form, or a form's table."""
    head = text[:2000].lstrip()
    if head.startswith("<"):
        from marketmover.campaigns.brief.files.pages import is_page, text_of_html

        return text_of_html(text) if is_page(text) else text
    is_table = name.lower().endswith((".csv", ".tsv"))
    if is_table or (forms and head.startswith(("{", "["))):
        from marketmover.campaigns.brief.files.forms import text_of_post, text_of_table

        return (text_of_table(text, _shown(name)) if is_table else text_of_post(text)) or text
    return text


def _attached(name: str, data: bytes) -> str:
    """The text of a file that came with a mail; where it cannot be read, the mail itself still counts."""
    try:
        return _text(name, data) if data.strip() else ""
    except MarketmoverError as error:
        warn(f"an attached file is left out: {error}")
        return ""


def load_brief(path: Path | str, read: Callable[[str], Brief] = read_brief) -> Brief:
    """A brief from a client's text, or from the JSON that `marketmover brief` prints.

    Args:
        path: The file.
        read: How a text is read: by rules, or as `reader_of` has it.

    Raises:
        NotFoundError: There is no such file.
        InputError: The file is no text, or JSON that is no brief; the message names the field and its place.
    """
    return brief_of(load_text(path), str(path), read)


def brief_of(text: str, path: str, read: Callable[[str], Brief] = read_brief) -> Brief:
    """The brief that a text is (JSON) or states; `path` is where the text came from, `read` as for `load_brief`.

    Raises:
        InputError: It is JSON that is no brief; the message names the field and its place.
    """
    if not text.lstrip().startswith("{"):
        return read(text)
    name = _shown(path)
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        if path.endswith(".json") or re.match(r'\s*\{\s*"\w+"\s*:', text):
            raise InputError(
                f"{name} is not valid JSON: {error.msg} at line {error.lineno}, column {error.colno}.",
                "Mend that place, or give the client's text instead.",
            ) from error
        return read(text)
    try:
        return Brief.model_validate(content)
    except ValidationError as error:
        raise InputError(
            f"{name} is not a brief: {_first_fault(error)}.", "The form is that of `marketmover brief FILE --json`."
        ) from error


def _first_fault(error: ValidationError) -> str:
    faults = error.errors(include_url=False)
    first = faults[0]
    place = ".".join(str(part) for part in first["loc"]) or "the whole"
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    given = f", given {first['input']!r:.60}" if first["loc"] and not isinstance(first["input"], dict) else ""
    return f"field `{place}`: {first['msg'].removeprefix('Value error, ')}{given}{more}"


def _shown(name: str) -> str:
    return "standard input" if name == "-" else name


def _bytes(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read()
    path = Path(name)
    if path.is_dir():
        raise InputError(f"{name} is a folder.", "Name the file with the client's words.")
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise InputError(f"{name} is larger than {_MOST_BYTES // 1024 // 1024} MB.", _READABLE)
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {name}.", "Check the name, or use - for standard input.") from None
    except OSError as error:
        raise InputError(
            f"{name} cannot be read: {error.strerror}.", "Check that it is a file that you may read."
        ) from error
