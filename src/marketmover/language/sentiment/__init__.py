"""How people feel: what replies, reviews, posts and clients say, as a label, a score and a confidence.

`score` reads one text, `score_many` thousands a second; an engine of another kind (a transformer) answers the same
protocol, `SentimentEngine`.
"""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.language.sentiment.choosing import engine_of, load_engine
    from marketmover.language.sentiment.default import DefaultEngine, score, score_many
    from marketmover.language.sentiment.engine import (
        LABELS,
        Label,
        Sentiment,
        SentimentEngine,
        from_probabilities,
        label_of,
    )
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "DefaultEngine": "default",
            "LABELS": "engine",
            "Label": "engine",
            "Sentiment": "engine",
            "SentimentEngine": "engine",
            "engine_of": "choosing",
            "from_probabilities": "engine",
            "label_of": "engine",
            "load_engine": "choosing",
            "score": "default",
            "score_many": "default",
        },
    )

__all__ = [
    "LABELS",
    "DefaultEngine",
    "Label",
    "Sentiment",
    "SentimentEngine",
    "engine_of",
    "from_probabilities",
    "label_of",
    "load_engine",
    "score",
    "score_many",
]
