"""How people feel: what replies, reviews, posts and clients say, as a label, a score and a confidence.

`score` reads one text, `score_many` thousands a second; an engine of another kind (a transformer) answers the same
protocol, `SentimentEngine`.
"""

from marketmover.language.sentiment.engine import (
    LABELS,
    Label,
    Sentiment,
    SentimentEngine,
    from_probabilities,
    label_of,
)

__all__ = ["LABELS", "Label", "Sentiment", "SentimentEngine", "from_probabilities", "label_of"]
