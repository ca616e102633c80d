"""What other rooms ask for when they want a text read by a language model, wherever that runs."""

from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

F = TypeVar("F", bound=BaseModel)


@dataclass(frozen=True)
class Answer(Generic[F]):
    """A model's answer.

    Attributes:
        form: What of it fits the form.
        faults: What did not fit and was left out, each with its place; empty where all of it fits.
        micros: What it cost, in millionths of the operator's currency; 0 where no prices are set.
    """

    form: F
    faults: tuple[str, ...] = ()
    micros: int = 0


class TextModel(Protocol):
    """A language model that reads a text into a form. What it is given may leave the machine: mask it first."""

    @property
    def name(self) -> str:
        """The model and where it runs, for people."""
        ...

    def ask(self, instructions: str, text: str, form: type[F]) -> Answer[F]:
        """The model's answer to a text, in a form of which every field has a default.

        Raises:
            MarketmoverError: No answer came that can be used; the caller goes on without one.
        """
        ...
