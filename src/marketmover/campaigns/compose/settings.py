"""Settings advised beside the split: what is learned of audience, bidding and message, and what the plan says of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from marketmover.budget import Comparison, Response, range_of
from marketmover.campaigns.compose.question import Question
from marketmover.campaigns.compose.scope import Scope
from marketmover.campaigns.compose.setting_words import (
    change_words,
    exploration_words,
    pair_of,
    together_words,
    trial_words,
)
from marketmover.campaigns.parameters import Asked, Details, OpenTrial, Proposals, Weighed, learn_parameters, propose
from marketmover.campaigns.platforms import creative_of
from marketmover.history import Line, Panel
from marketmover.kit import round_to_cent
from marketmover.plans import Bidding, Exploration, Form, PlanLine, Range, SettingChange, SettingsNote, Trial

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


def reset(
    line: PlanLine, source: Line, chosen: Sequence[Weighed], details: Details, metric: str, currency: str
) -> PlanLine:
    """A plan's line with its changed settings in it, and what each is expected to do."""
    changed = line
    for one in chosen:
        changed = changed.model_copy(update=_applied(one, changed, source, details))
    changes = [_change(one, line.bidding, metric, currency) for one in chosen]
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


def _change(one: Weighed, now: Bidding, metric: str, currency: str) -> SettingChange:
    gain = range_of(np.expm1(one.gain))
    pair = pair_of(one.candidate, now, currency)
    return SettingChange(
        parameter=one.candidate.parameter,
        before=pair.before,
        after=pair.after,
        gain=_tidy(gain),
        probability=round(one.probability, 3),
        words=change_words(one.candidate, pair, gain, one.probability, metric),
    )


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


def settings_note(proposals: Proposals, details: Details, compared: Comparison | None, said: Said) -> SettingsNote:
    """What the changes add to the split alone, and what cannot be chosen."""
    if said.question.limits.settings == "keep":
        return SettingsNote(metric=said.metric, words="Settings stay as they are, as the limits ask.")
    unsupported = _unsupported(proposals, details)
    if not proposals.changes or compared is None:
        none = "Nothing is changed beside the budgets: no other setting is likely enough to do better."
        return SettingsNote(metric=said.metric, words=none, unsupported=unsupported)
    many = sum(len(chosen) for chosen in proposals.changes.values())
    gain, probability = compared.relative, compared.probability
    return SettingsNote(
        metric=said.metric,
        gain=_tidy(gain),
        probability=round(probability, 3),
        words=together_words(many, len(proposals.changes), gain, probability, said.metric),
        unsupported=unsupported,
    )


def _unsupported(proposals: Proposals, details: Details) -> list[str]:
    """What the exports cannot choose, and what would have to be exported for it."""
    split = {name for part in details.parts for name in part.by}
    offered = {one.candidate.parameter for one in proposals.weighed}
    said: list[str] = []
    if not {"age", "gender"} & split:
        said.append(
            "Audience: the exports hold no results by age or gender, so whom each line reaches stays as it is. Export "
            "these breakdowns to have it chosen."
        )
    if "ad" not in split:
        said.append(
            "Message: the exports hold no results of single ads, so what the ads say stays as it is. Export results by "
            "ad to have it chosen."
        )
    if not offered:
        return [*said, "All settings: too few results are counted to tell what another setting would do."]
    if "ad" in split and "message" not in offered:
        said.append("Message: the ads on each platform all say much the same, so there is no other text to choose.")
    if "bidding" not in offered:
        said.append("Bidding: all lines on a platform bid the same way, so nothing tells what another way would do.")
    return said


def exploration(proposals: Proposals, said: Said) -> Exploration | None:
    """What is tried on part of the budget, `None` where nothing is worth it."""
    if not proposals.trials:
        return None
    trials = [_trial(one, said) for one in proposals.trials]
    currency = said.question.currency
    budget = round_to_cent(sum(trial.budget for trial in trials), currency)
    share = budget / max(sum(line.budget for line in said.lines.values()), 1e-9)
    names = {name: line.name for name, line in said.lines.items()}
    words = exploration_words(trials, names, budget, share, currency)
    return Exploration(budget=budget, share=round(share, 4), words=words, trials=trials)


def _trial(one: OpenTrial, said: Said) -> Trial:
    candidate, currency = one.weighed.candidate, said.question.currency
    line = said.lines[candidate.line_id]
    pair = pair_of(candidate, line.bidding, currency)
    trial = Trial(
        line_id=line.id,
        parameter=candidate.parameter,
        before=pair.before,
        after=pair.after,
        share=one.arm,
        budget=round_to_cent(one.arm * line.budget, currency),
        expected=_tidy(range_of(np.expm1(one.weighed.gain))),
        known_on=said.question.window.end,
        known_to=round(one.error, 4),
        settles=round(one.settles, 3),
        value=round(one.value, 2),
        words="",
        setting=_setting(one.weighed, said),
    )
    return trial.model_copy(update={"words": trial_words(trial, candidate, said.metric, currency)})
