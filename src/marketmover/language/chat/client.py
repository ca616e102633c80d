"""Asking a language model for an answer in a form: what it is told, how often it is asked, what it may cost."""

import asyncio
import json
from typing import Any, TypeVar, cast

from pydantic import BaseModel

from marketmover.kit import wait_for
from marketmover.language.chat.answers import fitted, json_in, strict_schema
from marketmover.language.chat.dialect import REFUSALS, Dialect
from marketmover.language.chat.endpoint import Endpoint
from marketmover.language.chat.failures import ChatError
from marketmover.language.chat.spending import Prices, Reservation, Spending
from marketmover.language.chat.transport import Attempt, Pause, Reply, failure_of, get, post
from marketmover.language.text_model import Answer

F = TypeVar("F", bound=BaseModel)
Message = dict[str, str]
MOST_TOKENS = 8_000
_PATIENCE = 2


class ChatClient:
    """Asks one endpoint, and remembers over a batch what it understands and whether it answers at all.

    Args:
        endpoint: Whom to ask.
        prices: What tokens cost; without them a cost is 0.
        spending: The ledger that holds the day's limit; without one there is no limit.
        pause: Waits between tries.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        prices: Prices | None = None,
        spending: Spending | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._endpoint = endpoint
        self._prices = prices or Prices()
        self._spending = spending
        self._pause = pause
        self._dialect = Dialect()
        self._failures = 0
        self._given_up: ChatError | None = None

    @property
    def name(self) -> str:
        """The model and where it runs, for people."""
        return self._endpoint.name

    def ask(self, instructions: str, text: str, form: type[F]) -> Answer[F]:
        """The model's answer to a text, in a form. An answer that does not fit is sent back once, with its faults.

        Two failures of the endpoint in a row, or one that would last, end the asking: later calls fail at once.

        Args:
            instructions: What the model is to do, and how.
            text: The text, as it may leave the machine.
            form: The form of the answer; give every field a default, so that what fits can be told from what does not.

        Raises:
            ChatError: No answer came that holds a JSON object, within the time and the money allowed.
        """
        if self._given_up is not None:
            raise self._given_up
        try:
            answer = wait_for(self._ask(instructions, text, form))
        except ChatError as error:
            self._failures += error.of_endpoint
            if error.lasting or self._failures >= _PATIENCE:
                self._given_up = error
            raise
        self._failures = 0
        return answer

    def look(self) -> str:
        """See whether the endpoint answers, by its list of models, which costs nothing; in words for people.

        Raises:
            ChatError: It does not answer, refuses the key, or lists models without this one.
        """
        reply = wait_for(get(self._endpoint, self._endpoint.models_url))
        if reply.status in (404, 405):
            return f"{self.name} answers, but lists no models"
        if reply.status != 200:
            raise failure_of(self._endpoint, reply)
        if not reply.fields:
            raise _no_protocol(self._endpoint, reply, "a list of models")
        listed = _model_names(reply)
        model = self._endpoint.model
        if listed and model and not self._endpoint.is_azure and not any(_is_model(model, one) for one in listed):
            remedy = f"Set MARKETMOVER_LLM_MODEL to one of them: {', '.join(sorted(listed)[:6])}."
            raise ChatError(f"The language model {self.name} is not among those that the endpoint lists.", remedy)
        return f"{self.name} answers"

    async def _ask(self, instructions: str, text: str, form: type[F]) -> Answer[F]:
        deadline = asyncio.get_running_loop().time() + self._endpoint.limit_s
        schema = strict_schema(form)
        messages: list[Message] = [{"role": "system", "content": instructions}, {"role": "user", "content": text}]
        content, cost = await self._completion(messages, schema, deadline)
        answer, fault = _read(content, form)
        if answer is not None and not answer.faults:
            return Answer(answer.form, (), cost)
        told = "; ".join(answer.faults) if answer else fault
        try:
            mended, more = await self._completion([*messages, *_sent_back(content, told)], schema, deadline)
        except ChatError:
            if answer is None:
                raise
            return Answer(answer.form, answer.faults, cost)
        second, fault = _read(mended, form)
        best = second if second and (answer is None or len(second.faults) <= len(answer.faults)) else answer
        if best is None:
            raise ChatError(f"{self.name}: {fault}", of_endpoint=False)
        return Answer(best.form, best.faults, cost + more)

    async def _completion(self, messages: list[Message], schema: dict[str, Any], deadline: float) -> tuple[str, int]:
        """The model's words and their cost. What the endpoint does not understand is put in another way."""
        spent, understood = 0, self._dialect

        def settled(cost: int) -> None:
            nonlocal spent
            spent += cost

        while True:
            body = self._body(messages, schema, self._dialect)
            attempt = _Account(self._spending, self._prices, body, settled).attempt
            reply = await post(self._endpoint, body, attempt, deadline, self._pause)
            if reply.status == 200:
                return _content(self._endpoint, reply), spent
            following = self._dialect.after_refusal(reply.detail) if reply.status in REFUSALS else None
            if following is None:
                self._dialect = understood
                raise failure_of(self._endpoint, reply)
            self._dialect = following

    def _body(self, messages: list[Message], schema: dict[str, Any], dialect: Dialect) -> dict[str, Any]:
        told = messages
        if dialect.response_format != "json_schema":
            form = f"\n\nAnswer with one JSON object and nothing else, of this JSON schema:\n{json.dumps(schema)}"
            told = [{**messages[0], "content": messages[0]["content"] + form}, *messages[1:]]
        options = dialect.options(schema, MOST_TOKENS)
        told = [{name: _sendable(words) for name, words in message.items()} for message in told]
        return {"messages": told, **options, **({"model": self._endpoint.model} if self._endpoint.model else {})}


class _Account:
    """Sets money aside for each try and settles it: a try that may have been billed is never counted as free."""

    def __init__(self, spending: Spending | None, prices: Prices, body: dict[str, Any], settled: Any) -> None:
        self._spending = spending
        self._prices = prices
        # A token is at least one byte of what is sent, so this is never too little.
        self._most = prices.micros(len(json.dumps(body, ensure_ascii=False).encode()), MOST_TOKENS)
        self._settled = settled
        self._held: Reservation | None = None

    @property
    def attempt(self) -> Attempt:
        """What the transport calls around each try."""
        return Attempt(self._before, self._after)

    def _before(self) -> None:
        if self._spending is None:
            return
        self._held = self._spending.reserve(self._most)
        if self._held is None:
            raise ChatError(
                "The language model's cost limit for today leaves no room for this question.",
                "It is lifted at midnight UTC; or set MARKETMOVER_LLM_DAILY_LIMIT higher.",
                lasting=True,
            )

    def _after(self, reply: Reply | None, sent: bool) -> None:
        cost = self._cost(reply) if sent else 0
        self._settled(cost)
        if self._spending is not None and self._held is not None:
            self._spending.settle(self._held, cost)

    def _cost(self, reply: Reply | None) -> int:
        if reply is not None and 300 <= reply.status < 500:
            return 0
        usage: Any = reply.fields.get("usage") if reply is not None and reply.status == 200 else None
        if not isinstance(usage, dict):
            return self._most
        counted = cast("dict[str, Any]", usage)
        sent, answered = counted.get("prompt_tokens"), counted.get("completion_tokens")
        if not (isinstance(sent, int) and isinstance(answered, int) and sent >= 0 and answered >= 0):
            return self._most
        return self._prices.micros(sent, answered)


def _sendable(text: str) -> str:
    """The text without halves of characters, which no encoding can carry."""
    return text.encode("utf-8", errors="replace").decode()


def _read(content: str, form: type[F]) -> tuple[Answer[F] | None, str]:
    try:
        return fitted(form, json_in(content)), ""
    except ChatError as error:
        return None, error.message


def _sent_back(content: str, fault: str) -> list[Message]:
    asked = f"That answer does not fit: {fault} Give the whole answer again as one JSON object that fits the form."
    return [{"role": "assistant", "content": content}, {"role": "user", "content": asked}]


def _content(endpoint: Endpoint, reply: Reply) -> str:
    """The words of the model in a completion."""
    choices: Any = reply.fields.get("choices")
    first: Any = choices[0] if isinstance(choices, list) and choices else None
    message: Any = cast("dict[str, Any]", first).get("message") if isinstance(first, dict) else None
    if not isinstance(message, dict):
        raise _no_protocol(endpoint, reply, "a completion")
    said = cast("dict[str, Any]", message)
    if said.get("refusal") or not isinstance(said.get("content"), str) or not said["content"].strip():
        raise ChatError(f"The language model {endpoint.name} gives no answer to this text.", of_endpoint=False)
    if cast("dict[str, Any]", first).get("finish_reason") == "length":
        raise ChatError(f"The language model {endpoint.name} was cut off before its end.", of_endpoint=False)
    return str(said["content"])


def _no_protocol(endpoint: Endpoint, reply: Reply, due: str) -> ChatError:
    kind = reply.content_type.partition(";")[0] or "no content type"
    return ChatError(
        f"The language model {endpoint.name} answers with something else than {due} ({kind}).",
        "Check that MARKETMOVER_LLM_URL names an OpenAI-compatible endpoint.",
    )


def _model_names(reply: Reply) -> list[str]:
    listed: Any = reply.fields.get("data")
    entries = cast("list[Any]", listed) if isinstance(listed, list) else []
    return [str(cast("dict[str, Any]", one)["id"]) for one in entries if isinstance(one, dict) and "id" in one]


def _is_model(asked: str, listed: str) -> bool:
    return asked == listed or listed.split(":", 1)[0] == asked  # Ollama lists `llama3.2:latest`
