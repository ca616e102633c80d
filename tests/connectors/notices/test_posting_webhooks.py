"""Slack, Teams and signed webhooks, each against a real server that answers as the test wants it to."""

import base64
import hmac
import json
import os
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from typing import Any

import pytest
from receivers import Answer, Certificate, Receiver, Request, make_certificate, receiver
from sending_cases import message, notice, options, unused_port

from marketmover.connectors.notices import slack, teams, webhook
from marketmover.errors import PlatformError, SettingsError
from marketmover.monitoring.notices import Notifier

OLD, NEW = (f"whsec_{base64.b64encode(bytes(range(first, first + 32))).decode()}" for first in (0, 100))


def notifier(kind: str, server: Receiver, **more: Any) -> Notifier:
    if kind == "webhook":
        return webhook(options(url=server.url(), secrets=[NEW, OLD], **more))
    return {"slack": slack, "teams": teams}[kind](options(url=server.url(), **more))


def failed(made: Notifier) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        made.send(message())
    return caught.value


def verified(request: Request, secret: str, *, now: float | None = None) -> dict[str, Any]:
    """As a receiver checks it, written from the specification of Standard Webhooks alone."""
    name, sent_at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    assert abs(float(sent_at) - (now or datetime.now(UTC).timestamp())) < 300
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = hmac.new(key, f"{name}.{sent_at}.{request.body.decode()}".encode(), sha256).digest()
    passed = [base64.b64decode(one.partition(",")[2]) for one in request.headers["webhook-signature"].split(" ")]
    assert any(hmac.compare_digest(expected, one) for one in passed)
    return json.loads(request.body)


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_a_webhook_is_signed_by_both_secrets_while_one_is_changed(secret: str) -> None:
    with receiver() as server:
        notifier("webhook", server).send(message())
        found = verified(server.requests[0], secret)
    assert found["type"] == "notice.new"
    assert found["timestamp"] == "2026-03-10T12:00:00Z"
    assert found["data"]["notices"][0]["title"].startswith("Spring sale")
    assert server.requests[0].headers["webhook-id"] == "msg_0123456789abcdef"


def test_a_repeat_has_the_same_id_and_body_and_a_stranger_secret_does_not_verify() -> None:
    with receiver(Answer(500)) as server:
        made = notifier("webhook", server)
        failed(made)
        made.send(message(repeated=True))
        first, second = server.requests
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    with pytest.raises(AssertionError):
        verified(first, f"whsec_{base64.b64encode(os.urandom(32)).decode()}")


def test_a_digest_is_one_call() -> None:
    with receiver() as server:
        notifier("webhook", server).send(message(notice("a"), notice("b"), digest="daily"))
        found = verified(server.requests[0], NEW)
    assert (found["type"], len(found["data"]["notices"]), found["data"]["digest"]) == ("notice.digest", 2, "daily")


def rich_text(payload: dict[str, Any]) -> str:
    return "".join(
        run.get("text", "")
        for block in payload["blocks"]
        if block["type"] == "rich_text"
        for section in block["elements"]
        for run in section["elements"]
    )


def test_slack_is_sent_blocks_in_which_a_name_cannot_mention_anybody() -> None:
    with receiver() as server:
        made = notifier("slack", server)
        made.send(message(notice(title="<!channel> *Sale* & <https://evil.example|more>")))
        payload = json.loads(server.requests[0].body)
    assert payload["text"] == "&lt;!channel&gt; *Sale* &amp; &lt;https://evil.example|more&gt;"
    assert "<!channel> *Sale* & <https://evil.example|more>" in rich_text(payload)
    assert "What to do: Look for a rejected ad." in rich_text(payload).replace("\n", " ")
    assert {block["type"] for block in payload["blocks"]} == {"rich_text", "actions"}  # no mark-up is read anywhere
    assert payload["blocks"][-1]["elements"][0]["url"] == "https://example.com/alerts"
    assert "secret" not in made.shown


@pytest.mark.parametrize("body", ["x" * 100, "x" * 5000])
def test_slack_is_never_sent_more_than_it_takes(body: str) -> None:
    with receiver() as server:
        many = [notice(str(number), body=body) for number in range(40)]
        notifier("slack", server).send(message(*many, digest="weekly", repeated=True))
        payload = json.loads(server.requests[0].body)
    shown = sum(block["type"] == "rich_text" for block in payload["blocks"])
    assert shown >= 5
    assert len(payload["blocks"]) <= 50
    assert len(json.dumps(payload["blocks"])) < 13_000
    assert payload["blocks"][-1]["elements"][0]["text"] == f"And {40 - shown} more."
    assert "You may have had this already" in payload["blocks"][0]["elements"][0]["text"]


def test_teams_is_sent_one_adaptive_card_without_markdown() -> None:
    with receiver(Answer(202, b"")) as server:
        notifier("teams", server).send(message(notice(title="[free](https://evil.example)")))
        payload = json.loads(server.requests[0].body)
    (attachment,) = payload["attachments"]
    assert (payload["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    items = attachment["content"]["body"][0]["items"]
    assert {item["type"] for item in items} == {"RichTextBlock", "ActionSet"}  # a TextBlock would read Markdown
    assert items[1]["inlines"][0]["text"] == "[free](https://evil.example)"
    assert items[-1]["actions"][0]["url"] == "https://example.com/alerts"


def test_a_single_notice_of_any_length_is_sent_cut() -> None:
    long = notice(title="t" * 300, body="b" * 50_000, facts=tuple((str(number), "f" * 9_000) for number in range(6)))
    with receiver() as server:
        notifier("slack", server).send(message(long))
        notifier("teams", server).send(message(long))
    assert [len(request.body) < 13_000 for request in server.requests] == [True, True]


def test_teams_is_never_sent_more_than_it_takes() -> None:
    with receiver() as server:
        many = [notice(str(number), body="ä" * 1500) for number in range(60)]
        notifier("teams", server).send(message(*many, digest="daily"))
    assert len(server.requests[0].body) < 28_000
    assert "more." in server.requests[0].body.decode()


@pytest.mark.parametrize("kind", ["slack", "teams", "webhook"])
@pytest.mark.parametrize(
    ("answer", "meant", "wait_s"),
    [
        (Answer(429, b"slow down", {"Retry-After": "30"}), "throttled", 30),
        (Answer(500, b"oops"), "unavailable", None),
        (Answer(503, b"", {"Retry-After": "soon"}), "unavailable", None),
        (Answer(410, b"gone"), "refused", None),
        (Answer(302, b"", {"Location": "http://169.254.169.254/"}), "refused", None),
        (Answer(cut=True), "unknown", None),
    ],
)
def test_what_an_answer_means(kind: str, answer: Answer, meant: str, wait_s: float | None) -> None:
    with receiver(answer) as server:
        error = failed(notifier(kind, server))
        assert len(server.requests) == 1
    assert (error.kind, error.wait_s) == (meant, wait_s)
    assert "secret-part" not in str(error)


def test_a_wait_may_be_a_date() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(minutes=10))
    with receiver(Answer(429, b"", {"Retry-After": until})) as server:
        wait_s = failed(notifier("slack", server)).wait_s
    assert wait_s is not None
    assert 500 < wait_s <= 600


def test_a_revoked_slack_webhook_says_what_to_do() -> None:
    with receiver(Answer(403, b"invalid_token")) as server:
        error = failed(notifier("slack", server))
    assert error.kind == "refused"
    assert "invalid_token" in error.message
    assert "make a new one" in error.remedy


def test_a_webhook_that_does_not_know_us_yet_is_tried_again() -> None:
    with receiver(Answer(401, b"bad signature")) as server:
        error = failed(notifier("webhook", server))
    assert error.kind == "unavailable"
    assert "secret" in error.remedy


def test_no_answer_in_time_is_not_known_and_not_a_failure() -> None:
    with receiver(Answer(hang=True)) as server:
        error = failed(notifier("slack", server, timeout_s=1))
        assert len(server.requests) == 1
    assert error.kind == "unknown"


def test_an_answer_without_end_is_cut() -> None:
    with receiver(Answer(400, b"x" * 5_000_000)) as server:
        error = failed(notifier("slack", server))
    assert len(str(error)) < 500


def test_nobody_there_means_that_nothing_was_sent() -> None:
    error = failed(slack(options(url=f"http://localhost:{unused_port()}/hook")))
    assert error.kind == "unavailable"


def test_https_checks_the_certificate_by_name(certificate: Certificate) -> None:
    with receiver(context=certificate.context()) as server:
        assert "HTTP 200" in notifier("slack", server, ca_file=str(certificate.certificate)).send(message())
        error = failed(notifier("slack", server))
    assert error.kind == "unavailable"
    assert "certificate" in str(error).lower()


def test_https_of_another_name_is_not_trusted(tmp_path_factory: pytest.TempPathFactory) -> None:
    other = make_certificate(tmp_path_factory.mktemp("other"), "hooks.example.com")
    with receiver(context=other.context()) as server:
        error = failed(notifier("slack", server, ca_file=str(other.certificate)))
        assert server.requests == []
    assert error.kind == "unavailable"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://hooks.example.com/x", "is not https"),
        ("http://10.0.0.1/x", "is not https"),
        ("https://10.0.0.1/x", "leads to 10.0.0.1, which is not public"),
        ("https://127.0.0.1/x", "not public"),
        ("https://[::1]/x", "not public"),
        ("https://[::ffff:10.0.0.1]/x", "not public"),
        ("https://[64:ff9b::a00:1]/x", "not public"),
        ("https://169.254.169.254/latest/meta-data", "not public"),
        ("https://0.0.0.0/x", "not public"),
        ("https://user:pass@example.com/x", "user or password"),
        ("ftp://example.com/x", "no web address"),
        ("https://", "no web address"),
        ("https://example.com:port/x", "no web address"),
        ("https://[::1/x", "no web address"),
        ("javascript:alert(1)", "no web address"),
    ],
)
def test_addresses_that_may_not_be_used_are_refused_without_repeating_them(url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=said) as caught:
        slack(options((), url=url))
    assert "/x" not in str(caught.value)


def test_http_is_for_this_machine_alone_even_if_allowed() -> None:
    with pytest.raises(SettingsError, match="is not https"):
        slack(options(("10.0.0.1",), url="http://10.0.0.1/x"))
    with pytest.raises(SettingsError, match="is not https"):
        slack(options(("localhost:1",), url="http://localhost:2/x"))
    slack(options(("localhost:2",), url="http://localhost:2/x"))
    slack(options(("10.0.0.1",), url="https://10.0.0.1/x"))


@pytest.mark.parametrize("address", ["169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fe80::1"])
def test_a_host_that_is_allowed_leads_to_no_link_local_address_however_it_is_written(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (address, 443))])
    error = failed(slack(options(("hooks.example.com",), url="https://hooks.example.com/x")))
    assert (error.kind, error.remedy) == ("refused", "A link-local address is never used.")


def test_a_name_that_leads_to_this_machine_is_not_called_unless_it_is_allowed(certificate: Certificate) -> None:
    """The name is looked up at each call, so one that is changed later is caught as well."""
    with receiver(context=certificate.context()) as server:
        error = failed(slack(options((), url=server.url())))
        assert server.requests == []
    assert error.kind == "refused"
    assert 'allow_hosts = ["localhost"]' in error.remedy


def test_a_name_that_is_not_known_is_tried_again() -> None:
    error = failed(slack(options(url="https://no-such-host.invalid/x")))
    assert error.kind == "unavailable"


@pytest.mark.parametrize("secret", ["whsec_", "whsec_AAAA", "not base64 at all!", "whsec_" + "A" * 200])
def test_a_secret_that_is_none_is_refused_without_repeating_it(secret: str) -> None:
    with pytest.raises(SettingsError, match=r"`secrets` has one.*whsec_.*make one with") as caught:
        webhook(options(url="https://example.com/x", secrets=[secret]))
    assert "AAAA" not in str(caught.value)


def test_options_that_are_missing_or_wrong_are_named_with_their_place() -> None:
    with pytest.raises(SettingsError, match=r"notices.toml, \[routes.team\]: `url` is missing"):
        slack(options())
    with pytest.raises(SettingsError, match=r"`timeout_s` is 900.*from 1 to 60"):
        slack(options(url="https://example.com/x", timeout_s=900))
    with pytest.raises(SettingsError, match=r"`ca_file` is /no/such\.pem"):
        slack(options(url="https://example.com/x", ca_file="/no/such.pem"))
    with pytest.raises(SettingsError, match=r"`url`: There is no env:SLACK_URL"):
        slack(options(url="env:SLACK_URL"))
