"""Forms with boxes to tick: what was not ticked is not said."""

import re
from dataclasses import replace

from marketmover.campaigns.brief.lines import Line

_EMPTY = r"\u2610|\u25a1|\u274f|\u25a2|\[ ?\]|\( \)"
_TICKED = r"\u2611|\u2612|\u2705|\u2713|\u2714|\u25a0|\[[xXvV\u2713]\]|\([xX]\)"
_BOX = re.compile(rf"{_EMPTY}|{_TICKED}")
_NOT_TICKED = re.compile(rf"(?:{_EMPTY})(?:(?!{_EMPTY}|{_TICKED})[^\n;|])*")
_TASK = re.compile(r"^\s*[-*+] \[[ xX]\] ")


def ticked(lines: list[Line]) -> list[Line]:
    """The lines with blanks in place of boxes that are empty, and of what stands behind them, up to the next box.

    A list of tasks (`- [ ] write texts`) stays as it is.
    """
    boxes = [match.group() for line in lines for match in _BOX.finditer(line.text)]
    if not boxes or all(_TASK.match(line.text) for line in lines if _BOX.search(line.text)):
        return lines
    return [replace(line, text=_NOT_TICKED.sub(lambda one: " " * len(one.group()), line.text)) for line in lines]
