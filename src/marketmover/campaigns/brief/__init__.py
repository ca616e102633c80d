"""A client's own words in, a brief out: each field by its own rules, with the words it rests on, and never a guess."""

from typing import TYPE_CHECKING

from marketmover.kit import on_demand

if TYPE_CHECKING:
    from marketmover.campaigns.brief.explain import marked_text, marks, readings, unsaid
    from marketmover.campaigns.brief.loading import brief_of, load_brief, load_text, text_of_file
    from marketmover.campaigns.brief.named import mentioned_days, mentioned_places
    from marketmover.campaigns.brief.reader import read_brief
    from marketmover.campaigns.brief.readers import reader_of
    from marketmover.campaigns.brief.with_model import read_with_model
else:
    __getattr__, __dir__ = on_demand(
        __name__,
        {
            "brief_of": "loading",
            "load_brief": "loading",
            "load_text": "loading",
            "marked_text": "explain",
            "marks": "explain",
            "mentioned_days": "named",
            "mentioned_places": "named",
            "read_brief": "reader",
            "read_with_model": "with_model",
            "reader_of": "readers",
            "readings": "explain",
            "text_of_file": "loading",
            "unsaid": "explain",
        },
    )

__all__ = [
    "brief_of",
    "load_brief",
    "load_text",
    "marked_text",
    "marks",
    "mentioned_days",
    "mentioned_places",
    "read_brief",
    "read_with_model",
    "reader_of",
    "readings",
    "text_of_file",
    "unsaid",
]
