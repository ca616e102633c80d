"""Real servers that notices are sent to: HTTP with answers as a test wants them, SMTP with TLS and a password."""

import socket
import ssl
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from email.message import EmailMessage

USER, PASSWORD = "alerts", "pass word"


@dataclass(frozen=True)
class Answer:
    """What the server is to say to one request; `hang` waits until the server closes, `cut` says nothing at all."""

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    hang: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Request:
    """What came in."""

    path: str
    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """An HTTP server that gives its answers in turn, then 200 for ever."""

    def __init__(self, *answers: Answer, context: ssl.SSLContext | None = None) -> None:
        self.answers = list(answers)
        self.requests: list[Request] = []
        self.arrived = threading.Event()
        self._released = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if context is not None:
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._scheme = "http" if context is None else "https"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str = "/hook/secret-part", host: str = "localhost") -> str:
        return f"{self._scheme}://{host}:{self.port}{path}"

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.requests.append(Request(self.path, dict(self.headers), body))
                answer = receiver.answers.pop(0) if receiver.answers else Answer()
                receiver.arrived.set()
                if answer.hang:
                    receiver._released.wait()
                if answer.hang or answer.cut:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in {"Content-Length": str(len(answer.body)), **answer.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class has it
                """Stay silent."""

        return Handler


@contextmanager
def receiver(*answers: Answer, context: ssl.SSLContext | None = None) -> Generator[Receiver]:
    """A receiver, closed afterwards."""
    made = Receiver(*answers, context=context)
    try:
        yield made
    finally:
        made.close()


@dataclass(frozen=True)
class Certificate:
    """A certificate for `localhost`, signed by itself, with its key."""

    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        """For a server."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def make_certificate(folder: Path, name: str = "localhost") -> Certificate:
    """Sign one for a host name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    paths = Certificate(folder / "certificate.pem", folder / "key.pem")
    paths.certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    paths.key.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


class Mailbox:
    """What an SMTP server does with what it is handed: keeps it, or says what the test wants said."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.encrypted: list[bool] = []
        self.say_to_data = ""
        self.refused: dict[str, str] = {}

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's hook
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        if self.say_to_data == "cut":
            cast("Any", server).transport.abort()
            return "250 OK"
        if self.say_to_data:
            return self.say_to_data
        content = envelope.content
        assert isinstance(content, bytes)
        self.mails.append(message_from_bytes(content, policy=default))
        self.recipients.append(list(envelope.rcpt_tos))
        self.encrypted.append(cast("Any", server).transport.get_extra_info("sslcontext") is not None)
        return "250 kept"


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


class _FromTheFirstByte(Controller):
    """TLS from the first byte, with a password: the session is encrypted though STARTTLS was never said."""

    def factory(self) -> SMTP:
        made = super().factory()
        cast("Any", made)._auth_require_tls = False
        return made


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def mail_server(certificate: Certificate | None, *, starttls: bool = True) -> Generator[tuple[Mailbox, int]]:
    """An SMTP server on this machine; without a certificate it takes mail unencrypted and from anybody."""
    mailbox = Mailbox()
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": _free_port()}
    kind = Controller
    if certificate is not None:
        options |= {"authenticator": _authenticate, "auth_required": True}
        context = certificate.context()
        options |= {"tls_context": context, "require_starttls": True} if starttls else {"ssl_context": context}
        kind = Controller if starttls else _FromTheFirstByte
    controller = kind(mailbox, **options)
    controller.start()
    try:
        yield mailbox, controller.port
    finally:
        controller.stop()
