"""The advice that would have been given: a plan composed on what was known, for the money that was really spent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from marketmover.budget import Response, fit_response
from marketmover.campaigns.backtest.windows import Span
from marketmover.campaigns.compose import Materials, compose
from marketmover.history import Panel
from marketmover.plans import Brief, BriefBudget, HistoryNote, Outcome

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Advised:
    """A plan's split, by line id in account currency, and the response that it was made by."""

    split: dict[str, float]
    response: Response


def advise_then(known: Panel, lines: Sequence[str], total: float, span: Span, metric: str, seed: int) -> Advised:
    """Compose a plan as `marketmover compose` would have done on the evening before the window.

    Args:
        known: What was known then.
        lines: Lines that may get money: those that ran on both sides of the day.
        total: Money of the window.
        span: The window.
        metric: What is maximised.
        seed: As `compose`.
    """
    learned: list[Response] = []

    def learn(*arguments: object, **named: object) -> Response:
        learned.append(fit_response(*arguments, **named))  # pyright: ignore[reportArgumentType]  # they are its own
        return learned[-1]

    running = set(lines)
    panel = replace(
        known,
        lines=tuple(replace(line, status="ENABLED" if line.id in running else "PAUSED") for line in known.lines),
    )
    plan = compose(
        _brief(panel.currency, total, span),
        Materials(panel=panel, note=_note(panel), today=span.origin),
        seed=seed,
        objective=cast("Outcome", metric),
        learn=learn,
    )
    return Advised({line.id: line.budget for line in plan.lines}, learned[-1])


def _brief(currency: str, total: float, span: Span) -> Brief:
    return Brief(
        budget=BriefBudget(amount=round(total, 2), currency=currency),
        start_date=span.start,
        end_date=span.end,
        duration_days=span.days,
    )


def _note(panel: Panel) -> HistoryNote:
    first, last = (cast("date", panel.dates[place].astype(object)) for place in (0, -1))
    return HistoryNote(
        first_date=first,
        last_date=last,
        rows=int(panel.observed.sum()),
        lines=len(panel.lines),
        quarantined=0,
        quarantine_reasons={},
        flagged=0,
    )
