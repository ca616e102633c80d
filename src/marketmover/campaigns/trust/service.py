"""The room's verbs: the models that decide in a workspace, and one of them with all its proof."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from marketmover import __version__
from marketmover.campaigns.kept.app import CampaignsApp, shelf_of
from marketmover.campaigns.kept.places import newest_first
from marketmover.campaigns.kept.records import AnalysisRow, PlanRow
from marketmover.campaigns.trust import proving
from marketmover.campaigns.trust.calibrating import of_backtest, of_comparison
from marketmover.campaigns.trust.ended import of_ended_plans
from marketmover.campaigns.trust.forms import Calibration, LearnedFrom, ModelAnswer, ModelProof, ModelSummary
from marketmover.campaigns.trust.shipped import ShippedModel, fingerprint, shipped_models
from marketmover.campaigns.trust.using import SENTIMENT, Sentiment, sentiment_of
from marketmover.errors import NotFoundError
from marketmover.history.overview import Summary, summary
from marketmover.kit import utc_now

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from marketmover.web import Desk

_MOST_ANALYSES = 12
_FROM_BACKTESTS = "response"
_FILES = {
    "likeness": ("marketmover.language.embeddings", "table/words.txt"),
    "sentiment": ("marketmover.language.sentiment", "model.tsv"),
}


@dataclass(frozen=True)
class _Known:
    """What a workspace knows of its models; of plans that ended, only where they are asked for or speak first."""

    history: Summary | None
    since: datetime | None
    planned_at: datetime | None
    analyses: list[AnalysisRow]
    ended: list[Calibration]
    sentiment: Sentiment
    app: CampaignsApp


def models_of(desk: "Desk") -> list[ModelSummary]:
    """The models that decide something in the workspace."""
    known = _known(desk, plans=False)
    return [_summary(model, known) for model in shipped_models()]


def model_of(desk: "Desk", name: str) -> ModelAnswer:
    """A model with all its proof.

    Raises:
        NotFoundError: There is none of this id.
    """
    model = next((one for one in shipped_models() if one.id == name), None)
    if model is None:
        known = ", ".join(one.id for one in shipped_models())
        raise NotFoundError(f"There is no model {name[:64]!r}.", f"There are {known}.")
    known = _known(desk, plans=model.id == _FROM_BACKTESTS)
    mine = known.analyses if model.id == _FROM_BACKTESTS else []
    return ModelAnswer(
        **_summary(model, known).model_dump(),
        proofs=_proofs(model, known),
        calibrations=_calibrations(model, known),
        through_time=[proving.past_proof(row) for row in mine],
        versions=known.sentiment.versions if model.id == SENTIMENT else [],
    )


def _known(desk: "Desk", *, plans: bool) -> _Known:
    from sqlalchemy import func, select

    from marketmover.store.records import Workspace

    app = cast("CampaignsApp", desk.app)
    with desk.session(read_only=True) as session:
        place, history = session.get(Workspace, desk.workspace), summary(session, desk.workspace)
        analyses = _analyses(session, desk.workspace)
        plans = plans or proving.newest(analyses, "backtest") is None  # then plans that ended speak first
        return _Known(
            history=history,
            since=place.created_at if place else None,
            planned_at=session.scalar(
                select(func.max(PlanRow.created_at)).where(PlanRow.workspace_id == desk.workspace)
            ),
            analyses=analyses,
            ended=of_ended_plans(session, shelf_of(app), utc_now().date(), _last_day(history)) if plans else [],
            sentiment=sentiment_of(desk),
            app=app,
        )


def _analyses(session: "Session", workspace: str) -> list[AnalysisRow]:
    """The newest backtests and the newest comparisons, together the newest first."""
    found: list[AnalysisRow] = []
    for kind in ("backtest", "models"):
        found += session.scalars(newest_first(AnalysisRow, workspace, None, _MOST_ANALYSES, AnalysisRow.kind == kind))
    return sorted(found, key=lambda row: row.created_at, reverse=True)


def _summary(model: ShippedModel, known: _Known) -> ModelSummary:
    own = known.sentiment if model.id == SENTIMENT else None
    proofs, calibrations = _proofs(model, known), _calibrations(model, known)
    return ModelSummary(
        **{name: getattr(model, name) for name in ("id", "name", "what", "decides")},
        learns_from=own.learned if own else _learned(model, known.history),
        since=own.since or known.since if own else known.since,
        fitted_at=own.made_at if own else known.planned_at if model.learns == "history" else None,
        version=own.version if own else _version(model, known.app),
        fingerprint=_fingerprint(model, known),
        source=_source(model, known.app),
        chosen=own.chosen if own else _chosen(model, known.analyses),
        proof=proofs[0],
        calibration=own.calibration if own else _calibration(model, calibrations),
        can_change=own is not None and len(own.versions) > 1,
    )


def _calibration(model: ShippedModel, known: list[Calibration]) -> str:
    if known:
        return known[0].words
    if model.learns == "history":
        return "Not enough data here yet: nothing that it foretold has been held against what came."
    return "Not measured here; the benchmark says what it was measured to do."


def _proofs(model: ShippedModel, known: _Known) -> list[ModelProof]:
    """The newest proof here first, then what was shipped."""
    here: list[ModelProof] = []
    if model.id == _FROM_BACKTESTS:
        here = proving.proofs_here(known.analyses)
    elif model.id == SENTIMENT and known.sentiment.proof:
        here = [known.sentiment.proof]
    return [*here, model.proof]


def _calibrations(model: ShippedModel, known: _Known) -> list[Calibration]:
    if model.id != _FROM_BACKTESTS:
        return []
    backtest = proving.newest(known.analyses, "backtest")
    compared = proving.newest(known.analyses, "models")
    found = of_backtest(backtest) if backtest else []
    return [*found, *known.ended, *(of_comparison(compared) if compared else [])]


def _learned(model: ShippedModel, history: Summary | None) -> LearnedFrom:
    if model.learns != "history":
        return LearnedFrom(where="shipped", words="Nothing of yours: it is used as it was shipped.")
    told: dict[str, Any] = dict(history.content) if history else {}
    if not told.get("last_date"):
        return LearnedFrom(where="here", words="Nothing yet: it learns from your history, and none is imported.")
    first, last = date.fromisoformat(told["first_date"]), date.fromisoformat(told["last_date"])
    days = (last - first).days + 1
    return LearnedFrom(
        where="here",
        words=f"Your own history, anew each time: {days} days of {told['lines']} lines.",
        first_date=first,
        last_date=last,
        days=days,
        rows=int(told["rows"].get("daily", 0)),
        lines=int(told["lines"]),
    )


def _last_day(history: Summary | None) -> date | None:
    last = history.content.get("last_date") if history else None
    return date.fromisoformat(last) if last else None


def _fingerprint(model: ShippedModel, known: _Known) -> str | None:
    """Of what it learned from; else of its shipped files."""
    if model.learns == "history":
        return known.history.digest[:16] if known.history else None
    if model.id == SENTIMENT and known.sentiment.fingerprint:
        return known.sentiment.fingerprint[:16]
    if model.id in _FILES and not _named(model, known.app):
        return fingerprint(*_FILES[model.id])
    return None


def _named(model: ShippedModel, app: CampaignsApp) -> str:
    """The model that the settings name in the place of our own."""
    settings = app.settings
    named = {"likeness": settings.embeddings_model, "sentiment": settings.sentiment_model}.get(model.id, "")
    return "" if named == "default" else named


def _version(model: ShippedModel, app: CampaignsApp) -> str:
    own = f"marketmover {__version__}"
    if model.id == "briefs" and app.settings.llm_url:
        return f"{own}, with the language model {app.settings.llm_model or 'that the settings name'}"
    return _named(model, app) or own


def _source(model: ShippedModel, app: CampaignsApp) -> str:
    if _named(model, app):
        return "Named in the installation's settings; made by others."
    return "Part of marketmover." if model.learns == "nothing" else "Part of marketmover; what it learns stays here."


def _chosen(model: ShippedModel, analyses: list[AnalysisRow]) -> str:
    if model.id == _FROM_BACKTESTS:
        row = proving.newest(analyses, "models")
        if row is None:
            return "The only one that plans rest on. A comparison says whether another would foretell better."
        return f"{row.found.get('headline', '')} Plans rest on the structural model in any case."
    if model.id in _FILES:
        return "By the installation's settings."
    return "The only one of its kind here."
