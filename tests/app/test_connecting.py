"""Accounts connected from the command line, through a connector that comes in by an entry point like any other."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from marketmover.app import open_app
from marketmover.app.connecting import read_credentials
from marketmover.cli.main import run
from marketmover.errors import InputError, MissingExtraError, SettingsError
from marketmover.settings import Settings

_CONNECTOR = '''
"""An ad platform of somebody else's: its accounts are files in a folder, each opened by the token that it holds."""
import json
from datetime import date
from pathlib import Path
from marketmover.errors import MissingExtraError, PlatformError
from marketmover.history.pulls.source import SourceAccount

class Exports:
    platform = "folder_ads"
    def __init__(self, credentials):
        self.credentials = credentials
    def account(self):
        path = Path(self.credentials["url"]) / (self.credentials["account_id"] + ".json")
        if not path.exists():
            raise PlatformError("Folder Ads cannot be reached.", "Try later.", kind="unavailable")
        held = json.loads(path.read_text())
        if held["token"] != self.credentials["access_token"]:
            raise PlatformError("Folder Ads does not take the token.", "Renew it.", kind="expired")
        return SourceAccount("folder_ads", self.credentials["account_id"], held["name"], "EUR", "Europe/Berlin",
                             date(2026, 1, 5), held.get("simulated", False))

class Connector:
    needs = ("account_id", "access_token", "url")
    def exports(self, credentials):
        if credentials.get("sdk") == "missing":
            raise MissingExtraError("Folder Ads", "folder")
        return Exports(credentials)
    def platform(self, credentials):
        raise NotImplementedError
    def check(self, credentials):
        return self.exports(credentials).account()

connector = Connector()
'''


@pytest.fixture
def platform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an installed package that offers `folder_ads` and one platform that does not load."""
    package = tmp_path / "site"
    info = package / "folder_ads-1.0.dist-info"
    info.mkdir(parents=True)
    (package / "folder_ads_connector.py").write_text(_CONNECTOR)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: folder-ads\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[marketmover.ad_platforms]\n"
        "folder_ads = folder_ads_connector:connector\n"
        "broken_ads = nowhere_at_all:connector\n"
    )
    monkeypatch.syspath_prepend(str(package))
    return package


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MARKETMOVER_RECORDS_URL", "sqlite:///records.sqlite")
    return tmp_path / "home"


@pytest.fixture
def account(tmp_path: Path, platform: Path) -> Callable[..., Path]:
    """Makes an account of the platform; gives the file of its credentials."""
    assert platform.is_dir()
    (tmp_path / "ads").mkdir()

    def make(account_id: str = "77", token: str = "", **more: str) -> Path:
        token = token or "t0ken-of-77"
        (tmp_path / "ads" / f"{account_id}.json").write_text(json.dumps({"name": f"Shop {account_id}", "token": token}))
        path = tmp_path / f"{account_id}-credentials.json"
        told = {"account_id": account_id, "access_token": token, "url": str(tmp_path / "ads"), **more}
        path.write_text(json.dumps(told))
        return path

    return make


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(list(arguments)) == code
    captured = capsys.readouterr()
    return " ".join((captured.out + captured.err).split())


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert run(["accounts", "list", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_an_account_is_connected_listed_used_and_removed(
    home: Path, account: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(capsys, "accounts", "add", "folder_ads", "--credentials", str(account()), "--by", "ana")
    assert "Connected: folder_ads, account 'Shop 77' (77)" in said
    assert "t0ken" not in said
    [shown] = listed(capsys)
    assert (shown["name"], shown["platform"], shown["account_id"]) == ("folder_ads", "folder_ads", "77")
    app = open_app(Settings(home=home))
    assert app.credentials(app.account("folder_ads"))["access_token"] == "t0ken-of-77"  # noqa: S105 - the test's own
    assert app.exports_of(app.account("folder_ads")).account().name == "Shop 77"
    assert "kept" in told(capsys, "accounts", "remove", "folder_ads", "--by", "ben")
    assert listed(capsys) == []
    assert run(["audit", "--json"]) == 0
    log = capsys.readouterr().out
    assert [(entry["who"], entry["what"]) for entry in map(json.loads, log.splitlines())] == [
        ("ben", "account.removed"),
        ("ana", "account.added"),
    ]
    assert "t0ken" not in log


def test_no_secret_lies_in_the_home_but_sealed(
    home: Path, account: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "accounts", "add", "folder_ads", "--credentials", str(account()))
    for path in home.rglob("*"):
        assert path.is_dir() or b"t0ken-of-77" not in path.read_bytes(), path


@pytest.mark.usefixtures("home")
def test_adding_again_renews_the_credentials_and_another_account_gets_a_name_of_its_own(
    account: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    add = ["accounts", "add", "folder_ads", "--credentials"]
    assert "Connected: folder_ads," in told(capsys, *add, str(account()))
    assert "Renewed: folder_ads," in told(capsys, *add, str(account(token="new-t0ken")))  # noqa: S106 - the test's own
    assert "Connected: folder_ads-2," in told(capsys, *add, str(account("78")))
    assert "connected already, as folder_ads" in told(capsys, *add, str(account()), "--name", "other", code=1)
    assert "that of the account 77" in told(capsys, *add, str(account("79")), "--name", "folder_ads", code=1)
    assert len(listed(capsys)) == 2
    assert "folder_ads-2" in told(capsys, "accounts", "remove", "folder_ads-3", code=1)


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["folder_adz", "--credentials", "FILE"], 2, "no ad platform 'folder_adz'. Did you mean 'folder_ads'"),
        (["folder_ads"], 2, "Give --credentials FILE.json, or --sandbox DIR"),
        (["folder_ads", "--credentials", "FILE", "--sandbox", "DIR"], 2, "Give --credentials FILE.json, or"),
        (["folder_ads", "--credentials", "nowhere.json"], 1, "no file nowhere.json"),
        (["folder_ads", "--sandbox", "DIR"], 1, "marketmover sandbox serve"),
        (["folder_ads", "--credentials", "FILE", "--name", "Big Shop!"], 2, "cannot name an account"),
        (["broken_ads", "--credentials", "FILE"], 1, "nowhere_at_all:connector) cannot be loaded"),
    ],
)
def test_what_cannot_be_connected_is_told_with_what_to_do(
    arguments: list[str],
    code: int,
    words: str,
    account: Callable[..., Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = str(account())
    said = told(
        capsys,
        "accounts",
        "add",
        *(part.replace("FILE", file).replace("DIR", str(tmp_path)) for part in arguments),
        code=code,
    )
    assert words in said
    assert listed(capsys) == []


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "line 1, column 1"),
        ('{"account_id": "77", "access_token": "t0ken', "line 1"),
        ("[1, 2]", "no JSON object"),
        ('{"account_id": "77"}', "lack access_token, url"),
        ('{"account_id": {"a": 1}, "access_token": "t0ken", "url": "x"}', "value of account_id is no text"),
        ('{"folder_ads": "t0ken"}', "no map under 'folder_ads'"),
        ("\xff", "JSON"),
    ],
)
@pytest.mark.usefixtures("platform")
def test_a_file_that_holds_no_credentials_is_told_without_repeating_it(
    content: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(content, encoding="latin-1")
    said = told(capsys, "accounts", "add", "folder_ads", "--credentials", str(path), code=1)
    assert words in said
    assert "t0ken" not in said


@pytest.mark.usefixtures("home")
def test_what_the_platform_does_not_take_is_not_kept(
    account: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = account()
    account(token="another")  # noqa: S106 - the test's own
    file.write_text(file.read_text().replace("another", "wrong"))
    said = told(capsys, "accounts", "add", "folder_ads", "--credentials", str(file), code=1)
    assert "does not take the token. Renew it." in said
    assert listed(capsys) == []
    assert told(capsys, "audit") == "Nothing is in the log yet."


@pytest.mark.usefixtures("home")
def test_an_sdk_that_is_not_installed_is_named_with_the_line_that_installs_it(
    account: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(capsys, "accounts", "add", "folder_ads", "--credentials", str(account(sdk="missing")), code=1)
    assert "pip install 'marketmover[folder]'" in said
    assert MissingExtraError.__name__ not in said


def test_a_sandbox_is_found_anew_after_its_ports_changed(
    home: Path, tmp_path: Path, account: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, credentials = tmp_path / "sandbox", json.loads(account().read_text())
    folder.mkdir()

    def serve(port: int) -> None:
        section = {**credentials, "ca": "ca.pem", "port": port}
        told_ = {"simulated": True, "folder_ads": section, "clock": "http://127.0.0.1:1/clock"}
        (folder / "connection.json").write_text(json.dumps(told_))

    serve(4001)
    told(capsys, "accounts", "add", "folder_ads", "--sandbox", str(folder), "--name", "x")
    app = open_app(Settings(home=home))
    serve(4002)
    (tmp_path / "ads" / "77.json").unlink()
    assert f"marketmover sandbox serve {folder}" in told(
        capsys, "accounts", "add", "folder_ads", "--sandbox", str(folder), code=1
    )
    found = app.credentials(app.account("x"))
    assert (found["port"], found["clock"]) == ("4002", "http://127.0.0.1:1/clock")
    assert found["ca"] == str(folder / "ca.pem")


def test_a_new_key_is_one_command_and_the_accounts_still_open(
    home: Path, account: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "accounts", "add", "folder_ads", "--credentials", str(account()))
    before = (home / "secret.key").read_text()
    assert "1 secret sealed with a new key" in told(capsys, "accounts", "rotate-key")
    assert (home / "secret.key").read_text() != before
    app = open_app(Settings(home=home))
    assert app.credentials(app.account("folder_ads"))["account_id"] == "77"
    (home / "secret.key").unlink()
    with pytest.raises(SettingsError, match="was sealed with the key"):
        app.credentials(app.account("folder_ads"))


def test_the_doctor_finds_a_key_that_cannot_be_used(
    home: Path, account: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "accounts", "add", "folder_ads", "--credentials", str(account()))
    assert f"in {home / 'secret.key'}" in told(capsys, "doctor")
    (home / "secret.key").chmod(0o644)
    assert "chmod 600" in told(capsys, "doctor", code=1)


def test_on_postgresql_an_account_is_kept_the_same_way(
    home: Path,
    postgres_url: str,
    account: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MARKETMOVER_RECORDS_URL", postgres_url)
    told(capsys, "accounts", "add", "folder_ads", "--credentials", str(account()))
    app = open_app(Settings.model_validate({"home": home, "records_url": postgres_url}))
    assert app.credentials(app.account("folder_ads"))["access_token"] == "t0ken-of-77"  # noqa: S105 - the test's own
    with app.home() as stores, stores.records.session(read_only=True) as session:
        assert "t0ken" not in str(session.execute(text("SELECT * FROM secrets")).all())
    told(capsys, "accounts", "rotate-key")
    assert app.credentials(app.account("folder_ads"))["account_id"] == "77"


def test_a_rotation_killed_anywhere_leaves_accounts_that_open(
    home: Path, platform: Path, account: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    told(capsys, "accounts", "add", "folder_ads", "--credentials", str(account()))
    program = (
        "import os, sys\n"
        "place, seen = sys.argv[1], 0\n"
        "def look(frame, event, _):\n"
        "    if event == 'call' and frame.f_code.co_qualname == place: os.kill(os.getpid(), 9)\n"
        "sys.setprofile(look)\n"
        "from marketmover.cli.main import run\n"
        "run(['accounts', 'rotate-key'])\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(platform), *sys.path)))}
    for place in ("_replace", "rotate", "append", "Keys.end_rotation", "_sync_folder"):
        done = subprocess.run([sys.executable, "-c", program, place], env=environment, check=False, capture_output=True)
        assert done.returncode == -9, done.stderr.decode()
        app = open_app(Settings(home=home))
        assert app.credentials(app.account("folder_ads"))["account_id"] == "77"
    told(capsys, "accounts", "rotate-key")
    assert len((home / "secret.key").read_text().split()) == 1


def test_a_service_accounts_key_may_stand_in_the_file_as_the_object_that_it_is(tmp_path: Path) -> None:
    path = tmp_path / "google.json"
    key = {"type": "service_account", "private_key": "---", "client_email": "a@b.c"}
    path.write_text(json.dumps({"customer_id": 1234567890, "json_key": key}))
    found = read_credentials(path, "google_ads")
    assert json.loads(found["json_key"]) == key
    path.write_text(json.dumps({"customer_id": {"a": 1}}))
    with pytest.raises(InputError, match="customer_id is no text"):
        read_credentials(path, "google_ads")
