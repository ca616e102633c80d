"""`marketmover keys`, `people`, `workspaces` and `audit --export`, as they are run from a shell's point of view."""

import csv
import json
import re
import stat
from pathlib import Path

import pytest
from installation import PASSWORD, Installation
from sqlalchemy.engine import make_url

from marketmover.access import Keys, Rules, authenticate
from marketmover.access.permissions import READ
from marketmover.cli.main import run
from marketmover.kit import utc_now
from marketmover.store import Records

ANA = "ana@example.com"
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def here(home: Path) -> Installation:
    """The same home as the commands use."""
    return Installation(
        Records.open(make_url(f"sqlite:///{home / 'records.sqlite'}")), Keys("", home), Rules(), utc_now()
    )


def done(capsys: Capture, *arguments: str, code: int = 0) -> tuple[str, str]:
    capsys.readouterr()
    assert run(list(arguments)) == code
    told = capsys.readouterr()
    return told.out, told.err


def test_a_key_is_printed_alone_and_works(here: Installation, capsys: Capture) -> None:
    out, err = done(capsys, "keys", "create", "--name", "nightly", "--scope", "read", "--scope", "plans:write")
    assert re.fullmatch(r"mm_[0-9a-f]{16}_[\w-]{43}\n", out)
    assert "not shown again" in err
    with here.records.session(read_only=True) as session:
        entry = authenticate(
            session,
            Rules(),
            authorization=f"Bearer {out.strip()}",
            cookie=None,
            csrf=None,
            method="POST",
            workspace=None,
            now=utc_now(),
        )
    assert entry is not None
    assert entry.caller.permissions == READ | {"plans:write"}
    listed, _ = done(capsys, "keys", "list")
    assert re.search(r"nightly +read, plans:write ", listed)
    assert out.strip()[20:] not in listed
    shown = json.loads(done(capsys, "keys", "list", "--json")[0])
    assert (shown[0]["name"], shown[0]["state"]) == ("nightly", "ok")
    assert done(capsys, "keys", "revoke", "nightly")[0].startswith("Revoked: nightly")
    assert json.loads(done(capsys, "keys", "list", "--json")[0])[0]["state"] == "revoked"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--name", "x", "--scope", "plans:wriet"), 2, "plans:write"),
        (("--name", "x"), 2, "--scope"),
        (("--scope", "read"), 2, "--name"),
        (("--name", "x", "--scope", "read", "--expires", "0"), 2, "3,650"),
        (("--name", "x", "--scope", "read", "--workspace", "nowhere"), 1, "nowhere"),
        (("--name", "", "--scope", "read"), 2, "100"),
    ],
)
def test_a_key_that_cannot_be_made_is_told_on_stderr_alone(
    home: Path, capsys: Capture, arguments: tuple[str, ...], code: int, said: str
) -> None:
    del home
    out, err = done(capsys, "keys", "create", *arguments, code=code)
    assert out == ""
    assert said in err


def test_inviting_listing_and_removing_people(here: Installation, capsys: Capture) -> None:
    assert "first owner" in done(capsys, "people", "list")[1]
    out, err = done(capsys, "people", "invite", ANA, "--role", "owner")
    assert out.startswith("http://127.0.0.1:8000/v1/links/page#")
    assert "MARKETMOVER_PUBLIC_URL" in err
    assert "invited until" in done(capsys, "people", "list")[0]
    here.redeem(out.strip().partition("#")[2])
    done(capsys, "people", "invite", "bo@example.com", "--role", "viewer")
    assert "Not invited any more" in done(capsys, "people", "remove", "Bo@Example.com")[0]
    assert "last owner" in done(capsys, "people", "remove", ANA, code=1)[1]
    assert "last owner" in done(capsys, "people", "role", ANA, "viewer", code=1)[1]
    assert "last owner" in done(capsys, "people", "disable", ANA, code=1)[1]
    here.person("cy@example.com", "viewer")
    assert done(capsys, "people", "role", "cy@example.com", "analyst")[0] == "cy@example.com is analyst now.\n"
    done(capsys, "people", "disable", "cy@example.com")
    told = json.loads(done(capsys, "people", "list", "--json")[0])
    assert [(one["email"], one["role"], one["disabled"]) for one in told["people"]] == [
        (ANA, "owner", False),
        ("cy@example.com", "analyst", True),
    ]
    done(capsys, "people", "enable", "cy@example.com")
    assert done(capsys, "people", "remove", "cy@example.com")[0] == "Removed: cy@example.com\n"


def test_a_locked_out_owner_gets_a_link(here: Installation, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    here.person(ANA, "owner")
    monkeypatch.setenv("MARKETMOVER_PUBLIC_URL", "https://mm.example.com/")
    out, err = done(capsys, "people", "link", ANA, "--second-factor-off")
    assert out.startswith("https://mm.example.com/v1/links/page#")
    assert "PUBLIC_URL" not in err
    here.now = utc_now()
    here.redeem(out.strip().partition("#")[2], password="another wall and a blue roof")  # noqa: S106 - of nobody
    assert here.sign_in(ANA, "another wall and a blue roof")
    assert "Nobody has" in done(capsys, "people", "link", "nobody@example.com", code=1)[1]
    assert "no e-mail" in done(capsys, "people", "link", "x", code=2)[1]


def test_a_workspace_is_made_for_who_owns_the_present_one(here: Installation, capsys: Capture) -> None:
    here.person(ANA, "owner")
    assert done(capsys, "workspaces", "create", "acme", "--title", "Acme")[0] == f"Made: acme; owned by {ANA}\n"
    assert "taken" in done(capsys, "workspaces", "create", "acme", code=1)[1]
    assert "cannot name" in done(capsys, "workspaces", "create", "A b", code=2)[1]
    assert (
        "nobody@example.com" in done(capsys, "workspaces", "create", "zoo", "--owner", "nobody@example.com", code=1)[1]
    )
    done(capsys, "workspaces", "archive", "acme")
    told = {one["id"]: one for one in json.loads(done(capsys, "workspaces", "list", "--json")[0])}
    assert told.keys() == {"default", "acme"}
    assert told["acme"]["archived_at"]
    assert (
        "archived" in done(capsys, "keys", "create", "--name", "x", "--scope", "read", "--workspace", "acme", code=1)[1]
    )
    done(capsys, "workspaces", "restore", "acme")
    assert here.by_cookie(here.sign_in(ANA), workspace="acme") is not None


@pytest.mark.parametrize("name", ["log.csv", "log.jsonl"])
def test_the_whole_log_goes_into_a_file_for_its_owner_alone(
    here: Installation, home: Path, capsys: Capture, name: str
) -> None:
    here.person(ANA, "owner")
    here.person("=cmd@example.com", "viewer")
    path = home / name
    path.write_text("what was there before")
    assert done(capsys, "audit", "--export", str(path))[0].startswith("2 entries")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    text = path.read_text(encoding="utf-8")
    assert PASSWORD not in text
    if name.endswith("csv"):
        rows = list(csv.DictReader(text.splitlines()))
        assert rows[0]["after"] == '{"role": "owner"}'
    else:
        rows = [json.loads(line) for line in text.splitlines()]
        assert rows[0]["after"] == {"role": "owner"}
    assert [row["what"] for row in rows] == ["person.joined", "person.joined"]
    assert [entry.name for entry in home.glob(".log*")] == []
    assert "cannot be written" in done(capsys, "audit", "--export", str(home / "no" / "log.csv"), code=1)[1]
