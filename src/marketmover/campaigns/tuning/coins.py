"""Amounts in whole coins that add up, none beyond its largest step."""

import math
from collections.abc import Mapping

from marketmover.kit import from_cents, to_cents

_NEARLY = 1e-6


def in_coins(
    amounts: Mapping[str, float],
    steps: Mapping[str, tuple[float, float]],
    movable: set[str],
    total: int,
    coin: int,
) -> dict[str, float]:
    """Amounts in whole coins: lines that stay keep theirs, the others add up to what is left as far as steps let them.

    Args:
        amounts: In major units, by line.
        steps: The least and the most that each may get.
        movable: Lines that need not stay as they are.
        total: What all are to add up to, in coins.
        coin: Cents of a coin.
    """
    unit = 100.0 / coin
    still = {line: to_cents(amount) for line, amount in amounts.items() if line not in movable}
    exact = {line: amount * unit for line, amount in amounts.items() if line in movable}
    room = {line: _whole(steps[line], unit, exact[line]) for line in exact}
    coins = {line: min(max(int(own + _NEARLY), room[line][0]), room[line][1]) for line, own in exact.items()}
    over = total - sum(still.values()) // coin - sum(coins.values())
    step = 1 if over > 0 else -1
    while over:
        order = sorted(coins, key=lambda line: (amounts[line] <= 0, step * (coins[line] - exact[line])))
        able = [line for line in order if amounts[line] > 0 and room[line][0] <= coins[line] + step <= room[line][1]]
        if not able or abs(over) > 2 * len(amounts):  # more than rounding: there is no room
            break
        for line in able[: abs(over)]:
            coins[line] += step
        over = total - sum(still.values()) // coin - sum(coins.values())
    cents = still | {line: count * coin for line, count in coins.items()}
    return {line: from_cents(cents[line]) for line in amounts}


def _whole(step: tuple[float, float], unit: float, exact: float) -> tuple[int, int]:
    """The least and the most in whole coins; where no whole coin lies within, the nearest one."""
    low = math.ceil(step[0] * unit - _NEARLY)
    high = math.floor(step[1] * unit + _NEARLY)
    return (low, high) if low <= high else (round(exact), round(exact))
