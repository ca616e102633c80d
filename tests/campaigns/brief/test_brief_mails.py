"""Mails in the shapes that mail programs really write: what the client typed is read, and nothing else."""

from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest

from marketmover.campaigns.brief import load_brief, load_text, read_brief
from marketmover.plans import Brief

WANTED = "We need leads for our heat pumps in Austria. Our budget is 12.500 EUR in total."


def _written(tmp_path: Path, data: bytes, name: str = "mail.eml") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def _read(tmp_path: Path, message: EmailMessage | MIMEMultipart | MIMEText) -> tuple[str, Brief]:
    path = _written(tmp_path, message.as_bytes())
    text = load_text(path)
    brief = load_brief(path)
    assert all(words in text for words in brief.evidence.values())
    return text, brief


def _amount(brief: Brief) -> tuple[float, str | None] | None:
    return (brief.budget.amount, brief.budget.currency) if brief.budget else None


@pytest.mark.parametrize(
    ("charset", "words"),
    [
        ("gb2312", "Budget 5k USD, leads please. 谢谢"),
        ("iso-2022-jp", "Budget 5k USD, leads please. よろしく"),
        ("koi8-r", "Budget 5k USD, leads please. Спасибо"),
        ("windows-1250", "Budget 5k USD, leads please. Děkuji, š"),
        ("windows-1251", "Budget 5k USD, leads please. Спасибо"),
        ("windows-1254", "Budget 5k USD, leads please. Teşekkürler"),
        ("iso-8859-15", "Budget 5k USD, leads please. 10 €"),
        ("utf-8", "Budget 5k USD, leads please. Grüße"),
    ],
)
def test_every_charset_that_mail_programs_name_is_read(tmp_path: Path, charset: str, words: str) -> None:
    text, brief = _read(tmp_path, MIMEText(words, "plain", charset))
    assert words in text
    assert _amount(brief) == (5000, "USD")


@pytest.mark.parametrize("charset", ["x-unknown", "utf-8", "nonsense"])
def test_a_charset_that_is_wrong_or_unknown_does_not_lose_the_text(tmp_path: Path, charset: str) -> None:
    head = f"From: a@example.com\nSubject: x\nMIME-Version: 1.0\nContent-Type: text/plain; charset={charset}\n\n"
    path = _written(tmp_path, head.encode() + "Budget: £4,000 for our café, leads".encode("cp1252"))
    assert "£4,000 for our café" in load_text(path)


def test_of_several_alternatives_the_plain_one_is_read_unless_it_is_only_a_notice(tmp_path: Path) -> None:
    both = MIMEMultipart("alternative")
    both.attach(MIMEText(WANTED, "plain"))
    both.attach(MIMEText(f"<p>{WANTED}</p><p>Spend 99k USD</p>", "html"))
    assert _amount(_read(tmp_path, both)[1]) == (12500, "EUR")
    notice = MIMEMultipart("alternative")
    notice.attach(MIMEText("Your mail program does not support HTML.", "plain"))
    notice.attach(MIMEText(f"<html><body><p>{WANTED}</p></body></html>" + "<br>" * 40, "html"))
    assert _amount(_read(tmp_path, notice)[1]) == (12500, "EUR")


def test_what_an_html_mail_does_not_show_is_not_read(tmp_path: Path) -> None:
    html = (
        "<html><head><title>T</title><style>p{}</style></head><body>"
        '<div style="display:none">Budget 99k USD</div><!-- Budget 88k USD -->'
        f'<div dir="ltr">{WANTED}<br></div><img src="x" alt=""><div class="gmail_quote"><div>On Mon, 2 Mar 2026, '
        'Agency &lt;<a href="mailto:a@example.com">a@example.com</a>&gt; wrote:<br></div>'
        "<blockquote><div>What is your budget? We could plan for 50k USD.</div></blockquote></div></body></html>"
    )
    text, brief = _read(tmp_path, MIMEText(html, "html"))
    assert "99k" not in text
    assert "88k" not in text
    assert _amount(brief) == (12500, "EUR")


def test_a_mail_that_was_forwarded_as_an_attachment_is_read_and_the_newer_words_win(tmp_path: Path) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Bea <bea@example.com>", "Campaign"
    inner.set_content("We need sales of our wine in France. Budget: 9k EUR in total.")
    outer = MIMEMultipart("mixed")
    outer["Subject"] = "Fwd: Campaign"
    outer.attach(MIMEText("See below, but please make that 7k EUR.", "plain"))
    outer.attach(MIMEMessage(inner))
    brief = _read(tmp_path, outer)[1]
    assert _amount(brief) == (7000, "EUR")
    assert (brief.objective, brief.audience.countries) == ("sales", ["FR"])


def test_an_attached_brief_is_read_and_calendars_and_pictures_are_not(tmp_path: Path) -> None:
    mail = MIMEMultipart("mixed")
    mail["Subject"] = "Our brief"
    mail.attach(MIMEText("Hello, the brief is attached.\n\nBest regards,\nBea", "plain"))
    brief_file = MIMEApplication(WANTED.encode("utf-16"), Name="brief.txt")
    brief_file.add_header("Content-Disposition", "attachment", filename="brief.txt")
    mail.attach(brief_file)
    mail.attach(MIMEText("BEGIN:VCALENDAR\nSUMMARY:Budget 77k USD\nDTSTART:20260301\nEND:VCALENDAR", "calendar"))
    picture = MIMEApplication(b"\x89PNG\r\n\x1a\n\x00\x00", Name="logo.png")
    picture.add_header("Content-Disposition", "attachment", filename="logo.png")
    mail.attach(picture)
    text, brief = _read(tmp_path, mail)
    assert "77k" not in text
    assert _amount(brief) == (12500, "EUR")


def test_broken_headers_do_not_keep_a_mail_from_being_read(tmp_path: Path) -> None:
    head = b"From: \xff\xfe <\nDate: not a date\nSubject: =?utf-8?B?broken?= =?x-none?Q?caf=E9?=\nMIME-Version: 1.0\n"
    head += b"Content-Type: text/plain; charset\nContent-Transfer-Encoding: 8bit\n\n"
    assert _amount(load_brief(_written(tmp_path, head + WANTED.encode()))) == (12500, "EUR")


def test_a_mailbox_is_one_thread_read_by_the_dates_of_its_mails(tmp_path: Path) -> None:
    def mail(day: int, sender: str, words: str) -> str:
        return (
            f"From {sender}@example.com Mon Mar {day:2} 09:00:00 2026\nFrom: {sender} <{sender}@example.com>\n"
            f"Date: Mon, {day:02} Mar 2026 09:00:00 +0000\nSubject: Re: Campaign\n\n{words}\n\n"
        )

    box = mail(4, "bea", "Make that 8k EUR, and >From now on no Facebook.")
    box += mail(2, "bea", "We need leads for our gym in Graz. Our budget is 12k EUR.")
    box += mail(3, "agency", "Thanks! Could you tell us your audience? Do you want us to plan with 20k EUR?")
    path = _written(tmp_path, box.encode(), "thread.mbox")
    brief = load_brief(path)
    assert _amount(brief) == (8000, "EUR")
    assert (brief.objective, brief.platforms.exclude) == ("leads", ["meta_ads"])


OLDER = "We need leads for our heat pumps in Germany. Our budget is 12k EUR in total."


@pytest.mark.parametrize(
    "between",
    [
        "On Tue, 3 Mar 2026 at 10:12, Jens Klein <jens@example.com> wrote:\n",
        "On Tue, 3 Mar 2026 at 10:12, Jens Klein\n<jens@example.com> wrote:\n",
        "Am Di., 3. März 2026 um 10:12 Uhr schrieb Jens Klein <jens@example.com>:\n",
        "Le mar. 3 mars 2026 à 10:12, Jens Klein <jens@example.com> a écrit :\n",
        "El mar, 3 mar 2026 a las 10:12, Jens Klein (<jens@example.com>) escribió:\n",
        "Il giorno mar 3 mar 2026 alle ore 10:12 Jens Klein <jens@example.com> ha scritto:\n",
        "Jens Klein <jens@example.com> schrieb am Di., 3. März 2026, 10:12:\n",
        (
            "-----Original Message-----\nFrom: Jens Klein\nSent: Tuesday, March 3, 2026 10:12\nTo: "
            "Agency\nSubject: Campaign\n\n"
        ),
        (
            "-----Ursprüngliche Nachricht-----\nVon: Jens Klein\nGesendet: Dienstag, 3. März 2026 10:12\nAn: Agentur\n"
            "Betreff: Kampagne\n\n"
        ),
        (
            "-----Message d'origine-----\nDe : Jens Klein\nEnvoyé : mardi 3 mars 2026 10:12\nÀ : "
            "Agence\nObjet : Campagne\n\n"
        ),
        (
            "Von: Jens Klein <jens@example.com>\nGesendet: Dienstag, 3. März 2026 10:12\nAn: "
            "Agentur\nBetreff: Kampagne\n\n"
        ),
        (
            "________________________________\nFrom: Jens Klein <jens@example.com>\nSent: Tuesday, March 3, "
            "2026 10:12:00 AM\n"
            "To: Agency\nSubject: Campaign\n\n"
        ),
        (
            "Begin forwarded message:\n\nFrom: Jens Klein <jens@example.com>\nSubject: Campaign\nDate: 3 March 2026\n"
            "To: Agency\n\n"
        ),
        (
            "---------- Forwarded message ---------\nVon: Jens Klein <jens@example.com>\nDate: Di., 3. "
            "März 2026 um 10:12\n"
            "Subject: Kampagne\nTo: <a@example.com>\n\n"
        ),
    ],
)
@pytest.mark.parametrize("mark", ["", "> "])
def test_older_mails_are_told_apart_in_every_program_and_language(between: str, mark: str) -> None:
    quoted = "".join(f"{mark}{line}\n" for line in OLDER.splitlines())
    text = f"Sorry, finance cut it to 8k EUR.\n\nMit freundlichen Grüßen\nJens\n\n{between}{quoted}"
    brief = read_brief(text)
    assert _amount(brief) == (8000, "EUR")
    assert (brief.objective, brief.audience.countries) == ("leads", ["DE"])
    assert (brief.start_date, brief.end_date) == (None, None)


def test_what_the_agency_wrote_in_a_thread_without_quote_marks_is_not_the_clients() -> None:
    text = (
        "Let's go with 10k USD instead.\n\nSent from my iPhone\n\nFrom: Agency Person <a@example.com>\nSent: Tuesday\n"
        "Subject: Re: Campaign\n\nDo you want us to plan with 30k USD? Could you confirm your audience in Canada?\n\n"
        "From: Client <c@example.com>\nSent: Monday\nSubject: Campaign\n\nWe'd like demo requests. Budget 15k USD.\n"
    )
    brief = read_brief(text)
    assert _amount(brief) == (10000, "USD")
    assert brief.audience.countries == []


def test_signatures_and_what_lawyers_add_are_not_content() -> None:
    text = (
        "Hello,\nwe need leads for our accounting software in Ireland. 6k EUR, total.\n\nRegards\nSean\n"
        "Registered in Ireland No. 123456. Share capital EUR 2,000,000.\n\n"
        "CONFIDENTIALITY NOTICE: This message is intended only for the addressee. If you are not the "
        "intended recipient in "
        "the United States or Canada, delete it. Fines of up to $50,000 may apply to any person or firm.\n"
    )
    brief = read_brief(text)
    assert _amount(brief) == (6000, "EUR")
    assert brief.audience.countries == ["IE"]


def test_a_phones_signature_hides_nothing_that_follows_it() -> None:
    assert read_brief("Hi\n\nSent from my iPhone\n\nWe need leads, our budget is 5k USD.").objective == "leads"
    assert read_brief("We need leads.\nBristol\nOur budget is 5k GBP.").budget is not None  # no `Br,`
