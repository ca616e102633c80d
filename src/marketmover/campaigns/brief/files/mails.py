"""Mails and mailboxes into text: the subject and what people wrote, older messages beneath newer ones."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.errors import InvalidBase64LengthDefect
from email.message import EmailMessage
from email.utils import parseaddr, parsedate_to_datetime

from marketmover.campaigns.brief.files.pages import text_of_html
from marketmover.errors import InputError
from marketmover.language import is_binary, text_in

_HEAD = re.compile(rb"\A(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){3,}\n")
_MAIL_ONLY = re.compile(
    rb"^(?:MIME-Version|Message-ID|Received|Return-Path|Content-Type|DKIM-Signature|X-Mailer):",
    re.IGNORECASE | re.MULTILINE,
)
_BOX = re.compile(rb"\AFrom \S+ +[A-Z][a-z]{2} [^\n]*\n[A-Za-z][A-Za-z0-9-]*:")
_BETWEEN = re.compile(rb"(?:\A|\n\n)From \S+ +[A-Z][a-z]{2} [^\n]*\n(?=[A-Za-z][A-Za-z0-9-]*:)")
_ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)
_REPLY = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|tr|rv|sv|vs|antw|r)\s*:\s*)+", re.IGNORECASE)
_READ_FILES = (".txt", ".md", ".docx", ".odt", ".csv", ".tsv", ".html", ".htm", ".pdf", ".json", ".vtt", ".srt", ".eml")
_MOST_DEPTH = 8
_OLDER = "-----Original Message-----"
_ATTACHED = "---------- Attached file ----------"

Reader = Callable[[str, bytes], str]
"""Turns an attached file (name, bytes) into text; empty where it holds none."""


def is_mail(name: str, data: bytes) -> bool:
    """Whether a file is one mail, by its name or its headers."""
    if name.lower().endswith(".eml"):
        return True
    head = _HEAD.match(data[:65536].replace(b"\r\n", b"\n"))
    return head is not None and _MAIL_ONLY.search(head.group()) is not None


def is_mailbox(data: bytes) -> bool:
    """Whether a file holds mails one after another (mbox, RFC 4155)."""
    return _BOX.match(data[:4096].replace(b"\r\n", b"\n")) is not None


def text_of_mail(data: bytes, read: Reader, name: str) -> str:
    """The subject and the text of a mail, then what was attached or forwarded with it, as older messages.

    Args:
        data: The mail (RFC 5322, MIME); headers and encodings may be broken.
        read: Reads attached files.
        name: What the file is called in messages.

    Raises:
        InputError: It is no mail, or holds something that cannot be read as text, and nothing that can.
    """
    if is_binary(data):
        raise InputError(f"{name} is no mail: its bytes are no text.", _AGAIN)
    mail = _parsed(data)
    if fault := _fault(mail):
        raise InputError(f"{name} holds no text that can be read: {fault}.", _AGAIN)
    return _written(mail, read, 0)


_AGAIN = "Save the mail anew from the mail program, or copy its text into a file."


def _fault(mail: EmailMessage) -> str:
    """Why nothing can be read of a mail that holds something; empty where it can, or where the subject says all."""
    if mail.get_content_type() in _ENCRYPTED:
        return "it is encrypted"
    leaves = [part for part in mail.walk() if not part.is_multipart()]
    if any(part.get_content_maintype() == "text" and is_binary(_payload(part)) for part in leaves):
        return "its text is damaged"
    if _body(mail).strip() or next(_enclosed(mail), None) is not None:
        return ""
    if any(part.defects for part in mail.walk()) or (mail.get_content_maintype() == "multipart" and not leaves):
        return "it was cut off, or its parts are not where its header says"
    kinds = dict.fromkeys(part.get_content_type() for part in leaves if _payload(part).strip())
    return f"it holds {', '.join(kinds)} alone" if kinds else ""


_ENCRYPTED = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")


def text_of_mailbox(data: bytes, read: Reader) -> str:
    """The mails of an mbox as one thread, the newest on top, each under its sender's name."""
    plain = data.replace(b"\r\n", b"\n")
    cuts = [match.end() for match in _BETWEEN.finditer(plain)]
    ends = [*(match.start() for match in _BETWEEN.finditer(plain) if match.start()), len(plain)]
    mails = [_parsed(_ESCAPED.sub(rb"\1", plain[start:end])) for start, end in zip(cuts, ends, strict=True)]
    newest_first = sorted(enumerate(mails), key=lambda one: (_sent(one[1]), one[0]), reverse=True)
    texts = [f"From: {_sender(mail)}\n{_written(mail, read, 0)}".strip() for _, mail in newest_first]
    return f"\n\n{_OLDER}\n".join(texts) + "\n"


def _parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data.lstrip(b"\r\n\xef\xbb\xbf"), policy=policy.default)


def _written(message: EmailMessage, read: Reader, depth: int) -> str:
    body = _body(message)
    parts = [f"Subject: {subject}\n\n{body}" if (subject := _header(message, "subject")) else body]
    for inner in _enclosed(message) if depth < _MOST_DEPTH else ():
        if inner.get_content_type() == "message/rfc822":
            parts += [
                f"{_OLDER}\nFrom: {_sender(one)}\n{_written(one, read, depth + 1)}"
                for one in inner.iter_parts()
                if isinstance(one, EmailMessage)
            ]
        elif text := read(inner.get_filename() or "", _payload(inner)):
            parts.append(f"{_ATTACHED}\n{text}")
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _body(message: EmailMessage) -> str:
    """What the writer typed: the plain part, or the HTML part where that is empty or only says that there is one."""
    plain, html = (_first(message, kind) for kind in ("text/plain", "text/html"))
    only_a_notice = len(plain) < len(html) and _POINTS_TO_HTML.search(plain)
    if plain.strip() and not only_a_notice:
        return plain
    return html or plain


_POINTS_TO_HTML = re.compile(r"\bhtml\b|view (?:this|the) (?:e-?mail|message)|does not support", re.IGNORECASE)


def _first(message: EmailMessage, kind: str) -> str:
    """The text of the parts of a kind that are shown with the message; several are shown one after another."""
    texts = [_part_text(part) for part in _shown(message) if part.get_content_type() == kind]
    return "\n\n".join(text for text in texts if text.strip())


def _shown(message: EmailMessage) -> Iterator[EmailMessage]:
    kind = message.get_content_type()
    if kind == "message/rfc822" or message.get_content_disposition() == "attachment":
        return
    if not message.is_multipart():
        yield message
        return
    for part in message.iter_parts():
        if isinstance(part, EmailMessage):
            yield from _shown(part)


def _enclosed(message: EmailMessage) -> Iterator[EmailMessage]:
    """Forwarded mails and attached files of a kind that can be read."""
    for part in message.iter_parts() if message.is_multipart() else ():
        if not isinstance(part, EmailMessage):
            continue
        if part.get_content_type() == "message/rfc822":
            yield part
        elif part.get_content_disposition() == "attachment":
            if (part.get_filename() or "").lower().endswith(_READ_FILES):
                yield part
        else:
            yield from _enclosed(part)


def _part_text(part: EmailMessage) -> str:
    text = text_in(_payload(part), part.get_content_charset())
    return text_of_html(text) if part.get_content_type() == "text/html" else text


def _payload(part: EmailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return b""
    if any(isinstance(defect, InvalidBase64LengthDefect) for defect in part.defects):  # it breaks off in the middle
        letters = b"".join(payload.split())
        return b64decode(letters[: len(letters) // 4 * 4])
    return payload


def _header(message: EmailMessage, name: str) -> str:
    """A header decoded; the standard library raises many kinds of errors on broken ones, so they are read by hand."""
    try:
        text = str(message[name] or "")
    except Exception:  # noqa: BLE001 - see above; the words are still there, undecoded
        text = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    text = " ".join(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())
    return text if name != "subject" else _REPLY.sub("", text)


def _sender(message: EmailMessage) -> str:
    name, address = parseaddr(_header(message, "from"))
    return name or address or "unknown"


def _sent(message: EmailMessage) -> datetime:
    """When it was sent; mails without a readable date count as oldest."""
    try:
        sent = parsedate_to_datetime(_header(message, "date"))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return sent if sent.tzinfo else sent.replace(tzinfo=UTC)
