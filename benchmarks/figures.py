"""A measured figure beside what it is held against, and how a run of them is printed."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["kept", "missed", "no limit"]


@dataclass(frozen=True)
class Figure:
    """One measured figure.

    Attributes:
        name: What was measured, with its unit.
        measured: The figure as it is to be read.
        beside: The limit or the peer's figure in the same run, as it is to be read; empty where there is none.
        kept: Whether the limit is kept, `None` where there is none.
    """

    name: str
    measured: str
    beside: str = ""
    kept: bool | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict in a word."""
        return "no limit" if self.kept is None else "kept" if self.kept else "missed"


def print_figures(title: str, figures: list[Figure]) -> None:
    """Print a run: how many limits are kept, then a plain table of figure, measured, limit or peer, verdict."""
    rows = [("figure", "measured", "limit or peer", ""), *((f.name, f.measured, f.beside, f.verdict) for f in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    print(f"\n{title}\n{in_a_line(figures)}")
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def in_a_line(figures: list[Figure]) -> str:
    """How many limits are kept, and which are not."""
    held = [figure for figure in figures if figure.kept is not None]
    missed = [figure.name for figure in held if not figure.kept]
    if not held:
        return "Nothing here has a limit."
    if not missed:
        return f"All limits are kept ({len(held)})."
    return f"{len(held) - len(missed)} of {len(held)} limits are kept; missed: {'; '.join(missed)}."
