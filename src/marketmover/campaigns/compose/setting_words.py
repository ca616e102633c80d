"""Changed settings and settings on trial in a client's words: no platform's enums, no statistics beyond a range."""

from collections.abc import Sequence
from dataclasses import dataclass

from marketmover.campaigns.compose.words import amount, day, listed, metric_words, money, quoted
from marketmover.campaigns.page.answer import likelihood
from marketmover.campaigns.page.words import ad_type_words, bidding_words, range_of_changes, setting_words
from marketmover.campaigns.parameters import Candidate
from marketmover.charts import Formats
from marketmover.kit import counted
from marketmover.plans import Bidding, Range, Trial

_NEXT_TO_NOTHING = 0.005
_EIGHT_IN_TEN = 1.2816  # standard errors to either side


@dataclass(frozen=True)
class Pair:
    """What a setting is and what it becomes, as a client reads it."""

    before: str
    after: str


def pair_of(candidate: Candidate, now: Bidding, currency: str) -> Pair:
    """A change's two settings in words.

    Args:
        candidate: The change.
        now: How the line bids today.
        currency: ISO 4217, of bidding targets.
    """
    if candidate.parameter == "message":
        return Pair(candidate.before, candidate.after)
    if candidate.parameter == "ad_type":
        before, after = (ad_type_words(name) for name in (candidate.before, candidate.after))
        return Pair(f"{before[:1].lower()}{before[1:]}", f"{after[:1].lower()}{after[1:]}")
    if candidate.parameter == "audience":
        return Pair(candidate.before, f"{candidate.after} ({candidate.room:.0%} of today's audience)")
    formats = Formats(currency)
    after = now.model_copy(update=dict(candidate.apply))
    return Pair(bidding_words(now, formats), bidding_words(after, formats))


def change_words(candidate: Candidate, pair: Pair, gain: Range, probability: float, metric: str) -> str:
    """A change, what it is expected to do, how sure that is, and what it rests on."""
    return (
        f"{_done(candidate, pair)}: {metric_words(metric)} of this line are expected to change by {_span(gain)}, "
        f"{likelihood(probability)} likely for the better. {_ground(candidate)}"
    )


def together_words(settings: int, lines: int, gain: Range, probability: float, metric: str) -> str:
    """What all changed settings add to the best split alone."""
    first, they = f"The plan changes {settings} settings on {counted(lines, 'line')}", "Together they are"
    if settings == 1:
        first, they = "The plan changes 1 setting", "It is"
    what, sure = metric_words(metric), f"{likelihood(probability)} likely for the better"
    if gain.mid < _NEXT_TO_NOTHING:
        formats = Formats()
        between = formats.between(gain.low, gain.high, formats.change)
        return f"{first}. {they} expected to change {what} hardly beyond what the split alone would bring ({between})."
    return (
        f"{first}. {they} expected to change {what} by {_span(gain)} beyond what the split alone would bring, {sure}."
    )


def trial_words(trial: Trial, candidate: Candidate, metric: str, currency: str) -> str:
    """A trial: what is tried, on how much money, what is expected today, and what will be known when."""
    either_way = f"{_EIGHT_IN_TEN * trial.known_to:.0%}"
    worth = amount(trial.value, metric, currency)
    return (
        f"{_done(candidate, Pair(trial.before, trial.after))}, on {trial.share:.0%} of the line's money "
        f"({money(trial.budget, currency)}). {_why_try(trial, metric)} By {day(trial.known_on)} the difference will "
        f"be known to within about {either_way} either way, and it is {likelihood(trial.settles)} likely to be clear "
        f"which is better. Knowing it is worth about {worth} over 90 days."
    )


def exploration_words(
    trials: Sequence[Trial], names: dict[str, str], budget: float, share: float, currency: str
) -> str:
    """What all trials cost in budget, and what will be known by the plan's end."""
    learned = [
        f"on {quoted(names[trial.line_id])}, {_said(trial.parameter, trial.after)} or "
        f"{_said(trial.parameter, trial.before)} ({likelihood(trial.settles)} likely to be clear)"
        for trial in trials
    ]
    return (
        f"{money(budget, currency)} ({Formats().share(share)} of the budget) goes to trials of other settings. By "
        f"{day(trials[0].known_on)} they tell more of which does better: {listed(learned, most=3)}."
    )


def _why_try(trial: Trial, metric: str) -> str:
    gain = _span(trial.expected)
    if trial.expected.mid >= 0:
        return (
            f"As far as is known today, it would change {metric_words(metric)} there by {gain}: too open to change all."
        )
    return (
        f"As far as is known today, it would change {metric_words(metric)} there by {gain}: rather for the worse, but "
        "if it is better, that pays long after."
    )


def _done(candidate: Candidate, pair: Pair) -> str:
    before, after = (_said(candidate.parameter, text) for text in (pair.before, pair.after))
    if candidate.parameter == "message":
        return f"Show the ad {after} rather than {before}"
    if candidate.parameter == "ad_type":
        return f"Show {after} rather than {before}"
    if candidate.parameter == "bidding":
        return f"Change how it bids from {before} to {after}"
    return f"Reach {after} rather than {before}"


def _said(parameter: str, text: str) -> str:
    """A setting within a sentence: what ads say and how lines bid stands in quotation marks."""
    return quoted(text) if parameter == "bidding" else setting_words(parameter, text)


def _span(gain: Range) -> str:
    return range_of_changes(gain, Formats())


def _ground(candidate: Candidate) -> str:
    """What a change rests on."""
    if candidate.parameter == "message":
        return "It rests on how this text did beside other ads in the account."
    if candidate.parameter == "ad_type":
        return "It rests on how lines with such ads did beside the others."
    if candidate.parameter == "bidding":
        return "It rests on how lines in the account did before and after such changes, and beside each other."
    return "It rests on how these people did in this line and in others."
