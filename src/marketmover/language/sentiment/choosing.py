"""Which engine answers: the one that a setting names, or the version that was promoted over it."""

from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.language.sentiment.engine import SentimentEngine

if TYPE_CHECKING:
    from marketmover.store import StoreOpener

DEFAULT = "default"


def engine_of(opener: "StoreOpener") -> SentimentEngine:
    """The engine in force in an installation, for commands; a home that is not there yet is not made for it.

    Raises:
        MarketmoverError: It cannot be opened; the message says why.
    """
    settings = opener.settings
    if not settings.home.is_dir():
        return load_engine(settings.sentiment_model, settings.model_threads)
    from marketmover.language.sentiment.tuning.versions import engine_in_force

    with opener.home() as stores:
        return engine_in_force(stores.files, settings.sentiment_model, settings.model_threads)


def load_engine(model: str = "", threads: int = 0) -> SentimentEngine:
    """Open an engine by its name in settings.

    Args:
        model: Empty or `default` for our own; else a folder, or `NAME@REVISION` on a model hub. A folder may hold a
            transformer, or what `marketmover sentiment train --out` wrote.
        threads: Of the processor, for a transformer; 0 takes all cores.

    Raises:
        MissingExtraError: It needs a package that is not installed.
        MarketmoverError: It cannot be found or opened; the message says why.
    """
    if model in {"", DEFAULT}:
        from marketmover.language.sentiment.default import DefaultEngine

        return DefaultEngine()
    from marketmover.language.hub import model_folder

    return open_folder(model_folder(model), model, threads)


def open_folder(folder: Path, name: str, threads: int = 0) -> SentimentEngine:
    """Open the engine in a folder: one that labels tuned, or a transformer."""
    from marketmover.language.sentiment.tuning import tuned

    if (folder / tuned.FILE).is_file():
        return tuned.TunedEngine.open(folder, load_engine(tuned.base_of(folder), threads), name)
    from marketmover.language.sentiment.transformer import TransformerEngine

    return TransformerEngine.open(folder, name, threads)
