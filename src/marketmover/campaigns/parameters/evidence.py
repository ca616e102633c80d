"""What a history holds on parameters, as cells: parts of lines, ads of lines, lines before and after changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.parameters.models.columns import Cell
from marketmover.campaigns.parameters.periods import Period
from marketmover.campaigns.parameters.settings import AGES, GENDERS, Values, message_of, with_interactions
from marketmover.campaigns.parameters.tide import Tide
from marketmover.history import AdText, Panel, Part

Floats = NDArray[np.float64]

_PEOPLE = ("age", "gender")
_Split = tuple[str, tuple[str, ...]]
"""A line, and what it is split by."""


@dataclass(frozen=True)
class Sources:
    """What cells are made of.

    Attributes:
        panel: The history.
        ads: Texts of all ads.
        parts: What parts of lines did.
        periods: Stretches of each line within which its settings stood, by line id.
        now: What each line has of each parameter today, by line id.
        groups: Ad id to what it says.
    """

    panel: Panel
    ads: Sequence[AdText]
    parts: Sequence[Part]
    periods: Mapping[str, Sequence[Period]]
    now: Mapping[str, Values]
    groups: Mapping[str, str]


def rate_cells(sources: Sources, tide: Tide, metric: str, counts: Floats) -> list[Cell]:
    """Cells of outcomes for spend.

    Args:
        sources: What is known.
        tide: What is due by spend and times.
        metric: `leads`, `sales` or `conversions`: what ads and breakdowns are counted by.
        counts: The same by line and day, shape (lines, days).
    """
    return [
        *_line_cells(sources, tide.due, counts),
        *_people_cells(sources, metric),
        *_ad_cells(sources, tide.due, metric),
    ]


def quality_cells(sources: Sources) -> list[Cell]:
    """Cells of qualified leads for leads that were decided on: lines and their periods."""
    panel = sources.panel
    return _line_cells(sources, panel.crm_decided, panel.crm_qualified) if panel.crm_decided.any() else []


def _line_cells(sources: Sources, due: Floats, counts: Floats) -> list[Cell]:
    """Each line's periods; lines are compared with each other, and a line's periods among themselves."""
    cells: list[Cell] = []
    for row, line in enumerate(sources.panel.lines):
        platform = {"platform": {line.platform: 1.0}, "line": {line.id: 1.0}}
        for period in sources.periods.get(line.id, ()):
            mine = slice(period.first, period.after)
            foretold = float(due[row, mine].sum())
            if foretold > 0:
                cells.append(
                    Cell(
                        "line",
                        None,
                        {**period.values, **period.stretches, **platform},
                        float(counts[row, mine].sum()),
                        foretold,
                    )
                )
    return cells


def _people_cells(sources: Sources, metric: str) -> list[Cell]:
    """Parts of a line by age and gender, each beside the others of the same line; what is undetermined is left out."""
    rows: dict[_Split, list[Part]] = defaultdict(list)
    for part in sources.parts:
        if part.line_id in sources.now and part.total("cost") > 0 and _is_known(part):
            rows[part.line_id, part.by].append(part)
    cells: list[Cell] = []
    for (line, by), parts in _told_apart(rows).items():
        message = {name: found for name, found in sources.now[line].items() if name in ("theme", "ad_type")}
        for part in parts:
            people = {name: {value: 1.0} for name, value in zip(by, part.values, strict=True)}
            own = {f"line {name}": {f"{line} {value}": 1.0} for name, value in zip(by, part.values, strict=True)}
            values = with_interactions({**message, **people})
            alone = {name: found for name, found in values.items() if name not in message}
            cells.append(Cell("people", f"{line} by {by}", {**alone, **own}, part.total(metric), part.total("cost")))
    return cells


def _is_known(part: Part) -> bool:
    """Whether a part is of people whose age or gender is known."""
    return set(part.by) <= set(_PEOPLE) and all(value in (*AGES, *GENDERS) for value in part.values)


def _told_apart(
    rows: Mapping[tuple[str, tuple[str, ...]], list[Part]],
) -> dict[tuple[str, tuple[str, ...]], list[Part]]:
    """Breakdowns of which at least two parts are known; of a line's joint and single ones the joint one alone."""
    joint = {line for line, by in rows if len(by) == 2}
    return {
        (line, by): parts
        for (line, by), parts in rows.items()
        if len(parts) > 1 and (len(by) == 2 or line not in joint)
    }


def _ad_cells(sources: Sources, due: Floats, metric: str) -> list[Cell]:
    """Ads beside the other ads of their line, each held against what its line's spend was due on its days."""
    texts = {ad.id: ad for ad in sources.ads if ad.id in sources.groups}
    by_line: dict[str, list[Part]] = defaultdict(list)
    for part in sources.parts:
        if part.by == ("ad",) and part.values[0] in texts and part.line_id in sources.now:
            by_line[part.line_id].append(part)
    rows = {line.id: row for row, line in enumerate(sources.panel.lines)}
    cells: list[Cell] = []
    for line, parts in by_line.items():
        beside = {name: sources.now[line][name] for name in ("ad_type", "age", "gender")}
        for part in parts if len(parts) > 1 else ():
            message = with_interactions({**message_of([texts[part.values[0]]], sources.groups), **beside})
            own = {name: found for name, found in message.items() if "theme" in name or name == "text"}
            foretold = _due_of(part, sources.panel, rows[line], due)
            if foretold > 0:
                cells.append(Cell("ad", f"{line} by ad", own, part.total(metric), foretold))
    return cells


def _due_of(part: Part, panel: Panel, row: int, due: Floats) -> float:
    """What a part's spend was due: each day its share of what its line was due."""
    days = np.isin(panel.dates, part.dates)
    cost = np.zeros(len(panel.dates))
    cost[np.searchsorted(panel.dates, part.dates)] = part.cost
    spent = panel.cost[row]
    share = np.divide(cost, spent, out=np.zeros_like(cost), where=days & (spent > 0))
    return float((due[row] * share).sum())
