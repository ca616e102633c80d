"""How an installation reads briefs: by rules alone, or with its language model beside them."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from marketmover.campaigns.brief.reader import read_brief
from marketmover.plans import Brief

if TYPE_CHECKING:
    from marketmover.language import TextModel


class HasTextModel(Protocol):
    """What commands are handed, as far as it concerns a brief: the language model of an installation."""

    def text_model(self) -> "TextModel | None":
        """The model; `None` where none is set."""
        ...


def reader_of(installation: HasTextModel, *, no_model: bool = False) -> Callable[[str], Brief]:
    """How briefs are read here: by rules, and with the language model where the installation has one."""
    model = None if no_model else installation.text_model()
    if model is None:
        return read_brief
    from marketmover.campaigns.brief.with_model import read_with_model

    return partial(read_with_model, model=model)
