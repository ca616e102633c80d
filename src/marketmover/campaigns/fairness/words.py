"""Who is reached, in words that a manager can act on."""

from collections.abc import Callable, Iterable

from marketmover.campaigns.compose.words import listed, metric_words, money, one_of, quoted
from marketmover.campaigns.fairness.asked import UNKNOWN
from marketmover.history import Panel
from marketmover.plans import GroupReport, ReachedGroup

_WHO = {"age": "age", "gender": "gender", "country": "country", "region": "place"}
_EXPORTS = {
    "age": "Google's age_range_view and Meta's insights by age",
    "gender": "Google's gender_view and Meta's insights by gender",
    "country": "Google's geographic_view and Meta's insights by country",
}
_MENTIONED = 0.02
_WORTH_SAYING = 0.05


def report_words(report: GroupReport, currency: str) -> str:
    """One report in a few sentences: who gets most, where results are dear, whom the brief did not ask for."""
    said = [
        _most(report),
        _costs(report, currency),
        _shift(report),
        _not_reached(report),
        _unasked(report),
        _unseen(report),
    ]
    return " ".join(sentence for sentence in said if sentence)


def starved_words(report: GroupReport, lines_of: Callable[[str], list[str]]) -> list[str]:
    """A warning for each group that is starved; `lines_of` names the lines through which it loses money."""
    warnings: list[str] = []
    for group in report.groups:
        if group.value not in report.starved:
            continue
        names = [quoted(name) for name in lines_of(group.value)]
        keep = f" To go on reaching them, set a floor under {listed(names)} (`min` in --limits)." if names else ""
        warnings.append(
            f"{_begin(group.name)} would get {group.planned:.0%} of the money rather than {group.today:.0%} today, "
            f"although {group.outcome_share:.0%} of the {metric_words(report.metric)} come from there: that is less "
            f"than the results justify.{keep}"
        )
    return warnings


def nothing_known(seen: Iterable[str], panel: Panel) -> list[str]:
    """What cannot be said for want of breakdowns, and which exports would tell."""
    if not panel.lines:
        return []
    known = {"country" if by == "region" else by for by in seen}
    missing = [by for by in _EXPORTS if by not in known and (by != "country" or _many_countries(panel))]
    if not missing:
        return []
    what = listed(_WHO[by] for by in missing).replace(" and ", " or ")
    said = (
        f"The exports do not break the plan's lines down by {what}, so it cannot be said who is reached and left out. "
        f"What would tell: {listed(_EXPORTS[by] for by in missing)}."
    )
    return [said]


def _many_countries(panel: Panel) -> bool:
    return len({country for line in panel.lines for country in line.countries}) != 1


def _begin(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}"


def _judged(report: GroupReport) -> list[ReachedGroup]:
    return [group for group in report.groups if group.value not in UNKNOWN and group.spend_share >= _MENTIONED]


def _most(report: GroupReport) -> str:
    groups = _judged(report)
    if not groups:
        return ""
    most = max(groups, key=lambda group: group.spend_share)
    gets, what = "gets" if report.by in ("country", "region") else "get", metric_words(report.metric)
    share, brought = f"{most.spend_share:.0%}", f"{most.outcome_share:.0%}"
    return f"{_begin(most.name)} {gets} most of the money: {share}, for {brought} of the {what}."


def _costs(report: GroupReport, currency: str) -> str:
    priced = [(group, group.cost) for group in _judged(report) if group.cost is not None]
    if len(priced) < 2 or report.metric in ("impressions", "reach"):
        return ""
    (cheap, least), (dear, most) = (choose(priced, key=lambda pair: pair[1].mid) for choose in (min, max))
    one = "unit of revenue" if report.metric in ("revenue", "profit") else one_of(report.metric)
    if least.high >= most.low:
        return f"What a {one} costs differs by no more than chance among them."
    low, high = (
        f"{money(cost.mid, currency)} ({money(cost.low, currency)} to {money(cost.high, currency)})"
        for cost in (least, most)
    )
    among = "in" if report.by in ("country", "region") else "among"
    return f"A {one} costs {low} {among} {cheap.name} and {high} {among} {dear.name}."


def _not_reached(report: GroupReport) -> str:
    if not report.not_reached:
        return ""
    return f"The brief asks for {listed(report.not_reached)}, who are hardly reached."


def _unasked(report: GroupReport) -> str:
    unasked = [group for group in report.groups if group.asked is False]
    before, after = (sum(getattr(group, when) for group in unasked) for when in ("today", "planned"))
    if max(before, after) < _WORTH_SAYING:
        return ""
    names = listed(group.name for group in unasked)
    asked = f"people that the brief does not ask for ({names})"
    return f"{after:.0%} of the plan's money would reach {asked}; today it is {before:.0%}."


def _shift(report: GroupReport) -> str:
    """Whose share of the money the plan changes most."""
    groups = [group for group in report.groups if group.value not in UNKNOWN and group.value not in report.starved]
    moved = max(groups, key=lambda group: abs(group.planned - group.today), default=None)
    if moved is None or abs(moved.planned - moved.today) < _WORTH_SAYING:
        return ""
    return f"The plan changes most for {moved.name}: {moved.planned:.0%} of the money, today {moved.today:.0%}."


def _unseen(report: GroupReport) -> str:
    said = [f"whom {report.unknown:.0%} of it reaches is not known"] if report.unknown >= _MENTIONED else []
    if report.covered < 0.98:
        said.insert(0, f"the exports break down {report.covered:.0%} of the lines' money")
    return f"{_begin('; '.join(said))}." if said else ""
