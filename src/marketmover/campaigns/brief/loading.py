"""Briefs from files: text, Markdown, mails, standard input; or a brief that was understood before, as JSON."""

import json
import re
import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

from pydantic import ValidationError

from marketmover.campaigns.brief.reader import read_brief
from marketmover.errors import InputError, NotFoundError
from marketmover.plans import Brief

_MAIL = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}\r?\n")
_MAIL_ONLY = re.compile(
    rb"^(?:MIME-Version|Message-ID|Received|Return-Path|Content-Type|DKIM-Signature|X-Mailer):",
    re.IGNORECASE | re.MULTILINE,
)


def load_text(path: Path | str) -> str:
    """The text of a brief: a text, Markdown or `.eml` file, or standard input for `-`.

    Of a mail, the subject and the text are read (the HTML part where there is no plain one); other headers are not.

    Raises:
        NotFoundError: There is no such file.
        InputError: The file is a folder, empty, or no text.
    """
    name = str(path)
    data = _bytes(name)
    if not data.strip():
        raise InputError(f"{_shown(name)} is empty.", "Write what the client wants into it, or name another file.")
    text = _mail_text(data) if _is_mail(name, data) else _decoded(data, name)
    if not text.strip():
        raise InputError(
            f"{_shown(name)} holds no text.", "Name a text, Markdown or .eml file with the client's words."
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def load_brief(path: Path | str, read: Callable[[str], Brief] = read_brief) -> Brief:
    """A brief from a client's text, or from the JSON that `marketmover brief` prints.

    Args:
        path: The file.
        read: How a text is read: by rules, or as `reader_of` has it.

    Raises:
        NotFoundError: There is no such file.
        InputError: The file is no text, or JSON that is no brief; the message names the field and its place.
    """
    text = load_text(path)
    if not text.lstrip().startswith("{"):
        return read(text)
    name = _shown(str(path))
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        if str(path).endswith(".json") or re.match(r'\s*\{\s*"\w+"\s*:', text):
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
        return path.read_bytes()
    except FileNotFoundError:
        raise NotFoundError(f"There is no file {name}.", "Check the name, or use - for standard input.") from None
    except OSError as error:
        raise InputError(
            f"{name} cannot be read: {error.strerror}.", "Check that it is a file that you may read."
        ) from error


def _decoded(data: bytes, name: str) -> str:
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace").lstrip("\ufeff")
    if _is_binary(data):
        raise InputError(
            f"{_shown(name)} is not text.",
            "Save the brief as text, Markdown or .eml (from Word or PDF: save or export as text).",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _is_binary(data: bytes) -> bool:
    head = data[:4096]
    if (
        head.startswith((b"%PDF", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\xd0\xcf\x11\xe0"))
        or b"\x00" in head
    ):
        return True
    control = sum(byte < 32 and byte not in (7, 8, 9, 10, 12, 13, 27) for byte in head)
    return control * 20 > len(head)


def _is_mail(name: str, data: bytes) -> bool:
    if name.lower().endswith(".eml"):
        return True
    head = _MAIL.match(data.replace(b"\r\n", b"\n"))
    return head is not None and _MAIL_ONLY.search(head.group()) is not None


def _mail_text(data: bytes) -> str:
    message = message_from_bytes(data, policy=policy.default)
    part = message.get_body(preferencelist=("plain", "html"))
    content = _part_text(part) if isinstance(part, EmailMessage) else ""
    if part is not None and part.get_content_type() == "text/plain" and not content.strip():
        html = message.get_body(preferencelist=("html",))
        content = _part_text(html) if isinstance(html, EmailMessage) else ""
    subject = str(message["subject"] or "").strip()
    return f"Subject: {subject}\n\n{content}" if subject else content


def _part_text(part: EmailMessage) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    charset = part.get_content_charset() or "utf-8"
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeDecodeError):
        text = (
            data.decode("utf-8", errors="ignore")
            if not data.isascii() and _is_utf8(data)
            else data.decode("cp1252", errors="replace")
        )
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def text_of_html(html: str) -> str:
    """The text of an HTML part: a line a block, quotes marked by `> `, no styles or scripts."""
    reader = _HtmlText()
    reader.feed(html)
    reader.close()
    return reader.text()


class _HtmlText(HTMLParser):
    _BLOCKS = frozenset(
        [
            "p",
            "div",
            "br",
            "tr",
            "li",
            "ul",
            "ol",
            "table",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "section",
            "article",
            "header",
            "footer",
            "hr",
        ]
    )
    _SKIPPED = frozenset(("style", "script", "head", "title"))

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = [""]
        self._quotes = 0
        self._skipping = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line at a block."""
        if tag in self._SKIPPED:
            self._skipping += 1
        if tag in self._BLOCKS:
            self._lines.append("")
        if tag == "p" or (
            tag == "div" and any(name == "class" and value and "quote" in value for name, value in attrs)
        ):
            self._lines.append("")
        self._quotes += tag == "blockquote"
        if tag in ("td", "th") and self._lines[-1].strip(" >"):
            self._lines[-1] += (
                " | " if self._lines[-1].count(" | ") or not self._lines[-1].rstrip().endswith(":") else " "
            )
        if tag == "li":
            self._lines[-1] += "- "

    def handle_endtag(self, tag: str) -> None:
        """End a line at a block."""
        if tag in self._SKIPPED:
            self._skipping = max(self._skipping - 1, 0)
        if tag in self._BLOCKS:
            self._lines.append("")
        self._quotes -= tag == "blockquote" and self._quotes > 0

    def handle_data(self, data: str) -> None:
        """Add text to the present line."""
        if self._skipping:
            return
        words = re.sub(r"\s+", " ", data)
        if words.strip() and not self._lines[-1] and self._quotes:
            self._lines[-1] = "> " * self._quotes
        self._lines[-1] += words.lstrip() if not self._lines[-1].strip(" >") else words

    def text(self) -> str:
        """What was read."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in self._lines)).strip() + "\n"
