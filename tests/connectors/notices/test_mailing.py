"""Mail, against a real SMTP server with TLS and a password."""

from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from receivers import PASSWORD, USER, Certificate, mail_server
from sending_cases import message, notice, options, unused_port

from marketmover.connectors.notices import mail
from marketmover.errors import PlatformError, SettingsError
from marketmover.monitoring.notices import Message, Notifier

pytestmark = pytest.mark.filterwarnings("ignore:Session.login_data is deprecated")  # aiosmtpd's own


def notifier(at_port: int, certificate: Certificate | None, **changes: Any) -> Notifier:
    secured = {"user": USER, "password": PASSWORD, "ca_file": str(certificate.certificate)} if certificate else {}
    given = {
        "host": "localhost" if certificate else "127.0.0.1",
        "port": at_port,
        "security": "starttls" if certificate else "none",
        "from_": "marketmover <alerts@example.com>",
        "recipients": ["Ana <ana@example.com>", "bo@example.com"],
        **secured,
        **changes,
    }
    return mail(options(**given))


def failed(made: Notifier) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        made.send(message())
    return caught.value


def received(*sent: Message) -> list[EmailMessage]:
    with mail_server(None) as (mailbox, port):
        for one in sent:
            notifier(port, None).send(one)
        return mailbox.mails


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


@pytest.mark.parametrize("starttls", [True, False])
def test_mail_goes_encrypted_and_with_a_password(certificate: Certificate, starttls: bool) -> None:
    with mail_server(certificate, starttls=starttls) as (mailbox, port):
        made = notifier(port, certificate, security="starttls" if starttls else "tls")
        assert made.send(message()) == "taken by localhost for 2 recipients"
    assert mailbox.recipients == [["ana@example.com", "bo@example.com"]]
    assert mailbox.encrypted == [True]
    assert made.shown == "mail to ana@example.com, bo@example.com"


def test_a_mail_reads_in_text_and_in_html() -> None:
    (found,) = received(message())
    assert found["Subject"] == "Spring sale (Meta Ads): hardly shown any more (412 EUR at risk)"
    assert (found["Importance"], found["Auto-Submitted"]) == ("high", "auto-generated")
    assert found["Date"].datetime.isoformat() == "2026-03-10T12:00:00+00:00"
    for kind in ("plain", "html"):
        words = part(found, kind)
        for said in ("Since 8 March it is hardly shown", "What it costs", "Look for a rejected ad."):
            assert said in words
        assert "https://example.com/alerts" in words


def test_names_from_outside_neither_break_the_header_nor_the_page() -> None:
    title = "Ünï <b>sale</b>\r\nBcc: eve@example.com 🎉"
    (found,) = received(message(notice(title=title)))
    assert found["Bcc"] is None
    assert found["Subject"] == "Ünï <b>sale</b> Bcc: eve@example.com 🎉"
    assert "<b>sale</b>" not in part(found, "html")
    assert "&lt;b&gt;sale&lt;/b&gt;" in part(found, "html")


def test_the_notices_of_an_alert_are_one_thread_and_a_repeat_has_the_same_id() -> None:
    first = notice()
    over = notice(step="resolved", title=f"Over: {first.title}", subject=first.title)
    one, again, two = received(message(first), message(first, repeated=True), message(over, id="fedcba"))
    assert one["Message-ID"] == again["Message-ID"] != two["Message-ID"]
    assert one["References"] == two["References"] == two["In-Reply-To"] == "<alert.a@example.com>"
    assert two["Subject"] == f"Re: {first.title}"
    assert two["Importance"] is None  # that it is over is no reason to hurry
    assert "You may have had this already" in part(again, "plain")
    assert "Over · critical" in part(two, "plain")


def test_a_digest_is_one_mail() -> None:
    (found,) = received(message(notice("a"), notice("b", severity="info", title="Another"), digest="weekly"))
    assert found["Subject"] == "Weekly digest: 2 notices, 1 critical"
    assert "Another" in part(found, "plain")
    assert part(found, "html").count("<h2") == 2
    assert found["References"] is None


def test_a_wrong_password_is_for_a_person_to_mend(certificate: Certificate) -> None:
    with mail_server(certificate) as (mailbox, port):
        error = failed(notifier(port, certificate, password="wrong"))  # noqa: S106 - of this test alone
    assert (error.kind, mailbox.mails) == ("expired", [])
    assert "password" in error.remedy
    assert "wrong" not in str(error)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: Certificate) -> None:
    with mail_server(certificate) as (mailbox, port):
        error = failed(notifier(port, certificate, ca_file=""))
    assert (error.kind, mailbox.mails) == ("expired", [])
    assert "certificate" in str(error)


def test_a_server_without_starttls_is_given_neither_password_nor_mail(certificate: Certificate) -> None:
    with mail_server(None) as (mailbox, port):
        error = failed(notifier(port, certificate, host="127.0.0.1"))
    assert (error.kind, mailbox.mails) == ("expired", [])


@pytest.mark.parametrize(
    ("said", "kind"),
    [("451 try later", "unavailable"), ("552 mailbox full", "refused"), ("554 spam", "refused"), ("cut", "unknown")],
)
def test_what_a_servers_answer_to_a_mail_means(said: str, kind: str) -> None:
    with mail_server(None) as (mailbox, port):
        mailbox.say_to_data = said
        assert failed(notifier(port, None)).kind == kind


def test_one_recipient_that_is_refused_is_told_and_the_others_have_it() -> None:
    with mail_server(None) as (mailbox, port):
        mailbox.refused = {"bo@example.com": "550 no such user"}
        said = notifier(port, None).send(message())
        assert mailbox.recipients == [["ana@example.com"]]
        assert said == "taken by 127.0.0.1 for 1 recipient; refused: bo@example.com: 550 no such user"
        mailbox.refused["ana@example.com"] = "550 nor she"
        assert failed(notifier(port, None)).kind == "refused"
        mailbox.refused["ana@example.com"] = "450 greylisted"
        assert failed(notifier(port, None)).kind == "unavailable"


def test_nobody_there_is_tried_again() -> None:
    assert failed(notifier(unused_port(), None)).kind == "unavailable"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"host": "mail.example.com"}, '`security` is "none".*starttls'),
        ({"recipients": []}, "`recipients` is empty"),
        ({"recipients": ["ana"]}, "`recipients` has 'ana', which is no address"),
        ({"recipients": ["ana@example.com\r\nBcc: x@example.com"]}, "`recipients` has"),
        ({"from_": "nobody"}, "`from` has 'nobody'"),
        ({"port": 70000}, "`port` is 70000"),
        ({"security": "ssl3"}, "`security` is 'ssl3'.*starttls, tls, none"),
        ({"user": "me"}, "`password` is missing"),
    ],
)
def test_options_that_cannot_be_used_are_named(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        notifier(25, None, **changes)


def test_the_log_holds_a_line_a_message_and_a_repeat_once(tmp_path: Path) -> None:
    from marketmover.connectors.notices import log

    path = tmp_path / "notices.log"
    made = log(options(file=str(path)))
    assert made.send(message()) == "written"
    assert made.send(message(repeated=True)) == "written before"
    path.write_text(path.read_text() + '{"cut')
    assert made.send(message(id="b", repeated=True)) == "written"
    lines = path.read_text().splitlines()
    assert len(lines) == 3
    assert lines[1] == '{"cut'
    assert '"id": "b"' in lines[2]
    with pytest.raises(PlatformError, match="cannot be written"):
        log(options(file=str(tmp_path / "none" / "x"))).send(message())
    with pytest.raises(SettingsError, match="whole path"):
        log(options(file="x.log"))
