"""Settings advised beside the split: what is learned of audience, bidding and message, and what the plan says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from marketmover.budget import Comparison, Response, range_of
from marketmover.campaigns.compose.question import Question
from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.words import day, listed, metric_words, money, quoted
from marketmover.campaigns.parameters import Asked, Details, OpenTrial, Proposals, Weighed, learn_parameters, propose
from marketmover.campaigns.platforms import creative_of
from marketmover.history import Line, Panel
from marketmover.kit import counted, round_to_cent
from marketmover.plans import Exploration, Form, PlanLine, Range, SettingChange, SettingsNote, Trial

NOTHING_PROPOSED = Proposals({}, (), ())


def advised_settings(
    materials: tuple[Panel, Details],
    scope: Scope,
    question: Question,
    response: Response,
    metric: str,
    budgets: Mapping[str, float],
) -> Proposals:
    """What to change and what to try; nothing where the person keeps settings as they are, or the exports are bare.

    Args:
        materials: The history, and what settings are learned from.
        scope: The plan's lines.
        question: What is asked.
        response: Fitted to the panel.
        metric: What the plan maximises, one of the response's.
        budgets: Budget of each line by the best split alone.
    """
    panel, details = materials
    if question.limits.settings == "keep" or not scope.existing or not details:
        return NOTHING_PROPOSED
    lessons = learn_parameters(panel, details, response, metric)
    asked = Asked(scope.existing, question.brief, response, metric, budgets, question.limits.exploration)
    return propose(lessons, details, asked)


def reset(line: PlanLine, source: Line, chosen: Sequence[Weighed], details: Details, metric: str) -> PlanLine:
    """A plan's line with its changed settings in it, and what each is expected to do."""
    changed = line
    for one in chosen:
        changed = changed.model_copy(update=_applied(one, changed, source, details))
    changes = [_change(one, metric) for one in chosen]
    return changed.model_copy(
        update={"changes": changes, "reasons": [*line.reasons, *(change.words for change in changes)]}
    )


def _applied(one: Weighed, line: PlanLine, source: Line, details: Details) -> dict[str, Form | str | None]:
    """What a change puts into a plan's line."""
    apply = dict(one.candidate.apply)
    if one.candidate.parameter == "audience":
        return {"audience": line.audience.model_copy(update=apply)}
    if one.candidate.parameter == "bidding":
        return {"bidding": line.bidding.model_copy(update=apply)}
    ad = next(ad for ad in details.ads if ad.id == one.candidate.ad_id)
    if one.candidate.parameter == "ad_type":
        return {"ad_type": one.candidate.after, "creative": creative_of(ad, one.candidate.after)}
    return {"creative": creative_of(ad, source.ad_type)}


def _setting(one: Weighed, said: "Said") -> dict[str, Any]:
    """What is on trial, as a plan's line names it."""
    line, source = said.lines[one.candidate.line_id], said.sources[one.candidate.line_id]
    applied = _applied(one, line, source, said.details)
    return {name: form.model_dump(mode="json") if isinstance(form, Form) else form for name, form in applied.items()}


def _change(one: Weighed, metric: str) -> SettingChange:
    gain = range_of(np.expm1(one.gain))
    words = (
        f"{_asked_for(one)}: {metric_words(metric)} of this line are expected to change by {_span(gain)}, "
        f"better with {one.probability:.0%}; {_ground(one)}."
    )
    return SettingChange(
        parameter=one.candidate.parameter,
        before=one.candidate.before,
        after=one.candidate.after,
        gain=_tidy(gain),
        probability=round(one.probability, 3),
        words=words,
    )


def _asked_for(one: Weighed) -> str:
    candidate = one.candidate
    if candidate.parameter == "message":
        return f"Show {quoted(candidate.after)} in the place of {quoted(candidate.before)}"
    if candidate.parameter == "ad_type":
        return f"Show {_form(candidate.after)} ads in the place of {_form(candidate.before)} ads"
    if candidate.parameter == "bidding":
        return f"Bid by {candidate.after} instead of {candidate.before}"
    return f"Reach {candidate.after} instead of {candidate.before}"


def _form(name: str) -> str:
    return name.lower().replace("_", " ")


def _ground(one: Weighed) -> str:
    """What a change rests on."""
    if one.candidate.parameter == "message":
        return "so the texts did beside other ads in this account"
    if one.candidate.parameter == "ad_type":
        return "so lines with such ads did beside the others"
    if one.candidate.parameter == "bidding":
        return "so lines did before and after such changes, and beside each other"
    return f"so these people did in this line and in others; {one.candidate.room:.0%} of its audience is left"


def _span(gain: Range) -> str:
    return f"{gain.low:+.0%} to {gain.high:+.0%} (most likely {gain.mid:+.0%})"


def _tidy(gain: Range) -> Range:
    return Range(low=round(gain.low, 4), mid=round(gain.mid, 4), high=round(gain.high, 4))


@dataclass(frozen=True)
class Said:
    """What a plan's words on settings need.

    Attributes:
        metric: What the plan maximises.
        question: Its currency and dates.
        lines: The plan's lines by id.
        sources: The lines of the history by id.
        details: Past ads.
    """

    metric: str
    question: Question
    lines: Mapping[str, PlanLine]
    sources: Mapping[str, Line]
    details: Details

    @property
    def names(self) -> dict[str, str]:
        """Names of lines by id."""
        return {name: line.name for name, line in self.lines.items()}

    @property
    def budgets(self) -> dict[str, float]:
        """Budgets of lines by id."""
        return {name: line.budget for name, line in self.lines.items()}


def settings_note(proposals: Proposals, details: Details, compared: Comparison | None, said: Said) -> SettingsNote:
    """What the changes add to the split alone, and what cannot be chosen."""
    unsupported = _unsupported(proposals, details)
    if not proposals.changes or compared is None:
        none = "No setting is changed: nothing that the history holds speaks clearly enough for another one."
        return SettingsNote(metric=said.metric, words=none, unsupported=unsupported)
    lines = listed(quoted(said.names[line]) for line in proposals.changes)
    many = sum(len(chosen) for chosen in proposals.changes.values())
    words = (
        f"{counted(many, 'setting')} of {counted(len(proposals.changes), 'line')} are changed ({lines}): "
        f"{_span(compared.relative)} {metric_words(said.metric)} beyond what the split alone would bring, "
        f"better with {compared.probability:.0%}."
    )
    return SettingsNote(
        metric=said.metric,
        gain=_tidy(compared.relative),
        probability=round(compared.probability, 3),
        words=words,
        unsupported=unsupported,
    )


def _unsupported(proposals: Proposals, details: Details) -> list[str]:
    """What the exports cannot choose, and what would have to be exported for it."""
    split = {name for part in details.parts for name in part.by}
    offered = {one.candidate.parameter for one in proposals.weighed}
    said: list[str] = []
    if not {"age", "gender"} & split:
        said.append("Audience: the exports hold no figures by age or gender, so audiences stay as they are.")
    if "ad" not in split:
        said.append("Message: the exports hold no figures of single ads, so what ads say stays as it is.")
    elif "message" not in offered:
        said.append("Message: the ads of a platform all say much the same, so there is no other text to choose.")
    if "bidding" not in offered:
        said.append("Bidding: every line of a platform bids the same way, so nothing tells what another way would do.")
    return said


def exploration(proposals: Proposals, said: Said) -> Exploration | None:
    """What is tried on part of the budget, `None` where nothing is worth it."""
    if not proposals.trials:
        return None
    trials = [_trial(one, said) for one in proposals.trials]
    budget = round_to_cent(sum(trial.budget for trial in trials))
    share = budget / max(sum(said.budgets.values()), 1e-9)
    words = (
        f"{money(budget, said.question.currency)} ({share:.0%} of the budget) "
        f"{'runs' if len(trials) == 1 else 'run'} with settings on trial. By {day(trials[0].known_on)} the plan will "
        f"have learned {listed((_learns(trial, said) for trial in trials), most=3)}."
    )
    return Exploration(budget=budget, share=round(share, 4), words=words, trials=trials)


def _learns(trial: Trial, said: Said) -> str:
    return f"whether {trial.after} beats {trial.before} on {quoted(said.names[trial.line_id])}"


def _trial(one: OpenTrial, said: Said) -> Trial:
    candidate, window = one.weighed.candidate, said.question.window
    gain = range_of(np.expm1(one.weighed.gain))
    budget = round_to_cent(one.arm * said.budgets[candidate.line_id])
    words = (
        f"Try it on {one.arm:.0%} of the line's budget ({money(budget, said.question.currency)}): expected is "
        f"{_span(gain)}. By {day(window.end)} it is known to about {one.error:.0%}, and settled with "
        f"{one.settles:.0%}. Knowing it is worth about {one.value:,.1f} {metric_words(said.metric)} over 90 days."
    )
    return Trial(
        line_id=candidate.line_id,
        parameter=candidate.parameter,
        before=candidate.before,
        after=candidate.after,
        share=one.arm,
        budget=budget,
        expected=_tidy(gain),
        known_on=window.end,
        known_to=round(one.error, 4),
        settles=round(one.settles, 3),
        value=round(one.value, 2),
        words=f"{_asked_for(one.weighed)}? {words}",
        setting=_setting(one.weighed, said),
    )
