"""Whether registered models still hold: their forecasts for the weeks since, against cross-validation."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from marketmover.campaigns.backtest import KnownThen, Tally, known_by_lake
from marketmover.campaigns.modelling.as_known import past_as_known
from marketmover.campaigns.modelling.comparing import OUTCOMES
from marketmover.campaigns.modelling.report import CheckedModel
from marketmover.campaigns.modelling.rows import rows_of
from marketmover.campaigns.modelling.structural import STRUCTURAL, foretell
from marketmover.errors import NotFoundError
from marketmover.history import AdText, Panel, load_creatives, load_panel
from marketmover.learning import FoldScore, Forecast, Stack, Tracker, fitted_from_json, still_holds
from marketmover.store import Lake


def check(lake: Lake, tracker: Tracker, *, as_of: date | None = None) -> list[CheckedModel]:
    """Check the newest version of each outcome's model on a history that has gone on since.

    Raises:
        NotFoundError: No model was registered yet.
    """
    panel = load_panel(lake, as_of=as_of)
    return check_panel(panel, known_by_lake(lake, panel.currency), load_creatives(lake, as_of=as_of), tracker)


def check_panel(panel: Panel, known: KnownThen, ads: Sequence[AdText], tracker: Tracker) -> list[CheckedModel]:
    """The same on a panel; `known` says what was known of it on a day."""
    versions = [found for outcome in OUTCOMES if (found := tracker.newest(outcome)) is not None]
    if not versions:
        raise NotFoundError("No model was registered yet.", "Run: marketmover models compare")
    return [_checked(panel, known, ads, version.number, version.content) for version in versions]


def _checked(
    panel: Panel, known: KnownThen, ads: Sequence[AdText], number: int, content: dict[str, Any]
) -> CheckedModel:
    outcome, length = str(content["outcome"]), 7 * int(content["weeks"])
    since = date.fromisoformat(content["last_date"])
    tally = Tally.of(panel, outcome)
    origins = fresh_origins(panel, since, length, tally.settling)
    scores = [score for origin in origins if (score := _fold(panel, known, ads, tally, origin, content)) is not None]
    validation = [FoldScore(**fold) for fold in content["validation"]]
    return CheckedModel(
        outcome=outcome,
        version=number,
        kind=str(content["kind"]),
        weeks=int(content["weeks"]),
        since=since,
        check=still_holds(scores, validation) if scores else None,
        ready_on=None if scores else since + timedelta(days=length + tally.settling),
    )


def fresh_origins(panel: Panel, since: date, length: int, settling: int) -> list[int]:
    """Places of the evenings before each stretch after `since` that is known in full by now."""
    if not len(panel.dates):
        return []
    first = int((np.datetime64(since) - panel.dates[0]).astype(int))
    return [origin for origin in range(first, len(panel.dates) - length - settling, length) if origin >= 0]


def _fold(
    panel: Panel, known: KnownThen, ads: Sequence[AdText], tally: Tally, origin: int, content: dict[str, Any]
) -> FoldScore | None:
    """The registered model's forecasts of one stretch, scored; `None` where nothing ran or was counted."""
    length = 7 * int(content["weeks"])
    structural = foretell(panel, known, origin, length, [tally.metric], int(content["seed"]))
    past = past_as_known(panel, structural.known, tally.metric, origin) if structural.known else None
    rows = rows_of(panel, ads, tally, [origin], length, past)
    if tally.metric not in structural.outcomes or not len(rows.examples):
        return None
    use = structural.lines[rows.lines]
    examples, lines = rows.examples.take(use), rows.lines[use]
    if not len(examples) or examples.target.sum() <= 0:
        return None
    own = structural.outcomes[tally.metric]
    forecasts = {STRUCTURAL: Forecast(own.mean[lines], own.spread[lines])}
    for name, plain in content["models"].items():
        model = fitted_from_json(plain)
        forecasts[name] = model.predict(examples.with_columns(model.names))
    stack = Stack(dict(content["stack"]["weights"]), float(content["stack"]["width"]))
    return FoldScore.of(stack.combine(forecasts), examples.target)
