"""One day of the market: budgets in, what they bring on average out, and the state that the next day starts from."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.models.auction_price import impressions
from marketmover.sandbox.models.carry_over import Adstock, carry
from marketmover.sandbox.models.delivery import deliver
from marketmover.sandbox.models.fatigue import freshness
from marketmover.sandbox.models.learning_phase import Learning, settle
from marketmover.sandbox.models.overlap import pressure
from marketmover.sandbox.models.quality import qualification_rate
from marketmover.sandbox.models.response import Curves
from marketmover.sandbox.truth import Truth


class State(NamedTuple):
    """What a day starts from, arrays of shape (..., lines): carry-over, exposure of the creative, learning."""

    stock: Adstock
    exposure: Floats
    learning: Learning


class Flow(NamedTuple):
    """What a day, or a run of days (a last axis more), brings on average, shape (..., lines)."""

    spend: Floats
    inventory: Floats
    impressions: Floats
    clicks: Floats
    conversions: Floats
    qualification: Floats


def blank(truth: Truth) -> State:
    """The state of lines that never ran, shape (lines,)."""
    zero = np.zeros(truth.lines)
    return State(Adstock(zero, zero), zero, Learning(zero, zero))


def settled(truth: Truth, budgets: Floats) -> State:
    """The state after running `budgets` for long at the first day's demand and prices.

    Carry-over is filled, creatives are half worn, nothing is learning.
    """
    inventory = truth.inventory * truth.demand[:, 0] ** truth.capacity_growth * truth.room[:, 0]
    bought = deliver(budgets, inventory) / truth.price[:, 0]
    half_worn = np.broadcast_to(0.5 * np.log(2.0) / np.maximum(truth.fatigue_rate, 1e-9), budgets.shape)
    return State(Adstock(bought, bought), half_worn, Learning(np.zeros_like(budgets), budgets))


def state_at(states: State, place: int) -> State:
    """One state out of states stacked on a first axis."""
    stock, exposure, learning = states
    return State(
        Adstock(stock.first[place], stock.second[place]),
        exposure[place],
        Learning(learning.unsettled[place], learning.usual_budget[place]),
    )


def stack_states(states: Sequence[State]) -> State:
    """States one after the other on a new first axis."""
    return State(
        Adstock(np.stack([state.stock.first for state in states]), np.stack([state.stock.second for state in states])),
        np.stack([state.exposure for state in states]),
        Learning(
            np.stack([state.learning.unsettled for state in states]),
            np.stack([state.learning.usual_budget for state in states]),
        ),
    )


def live_day(
    truth: Truth, curves: Curves, state: State, budgets: Floats, day: int, *, paced: Floats | float = 1.0
) -> tuple[State, Flow]:
    """One day under `budgets` of shape (..., lines).

    `paced` is what of its budget a platform tries to spend, shape (lines,): 1 unless pacing or delivery goes wrong.
    """
    demand, price = truth.demand[:, day], truth.price[:, day]
    capacity = demand**truth.capacity_growth * truth.room[:, day]
    inventory = truth.inventory * capacity
    spend = deliver(budgets * paced, inventory)
    bought = spend / price
    stock, effective = carry(state.stock, bought, truth.decay, truth.carried_share, truth.delayed)
    effort = effective / (truth.scale * capacity)
    exposure = np.where(truth.refresh[:, day], 0.0, state.exposure)
    fresh = freshness(exposure, truth.fatigue_rate, truth.fatigue_floor)
    learning = settle(state.learning, budgets, truth.learning_days, truth.retargeted[:, day])
    volume = curves.volume(effort) * fresh / pressure(effort, truth.overlap)
    volume = volume * (1.0 - truth.learning_loss * learning.unsettled)
    shown = impressions(spend, bought / (truth.scale * capacity), truth.cpm * price, truth.price_elasticity)
    flow = Flow(
        spend,
        np.broadcast_to(inventory, spend.shape),
        shown,
        shown * truth.click_rate * fresh**0.7,
        truth.yields * demand * truth.shock[:, day] * truth.appeal[:, day] * truth.room[:, day] * volume,
        qualification_rate(truth.qualification * truth.merit[:, day], truth.quality_drop, effort),
    )
    return State(stock, exposure + bought / truth.scale, learning), flow


def live(truth: Truth, state: State, budgets: Floats, first_day: int) -> tuple[list[State], Flow]:
    """Days on end under `budgets` of shape (..., lines, days), from `state` at the start of `first_day`.

    Returns:
        The state at the start of each day and one after the last; the flows, shape (..., lines, days).
    """
    curves = truth.curves
    states, flows = [state], list[Flow]()
    for offset in range(budgets.shape[-1]):
        state, flow = live_day(truth, curves, state, budgets[..., offset], first_day + offset)
        states.append(state)
        flows.append(flow)
    return states, Flow(*(np.stack(parts, axis=-1) for parts in zip(*flows, strict=True)))
