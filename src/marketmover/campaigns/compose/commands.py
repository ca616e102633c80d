"""`marketmover compose`: exports and a brief in, a plan out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from marketmover.console import progress, warn
from marketmover.kit import utc_now
from marketmover.plans import Outcome

if TYPE_CHECKING:
    from marketmover.store import StoreOpener

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
    lift_tests: Annotated[Path | None, typer.Option(help="Experiments as CSV (docs/plans.md, Lift tests).")] = None,
    as_of: Annotated[str | None, typer.Option(help="Take this day for today; nothing after it is used.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the plan as JSON.")] = False,
    no_model: Annotated[bool, typer.Option("--no-model", help="Read the brief by rules alone.")] = False,
) -> None:
    """Compose a plan from a history and a brief."""
    from marketmover.campaigns.brief import brief_of, load_text, reader_of
    from marketmover.campaigns.compose.delivery import deliver, present
    from marketmover.campaigns.compose.loading import load_limits
    from marketmover.campaigns.compose.objective import read_objective
    from marketmover.history import asked_day, opened_history
    from marketmover.language.embeddings import load_embedder

    asked = read_objective(objective) if objective else None
    first_day, today = asked_day("--start", start), asked_day("--as-of", as_of)
    wishes = load_limits(limits) if limits else None
    words = load_text(str(brief))
    understood = brief_of(words, str(brief), reader_of(ctx.obj, no_model=no_model))
    settings = cast("StoreOpener", ctx.obj).settings
    embedder = load_embedder(settings.embeddings_model, settings.model_threads)
    with (
        progress("compose") as report,
        opened_history(
            ctx.obj,
            history,
            as_of=today,
            progress=lambda share, step: report(0.4 * share, step),
            on_empty=lambda told: warn(f"{told} This is planned as a first campaign."),
        ) as lake,
    ):
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
            lift_tests=lift_tests,
            brief_text=None if words.lstrip().startswith("{") else words,
            embedder=embedder,
        )
    present(delivered, as_json=as_json)
