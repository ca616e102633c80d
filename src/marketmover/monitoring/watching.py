"""The room's verb for campaigns: replay live exports day by day and tell what is wrong."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from marketmover.console import Progress
from marketmover.errors import UsageError
from marketmover.kit import utc_now
from marketmover.monitoring.alerts import Alert, alert_of, alert_of_shortfall, ranked
from marketmover.monitoring.lines.coverage import check_plan, plan_notes
from marketmover.monitoring.lines.figures import Figures
from marketmover.monitoring.lines.goals import behind_goals, behind_plan, check_goals
from marketmover.monitoring.lines.loading import load_replay
from marketmover.monitoring.lines.plan_file import load_goals, load_plan
from marketmover.monitoring.lines.watcher import Watcher
from marketmover.plans import Plan as PlanForm

if TYPE_CHECKING:
    from marketmover.store import StoreOpener


@dataclass(frozen=True)
class WatchReport:
    """Alerts of a replay, dearest first, with what they rest on."""

    alerts: list[Alert]
    figures: Figures
    pulls: int
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As `alerts.json` (contract: plan), with what was watched."""
        panel, figures = self.figures.panel, self.figures
        return {
            "first": figures.day(figures.first).isoformat(),
            "as_of": figures.day(figures.days - 1).isoformat(),
            "currency": panel.currency,
            "lines": len(panel.lines),
            "simulated": panel.simulated,
            "new_lines": dict(figures.named),
            "notes": list(self.notes),
            "alerts": [alert.model_dump(mode="json") for alert in self.alerts],
        }


def watch_exports(
    opener: "StoreOpener",
    history: Path,
    live: Path,
    *,
    plan: Path | None = None,
    goals: Path | None = None,
    as_of: date | None = None,
    currency: str | None = None,
    progress: Progress,
) -> WatchReport:
    """Replay the live exports; each day is judged by what an export of that day would have held.

    Args:
        opener: Opens temporary stores.
        history: Exports of the time before.
        live: Exports since: one folder, or a folder of daily pulls named by their days.
        plan: Folder with plan.json, and state.json where something was changed.
        goals: File of goals.
        as_of: Taken as today.
        currency: Of several accounts' currencies the one to watch; by default the plan's, else that of most spend.
        progress: Called with the share done and the present step.

    Raises:
        NotFoundError, EmptyHistoryError, InputError: Something cannot be read.
        UsageError: A goal cannot be watched, or the plan is in another currency than is asked for.
    """
    asked, form = load_plan(plan)
    currency = _one_currency(currency, form)
    wanted = load_goals(goals)
    check_goals(wanted)
    with opener.temporary() as stores:
        replay = load_replay(
            stores.lake, history, live, asked, now=utc_now(), as_of=as_of, currency=currency, progress=progress
        )
    if form:
        check_plan(replay.figures.panel, form, replay.figures.named)
    progress(0.9, "watching")
    figures = replay.figures
    watcher = Watcher(figures)
    for column in filter(figures.judged, range(figures.first, figures.days)):
        watcher.figures = figures.on(column)
        watcher.live(column)
    alerts = [alert_of(finding, figures) for finding in watcher.findings]
    behind = behind_plan(figures, form, watcher.told) if form else []
    behind += [] if figures.missing else behind_goals(figures, form, wanted)
    alerts += [alert_of_shortfall(one, figures) for one in behind]
    notes = (*replay.notes, *(plan_notes(figures.panel, figures.first, form, figures.named) if form else ()))
    return WatchReport(ranked(alerts), figures, replay.pulls, notes)


def _one_currency(wanted: str | None, plan: PlanForm | None) -> str | None:
    if wanted is not None and plan is not None and wanted.upper() != plan.currency:
        raise UsageError(f"The plan is in {plan.currency}, not in {wanted.upper()}.", "Leave out --currency or --plan.")
    return plan.currency if plan is not None else wanted and wanted.upper()
