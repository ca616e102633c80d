"""From a panel to a response: each stage of the funnel fitted, and drawn for the plan's window."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from marketmover.budget.audiences import pressed
from marketmover.budget.lifts import Past, with_lift_tests
from marketmover.budget.management import as_managed
from marketmover.budget.models.calendar import Calendar, calendar
from marketmover.budget.models.carry import Carry, CarryOver, carries, week_sum
from marketmover.budget.models.counted import completeness, outages
from marketmover.budget.models.draw import Ahead, StageKind, draw_stage
from marketmover.budget.models.funnel import StageDraws
from marketmover.budget.models.kin import kin_loadings
from marketmover.budget.models.overlap import Pressed, Rivals
from marketmover.budget.models.pooling import Kinship, LevelCovariates
from marketmover.budget.models.problem import CurveEvidence, StageInput
from marketmover.budget.models.room import reach_score, room_score, share_had, share_reached, unknown_beyond
from marketmover.budget.models.selection import pooled_carry
from marketmover.budget.models.shapes import expit, log_response
from marketmover.budget.models.stage import StageFit, fit_stage
from marketmover.budget.models.usual import low_spend, spend_ahead, usual_spend, wobble_of
from marketmover.budget.models.wear import Exposure
from marketmover.budget.priors import (
    TYPICAL_DAILY_SPEND,
    ShapePrior,
    cheapness_effect,
    currency_size,
    rate_prior,
    shape_prior,
)
from marketmover.budget.response import METRICS, NewLine, Response
from marketmover.budget.stages import StageCounts, supported_stages
from marketmover.budget.summary import LineFacts
from marketmover.console import Progress
from marketmover.history import LiftTest, Panel

if TYPE_CHECKING:
    from datetime import date

    from marketmover.plans import Platform

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
_HYPER_DRAWS = 16
_NOT_WORN = ("reach", "qualified_leads", "revenue")  # people tire of ads and are taken by others before, not after
_SATURATING = 2
_NOTICEABLY_LATE = 0.1  # share of outcomes that come later, from which on it is said


def fit_response(
    panel: Panel,
    start: "date",
    end: "date",
    *,
    seed: int,
    new_lines: Sequence[NewLine] = (),
    lift_tests: Sequence[LiftTest] = (),
    draws: int = 400,
    progress: Progress | None = None,
) -> Response:
    """Learn each line's response from a panel, for a plan from `start` to `end` (both included).

    Args:
        panel: The history; may be empty.
        start: The plan's first day.
        end: The plan's last day.
        seed: Seed of the draws.
        new_lines: Lines without history.
        lift_tests: Experiments on lines of the panel.
        draws: Number of posterior draws.
        progress: Told the share that is done, from 0 to 1, and what is being learned.

    Raises:
        InputError: A lift test is of a line or metric that the panel does not know.
    """
    panel = _a_day_at_least(panel, start)
    setting = _Setting.of(panel, start, end, new_lines)
    stages, chains = supported_stages(panel)
    drawn: dict[str, StageDraws] = {}
    fits: dict[str, StageFit] = {}
    for number, stage in enumerate(stages):
        if progress is not None:
            progress(number / len(stages), f"learning what spend brings: {stage.name.replace('_', ' ')}")
        above = [fits[name] for name in chains[stage.name][:-1]]
        carry = setting.carry_over(stage, above, seed)
        fit = fit_stage(setting.problem(stage, above, carry, seed))
        fits[stage.name] = fit
        kind = StageKind(
            stage.parent is None,
            stage.unit,
            stage.binomial,
            carry,
            carry.stocks(setting.relative),
        )
        drawn[stage.name] = draw_stage(
            fit, setting.ahead, setting.platform, draws=draws, key=[seed, *stage.name.encode()], kind=kind
        )
    response = Response(
        line_ids=[*panel.line_ids, *(line.id for line in new_lines)],
        platforms=setting.platforms,
        campaigns=(*(f"{line.platform}:{line.campaign_id}" for line in panel.lines), *(line.id for line in new_lines)),
        metrics=tuple(metric for metric in METRICS if metric in chains),
        days=len(setting.ahead.columns),
        reference=setting.reference,
        chains=chains,
        stages=drawn,
        groups=setting.platform,
        facts=setting.facts(fits),
        steps={name: fit.step for name, fit in fits.items()},
        rivals=setting.rivals(fits),
        seed=seed,
        assumptions=_assumptions(panel, stages, drawn),
    )
    response = as_managed(response)
    if not lift_tests:
        return response
    past = Past(panel.dates, panel.cost, {stage.name: stage.counts * stage.unit for stage in stages})
    kin = {stage.name: kin_loadings(fits[stage.name], drawn[stage.name], root=stage.parent is None) for stage in stages}
    tested, said = with_lift_tests(response, lift_tests, past, kin)
    return replace(tested, assumptions=(*tested.assumptions, *said))


@dataclass(frozen=True)
class _Setting:
    """What all stages share."""

    platforms: "tuple[Platform, ...]"
    platform: Integers
    kind: Integers
    cost: Floats
    reference: Floats
    log_u: Floats
    low_log_u: Floats
    size: Floats
    wobble: Floats
    spend_ahead: Floats
    had: Floats
    reached: Floats
    platform_curves: tuple[tuple[int, Floats, Floats], ...]
    past: Calendar
    ahead: Ahead
    currency: float
    seen: Exposure | None
    pressed: Pressed | None
    likeness: Floats | None

    @classmethod
    def of(cls, panel: Panel, start: "date", end: "date", new_lines: Sequence[NewLine]) -> "_Setting":
        platforms: tuple[Platform, ...] = (
            *(line.platform for line in panel.lines),
            *(line.platform for line in new_lines),
        )
        kinds = _kinds(panel, new_lines)
        cost = np.concatenate([panel.cost, np.zeros((len(new_lines), panel.cost.shape[1]))])
        size = currency_size(panel.currency)
        usual = [TYPICAL_DAILY_SPEND * size] * len(panel.lines)
        usual += [line.usual_daily or TYPICAL_DAILY_SPEND * size for line in new_lines]
        reference = usual_spend(cost, np.array(platforms), np.array(usual))
        with np.errstate(divide="ignore"):
            log_u = np.where(cost > 0, np.log(cost / reference[:, None]), 0.0)
        low_log_u, sizes = low_spend(reference, _codes(platforms), np.count_nonzero(cost, axis=1) > 0)
        past, ahead = _calendars(panel, start, end)
        had = share_had(panel.search_impression_share, panel.budget_lost_share, panel.rank_lost_share)
        reached = share_reached(_frequency(panel), panel.impressions)
        return cls(
            platforms=platforms, platform=_codes(platforms), kind=_codes(kinds), cost=cost, reference=reference,
            log_u=log_u, low_log_u=low_log_u, size=sizes, wobble=wobble_of(log_u, cost > 0),
            spend_ahead=spend_ahead(log_u, cost > 0), past=past, ahead=ahead,
            had=unknown_beyond(had, len(cost)), reached=unknown_beyond(reached, len(cost)),
            platform_curves=_curves(panel, reference), currency=size,
            seen=Exposure.of(panel.refreshed, cost / reference[:, None], _codes(platforms)),
            pressed=pressed(panel.lines, cost, reference, _codes(platforms)),
            likeness=_likeness(panel, new_lines),
        )  # fmt: skip

    @property
    def relative(self) -> Floats:
        """Spend over reference spend, (lines, days)."""
        return self.cost / self.reference[:, None]

    def carry_over(self, stage: StageCounts, above: Sequence[StageFit], seed: int) -> CarryOver:
        """How the past shows in each line; not at all where the history is short."""
        ways = carries(stage.name)
        if len(ways) == 1 or self.cost.shape[1] < 90:
            return CarryOver.alike(ways[0], len(self.cost))
        return pooled_carry(ways, lambda way: self.problem(stage, above, way, seed))

    def problem(self, stage: StageCounts, above: Sequence[StageFit], carry: Carry | CarryOver, seed: int) -> StageInput:
        """A stage's arrays, with rows of nothing for lines without history.

        Args:
            stage: What is counted.
            above: The stages above, from the root.
            carry: Carry-over of the stage.
            seed: Seed of hyper-draws.
        """
        root = stage.parent is None
        lines = len(self.cost)
        counts = _padded(stage.counts, lines)
        exposure = self.relative if root else _padded(stage.exposure, lines)
        valid = (exposure > 0) & (self.cost > 0)
        known = np.ones(counts.shape[1])
        if stage.longest_lag:
            valid = valid & ~outages(counts, exposure, valid, self.platform)
            known = completeness(counts, exposure, valid, stage.longest_lag)
            valid = valid & (known > 0.25)
        exposure = carry.exposure(exposure) * known
        drive = np.log(np.maximum(carry.drive(self.relative), 1e-9))
        low_drive = self.low_log_u
        for fit in above:
            elasticity = expit(fit.mean_log_odds)
            drive = log_response(_SATURATING, elasticity[:, None], drive)
            low_drive = log_response(_SATURATING, elasticity, low_drive)
        prior = shape_prior(stage.name, root=root)
        rates = [rate_prior(platform, stage.name) for platform in self.platforms]
        typical = np.log([rate.typical for rate in rates])
        if root:
            typical = typical + np.log(self.reference / self.currency)
        design, coefficients = self._pool_design(prior)
        return StageInput(
            counts=counts,
            exposure=exposure,
            valid=valid,
            drive=drive,
            low_drive=low_drive,
            covariates=LevelCovariates(self.size, self.cheapness(above), cheapness_effect(stage.name)),
            wobble=self.wobble if root else np.zeros(counts.shape),
            ahead=self.spend_ahead,
            calendar=self.past.columns,
            calendar_spread=self.past.spread,
            kinship=Kinship(self.platform, self.kind, self.likeness),
            market=(
                typical,
                np.array([rate.between_accounts for rate in rates]),
                np.array([rate.between_lines for rate in rates]),
            ),
            design=design,
            coefficients=coefficients,
            between_lines=prior.between_lines,
            families=prior.families,
            curves=self.curve_evidence(stage.name, above),
            hyper_normals=np.random.default_rng([seed, *stage.name.encode(), 1]).standard_normal(
                (_HYPER_DRAWS, design.shape[1])
            ),
            seen=self.seen if stage.name not in _NOT_WORN else None,
            pressed=self.pressed if stage.name not in _NOT_WORN else None,
        )

    def cheapness(self, above: Sequence[StageFit]) -> Floats:
        """How much more than the mean the stage above brings for the same low spend, (lines,) in logs."""
        spent = self.cost.sum(axis=1) > 0
        if not above or not spent.any():
            return np.zeros(len(self.cost))
        level = above[-1].low_level
        return np.where(spent, level - level[spent].mean(), 0.0)

    def curve_evidence(self, stage: str, above: Sequence[StageFit]) -> tuple[CurveEvidence, ...]:
        """What the platforms' own curves say of a stage: they count conversions, so they speak for these alone."""
        if stage not in {"leads", "conversions"}:
            return ()
        told: list[CurveEvidence] = []
        for row, log_u, log_outcome in self.platform_curves:
            drive = log_u
            for fit in above:
                drive = log_response(_SATURATING, expit(fit.mean_log_odds[row]), drive)
            told.append(CurveEvidence(row, drive, log_outcome))
        return tuple(told)

    def _pool_design(self, prior: ShapePrior) -> tuple[Floats, tuple[Floats, Floats]]:
        """Mean of shapes: all lines, own of each platform, a line's size within its platform, and its room twice."""
        groups = int(self.platform.max(initial=0)) + 1
        member = (self.platform[:, None] == np.arange(groups)).astype(np.float64)
        own = np.stack([self.size, room_score(self.had), reach_score(self.reached)], axis=1)
        design = np.concatenate([np.ones((len(member), 1)), member, own], axis=1)
        effects = np.array([prior.size_effect, prior.room_effect, prior.reach_effect])
        means = np.concatenate([[prior.mean], np.zeros(groups), effects[:, 0]])
        return design, (means, np.concatenate([[prior.spread], np.full(groups, prior.spread / 2), effects[:, 1]]))

    def rivals(self, fits: dict[str, StageFit]) -> Rivals | None:
        """Who presses on whom, where any stage shows that it matters."""
        found = any(fit.taken.overlap is not None for fit in fits.values())
        return self.pressed.rivals if self.pressed is not None and found else None

    def facts(self, fits: dict[str, StageFit]) -> LineFacts:
        spent = self.cost > 0
        own = np.mean([fit.own_share for fit in fits.values()], axis=0) if fits else np.zeros(len(self.cost))
        week = week_sum(self.cost) / 7.0
        recent = self.cost[:, -28:].mean(axis=1)
        told = np.isfinite(self.had) & (recent > 0)
        return LineFacts(
            days=spent.sum(axis=1).astype(np.float64),
            spend=self.cost.sum(axis=1),
            recent_daily=recent,
            highest_daily=week.max(axis=1, initial=0.0),
            own_share=own,
            most_daily=np.where(told, recent / np.where(told, self.had, 1.0), np.inf),
        )


def _curves(panel: Panel, reference: Floats) -> tuple[tuple[int, Floats, Floats], ...]:
    """The platforms' curves by line: row, log spend over reference spend, log conversions; points with both only."""
    rows = {line.id: row for row, line in enumerate(panel.lines)}
    known: list[tuple[int, Floats, Floats]] = []
    for curve in panel.curves:
        use = (curve.spend > 0) & (curve.conversions > 0)
        if curve.line_id in rows and use.sum() >= 2:
            row = rows[curve.line_id]
            known.append((row, np.log(curve.spend[use] / reference[row]), np.log(curve.conversions[use])))
    return tuple(known)


def _likeness(panel: Panel, new_lines: Sequence[NewLine]) -> Floats | None:
    """How like each line of the history a new one is, (lines, lines); `None` where no new line says."""
    if not any(line.likeness for line in new_lines):
        return None
    rows = {line.id: row for row, line in enumerate(panel.lines)}
    found = np.zeros((len(rows) + len(new_lines),) * 2)
    for at, line in enumerate(new_lines, start=len(rows)):
        for name, share in line.likeness.items():
            if name in rows:
                found[at, rows[name]] = share
    return found


def _kinds(panel: Panel, new_lines: Sequence[NewLine]) -> list[str]:
    """What each line is exchangeable with: its platform's lines of one form; a new line's kin are those it is like."""
    kinds = {line.id: f"{line.platform} {line.ad_type}" for line in panel.lines}
    own = [f"{line.platform} {line.ad_type}" for line in new_lines]
    kin = [
        next((kinds[name] for name in line.like if name.startswith(line.platform) and name in kinds), kind)
        for line, kind in zip(new_lines, own, strict=True)
    ]
    return [*kinds.values(), *kin]


def _assumptions(panel: Panel, stages: Sequence[StageCounts], drawn: dict[str, StageDraws]) -> tuple[str, ...]:
    """What the fit took for granted, in sentences for the plan."""
    said: list[str] = []
    if not any(stage.counts.sum() > 0 for stage in stages):
        said.append("Nothing was counted yet: all figures rest on typical market rates, with wide ranges.")
    elif len(panel.dates) < 365:
        said.append("The history is shorter than a year, so the season of the plan's dates is hardly known.")
    late = [name.replace("_", " ") for name, stage in drawn.items() if stage.carry.late.mean() > _NOTICEABLY_LATE]
    if late:
        said.append(f"Spend goes on working for days ({', '.join(late)}), so a change of budget shows late.")
    if "reach" in drawn:
        said.append("Reach is the sum of daily reach, so people reached on several days count each time.")
    return tuple(said)


def _a_day_at_least(panel: Panel, start: "date") -> Panel:
    """The panel itself, or, where it has no days, one day on which nothing happened."""
    if len(panel.dates):
        return panel
    arrays = {
        item.name: np.zeros((len(panel.lines), 1), dtype=getattr(panel, item.name).dtype)
        for item in fields(panel)
        if isinstance(getattr(panel, item.name), np.ndarray)
    }
    return replace(panel, **(arrays | {"dates": np.array([np.datetime64(start) - 1])}))


def _frequency(panel: Panel) -> Floats:
    """Impressions a person reached, NaN where unknown, (lines, days)."""
    return np.full(panel.cost.shape, np.nan) if panel.frequency is None else panel.frequency


def _padded(array: Floats, lines: int) -> Floats:
    return np.concatenate([array, np.zeros((lines - len(array), array.shape[1]))])


def _codes(names: Sequence[str]) -> Integers:
    known = sorted(set(names))
    return np.array([known.index(name) for name in names], dtype=np.int64)


def _calendars(panel: Panel, start: "date", end: "date") -> tuple[Calendar, Ahead]:
    window = np.arange(np.datetime64(start), np.datetime64(end) + 1)
    both = calendar(np.concatenate([panel.dates, window]), panel.holidays_country)
    past = both.columns[: len(panel.dates)]
    recent = past[-28:].mean(axis=0)
    gap = max(0, int((window[0] - panel.dates[-1]).astype(int)) - 1)
    return Calendar(past, both.spread), Ahead(both.columns[len(past) :], recent, gap)
