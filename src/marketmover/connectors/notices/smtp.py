"""Mail by SMTP: plain text and HTML in one, encrypted on the way, a thread for each alert."""

import smtplib
import socket
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal, cast

from marketmover.connectors.notices.addresses import Target
from marketmover.connectors.notices.mail_page import html_of
from marketmover.connectors.notices.targets import ca_option, host_option
from marketmover.errors import PlatformError
from marketmover.kit import counted
from marketmover.monitoring.notices import Message, Options, heading_of, one_line, text_of

Security = Literal["starttls", "tls", "none"]

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_LASTING = range(500, 600)
_SHOWN = 200
_PROVIDER = "Check `user` and `password`; many providers want a password made for this program alone."


@dataclass(frozen=True)
class Server:
    """A mail server, and how to enter it.

    Attributes:
        host, port: Where it is.
        security: `starttls` (must be offered), `tls` from the first byte, or `none`, for this machine alone.
        user, password: Empty where it asks for none.
        ca_file: PEM file of a certificate authority of one's own; empty for the system's alone.
        timeout_s: For each step of the conversation.
        target: Looked at before each connection; the address that was looked at is connected to. `None`: the host is
            the operator's own choice, and may lie anywhere.
    """

    host: str
    port: int
    security: Security
    user: str
    password: str
    ca_file: str = ""
    timeout_s: float = 20.0
    target: Target | None = None


class _Vetted(smtplib.SMTP):
    """Connects to the address that was looked at; certificates are still those of the name."""

    vetted: Target | None = None

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        where = host if self.vetted is None else self.vetted.address()
        return super()._get_socket(where, port, timeout)  # pyright: ignore - the library's own seam, not in its stubs


class _Mail(_Vetted):
    def __init__(self, server: Server) -> None:
        self.vetted = server.target
        super().__init__(server.host, server.port, timeout=server.timeout_s)


class _SecureMail(_Vetted, smtplib.SMTP_SSL):
    def __init__(self, server: Server, context: ssl.SSLContext) -> None:
        self.vetted = server.target
        smtplib.SMTP_SSL.__init__(self, server.host, server.port, timeout=server.timeout_s, context=context)


class MailNotifier:
    """Sends to some mailboxes.

    Args:
        server: The mail server.
        sender: `Name <address>`, or an address.
        recipients: Addresses.
    """

    def __init__(self, server: Server, sender: Address, recipients: tuple[Address, ...]) -> None:
        self._server = server
        self._sender = sender
        self._recipients = recipients

    @property
    def shown(self) -> str:
        """Where it leads."""
        return f"mail to {', '.join(one.addr_spec for one in self._recipients)}"

    def send(self, message: Message) -> str:
        """Send it, once; its Message-ID is the same on each try."""
        mail = mail_of(message, self._sender, self._recipients)
        with self._failures(), self._connection() as connection:
            refused = self._handed_over(connection, mail)
        taken = len(self._recipients) - len(refused)
        said = f"taken by {self._server.host} for {counted(taken, 'recipient')}"
        left_out = "; ".join(f"{who}: {_said(*answer)}" for who, answer in refused.items())
        return f"{said}; refused: {left_out}" if refused else said

    def _handed_over(self, connection: smtplib.SMTP, mail: EmailMessage) -> dict[str, tuple[int, bytes]]:
        """Those whom the server refused, where it took the mail for others."""
        try:
            return connection.send_message(mail)
        except smtplib.SMTPNotSupportedError as error:
            message = f"{self._server.host} takes no addresses in other scripts than Latin (SMTPUTF8)."
            raise PlatformError(message, "Write addresses that are ASCII.", kind="refused") from error
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError, ssl.SSLError) as error:
            message = f"{self._server.host} cut the connection while it was handed a mail; nobody knows if it took it."
            raise PlatformError(message, kind="unknown") from error

    @contextmanager
    def _connection(self) -> Generator[smtplib.SMTP]:
        server = self._server
        context = ssl.create_default_context()
        if server.ca_file:
            context.load_verify_locations(server.ca_file)
        connection = _SecureMail(server, context) if server.security == "tls" else _Mail(server)
        try:
            if server.security == "starttls":
                connection.starttls(context=context)
            if server.user:
                connection.login(server.user, server.password)
            yield connection
        finally:
            # The mail is handed over or refused by now; how the server says goodbye changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    @contextmanager
    def _failures(self) -> Generator[None]:
        """What the server's answers mean."""
        host = self._server.host
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            lasting = all(code in _LASTING for code, _ in error.recipients.values())
            answers = "; ".join(f"{who}: {_said(*answer)}" for who, answer in error.recipients.items())
            raise PlatformError(
                f"{host} refused all recipients: {answers}.",
                "Check `recipients`." if lasting else "",
                kind="refused" if lasting else "unavailable",
            ) from error
        except smtplib.SMTPAuthenticationError as error:
            message = f"{host} refused the user or the password: {_said(error.smtp_code, error.smtp_error)}."
            raise PlatformError(message, _PROVIDER, kind="expired", codes=(str(error.smtp_code),)) from error
        except smtplib.SMTPResponseException as error:
            lasting = error.smtp_code in _LASTING and not isinstance(error, smtplib.SMTPConnectError)
            message = f"{host} did not take the mail: {_said(error.smtp_code, error.smtp_error)}."
            kind = "refused" if lasting else "unavailable"
            raise PlatformError(message, kind=kind, codes=(str(error.smtp_code),)) from error
        except smtplib.SMTPNotSupportedError as error:
            message = f"{host} does not offer what is asked of it: {one_line(str(error), _SHOWN)}"
            raise PlatformError(message, "Check `security`, `port`, `user`.", kind="expired") from error
        except ssl.SSLCertVerificationError as error:
            message = f"The certificate of {host} cannot be trusted: {error.verify_message}."
            remedy = "Check `host`; for a server of one's own name its authority's file as `ca_file`."
            raise PlatformError(message, remedy, kind="expired") from error
        except (smtplib.SMTPException, OSError) as error:
            message = f"{host}:{self._server.port} cannot be reached: {one_line(str(error), _SHOWN)}."
            remedy = "Check `host`, `port` and `security`."
            raise PlatformError(message, remedy, kind="unavailable") from error


def mail(options: Options) -> MailNotifier:
    """Of a route's options.

    `host`, `port`, `security`, `user`, `password`, `from`, `recipients`; and `ca_file`, `timeout_s`.
    """
    host = options.text("host")
    security = cast("Security", options.choice("security", tuple(_PORTS), "starttls"))
    if security == "none" and host.lower() not in _LOOPBACK:
        raise options.wrong(
            "security", 'is "none"', 'Mail leaves this machine encrypted alone: write "starttls" or "tls".'
        )
    user, port = options.text("user", ""), options.whole("port", _PORTS[security], 1, 65535)
    server = Server(
        host=host,
        port=port,
        security=security,
        user=user,
        password=options.text("password", None if user else ""),
        ca_file=ca_option(options),
        timeout_s=float(options.whole("timeout_s", 20, 1, 60)),
        target=host_option(options, host, port) if options.from_afar else None,
    )
    sender = _address(options, "from", options.text("from"))
    return MailNotifier(
        server, sender, tuple(_address(options, "recipients", one) for one in options.texts("recipients"))
    )


def mail_of(message: Message, sender: Address, recipients: tuple[Address, ...]) -> EmailMessage:
    """The message as a mail. Notices of one thread share a subject and a reference, by which mailboxes join them."""
    single = message.notices[0] if len(message.notices) == 1 and not message.digest else None
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, recipients
    mail["Subject"] = f"Re: {one_line(single.subject)}" if single and single.subject else one_line(heading_of(message))
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.id}@{sender.domain}>"
    if single and single.thread:
        root = f"<{single.thread.replace('/', '.')}@{sender.domain}>"
        mail["In-Reply-To"], mail["References"] = root, root
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if message.severity == "critical" and any(one.step != "resolved" for one in message.notices):
        mail["Importance"], mail["X-Priority"] = "high", "1"
    mail.set_content(text_of(message), cte="quoted-printable")
    mail.add_alternative(html_of(message), subtype="html", cte="quoted-printable")
    return mail


def _address(options: Options, key: str, text: str) -> Address:
    if not text.isprintable():
        raise options.wrong(key, "has an address with a line break in it", "Write name@example.com")
    name, spec = parseaddr(text)
    try:
        address = Address(one_line(name), addr_spec=spec)
    except (ValueError, IndexError) as error:
        raise options.wrong(key, f"has {text!r}, which is no address", "Write name@example.com") from error
    if not address.username or ("." not in address.domain and address.domain != "localhost"):
        raise options.wrong(key, f"has {text!r}, which is no address", "Write name@example.com")
    return address


def _said(code: int, text: bytes | str) -> str:
    said = text.decode("utf-8", errors="replace") if isinstance(text, bytes) else text
    return one_line(f"{code} {said}", _SHOWN)
