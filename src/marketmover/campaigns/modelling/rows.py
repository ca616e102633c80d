"""From a history to examples: one row a line and stretch, of what was known before it and what was spent in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from marketmover.campaigns.backtest import Tally
from marketmover.campaigns.modelling.parameters import parameters
from marketmover.campaigns.modelling.past import Past
from marketmover.campaigns.modelling.season import season
from marketmover.history import AdText, Panel
from marketmover.learning import Examples

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_LEAST_OFFSET = 0.01


@dataclass(frozen=True)
class Rows:
    """Examples with the panel's row of each one's line."""

    examples: Examples
    lines: Integers


@dataclass(frozen=True)
class _Block:
    """One origin: columns, offset and counts by line, and the lines that make a row."""

    origin: int
    columns: dict[str, Floats]
    offset: Floats
    counted: Floats
    chosen: Integers


def rows_of(
    panel: Panel, ads: Sequence[AdText], tally: Tally, origins: Sequence[int], length: int, past: Past | None = None
) -> Rows:
    """Rows of every line that ran on at least half of the days of a stretch, where there was any spend before it.

    Args:
        panel: The history.
        ads: Its ads.
        tally: What it counted of the outcome.
        origins: Places in the panel of the days on which forecasts are made; the stretch begins the day after.
        length: Days of a stretch; all of them lie in the panel.
        past: What was known by then; without it the panel as it is now.
    """
    past = Past.of(panel, tally) if past is None else past
    fixed = parameters(panel.lines, ads)
    calendar = season(panel.dates, panel.holidays_country)
    weekend = ((panel.dates.astype("datetime64[D]").astype(np.int64) + 3) % 7) >= 5
    blocks: list[_Block] = []
    for origin in origins:
        if past.fading["due_cost"][:, origin + 1].sum() <= 0:
            continue  # nothing was known yet that a rate could be told from
        stretch = slice(origin + 1, origin + 1 + length)
        cost = panel.cost[:, stretch]
        chosen = np.flatnonzero((cost > 0).sum(axis=1) * 2 >= length).astype(np.int64)
        spent = cost.sum(axis=1)
        columns = past.known(origin, length) | _spending(past, cost, weekend[stretch], origin)
        columns |= {name: np.full(len(spent), values[stretch].mean()) for name, values in calendar.items()}
        offset = np.maximum(spent * past.rate(origin), _LEAST_OFFSET)
        blocks.append(_Block(origin, columns | fixed, offset, tally.counts[:, stretch].sum(axis=1), chosen))
    return _joined(blocks, length + tally.settling)


def _spending(past: Past, cost: Floats, weekend: NDArray[np.bool_], origin: int) -> dict[str, Floats]:
    """How the stretch's money stands to what was spent before."""
    spent, length = cost.sum(axis=1), cost.shape[1]
    before = past.between("cost", origin - 27, origin + 1) * length / 28.0
    least = 0.02 * float(spent.mean()) + 1e-9
    logs = np.log(spent + least)
    kin = np.array([logs[past.platform == one].mean() for one in past.platform])
    every = np.log((spent.sum() + least) / (before.sum() + least))
    return {
        "spend_change": np.clip(np.log((spent + least) / (before + least)), -3.0, 3.0),
        "spend_change_of_account": np.full(len(spent), np.clip(every, -3.0, 3.0)),
        "spend_size": logs - kin,
        "new_line": (before <= 0) * 1.0,
        "days_on": (cost > 0).mean(axis=1),
        "weekend_spend": cost[:, weekend].sum(axis=1) / np.maximum(spent, 1e-9),
    }


def _joined(blocks: Sequence[_Block], until_known: int) -> Rows:
    names = tuple(blocks[0].columns) if blocks else ()
    features = [np.stack([block.columns[name][block.chosen] for name in names], axis=1) for block in blocks]
    chosen = [block.chosen for block in blocks]
    made_at = _end_to_end([np.full(len(block.chosen), block.origin, dtype=np.float64) for block in blocks])
    examples = Examples(
        features=np.concatenate(features) if features else np.zeros((0, 0)),
        names=names,
        target=_end_to_end([np.maximum(block.counted, 0.0)[block.chosen] for block in blocks]),
        offset=_end_to_end([block.offset[block.chosen] for block in blocks]),
        made_at=made_at.astype(np.int64),
        known_at=(made_at + until_known).astype(np.int64),
    )
    return Rows(examples, np.concatenate(chosen) if chosen else np.zeros(0, dtype=np.int64))


def _end_to_end(parts: Sequence[Floats]) -> Floats:
    return np.concatenate(parts) if parts else np.zeros(0)
