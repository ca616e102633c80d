"""`marketmover compose`: exports and a brief in, a plan out."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from marketmover.console import progress, say, warn
from marketmover.kit import new_id, utc_now
from marketmover.plans import Outcome

if TYPE_CHECKING:
    from marketmover.campaigns.kept.plans import Order
    from marketmover.store import StoreOpener

_OUTCOMES = get_args(Outcome)


def compose(
    ctx: typer.Context,
    brief: Annotated[Path, typer.Option(help="The client's brief: text, Markdown, .eml, or the JSON of `brief`.")],
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for plan.json, google_ads.json, meta_ads.json and plan.html; by default the home keeps them."
        ),
    ] = None,
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
    from marketmover.access.audit import this_person
    from marketmover.campaigns.brief import brief_of, load_text, reader_of
    from marketmover.campaigns.compose.loading import load_limits
    from marketmover.campaigns.compose.objective import read_objective
    from marketmover.campaigns.kept.folders import Shelf
    from marketmover.campaigns.kept.plans import Making, Order, compose_into, compose_into_home
    from marketmover.history import asked_day, opened_history
    from marketmover.language.embeddings import load_embedder

    asked = read_objective(objective) if objective else None
    first_day, today = asked_day("--start", start), asked_day("--as-of", as_of)
    wishes = load_limits(limits) if limits else None
    words = load_text(str(brief))
    understood = brief_of(words, str(brief), reader_of(ctx.obj, no_model=no_model))
    opener = cast("StoreOpener", ctx.obj)
    settings, shelf = opener.settings, Shelf(opener.settings.home, opener.workspace)
    order = Order(
        new_id(), understood, this_person(), None if words.lstrip().startswith("{") else words,
        start=first_day, seed=seed, objective=asked, limits=wishes,
    )  # fmt: skip
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
        making = Making(
            lake, today or utc_now().date(), embedder, lift_tests, lambda share, step: report(0.4 + 0.6 * share, step)
        )
        place = compose_into_home(shelf, order, making) if out is None else compose_into(out, order, making)
    _present(ctx, order, place, kept=out is None, as_json=as_json)


def _present(ctx: typer.Context, order: "Order", place: Path, *, kept: bool, as_json: bool) -> None:
    """Show what was composed; what the home keeps is entered into its list first."""
    from marketmover.campaigns.compose.delivery import present
    from marketmover.campaigns.kept.works import enter_plan
    from marketmover.campaigns.plan_file import load_plan

    plan = load_plan(place)
    if kept:
        enter_plan(ctx.obj, order, plan)
    present(plan, place / "plan.html", as_json=as_json)
    if kept:
        say(f"The home keeps it as {order.plan_id}: name it so to `marketmover plan`.")
