"""Conversations on a terminal, in a pipe, or as JSON: the questions, the marked text, the brief."""

from marketmover.campaigns.brief import marked_text
from marketmover.campaigns.dialogue.conversing import Conversation
from marketmover.campaigns.dialogue.drafting import letter
from marketmover.console import is_terminal, print_json, print_text


def show_questions(conversation: Conversation, *, as_json: bool) -> None:
    """Print the questions: JSON, or the reply to send with the reasons beneath it."""
    questions = conversation.questions
    if as_json:
        print_json([question.model_dump(mode="json") for question in questions])
        return
    if not questions:
        print_text("Nothing needs asking: the brief says what the plan depends on.")
        return
    print_text(letter(questions, conversation.text, conversation.brief))
    print_text()
    print_text("Why these:")
    for one in questions:
        print_text(f"{one.id}. {one.field}: {one.why} Without an answer: {one.assumed}.")
        if one.choices:
            print_text(f"   Likely answers: {' / '.join(one.choices)}")


def show_marked(conversation: Conversation, name: str = "") -> None:
    """Print each text with what was understood marked, and the warnings beneath; `name` stands above it if given."""
    if name:
        print_text(f"== {name}")
    if not conversation.sources:
        print_text("A brief in JSON has no words to mark.")
    for source in conversation.sources:
        if len(conversation.sources) > 1:
            print_text(f"== {source.title}")
        read = conversation.brief.model_copy(update={"evidence": dict(source.evidence)})
        print_text(marked_text(source.text, read, colour=is_terminal()).rstrip("\n"))
    for warning in conversation.brief.warnings:
        print_text(f"! {warning}")
