"""Limits that contradict each other, told by the names that the limits' file gives them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.allocation.units import Members
from marketmover.errors import InputError
from marketmover.kit import coin_of
from marketmover.plans import Limits, LineLimit

Floats = NDArray[np.float64]
_CENT = 0.01
_MOST_NAMED = 4


@dataclass(frozen=True)
class Limit:
    """One bound that somebody set: its name in the limits' file, and the money that it stands for."""

    name: str
    money: float


@dataclass(frozen=True)
class _Node:
    """A line, a campaign, a platform or the whole: what is asked of it, and what stands below it."""

    low: Limit | None
    high: Limit | None
    children: "Sequence[_Node]" = ()

    def least(self) -> list[Limit]:
        """The limits that together say what must be spent here."""
        below = [limit for child in self.children for limit in child.least()]
        return [self.low] if self.low is not None and self.low.money >= _sum(below) else below

    def most(self) -> list[Limit] | None:
        """The limits that together say what may be spent here; `None` where nothing does."""
        below: list[Limit] | None = [] if self.children else None
        for child in self.children:
            more = child.most()
            below = None if below is None or more is None else below + more
        if self.high is not None and (below is None or self.high.money <= _sum(below)):
            return [self.high]
        return below


def check_limits(
    members: Members, limits: Limits, total: float, changes: Mapping[str, tuple[float, float]], currency: str | None
) -> None:
    """Refuse limits that no split keeps, naming those that clash, with their sums.

    Args:
        members: Lines, with the campaign and platform of each.
        limits: What the person asks for.
        total: The sum to split.
        changes: Least and most of each line by `weekly_change`.
        currency: ISO 4217, for the words.

    Raises:
        InputError: Limits contradict each other, or the budget.
    """
    campaigns: dict[str, list[_Node]] = {}
    for line, campaign in zip(members.lines, members.campaigns, strict=True):
        low, high = _line_limits(line, limits, changes.get(line))
        if low is not None and high is not None and low.money > high.money + _CENT:
            raise _clash(f"{_told(low, currency)} is more than {_told(high, currency)}", "Loosen one of them.")
        campaigns.setdefault(campaign, []).append(_Node(low, high))
    platforms: dict[str, list[_Node]] = {}
    for campaign, platform in dict(zip(members.campaigns, members.platforms, strict=True)).items():
        node = _Node(*_own(f'campaigns."{campaign}"', limits.campaigns.get(campaign)), campaigns[campaign])
        _check(node, currency)
        platforms.setdefault(platform, []).append(node)
    for name, limit in limits.platforms.items():
        if limit.min_share and name not in platforms:
            raise _clash(
                f"platforms.{name}.min_share is {limit.min_share:g}, and no line of {name} takes part in the plan",
                "Take it out, or let a line of that platform take part.",
            )
    tops = [_platform(name, children, limits, total) for name, children in platforms.items()]
    for top in tops:
        _check(top, currency)
    _check_whole(_Node(None, None, tops), total, currency)


def _line_limits(line: str, limits: Limits, change: tuple[float, float] | None) -> tuple[Limit | None, Limit | None]:
    own = limits.lines.get(line)
    low, high = _own(f'lines."{line}"', own)
    if change is None or (own is not None and own.locked is not None):
        return low, high
    name = f"weekly_change {limits.weekly_change:g} of {line}"
    if low is None or change[0] > low.money:
        low = Limit(name, change[0])
    if high is None or change[1] < high.money:
        high = Limit(name, change[1])
    return low, high


def _own(name: str, limit: LineLimit | None) -> tuple[Limit | None, Limit | None]:
    if limit is None:
        return None, None
    if limit.locked is not None:
        return Limit(f"{name}.locked", limit.locked), Limit(f"{name}.locked", limit.locked)
    low = Limit(f"{name}.min", limit.min) if limit.min else None
    return low, None if limit.max is None else Limit(f"{name}.max", limit.max)


def _platform(name: str, children: Sequence[_Node], limits: Limits, total: float) -> _Node:
    limit = next((one for key, one in limits.platforms.items() if key == name), None)
    if limit is None:
        return _Node(None, None, children)
    shares = (("min_share", limit.min_share or None), ("max_share", limit.max_share))
    low, high = (
        None if share is None else Limit(f"platforms.{name}.{key} {share:g}", share * total) for key, share in shares
    )
    return _Node(low, high, children)


def _check(node: _Node, currency: str | None) -> None:
    below, above = _Node(None, None, node.children).least(), _Node(None, None, node.children).most()
    if node.high is not None and _sum(below) > node.high.money + _CENT:
        raise _clash(
            f"{_told(node.high, currency)} is less than {_listed(below, currency)}",
            "Raise the one, or lower the other.",
        )
    if node.low is not None and above is not None and _sum(above) < node.low.money - _CENT:
        raise _clash(
            f"{_told(node.low, currency)} is more than {_listed(above, currency)}",
            "Lower the one, or raise the other.",
        )


def _check_whole(whole: _Node, total: float, currency: str | None) -> None:
    least, most = whole.least(), whole.most()
    budget = _money(total, currency)
    if _sum(least) > total + _CENT:
        alone = max(least, key=lambda limit: limit.money)
        named = [alone] if alone.money > total + _CENT else least
        raise _clash(
            f"{_listed(named, currency)} {'is' if len(named) == 1 else 'are'} more than the budget of {budget}",
            f"Lower {'it' if len(named) == 1 else 'one of them'}, or raise the budget to "
            f"{_money(_sum(least), currency)} at least.",
        )
    if most is not None and _sum(most) < total - _CENT:
        raise _clash(
            f"{_listed(most, currency)} {'is' if len(most) == 1 else 'are'} less than the budget of {budget}, and "
            "nothing else may take the rest",
            f"Raise {'it' if len(most) == 1 else 'one of them'}, or lower the budget to "
            f"{_money(_sum(most), currency)}.",
        )


def _clash(what: str, remedy: str) -> InputError:
    return InputError(f"Limits contradict: {what}.", remedy)


def _sum(limits: Sequence[Limit]) -> float:
    return float(sum(limit.money for limit in limits))


def _listed(limits: Sequence[Limit], currency: str | None) -> str:
    told = [_told(limit, currency) for limit in sorted(limits, key=lambda limit: -limit.money)[:_MOST_NAMED]]
    more = [f"{len(limits) - _MOST_NAMED} more"] if len(limits) > _MOST_NAMED else []
    names = [*told, *more]
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}, together {_money(_sum(limits), currency)},"


def _told(limit: Limit, currency: str | None) -> str:
    return f"{limit.name} ({_money(limit.money, currency)})"


def _money(amount: float, currency: str | None) -> str:
    whole = coin_of(currency) > 1 or abs(amount - round(amount)) < _CENT / 2
    return f"{amount:,.{0 if whole else 2}f}{f' {currency}' if currency else ''}"
