"""Texts as requests may bring them: of bounded length, without what a database or a terminal would stumble over."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints


def _clean(text: str) -> str:
    """Refuse NUL, which PostgreSQL cannot hold, and lone surrogates, which nothing can encode."""
    if "\x00" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("it holds a character that cannot be kept (NUL, or half of a surrogate pair)")
    return text


Clean = Annotated[str, AfterValidator(_clean)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(_clean)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$")]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=200_000), AfterValidator(_clean)]
