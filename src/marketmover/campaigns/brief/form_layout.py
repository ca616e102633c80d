"""Forms whose labels stand above their answers, as contact forms send them by mail and as pages are copied."""

import re
from dataclasses import replace
from itertools import pairwise

from marketmover.campaigns.brief.labels import field_of
from marketmover.campaigns.brief.lines import Line

_LEAST_ANSWERS = 4
_LEAST_FIELDS = 3
_LABEL = re.compile(r"^[*_]{0,2}[^\W\d_][^\n:|.!;\t]{1,90}?[*_]{0,2}[?:*]{0,2}\s*\*?$")


def answered(lines: list[Line]) -> list[Line] | None:
    """The answers with the fields that their labels ask for, contact details left out; `None` where it is no form."""
    labels = _labels(lines)
    fields = {field_of(lines[at].text) for at in labels}
    filled = sum(bool(line.text.strip()) for line in lines)
    if len(labels) < _LEAST_ANSWERS or len(fields - {"", "contact"}) < _LEAST_FIELDS or 3.5 * len(labels) < filled:
        return None
    kept: list[Line] = []
    field = ""
    for at, line in enumerate(lines):
        if at in labels:
            field = field_of(line.text)
            kept += [_END_OF_ANSWER, *([] if field == "contact" else [_as_label(line, field)])]
        elif field != "contact" and line.text.strip():
            asked = bool(kept) and kept[-1].text.endswith((":", "?"))
            kept.append(replace(line, field=field, joined=asked, opens=not asked))
        elif line.text.strip() == "" and kept and not kept[-1].text.endswith((":", "?")):
            kept.append(line)
    return kept


_END_OF_ANSWER = Line(0, 0, "")


def _as_label(line: Line, field: str) -> Line:
    """The label as those are written whose answer stands beside them, so that its own words count: `monthly`, `USD`."""
    bare = line.text.rstrip(" *_:")
    return replace(line, text=bare if bare.endswith("?") else f"{bare}:", field=field, opens=True)


def _labels(lines: list[Line]) -> set[int]:
    """Where labels stand: short lines that ask for a field (or end as questions do), each with an answer beneath."""
    found: set[int] = set()
    filled = [at for at, line in enumerate(lines) if line.text.strip()]
    answers_next = False
    for at, following in pairwise(filled):
        if answers_next:
            answers_next = False
            continue
        text = lines[at].text.strip()
        if not _is_label(text) or (following > at + 1 and _is_label(lines[following].text.strip())):
            continue
        found.add(at)
        answers_next = True
    return found


def _is_label(text: str) -> bool:
    if not _LABEL.match(text[:110]) or len(text) > 100 or text.startswith(("#", "-")):
        return False
    words = len(text.split())
    return (field_of(text) != "" and words <= 8) or (text.endswith(("?", ":", "*")) and words <= 14)
