"""What is to be maximised, where the text says it more exactly than the objective does."""

import re
from collections.abc import Sequence

from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import Document
from marketmover.campaigns.brief.objective_rules import wished
from marketmover.campaigns.brief.vocabulary import phrases
from marketmover.plans import BriefTarget, Objective, Outcome

_SAID = phrases("objective")

_OUTCOMES: tuple[tuple[Outcome, str], ...] = (
    (
        "qualified_leads",
        (rf"\b{_SAID['qualified leads']}"),
    ),
    (
        "profit",
        (rf"\b{_SAID['profit']}\b"),
    ),
    ("revenue", rf"\b{_SAID['revenue']}\b"),
    ("conversions", r"\b(?:conversions)\b"),
    ("installs", r"\b(?:installs|downloads)\b"),
    ("impressions", r"\b(?:impressions)\b"),
    (
        "reach",
        (rf"\b(?:{_SAID['reach']}|(?:goal|objective|kpi)\W{{1,4}}(?:is )?reach\b)\b"),
    ),
    ("clicks", r"\b(?:clicks)\b"),
)
_FITS: dict[str, tuple[str, ...]] = {
    "leads": ("qualified_leads", "conversions"), "sales": ("revenue", "profit", "conversions"),
    "traffic": ("clicks",), "awareness": ("impressions", "reach"),
    "engagement": ("clicks",), "app_installs": ("installs",),
}  # fmt: skip


def find_outcome(
    document: Document, objective: Objective | None, targets: Sequence[Found[BriefTarget]] = ()
) -> Found[Outcome] | None:
    """What is to be maximised, where the text says it more exactly than the objective does.

    Whoever names a figure for qualified leads wants those rather than any leads.
    """
    if objective is None:
        return None
    if objective == "leads":
        for one in targets:
            if one.value.metric in ("qualified_leads", "cost_per_qualified_lead"):
                return Found("qualified_leads", one.start, one.end)
    for outcome, pattern in _OUTCOMES:
        if (
            outcome not in _FITS[objective]
            or (outcome == "installs" and objective == "app_installs")
            or (outcome == "clicks" and objective == "traffic")
        ):
            continue
        for match in re.finditer(pattern, document.text):
            if wished(document, match.start(), match.end()) >= (0.3 if outcome == "qualified_leads" else 0.8):
                return Found(outcome, *match.span())
    return None
