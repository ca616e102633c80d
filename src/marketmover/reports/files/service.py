"""A plan's memo and days as files."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from marketmover.campaigns.kept import KeptPlan, told_by_id
from marketmover.campaigns.page import memo_of
from marketmover.campaigns.tuning import InForce
from marketmover.charts import Formats
from marketmover.reports.calendar.dates import PlanDay, plan_days
from marketmover.reports.calendar.ics import Edition, calendar
from marketmover.reports.pdf.document import Dedication, Paper, memo_pdf

if TYPE_CHECKING:
    from marketmover.plans import Plan
    from marketmover.reports.records import RemarkRow, ShareRow

_SEE = "The memo says more."


def days_of(kept: KeptPlan, plan: "Plan") -> list[PlanDay]:
    """A plan's days, with what became of it so far.

    Raises:
        InputError: Its log or its state cannot be read.
    """
    with told_by_id(kept.folder):
        log = InForce.read(kept.folder).log
    return plan_days(plan, log, waits_until=kept.life.waits_until)


def calendar_of(kept: KeptPlan, plan: "Plan", *, replaced: bool = False, bare: bool = False) -> bytes:
    """A plan's days as a calendar; where the plan does not hold any more, they are called off.

    Args:
        kept: The plan in the home.
        plan: Its content.
        replaced: Whether another plan took its place.
        bare: Whether money, lines and figures are left out: addresses of feeds are kept by calendars and their logs.
    """
    with told_by_id(kept.folder):
        life = InForce.read(kept.folder).life
    changed = max([kept.row.created_at, *(entry.at for entry in life)])
    off = replaced or (kept.life.given_up and not kept.life.published)
    edition = Edition(kept.row.id, memo_of(plan).title, len(life) + int(off), changed, off)
    days = days_of(kept, plan)
    return calendar([replace(day, words=_SEE) for day in days] if bare else days, edition)


def pdf_of(
    kept: KeptPlan, plan: "Plan", paper: Paper, *, share: "ShareRow | None" = None, yes: "RemarkRow | None" = None
) -> bytes:
    """A plan's memo as a PDF, made out to whom a link is for."""
    said = "" if yes is None else f"Approved by {yes.name} on {_day(yes.at, plan)}."
    approval = kept.life.approval
    if not said and approval is not None and share is None:
        said = f"Approved by {approval.who} on {_day(approval.at, plan)}."
    given = Dedication(share.name if share else "", share.sender if share else "", said)
    return memo_pdf(memo_of(plan), days_of(kept, plan), given, paper)


def _day(moment: datetime, plan: "Plan") -> str:
    return Formats(plan.currency).day(moment.date())


def file_name(plan: "Plan", ending: str) -> str:
    """What a file of a plan is called: plain letters alone, for any system."""
    words = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in memo_of(plan).title.lower())
    name = "-".join(part for part in words.split("-") if part)[:60]
    return f"{name or 'media-plan'}-{plan.start_date}.{ending}"
