"""A client's own words in, a brief out: each field by its own rules, with the words it rests on, and never a guess."""

from marketmover.campaigns.brief.explain import marked_text, readings, unsaid
from marketmover.campaigns.brief.loading import load_brief, load_text
from marketmover.campaigns.brief.reader import read_brief
from marketmover.campaigns.brief.with_model import read_with_model, reader_of

__all__ = ["load_brief", "load_text", "marked_text", "read_brief", "read_with_model", "reader_of", "readings", "unsaid"]
