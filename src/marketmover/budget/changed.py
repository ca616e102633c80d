"""A response as it would be if lines were set otherwise: what parameters do to rates, and to the room that is left."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.response import Response

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LineChange:
    """What a change of settings does to one line.

    Attributes:
        by_stage: Draws of what is added to the log rate of a stage (`leads`, `qualified_leads`, ...), (draws,) each.
        room: Share of today's audience that is left; above 1 where it grows. At `room` times the spend a line has
            `room` times the outcomes, before what `by_stage` says.
    """

    by_stage: Mapping[str, Floats]
    room: float = 1.0


def with_changes(response: Response, changes: Mapping[str, LineChange]) -> Response:
    """The response with some lines set otherwise; the given one stays as it was.

    Raises:
        InputError: The response has no such line.
    """
    if not changes:
        return response
    rows = {line: response.row(line) for line in changes}
    room = np.ones(len(response.line_ids))
    for line, change in changes.items():
        room[rows[line]] = change.room
    roots = {chain[0] for chain in response.chains.values()}
    stages = dict(response.stages)
    for name, stage in response.stages.items():
        level = stage.level + (np.log(room) if name in roots else 0.0)
        for line, change in changes.items():
            if name in change.by_stage:
                level[:, rows[line]] += change.by_stage[name]
        stages[name] = replace(stage, level=level, carried=stage.carried / room)
    return replace(response, stages=stages, reference=response.reference * room)
