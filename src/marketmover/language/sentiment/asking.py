"""What was asked of the command: texts from a file or from the command line, and their answers."""

from collections.abc import Callable, Sequence
from pathlib import Path

from marketmover.errors import UsageError
from marketmover.language.sentiment.engine import Sentiment, SentimentEngine
from marketmover.language.sentiment.files import Texts, check_out, read_texts


def ask(
    file: str | None,
    given: Sequence[str],
    column: str | None,
    out: Path | None,
    engine: Callable[[], SentimentEngine],
) -> tuple[Texts, list[Sentiment]]:
    """The texts that were named, with an answer for each; the engine is opened once it is clear that it is needed.

    Raises:
        UsageError: Neither or both of a file and texts were given, or options that do not go together.
        InputError: The file cannot be used.
    """
    if (file is None) == (not given):
        raise UsageError(
            "sentiment needs a file or --text.", "Name one: a file, - for standard input, or --text '...'."
        )
    if given and column:
        raise UsageError("--column names a column of a file, and --text gives no file.", "Leave one of them out.")
    check_out(out)
    found = Texts(list(given)) if given else read_texts(file or "-", column)
    return found, engine().score_many(found.texts)
