"""Compose a plan: what the history teaches, under what the brief asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from marketmover.budget import Doubt, NewLine, doubts, fit_response
from marketmover.campaigns.compose.ab_testing import ab_test
from marketmover.campaigns.compose.advice import Advice, advise
from marketmover.campaigns.compose.assembly import Frame, plan_lines, rounded
from marketmover.campaigns.compose.certainty import certainty, probability_by_metric, turning_points
from marketmover.campaigns.compose.evenness import platform_costs
from marketmover.campaigns.compose.extremes import remark_on_size
from marketmover.campaigns.compose.fences import with_campaign_keys
from marketmover.campaigns.compose.money import resolve_currency, resolve_total
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.outlook import risks, stop_first, would_change_it
from marketmover.campaigns.compose.question import Learner, Progress, Question, part_of, silent
from marketmover.campaigns.compose.scope import Scope, resolve_scope
from marketmover.campaigns.compose.settings import Said, exploration, settings_note
from marketmover.campaigns.compose.targets import judge_targets
from marketmover.campaigns.compose.window import Window, resolve_window
from marketmover.campaigns.compose.words import day
from marketmover.campaigns.fairness import Split, who_is_reached
from marketmover.campaigns.match import Guide
from marketmover.campaigns.parameters import NOTHING_KNOWN, Details
from marketmover.campaigns.platforms import CreativeChoice, choose_creative
from marketmover.campaigns.returns import Costs, returns_by_type
from marketmover.errors import InputError
from marketmover.history import AdText, LiftTest, Panel
from marketmover.kit import counted, from_cents, plural
from marketmover.language.embeddings import Embedder, default_embedder
from marketmover.plans import (
    ABTest,
    Baseline,
    BaselineLine,
    Brief,
    Creative,
    Fairness,
    HistoryNote,
    LeftOut,
    Limits,
    Mix,
    Outcome,
    Plan,
    PlanLine,
    Returns,
)


@dataclass(frozen=True)
class Materials:
    """What a plan is made of, read from the stores.

    Attributes:
        panel: The history as arrays, in the plan's currency.
        note: What of the history the plan rests on.
        ads: Texts of all ads that the exports hold.
        today: The last day known: the history's last, or the calendar's where there is none.
        lift_tests: Experiments on lines of the panel, from which the response learns as well.
        details: Ads, breakdowns and changes, from which settings are advised; without any they stay as they are.
        embedder: Tells which words of the brief and of past campaigns are near in meaning.
        calendar_day: The day on which somebody plans, by which a plan's dates may have passed and a history be old;
            None where that does not matter, as in a replay.
    """

    panel: Panel
    note: HistoryNote
    today: date
    ads: tuple[AdText, ...] = ()
    lift_tests: tuple[LiftTest, ...] = ()
    details: Details = NOTHING_KNOWN
    embedder: Embedder = field(default_factory=lambda: default_embedder())  # noqa: PLW0108 - imported when first asked for
    calendar_day: date | None = None


@dataclass(frozen=True)
class Composed:
    """A plan, and the advice that it rests on."""

    plan: Plan
    advice: Advice


def compose(
    brief: Brief,
    materials: Materials,
    *,
    start: date | None = None,
    seed: int = 0,
    objective: Outcome | Mix | None = None,
    limits: Limits | None = None,
    learn: Learner = fit_response,
) -> Plan:
    """Compose the plan that is expected to earn most under the brief.

    The same arguments give the same plan. Who composes several plans of one history for the same dates may give a
    `learn` that remembers what it learned.

    Raises:
        InputError: The brief and the history do not meet (another currency, a budget of nothing), or limits contradict.
    """
    return compose_with_advice(
        brief, materials, start=start, seed=seed, objective=objective, limits=limits, learn=learn
    ).plan


def compose_with_advice(
    brief: Brief,
    materials: Materials,
    *,
    start: date | None = None,
    seed: int = 0,
    objective: Outcome | Mix | None = None,
    limits: Limits | None = None,
    learn: Learner = fit_response,
    progress: Progress = silent,
) -> Composed:
    """The plan of `compose`, with what it rests on; `progress` is told how far it is."""
    if progress is not silent:
        learn = partial(learn, progress=part_of(progress, 0.0, 0.5))
    notes = Notes(warnings=list(brief.warnings))
    panel = materials.panel
    currency = resolve_currency(brief, panel, notes)
    window = resolve_window(brief, start, materials.today, notes, calendar_day=materials.calendar_day)
    total = resolve_total(brief, window, panel, currency, notes)
    question = Question(
        brief, window, total, objective, limits or Limits(), seed, currency, _learner(learn, materials), progress
    )
    guide = Guide.of(brief, panel, materials.ads, materials.embedder)
    scope = resolve_scope(brief, panel, guide, notes)
    question = replace(question, limits=with_campaign_keys(question.limits, scope))
    _check_limits(question.limits, scope)
    _remark_on_running(scope, window, notes)
    _remark_on_tests(materials, notes)
    _remark_on_likeness(guide, notes)
    advice = advise(panel, materials.details, scope, question, notes)
    progress(0.76, "saying how sure it is, and why")
    remark_on_size(advice, panel, scope, window, currency, notes)
    return Composed(_plan(materials, question, scope, guide, advice, notes), advice)


def _learner(learn: Learner, materials: Materials) -> Learner:
    return partial(learn, lift_tests=materials.lift_tests) if materials.lift_tests else learn


def _plan(materials: Materials, question: Question, scope: Scope, guide: Guide, advice: Advice, notes: Notes) -> Plan:
    brief, window = question.brief, question.window
    currency = question.currency
    creatives = _creatives(scope, materials, guide, advice, notes)
    frame = Frame(brief, currency, window.days, creatives, materials.details, guide)
    lines = plan_lines(advice, scope, frame, notes)
    sources = {line.id: line for line in scope.existing}
    said = Said(advice.metric, question, {line.id: line for line in lines}, sources, materials.details)
    targets = judge_targets(brief, advice, question.limits.margin, currency, notes)
    found, stops = doubts(advice.allocation, advice.metric), stop_first(advice, lines, currency, window)
    return Plan(
        simulated=materials.panel.simulated,
        brief=brief,
        objective=advice.objective,
        currency=currency,
        start_date=window.start,
        end_date=window.end,
        objective_weights=advice.weights,
        total_budget=advice.total,
        lines=lines,
        expected=rounded(advice.expected.total),
        baseline=_baseline(advice),
        probability_better_than_baseline=advice.comparison.probability if scope.existing else None,
        probability_better=probability_by_metric(advice) if scope.existing else {},
        as_much_as_pays=advice.paying,
        fairness=_fairness(materials, question, advice, lines, notes) if scope.existing else Fairness(),
        returns=_returns(materials, question, advice) if scope.existing else None,
        certainty=certainty(advice, lines, found, currency) if scope.existing else None,
        ab_test=_ab_test(materials, question, advice, lines) if scope.existing else None,
        settings=settings_note(advice.proposals, materials.details, advice.from_settings, said)
        if scope.existing
        else None,
        exploration=exploration(advice.proposals, said),
        similar_campaigns=guide.similar,
        targets=targets,
        left_out=[LeftOut(id=line, reason=reason) for line, reason in sorted(scope.left_out.items())],
        risks=risks(advice, lines, materials.note, window.days, currency),
        stop_first=[words for _, words in stops],
        stop_days=[day for day, _ in stops],
        would_change_it=_would_change_it(advice, lines, found, currency) if scope.existing else [],
        assumptions=notes.assumptions,
        warnings=notes.warnings,
        history=materials.note,
        limits=question.limits,
        seed=question.seed,
    )


def _fairness(
    materials: Materials, question: Question, advice: Advice, lines: list[PlanLine], notes: Notes
) -> Fairness:
    """Evenness between platforms, and who is reached; warns of groups that the split starves."""
    split = Split(
        {line.id: line.budget for line in lines},
        {line: from_cents(cents) for line, cents in advice.today.cents.items()},
        {line.id: line.name for line in lines},
    )
    reached, warnings = who_is_reached(
        materials.panel, materials.details.parts, split, question.brief.audience, advice.metric
    )
    for warning in warnings:
        notes.warn(warning)
    remarks = [*reached.remarks, *_on_audiences(lines)] if reached.groups else reached.remarks
    costs = platform_costs(advice.allocation.evenness, question.currency)
    return reached.model_copy(update={"platforms": costs, "remarks": remarks})


def _on_audiences(lines: list[PlanLine]) -> list[str]:
    """What the report on who is reached leaves out where the plan changes whom lines reach."""
    many = sum(any(one.parameter == "audience" for one in line.changes) for line in lines)
    if not many:
        return []
    what = f"{counted(many, 'line')} {plural(many, 'is', 'are')} to reach other people than today"
    return [f"{what}: the plan's shares here do not count that yet, only the money."]


def _returns(materials: Materials, question: Question, advice: Advice) -> Returns:
    """What each campaign type returns, at present budgets and at the plan's."""
    planned = {line: from_cents(cents) for line, cents in advice.split.items()}
    costs = Costs.of(question.limits)
    return returns_by_type(materials.panel, advice.response, advice.metric, costs, planned=planned, seed=question.seed)


def _ab_test(materials: Materials, question: Question, advice: Advice, lines: list[PlanLine]) -> ABTest | None:
    """The test of the plan's split and settings against today's."""
    changed = frozenset(advice.proposals.changes)
    return ab_test(advice, lines, materials.panel, question.brief, question.window, question.currency, changed)


def _baseline(advice: Advice) -> Baseline:
    return Baseline(
        description=advice.today.description,
        expected=rounded(advice.expected_today.total),
        lines=[BaselineLine(id=line, budget=from_cents(cents)) for line, cents in advice.today.cents.items()],
    )


def _would_change_it(advice: Advice, lines: list[PlanLine], found: list[Doubt], currency: str) -> list[str]:
    """What would change the split first, then what would make today's as good."""
    turns = turning_points(lines, found, currency)
    return [*turns, *would_change_it(advice, lines)[: 2 if turns else 3]]


def _creatives(
    scope: Scope, materials: Materials, guide: Guide, advice: Advice, notes: Notes
) -> dict[str, Creative | None]:
    """Each line's creative; a new line says what did best in campaigns that are like it, where that fills its form.

    Where the brief says what is sold, ads of campaigns that are not like it are left alone: they sell something else.
    """
    best = [ad for ad in materials.ads if ad.id in advice.proposals.best_ads]
    similar = guide.ads_of_similar(materials.ads)
    sources = [guide.ads_of_similar(best), best, similar]
    chosen: dict[str, Creative | None] = {}
    for line in scope.existing:
        chosen[line.id], _ = choose_creative(
            materials.ads, line.platform, line_id=line.id, ad_type=line.ad_type, is_new=False
        )
    for line in scope.new:
        own = [[ad for ad in ads if ad.platform == line.platform] for ads in sources]
        anyones = similar if guide.sold else materials.ads
        chosen[line.id], warning = _first_filled([*(ads for ads in own if ads), anyones], line)
        if guide.sold and materials.ads and not similar:
            warning = (
                f"No past ad was found for {guide.sold}, so {line.id} has no texts yet: write them before it runs."
            )
        if warning:
            notes.warn(warning)
    return chosen


def _first_filled(sources: Sequence[Sequence[AdText]], line: NewLine) -> CreativeChoice:
    """The creative from the first source that fills the new line's form without a word of warning, else the last's."""
    found = CreativeChoice(None)
    for ads in sources:
        found = choose_creative(ads, line.platform, line_id=line.id, ad_type=line.ad_type, is_new=True)
        if found.creative is not None and not found.warning:
            break
    return found


def _check_limits(limits: Limits, scope: Scope) -> None:
    known = {line.id for line in (*scope.existing, *scope.new)}
    for line in limits.lines:
        if line not in known:
            why = scope.left_out.get(line)
            raise InputError(
                f"The limits name the line {line}, which is not in the plan{f': {why}' if why else ''}.",
                f"Lines of the plan: {', '.join(sorted(known)[:8])}{' ...' if len(known) > 8 else ''}",
            )


def _remark_on_running(scope: Scope, window: Window, notes: Notes) -> None:
    if scope.existing:
        notes.assume(
            f"{len(scope.existing)} lines are running now. From {day(window.start)} to {day(window.end)} the "
            "plan's budgets replace theirs; they are not added to them."
        )


def _remark_on_likeness(guide: Guide, notes: Notes) -> None:
    if said := guide.nothing_alike():
        notes.assume(said)


def _remark_on_tests(materials: Materials, notes: Notes) -> None:
    tests = materials.lift_tests
    if tests:
        lines = len({test.line_id for test in tests})
        notes.assume(
            f"Taken as stated: {counted(len(tests), 'lift test')} of {counted(lines, 'line')}. What they found counts "
            "for the curves as far as their standard errors allow."
        )
