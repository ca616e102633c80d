"""What to do about a trouble, in the words of the changes that a plan can be given."""

from collections.abc import Sequence

from pydantic import BaseModel

from marketmover.monitoring.lines.causes import Cause
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.finding import Finding, What

_MANY = 3
_PAUSE_BELOW = -1.0  # log change: little more than a third is left

_BETTER = ("set_daily_budget", "it does better than before: it can use more of the budget")
_TAG = ("check", "look at the tag and the conversion action; until it counts again leave bids and budgets alone")
_STOPPED = (
    "check",
    "look for a rejected ad, a billing fault, an ended schedule or an audience that became too small",
)
_USUAL: dict[tuple[What, bool], tuple[str, str]] = {
    ("tracking", False): _TAG,
    ("tracking", True): _TAG,
    ("delivery", False): _STOPPED,
    ("delivery", True): _STOPPED,
    ("pace", True): ("set_daily_budget", "lower it until spend is back on the plan"),
    ("pace", False): ("set_bidding", "loosen the bid or the target, or move the money that is not spent elsewhere"),
    ("cpm", True): ("set_bidding", "cap the bid, and compare audiences and placements with those of the weeks before"),
    ("cpm", False): ("set_daily_budget", "impressions are cheap: this line can use more of the budget"),
    ("ctr", True): _BETTER,
    ("ctr", False): ("rotate_creative", "show people something new"),
    ("conversion_rate", True): _BETTER,
    ("value", True): _BETTER,
    ("value", False): (
        "check",
        "look at prices and discounts, and whether the tag still sends the value",
    ),
    ("conversion_rate", False): ("check", "look at the landing page, the form and the offer"),
}
"""By figure and whether it rose: the action and its reason."""


class Recommendation(BaseModel):
    """An action of `marketmover tune`, or `check` for what a person must look at, and why."""

    action: str
    line_id: str
    reason: str


def advise(finding: Finding, figures: Figures, rows: Sequence[int], causes: Sequence[Cause]) -> list[Recommendation]:
    """What to do, a line each; of many lines that share a trouble, for the account as a whole by its largest."""
    kinds = {one.kind for one in causes}
    chosen = rows[:1] if finding.what in {"tracking", "delivery"} and len(rows) >= _MANY else rows
    return [
        Recommendation(action=action, line_id=figures.panel.lines[row].id, reason=reason)
        for row in chosen
        for action, reason in [_one(finding, row, kinds)]
    ]


def _one(finding: Finding, row: int, kinds: set[str]) -> tuple[str, str]:
    up = finding.direction > 0
    if finding.what == "cpm" and up and "rival" in kinds:
        return "set_daily_budget", "move money to lines without the rival until prices are back"
    if finding.what == "conversion_rate" and "tracking" in kinds:
        return _TAG
    if finding.what == "conversion_rate" and finding.changes[row] <= _PAUSE_BELOW:
        return "pause", "look at the landing page, the form and the offer before more is spent"
    return _USUAL[finding.what, up]


def advise_behind(of_plan: bool, line_ids: Sequence[str], factor: str) -> list[Recommendation]:
    """What to do where the end will fall short."""
    reason = {
        "cpm": "impressions are dearer than before: compare audiences and bids",
        "ctr": "fewer people click than before: show them something new",
    }.get(factor, "fewer clicks become results than before: look at the landing page and the offer")
    move = "move money to lines that do as planned" if of_plan else "move money away from lines that cost most"
    return [Recommendation(action="set_daily_budget", line_id=line, reason=f"{move}; {reason}") for line in line_ids]
