"""What became of publishing, in plain words."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from marketmover.campaigns.compose.words import day as spoken_day
from marketmover.campaigns.publishing.platform import Refusal
from marketmover.errors import PlatformError
from marketmover.kit import counted
from marketmover.plans import Plan


def about(plan: Plan) -> str:
    """What the audit log calls a plan."""
    return f"plan {plan.start_date} {plan.digest[:6]}"


def waits_until(day: date, folder: Path, *, dry_run: bool) -> str:
    """That running lines change on a plan's first day."""
    return (
        f"Running lines {'would ' if dry_run else ''}change on {spoken_day(day)}, the plan's first day. `marketmover "
        f"serve` sends that by itself; or call `marketmover plan publish {folder}` on that day. At once: --now."
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


def cut_short(
    error: PlatformError, back: int, left: Sequence[str], *, kept: bool, waits: bool = False
) -> PlatformError:
    """That a sending failed half-way, what of it was taken back, and what could not be.

    Args:
        error: What the platform said.
        back: How many steps were taken back.
        left: What could not be, and why.
        kept: Whether it was to be left as it is.
        waits: Whether it was what had waited for the plan's first day: then what is new stays.
    """
    if kept:
        what = "What was made before it is left there, paused (--keep)."
    elif left:
        what = f"Not all of it could be taken back: {'; '.join(left)}"
    elif waits:
        what = "Running lines are as before, and wait again; what is new stays."
    elif back:
        what = (
            f"{counted(back, 'step')} done before it {'was' if back == 1 else 'were'} taken back: what was made is "
            "gone, and running lines are as before."
        )
    else:
        what = "Nothing was changed."
    again = "Then do the same again: nothing is made twice."
    return PlatformError(
        f"{error.message} {what}", f"{error.remedy} {again}".strip(), kind=error.kind, wait_s=error.wait_s,
        codes=error.codes,
    )  # fmt: skip
