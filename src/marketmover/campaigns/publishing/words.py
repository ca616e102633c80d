"""What became of publishing, in plain words."""

from collections.abc import Sequence
from datetime import date

from marketmover.campaigns.compose.words import day as spoken_day
from marketmover.campaigns.publishing.platform import Refusal
from marketmover.errors import PlatformError
from marketmover.kit import counted
from marketmover.plans import Plan


def about(plan: Plan) -> str:
    """What the audit log calls a plan."""
    return f"plan {plan.start_date} {plan.digest[:6]}"


def ahead_of_time(plan: Plan, today: date, *, dry_run: bool) -> str:
    """That running lines change before the plan's first day; empty where they do not."""
    if plan.start_date <= today or all(line.is_new for line in plan.lines):
        return ""
    return (
        f"The plan starts on {spoken_day(plan.start_date)}, but running lines "
        f"{'would change' if dry_run else 'change'} as soon as it is published. To wait, publish it on that day."
    )


def refused_beforehand(refusals: Sequence[Refusal]) -> PlatformError:
    """That a platform would not take a plan, found before anything was sent."""
    told = " ".join(f"{', '.join(one.line_ids) or one.ref}: {one.words} {one.remedy}".strip() for one in refusals)
    return PlatformError(
        f"{counted(len(refusals), 'refusal')} in the check before sending, so nothing was sent. {told}",
        "Mend that, approve the plan again if its files change, and try again.",
        kind="refused",
        codes=tuple(one.code for one in refusals),
    )


def cut_short(error: PlatformError, back: int, left: Sequence[str], *, kept: bool) -> PlatformError:
    """That a sending failed half-way, what of it was taken back, and what could not be.

    Args:
        error: What the platform said.
        back: How many steps were taken back.
        left: What could not be, and why.
        kept: Whether it was to be left as it is.
    """
    if kept:
        what = "What was made before it is left there, paused (--keep)."
    elif left:
        what = f"Not all of it could be taken back: {'; '.join(left)}"
    elif back:
        what = (
            f"{counted(back, 'step')} done before it {'was' if back == 1 else 'were'} taken back: what was made is "
            "gone, and running lines are as before, but for audiences that the plan changes: look at these."
        )
    else:
        what = "Nothing was changed."
    again = "Then do the same again: nothing is made twice."
    return PlatformError(
        f"{error.message} {what}", f"{error.remedy} {again}".strip(), kind=error.kind, wait_s=error.wait_s,
        codes=error.codes,
    )  # fmt: skip
