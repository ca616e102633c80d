"""What two plans were made from, and what of it differs: brief, budget, dates, limits, data, forecast."""

from collections.abc import Callable, Iterator

from marketmover.campaigns.changes.curves import Curves, days_of
from marketmover.campaigns.changes.limits import limit_changes
from marketmover.campaigns.changes.report import Cause, CauseKind
from marketmover.campaigns.compose.words import listed, metric_words
from marketmover.campaigns.page.words import audience_words, metric_name, metric_value
from marketmover.charts import Formats
from marketmover.kit import counted
from marketmover.plans import PLATFORM_NAMES, Brief, BriefTarget, HistoryNote, Plan

_MOVED = 0.01
_IDLE = ("tone", "sentiment", "concerns", "product", "industry", "constraints")
"""Fields of a brief that move no money by themselves."""


def causes(old: Plan, new: Plan, curves: Curves, names: dict[str, str], formats: Formats) -> list[Cause]:
    """What differs in what the plans were made from, the weightiest first.

    Args:
        old: The earlier plan.
        new: The later plan.
        curves: Their response curves.
        names: Lines' names by id.
        formats: How figures are written.
    """
    finders: tuple[Callable[[], Iterator[Cause]], ...] = (
        lambda: _objective(old, new),
        lambda: _budget(old, new, formats),
        lambda: _dates(old, new, formats),
        lambda: _brief(old.brief, new.brief, formats),
        lambda: limit_changes(old, new, names, formats),
        lambda: _data(old.history, new.history, formats),
        lambda: _lines(old, new),
        lambda: _forecast(old, new, curves),
        lambda: _idle(old.brief, new.brief),
        lambda: _program(old, new),
    )
    return [cause for find in finders for cause in find()]


def _cause(kind: CauseKind, short: str, words: str) -> Cause:
    return Cause(kind=kind, short=short, words=words)


def _objective(old: Plan, new: Plan) -> Iterator[Cause]:
    before, after = _aim(old), _aim(new)
    if before != after:
        yield _cause("objective", "another objective", f"The new plan maximises {after}, the old one {before}.")


def _aim(plan: Plan) -> str:
    if not plan.objective_weights:
        return metric_words(plan.objective)
    return "a mix of " + listed(f"{weight:g} x {metric_words(name)}" for name, weight in plan.objective_weights.items())


def _budget(old: Plan, new: Plan, formats: Formats) -> Iterator[Cause]:
    if old.total_budget == new.total_budget:
        return
    size = "larger" if new.total_budget > old.total_budget else "smaller"
    before, after = formats.money(old.total_budget), formats.money(new.total_budget)
    if before == after:
        before, after = (formats.money(plan.total_budget, exact=True) for plan in (old, new))
    pays = " It spends as much as pays." if new.as_much_as_pays and not old.as_much_as_pays else ""
    yield _cause("budget", f"a {size} budget", f"The budget is {after} rather than {before}.{pays}")


def _dates(old: Plan, new: Plan, formats: Formats) -> Iterator[Cause]:
    spans = [formats.dates(plan.start_date, plan.end_date) for plan in (old, new)]
    if (old.start_date, old.end_date) == (new.start_date, new.end_date):
        return
    days = [days_of(plan) for plan in (old, new)]
    length = f", {counted(days[1], 'day')} instead of {days[0]}" if days[0] != days[1] else ""
    yield _cause("dates", "other dates", f"It runs {spans[1]} rather than {spans[0]}{length}.")


def _brief(old: Brief, new: Brief, formats: Formats) -> Iterator[Cause]:
    before, after = (audience_words(brief.audience, formats) or "anybody" for brief in (old, new))
    if old.audience != new.audience:
        unlike = f"{after} rather than {before}" if before != after else f"{after}, with other interests or places"
        yield _cause("brief", "another audience", f"The brief asks for another audience: {unlike}.")
    if old.platforms != new.platforms:
        before, after = _wanted(old), _wanted(new)
        yield _cause("brief", "other platforms", f"The brief asks for {after} rather than {before}.")
    if old.targets != new.targets:
        before, after = _targets(old.targets, formats), _targets(new.targets, formats)
        yield _cause("brief", "other targets", f"The brief sets {after} rather than {before}.")


def _wanted(brief: Brief) -> str:
    asked = listed(PLATFORM_NAMES[name] for name in sorted(brief.platforms.include)) or "any platform"
    excluded = listed(PLATFORM_NAMES[name] for name in sorted(brief.platforms.exclude))
    return f"{asked} without {excluded}" if excluded else asked


def _targets(targets: list[BriefTarget], formats: Formats) -> str:
    said = [
        f"{metric_name(one.metric, formats).lower()} of {one.comparison.replace('_', ' ')} "
        f"{metric_value(one.metric, one.value, formats)}"
        for one in targets
    ]
    return listed(said) or "no target"


def _data(old: HistoryNote, new: HistoryNote, formats: Formats) -> Iterator[Cause]:
    if old == new:
        return
    if old.last_date and new.last_date and new.last_date != old.last_date:
        days = abs((new.last_date - old.last_date).days)
        more = "more" if new.last_date > old.last_date else "fewer"
        short = f"{counted(days, 'day')} {more} of results" if more == "fewer" else f"{days} more days of results"
        short = short.replace("1 more days", "1 more day")
        known = f"to {formats.day(new.last_date)} rather than {formats.day(old.last_date)}"
        yield _cause("data", short, f"{short[:1].upper()}{short[1:]} are known, {known}.")
    elif old.last_date is None or new.last_date is None:
        has = "rests on a history now" if new.last_date else "rests on no history any more"
        yield _cause("data", "a history" if new.last_date else "no history", f"The new plan {has}.")
    elif (old.rows, old.lines, old.first_date) != (new.rows, new.lines, new.first_date):
        difference = new.rows - old.rows
        rows = f"{counted(abs(difference), 'row')} {'more' if difference > 0 else 'fewer'}" if difference else "others"
        yield _cause("data", "other exports", f"The exports of the same days hold other rows: {rows}.")
    else:
        yield _cause("data", "other checks", "The same rows are known, and others of them were set aside or flagged.")


def _lines(old: Plan, new: Plan) -> Iterator[Cause]:
    before, after = ({line.id for line in plan.lines} for plan in (old, new))
    if not before & after:
        short = "none of the old lines"
        yield _cause("lines", short, "The plans have no line in common: they may be of other accounts or campaigns.")


def _changed(plan: Plan) -> set[tuple[str, str, str]]:
    """Settings that a plan changes."""
    return {(line.id, one.parameter, one.after) for line in plan.lines for one in line.changes}


def _forecast(old: Plan, new: Plan, curves: Curves) -> Iterator[Cause]:
    moved = curves.forecast()
    if moved is None or abs(moved) < _MOVED:
        return
    same_dates = (old.start_date, old.end_date) == (new.start_date, new.end_date)
    better, more = ("better", "more") if moved > 0 else ("worse", "less")
    why = (
        "what is known of the lines has moved" if same_dates else "the season, or what is known of the lines, has moved"
    )
    if _changed(old) != _changed(new):
        alone = same_dates and old.history == new.history
        why = "the plans change other settings" if alone else f"settings, or {why}"
    yield _cause(
        "forecast",
        f"a {better} forecast",
        f"The same money on the same lines is now expected to bring {abs(moved):.0%} {more} a day: {why}.",
    )


def _idle(old: Brief, new: Brief) -> Iterator[Cause]:
    differing = [name for name in _IDLE if getattr(old, name) != getattr(new, name)]
    if differing:
        said = f"The brief reads otherwise in {listed(differing)}"
        yield _cause("brief", "other words in the brief", f"{said}: that moves money only where it says what to avoid.")


def _program(old: Plan, new: Plan) -> Iterator[Cause]:
    if old.seed is not None and new.seed is not None and old.seed != new.seed:
        yield _cause("program", "another seed", f"Chance was drawn with seed {new.seed} rather than {old.seed}.")
