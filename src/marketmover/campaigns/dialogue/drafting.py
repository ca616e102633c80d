"""The questions as a reply to the client, ready to paste."""

from collections.abc import Sequence

from marketmover.campaigns.dialogue.manner import Manner, manner_of
from marketmover.campaigns.dialogue.questions import Question
from marketmover.plans import Brief

_NUMBERS = ("", "one", "two", "three", "four", "five")


def letter(questions: Sequence[Question], text: str, brief: Brief) -> str:
    """A reply in the manner of `text`: each question with what is planned where it goes unanswered."""
    manner = manner_of(text, brief.budget.currency if brief.budget else None)
    parts = [manner.greeting] if manner.greeting else []
    parts.append(_opening(len(questions), manner))
    parts += [f"{one.id}. {one.question}\n   {_assumed(one, manner)}" for one in questions]
    return "\n\n".join([*parts, *([manner.closing] if manner.closing else [])])


def _opening(many: int, manner: Manner) -> str:
    number = _NUMBERS[many]
    noun = "question" if many == 1 else "questions"
    if manner.formal:
        it = "it" if many == 1 else "them"
        return (
            f"Thank you for your brief. Before we plan, may we ask {number} {noun}? Should you be unable "
            f"to answer {it}, we"
            " would proceed as noted beneath."
        )
    quick = (
        f"{number.capitalize()} quick {noun}"
        if manner.terse
        else f"Thanks for the brief! {number.capitalize()} quick {noun}"
    )
    return f"{quick} before we plan:"


def _assumed(question: Question, manner: Manner) -> str:
    if question.assumed.startswith("without"):
        return f"({question.assumed[:1].upper()}{question.assumed[1:]}.)"
    if manner.formal:
        return f"(Without an answer we would assume: {question.assumed}.)"
    return f"(Otherwise we'll go with {question.assumed}.)"
