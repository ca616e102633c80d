"""What a replay found, in a marketing manager's words."""

from dataclasses import dataclass
from math import comb

from marketmover.campaigns.backtest.report import Backtest, ForecastScore, WindowResult
from marketmover.campaigns.page.words import metric_name, metric_value
from marketmover.charts import Formats
from marketmover.plans import Range

_MUCH_SEEN = 0.5
_LITTLE_SEEN = 0.2
_HARDLY = 0.02  # gains below this are next to nothing
_SURE, _RATHER = 0.9, 0.6
_ONE_SIDED = 0.1  # chance that errors of either sign leave so many of one sign


@dataclass(frozen=True)
class Answer:
    """The answer: a headline, and what stands behind it, a sentence each."""

    headline: str
    sentences: tuple[str, ...]


def answer(found: Backtest) -> Answer:
    """The answer in words."""
    if found.gain is None or found.forecast is None or found.extra is None:
        return Answer("Not enough data to replay the past.", found.notes)
    formats = Formats(found.currency)
    sentences = [_sure(found), _promise(found, formats), _seen(found, formats), *_foretold(found, formats)]
    return Answer(_headline(found, formats), tuple(sentence for sentence in sentences if sentence))


def stretches(weeks: int) -> str:
    """What windows are called: `past weeks`, `past four-week stretches`."""
    numbers = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}
    return "past weeks" if weeks == 1 else f"past {numbers.get(weeks, str(weeks))}-week stretches"


def change(formats: Formats, value: float) -> str:
    """A relative change with its sign: `+14%`; small ones with a decimal."""
    if abs(value) >= 0.0995 or value == 0:
        return formats.change(value)
    whole = f"{abs(value):.1%}"
    if whole == "0.0%":
        return formats.change(0.0)
    return f"+{whole}" if value > 0 else f"\N{MINUS SIGN}{whole}"


def changes(formats: Formats, value: Range) -> str:
    """A range of changes: `+14% (+6% to +22%)`."""
    return f"{change(formats, value.mid)} ({change(formats, value.low)} to {change(formats, value.high)})"


def outcome(found: Backtest, formats: Formats) -> str:
    """The metric within a sentence: `leads`, `revenue`."""
    return metric_name(found.metric, formats).lower()


def likely(probability: float) -> str:
    """A probability as a person says it, never nought or certain."""
    return f"{min(max(round(probability * 100), 1), 99)}%"


def _headline(found: Backtest, formats: Formats) -> str:
    assert found.gain is not None  # noqa: S101 - `answer` has seen to it
    what, number = outcome(found, formats), len(found.windows)
    where = f"In {found.better} of {number} {stretches(found.weeks)} this advice would"
    about = changes(formats, found.gain)
    if found.finding == "better":
        return f"{where} have brought more {what} for the same money; over all of them about {about}."
    if found.finding == "worse":
        lost = number - found.better
        return (
            f"In {lost} of {number} {stretches(found.weeks)} this advice would have brought fewer {what}; over all of "
            f"them about {about}."
        ).replace("fewer revenue", "less revenue")
    return (
        f"No clear difference: over {number} {stretches(found.weeks)} this advice would have changed {what} by about "
        f"{about}."
    )


def _sure(found: Backtest) -> str:
    if found.probability_better is None:
        return ""
    if found.finding == "worse":
        return f"It is {likely(1.0 - found.probability_better)} likely that the splits that were made did better."
    sure = likely(found.probability_better)
    return f"It is {sure} likely that the advised splits would have done better than those that were made."


def _promise(found: Backtest, formats: Formats) -> str:
    """Whether what the advice foretold of itself came, by the whole and not by counting stretches."""
    if found.promised is None or found.gain is None or found.promised_too_much is None:
        return ""
    promised, came = change(formats, found.promised), change(formats, found.gain.mid)
    if max(abs(found.promised), abs(found.gain.mid)) < _HARDLY:
        return f"The advice promised hardly any gain ({promised}), and hardly any would have come ({came})."
    too_much, known = found.promised_too_much, f"The advice promised {promised}; about {came} would have come"
    if too_much >= _SURE:
        more, less = _apart(found.promised, found.gain.mid), -_apart(found.gain.mid, found.promised)
        return (
            f"{known}. It is {likely(too_much)} likely that it promised too much, by {formats.share(more)} on average: "
            f"take {formats.share(less)} off a plan's figures for bold moves."
        )
    if too_much <= 1.0 - _SURE:
        return f"{known}: its promises were careful."
    above = sum(one.promised.mid > one.gain.mid for one in found.windows)
    verdict = "do not count on all of it" if too_much >= _RATHER else "nothing speaks against its promises"
    return (
        f"{known}. The promise was the higher one in {above} of {len(found.windows)} stretches, and it is "
        f"{likely(too_much)} likely to have been too high on the whole: {verdict}."
    )


def _apart(first: float, second: float) -> float:
    """How much more a gain makes of an outcome than another gain does."""
    return (1.0 + first) / (1.0 + second) - 1.0


def _seen(found: Backtest, formats: Formats) -> str:
    if found.overlap is None:
        return ""
    share = formats.share(found.overlap)
    if found.overlap >= _LITTLE_SEEN:
        rest = (
            ", so the estimate is well tested"
            if found.overlap >= _MUCH_SEEN
            else "; beyond that the estimate follows response curves, and its range is wide for it"
        )
        return f"{share} of the advised money lies where its lines really spent at some time{rest}."
    return (
        f"Not enough overlap: only {share} of the advised money lies where its lines ever really spent. The estimate "
        "follows response curves beyond what was tried; a test on one line would settle more than any replay."
    )


def _foretold(found: Backtest, formats: Formats) -> list[str]:
    score = found.forecast
    if score is None:
        return []
    what, number = outcome(found, formats), len(found.windows)
    rule = formats.share(score.total_error_by_last_weeks)
    verdict = "; " if score.total_error < score.total_error_by_last_weeks else ", no better than a simple rule: "
    error = (
        f"Told what was really spent, it foretold total {what} to within {formats.share(score.total_error)} on average"
        f"{verdict}going on as in the last four weeks missed by {rule}."
    )
    cover = (
        f"The range of the total held in {score.total_covered} of {number} stretches (about {round(0.8 * number)} are "
        f"meant to), the lines' ranges for {formats.share(score.line_cover)} of the money (80% is meant)."
    )
    return [error, *_leaning(score, number, formats), cover]


def _leaning(score: ForecastScore, number: int, formats: Formats) -> list[str]:
    """That forecasts erred to one side, where a sign test says so: stretches do not overlap."""
    high, low = score.too_high, number - score.too_high
    chance = 2.0 * sum(comb(number, more) for more in range(max(high, low), number + 1)) / 2.0**number
    if chance > _ONE_SIDED:
        return []
    side, many = ("high", high) if high > low else ("low", low)
    return [f"It was too {side} in {many} of {number} stretches, by {formats.share(abs(score.bias))} on average."]


def window_name(one: WindowResult, formats: Formats) -> str:
    """A window's days."""
    return formats.dates(one.start, one.end)


def tried(one: WindowResult, formats: Formats) -> str:
    """How far a window's advice lies where lines really spent."""
    return formats.share(one.overlap) if one.enough_overlap else f"{formats.share(one.overlap)}, not enough overlap"


def written(found: Backtest, value: float, formats: Formats) -> str:
    """A figure of the metric."""
    return metric_value(found.metric, value, formats)
