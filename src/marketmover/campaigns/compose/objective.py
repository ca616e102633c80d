"""What a plan maximises: what was asked for, or the nearest thing that the history can speak of."""

from typing import cast, get_args

from marketmover.budget import Objective
from marketmover.campaigns.compose.notes import Notes
from marketmover.campaigns.compose.words import listed, metric_words
from marketmover.errors import UsageError
from marketmover.plans import Brief, Mix, Outcome

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


def read_objective(text: str) -> Outcome | Mix:
    """An objective as a person writes it on the command line: a metric, or a mix such as `leads=1,qualified_leads=3`.

    Raises:
        UsageError: A metric is not known, or a weight is no number above 0.
    """
    known = get_args(Outcome)
    parts = [part.partition("=") for part in text.replace(" ", "").split(",")]
    for name, _, _ in parts:
        if name not in known:
            raise UsageError(f"--objective {text}: {name!r} is not known.", f"Choose of {', '.join(known)}.")
    if len(parts) == 1 and not parts[0][1]:
        return cast("Outcome", parts[0][0])
    try:
        mix: Mix = {cast("Outcome", name): float(weight or "1") for name, _, weight in parts}
    except ValueError as error:
        raise UsageError(f"--objective {text}: a weight is no number.", "Write leads=1,qualified_leads=3.") from error
    if len(mix) < len(parts) or not all(0 < weight < float("inf") for weight in mix.values()):
        raise UsageError(
            f"--objective {text}: each metric needs one weight above 0.", "Write for example leads=1,qualified_leads=3."
        )
    return mix


def resolve_objective(
    brief: Brief, asked: Outcome | Mix | None, supported: tuple[str, ...], margin: float | None, notes: Notes
) -> Objective:
    """What to maximise: a metric, `profit`, or a mix.

    Args:
        brief: Its `outcome`, else its `objective`, is used where nothing was asked for.
        asked: What the user asked for, which wins.
        supported: Metrics that the history can speak of.
        margin: Profit per unit of revenue, which `profit` needs.
        notes: Takes what had to be assumed.
    """
    wished = asked or brief.outcome or _BY_OBJECTIVE.get(brief.objective or "")
    if isinstance(wished, dict):
        return _resolve_mix(wished, supported, margin, notes)
    if wished is None:
        wished = "leads" if "leads" in supported else "conversions"
        notes.assume(f"The brief names no objective; the plan maximises {metric_words(wished)}.")
    elif wished == "conversions" and asked is None and brief.outcome is None and "revenue" in supported:
        wished = "revenue"
    return _resolve_metric(wished, supported, margin, notes)


def _resolve_metric(wished: str, supported: tuple[str, ...], margin: float | None, notes: Notes) -> str:
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


def _resolve_mix(mix: Mix, supported: tuple[str, ...], margin: float | None, notes: Notes) -> Objective:
    """The parts of a mix that the history can speak of; a mix of one is that metric."""
    known = {
        name: weight
        for name, weight in mix.items()
        if name in supported or (name == "profit" and "revenue" in supported)
    }
    if "profit" in known and margin is None:
        notes.warn("Profit needs a margin, which --limits does not give: it is left out of the mix.")
        del known["profit"]
    missing = [metric_words(name) for name in mix if name not in known and name != "profit"]
    if not known:
        return _resolve_metric(next(iter(mix)), supported, margin, notes)
    if missing:
        notes.warn(f"The history holds no {listed(missing)} to learn from: the plan maximises the rest of the mix.")
    if len(known) == 1:
        return next(iter(known))
    parts = [f"{weight:g} for each of {metric_words(name)}" for name, weight in known.items()]
    notes.assume(f"The plan maximises a mix that counts {listed(parts)}.")
    return dict(known)
