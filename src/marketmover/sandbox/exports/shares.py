"""Search impression shares that follow from the truth: how much of what could be shown was, and why not the rest."""

from typing import NamedTuple

import numpy as np

from marketmover.sandbox.arrays import Floats
from marketmover.sandbox.models.auction_price import impressions
from marketmover.sandbox.models.delivery import deliver
from marketmover.sandbox.truth import Truth


class Shares(NamedTuple):
    """Shares of all impressions that the line could have had: shown, lost to budget, lost to rank; they add up to 1."""

    shown: Floats
    lost_to_budget: Floats
    lost_to_rank: Floats


def impression_shares(truth: Truth, place: int, budgets: Floats, rng: np.random.Generator) -> Shares:
    """Shares of one line by day under `budgets` of shape (days,).

    What an endless budget would show is the inventory; what the bid is too low for is lost to rank whatever is spent.
    """
    demand = truth.demand[place, : len(budgets)] ** truth.capacity_growth * truth.room[place, : len(budgets)]
    inventory = truth.inventory[place] * demand
    scale = truth.scale[place] * demand
    spend = deliver(budgets, inventory)
    price, steepness = truth.cpm[place], truth.price_elasticity[place]
    most = impressions(inventory, inventory / scale, price, steepness)
    had = np.clip(impressions(spend, spend / scale, price, steepness) / most, 0.0, 1.0)
    ranked = np.clip(truth.top_rank[place] + rng.normal(0.0, 0.03, len(budgets)), 0.3, 0.98)
    had = np.clip(had * np.exp(rng.normal(0.0, 0.04, len(budgets))), 0.0, 1.0)
    return Shares(had * ranked, (1.0 - had) * ranked, 1.0 - ranked)
