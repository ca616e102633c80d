"""What the past campaigns answer by themselves, so that nobody is asked for it."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketmover.history import Panel

_RECENT_DAYS = 28


@dataclass(frozen=True)
class Accounts:
    """What the history says of the accounts.

    Attributes:
        currency: ISO 4217.
        spent: Spend of the last 28 days, in major units.
        platforms: Those with lines that spent in these days.
        countries: Those that the lines are aimed at, where exports say so.
        last_day: The last day known; a plan that nobody gave a start begins on the first Monday after it.
        metrics: Results that the history can speak of: `leads`, `qualified_leads`, `conversions`, `revenue`.
    """

    currency: str
    spent: float
    platforms: tuple[str, ...]
    countries: tuple[str, ...]
    metrics: tuple[str, ...]
    last_day: date | None = None


def accounts_of(panel: "Panel") -> Accounts | None:
    """The accounts behind a panel; `None` where it holds no line."""
    if not panel.lines:
        return None
    recent = panel.cost[:, -_RECENT_DAYS:].sum(axis=1)
    running = [line for line, spent in zip(panel.lines, recent, strict=True) if spent > 0]
    held = {
        "leads": panel.lead_source != "none" and panel.leads.any(),
        "qualified_leads": panel.has_crm and panel.crm_qualified.any(),
        "conversions": panel.conversions.any(),
        "revenue": panel.revenue_source != "none" and panel.revenue.any(),
    }
    return Accounts(
        currency=panel.currency,
        spent=float(recent.sum()),
        platforms=tuple(sorted({line.platform for line in running})),
        countries=tuple(sorted({country for line in running for country in line.countries})),
        metrics=tuple(metric for metric, there in held.items() if there),
        last_day=panel.dates[-1].astype(object) if panel.dates.size else None,
    )
