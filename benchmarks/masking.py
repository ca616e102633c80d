"""Masking: how much planted personal data is found, and how much else is hidden with it, on our own texts.

The texts stand in `tests/language/planted/`, parted by `----`, with what is personal marked as `{{KIND:words}}`:
`development.txt` to look at and tune on, `test.txt` to measure, `sentences.txt` with single sentences that hold names,
or what looks like names. The people in them do not exist. When the test half was first read, 70% of its names, 94% of
its e-mails and other numbers and all addresses were found; after that, passwords may be said to be for something, and
a pattern for streets was narrowed that development had shown to be too wide.
Run it by `python -m benchmarks.masking [development|sentences] [--misses]`.
"""

import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.figures import Figure, print_figures
from marketmover.campaigns.brief import read_brief
from marketmover.language import mask

TEXTS = Path(__file__).parent.parent / "tests" / "language" / "planted"
_MARK = re.compile(r"\{\{([A-Z]+):([^}]*)\}\}")
_DIRECT = frozenset(("EMAIL", "PHONE", "ACCOUNT", "CARD", "SECRET", "MACHINE", "LINK", "HANDLE"))


@dataclass
class Result:
    """Planted and found by kind, words hidden that were not planted, and money, dates and ages still read as before."""

    texts: int = 0
    planted: dict[str, int] = field(default_factory=dict[str, int])
    found: dict[str, int] = field(default_factory=dict[str, int])
    hidden: int = 0
    needless: int = 0
    readings: int = 0
    kept: int = 0
    milliseconds: float = 0.0
    misses: list[str] = field(default_factory=list[str])

    def recall(self, kinds: frozenset[str]) -> float:
        """Share of the planted mentions of these kinds that do not stand in the masked text."""
        planted = sum(count for kind, count in self.planted.items() if kind in kinds)
        return sum(count for kind, count in self.found.items() if kind in kinds) / max(planted, 1)


def measure(half: str = "test") -> Result:
    """Mask every text of a half and compare with what was planted."""
    result = Result()
    texts = (TEXTS / f"{half}.txt").read_text(encoding="utf-8").split("\n----\n")
    mask("warm +1 202 555 0100 up")
    for marked in texts:
        _measure(marked, result)
    result.milliseconds /= result.texts
    return result


def _measure(marked: str, result: Result) -> None:
    planted: list[tuple[str, int, int]] = []
    plain = ""
    at = 0
    for match in _MARK.finditer(marked):
        plain += marked[at : match.start()]
        planted.append((match[1], len(plain), len(plain) + len(match[2])))
        plain += match[2]
        at = match.end()
    plain += marked[at:]
    began = time.perf_counter()
    masked = mask(plain)
    result.milliseconds += (time.perf_counter() - began) * 1000
    result.texts += 1
    hidden = _hidden(masked.text, masked.hidden)
    for kind, start, end in planted:
        covered = all(any(left <= place < right for left, right in hidden) for place in _letters(plain, start, end))
        result.planted[kind] = result.planted.get(kind, 0) + 1
        result.found[kind] = result.found.get(kind, 0) + covered
        result.misses += [] if covered else [f"missed {kind}: {plain[start:end]}"]
    for left, right in hidden:
        result.hidden += 1
        if not any(start < right and left < end for _, start, end in planted):
            result.needless += 1
            result.misses.append(f"hidden without need: {plain[left:right]}")
    _compare(plain, masked.text, result)


def _hidden(text: str, hidden: dict[str, str]) -> list[tuple[int, int]]:
    """Where the hidden stretches stand in the original."""
    places: list[tuple[int, int]] = []
    shift = 0
    for match in re.finditer("|".join(map(re.escape, hidden)) or r"(?!)", text):
        start = match.start() + shift
        places.append((start, start + len(hidden[match.group()])))
        shift += len(hidden[match.group()]) - len(match.group())
    return places


def _letters(text: str, start: int, end: int) -> list[int]:
    return [place for place in range(start, end) if text[place].isalnum()]


def _compare(plain: str, masked: str, result: Result) -> None:
    """Whether what a plan spends by is read from the masked text as from the plain one."""
    before, after = read_brief(plain), read_brief(masked)
    for name in ("budget", "start_date", "end_date", "duration_days", "targets"):
        if getattr(before, name):
            same = getattr(before, name) == getattr(after, name)
            result.readings += 1
            result.kept += same
            result.misses += [] if same else [f"{name} is read otherwise: {masked[:60]!r}"]


def run() -> list[Figure]:
    """The figures of the test half, each beside its limit."""
    return figures(measure())


def figures(result: Result) -> list[Figure]:
    """A result as figures."""
    direct, names = result.recall(_DIRECT), result.recall(frozenset(("PERSON",)))
    addresses = result.recall(frozenset(("ADDRESS",)))
    precision = 1 - result.needless / max(result.hidden, 1)
    kept = result.kept / max(result.readings, 1)
    planted = ", ".join(f"{count} {kind.lower()}" for kind, count in sorted(result.planted.items()))
    return [
        Figure("texts; planted", f"{result.texts}; {planted}"),
        Figure(
            "e-mails, phones, accounts, keys, links, handles found", f"{direct:.1%}", "at least 97%", direct >= 0.97
        ),
        Figure("street addresses and postcodes found", f"{addresses:.1%}", "at least 85%", addresses >= 0.85),
        Figure("names of people found", f"{names:.1%}", "at least 65%", names >= 0.65),
        Figure("of what was hidden, personal", f"{precision:.1%}", "at least 90%", precision >= 0.90),
        Figure("money, dates and targets read as before", f"{kept:.1%}", "100%", kept == 1.0),
        Figure("time a text, ms", f"{result.milliseconds:.1f}", "at most 50", result.milliseconds <= 50),
    ]


def main() -> None:
    """Print the figures; `--misses` lists what was missed and what was hidden without need."""
    half = "development" if "development" in sys.argv else "test"
    result = measure(half)
    print_figures(f"Masking of personal data, {half} half", figures(result))
    if "--misses" in sys.argv:
        print("\n".join(result.misses))


if __name__ == "__main__":
    main()
