"""Which lines take part in a plan, which new ones it needs, and why the others stay out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from marketmover.budget import NewLine
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.window import USUAL_DAYS
from marketmover.campaigns.match import Guide
from marketmover.errors import InputError
from marketmover.history import Line, Panel
from marketmover.kit import counted
from marketmover.plans import PLATFORM_NAMES, Brief, Platform

_ALIVE_DAYS = 90
_ON = {"ENABLED", "ACTIVE"}
_UNSAID = {"UNKNOWN", "UNSPECIFIED", ""}
_PLATFORMS: tuple[Platform, ...] = ("google_ads", "meta_ads")
_FORMS = {
    "VIDEO": ("video", "youtube"),
    "CAROUSEL": ("carousel",),
    "STORIES": ("stories", "story"),
    "REELS": ("reels", "reel"),
    "DISPLAY": ("display", "banner"),
    "SHOPPING": ("shopping",),
    "SEARCH": ("search ads", "search campaigns"),
    "PERFORMANCE_MAX": ("performance max", "pmax"),
    "DEMAND_GEN": ("demand gen",),
    "LEAD_FORM": ("lead form", "instant form"),
}


@dataclass
class Scope:
    """The lines of a plan.

    Attributes:
        existing: Lines of the history that take part, in the panel's order.
        new: Lines that the plan would open.
        left_out: Why each other line stays out, by its id.
    """

    existing: list[Line]
    new: list[NewLine]
    left_out: dict[str, str] = field(default_factory=dict[str, str])


def resolve_scope(brief: Brief, panel: Panel, guide: Guide, notes: Notes) -> Scope:
    """Choose the plan's lines by the brief's platforms, audience and wishes; new ones are opened by the guide.

    Raises:
        InputError: The brief excludes every platform that it could use.
    """
    wanted = _platforms(brief)
    forbidden = _forbidden_forms(brief, notes)
    checks: list[Callable[[Line], str]] = [
        lambda line: "" if line.platform in wanted else f"the brief leaves {PLATFORM_NAMES[line.platform]} out",
        lambda line: f"the brief asks to avoid {forbidden[line.ad_type]}" if line.ad_type in forbidden else "",
        lambda line: _audience_mismatch(line, brief),
        _idleness(panel),
    ]
    scope = Scope([], [])
    for line in panel.lines:
        reason = next((reason for check in checks if (reason := check(line))), "")
        if reason:
            scope.left_out[line.id] = reason
        else:
            scope.existing.append(line)
    scope.new = _new_lines(brief, panel, scope, wanted, (guide, forbidden))
    _remark(scope, brief, panel, notes)
    return scope


def _platforms(brief: Brief) -> set[Platform]:
    asked = set(brief.platforms.include) or set(_PLATFORMS)
    wanted = asked - set(brief.platforms.exclude)
    if not wanted:
        raise InputError(
            "The brief excludes every platform that it could use.",
            "Plans are made for Google Ads and Meta Ads: allow at least one of them.",
        )
    return wanted


def _forbidden_forms(brief: Brief, notes: Notes) -> dict[str, str]:
    forbidden: dict[str, str] = {}
    for constraint in brief.constraints:
        text = constraint.what.lower()
        forms = [form for form, words in _FORMS.items() if any(word in text for word in words)]
        if constraint.kind == "avoid" and forms:
            forbidden.update(dict.fromkeys(forms, constraint.what))
        else:
            verb = "avoid" if constraint.kind == "avoid" else "have"
            notes.assume(
                f"The brief asks to {verb} “{constraint.what}”: this does not move the split; mind it in the creatives."
            )
    return forbidden


def _audience_mismatch(line: Line, brief: Brief) -> str:
    audience = brief.audience
    if audience.countries and line.countries and not set(audience.countries) & set(line.countries):
        return f"it reaches {', '.join(line.countries)}, the brief asks for {', '.join(audience.countries)}"
    if audience.genders and line.genders and not set(audience.genders) & set(line.genders):
        return f"it reaches {_words(line.genders)} only, the brief asks for {_words(audience.genders)}"
    if audience.age_min is not None and line.age_max is not None and line.age_max < audience.age_min:
        return f"it reaches people up to {line.age_max}, the brief asks for {audience.age_min} and over"
    if audience.age_max is not None and line.age_min is not None and line.age_min > audience.age_max:
        return f"it reaches people from {line.age_min}, the brief asks for up to {audience.age_max}"
    return ""


def _words(genders: Iterable[str]) -> str:
    return " and ".join({"FEMALE": "women", "MALE": "men"}.get(gender, gender.lower()) for gender in genders)


def _idleness(panel: Panel) -> Callable[[Line], str]:
    recent = dict(zip(panel.line_ids, panel.cost[:, -_ALIVE_DAYS:].sum(axis=1), strict=True))
    last = dict(zip(panel.line_ids, panel.cost[:, -USUAL_DAYS:].sum(axis=1), strict=True))

    def idle(line: Line) -> str:
        if line.status in _ON:
            return "" if recent[line.id] > 0 else f"it has spent nothing in the last {_ALIVE_DAYS} days"
        if line.status in _UNSAID:
            return "" if last[line.id] > 0 else f"it has spent nothing in the last {USUAL_DAYS} days"
        return f"it is {line.status.lower()}"

    return idle


def _new_lines(
    brief: Brief, panel: Panel, scope: Scope, wanted: set[Platform], ways: tuple[Guide, dict[str, str]]
) -> list[NewLine]:
    """One new line for each platform that is asked for and has no line, and for each when nothing fits at all."""
    covered = {line.platform for line in scope.existing}
    missing: list[Platform] = [platform for platform in _PLATFORMS if platform in wanted - covered]
    if covered and not brief.platforms.include:
        return []  # the history's own choice of platforms stands unless the brief asks for more
    guide, forbidden = ways
    return [guide.new_line(platform, _new_forms(platform, brief, forbidden), panel) for platform in missing]


def _new_forms(platform: Platform, brief: Brief, forbidden: dict[str, str]) -> list[str]:
    """Ad types that a new line may have, the usual one first."""
    leads = brief.objective in (None, "leads") or brief.outcome in ("leads", "qualified_leads")
    order = {
        "google_ads": ("SEARCH", "PERFORMANCE_MAX", "DISPLAY"),
        "meta_ads": ("LEAD_FORM", "IMAGE", "CAROUSEL") if leads else ("IMAGE", "CAROUSEL", "VIDEO"),
    }[platform]
    return [form for form in order if form not in forbidden] or [order[0]]


def _remark(scope: Scope, brief: Brief, panel: Panel, notes: Notes) -> None:
    for line in scope.new:
        basis = (
            f"{counted(len(line.like), 'line')} on the same platform"
            if line.like
            else "what such campaigns usually bring"
        )
        notes.warn(
            f"{PLATFORM_NAMES[line.platform]} has no running line that fits the brief: the plan opens a new one, whose "
            f"figures rest on {basis}. Treat them as a first guess."
        )
    if panel.lines and not scope.existing:
        notes.warn(
            "No line of the history fits the brief, so every line of the plan is new: "
            + "; ".join(sorted({f"{reason}" for reason in scope.left_out.values()})[:3])
            + "."
        )
    unsaid = [line for line in scope.existing if not line.countries]
    if brief.audience.countries and unsaid:
        notes.assume(
            f"The exports do not say which countries {len(unsaid)} of {len(scope.existing)} lines reach; they are "
            f"taken to reach {', '.join(brief.audience.countries)}."
        )
    if brief.audience.places:
        notes.assume(
            f"The split is not broken down by place: {', '.join(brief.audience.places)} is left to the targeting."
        )
