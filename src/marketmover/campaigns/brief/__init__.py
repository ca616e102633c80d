"""A client's own words in, a brief out: each field by its own rules, with the words it rests on, and never a guess."""

from marketmover.campaigns.brief.explain import marked_text, marks, readings, unsaid
from marketmover.campaigns.brief.loading import brief_of, load_brief, load_text
from marketmover.campaigns.brief.named import mentioned_days, mentioned_places
from marketmover.campaigns.brief.reader import read_brief
from marketmover.campaigns.brief.with_model import read_with_model, reader_of

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
    "unsaid",
]
