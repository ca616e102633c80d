"""Why a change is made, or not, in words."""

from collections.abc import Collection, Sequence
from datetime import timedelta

import numpy as np

from marketmover.campaigns.compose.words import amount, count, day, metric_words, money, one_of
from marketmover.campaigns.tuning.costs import Dear
from marketmover.campaigns.tuning.creatives import Tired
from marketmover.campaigns.tuning.feelings import Feeling, as_share
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.rails import Breach
from marketmover.campaigns.tuning.rotation import Rested
from marketmover.campaigns.tuning.signs import Sign, for_and_against, in_words, signs_of
from marketmover.campaigns.tuning.standing import QUIET, Running, Standing
from marketmover.campaigns.tuning.worth import Worth
from marketmover.history import AdText
from marketmover.kit import counted

_LITTLE = 0.1
_LEARNS = " It learns anew for some days, which is counted."
_THOUSANDS = frozenset({"impressions", "reach"})


def budget_words(
    line: Running, to: float, worth: Worth, told: str, signs: Sequence[Sign], standing: Standing, lesson: Lesson
) -> str:
    """Why a line's daily budget changes: what that is expected to bring, what speaks for it, and what against.

    Args:
        line: The line.
        to: Its new daily budget.
        worth: What the change is worth.
        told: What calls for it beside that: a rail, money that it cannot spend; or nothing.
        signs: What the live days showed.
        standing: The plan.
        lesson: What was learned.
    """
    currency, days = standing.plan.currency, counted(standing.days_left, "day")
    more, gain = to > line.now, worth.as_gain(lesson.metric)
    mid = amount(gain.mid, lesson.metric, currency)
    sure = f"({spread(gain.low, gain.high, lesson.metric, currency)}; {surely(worth.probability)} sure of a gain)"
    bring = (
        f"More money here is expected to bring {mid} more over the {days} left than it brings elsewhere {sure}"
        if more
        else f"Its money is expected to bring {mid} more elsewhere over the {days} left {sure}"
    )
    learns = _LEARNS if abs(to - line.now) > QUIET * line.now else ""
    first = f"{told} " if told else ""
    prices = _prices(worth, lesson.metric, currency)
    return f"{first}{bring}{f': {prices}' if prices else ''}.{learns}{for_and_against(signs, more=more)}"


def spread(low: float, high: float, metric: str, currency: str) -> str:
    """A range of a metric: `-1 to 2.4`, `$-100 to $340`."""
    ends = (money(one, currency) if metric in {"revenue", "profit"} else count(one + 0.0) for one in (low, high))
    return " to ".join("0" if one == "-0" else one.replace("-", "\N{MINUS SIGN}") for one in ends)


def surely(probability: float) -> str:
    """A probability as a share that never claims certainty."""
    return "over 99%" if probability > 0.99 else "under 1%" if probability < 0.01 else f"{probability:.0%}"


def is_gain(worth: Worth, metric: str) -> bool:
    """Whether a change is expected to bring more than can be called nothing."""
    mid = worth.as_gain(metric).mid
    return worth.mean > 0 and mid > 0 and (metric in {"revenue", "profit"} or count(mid) != "0")


def _prices(worth: Worth, metric: str, currency: str) -> str:
    """What the money that moves brings here and elsewhere, as prices; empty where it brings nothing."""
    if worth.here is None or worth.elsewhere is None or np.median(worth.here) <= 0 or np.median(worth.elsewhere) <= 0:
        return ""
    low, here, high = (max(float(one), 1e-9) for one in np.percentile(worth.here, [10, 50, 90]))
    across = float(np.median(worth.elsewhere))
    if metric in {"revenue", "profit"}:
        said = [money(100 * rate, currency) for rate in (here, low, high, across)]
        return f"each further 100 {currency} bring {said[0]} here ({said[1]} to {said[2]}) and {said[3]} elsewhere"
    many, what = (1000, f"a thousand {metric_words(metric)} cost") if metric in _THOUSANDS else (1, "")
    said = [money(many / rate, currency) for rate in (here, high, low, across)]
    what = what or f"one more {one_of(metric)} costs"
    upper = f"to {said[2]}" if low > 0.05 * here else "to far more"
    return f"{what} about {said[0]} here ({said[1]} {upper}) and {said[3]} elsewhere"


def pacing_words(
    line: Running,
    to: float,
    worth: Worth | None,
    signs: Sequence[Sign],
    standing: Standing,
    metric: str,
    dear: Dear | None = None,
) -> str:
    """Why a line moves though nothing speaks for it but the sum, and what speaks against it."""
    over = standing.left / max(standing.days_left, 1)
    currency, more = standing.plan.currency, to > line.now
    little = "a little " if abs(to - line.now) <= _LITTLE * line.now else ""
    first = (
        f"{money(standing.left, currency)} is left for {counted(standing.days_left, 'day')}, "
        f"{money(over, currency)} a day: it takes {little}{'more' if more else 'less'}, so that the plan's money is "
        f"spent by {day(standing.plan.end_date)} and not before."
    )
    against = [one.words for one in signs if one.better is not more]
    gain = None if worth is None else worth.as_gain(metric)
    if gain is not None and count(-gain.mid) != "0" and gain.mid < 0:
        mid, ends = amount(-gain.mid, metric, currency), spread(-gain.high, -gain.low, metric, currency)
        against.insert(
            0, f"the money is expected to bring {mid} {'less' if more else 'more'} here than elsewhere ({ends})"
        )
    last = _LEARNS if abs(to - line.now) > QUIET * line.now else ""
    last += f" Against it: {' and '.join(against)}." if against else ""
    if dear is not None and more:
        last += f" {dear_words(dear)} No other line can take this money: leave it unspent if it is not worth that."
    return f"{first}{last}"


def stopped_words(standing: Standing, step: float) -> str:
    """Why a line is paused for the sum alone."""
    currency = standing.plan.currency
    return (
        f"Only {money(standing.left, currency)} is left for {counted(standing.days_left, 'day')}. Even if every line "
        f"came down by the largest step ({step:.0%}), more would be spent: this one brings least for its money."
    )


def dear_words(dear: Dear) -> str:
    """That a line's results cost so much that it gets no more money."""
    than = "the plan expects" if dear.than == "plan" else "the target allows"
    return f"Its results cost about {dear.times:.1f} times what {than}."


def unplaced_words(standing: Standing, unplaced: float, step: float) -> str:
    """That money is left unspent, as no line has room for it."""
    currency, days = standing.plan.currency, standing.days_left
    return (
        f"{money(unplaced * days, currency)} of the {money(standing.left, currency)} left for {counted(days, 'day')} "
        f"finds no place, and stays unspent for now: no line is raised by more than the largest step of {step:.0%} a "
        "week, and those that are locked, railed, or not delivering get none of it. The next tuning can place more; "
        "`--limits` with a larger `weekly_change`, or none, places it now."
    )


def beyond_words(standing: Standing, lines: Collection[str], step: float) -> str:
    """That the sum asks for more than the usual step."""
    currency, days = standing.plan.currency, standing.days_left
    return (
        f"{money(standing.left, currency)} is left for {counted(days, 'day')}, which no step of {step:.0%} a week "
        f"reaches: {counted(len(lines), 'line')} move further for it, and may learn anew. Set `weekly_change` in "
        "`--limits` to hold every line to a step; what then finds no place stays unspent."
    )


def over_words(standing: Standing, over: float, step: float) -> str:
    """That the plan's money will be spent before its end."""
    currency = standing.plan.currency
    daily = standing.left / standing.days_left + over
    lasts = standing.as_of + timedelta(max(int(standing.left / daily), 0))
    return (
        f"{money(standing.left, currency)} is left for {counted(standing.days_left, 'day')}, and the budgets come to "
        f"{money(daily, currency)} a day even after the largest step of {step:.0%} down: the money lasts until "
        f"{day(lasts)}. Tune again before that, or lower the lines by hand."
    )


def breach_words(line: Running, breach: Breach, standing: Standing, lesson: Lesson) -> str:
    """Which rail a line has run over."""
    if breach.rail == "pace":
        return (
            f"It spends {breach.times:.0%} of its daily budget of {money(line.now, standing.plan.currency)}: this "
            "brings it back to its pace."
        )
    name, sure = lesson.counted or lesson.metric, surely(breach.probability)
    return (
        f"One {one_of(name)} costs about {breach.times:.1f} times what the plan expects here ({sure} sure that it is "
        "twice or more), late ones allowed for."
    )


def short_words(line: Running, short: float) -> str:
    """That a line cannot spend its budget."""
    if line.unseen:
        return "The exports have not seen it deliver since the plan began: look whether it runs."
    if line.stalled:
        return (
            f"It has hardly delivered for {counted(line.stalled, 'day')}: look whether it still runs on the platform."
        )
    return f"It spends only {short:.0%} of its daily budget; what it leaves lying is used elsewhere."


def tired_words(tired: Tired, rested: Rested | None) -> str:
    """Why a line should have new ads, and which of the account's own comes in, if any."""
    seen = (
        f"as in {counted(tired.cure.cases, 'case')} of this account"
        if tired.cure.cases
        else "no case of this account is known"
    )
    sure = surely(tired.sure)
    why = (
        f"Its ads are clicked {1 - tired.share:.0%} less than planned for ({sure} sure of a fifth or more), while "
        f"views cost what they should: new ads are taken to bring that back in {tired.cure.mean:.0%} of cases ({seen})."
    )
    if rested is None:
        return f"{why} None of the account's own texts is known to do as well here: make new ones that say the same."
    said = (rested.ad.headlines or rested.ad.descriptions or (rested.ad.id,))[0]
    felt = rested.feeling
    people = (
        f" Of {counted(felt.count, 'comment')} beneath it {as_share((felt.low, felt.high))} are negative."
        if felt is not None and felt.speaks
        else ""
    )
    return (
        f'{why} "{said}" comes in: it brought {rested.brings:.1f} times the results a view of the ads beside it '
        f"({surely(rested.as_good)} sure of nine tenths or more), and is not shown here now.{people}"
    )


def put_off_words(ad: AdText, feeling: Feeling) -> str:
    """That a running ad puts people off."""
    said = (ad.headlines or ad.descriptions or (ad.id,))[0]
    return (
        f'People take the ad "{said}" ({ad.id}) badly: of {counted(feeling.count, "comment")} beneath it '
        f"{as_share((feeling.low, feeling.high))} are negative. Read them and answer, and change or stop the ad if "
        "they are right."
    )


def held_words(line: Running, lesson: Lesson, dear: Dear | None = None) -> str:
    """Why nothing changes on a line that might."""
    seen = in_words(signs_of(line, lesson))
    if dear is not None:
        seen = f"{f'{seen} ' if seen else ''}{dear_words(dear)} So it gets no more money."
    return (
        f"{f'{seen} ' if seen else ''}No change is expected to earn more {metric_words(lesson.metric)} than it costs."
    )
