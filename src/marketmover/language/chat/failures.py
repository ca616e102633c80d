"""What can go wrong with a language model's endpoint, in words that name it and the remedy."""

from typing import ClassVar

from marketmover.errors import MarketmoverError


class ChatError(MarketmoverError):
    """The language model could not be asked, or gave no answer that can be used.

    Args:
        message: What is wrong, naming the endpoint; it never holds the key or the text that was sent.
        remedy: What to do about it.
        lasting: Whether asking again in this run would end alike (a wrong key, no such model, a limit reached).
        of_endpoint: Whether the endpoint failed, rather than the model in what it answered.
    """

    status: ClassVar[int] = 502

    def __init__(self, message: str, remedy: str = "", *, lasting: bool = False, of_endpoint: bool = True) -> None:
        super().__init__(message, remedy)
        self.lasting = lasting
        self.of_endpoint = of_endpoint


class NotSentError(ChatError):
    """The endpoint was not reached, or must not be: nothing was sent, and nothing can have been billed."""
