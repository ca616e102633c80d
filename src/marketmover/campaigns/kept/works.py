"""Long work on plans, as jobs: composed, tuned, tried on the past. Each may be cut off anywhere and run again."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from pydantic import TypeAdapter

from marketmover.campaigns.kept import tunings
from marketmover.campaigns.kept.app import CampaignsApp, shelf_of
from marketmover.campaigns.kept.feed import note
from marketmover.campaigns.kept.folders import read_plan, remove, told_by_id
from marketmover.campaigns.kept.plans import Making, Order, compose_into_home, note_plan
from marketmover.campaigns.kept.records import AnalysisRow, PlanRow
from marketmover.kit import utc_now
from marketmover.plans import Brief, Limits, Mix, Outcome, Plan

if TYPE_CHECKING:
    from marketmover.jobs import TaskRun
    from marketmover.store import StoreOpener

_OBJECTIVE: TypeAdapter[Outcome | Mix | None] = TypeAdapter(Outcome | Mix | None)


def compose_plan(run: "TaskRun", app: CampaignsApp) -> Mapping[str, Any]:
    """Compose a plan from the home's history into the home (`plans.compose`)."""
    from marketmover.history import opened_history
    from marketmover.jobs import CancelledError
    from marketmover.language.embeddings import load_embedder

    order = order_of(run.arguments, run.asked_by)
    run.report(0.02, "reading the brief")
    settings = app.settings
    embedder = load_embedder(settings.embeddings_model, settings.model_threads)
    run.report(0.04, "opening the history")
    with opened_history(_opener(app), None, as_of=None, progress=run.report) as lake:
        making_of = Making(
            lake, utc_now().date(), embedder, progress=lambda share, step: run.report(0.05 + 0.9 * share, step)
        )
        place = compose_into_home(shelf_of(app), order, making_of)
    try:
        run.report(0.95, "keeping the plan")
    except CancelledError:
        _drop(app, order.plan_id)
        raise
    plan = read_plan(place)
    row = enter_plan(app, order, plan)
    return {
        "plan_id": order.plan_id,
        "title": row.title,
        "currency": row.currency,
        "total_budget": row.total_budget,
        "probability_better": row.probability_better,
        "warnings": plan.warnings[:20],
    }


def _drop(app: CampaignsApp, plan_id: str) -> None:
    """Take away what was composed for nobody; a plan that an earlier attempt entered into the list stays."""
    with app.home() as stores, stores.records.session(read_only=True) as session:
        entered = session.get(PlanRow, (app.workspace, plan_id)) is not None
    if not entered:
        remove(shelf_of(app), plan_id)


def enter_plan(app: CampaignsApp, order: Order, plan: Plan) -> PlanRow:
    """Enter a plan that was composed into the home's list and into the audit log, once."""
    from marketmover.access import audit

    with app.home() as stores, stores.records.session() as session:
        row, is_new = note_plan(session, app.workspace, order, plan, utc_now())
        if is_new:
            audit.append(
                session, app.workspace, who=order.who, what="plan.composed", about=f"plan {row.id}",
                after={"title": row.title, "total_budget": row.total_budget, "parent_id": row.parent_id},
            )  # fmt: skip
            note(stores, session, row.id, "composed")
    return row


def order_of(told: Mapping[str, Any], who: str) -> Order:
    """An order as a job's arguments hold it."""
    return Order(
        plan_id=str(told["plan_id"]),
        brief=Brief.model_validate(told["brief"]),
        who=who,
        text=told.get("text"),
        brief_id=told.get("brief_id"),
        parent_id=told.get("parent_id"),
        start=date.fromisoformat(told["start"]) if told.get("start") else None,
        seed=int(told.get("seed") or 0),
        objective=_OBJECTIVE.validate_python(told.get("objective")),
        limits=Limits.model_validate(told["limits"]) if told.get("limits") else None,
        title=str(told.get("title") or ""),
    )


def tune_plan(run: "TaskRun", app: CampaignsApp) -> Mapping[str, Any]:
    """Tune a running plan by the home's pulls; what comes out is a proposal (`plans.tune`)."""
    from marketmover.campaigns.tuning import load_known, tune
    from marketmover.campaigns.tuning.in_force import InForce
    from marketmover.history.pulls import asked_exports

    told = run.arguments
    folder = app.plan_folder(str(told["plan_id"]))
    limits = Limits.model_validate(told["limits"]) if told.get("limits") else None
    asked = date.fromisoformat(told["as_of"]) if told.get("as_of") else None
    with told_by_id(folder):
        now = InForce.read(folder)
        with asked_exports(_opener(app), None, None, now.plan.start_date) as exports:
            as_of = asked or exports.last_day
            known = load_known(
                _opener(app), now.plan, (exports.history, exports.live), as_of=as_of,
                progress=lambda share, step: run.report(0.7 * share, step),
            )  # fmt: skip
        run.report(0.7, "learning from the live days")
        found = tune(now, known, as_of=as_of, limits=limits)
    with app.home() as stores, stores.records.session() as session:
        row = tunings.propose(
            session, app.workspace, run.task_id, plan_id=str(told["plan_id"]), changes=found, who=run.asked_by,
            now=utc_now(),
        )  # fmt: skip
        note(stores, session, row.plan_id, "tuned")
    return {"tuning_id": row.id, "as_of": str(found.as_of), "changes": len(found.changes), "held": len(found.held)}


def replay_past(run: "TaskRun", app: CampaignsApp) -> Mapping[str, Any]:
    """Replay the past: advise on what was known then, and judge by the weeks after (`plans.backtest`)."""
    from marketmover.campaigns.backtest import replay
    from marketmover.campaigns.backtest.writing import as_data
    from marketmover.history import opened_history

    told = run.arguments
    today = date.fromisoformat(told["as_of"]) if told.get("as_of") else None
    with opened_history(_opener(app), None, as_of=today, progress=run.report) as lake:
        found = replay(
            lake,
            as_of=today,
            weeks=int(told["weeks"]),
            objective=told.get("objective"),
            seed=int(told["seed"]),
            progress=lambda share, step: run.report(0.05 + 0.9 * share, step),
        )
    return keep_analysis(run, app, "backtest", as_data(found))


def compare_models(run: "TaskRun", app: CampaignsApp) -> Mapping[str, Any]:
    """Compare models through time, and register the winners (`models.compare`)."""
    from marketmover.campaigns.modelling import compare, keep
    from marketmover.history import opened_history
    from marketmover.learning import Tracker

    told = run.arguments
    today = date.fromisoformat(told["as_of"]) if told.get("as_of") else None
    with opened_history(_opener(app), None, as_of=today, progress=run.report) as lake:
        found, tried = compare(
            lake,
            weeks=int(told["weeks"]),
            as_of=today,
            seed=int(told["seed"]),
            trials=int(told["trials"]),
            progress=lambda share, step: run.report(0.05 + 0.9 * share, step),
        )
    with app.home() as stores:
        versions = keep(Tracker(stores.tracking_url, stores.files, stores.workspace), found, tried)
    return keep_analysis(run, app, "models", {**found.to_json(), "registered": dict(versions)})


def keep_analysis(run: "TaskRun", app: CampaignsApp, kind: str, found: Mapping[str, Any]) -> Mapping[str, Any]:
    """Keep what an analysis found, once, under the job's id."""
    with app.home() as stores, stores.records.session() as session:
        if session.get(AnalysisRow, (app.workspace, run.task_id)) is None:
            session.add(
                AnalysisRow(
                    workspace_id=app.workspace, id=run.task_id, kind=kind, arguments=dict(run.arguments),
                    found=dict(found), who=run.asked_by, created_at=utc_now(),
                )
            )  # fmt: skip
    return {"analysis_id": run.task_id, "kind": kind}


def _opener(app: CampaignsApp) -> "StoreOpener":
    """The installation as rooms below take it, which is what `app` hands down."""
    return cast("StoreOpener", app)
