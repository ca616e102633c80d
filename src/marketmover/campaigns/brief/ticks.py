"""Forms with boxes to tick: what was not ticked is not said."""

import re
from dataclasses import replace

from marketmover.campaigns.brief.labels import field_of
from marketmover.campaigns.brief.lines import Line

_EMPTY = r"\u2610|\u25a1|\u274f|\u25a2|\[ ?\]|\( \)"
_TICKED = r"\u2611|\u2612|\u2705|\u2713|\u2714|\u25a0|\[[xXvV\u2713]\]|\([xX]\)"
_BOX = re.compile(rf"{_EMPTY}|{_TICKED}")
_NOT_TICKED = re.compile(rf"(?:{_EMPTY})(?:(?!{_EMPTY}|{_TICKED})[^\n;|])*")
_TASK = re.compile(r"^\s*[-*+] \[[ xX]\] ")


def ticked(lines: list[Line]) -> list[Line]:
    """The lines with blanks in place of boxes that are empty, and of what stands behind them, up to the next box.

    A list of tasks (`- [ ] write texts`) stays as it is, unless it stands beneath a question (`Platforms:`).
    """
    if not any(_BOX.search(line.text) for line in lines) or _are_tasks(lines):
        return lines
    return [replace(line, text=_NOT_TICKED.sub(lambda one: " " * len(one.group()), line.text)) for line in lines]


def _are_tasks(lines: list[Line]) -> bool:
    """Whether all boxes are those of a list of things to do, rather than of answers to choose from."""
    asked = ""
    for line in lines:
        if not _BOX.search(line.text):
            asked = line.text if line.text.strip() else asked
        elif not _TASK.match(line.text) or field_of(asked) not in ("", "contact"):
            return False
    return True
