"""Returns by campaign type held against the truth of simulated markets: the response model beside the regression.

`python -m benchmarks.returns [--seeds A-B] [--lines N] [--days N]`. Of each type that has money: what one result costs
on average and what the next one costs over the 28 days after the history, at the spend of its last 28 days. Errors are
of logarithms, so that 25% means a factor of 1.25 or 0.8.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from benchmarks.figures import Figure, print_figures
from marketmover.campaigns.returns import read_returns
from marketmover.history import Panel
from marketmover.plans import Range, TypeReturn
from marketmover.sandbox import Market, create_market
from marketmover.sandbox.judge import read_seeds
from marketmover.sandbox.judge.markets import imported

_DAYS = 28
_STEP = 0.05
_WAYS = ("model", "regression")


def run(seeds: Sequence[int] = range(1, 9), lines: int = 10, days: int = 500) -> list[Figure]:
    """Judge both ways on markets of these seeds."""
    errors: dict[tuple[str, str], list[float]] = defaultdict(list)
    held: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for seed in seeds:
        market = create_market(lines, days, seed)
        panel = imported(market)
        metric = market.main_metric
        for kind in read_returns(panel, metric=metric, seed=seed).types:
            truth = _truth(market, panel, kind, metric)
            for way, which, span in _estimates(kind, metric):
                if truth[which] > 0:
                    errors[way, which].append(abs(float(np.log(max(span.mid, 1e-9) / truth[which]))))
                    held[way, which].append(span.low <= truth[which] <= span.high)
    return [
        Figure(
            f"{which} return, {way}: median error; 80% ranges hold ({len(errors[way, which])} types)",
            f"{np.expm1(np.median(errors[way, which])):.0%}; {np.mean(held[way, which]):.0%}",
        )
        for which in ("average", "marginal")
        for way in _WAYS
    ]


def _truth(market: Market, panel: Panel, kind: TypeReturn, metric: str) -> dict[str, float]:
    own = [line.id for line in panel.lines if (line.platform, line.ad_type) == (kind.platform, kind.ad_type)]
    spend = dict(zip(panel.line_ids, panel.cost[:, -_DAYS:].sum(axis=1) / _DAYS, strict=True))
    start = market.last_date + timedelta(days=1)
    end = start + timedelta(days=_DAYS - 1)
    known = {line: float(daily) for line, daily in spend.items() if line in market.line_ids}
    more = {line: daily * (1 + _STEP) for line, daily in known.items()}
    before, after = (market.evaluate(plan, start, end) for plan in (known, more))
    own = [line for line in own if line in known]
    media = sum(known[line] for line in own) * _DAYS
    brought, grown = (sum(outcome.line(line, metric) for line in own) for outcome in (before, after))
    return {"average": brought / media, "marginal": (grown - brought) / (_STEP * media)} if media > 0 else {
        "average": 0.0, "marginal": 0.0
    }  # fmt: skip


def _estimates(kind: TypeReturn, metric: str) -> list[tuple[str, str, Range]]:
    return [
        (one.method, which, getattr(one, which))
        for one in kind.estimates
        if one.metric == metric and one.budgets == "present"
        for which in ("average", "marginal")
    ]


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description="Returns by campaign type, held against the truth.")
    parser.add_argument("--seeds", default="1-8", help="A-B, both included")
    parser.add_argument("--lines", type=int, default=10, help="budget lines")
    parser.add_argument("--days", type=int, default=500, help="length of the histories")
    asked = parser.parse_args()
    print_figures("Returns by type (simulated markets)", run(read_seeds(asked.seeds), asked.lines, asked.days))


if __name__ == "__main__":
    main()
