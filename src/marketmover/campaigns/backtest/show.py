"""A replay on a terminal or in a plain pipe: the answer first, then windows, then forecasts."""

from marketmover.campaigns.backtest.report import Backtest, ForecastScore
from marketmover.campaigns.backtest.words import answer, change, changes, outcome, tried, window_name, written
from marketmover.charts import Formats, clean, or_dash
from marketmover.console import Table, print_parts

_SIMULATED = "SIMULATED DATA: these campaigns, accounts and results are not real."


def show(found: Backtest) -> None:
    """Print a replay."""
    print_parts(outline(found))


def outline(found: Backtest) -> list[str | Table]:
    """What `show` prints, in order."""
    formats = Formats(found.currency)
    said = answer(found)
    parts: list[str | Table] = [_SIMULATED] if found.simulated else []
    parts += [said.headline, *said.sentences]
    if found.forecast is not None:
        parts += [_windows(found, formats), _forecasts(found, found.forecast, formats)]
        parts += ["", *(f"- {note}" for note in found.notes)]
    return [part if isinstance(part, Table) else clean(part) for part in parts]


def _windows(found: Backtest, formats: Formats) -> Table:
    what = outcome(found, formats).capitalize()
    columns = ["Stretch", "Spend", "Moved", what, "Advised", "Difference", "Tried"]
    table = Table("The advice against what was done", columns, right=frozenset(columns[1:-1]))
    for one in found.windows:
        table.rows.append(
            [
                window_name(one, formats),
                formats.money(one.spend),
                formats.share(one.moved),
                written(found, one.counted, formats),
                written(found, one.earned.mid, formats),
                changes(formats, one.gain),
                tried(one, formats),
            ]
        )
    return table


def _forecasts(found: Backtest, score: ForecastScore, formats: Formats) -> Table:
    what = outcome(found, formats).capitalize()
    columns = ["Stretch", what, "Foretold", "Range", "Missed by", "As in the last weeks", "As last year"]
    table = Table("The forecast for what was done", columns, right=frozenset(columns[1:]))
    for one in found.windows:
        known = [one.forecast.mid, one.by_last_weeks, one.by_last_year]
        missed = [None if value is None else value / one.counted - 1.0 for value in known]
        between = formats.between(one.forecast.low, one.forecast.high, lambda value: written(found, value, formats))
        table.rows.append(
            [
                window_name(one, formats),
                written(found, one.counted, formats),
                written(found, one.forecast.mid, formats),
                between,
                *(or_dash(value, lambda share: change(formats, share)) for value in missed),
            ]
        )
    errors = [score.total_error, score.total_error_by_last_weeks, score.total_error_by_last_year]
    table.rows.append(["On average", "", "", "", *(or_dash(error, formats.share) for error in errors)])
    return table
