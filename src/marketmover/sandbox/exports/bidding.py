"""The targets of bidding strategies as they stand in exports."""

from marketmover.sandbox.lines import Run
from marketmover.sandbox.market import Market
from marketmover.sandbox.models.bid_targets import TARGETED

_CAP_ABOVE = 1.3  # a cost cap lies so far above what a result costs at the line's own scale


def shown_target(market: Market, place: int, run: Run) -> float | None:
    """The target under which a line bids, in major units or as a return.

    One that was set in a live window, else, of a strategy that cannot be without, one near what the line pays. `None`
    for strategies without a target.
    """
    if run.target is not None and run.bidding in TARGETED:
        return run.target
    truth = market.truth
    price = float(truth.scale[place] / truth.yields[place])
    if run.bidding == "TARGET_CPA":
        return round(price, 0) or 1.0
    if run.bidding == "TARGET_ROAS":
        return round(float(truth.order_value[place]) / price, 1)
    return _CAP_ABOVE * price if run.bidding == "COST_CAP" else None
