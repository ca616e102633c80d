"""A brief with the rounds of answers that followed it, each read by the questions that were open then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from marketmover.campaigns.brief import brief_of, read_brief
from marketmover.campaigns.dialogue.accounts import Accounts
from marketmover.campaigns.dialogue.sources import Source
from marketmover.plans import Brief

if TYPE_CHECKING:
    from marketmover.campaigns.dialogue.questions import Question


@dataclass(frozen=True)
class Conversation:
    """What stands after all answers: the brief, what is still worth asking, and the texts with their words."""

    text: str
    brief: Brief
    sources: list[Source]
    today: date
    accounts: Accounts | None

    @cached_property
    def questions(self) -> "list[Question]":
        """What is still worth asking; found when it is first wanted, since most want the brief alone."""
        from marketmover.campaigns.dialogue.questions import ask

        return ask(self.brief, self.text, today=self.today, accounts=self.accounts)


def converse(
    text: str,
    name: str,
    answers: Sequence[tuple[str, str]] = (),
    *,
    today: date,
    accounts: Accounts | None = None,
    read: Callable[[str], Brief] = read_brief,
) -> Conversation:
    """Read a client's text (or a brief in JSON), then the answers in order.

    Args:
        text: What the client wrote, or a brief as `marketmover brief --json` prints it.
        name: What `text` is called in messages and on the page.
        answers: Names and texts of the files with answers, in the order they came.
        today: Dates that are suggested lie after it.
        accounts: What the history says.
        read: How the client's text is read; answers are read by rules, question by question.

    Raises:
        InputError: JSON that is no brief, or answers that cannot be used.
    """
    brief = brief_of(text, name, read)
    words = "" if text.lstrip().startswith("{") else text
    sources = [Source("What the client wrote", words, brief.evidence)] if words else []
    read_so_far = Conversation(words, brief, sources, today, accounts)
    for number, (file, reply) in enumerate(answers, start=1):
        title = "The answers" if len(answers) == 1 else f"The answers, round {number}"
        read_so_far = _answered(read_so_far, file, reply, title)
    return read_so_far


def _answered(asked: Conversation, file: str, reply: str, title: str) -> Conversation:
    """A conversation after one more round of answers."""
    from marketmover.campaigns.dialogue.answers import answered

    brief = answered(asked.brief, reply, asked.questions, file)
    new = {field: said for field, said in brief.evidence.items() if asked.brief.evidence.get(field) != said}
    sources = [*(_without(source, new) for source in asked.sources), Source(title, reply, new)]
    return replace(asked, brief=brief, sources=sources)


def _without(source: Source, newer: dict[str, str]) -> Source:
    """A source whose words for some fields no longer count."""
    return Source(
        source.title, source.text, {name: said for name, said in source.evidence.items() if name not in newer}
    )
