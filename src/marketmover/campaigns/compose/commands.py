"""`marketmover compose`: exports and a brief in, a plan out."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from marketmover.console import Progress, progress, warn
from marketmover.errors import UsageError
from marketmover.kit import parse_date, utc_now
from marketmover.plans import Outcome
from marketmover.store import StoreOpener

if TYPE_CHECKING:
    from marketmover.store import Lake

_OUTCOMES = get_args(Outcome)


def compose(
    ctx: typer.Context,
    brief: Annotated[Path, typer.Option(help="The client's brief: text, Markdown, .eml, or the JSON of `brief`.")],
    out: Annotated[Path, typer.Option(help="Folder for plan.json, google_ads.json, meta_ads.json and plan.html.")],
    history: Annotated[Path | None, typer.Option(help="Exports to plan from; without it the home's data.")] = None,
    start: Annotated[str | None, typer.Option(help="First day of the plan, YYYY-MM-DD.")] = None,
    seed: Annotated[int, typer.Option(help="The same seed and inputs give the same bytes.")] = 0,
    objective: Annotated[
        str | None,
        typer.Option(help=f"What to maximise: {', '.join(_OUTCOMES)}, or a mix such as leads=1,qualified_leads=3."),
    ] = None,
    limits: Annotated[Path | None, typer.Option(help="Limits as JSON (docs/plans.md).")] = None,
    as_of: Annotated[str | None, typer.Option(help="Take this day for today; nothing after it is used.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
) -> None:
    """Compose a plan from a history and a brief."""
    from marketmover.campaigns.brief import load_brief
    from marketmover.campaigns.compose.delivery import deliver, present
    from marketmover.campaigns.compose.loading import load_limits
    from marketmover.campaigns.compose.objective import read_objective

    asked = read_objective(objective) if objective else None
    first_day, today = _day("--start", start), _day("--as-of", as_of)
    wishes = load_limits(limits) if limits else None
    understood = load_brief(str(brief))
    with progress("compose") as report, _lake(ctx.obj, history, today, report) as lake:
        report(0.4, "learning response curves")
        delivered = deliver(
            lake,
            understood,
            out,
            calendar_day=today or utc_now().date(),
            start=first_day,
            seed=seed,
            objective=asked,
            limits=wishes,
        )
    present(delivered, as_json=as_json)


@contextmanager
def _lake(opener: StoreOpener, history: Path | None, today: date | None, report: Progress) -> Generator["Lake"]:
    """The home's lake, or a temporary one with the exports of `--history` in it."""
    if history is None:
        with opener.home() as stores:
            yield stores.lake
        return
    from marketmover.history import EmptyHistoryError, import_history

    with opener.temporary() as stores:
        try:
            import_history(
                stores.lake,
                history,
                now=utc_now(),
                as_of=today,
                progress=lambda share, step: report(0.4 * share, step),
            )
        except EmptyHistoryError as error:
            warn(f"{error.message} This is planned as a first campaign.")
        yield stores.lake


def _day(option: str, text: str | None) -> date | None:
    try:
        return parse_date(text) if text else None
    except ValueError as error:
        raise UsageError(f"{option} {text} is not a day.", "Write it as YYYY-MM-DD, for example 2026-01-05.") from error
