"""What a replay of the past found: windows, and what they say together. Money in account currency."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from marketmover.plans import Platform, Range

Finding = Literal["better", "no clear difference", "worse", "not enough data"]


@dataclass(frozen=True)
class LineResult:
    """A line in a window.

    Attributes:
        id, name, platform: The line.
        made: What it spent.
        advised: What it was advised to spend.
        counted: What it counted.
        expected: What was foretold for the spend that was made, told on the evening before.
        place: Where the count lies among what was drawn for it, from 0 to 1 (0.5: in the middle).
        earned: What it would have counted at the advised spend, estimated after the fact.
        effective_weeks: Later weeks in which it really spent near the advised sum (0: the estimate follows the curve).
    """

    id: str
    name: str
    platform: Platform
    made: float
    advised: float
    counted: float
    expected: Range
    place: float
    earned: Range
    effective_weeks: float


@dataclass(frozen=True)
class WindowResult:
    """A window that was replayed.

    Attributes:
        start, end: Its days, both included.
        days_known: Days of history that the advice had.
        known_from: `imports` where imports say what was known then, else `final figures`.
        spend: Money that was split.
        moved: Share of it that the advice put elsewhere.
        counted: What was counted.
        earned: What the advised split would have brought.
        gain: The same over what was made, 0.12 for 12% more.
        probability_better: Chance that the advised split would have brought more.
        promised: The gain that the advice foretold.
        promised_better: How likely the advice said it was better, on that evening.
        overlap: Share of the advised money that lies near what lines really spent at some time after.
        enough_overlap: Whether that is enough to test the curves, and not to rest on them alone.
        forecast: What was foretold for the split that was made.
        place: Where the count lies among what was drawn for it, from 0 to 1.
        by_last_weeks: What the last 28 days' prices foretold for it.
        by_last_year: What the same weeks of last year foretold; `None` where the history does not reach back.
        weeks_expected, weeks_counted: Foretold and counted in each week of the window.
        lines: The lines that the money was split over.
    """

    start: date
    end: date
    days_known: int
    known_from: Literal["imports", "final figures"]
    spend: float
    moved: float
    counted: float
    earned: Range
    gain: Range
    probability_better: float
    promised: Range
    promised_better: float
    overlap: float
    enough_overlap: bool
    forecast: Range
    place: float
    by_last_weeks: float
    by_last_year: float | None
    weeks_expected: tuple[float, ...]
    weeks_counted: tuple[float, ...]
    lines: tuple[LineResult, ...]


@dataclass(frozen=True)
class ForecastScore:
    """How well windows were foretold for the split that was made. Errors are shares of what was counted.

    Attributes:
        total_error: Mean absolute error of all lines together.
        total_error_by_last_weeks: The same of the rule that goes on at the last 28 days' prices.
        total_error_by_last_year: The same of the rule that repeats last year, over the windows that it can foretell,
            and `total_error_beside_last_year` the model's on these; `None` where there are none.
        bias: Mean error with its sign: above 0 where too much was foretold.
        too_high: Windows of which too much was foretold.
        total_covered: Windows whose count lay in the 80% range.
        line_error, line_error_by_last_weeks: Sum of the lines' absolute errors over what was counted.
        line_cover: Share of the lines' 80% ranges that held, weighted by money.
        by_week: Mean absolute error in the first, second... week of the window.
    """

    total_error: float
    total_error_by_last_weeks: float
    total_error_by_last_year: float | None
    total_error_beside_last_year: float | None
    bias: float
    too_high: int
    total_covered: int
    line_error: float
    line_error_by_last_weeks: float
    line_cover: float
    by_week: tuple[float, ...]


@dataclass(frozen=True)
class Backtest:
    """The whole replay.

    Attributes:
        metric: What was maximised and counted.
        currency: ISO 4217 of all money here.
        simulated: Whether the history says of itself that it is simulated.
        first_date, last_date: Of the history, `None` where it holds no days.
        weeks: Length of a window.
        settling_days: Last days of the history that were not judged.
        finding: What all windows say together.
        better: Windows in which the advice would more likely than not have brought more.
        gain: Gain over all windows together, `None` without windows; `extra` the same in the metric's own unit.
        probability_better: Chance that the advice would have brought more over all windows.
        promised: The gain that the advice promised over all windows (its middle).
        promised_too_much: Chance that this is more than the advice would have brought.
        overlap: Share of the advised money that lies near what lines really spent, over all windows.
        forecast: How well windows were foretold, `None` without windows.
        windows: Each window, ascending.
        notes: What a reader must know, in words.
    """

    metric: str
    currency: str
    simulated: bool
    first_date: date | None
    last_date: date | None
    weeks: int
    settling_days: int
    finding: Finding
    better: int = 0
    gain: Range | None = None
    extra: Range | None = None
    probability_better: float | None = None
    promised: float | None = None
    promised_too_much: float | None = None
    overlap: float | None = None
    forecast: ForecastScore | None = None
    windows: tuple[WindowResult, ...] = ()
    notes: tuple[str, ...] = ()
