"""The language model as settings name it: cost limits kept in records, commands, and what the doctor says."""

import json
import os
import subprocess
import sys
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from marketmover.app import open_app
from marketmover.app.language_model import DailyLedger
from marketmover.cli.main import run
from marketmover.errors import SettingsError
from marketmover.language.records import ChatSpending
from marketmover.settings import Settings
from marketmover.store import StoreOpener
from scripted_chat import Said, ScriptedChat, completion, refusal, scripted_chat

TEXT = "We sell garden sheds in Ohio and need more quote requests, 5k USD."


@pytest.fixture
def server() -> Generator[ScriptedChat]:
    with scripted_chat() as chat:
        chat.says({"product": {"value": "garden sheds", "words": "We sell garden sheds"}})
        yield chat


@pytest.fixture
def brief(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: ScriptedChat) -> Path:
    monkeypatch.setenv("MARKETMOVER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("MARKETMOVER_LLM_URL", server.url)
    monkeypatch.setenv("MARKETMOVER_LLM_MODEL", "scripted")
    path = tmp_path / "brief.txt"
    path.write_text(TEXT)
    return path


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return json.loads(capsys.readouterr().out)


def spent(home: Path) -> list[int]:
    with StoreOpener(Settings(home=home)).home() as stores, stores.records.session(read_only=True) as session:
        return list(session.scalars(select(ChatSpending.micros)))


def test_brief_asks_the_model_that_is_set_and_no_model_switches_it_off(
    brief: Path, server: ScriptedChat, capsys: pytest.CaptureFixture[str]
) -> None:
    read = printed(capsys, "brief", str(brief), "--json")
    assert any("read with the language model scripted" in one for one in read["warnings"])
    assert len(server.asked) == 1
    alone = printed(capsys, "brief", str(brief), "--json", "--no-model")
    assert len(server.asked) == 1
    assert not any("language model" in one for one in alone["warnings"])


def test_without_a_url_nothing_leaves_the_machine(
    brief: Path, server: ScriptedChat, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("MARKETMOVER_LLM_URL")
    printed(capsys, "brief", str(brief), "--json")
    assert server.asked == []


def test_an_endpoint_that_fails_ends_no_command_with_an_error(
    brief: Path, server: ScriptedChat, capsys: pytest.CaptureFixture[str]
) -> None:
    server.says(refusal("bad key", 401))
    read = printed(capsys, "brief", str(brief), str(brief), str(brief), "--json")
    assert all(one["warnings"][-1].startswith("read by rules alone: ") for one in read)
    assert all(one["warnings"][-1].endswith("Check MARKETMOVER_LLM_KEY") for one in read)
    assert len(server.asked) == 1


def test_a_days_limit_holds_over_commands(
    brief: Path,
    server: ScriptedChat,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in (("PRICE_IN", "10"), ("PRICE_OUT", "10"), ("DAILY_LIMIT", "0.2")):
        monkeypatch.setenv(f"MARKETMOVER_LLM_{name}", value)
    heard = [printed(capsys, "brief", str(brief), "--json")["warnings"][-1] for _ in range(12)]
    refused = [one for one in heard if "cost limit for today" in one]
    assert len(server.asked) == 12 - len(refused)
    assert 0 < len(refused) < 12
    assert "for 0.0120" in heard[0]
    assert spent(tmp_path / "home") == [12_000 * len(server.asked)]


def test_a_try_that_may_have_been_billed_is_counted_and_one_that_was_not_sent_is_not(
    brief: Path,
    server: ScriptedChat,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in (("PRICE_IN", "10"), ("PRICE_OUT", "10"), ("DAILY_LIMIT", "2")):
        monkeypatch.setenv(f"MARKETMOVER_LLM_{name}", value)
    server.says(refusal("no", 401))
    printed(capsys, "brief", str(brief), "--json")
    assert spent(tmp_path / "home") == [0]
    monkeypatch.setenv("MARKETMOVER_LLM_URL", "http://127.0.0.1:1")
    printed(capsys, "brief", str(brief), "--json")
    assert spent(tmp_path / "home") == [0]
    monkeypatch.setenv("MARKETMOVER_LLM_URL", server.url)
    server.says(completion({"product": None}, usage=False))
    printed(capsys, "brief", str(brief), "--json")
    assert spent(tmp_path / "home")[0] > 80_000


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_many_at_once_never_set_more_aside_than_the_limit(
    tmp_path: Path, backend: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if backend == "postgresql" else "sqlite:///records.sqlite"
    settings = Settings(home=tmp_path / "home", records_url=SecretStr(url))
    with StoreOpener(settings).home() as stores:
        assert stores.records
    with ThreadPoolExecutor(6) as pool:
        held = list(pool.map(lambda _: DailyLedger(StoreOpener(settings), 1000).reserve(300), range(12)))
    assert len([one for one in held if one is not None]) == 3


def test_a_limit_without_prices_is_a_setting_that_cannot_hold(tmp_path: Path) -> None:
    app = open_app(Settings(home=tmp_path, llm_url="http://localhost:1", llm_model="m", llm_daily_limit=1))
    with pytest.raises(SettingsError, match=r"MARKETMOVER_LLM_DAILY_LIMIT.*MARKETMOVER_LLM_PRICE_IN"):
        app.text_model()


def test_compose_reads_its_brief_with_the_model_too(brief: Path, server: ScriptedChat, tmp_path: Path) -> None:
    stopped_early = ("--lift-tests", "no-such-file.csv")  # the brief is read before, the plan is made after
    arguments = ["compose", "--brief", str(brief), "--out", str(tmp_path / "plan"), *stopped_early]
    assert run(arguments) == 1
    assert len(server.asked) == 1
    assert run([*arguments, "--no-model"]) == 1
    assert len(server.asked) == 1


@pytest.mark.usefixtures("brief")
def test_the_doctor_says_whether_the_endpoint_answers_and_sends_nothing_of_a_clients(
    server: ScriptedChat, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    server.says(Said({"data": [{"id": "scripted"}]}))
    found = {one["name"]: one for one in printed(capsys, "doctor", "--json")["findings"]}
    assert found["language model"]["state"] == "ok"
    assert "scripted at 127.0.0.1" in found["language model"]["detail"]
    assert [one.method for one in server.asked] == ["GET"]
    server.says(refusal("no", 401))
    assert run(["doctor", "--json"]) == 1
    assert "MARKETMOVER_LLM_KEY" in capsys.readouterr().out
    monkeypatch.delenv("MARKETMOVER_LLM_URL")
    found = {one["name"]: one for one in printed(capsys, "doctor", "--json")["findings"]}
    assert "nothing leaves" in found["language model"]["detail"]


def test_reading_by_rules_imports_no_http_client() -> None:
    script = (
        "import sys; from marketmover.cli.main import run; run(['brief', '-', '--json']);"
        "sys.exit(bool({'httpx', 'phonenumbers'} & set(sys.modules)))"
    )
    environment = {name: value for name, value in os.environ.items() if name != "MARKETMOVER_LLM_URL"}
    done = subprocess.run(
        [sys.executable, "-c", script], input=TEXT, text=True, capture_output=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
