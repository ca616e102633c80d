"""Why a change is made, or not, in words."""

from collections.abc import Mapping

from marketmover.campaigns.compose.words import amount, day, metric_words, money, one_of
from marketmover.campaigns.tuning.bounds import Room
from marketmover.campaigns.tuning.costs import Dear
from marketmover.campaigns.tuning.creatives import Tired
from marketmover.campaigns.tuning.learning import Lesson
from marketmover.campaigns.tuning.rails import Breach
from marketmover.campaigns.tuning.standing import QUIET, Running, Standing
from marketmover.campaigns.tuning.worth import Worth
from marketmover.kit import counted

_STAGES = (
    ("clicks", "impressions", "the click rate"),
    ("impressions", None, "what a unit of money buys of views"),
    ("leads", "clicks", "the share of clicks that become leads"),
    ("conversions", "clicks", "the share of clicks that convert"),
    ("sales", "clicks", "the share of clicks that become sales"),
    ("qualified_leads", "leads", "the share of leads that qualify"),
)
_TELLING = 0.12
_LITTLE = 0.1
_SURE = 0.8


def budget_words(line: Running, to: float, worth: Worth, told: str, standing: Standing, lesson: Lesson) -> str:
    """Why a line's daily budget changes."""
    currency, days = standing.plan.currency, standing.days_left
    more = to > line.now
    elsewhere = (
        "than the same money brings elsewhere" if more else "than the same money brings on the lines that get it"
    )
    gain = amount(abs(worth.mean), lesson.metric, currency)
    first = f"{told} " if told else ""
    verb = "More" if more else "Less"
    bring = f"{verb} money here is expected to bring {gain} more over the {days} days left {elsewhere}."
    if not more:
        bring = f"Its money is expected to bring {gain} more elsewhere over the {days} days left."
    learns = " It learns anew for some days, which is counted." if abs(to - line.now) > QUIET * line.now else ""
    return f"{first}{bring}{learns}"


def pacing_words(line: Running, to: float, standing: Standing, told: str = "", dear: Dear | None = None) -> str:
    """Why a line moves though nothing speaks for it but the sum."""
    over = standing.left / max(standing.days_left, 1)
    currency = standing.plan.currency
    what = "more" if to > line.now else "less"
    little = "a little " if abs(to - line.now) <= _LITTLE * line.now else ""
    first = f"{told} " if told else ""
    last = ""
    if dear is not None and to > line.now:
        last = f" {dear_words(dear)} No other line can take this money: leave it unspent if it is not worth that."
    return (
        f"{first}{money(standing.left, currency)} is left for {counted(standing.days_left, 'day')}, "
        f"{money(over, currency)} a day: it takes {little}{what}, so that the plan's money is spent by "
        f"{day(standing.plan.end_date)} and not before.{last}"
    )


def dear_words(dear: Dear) -> str:
    """That a line's results cost so much that it gets no more money."""
    than = "the plan expects" if dear.than == "plan" else "the target allows"
    return f"Its results cost about {dear.times:.1f} times what {than}."


def beyond_words(standing: Standing, found: Mapping[str, Room]) -> str:
    """That no steps reach the sum."""
    said = (
        f"The {money(standing.left, standing.plan.currency)} left for {counted(standing.days_left, 'day')} cannot be "
        "laid out within the largest steps and learning phases: budgets were scaled beyond them."
    )
    dear = sum(room.dear is not None for room in found.values())
    if dear:
        said += f" Of {counted(len(found), 'line')} {dear} cost so much that they get no more money if others can."
    return said


def observed_words(line: Running, lesson: Lesson) -> str:
    """What the live days showed of a line, where it is plainly off its forecast."""
    stages, row = lesson.followed.stages, lesson.response.row(line.id)
    said: list[str] = []
    for name, parent, words in _STAGES:
        if name not in stages or (name == "conversions" and "leads" in stages):
            continue
        offsets = stages[name].offsets
        mean = float(offsets.mean[row])
        if name == "clicks" and parent in stages:
            mean -= float(stages["impressions"].offsets.mean[row])
        below = float(offsets.below(-_TELLING)[row])
        above = float(1.0 - offsets.below(_TELLING)[row])
        if abs(mean) > _TELLING and max(below, above) >= _SURE:
            said.append(f"{words} is {_share(mean)} than planned for")
    return f"{said[0][:1].upper()}{said[0][1:]}{f', and {said[1]}' if len(said) > 1 else ''}." if said else ""


def _share(log: float) -> str:
    import math

    change = math.expm1(log)
    return f"{abs(change):.0%} {'lower' if change < 0 else 'higher'}"


def breach_words(line: Running, breach: Breach, standing: Standing, lesson: Lesson) -> str:
    """Which rail a line has run over."""
    if breach.rail == "pace":
        return (
            f"It spends {breach.times:.0%} of its daily budget of {money(line.now, standing.plan.currency)}: this "
            "brings it back to its pace."
        )
    name = lesson.counted or lesson.metric
    return (
        f"One {one_of(name)} costs about {breach.times:.1f} times what the plan expects here ({breach.probability:.0%} "
        "sure that it is twice or more), late ones allowed for."
    )


def short_words(short: float) -> str:
    """That a line cannot spend its budget."""
    return f"It spends only {short:.0%} of its daily budget; what it leaves lying is used elsewhere."


def tired_words(tired: Tired) -> str:
    """Why a line should have new ads."""
    seen = (
        f"as in {counted(tired.cure.cases, 'case')} of this account"
        if tired.cure.cases
        else "no case of this account is known"
    )
    return (
        f"Its ads are clicked {1 - tired.share:.0%} less than planned for ({tired.sure:.0%} sure of a fifth or more), "
        f"while views cost what they should: new ads that say the same are taken to bring that back in "
        f"{tired.cure.mean:.0%} of cases ({seen})."
    )


def held_words(line: Running, lesson: Lesson, dear: Dear | None = None) -> str:
    """Why nothing changes on a line that might."""
    seen = observed_words(line, lesson)
    if dear is not None:
        seen = f"{f'{seen} ' if seen else ''}{dear_words(dear)} So it gets no more money."
    return (
        f"{f'{seen} ' if seen else ''}No change is expected to earn more {metric_words(lesson.metric)} than it costs."
    )
