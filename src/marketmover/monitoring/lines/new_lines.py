"""Which lines of the exports the new lines of a plan have become."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from marketmover.plans import Plan as PlanForm


class Named(Protocol):
    """What is known of a line in the exports: `marketmover.history.Line`, or what is kept of one."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def platform(self) -> str:
        """Its platform."""
        ...

    @property
    def ad_type(self) -> str:
        """Its kind of ad."""
        ...

    @property
    def name(self) -> str:
        """Its name on the platform."""
        ...


@dataclass(frozen=True)
class NewLine:
    """A line that a plan opens: its id in the plan, its kind, and the mark in the names of what is created for it.

    `older_mark` is what plans wrote that were composed before marks told two plans of one day apart.
    """

    id: str
    platform: str
    ad_type: str
    mark: str
    older_mark: str = ""


def new_lines_of(plan: PlanForm) -> tuple[NewLine, ...]:
    """The lines that a plan opens."""
    return tuple(
        NewLine(line.id, line.platform, line.ad_type, plan.mark_of(line), f"[{line.id} {plan.start_date}]")
        for line in plan.lines
        if line.is_new
    )


def named_lines(new: Sequence[NewLine], lines: Sequence[Named], before: Iterable[str]) -> dict[str, str]:
    """Ids in the exports by ids in the plan, of the new lines that can be found.

    By the mark in their names, or an older plan's; else, among lines that the history does not know, the first of the
    same platform and kind of ad, and last of the same platform.

    Args:
        new: What the plan opens.
        lines: Those in the live exports.
        before: Ids of the lines in the history.
    """
    known = set(before)
    fresh = [line for line in lines if line.id not in known]
    found: dict[str, str] = {}
    for closeness in range(4):
        for asked in new:
            fits = [line.id for line in fresh if line.id not in found.values() and _fits(asked, line, closeness)]
            if asked.id not in found and fits:
                found[asked.id] = fits[0]
    return found


def _fits(asked: NewLine, line: Named, closeness: int) -> bool:
    """By mark, by older mark, by kind, by platform alone; a name that bears another line's mark is that line's."""
    if line.platform != asked.platform:
        return False
    if closeness == 0:
        return asked.mark in line.name
    if closeness == 1:
        return bool(asked.older_mark) and asked.older_mark in line.name
    others = f"{asked.mark.rpartition(':')[0]}:"
    return others not in line.name and (closeness == 3 or line.ad_type == asked.ad_type)
