"""What is known of a running plan: the history as it was known when it ended, and everything since."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from marketmover.campaigns.compose.loading import load_details
from marketmover.campaigns.parameters import NOTHING_KNOWN, Details
from marketmover.errors import InputError
from marketmover.history import (
    EmptyHistoryError,
    MoneyChange,
    Panel,
    Reaction,
    import_history,
    load_creatives,
    load_money_changes,
    load_panel,
    load_reactions,
)
from marketmover.kit import utc_now
from marketmover.monitoring import find_pulls, leads_until, spoken_days
from marketmover.plans import Plan

if TYPE_CHECKING:
    from marketmover.store import Lake, StoreOpener

_BOUGHT = frozenset({"clicks", "impressions", "reach"})


@dataclass(frozen=True)
class Known:
    """Two panels in the plan's currency, and what is known beside them.

    Attributes:
        panel: All that is known by now, late conversions of the history included.
        then: The history as it was known at its end.
        details: Ads, breakdowns and changes, from which settings are advised; without any they stay as they are.
        money: The platforms' own log of budgets and pauses, oldest first.
        reactions: What people wrote beneath ads.
    """

    panel: Panel
    then: Panel
    details: Details = NOTHING_KNOWN
    money: tuple[MoneyChange, ...] = ()
    reactions: tuple[Reaction, ...] = ()

    @property
    def last(self) -> date:
        """The last day known."""
        return self.panel.dates[-1].astype(object)


def load_known(
    opener: "StoreOpener",
    plan: Plan,
    folders: tuple[Path, Path],
    *,
    as_of: date | None,
    progress: Callable[[float, str], None],
) -> Known:
    """Read the history and then the live exports into stores that are gone afterwards.

    Args:
        opener: Opens stores.
        plan: Its currency picks the accounts.
        folders: The history, the live exports (one folder, or a folder of daily pulls named by their days).
        as_of: Taken as today: nothing after it is used.
        progress: Called with the share done and the present step.

    Raises:
        NotFoundError, EmptyHistoryError, InputError: As `import_history`; or the plan and the exports do not meet,
            or the CRM, which alone counts results, told nothing of the last days.
    """
    history, live = folders
    with opener.temporary() as stores:
        import_history(
            stores.lake, history, now=utc_now(), as_of=as_of, progress=lambda share, step: progress(0.5 * share, step)
        )
        then = _panel(stores.lake, plan)
        pulls = _pulls(live, as_of)
        for place, (_, folder) in enumerate(pulls):
            _import_live(
                stores.lake,
                folder,
                as_of,
                lambda share, step, done=place: progress(0.5 + 0.5 * (done + share) / len(pulls), step),
            )
        panel = _panel(stores.lake, plan)
        _check_leads(plan, panel, then, pulls)
        details = load_details(stores.lake, panel, load_creatives(stores.lake))
        money = load_money_changes(stores.lake, panel, as_of=as_of)
        reactions = load_reactions(stores.lake, as_of=as_of)
    if panel.dates[-1].astype(object) < plan.start_date:
        today = as_of or utc_now().date()
        raise InputError(
            f"{live} holds nothing from {plan.start_date} on, the plan's first day, up to {today}.",
            "Name the exports of the plan's own days with --live; days after today are read with --as-of alone.",
        )
    return Known(panel, then, details, money, reactions)


def _pulls(live: Path, as_of: date | None) -> list[tuple[date | None, Path]]:
    """The folders to read with the last days that they hold; of one folder of all days that is not known."""
    found: list[tuple[date | None, Path]] = [*find_pulls(live)]
    return [(day, folder) for day, folder in found if as_of is None or (day and day <= as_of)] or [(None, live)]


def _check_leads(plan: Plan, panel: Panel, then: Panel, pulls: list[tuple[date | None, Path]]) -> None:
    """Refuse days of which the CRM told nothing where it alone counts results: they would look like lost ones.

    Raises:
        InputError: There are such days.
    """
    elsewhere = panel.leads.any() or panel.sales.any() or panel.conversions.any()
    first = int(np.searchsorted(panel.dates, then.dates[-1], side="right"))
    if elsewhere or not panel.has_crm or plan.objective in _BOUGHT or first >= panel.dates.size:
        return
    rows = panel.crm_leads.any(axis=1)
    end = int(leads_until(panel, first, pulls)[-1, rows].min()) + 1
    if end < panel.dates.size:
        raise InputError(
            f"The CRM's leads of {spoken_days(panel, end, panel.dates.size - 1)} are not known, and nothing else "
            "counts results of these lines.",
            "Pull again once the CRM answers, or put its leads into the folder crm of the live exports.",
        )


def _import_live(lake: "Lake", folder: Path, as_of: date | None, progress: Callable[[float, str], None]) -> None:
    try:
        import_history(lake, folder, now=utc_now(), as_of=as_of, progress=progress)
    except EmptyHistoryError as error:
        raise EmptyHistoryError(
            f"The folder of live exports {folder} holds none.",
            "Put the JSON exports of the plan's own days into its folders google_ads, meta_ads, crm (docs: history).",
        ) from error


def _panel(lake: "Lake", plan: Plan) -> Panel:
    return load_panel(lake, currency=plan.currency)


def until(panel: Panel, day: date) -> Panel:
    """The panel's days up to a day, which is included."""
    days = int(np.searchsorted(panel.dates, np.datetime64(day), side="right"))
    arrays = {
        item.name: value[:, :days]
        for item in fields(panel)
        if isinstance(value := getattr(panel, item.name), np.ndarray) and value.ndim == 2
    }
    return replace(panel, dates=panel.dates[:days], **arrays)
