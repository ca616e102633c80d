"""A plan delivered: composed from the lake, turned into requests and a page, written, and shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from marketmover.campaigns.compose.advice import Advice
from marketmover.campaigns.compose.loading import load_accounts, load_materials
from marketmover.campaigns.compose.question import Progress, part_of, silent
from marketmover.campaigns.compose.service import compose_with_advice
from marketmover.campaigns.compose.words import quoted
from marketmover.campaigns.compose.writing import write_plan
from marketmover.campaigns.page import render_page
from marketmover.campaigns.platforms import google_request, meta_operations
from marketmover.campaigns.show import show_plan
from marketmover.console import print_json, say
from marketmover.language.embeddings import Embedder
from marketmover.plans import Brief, Limits, Mix, Outcome, Plan
from marketmover.store import Lake


@dataclass(frozen=True)
class Delivery:
    """A plan and where its files lie."""

    plan: Plan
    files: list[Path]


def deliver(  # noqa: PLR0913 - each is an option of the command
    lake: Lake,
    brief: Brief,
    out: Path,
    *,
    calendar_day: date,
    start: date | None = None,
    seed: int = 0,
    objective: Outcome | Mix | None = None,
    limits: Limits | None = None,
    lift_tests: Path | None = None,
    embedder: Embedder | None = None,
    brief_text: str | None = None,
    for_what_if: bool = False,
    progress: Progress = silent,
) -> Delivery:
    """Compose a plan from the history in `lake` and write its files into `out`.

    `brief_text`, what the client wrote, stands on the page with the words lit up that were understood. With
    `for_what_if`, what the forecast rests on is written as well. `progress` is told how far it is.

    Raises:
        InputError: The brief and the history do not meet, or `out` cannot be written to.
        ConflictError: `out` holds a plan that is in force.
    """
    progress(0.0, "reading the campaigns' history")
    materials = load_materials(lake, brief, calendar_day, lift_tests, embedder)
    composed = compose_with_advice(
        brief, materials, start=start, seed=seed, objective=objective, limits=limits,
        progress=part_of(progress, 0.2, 0.95),
    )  # fmt: skip
    progress(0.95, "writing the plan")
    plan = composed.plan
    google_accounts, meta_accounts = load_accounts(lake)
    google = google_request(plan, google_accounts, ads=materials.ads)
    meta = meta_operations(plan, meta_accounts, ads=materials.ads)
    by_hand = _once(_by_name(warning, plan) for warning in (*google.warnings, *meta.warnings))
    warnings = _once([*(_by_name(warning, plan) for warning in plan.warnings), *by_hand])
    plan = plan.model_copy(update={"warnings": warnings, "set_up": by_hand})
    page = render_page(plan, brief_text=brief_text)
    beside = _basis(composed.advice, plan) if for_what_if else {}
    return Delivery(plan, write_plan(out, plan, google.body, meta.body, page, beside))


def _basis(advice: Advice, plan: Plan) -> dict[str, bytes]:
    from marketmover.campaigns.what_if import BASIS_FILE, Basis

    return {BASIS_FILE: Basis.of(advice, plan.limits.margin if plan.limits else None).packed()}


def _once(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))


def _by_name(warning: str, plan: Plan) -> str:
    """The warning with names where it has lines' ids: a manager knows lines by name."""
    for line in sorted(plan.lines, key=lambda line: -len(line.id)):
        warning = warning.replace(line.id, quoted(line.name or line.id))
    return warning


def present(plan: Plan, page: Path, *, as_json: bool) -> None:
    """Show a plan whose page lies there: for people, or as JSON."""
    if as_json:
        print_json(plan)
        say(f"plan: {page}")
    else:
        show_plan(plan, page)
