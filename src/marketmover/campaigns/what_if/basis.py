"""What forecasts of a plan rest on, kept beside it: the response under its settings and under today's, and the aim."""

import json
import struct
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from marketmover.budget import pack_responses, unpack_responses
from marketmover.errors import InputError, NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketmover.budget import Response
    from marketmover.campaigns.compose.advice import Advice

BASIS_FILE = "response.npz"
_LENGTH = struct.Struct(">I")
_KEPT_IN_MEMORY = 16  # plans; each takes a few megabytes


@dataclass(frozen=True)
class Aim:
    """What a plan is after.

    Attributes:
        objective: What is maximised.
        metric: The response's metric behind it.
        worth: What one of each counted metric is worth, where splits are compared.
        shown: Metrics that the plan states.
        margin: Profit per unit of revenue, where profit is the objective.
        today: Today's split at the plan's budget, in cents by line; the lines in the plan's order.
    """

    objective: str
    metric: str
    worth: dict[str, float]
    shown: list[str]
    margin: float | None
    today: dict[str, int]


@dataclass(frozen=True, eq=False)
class Basis:
    """What forecasts of a plan rest on: `response` under its settings, `before` under today's. One is only itself."""

    response: "Response"
    before: "Response"
    aim: Aim

    @classmethod
    def of(cls, advice: "Advice", margin: float | None) -> "Basis":
        """That of a plan just composed; `margin` as its limits have it."""
        from marketmover.campaigns.compose.advice import worth

        ratios = {"cost_per_lead", "cost_per_qualified_lead", "cost_per_acquisition", "roas", "profit"}
        aim = Aim(
            objective=advice.objective,
            metric=advice.metric,
            worth=worth(advice.weights, margin) if advice.weights else {advice.metric: 1.0},
            shown=[name for name in advice.expected.total if name not in ratios],
            margin=margin if advice.objective == "profit" else None,
            today={line: advice.today.cents[line] for line in advice.split},
        )
        return cls(advice.response, advice.before, aim)

    def packed(self) -> bytes:
        """As a file's content."""
        head = json.dumps(asdict(self.aim)).encode()
        return _LENGTH.pack(len(head)) + head + pack_responses([self.response, self.before])


def read_basis(folder: Path) -> Basis:
    """What forecasts of the plan in a folder rest on; it stays in memory for the next time.

    Raises:
        NotFoundError: It was not kept: plans in the home have it.
        InputError: It cannot be read.
    """
    file = folder / BASIS_FILE
    try:
        told = file.stat()
    except OSError as error:
        raise NotFoundError(
            "What this plan's forecast rests on was not kept, so nothing else can be tried on it.",
            "Compose it anew in the home: `marketmover compose` without --out, or POST /v1/plans.",
        ) from error
    return _read(file, told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=_KEPT_IN_MEMORY)
def _read(file: Path, changed_ns: int, size: int) -> Basis:
    del changed_ns, size  # they tell one content of the file from the next
    content = file.read_bytes()
    try:
        (length,) = _LENGTH.unpack_from(content)
        head: Mapping[str, object] = json.loads(content[_LENGTH.size : _LENGTH.size + length])
        aim = Aim(**head)  # pyright: ignore[reportArgumentType] - what is not an aim is told below
    except (struct.error, ValueError, TypeError) as error:
        raise InputError(f"{file.name} of the plan cannot be read.", "Compose the plan anew.") from error
    response, before = unpack_responses(content[_LENGTH.size + length :])
    return Basis(response, before, aim)
