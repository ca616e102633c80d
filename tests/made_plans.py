"""Plans and their lines as tests make them up: no history, nothing expected, only what is asked of the platforms."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from marketmover.kit import round_to_cent
from marketmover.plans import (
    Baseline,
    Bidding,
    Brief,
    HistoryNote,
    LineAudience,
    LineEvidence,
    Plan,
    PlanLine,
    Platform,
)

DAYS = 28


def made_line(name: str, daily: float = 100.0, /, *, days: int = DAYS, **told: Any) -> PlanLine:
    """A line by its id: `google_ads:55:551` runs, `meta_ads:new:1` is new; `told` sets any field of it."""
    platform: Platform = "google_ads" if name.startswith("google") else "meta_ads"
    _, campaign, group = name.split(":")
    new = campaign == "new"
    fields: dict[str, Any] = {
        "ad_type": "SEARCH" if platform == "google_ads" else "IMAGE",
        "bidding": Bidding(strategy="UNKNOWN"),
        "audience": LineAudience(),
        "creative": None,
        "expected": {},
        "reasons": [],
        "evidence": LineEvidence(),
        **told,
    }
    return PlanLine(
        id=name,
        platform=platform,
        campaign_id=None if new else campaign,
        ad_group_id=None if new or group == "-" else group,
        is_new=new,
        budget=round_to_cent(daily * days),
        daily_budget=daily,
        **fields,
    )


def made_plan(lines: Sequence[PlanLine], start: date, *, brief: Brief, days: int = DAYS, **told: Any) -> Plan:
    """A plan of these lines from a day on; `told` sets any other field of it."""
    fields: dict[str, Any] = {
        "objective": "leads",
        "currency": "USD",
        "expected": {},
        "baseline": Baseline(description="as it was", expected={}, lines=[]),
        "probability_better_than_baseline": None,
        "assumptions": [],
        "warnings": [],
        "history": HistoryNote(
            first_date=None, last_date=None, rows=0, lines=0, quarantined=0, quarantine_reasons={}, flagged=0
        ),
        **told,
    }
    return Plan(
        brief=brief,
        start_date=start,
        end_date=start + timedelta(days - 1),
        total_budget=sum(line.budget for line in lines),
        lines=list(lines),
        **fields,
    )
