"""What is new: evidence that is not the trouble that is known already, nor one of a kind that keeps coming back."""

import math
from typing import NamedTuple

from marketmover.monitoring.models.arithmetic import Arithmetic, Value
from marketmover.monitoring.models.parameters import Parameters

_SMALLEST_EVENT = 3.0
_BIN = math.log(1.1)
_BINS = 60


class News(NamedTuple):
    """What is left of evidence.

    Attributes:
        nats: Evidence of an event that is new, 0 where there is none.
        share: The evidence as a share of what new evidence must exceed, at most 1.
    """

    nats: Value
    share: Value


class Novelty:
    """Keeps one trouble one alarm.

    Evidence is an event only where it exceeds the strongest evidence of late, whose memory fades. Each earlier event as
    strong takes from it, `repeat` times log(1 + how many): what has come k times before in a series is no surprise.
    """

    def __init__(self, o: Arithmetic, p: Parameters) -> None:
        self._o, self._p = o, p
        self._strongest = o.full(p.first_strongest)
        self._events = o.table(_BINS)

    def step(self, nats: Value, seen: Value) -> News:
        """What is new in a row's evidence; then remember it."""
        o, p = self._o, self._p
        event = (nats > self._strongest) & (nats > _SMALLEST_EVENT) & (seen > 0)
        place = o.minimum(o.maximum(o.log(o.maximum(nats, 1e-9) / _SMALLEST_EVENT) / _BIN, 0.0), _BINS - 1.0)
        before = o.at_or_above(self._events, place, event)
        new = o.where(event, o.maximum(0.0, nats - p.repeat * o.log1p(before)), 0.0)
        share = o.minimum(1.0, nats / (self._strongest + 1e-9))
        fading = o.where(seen > 0, self._strongest * p.hold, self._strongest)
        self._strongest = o.where(seen > 0, o.maximum(nats, fading), fading)
        return News(new, share)
