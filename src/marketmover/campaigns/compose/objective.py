"""What a plan maximises: what was asked for, or the nearest thing that the history can speak of."""

from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.words import metric_words
from marketmover.plans import Brief, Outcome

_BY_OBJECTIVE: dict[str, str] = {
    "leads": "leads",
    "sales": "conversions",
    "traffic": "clicks",
    "awareness": "reach",
    "engagement": "clicks",
    "app_installs": "installs",
}
_NEXT_BEST: dict[str, tuple[str, ...]] = {
    "qualified_leads": ("leads", "conversions", "clicks", "impressions"),
    "leads": ("conversions", "clicks", "impressions"),
    "conversions": ("sales", "leads", "clicks", "impressions"),
    "revenue": ("conversions", "clicks", "impressions"),
    "profit": ("revenue", "conversions", "clicks", "impressions"),
    "installs": ("conversions", "clicks", "impressions"),
    "reach": ("impressions", "clicks"),
    "impressions": ("clicks",),
    "clicks": ("impressions",),
}


def resolve_objective(
    brief: Brief, asked: Outcome | None, supported: tuple[str, ...], margin: float | None, notes: Notes
) -> str:
    """The metric to maximise.

    Args:
        brief: Its `outcome`, else its `objective`, is used where nothing was asked for.
        asked: What the user asked for, which wins.
        supported: Metrics that the history can speak of.
        margin: Profit per unit of revenue, which `profit` needs.
        notes: Takes what had to be assumed.
    """
    wished = asked or brief.outcome or _BY_OBJECTIVE.get(brief.objective or "")
    if wished is None:
        wished = "leads" if "leads" in supported else "conversions"
        notes.assume(f"The brief names no objective; the plan maximises {metric_words(wished)}.")
    elif wished == "conversions" and asked is None and brief.outcome is None and "revenue" in supported:
        wished = "revenue"
    if wished == "profit" and "revenue" in supported and margin is None:
        notes.warn("Profit needs a margin, which --limits does not give: the plan maximises revenue instead.")
        return "revenue"
    if wished in supported or (wished == "profit" and "revenue" in supported):
        return wished
    instead = next((metric for metric in _NEXT_BEST[wished] if metric in supported), supported[0])
    notes.warn(
        f"The history holds no {metric_words(wished)} to learn from, so the plan maximises {metric_words(instead)} "
        f"in their stead. Import exports that hold {metric_words(wished)} to plan for them."
    )
    return instead
