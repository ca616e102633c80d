"""Plans of a home: composed and kept, listed, found, taken away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from marketmover.campaigns.kept.folders import Shelf, making, remove
from marketmover.campaigns.kept.places import Place, newest_first
from marketmover.campaigns.kept.records import PlanRow
from marketmover.campaigns.kept.standing import Life, Standing, life_of
from marketmover.errors import ConflictError, NotFoundError
from marketmover.plans import Brief, Limits, Mix, Outcome, Plan, Range

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from marketmover.language.embeddings import Embedder
    from marketmover.store import Lake

_BATCH = 200


@dataclass(frozen=True)
class Order:
    """A plan that is asked for.

    Attributes:
        plan_id: What it will be called; an order makes one plan, however often it is carried out.
        brief: What the client wants.
        who: Who asks.
        text: The client's words, for the plan's page.
        brief_id: The brief in the home, where it is one.
        parent_id: The plan that it is to take the place of.
        start: First day; by default the brief's, else the Monday after the last day known.
        seed: Of chance.
        objective: What to maximise, where it is not the brief's.
        limits: Limits on the split.
        title: What people call it; by default what is sold.
    """

    plan_id: str
    brief: Brief
    who: str
    text: str | None = None
    brief_id: str | None = None
    parent_id: str | None = None
    start: date | None = None
    seed: int = 0
    objective: Outcome | Mix | None = None
    limits: Limits | None = None
    title: str = ""


@dataclass(frozen=True)
class KeptPlan:
    """A plan of the home as lists show it."""

    row: PlanRow
    life: Life
    folder: Path

    def standing(self, today: date) -> Standing:
        """Where it stands on a day."""
        return self.life.standing(self.row.start_date, self.row.end_date, today)


@dataclass(frozen=True)
class Making:
    """What a plan is made with.

    Attributes:
        lake: Holds the history.
        today: Stands for the last day known where there is no history.
        embedder: Tells which words are near in meaning.
        lift_tests: A file of experiments.
        progress: Told how far composing is, from 0 to 1, and what it is at; may raise.
    """

    lake: "Lake"
    today: date
    embedder: "Embedder"
    lift_tests: Path | None = None
    progress: Callable[[float, str], None] = lambda _share, _step: None


def compose_into(folder: Path, order: Order, making_of: Making, *, for_what_if: bool = False) -> Path:
    """Compose a plan and write its files into a folder; says which.

    Raises:
        InputError: The brief and the history do not meet, limits contradict, or the folder cannot be written to.
        ConflictError: The folder holds a plan that is in force.
    """
    from marketmover.campaigns.compose.delivery import deliver

    deliver(
        making_of.lake,
        order.brief,
        folder,
        calendar_day=making_of.today,
        start=order.start,
        seed=order.seed,
        objective=order.objective,
        limits=order.limits,
        lift_tests=making_of.lift_tests,
        brief_text=order.text,
        embedder=making_of.embedder,
        for_what_if=for_what_if,
        progress=making_of.progress,
    )
    return folder


def compose_into_home(shelf: Shelf, order: Order, making_of: Making) -> Path:
    """Compose a plan and put it into the home; what was composed before under the same id stays. Says where it lies.

    Raises:
        InputError: The brief and the history do not meet, or limits contradict.
    """
    place = shelf.place / order.plan_id
    if not place.exists():
        with making(shelf, order.plan_id) as aside:
            compose_into(aside, order, making_of, for_what_if=True)
    return place


def note_plan(session: "Session", workspace: str, order: Order, plan: Plan, now: datetime) -> tuple[PlanRow, bool]:
    """Enter a composed plan into the list, once; whether it is new there."""
    known = session.get(PlanRow, (workspace, order.plan_id))
    if known is not None:
        return known, False
    row = PlanRow(
        workspace_id=workspace,
        id=order.plan_id,
        title=(order.title or title_of(plan))[:255],
        brief_id=order.brief_id,
        parent_id=order.parent_id,
        start_date=plan.start_date,
        end_date=plan.end_date,
        currency=plan.currency,
        total_budget=plan.total_budget,
        objective=plan.objective,
        expected=_main_result(plan),
        probability_better=plan.probability_better_than_baseline,
        platforms=sorted({line.platform for line in plan.lines}),
        simulated=plan.simulated,
        who=order.who[:255],
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row, True


def title_of(plan: Plan) -> str:
    """What a plan is called where nobody named it: what is sold. Its dates stand beside it wherever it is shown."""
    sold = plan.brief.product or plan.objective.replace("_", " ")
    return _capital(sold)


def subject_of(brief: Brief) -> str:
    """What a brief is about, in a few words."""
    return _capital(brief.product or brief.industry or (brief.objective or "a plan").replace("_", " "))


def _capital(text: str) -> str:
    text = text.strip()[:200]
    return text[:1].upper() + text[1:]


def _main_result(plan: Plan) -> dict[str, Any]:
    found: Range | None = plan.expected.get(plan.objective)
    return {} if found is None else found.model_dump()


def find_plan(session: "Session", shelf: Shelf, plan_id: str) -> KeptPlan:
    """A plan of the home.

    Raises:
        NotFoundError: The workspace has no such plan.
    """
    row = session.get(PlanRow, (shelf.workspace, plan_id))
    if row is None:
        raise NotFoundError(f"There is no plan {plan_id[:64]!r}.", "GET /v1/plans lists those that there are.")
    return _kept(shelf, row)


def successors(session: "Session", shelf: Shelf, plan_id: str) -> list[KeptPlan]:
    """Plans that were made in a plan's place, and in theirs, oldest first."""
    found: list[KeptPlan] = []
    parents = {plan_id}
    while parents:
        chosen = select(PlanRow).where(PlanRow.workspace_id == shelf.workspace, PlanRow.parent_id.in_(parents))
        rows = session.scalars(chosen.order_by(PlanRow.created_at, PlanRow.id)).all()
        known = {plan.row.id for plan in found} | {plan_id}
        found += [_kept(shelf, row) for row in rows if row.id not in known]
        parents = {row.id for row in rows} - known
    return found


def _kept(shelf: Shelf, row: PlanRow) -> KeptPlan:
    folder = shelf.place / row.id
    return KeptPlan(row, life_of(folder), folder)


@dataclass(frozen=True)
class Filter:
    """Which plans a list shows."""

    standing: Standing | None = None
    brief_id: str | None = None
    parent_id: str | None = None
    running_on: date | None = None

    def takes(self, plan: KeptPlan, today: date) -> bool:
        """Whether the list shows a plan, as far as its row does not tell."""
        return self.standing is None or plan.standing(today) == self.standing


def list_plans(
    session: "Session",
    shelf: Shelf,
    wanted: Filter,
    *,
    today: date,
    after: Place | None = None,
    limit: int = 50,
) -> list[KeptPlan]:
    """Plans, the newest first.

    Args:
        session: Of records.
        shelf: Whose.
        wanted: Which.
        today: Where they stand is said of this day.
        after: `created_at` and id of the plan behind which to begin.
        limit: At most so many.
    """
    found: list[KeptPlan] = []
    many = max(_BATCH, limit) if wanted.standing else limit
    while len(found) < limit:
        rows = _batch(session, shelf.workspace, wanted, after, many)
        found += [plan for row in rows if wanted.takes(plan := _kept(shelf, row), today)]
        if len(rows) < many:
            break
        after = (rows[-1].created_at, rows[-1].id)
    return found[:limit]


def _batch(session: "Session", workspace: str, wanted: Filter, after: Place | None, many: int) -> Sequence[PlanRow]:
    also: list[ColumnElement[bool]] = []
    if wanted.brief_id is not None:
        also.append(PlanRow.brief_id == wanted.brief_id)
    if wanted.parent_id is not None:
        also.append(PlanRow.parent_id == wanted.parent_id)
    if wanted.running_on is not None:
        also += [PlanRow.start_date <= wanted.running_on, PlanRow.end_date >= wanted.running_on]
    return session.scalars(newest_first(PlanRow, workspace, after, many, *also)).all()


def delete_draft(session: "Session", shelf: Shelf, plan_id: str) -> PlanRow:
    """Take away a plan that nobody approved yet.

    Raises:
        NotFoundError: The workspace has no such plan.
        ConflictError: It was approved, published or changed: what was done stays on record.
    """
    kept = find_plan(session, shelf, plan_id)
    if kept.life.entries:
        raise ConflictError(
            f"The plan {kept.row.title!r} is no draft any more: what was done with it stays on record.",
            "Compose another in its place.",
        )
    session.delete(kept.row)
    session.flush()
    if kept.folder.exists():
        remove(shelf, plan_id)
    return kept.row


def replanned(parent: Plan, total: float | None, limits: Limits) -> tuple[Brief, Limits]:
    """The brief and the limits of a plan that takes a plan's place.

    Args:
        parent: The plan.
        total: What is spent; by default what the plan spends.
        limits: What they set goes before the plan's own limits; the others hold on.
    """
    spent = parent.total_budget if total is None else total
    kept = {name: said for name, said in parent.brief.evidence.items() if not name.startswith("budget")}
    budget = {"amount": spent, "currency": parent.currency, "period": "total"}
    told = parent.brief.model_dump(mode="json") | {"budget": budget, "evidence": kept}
    return Brief.model_validate(told), _merged(parent.limits or Limits(), limits)


def _merged(own: Limits, further: Limits) -> Limits:
    """Limits with others laid over them: line by line, campaign by campaign, platform by platform."""
    told, new = own.model_dump(mode="json", exclude_unset=True), further.model_dump(mode="json", exclude_unset=True)
    for name, value in new.items():
        told[name] = (told.get(name) or {}) | value if name in {"lines", "campaigns", "platforms"} else value
    return Limits.model_validate(told)
