"""Asking a language model over real sockets. The server on the other side is scripted: it is no model."""

import asyncio
import socket
from collections.abc import Generator
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import BaseModel

from marketmover.errors import SettingsError
from marketmover.kit import utc_now
from marketmover.language import Answer
from marketmover.language.chat import ChatClient, ChatError, Endpoint, Prices
from marketmover.language.chat.transport import MOST_BYTES
from scripted_chat import Asked, Said, ScriptedChat, completion, refusal, scripted_chat


class Colours(BaseModel):
    name: str = ""
    shades: list[int] = []


@pytest.fixture
def server() -> Generator[ScriptedChat]:
    with scripted_chat() as chat:
        yield chat


class Waits:
    """Notes how long it should have waited, and does not."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


def client(server: ScriptedChat, waits: Waits | None = None, **changes: Any) -> ChatClient:
    endpoint = Endpoint(server.url, "scripted", key="sk-the-key", timeout_s=5.0, limit_s=10.0)
    return ChatClient(replace(endpoint, **changes), prices=Prices(2.0, 8.0), pause=waits or Waits())


def ask(chat: ChatClient) -> Answer[Colours]:
    return chat.ask("Read it.", "The text", Colours)


def test_an_answer_comes_in_the_form_that_was_asked_for(server: ScriptedChat) -> None:
    server.says({"name": "red", "shades": [1, 2]})
    assert ask(client(server)) == Answer(Colours(name="red", shades=[1, 2]), (), micros=3600)
    (asked,) = server.asked
    assert (asked.path, asked.headers["authorization"]) == ("/v1/chat/completions", "Bearer sk-the-key")
    assert (asked.body["model"], asked.body["stream"], asked.body["temperature"]) == ("scripted", False, 0)
    schema = asked.body["response_format"]["json_schema"]
    assert schema["strict"]
    assert schema["schema"]["required"] == ["name", "shades"]
    assert schema["schema"]["additionalProperties"] is False


def test_where_json_schema_is_refused_it_asks_for_json_and_then_for_text_and_remembers(server: ScriptedChat) -> None:
    def plain_only(asked: Asked) -> Said:
        if asked.response_format != "text":
            return refusal(f"'response_format' of type {asked.response_format!r} is not supported")
        assert "JSON schema" in asked.body["messages"][0]["content"]
        return completion('Sure!\n```json\n{"name": "blue"}\n```\nAnything else?')

    server.says(plain_only)
    chat = client(server)
    assert ask(chat).form.name == ask(chat).form.name == "blue"
    assert [one.response_format for one in server.asked] == ["json_schema", "json_object", "text", "text"]


def test_it_can_be_asked_from_a_notebook_whose_loop_runs(server: ScriptedChat) -> None:
    async def cell() -> str:
        return ask(client(server)).form.name

    server.says({"name": "red", "shades": [1, 2]})
    assert asyncio.run(cell()) == "red"


def test_a_model_that_wants_other_names_is_asked_by_them(server: ScriptedChat) -> None:
    def reasoning(asked: Asked) -> Said:
        if "max_tokens" in asked.body:
            return refusal(
                "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.", code="unsupported"
            )
        if "temperature" in asked.body:
            return refusal("Unsupported value: 'temperature' does not support 0 with this model.")
        return completion({"name": "green"})

    server.says(reasoning)
    assert ask(client(server)).form.name == "green"
    assert server.asked[-1].response_format == "json_schema"
    assert server.asked[-1].body["max_completion_tokens"] > 0


def test_thoughts_before_the_json_are_passed_over(server: ScriptedChat) -> None:
    server.says(completion('<think>Is it {"name": "red"}? No.</think>\n{"name": "blue"}'))
    assert ask(client(server)).form.name == "blue"


def test_an_answer_that_does_not_fit_is_sent_back_once_with_its_faults(server: ScriptedChat) -> None:
    server.says({"name": "red", "shades": ["dark"]}, {"name": "red", "shades": [3]})
    assert ask(client(server)) == Answer(Colours(name="red", shades=[3]), (), micros=7200)
    first, second = server.asked
    assert second.body["messages"][:2] == first.body["messages"]
    assert "shades.0" in second.body["messages"][3]["content"]


def test_what_still_does_not_fit_is_left_out_and_told_and_the_rest_is_kept(server: ScriptedChat) -> None:
    server.says({"name": "red", "shades": [1, "dark", 3]})
    answer = ask(client(server))
    assert answer.form == Colours(name="red", shades=[1, 3])
    assert answer.faults[0].startswith("shades.1: ")


def test_numbers_without_end_and_halves_of_characters_do_no_harm(server: ScriptedChat) -> None:
    server.says(
        completion('{"shades": [' + "9" * 5000 + "]}"),
        completion('{"name": "\\ud800", "shades": ["x"]}'),
        {"name": "red"},
    )
    chat = client(server)
    assert chat.ask("Read it.", "half a letter: \ud83d", Colours).form.shades == []
    assert "half a letter: ?" in server.asked[0].body["messages"][1]["content"]
    assert ask(chat).form.name == "red"


def test_words_without_json_are_sent_back_once_and_then_no_answer(server: ScriptedChat) -> None:
    server.says(completion("I would rather not."))
    with pytest.raises(ChatError, match="no JSON object"):
        ask(client(server))
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (completion("", finish_reason="stop"), "gives no answer"),
        (completion(None, refusal="I cannot help with that."), "gives no answer"),
        (completion('{"name": "re', finish_reason="length"), "cut off"),
        (Said(b"<html>Sign in</html>", content_type="text/html"), r"something else than a completion \(text/html\)"),
        (Said(b'data: {"choices": []}\n\n', content_type="text/event-stream"), "something else than a completion"),
        (Said({"choices": []}), "something else"),
        (Said(b'{"choices": [{"mess'), "something else"),
        (Said(b"[" * 100_000), "something else"),
        (Said(b"{}", 302, {"Location": "http://169.254.169.254/"}), "Redirects are not followed"),
        (Said(b" " * (MOST_BYTES + 1)), "more than 2,000,000 bytes"),
        (Said(b'{"choices"', promised_bytes=4000), "broke off"),
        (refusal("context length exceeded", 413), "413"),
    ],
)
def test_what_is_no_answer_is_named_and_not_asked_for_again(server: ScriptedChat, said: Said, told: str) -> None:
    server.says(said)
    with pytest.raises(ChatError, match=told):
        ask(client(server))


def test_overload_is_waited_out_as_long_as_the_endpoint_asks(server: ScriptedChat) -> None:
    waits = Waits()
    later = format_datetime(utc_now() + timedelta(seconds=4), usegmt=True)
    server.says(Said(None, 429, {"Retry-After": "3"}), Said(None, 503, {"Retry-After": later}), {"name": "red"})
    assert ask(client(server, waits)).form.name == "red"
    assert waits.seconds[0] == 3
    assert 1 < waits.seconds[1] <= 4


def test_server_errors_are_tried_again_after_growing_waits_and_then_told(server: ScriptedChat) -> None:
    waits = Waits()
    server.says(Said(b"oops", 500))
    with pytest.raises(ChatError, match=r"status 500\. It says: oops"):
        ask(client(server, waits))
    assert (waits.seconds, len(server.asked)) == ([0.5, 1.0], 3)


def test_a_wait_beyond_the_time_allowed_is_not_begun(server: ScriptedChat) -> None:
    waits = Waits()
    server.says(Said({"error": {"message": "slow down"}}, 429, {"Retry-After": "60"}))
    with pytest.raises(ChatError, match="takes no more for now"):
        ask(client(server, waits))
    assert (waits.seconds, len(server.asked)) == ([], 1)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_refusal_is_never_repeated_as_it_was(server: ScriptedChat, status: int) -> None:
    server.says(refusal("no", status))
    with pytest.raises(ChatError):
        ask(client(server))
    bodies = [one.raw for one in server.asked]
    assert len(bodies) == len(set(bodies)) <= 3


def test_no_message_holds_the_key_even_where_the_endpoint_repeats_it(server: ScriptedChat) -> None:
    server.says(refusal("Incorrect API key provided: sk-the-key.", 409))
    with pytest.raises(ChatError) as failed:
        ask(client(server))
    assert "sk-the-key" not in f"{failed.value}{Endpoint(server.url, 'm', 'sk-the-key')!r}"
    assert "***" in str(failed.value)


def test_a_server_that_drips_is_left_after_the_time_for_one_answer(server: ScriptedChat) -> None:
    server.says(Said(b"", drips=True))
    with pytest.raises(ChatError, match="no whole answer within"):
        ask(client(server, timeout_s=0.2, limit_s=0.3))


def test_a_connection_that_is_refused_is_told_with_the_remedy() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    chat = ChatClient(Endpoint(f"http://127.0.0.1:{port}", "m"), pause=Waits())
    with pytest.raises(ChatError, match=r"cannot be reached.*MARKETMOVER_LLM_URL"):
        ask(chat)


def test_in_a_batch_an_endpoint_that_fails_twice_or_for_good_is_not_asked_again(server: ScriptedChat) -> None:
    server.says(Said(b"", 500))
    failing = client(server)
    for _ in range(5):
        with pytest.raises(ChatError):
            ask(failing)
    assert len(server.asked) == 6
    server.says(refusal("bad key", 401))
    wrong_key = client(server)
    for _ in range(5):
        with pytest.raises(ChatError, match="refuses the key"):
            ask(wrong_key)
    assert len(server.asked) == 7
    quota = client(server)
    server.says(refusal("You exceeded your current quota", 429, code="insufficient_quota"))
    for _ in range(5):
        with pytest.raises(ChatError):
            ask(quota)
    assert len(server.asked) == 8


def test_a_model_that_answers_badly_does_not_end_the_batch(server: ScriptedChat) -> None:
    chat = client(server)
    server.says(completion("no"))
    for _ in range(3):
        with pytest.raises(ChatError):
            ask(chat)
    server.says({"name": "red"})
    assert ask(chat).form.name == "red"


def test_azure_has_the_deployment_in_the_path_and_the_key_in_a_header_of_its_own(server: ScriptedChat) -> None:
    server.says({"name": "red"})
    base = server.url.removesuffix("/v1")
    ask(client(server, url=f"{base}/openai/deployments/mini?api-version=2024-10-21", model=""))
    (asked,) = server.asked
    assert asked.path == "/openai/deployments/mini/chat/completions?api-version=2024-10-21"
    assert asked.headers["api-key"] == "sk-the-key"
    assert "authorization" not in asked.headers
    assert "model" not in asked.body


def test_ollama_is_asked_without_a_key_at_its_bare_address(server: ScriptedChat) -> None:
    server.says({"name": "red"})
    ask(client(server, url=server.url.removesuffix("/v1"), key=""))
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert not {"authorization", "api-key"} & set(asked.headers)


@pytest.mark.parametrize(
    ("url", "posted_to"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/chat/completions", "https://api.openai.com/v1/chat/completions"),
        ("http://localhost:11434", "http://localhost:11434/v1/chat/completions"),
        (
            "https://us.openai.azure.com",
            "https://us.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21",
        ),
        (
            "https://us.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-01-01-preview",
            "https://us.openai.azure.com/openai/deployments/d/chat/completions?api-version=2025-01-01-preview",
        ),
        ("https://us.openai.azure.com/openai/v1", "https://us.openai.azure.com/openai/v1/chat/completions"),
    ],
)
def test_addresses_are_read_as_people_write_them(url: str, posted_to: str) -> None:
    assert Endpoint(url, "m").completions_url == posted_to


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.openai.com",
        "ftp://x/v1",
        "https://ana:s3cret@api.example.com/v1",
        "https://x/v1?key=s3cret",
        "http://[::",
        "http://x:99999",
    ],
)
def test_an_address_that_cannot_be_one_is_refused_without_repeating_a_secret(url: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Endpoint(url, "m")
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    "url", ["http://93.184.216.34/v1", "http://169.254.169.254/v1", "https://169.254.169.254/v1", "http://0.0.0.0/v1"]
)
def test_nothing_is_sent_by_http_to_the_world_or_to_a_metadata_service(url: str) -> None:
    with pytest.raises(ChatError, match=r"unencrypted|link-local"):
        ask(ChatClient(Endpoint(url, "m", "key"), pause=Waits()))


def test_a_proxy_of_the_environment_never_stands_before_a_private_address(
    server: ScriptedChat, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.says({"name": "red"})
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert ask(client(server)).form.name == "red"


def test_looking_costs_nothing_and_names_a_model_that_is_not_there(server: ScriptedChat) -> None:
    server.says(Said({"data": [{"id": "scripted:latest"}, {"id": "other"}]}))
    assert "answers" in client(server).look()
    assert (server.asked[0].method, server.asked[0].path) == ("GET", "/v1/models")
    with pytest.raises(ChatError, match=r"not among those.*other, scripted:latest"):
        client(server, model="missing").look()
    server.says(refusal("no", 401))
    with pytest.raises(ChatError, match="refuses the key"):
        client(server).look()
    server.says(Said("<html>a shop</html>"))
    with pytest.raises(ChatError, match="something else than a list of models"):
        client(server).look()
