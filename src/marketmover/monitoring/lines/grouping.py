"""Which finding a further line's trouble belongs to: one trouble is one finding."""

from collections.abc import Sequence

from marketmover.monitoring.lines.finding import Finding, What

TOGETHER = 3
"""Days between the beginnings of one trouble on several lines."""

MANY = 3
"""Lines of a platform in the same trouble from which on it is the platform's, not the lines'."""

_FEWER: set[What] = {"conversion_rate", "tracking"}  # fewer conversions, whatever they are called
_AGAIN = 7  # days within which what comes back is the same trouble, that had not gone


def former(findings: Sequence[Finding], what: What, direction: int, row: int, column: int) -> Finding | None:
    """The finding on a line that seemed over and was not."""
    for one in reversed(findings):
        alike = one.direction == direction and (one.what == what or {one.what, what} == _FEWER) and row in one.resolved
        if alike and column - one.resolved[row] <= _AGAIN:
            return one
    return None


def same(
    findings: Sequence[Finding], what: What, direction: int, platform: str, column: int, begun: int
) -> Finding | None:
    """The open finding that a further line with the same trouble belongs to."""
    for one in findings:
        alike = (one.what, one.direction, one.platform) == (what, direction, platform)
        if alike and one.closed is None and abs(one.began - begun) <= TOGETHER and column - one.opened <= 2 * TOGETHER:
            return one
    return None


def uncounted_too(findings: Sequence[Finding], platform: str, column: int, begun: int) -> Finding | None:
    """The open finding on conversions of many lines of a platform, which a further line belongs to."""
    for one in reversed(findings):
        alike = one.what in {"tracking", "conversion_rate"} and one.platform == platform and len(one.onsets) >= MANY
        lasts = one.closed is None or column - one.closed <= TOGETHER
        if alike and lasts and one.direction < 0 and begun >= one.began - TOGETHER:
            return one
    return None


def stopped_too(findings: Sequence[Finding], platform: str, column: int) -> Finding | None:
    """The open finding on many lines of a platform that stopped a few days ago: a straggler is no second trouble."""
    for one in findings:
        many = one.what == "delivery" and one.platform == platform and len(one.onsets) >= MANY
        if many and one.closed is None and column - one.opened <= TOGETHER:
            return one
    return None
