"""The replay of the past, judged by the truth: is what it says of splits that were never made true?

`python -m benchmarks.backtest [--seeds A-B] [--manager ordinary|good|both]`; the markets are simulated. The truth knows
what an advised split would have earned in each past stretch, so the replay's estimate and range can be held against it;
and so can its estimate of a harmful split (money moved from small lines to large ones), which it must not praise.
"""

import argparse
import time
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.figures import Figure, print_figures
from marketmover.campaigns.backtest import Backtest
from marketmover.campaigns.backtest import run as replay
from marketmover.campaigns.backtest.counted import Tally
from marketmover.campaigns.backtest.known import known_by_cutting
from marketmover.campaigns.backtest.replaying import judge
from marketmover.campaigns.backtest.report import WindowResult
from marketmover.campaigns.backtest.windows import Span
from marketmover.history import Panel
from marketmover.sandbox import Market, create_market
from marketmover.sandbox.judge import Case, choose_cases, read_seeds
from marketmover.sandbox.judge.markets import imported

Floats = NDArray[np.float64]
_CLEAR = 0.02  # gains below this are told from none by nobody
_SURE = 0.9  # from here on the replay says that a promise was too high
_HARM = 1.35  # budgets to this power: large lines get more, small ones less


@dataclass(frozen=True)
class Held:
    """An estimate of a gain (10th, 50th, 90th percentile) beside the truth."""

    low: float
    mid: float
    high: float
    truth: float

    @property
    def covered(self) -> bool:
        """Whether the range holds the truth."""
        return self.low <= self.truth <= self.high


@dataclass(frozen=True)
class Score:
    """One market: the replay, each stretch's gain, that of all together, and of a harmful split, beside the truth."""

    case: Case
    found: Backtest
    windows: list[Held]
    together: Held
    harmful: list[Held]
    seconds: float


def run(chosen: list[Case] | None = None) -> list[Figure]:
    """Replay each market's past and hold it against the truth, telling each market as it is done."""
    cases = chosen or choose_cases(range(41, 44))
    return _figures([_told(score(case)) for case in cases])


def score(case: Case) -> Score:
    """Replay one market's past."""
    made_up = create_market(case.lines, case.days, case.seed, case.family, case.manager)
    panel = imported(made_up)
    # Lines that have ended since ran in the past as well: the truth is asked of all.
    market = replace(made_up, lines=tuple(replace(line, last_day=case.days) for line in made_up.lines))
    started = time.process_time()
    found = replay(panel, known_by_cutting(panel), objective=market.main_metric)
    seconds = time.process_time() - started
    windows: list[Held] = []
    harmful: list[Held] = []
    sums = np.zeros(2)
    for one in found.windows:
        made = np.array([line.made for line in one.lines])
        advised, earned = (
            _truth(market, panel, one, split) for split in (np.array([line.advised for line in one.lines]), made)
        )
        sums += advised, earned
        windows.append(Held(one.gain.low, one.gain.mid, one.gain.high, advised / earned - 1.0))
        harmful.append(_harmful(market, panel, one, made, earned, found))
    gain = found.gain
    if gain is None:
        raise RuntimeError(f"{case.name}: {' '.join(found.notes)}")
    together = Held(gain.low, gain.mid, gain.high, float(sums[0] / sums[1]) - 1.0)
    return Score(case, found, windows, together, harmful, seconds)


def _truth(market: Market, panel: Panel, one: WindowResult, split: Floats) -> float:
    """What a split would have earned: each day's real money, split otherwise (as it was where `split` is what was)."""
    rows = [panel.line_ids.index(line.id) for line in one.lines]
    spent = panel.cost[rows, Span(one.start, one.end).columns(panel)]
    budgets = np.zeros((len(market.line_ids), spent.shape[1]))
    same = np.allclose(split, spent.sum(axis=1))
    daily = spent if same else split[:, None] / split.sum() * spent.sum(axis=0)
    for line, days in zip(one.lines, daily, strict=True):
        budgets[market.line_ids.index(line.id)] = days
    return market.evaluate(budgets, one.start, one.end).total(market.main_metric)


def _harmful(market: Market, panel: Panel, one: WindowResult, made: Floats, earned: float, found: Backtest) -> Held:
    split = made**_HARM
    split *= made.sum() / split.sum()
    rows = np.array([panel.line_ids.index(line.id) for line in one.lines])
    estimate = judge(panel, Tally.of(panel, found.metric), rows, Span(one.start, one.end), split, 0)
    low, mid, high = np.percentile(estimate.advised.sum(axis=1) / estimate.made.sum(axis=1) - 1.0, [10, 50, 90])
    return Held(float(low), float(mid), float(high), _truth(market, panel, one, split) / earned - 1.0)


def _told(one: Score) -> Score:
    together, forecast = one.together, one.found.forecast
    error = forecast.total_error if forecast else float("nan")
    print(
        f"{one.case.name}: truth {together.truth:+.1%}, found {together.mid:+.1%} ({together.low:+.1%} to "
        f"{together.high:+.1%}), {one.found.finding}; stretches covered {_cover(one.windows):.0%}; harmful split: "
        f"truth {np.mean([held.truth for held in one.harmful]):+.1%}, "
        f"found {np.mean([held.mid for held in one.harmful]):+.1%}; overlap {one.found.overlap or 0.0:.0%}; "
        f"forecast {error:.1%}; {one.seconds:.0f} s",
        flush=True,
    )
    return one


def _cover(held: list[Held]) -> float:
    return float(np.mean([one.covered for one in held]))


def _figures(scores: list[Score]) -> list[Figure]:
    windows = [held for one in scores for held in one.windows]
    harmful = [held for one in scores for held in one.harmful]
    together = [one.together for one in scores]
    clear = [held for held in windows if abs(held.truth) >= _CLEAR]
    claims = [one for one in scores if one.found.finding in ("better", "worse")]
    right = sum((one.found.finding == "better") == (one.together.truth > 0) for one in claims)
    blamed = [one for one in scores if (one.found.promised_too_much or 0.0) >= _SURE]
    rightly = sum((one.found.promised or 0.0) > one.together.truth for one in blamed)
    praised = sum(held.low > 0 and held.truth < 0 for held in harmful)
    held_together, cover = sum(one.covered for one in together), _cover(windows)
    bias = float(np.mean([one.mid - one.truth for one in together]))
    forecasts = [one.found.forecast for one in scores if one.found.forecast]
    return [
        Figure("stretches: 80% range of the gain holds the truth", f"{cover:.0%} of {len(windows)}", "76 to 88%",
               0.76 <= cover <= 0.88),
        Figure("markets: 80% range of the whole gain holds the truth", f"{held_together} of {len(scores)}"),
        Figure("whole gain, found less true: mean (mean absolute)",
               f"{bias:+.1%} ({np.mean([abs(one.mid - one.truth) for one in together]):.1%})", "within 5 points",
               abs(bias) <= 0.05),
        Figure("stretches with 2% or more to tell: right sign",
               f"{np.mean([(one.mid > 0) == (one.truth > 0) for one in clear]):.0%} of {len(clear)}" if clear else "-"),
        Figure("markets called better or worse: rightly so", f"{right} of {len(claims)}", "all", right == len(claims)),
        Figure("promises found too high: rightly so", f"{rightly} of {len(blamed)}"),
        Figure("harmful splits: range holds the truth; praised", f"{_cover(harmful):.0%}; {praised} of {len(harmful)}",
               "praised: none", praised == 0),
        Figure("forecast of the total, and the rule of the last weeks",
               f"{np.mean([one.total_error for one in forecasts]):.1%}, "
               f"{np.mean([one.total_error_by_last_weeks for one in forecasts]):.1%}"),
        Figure("forecast of lines, and the rule of the last weeks",
               f"{np.mean([one.line_error for one in forecasts]):.1%}, "
               f"{np.mean([one.line_error_by_last_weeks for one in forecasts]):.1%}"),
        Figure("a whole replay (s of CPU, median)", f"{np.median([one.seconds for one in scores]):.0f}"),
    ]  # fmt: skip


def main() -> None:
    """Read the command line and print the figures."""
    parser = argparse.ArgumentParser(description="The replay of the past, judged by the truth of simulated markets.")
    parser.add_argument("--seeds", default="41-43", help="A-B, both included")
    parser.add_argument("--manager", default="both", choices=["ordinary", "good", "both"])
    asked = parser.parse_args()
    cases = choose_cases(read_seeds(asked.seeds), asked.manager)
    print_figures("Replay (simulated markets)", run(cases))


if __name__ == "__main__":
    main()
