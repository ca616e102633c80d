"""The range of a share whose cases come in groups that go together, such as the lines of one stretch."""

from collections.abc import Sequence

_Z = 1.959964


def share_range(groups: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """The 95% range of the share that held.

    Wilson's interval (1927) on as many cases as the groups are worth: where groups differ by more than chance within
    them explains, cases of one group are no separate witnesses (Kish's design effect, 1965). The quantile is Student's
    for that many groups.

    Args:
        groups: Of each group, how many held and how many cases it has.
    """
    held, n = sum(one for one, _ in groups), sum(size for _, size in groups)
    if n == 0:
        return 0.0, 1.0
    share = held / n
    worth = n / _design_effect(groups, share, n)
    z = _quantile(len(groups) - 1) if 1 < len(groups) < n else _Z
    middle, spread = share + z * z / (2.0 * worth), share * (1.0 - share) / worth + (z / (2.0 * worth)) ** 2
    reach, scale = z * max(spread, 0.0) ** 0.5, 1.0 + z * z / worth
    return max((middle - reach) / scale, 0.0), min((middle + reach) / scale, 1.0)


def _design_effect(groups: Sequence[tuple[float, int]], share: float, n: int) -> float:
    """How many cases stand for one; at least 1."""
    many, alone = len(groups), share * (1.0 - share) / n
    if many < 2 or alone <= 0.0 or many == n:
        return 1.0
    missed = sum((one - share * size) ** 2 for one, size in groups)
    return max(1.0, min(float(n), many / (many - 1.0) * missed / n**2 / alone))


def _quantile(degrees: int) -> float:
    """The 97.5% quantile of Student's t, by the expansion in 1 over degrees (Abramowitz and Stegun 26.7.5)."""
    z = _Z
    first = (z**3 + z) / 4.0
    second = (5.0 * z**5 + 16.0 * z**3 + 3.0 * z) / 96.0
    return z + first / degrees + second / degrees**2
