"""`marketmover notices` from the command line, by the transports that are installed."""

import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from marketmover.app import open_app
from marketmover.app.opening import App
from marketmover.cli.commands import build
from marketmover.errors import MarketmoverError
from marketmover.jobs import holding
from marketmover.kit import utc_now
from marketmover.monitoring.notices import Notice, notify
from marketmover.settings import Settings

ALERT = {
    "detected_on": "2026-03-09",
    "platform": "meta_ads",
    "campaign_id": "77",
    "ad_group_id": "771",
    "kind": "delivery",
    "metric": "impressions",
    "observed": 12,
    "expected": {"low": 700, "mid": 900, "high": 1100},
    "severity": "critical",
    "probability": 0.99,
    "money_at_risk": 412,
    "cause": {"factor": "spend", "share": {"spend": 1}},
    "recommendations": [],
}


@dataclass
class Home:
    """An installation of the test's own, and its command."""

    app: App
    folder: Path
    bodies: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def run(self, *arguments: str, sent_in: str = "") -> Result:
        return CliRunner().invoke(build({"notices"}), ["notices", *arguments], obj=self.app, input=sent_in)

    def refusal(self, *arguments: str) -> MarketmoverError:
        done = self.run(*arguments)
        assert isinstance(done.exception, MarketmoverError), done.output
        return done.exception

    def routes(self, text: str) -> None:
        self.app.notices_file.parent.mkdir(exist_ok=True)
        self.app.notices_file.write_text(text, encoding="utf-8")

    def alerts(self, *found: dict[str, Any], as_of: str = "2026-03-09") -> str:
        path = self.folder / "alerts.json"
        path.write_text(json.dumps({"first": "2026-03-01", "as_of": as_of, "currency": "EUR", "alerts": list(found)}))
        return str(path)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(open_app(Settings(home=tmp_path / "home")), tmp_path)


def test_alerts_are_told_once_and_shown_with_what_became_of_them(home: Home) -> None:
    log = home.folder / "told.log"
    home.routes(f'[routes.log]\nto = "log"\nfile = "{log}"\n[routes.quiet]\nto = "log"\nkinds = ["pacing"]\n')
    alerts = home.alerts(ALERT)
    first = home.run("send", "--alerts", alerts, "--link", "https://example.com/a")
    assert (first.exit_code, "1 alert to tell, 1 delivery in all." in first.output) == (0, True), first.output
    assert "1 message sent" in first.output
    again = json.loads(home.run("send", "--alerts", alerts, "--json").output)
    assert (again["told"], again["sent"]) == (0, 0)
    over = home.alerts({**ALERT, "resolved_on": "2026-03-12"}, as_of="2026-03-12")
    assert json.loads(home.run("send", "--alerts", over, "--json").output)["sent"] == 1
    told = [json.loads(line)["notices"][0] for line in log.read_text().splitlines()]
    assert [one["step"] for one in told] == ["new", "resolved"]
    assert told[0]["thread"] == told[1]["thread"]
    assert told[0]["link"] == "https://example.com/a"
    shown = json.loads(home.run("list", "--json").output)
    assert [one["state"] for one in shown["deliveries"]] == ["sent", "sent"]
    assert [one["route"] for one in shown["routes"]] == ["log", "quiet"]
    assert "hardly shown" in home.run("list").output


def test_a_test_message_goes_at_once_and_leaves_no_trace_in_the_outbox(home: Home) -> None:
    log = home.folder / "told.log"
    home.routes(f'[routes.log]\nto = "log"\nfile = "{log}"\nquiet_days = ["monday", "tuesday", "wednesday"]\n')
    done = home.run("test", "log")
    assert done.exit_code == 0, done.output
    assert "The test went to" in done.output
    assert "Nothing is wrong" in log.read_text()
    assert json.loads(home.run("list", "--json").output)["deliveries"] == []


def test_a_sealed_secret_opens_a_route_and_is_never_shown(home: Home) -> None:
    server = HTTPServer(("127.0.0.1", 0), _handler(home))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    port = server.server_address[1]
    home.routes(f'allow_hosts = ["127.0.0.1:{port}"]\n[routes.team]\nto = "slack"\nurl = "secret:slack"\n')
    assert "There is no secret 'slack'" in home.refusal("test", "team").message
    assert home.run("secret", "slack", sent_in=f"http://127.0.0.1:{port}/T0/very-secret\n").exit_code == 0
    assert home.run("test", "team").exit_code == 0
    assert home.bodies[0]["text"] == "A test of the route team"
    shown = home.run("list").output
    assert "Slack (127.0.0.1)" in shown
    assert "very-secret" not in shown
    assert b"very-secret" not in (home.app.settings.home / "records.sqlite").read_bytes()
    server.shutdown()
    server.server_close()


def test_a_delivery_that_fails_is_told_of_tried_again_and_kept(home: Home) -> None:
    home.routes('[routes.log]\nto = "log"\nfile = "/no/such/folder/log"\ntries = 1\n')
    failed = home.run("send", "--alerts", home.alerts(ALERT))
    assert failed.exit_code == 1
    assert "/no/such/folder/log cannot be written" in failed.output
    assert json.loads(home.run("list", "--json").output)["deliveries"][0]["state"] == "dead"
    home.routes(f'[routes.log]\nto = "log"\nfile = "{home.folder / "told.log"}"\n')
    assert "1 delivery to try again" in home.run("retry", "log").output
    assert "hardly shown" in (home.folder / "told.log").read_text()


def test_the_job_sends_what_is_due_and_does_nothing_without_routes(home: Home) -> None:
    (job,) = (job for job in home.app.jobs() if job.name == "notices")
    with home.app.home() as stores, holding(stores.records, job.name) as run:
        assert "nobody is told" in job.work(run)
    log = home.folder / "told.log"
    home.routes(f'[routes.log]\nto = "log"\nfile = "{log}"\n')
    configuration = home.app.notices()
    assert configuration is not None
    late = Notice("warning", "A pull is late", "It is so.", key="pull/1", kind="pull")
    with home.app.home() as stores:
        with stores.records.session() as session:
            notify(session, "default", [late], configuration.routes.values(), utc_now())
        with holding(stores.records, job.name) as run:
            assert job.work(run) == "1 message sent, 0 put off, 0 given up"
    assert "A pull is late" in log.read_text()


@pytest.mark.parametrize(
    ("text", "arguments", "said"),
    [
        (None, ["list"], "notices.toml is not there"),
        ('[routes.a]\nto = "pigeon"\n', ["test", "a"], "`to` is 'pigeon'"),
        ('[routes.a]\nto = "log"\nfyle = "/x"\n', ["test", "a"], "`fyle` is not known here"),
        ('[routes.a]\nto = "slack"\nurl = "env:NO_SUCH_VARIABLE"\n', ["test", "a"], "no NO_SUCH_VARIABLE"),
        ('[routes.a]\nto = "log"\n', ["test", "b"], "has no route 'b'"),
        ('[routes.a]\nto = "log"\n', ["send", "--alerts", "/no/such.json"], "There is no file"),
        ('[mial]\nhost = "x"\n[routes.a]\nto = "log"\n', ["list"], "`mial` is not known here"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_place(
    home: Home, text: str | None, arguments: list[str], said: str
) -> None:
    if text is not None:
        home.routes(text)
    assert said in home.refusal(*arguments).message


def test_a_route_that_cannot_be_used_is_listed_with_what_to_mend(home: Home) -> None:
    home.routes('[routes.a]\nto = "slack"\nurl = "http://example.com/x"\n[routes.log]\nto = "log"\n')
    shown = json.loads(home.run("list", "--json").output)["routes"]
    assert "`url` is not https" in shown[0]["wrong"]
    assert shown[1]["wrong"] == ""


def _handler(home: Home) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            home.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the base class has it
            """Stay silent."""

    return Handler
