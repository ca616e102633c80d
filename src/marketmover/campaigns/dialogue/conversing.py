"""A brief with the rounds of answers that followed it, each read by the questions that were open then."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from marketmover.campaigns.brief import brief_of, read_brief
from marketmover.campaigns.dialogue.accounts import Accounts
from marketmover.campaigns.dialogue.answers import answered
from marketmover.campaigns.dialogue.questions import Question, ask
from marketmover.campaigns.dialogue.sources import Source
from marketmover.plans import Brief


@dataclass(frozen=True)
class Conversation:
    """What stands after all answers: the brief, what is still worth asking, and the texts with their words."""

    text: str
    brief: Brief
    sources: list[Source]
    today: date
    accounts: Accounts | None

    @cached_property
    def questions(self) -> list[Question]:
        """What is still worth asking; found when it is first wanted, since most want the brief alone."""
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
    for number, (file, reply) in enumerate(answers, start=1):
        before = brief
        brief = answered(brief, reply, ask(brief, words, today=today, accounts=accounts), file)
        new = {field: said for field, said in brief.evidence.items() if before.evidence.get(field) != said}
        title = "The answers" if len(answers) == 1 else f"The answers, round {number}"
        sources = [*(_without(source, new) for source in sources), Source(title, reply, new)]
    return Conversation(words, brief, sources, today, accounts)


def _without(source: Source, newer: dict[str, str]) -> Source:
    """A source whose words for some fields no longer count."""
    return Source(
        source.title, source.text, {name: said for name, said in source.evidence.items() if name not in newer}
    )
