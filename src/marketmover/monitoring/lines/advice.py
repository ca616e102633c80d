"""What to do about a trouble, in the words of the changes that a plan can be given."""

from collections.abc import Sequence

from pydantic import BaseModel

from marketmover.monitoring.lines.causes import Cause
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.watcher import Finding

_MANY = 3
_PAUSE_BELOW = -1.0  # log change: little more than a third is left


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
    if finding.what == "tracking":
        return "check", "look at the tag and the conversion action; until it counts again leave bids and budgets alone"
    if finding.what == "delivery":
        return "check", "look for a rejected ad, a billing fault, an ended schedule or an audience that became too small"
    if finding.what == "pace":
        more = finding.direction > 0
        return ("set_daily_budget", "lower it until spend is back on the plan") if more else (
            "set_bidding", "loosen the bid or the target, or move the money that is not spent to another line"
        )  # fmt: skip
    if finding.what == "cpm":
        if finding.direction < 0:
            return "set_daily_budget", "impressions are cheap: this line can use more of the budget"
        if "rival" in kinds:
            return "set_daily_budget", "move money to lines without the rival until prices are back"
        return "set_bidding", "cap the bid, and compare audiences and placements with those of the weeks before"
    if finding.direction > 0:
        return "set_daily_budget", "it does better than before: it can use more of the budget"
    if finding.what == "ctr":
        return "rotate_creative", "show people something new"
    if finding.changes[row] <= _PAUSE_BELOW:
        return "pause", "look at the landing page, the form and the offer before more is spent"
    return "check", "look at the landing page, the form and the offer"


def advise_behind(of_plan: bool, line_ids: Sequence[str], factor: str) -> list[Recommendation]:
    """What to do where the end will fall short."""
    reason = {
        "cpm": "impressions are dearer than before: compare audiences and bids",
        "ctr": "fewer people click than before: show them something new",
    }.get(factor, "fewer clicks become results than before: look at the landing page and the offer")
    move = "move money to lines that do as planned" if of_plan else "move money away from lines that cost most"
    return [Recommendation(action="set_daily_budget", line_id=line, reason=f"{move}; {reason}") for line in line_ids]
