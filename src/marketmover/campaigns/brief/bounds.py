"""Bounds of what is read: no text, however it is written, may take more than time in proportion to its length.

Where a line's marks end is looked for behind its blanks, so that long runs of them would take time in proportion to
their square. Sentences without an end are cut in `document`, for the same reason.
"""

import re

_BLANKS = re.compile(r"[^\S\n]{100,}")
_LINES = re.compile(r"(?:[^\S\n]{0,100}\n){20,}")


def squeezed(text: str) -> str:
    """Text with runs of blanks and of empty lines made short."""
    return _LINES.sub("\n" * 20, _BLANKS.sub(" " * 99, text))
