"""What could be changed on a line: each candidate with the settings after it and what it takes from the line's room."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from marketmover.campaigns.parameters.settings import (
    AGES,
    GENDERS,
    Values,
    bounds_of,
    message_of,
    with_interactions,
)
from marketmover.campaigns.platforms import creative_of, keeps_its_audience
from marketmover.history import AdText, Line
from marketmover.plans import Brief

_FORMS = ("IMAGE", "VIDEO", "CAROUSEL")  # what an ad set can change without other placements or a form of its own
_SMALLEST_AUDIENCE = 0.35  # of today's spend: what an audience is narrowed to at most
_FIT_FOR_CONVERSIONS = {
    "google_ads": ("TARGET_CPA", "TARGET_ROAS", "MAXIMIZE_CONVERSIONS", "MAXIMIZE_CONVERSION_VALUE"),
    "meta_ads": ("LOWEST_COST_WITHOUT_CAP", "COST_CAP", "LOWEST_COST_WITH_BID_CAP", "LOWEST_COST_WITH_MIN_ROAS"),
}

Parameter = Literal["audience", "bidding", "message", "ad_type"]


@dataclass(frozen=True)
class Candidate:
    """A change of one parameter of a line.

    Attributes:
        line_id: The line.
        parameter: `audience`, `bidding`, `message` or `ad_type`.
        before, after: The setting in words; of bidding and kinds of ads the platform's own name.
        values: What the line has after the change.
        room: Share of today's audience that is left (above 1: it grows), by what was spent on it.
        apply: What changes in the plan's line: field to value.
        relearns: Whether the platform learns the line anew.
        ad_id: The past ad that is taken over, or whose texts are.
    """

    line_id: str
    parameter: Parameter
    before: str
    after: str
    values: Values
    room: float = 1.0
    apply: Mapping[str, object] = field(default_factory=dict[str, object])
    relearns: bool = True
    ad_id: str | None = None


def candidates_of(
    line: Line, now: Values, ads: Sequence[AdText], groups: Mapping[str, str], peers: Sequence[Line], brief: Brief
) -> list[Candidate]:
    """All single changes of a line that its platform allows and the account has tried elsewhere.

    Args:
        line: The line.
        now: What it has; `age` and `gender` by what was spent on them.
        ads: All ads.
        groups: Ad id to what it says.
        peers: The account's lines on the same platform.
        brief: Its audience bounds what is proposed.
    """
    people = [] if keeps_its_audience(brief) else [*_narrower_ages(line, now, brief), *_single_gender(line, now, brief)]
    return [
        *people,
        *_other_bidding(line, now, peers),
        *_other_message(line, now, ads, groups),
        *_other_form(line, now, ads, groups),
    ]


def _narrower_ages(line: Line, now: Values, brief: Brief) -> Iterator[Candidate]:
    """Every run of age groups within the line's own that keeps enough of its audience."""
    weights = now.get("age", {})
    reached = [name for name in AGES if weights.get(name, 0.0) > 0]
    for first in range(len(reached)):
        for last in range(first, len(reached)):
            kept = reached[first : last + 1]
            room = sum(weights[name] for name in kept)
            if len(kept) == len(reached) or room < _SMALLEST_AUDIENCE or not _asked(kept, brief):
                continue
            age_min = line.age_min if first == 0 else bounds_of(kept[0])[0]
            age_max = line.age_max if last == len(reached) - 1 else bounds_of(kept[-1])[1]
            yield Candidate(
                line.id,
                "audience",
                _span(line.age_min, line.age_max),
                _span(age_min, age_max),
                with_interactions({**now, "age": {name: weights[name] / room for name in kept}}),
                room,
                {"age_min": age_min, "age_max": age_max},
            )


def _asked(kept: Sequence[str], brief: Brief) -> bool:
    """Whether narrowing leaves people in that the brief asks for by age; a brief that names an age keeps all of it."""
    asked = brief.audience
    return (asked.age_min is None and asked.age_max is None) or not kept


def _span(low: int | None, high: int | None) -> str:
    if low is None and high is None:
        return "people of all ages"
    if high is None or high >= 65:
        return f"people aged {low or 18} and over"
    return f"people aged {low} to {high}" if low is not None else f"people up to {high}"


def _single_gender(line: Line, now: Values, brief: Brief) -> Iterator[Candidate]:
    weights = now.get("gender", {})
    if brief.audience.genders or sum(weights.get(name, 0.0) > 0 for name in GENDERS) < 2:
        return
    for name, word in zip(GENDERS, ("women", "men"), strict=True):
        if weights[name] >= _SMALLEST_AUDIENCE:
            values = with_interactions({**now, "gender": {name: 1.0}})
            yield Candidate(
                line.id, "audience", "women and men", f"{word} only", values, weights[name], {"genders": [name]}
            )


def _other_bidding(line: Line, now: Values, peers: Sequence[Line]) -> Iterator[Candidate]:
    """Strategies that other lines of the platform use and that need no figure which nobody gave."""
    known = {peer.bidding_strategy for peer in peers} & set(_FIT_FOR_CONVERSIONS[line.platform])
    for strategy in sorted(known - {line.bidding_strategy}):
        targets = [peer.bidding_target for peer in peers if peer.bidding_strategy == strategy and peer.bidding_target]
        target = sorted(targets)[len(targets) // 2] if targets else None
        values = with_interactions({**now, "bidding": {f"{line.platform} {strategy}": 1.0}})
        yield Candidate(
            line.id,
            "bidding",
            line.bidding_strategy,
            strategy,
            values,
            apply={"strategy": strategy, "target": target},
        )


def _other_message(line: Line, now: Values, ads: Sequence[AdText], groups: Mapping[str, str]) -> Iterator[Candidate]:
    """What other ads of the platform say, one candidate for each text: its most shown ad stands for it."""
    best: dict[str, AdText] = {}
    for ad in ads:
        if ad.platform == line.platform and ad.id in groups and may_run(ad, line):
            held = best.get(groups[ad.id])
            if held is None or (ad.impressions, ad.id) > (held.impressions, held.id):
                best[groups[ad.id]] = ad
    mine = now.get("text", {})
    for text, ad in sorted(best.items()):
        if mine.get(text, 0.0) < 0.5:
            values = with_interactions({**_without_message(now), **message_of([ad], groups)})
            yield Candidate(
                line.id,
                "message",
                _lead(mine, best),
                _headline(ad),
                values,
                relearns=line.platform == "meta_ads",
                ad_id=ad.id,
            )


def may_run(ad: AdText, line: Line) -> bool:
    """Whether a line can run a past ad's texts: they fill its form, and a lead form stays among lead forms."""
    alike = (ad.form == "LEAD_FORM") == (line.ad_type == "LEAD_FORM")
    return alike and creative_of(ad, line.ad_type) is not None


def _other_form(line: Line, now: Values, ads: Sequence[AdText], groups: Mapping[str, str]) -> Iterator[Candidate]:
    """Other forms of Meta's ads that the account has had, each by its most shown ad; Google's types are for good."""
    best: dict[str, AdText] = {}
    for ad in ads if line.platform == "meta_ads" and line.ad_type in _FORMS else ():
        if ad.platform == "meta_ads" and ad.form in _FORMS and ad.form != line.ad_type and ad.id in groups:
            held = best.get(ad.form)
            if held is None or (ad.impressions, ad.id) > (held.impressions, held.id):
                best[ad.form] = ad
    for form, ad in sorted(best.items()):
        kept = {**_without_message(now), "ad_type": {f"meta_ads {form}": 1.0}, **message_of([ad], groups)}
        yield Candidate(
            line.id,
            "ad_type",
            line.ad_type,
            form,
            with_interactions(kept),
            apply={"ad_type": form},
            ad_id=ad.id,
        )


def _without_message(now: Values) -> dict[str, Mapping[str, float]]:
    return {name: found for name, found in now.items() if name not in ("theme", "text")}


def _lead(weights: Mapping[str, float], best: Mapping[str, AdText]) -> str:
    name = max(sorted(weights), key=lambda text: weights[text], default=None)
    return _headline(best[name]) if name is not None and name in best else "today's ads"


def _headline(ad: AdText) -> str:
    return next(iter((*ad.headlines, *ad.descriptions)), ad.id)
